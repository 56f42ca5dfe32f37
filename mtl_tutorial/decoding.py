"""The best sequence of labels rather than the best label of each token: `rules`, `viterbi`."""

import numpy as np

from mtl_tutorial.tasks import Task

NEVER = -1e9
"""The score of a label that may not stand there."""


def rules(task: Task) -> np.ndarray:
    """Which label may follow which, as scores to add: `NEVER` where BIO does not allow it, else 0.

    BIO does not allow ``I-X`` after anything but ``B-X`` and ``I-X``. A task without BIO tags has no
    such rules: all is 0.

    Returns
    -------
    np.ndarray
        float [labels + 1, labels]: label b after label a, and in the last row at the beginning.

    Examples
    --------
    >>> rules(Task.bio("ner", ["PER"])) == NEVER
    array([[False, False,  True],
           [False, False, False],
           [False, False, False],
           [False, False,  True]])
    """
    scores = np.zeros((len(task.labels) + 1, len(task.labels)))
    for b, label in enumerate(task.labels if task.is_bio else ()):
        for a, last in enumerate((*task.labels, "O")):
            if label.startswith("I-") and last[2:] != label[2:]:
                scores[a, b] = NEVER
    return scores


def viterbi(scores: np.ndarray, transitions: np.ndarray) -> np.ndarray:
    """The labels whose scores and transitions together are highest (Viterbi 1967).

    Parameters
    ----------
    scores
        Of each token's labels, float [time, labels], such as log probabilities.
    transitions
        Of label b after label a, float [labels + 1, labels], as in `rules`.

    Returns
    -------
    np.ndarray
        Label ids, int32 [time].

    Examples
    --------
    >>> ner = Task.bio("ner", ["PER"])
    >>> unsure = np.log([[0.5, 0.4, 0.1], [0.2, 0.2, 0.6]])  # the best of each would be O I-PER
    >>> viterbi(unsure, rules(ner))
    array([1, 2], dtype=int32)
    """
    if not len(scores):
        return np.zeros(0, dtype="int32")
    best = transitions[-1] + scores[0]  # of all sequences that end in each label
    came_from = []
    for token in scores[1:]:
        sums = best[:, None] + transitions[:-1]  # [label before, label]
        came_from.append(sums.argmax(axis=0))
        best = sums.max(axis=0) + token
    path = [int(best.argmax())]
    for before in reversed(came_from):
        path.append(int(before[path[-1]]))
    return np.array(path[::-1], dtype="int32")

"""The best sequence of BIO tags rather than the best tag of each token: `transitions`, `viterbi`."""

import numpy as np

from mtl_tutorial.tasks import MISSING, Task

NEVER = -1e9
"""The score of a tag where BIO does not allow it."""


def transitions(task: Task, targets: np.ndarray, weight: float = 0.0) -> np.ndarray:
    r"""How well each tag goes after each other one.

    Where BIO does not allow it (``I-X`` after anything but ``B-X`` and ``I-X``), `NEVER`;
    elsewhere :math:`w \log \frac{p(b \mid a)}{p(b)}`, counted in `targets` with one added to each
    count: above 0 for tags that like to follow each other.

    Parameters
    ----------
    task
        A task with BIO tags.
    targets
        Label ids to count in, int32 [sentences, time], -1 where there is none; of the training part.
    weight
        w; with 0 nothing counts but the rules.

    Returns
    -------
    np.ndarray
        float [labels + 1, labels]: of tag b after tag a, and in the last row at the beginning.

    Raises
    ------
    ValueError
        If the task's labels are not BIO tags.

    Examples
    --------
    >>> ner = Task.bio("ner", ["PER"])
    >>> transitions(ner, np.array([[0, 1, 2]])) == NEVER
    array([[False, False,  True],
           [False, False, False],
           [False, False, False],
           [False, False,  True]])
    """
    if not task.is_bio:
        raise ValueError(f"task {task.name!r} has no BIO tags: {list(task.labels)}")
    size = len(task.labels)
    begun = np.pad(targets, [(0, 0), (1, 0)], constant_values=size)  # "the beginning" has id size
    before, after = begun[:, :-1], begun[:, 1:]
    seen = (before != MISSING) & (after != MISSING)
    pairs = np.ones((size + 1, size))
    np.add.at(pairs, (before[seen], after[seen]), 1)
    follows = pairs / pairs.sum(axis=1, keepdims=True)
    scores = weight * np.log(follows / (pairs.sum(axis=0) / pairs.sum()))
    for b, tag in enumerate(task.labels):
        for a, last in enumerate((*task.labels, "O")):
            if tag.startswith("I-") and last[2:] != tag[2:]:
                scores[a, b] = NEVER
    return scores


def viterbi(log_probabilities: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """The tags whose log probabilities and transitions together are highest (Viterbi 1967).

    Parameters
    ----------
    log_probabilities
        Of each token's labels, float [time, labels].
    scores
        From `transitions`.

    Returns
    -------
    np.ndarray
        Label ids, int32 [time].

    Examples
    --------
    >>> ner = Task.bio("ner", ["PER"])
    >>> unsure = np.log([[0.5, 0.4, 0.1], [0.2, 0.2, 0.6]])  # the best of each would be O I-PER
    >>> viterbi(unsure, transitions(ner, np.zeros((0, 2), int)))
    array([1, 2], dtype=int32)
    """
    if not len(log_probabilities):
        return np.zeros(0, dtype="int32")
    best = scores[-1] + log_probabilities[0]  # of all sequences that end in each label
    came_from = []
    for token in log_probabilities[1:]:
        sums = best[:, None] + scores[:-1]  # [label before, label]
        came_from.append(sums.argmax(axis=0))
        best = sums.max(axis=0) + token
    path = [int(best.argmax())]
    for before in reversed(came_from):
        path.append(int(before[path[-1]]))
    return np.array(path[::-1], dtype="int32")

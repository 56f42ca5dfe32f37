"""The best sequence of labels rather than the best label of each token: `rules`, `viterbi`, `decode`."""

import numpy as np

from mtl_tutorial.arguments import instance
from mtl_tutorial.schemes import OUTSIDE
from mtl_tutorial.tasks import Task

NEVER = -1e9
"""The score of a label that may not stand there."""

_AT_ONCE = 2**18
"""Sums of one token that `best_sequences` holds at once: two megabytes, which stay in the cache."""


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
    if not instance("task", task, Task).is_bio:
        return np.zeros((len(task.labels) + 1, len(task.labels)))
    kinds = np.array(
        [None if y == OUTSIDE else y[1:] for y in (*task.labels, OUTSIDE)], dtype=object
    )
    inside = np.array([label[0] == "I" for label in task.labels])
    return np.where(inside & (kinds[:, None] != kinds[:-1]), NEVER, 0.0)


def viterbi(scores: np.ndarray, transitions: np.ndarray) -> np.ndarray:
    """Find the labels whose scores and transitions together are highest (Viterbi 1967).

    Parameters
    ----------
    scores
        Score of each label of each token, float [time, labels], such as log probabilities.
    transitions
        Score of label b after label a, float [labels + 1, labels], as in `rules`.

    Returns
    -------
    np.ndarray
        Label ids, int32 [time].

    Raises
    ------
    ValueError
        For scores or transitions of another shape.

    Examples
    --------
    >>> ner = Task.bio("ner", ["PER"])
    >>> unsure = np.log([[0.5, 0.4, 0.1], [0.2, 0.2, 0.6]])  # the best of each would be O I-PER
    >>> viterbi(unsure, rules(ner))
    array([1, 2], dtype=int32)
    """
    shapes = np.shape(scores), np.shape(transitions)
    if len(shapes[0]) != 2 or shapes[1] != (shapes[0][1] + 1, shapes[0][1]):
        raise ValueError(
            "scores must be [time, labels] and transitions [labels + 1, labels]; "
            f"their shapes are {shapes[0]} and {shapes[1]}"
        )
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


def best_sequences(scores: np.ndarray, transitions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """`viterbi` for many sentences at once.

    Parameters
    ----------
    scores
        Float [sentences, time, labels].
    transitions
        As in `viterbi`.
    lengths
        Tokens of each sentence, int [sentences].

    Returns
    -------
    np.ndarray
        Label ids, int32 [sentences, time], 0 beyond a sentence's last token.

    Examples
    --------
    >>> unsure = np.log([[[0.5, 0.4, 0.1], [0.2, 0.2, 0.6]]])
    >>> best_sequences(unsure, rules(Task.bio("ner", ["PER"])), np.array([2]))
    array([[1, 2]], dtype=int32)
    """
    paths = np.zeros(scores.shape[:2], dtype="int32")
    longest_first = np.argsort(-lengths, kind="stable")
    step = max(1, _AT_ONCE // scores.shape[-1] ** 2)
    for start in range(0, len(scores), step):
        rows = longest_first[start : start + step]
        paths[rows] = _best_of_some(scores[rows], transitions, lengths[rows])
    return paths


def _best_of_some(scores: np.ndarray, transitions: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """`best_sequences` of sentences that are sorted, the longest first."""
    sentences, time, _ = scores.shape
    paths = np.zeros((sentences, time), dtype="int32")
    follow = transitions[:-1].T  # [label, label before]
    best = transitions[-1] + scores[:, 0]  # [sentences, labels]: of all sequences that end in each
    came_from = []
    for t in range(1, int(lengths.max(initial=0))):
        going = int((lengths > t).sum())  # the others have ended
        sums = best[:going, None] + follow  # [sentences, label, label before]
        before = sums.argmax(axis=-1)
        came_from.append(before)
        highest = np.take_along_axis(sums, before[..., None], axis=-1)[..., 0]
        best[:going] = highest + scores[:going, t]
    last = best.argmax(axis=-1)
    for t in range(len(came_from), -1, -1):
        here = int((lengths > t).sum())
        ended = int((lengths > t + 1).sum())  # from here on, t is a sentence's last token
        paths[ended:here, t] = last[ended:here]
        paths[:ended, t] = came_from[t][np.arange(ended), paths[:ended, t + 1]] if ended else 0
    return paths


def decoded(task: Task) -> bool:
    """Whether a task's answer is a best sequence by rules, not the best label of each token."""
    return task.is_bio and any(label[0] == "I" for label in task.labels)


def decode(
    task: Task, scores: np.ndarray, learned: np.ndarray | None, lengths: np.ndarray
) -> np.ndarray:
    """A token task's answers: each sentence's best sequence under the rules of its tags.

    Parameters
    ----------
    task
        A token task.
    scores
        Of each token's labels, float [sentences, time, labels], such as logits.
    learned
        Scores of a label after another to add to the rules, float [labels + 1, labels], as a CRF
        learns them; None for none.
    lengths
        Tokens of each sentence, int [sentences].

    Returns
    -------
    np.ndarray
        Label ids, int32 [sentences, time]. What stands beyond a sentence's last token means nothing.
    """
    allowed = rules(task)
    if learned is not None:
        return best_sequences(scores, allowed + learned, lengths)
    best = scores.argmax(axis=-1).astype("int32")
    # Where no rule is broken, the best label of each token is the best sequence.
    before = np.pad(best[:, :-1], ((0, 0), (1, 0)), constant_values=-1)  # -1: the last row of rules
    present = np.arange(best.shape[1]) < lengths[:, None]
    broken = (present & (allowed[before, best] == NEVER)).any(axis=1)
    best[broken] = best_sequences(scores[broken], allowed, lengths[broken])
    return best

"""How good: scores, and their spread over seeds."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from mtl_tutorial.arguments import (
    instance,
    instances,
    label_ids,
    listed,
    mapping,
    names,
    sequence,
    shown,
)
from mtl_tutorial.schemes import OUTSIDE, TagError, recognize, spans
from mtl_tutorial.tasks import MISSING, Task


def accuracy(labels: np.ndarray, answers: np.ndarray) -> float:
    """Compute the share of labels that were answered rightly; NaN if every label is missing.

    `labels` and `answers` are ids of one shape; labels of -1 do not count.

    Examples
    --------
    >>> accuracy(np.array([1, 0, -1, 2]), np.array([1, 1, 1, 2]))
    0.6666666666666666
    """
    labels, answers = _alike(labels, answers)
    present = labels != MISSING
    return float((labels == answers)[present].mean()) if present.any() else float("nan")


def macro_f1(labels: np.ndarray, answers: np.ndarray) -> float:
    """Average the F1 of each class (scikit-learn's); NaN if every label is missing.

    The classes are those that occur among labels or answers; labels of -1 do not count.
    """
    from sklearn.metrics import f1_score

    labels, answers = _alike(labels, answers)
    present = labels != MISSING
    if not present.any():
        return float("nan")
    return float(f1_score(labels[present], answers[present], average="macro"))


def _alike(labels: np.ndarray, answers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Label ids and the answers to them, of one shape."""
    labels, answers = label_ids("labels", labels), label_ids("answers", answers)
    if labels.shape != answers.shape:
        raise ValueError(
            f"labels and answers must have one shape, not {labels.shape} and {answers.shape}"
        )
    return labels, answers


def entity_f1(
    labels: Sequence[Sequence[str]], answers: Sequence[Sequence[str]], scheme: str | None = None
) -> float:
    """Compute micro-averaged F1 over entities: one counts if start, end and type are all right.

    Parameters
    ----------
    labels, answers
        Tags of each sentence.
    scheme
        Their scheme, one of those in `schemes`; by default it is recognized. What it does not
        allow is no entity (seqeval's strict mode).

    Returns
    -------
    float
        0 where there is no entity at all (as seqeval has it).

    Raises
    ------
    ValueError
        If a sentence has not as many answers as labels; for tags that mark no spans.

    Examples
    --------
    >>> entity_f1([["B-PER", "O", "B-LOC"]], [["B-PER", "O", "O"]])
    0.6666666666666666
    """
    for name, given in (("labels", labels), ("answers", answers)):
        sequence(name, given, "sentences, each a list of tags")
        for i, tags in enumerate(given):
            names(f"{name}[{i}]", tags, "tags")
    if len(labels) != len(answers):
        raise ValueError(
            f"there are labels of {len(labels)} sentences but answers of {len(answers)}"
        )
    for i, (gold, tags) in enumerate(zip(labels, answers, strict=True)):
        if len(gold) != len(tags):
            raise ValueError(f"sentence {i}: {len(gold)} labels but {len(tags)} answers")
    scheme = _scheme(labels, answers) if scheme is None else scheme
    return _f1([_counted(labels, answers, scheme)])


def _scheme(labels: Sequence[Sequence[str]], answers: Sequence[Sequence[str]]) -> str:
    """Recognize the labels' scheme; that of labels and answers where the labels are not enough."""
    here = {tag for tags in labels for tag in tags}
    enough = here >= {tag for tags in answers for tag in tags}
    try:
        scheme = recognize([*labels, *([] if enough else answers), [OUTSIDE]])
    except TagError as error:
        raise ValueError(f"tag {error.tag!r} {error}") from None
    if scheme is None:
        raise ValueError(f"tags that mark no spans have no entities: {listed(sorted(here))}")
    return scheme


def _counted(
    labels: Sequence[Sequence[str]], answers: Sequence[Sequence[str]], scheme: str
) -> tuple[int, int, int]:
    """How many entities were hit, are there, and were found."""
    hits = true = found = 0
    for gold, tags in zip(labels, answers, strict=True):
        gold_spans, found_spans = set(spans(gold, scheme)), set(spans(tags, scheme))
        hits += len(gold_spans & found_spans)
        true += len(gold_spans)
        found += len(found_spans)
    return hits, true, found


def _f1(counted: Iterable[tuple[int, int, int]]) -> float:
    hits, true, found = map(sum, zip(*counted, strict=True))
    return 2 * hits / (true + found) if true + found else 0.0


def score(task: Task, labels: np.ndarray, answers: np.ndarray) -> float:
    """Compute the score a task is judged by (`Task.score`); NaN if every label is missing."""
    instance("task", task, Task)
    labels, answers = _alike(labels, answers)
    if task.score == "accuracy":
        return accuracy(labels, answers)
    if task.score == "macro_f1":
        return macro_f1(labels, answers)
    if task.scheme is None:
        return _f1_of(task.id_of(task.score.removeprefix("f1 of ")), labels, answers)
    gold, tags = _tags(task, labels, answers)
    return _f1([_counted(gold, tags, task.scheme)]) if any(gold) else float("nan")


def _f1_of(label: int, labels: np.ndarray, answers: np.ndarray) -> float:
    """F1 of one label id; 0 where neither labels nor answers have it."""
    present = labels != MISSING
    true, found = (labels == label) & present, (answers == label) & present
    counts = (int((true & found).sum()), int(true.sum()), int(found.sum()))
    return _f1([counts]) if present.any() else float("nan")


def overall_f1(
    tasks: Sequence[Task], labels: Mapping[str, np.ndarray], answers: Mapping[str, np.ndarray]
) -> float:
    """Compute `entity_f1` over several tasks' entities together, from their label ids."""
    tasks = instances("tasks", tasks, Task)
    pairs = _by_task({task.name for task in tasks}, labels, answers)
    return _f1(_counted(*_tags(task, *pairs[task.name]), task.scheme or "BIO") for task in tasks)


def _by_task(
    tasks: Iterable[str], labels: Mapping[str, np.ndarray], answers: Mapping[str, np.ndarray]
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Task → its label ids and the answers to them, of one shape."""
    for name, given in (("labels", labels), ("answers", answers)):
        missing = sorted(set(tasks) - set(mapping(name, given, "task → label ids")))
        if missing:
            raise ValueError(f"{name} are of {sorted(given)}; those of {missing} are missing")
    return {task: _alike(labels[task], answers[task]) for task in tasks}


def _tags(
    task: Task, labels: np.ndarray, answers: np.ndarray
) -> tuple[list[list[str]], list[list[str]]]:
    """Each sentence's tags, of labels and of answers, where there is a label."""
    names = np.array(task.labels, dtype=object)
    present = labels != MISSING
    gold = [list(names[row[here]]) for row, here in zip(labels, present, strict=True)]
    found = [list(names[row[here]]) for row, here in zip(answers, present, strict=True)]
    return gold, found


def sentences_right(
    labels: Mapping[str, np.ndarray], answers: Mapping[str, np.ndarray]
) -> np.ndarray:
    """Find the sentences that all tasks answer rightly, at every token.

    The mean is whole-sentence accuracy.

    Parameters
    ----------
    labels, answers
        Task → label ids, int32 [sentences] or [sentences, time]; labels of -1 do not count.

    Returns
    -------
    np.ndarray
        bool [sentences].

    Examples
    --------
    >>> labels = {"intent": np.array([2, 1]), "slots": np.array([[0, 1], [0, -1]])}
    >>> found = {"intent": np.array([2, 1]), "slots": np.array([[0, 0], [0, 3]])}
    >>> sentences_right(labels, found)
    array([False,  True])
    """
    pairs = list(_by_task(mapping("labels", labels, "task → label ids"), labels, answers).values())
    if not pairs:
        raise ValueError("there is no task to compare: labels are empty")
    if len({len(target) for target, _ in pairs}) > 1:
        raise ValueError("the tasks' labels are of different numbers of sentences")
    right = [
        ((target == found) | (target == MISSING)).reshape(len(target), -1).all(axis=1)
        for target, found in pairs
    ]
    return np.all(right, axis=0)


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Compute mean and standard deviation over seeds (of a sample, n - 1; NaN of one value).

    Raises
    ------
    TypeError
        If it is not a list of numbers.
    ValueError
        If there is no value.

    Examples
    --------
    >>> spread([0.5, 0.7])
    (0.6, 0.14142135623730948)
    """
    array = _numbers("values", values)
    if not array.size:
        raise ValueError("there is no value to take the mean of")
    return float(array.mean()), float(array.std(ddof=1)) if array.size > 1 else float("nan")


def _numbers(name: str, values: Sequence[float]) -> np.ndarray:
    """Turn a list of numbers into an array, float [values]."""
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iuf"):
        raise TypeError(f"{name} must be a list of numbers, not {shown(values)}")
    return array.astype(float)


def with_spread(values: Sequence[float]) -> str:
    """Write mean ± standard deviation over seeds, for a table; one value has no deviation to show.

    Examples
    --------
    >>> with_spread([50.0, 70.0]), with_spread([50.0])
    ('60.0 ± 14.1', '50.0')
    """
    mean, deviation = spread(values)
    return f"{mean:.1f} ± {deviation:.1f}" if len(values) > 1 else f"{mean:.1f}"

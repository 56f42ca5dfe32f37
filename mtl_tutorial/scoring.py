"""How good, how much better, and is it noise: scores, gain over baselines, bootstrap."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from mtl_tutorial.languages import check_language
from mtl_tutorial.tasks import MISSING, Task

Span = tuple[int, int, str]


def accuracy(labels: np.ndarray, answers: np.ndarray) -> float:
    """Share of labels that were answered rightly; NaN if every label is missing.

    `labels` and `answers` are ids of one shape; labels of -1 do not count.

    Examples
    --------
    >>> accuracy(np.array([1, 0, -1, 2]), np.array([1, 1, 1, 2]))
    0.6666666666666666
    """
    present = labels != MISSING
    return float((labels == answers)[present].mean()) if present.any() else float("nan")


def macro_f1(labels: np.ndarray, answers: np.ndarray) -> float:
    """Mean over classes of the F1 of each (scikit-learn's); NaN if every label is missing.

    The classes are those that occur among labels or answers; labels of -1 do not count.
    """
    from sklearn.metrics import f1_score

    present = labels != MISSING
    if not present.any():
        return float("nan")
    return float(f1_score(labels[present], answers[present], average="macro", zero_division=0))


def spans(tags: Sequence[str]) -> list[Span]:
    """The (start, end, type) of the entities that BIO tags mark; end is exclusive.

    An ``I-X`` that does not continue an X begins one, as in the CoNLL evaluation.

    Examples
    --------
    >>> spans(["B-PER", "I-PER", "O", "I-LOC", "B-LOC"])
    [(0, 2, 'PER'), (3, 4, 'LOC'), (4, 5, 'LOC')]
    """
    found: list[Span] = []
    start = 0
    for end in range(1, len(tags) + 1):
        entity = tags[end - 1][2:]
        if end == len(tags) or tags[end] != f"I-{entity}":
            if entity:
                found.append((start, end, entity))
            start = end
    return found


def entity_f1(labels: Sequence[Sequence[str]], answers: Sequence[Sequence[str]]) -> float:
    """Micro-averaged F1 over entities: one counts if start, end and type are all right.

    Parameters
    ----------
    labels, answers
        BIO tags of each sentence.

    Returns
    -------
    float
        0 where there is no entity at all (as seqeval has it).

    Raises
    ------
    ValueError
        If a sentence has not as many answers as labels.

    Examples
    --------
    >>> entity_f1([["B-PER", "O", "B-LOC"]], [["B-PER", "O", "O"]])
    0.6666666666666666
    """
    hits = true = found = 0
    for i, (gold, tags) in enumerate(zip(labels, answers, strict=True)):
        if len(gold) != len(tags):
            raise ValueError(f"sentence {i}: {len(gold)} labels but {len(tags)} answers")
        gold_spans, found_spans = set(spans(gold)), set(spans(tags))
        hits += len(gold_spans & found_spans)
        true += len(gold_spans)
        found += len(found_spans)
    return 2 * hits / (true + found) if true + found else 0.0


def score(task: Task, labels: np.ndarray, answers: np.ndarray) -> float:
    """The score a task is judged by (`Task.score`) from label ids; NaN if every label is missing."""
    if not task.is_bio:
        return accuracy(labels, answers)
    gold, tags = _tags(task, labels, answers)
    return entity_f1(gold, tags) if any(gold) else float("nan")


def overall_f1(
    tasks: Sequence[Task], labels: Mapping[str, np.ndarray], answers: Mapping[str, np.ndarray]
) -> float:
    """`entity_f1` over the entities of several BIO tasks together, from their label ids."""
    both = [_tags(task, labels[task.name], answers[task.name]) for task in tasks]
    return entity_f1(
        [tags for gold, _ in both for tags in gold], [tags for _, found in both for tags in found]
    )


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
    """Which sentences every task answered rightly, at every token; its mean is whole-sentence accuracy.

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
    right = [
        ((target == answers[task]) | (target == MISSING)).reshape(len(target), -1).all(axis=1)
        for task, target in labels.items()
    ]
    return np.all(right, axis=0)


def gain(scores: Mapping[str, float], baselines: Mapping[str, float]) -> pd.DataFrame:
    r"""What sharing gained over the single-task baselines, task by task; higher scores are better.

    Columns: ``score``, ``baseline``; ``points``, their difference × 100; ``error_cut``, the share
    of the baseline's error that is gone (NaN if it made none). The mean relative gain
    :math:`\Delta = \frac{100}{T}\sum_t (M_t - M_t^{single}) / M_t^{single}` in per cent
    (Maninis et al. 2019) is in ``.attrs["delta"]``; tasks whose baseline is 0 have no relative gain
    and are left out of it. Near the ceiling Δ says little and the cut of the error much: look at
    both.

    Raises
    ------
    ValueError
        If the two do not name the same tasks.

    Examples
    --------
    >>> table = gain({"person": 0.9, "ner": 0.6}, {"person": 0.8, "ner": 0.6})
    >>> round(table.attrs["delta"], 2)
    6.25
    >>> print(table.loc["person", "error_cut"].round(2))
    0.5
    """
    scores, baselines = dict(scores), dict(baselines)  # a `Run.final` gives a Series
    if set(scores) != set(baselines):
        raise ValueError(
            f"scores of {sorted(scores)} cannot be set against baselines of {sorted(baselines)}"
        )
    table = pd.DataFrame({"score": pd.Series(scores), "baseline": pd.Series(baselines)})
    difference = table["score"] - table["baseline"]
    table["points"] = 100 * difference
    table["error_cut"] = difference / (1 - table["baseline"]).where(lambda error: error > 0)
    relative = difference / table["baseline"].where(lambda score: score > 0)
    table.attrs["delta"] = float(100 * relative.mean())
    return table


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Mean and standard deviation over seeds (of a sample, n - 1); the deviation of one value is NaN.

    Raises
    ------
    ValueError
        If there is no value.

    Examples
    --------
    >>> spread([0.5, 0.7])
    (0.6, 0.14142135623730948)
    """
    array = np.asarray(values, dtype=float)
    if not array.size:
        raise ValueError("there is no value to take the mean of")
    return float(array.mean()), float(array.std(ddof=1)) if array.size > 1 else float("nan")


_WORDS = {
    "en": {
        "gains": "gains {0:.1f} ± {1:.1f} points, beyond the spread",
        "loses": "loses {0:.1f} ± {1:.1f} points, beyond the spread",
        "same": "no difference beyond the spread ({0:+.1f} ± {1:.1f} points)",
        "one": "{0:+.1f} points with one seed, which shows no spread",
    },
    "zh": {
        "gains": "提高 {0:.1f} ± {1:.1f} 分，超出波动",
        "loses": "下降 {0:.1f} ± {1:.1f} 分，超出波动",
        "same": "差别没有超出波动（{0:+.1f} ± {1:.1f} 分）",
        "one": "只有一个种子：{0:+.1f} 分，看不出波动",
    },
}


def with_spread(values: Sequence[float]) -> str:
    """Mean ± standard deviation over seeds, for a table; one value has no deviation to show.

    Examples
    --------
    >>> with_spread([50.0, 70.0]), with_spread([50.0])
    ('60.0 ± 14.1', '50.0')
    """
    mean, deviation = spread(values)
    return f"{mean:.1f} ± {deviation:.1f}" if len(values) > 1 else f"{mean:.1f}"


def in_words(scores: Sequence[float], baselines: Sequence[float], language: str = "en") -> str:
    """Whether a model beats its baseline by more than the spread over seeds, as half a sentence.

    Parameters
    ----------
    scores, baselines
        Scores (0 to 1) of the two, one a seed, the same seeds in the same order.
    language
        ``"en"`` or ``"zh"``.

    Returns
    -------
    str
        "gains" or "loses" so many points, mean ± standard deviation of the differences over seeds,
        if the mean is larger than twice the deviation and every seed agrees on the sign; else that
        there is no difference beyond the spread.

    Raises
    ------
    ValueError
        If the two do not have the same number of scores, or none; for an unknown language.

    Examples
    --------
    >>> in_words([0.80, 0.82, 0.81], [0.70, 0.71, 0.72])
    'gains 10.0 ± 1.0 points, beyond the spread'
    >>> in_words([0.80, 0.70], [0.75, 0.76])
    'no difference beyond the spread (-0.5 ± 7.8 points)'
    """
    check_language(language)
    if np.shape(scores) != np.shape(baselines) or np.ndim(scores) != 1:
        raise ValueError(
            f"give one score a seed for both models; shapes are {np.shape(scores)}, {np.shape(baselines)}"
        )
    differences = 100 * (np.asarray(scores, dtype=float) - np.asarray(baselines, dtype=float))
    mean, deviation = spread(differences)
    words = _WORDS[language]
    if len(differences) == 1:
        return words["one"].format(mean)
    agreed = (differences > 0).all() or (differences < 0).all()
    if agreed and abs(mean) > 2 * deviation:
        return words["gains" if mean > 0 else "loses"].format(abs(mean), deviation)
    return words["same"].format(mean, deviation)


def paired_bootstrap(
    ours: np.ndarray, baseline: np.ndarray, samples: int = 1000, seed: int = 0
) -> dict[str, float]:
    """Is the difference of two models on the same test sentences more than chance?

    Draws the test sentences again and again with replacement and compares the two means each time
    (Koehn 2004).

    Parameters
    ----------
    ours, baseline
        A score of each test sentence under either model, such as 1 for right and 0 for wrong;
        float [sentences], the same sentences in the same order.
    samples
        How many times to draw.
    seed
        Of the draws.

    Returns
    -------
    dict
        ``difference`` of the means; ``low`` and ``high``, between which it lies in 95 % of the
        draws; ``p``, twice the share of draws in which the sign is the other one (at most 1).

    Raises
    ------
    ValueError
        If the two do not have the same shape [sentences], or it is empty.

    Examples
    --------
    >>> result = paired_bootstrap(np.ones(50), np.zeros(50))
    >>> result["difference"], result["p"]
    (1.0, 0.0)
    """
    if np.shape(ours) != np.shape(baseline) or np.ndim(ours) != 1 or not np.size(ours):
        raise ValueError(
            f"give one score a sentence for both models; shapes are {np.shape(ours)}, {np.shape(baseline)}"
        )
    difference = np.asarray(ours, dtype=float) - np.asarray(baseline, dtype=float)
    rng = np.random.default_rng(seed)
    drawn = np.array([
        difference[rng.integers(difference.size, size=difference.size)].mean() for _ in range(samples)
    ])  # fmt: skip
    low, high = np.quantile(drawn, [0.025, 0.975])
    tail = min((drawn <= 0).mean(), (drawn >= 0).mean())
    return {
        "difference": float(difference.mean()),
        "low": float(low),
        "high": float(high),
        "p": float(min(1.0, 2 * tail)),
    }

"""How much better, and is it chance: paired differences with their intervals, over seeds or sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from mtl_tutorial.arguments import instance, integer, mapping, number, shown
from mtl_tutorial.languages import check_language

LEVEL = 0.05
"""The share of false claims that is put up with; intervals hold 95 % accordingly."""

Verdict = Literal["gains", "loses", "cannot tell"]

_WORDS = {
    "en": {
        "gains": "gains {size:.1f} points ({interval})",
        "loses": "loses {size:.1f} points ({interval})",
        "cannot tell": "cannot tell: {mean:+.1f} points ({interval})",
        "alone": "{mean:+.1f} points with one {unit}: no interval, no verdict",
        "alike": "{mean:+.1f} points with each of {count} {unit}s: no interval, no verdict",
        "interval": "95 % interval {low} to {high}, {count:,} {unit}s{claims}",
        "claims": "; Holm's correction over {n} claims",
        "seeds": "seed",
        "sentences": "sentence",
    },
    "zh": {
        "gains": "提高 {size:.1f} 分（{interval}）",
        "loses": "下降 {size:.1f} 分（{interval}）",
        "cannot tell": "无法判断：{mean:+.1f} 分（{interval}）",
        "alone": "只有一{unit}：{mean:+.1f} 分，没有置信区间，不作判断",
        "alike": "{count} {unit}都是 {mean:+.1f} 分：没有置信区间，不作判断",
        "interval": "95% 置信区间 {low} 至 {high}，{count} {unit}{claims}",
        "claims": "；{n} 个结论，经 Holm 校正",
        "seeds": "个种子",
        "sentences": "个句子",
    },
}


@dataclass(frozen=True)
class Difference:
    """A model's score minus its baseline's, in points (hundredths of the score).

    Attributes
    ----------
    mean
        Mean of the differences.
    low, high
        The ends of the 95 % interval for the true mean; NaN where nothing shows how far chance
        goes: of a single pair, and of pairs that all differ by the same.
    deviation
        Standard deviation of the differences (of a sample): what a single pair may do. It does not
        shrink with more of them, the interval does; NaN of a single pair.
    count
        How many pairs.
    p
        How often chance alone would bring a difference at least as large; NaN without an interval.
        After `holm`, corrected for the number of claims.
    over
        What a pair belongs to: ``"seeds"`` or test ``"sentences"``.
    claims
        Among how many claims this one stands (see `holm`).
    """

    mean: float
    low: float
    high: float
    deviation: float
    count: int
    p: float
    over: Literal["seeds", "sentences"] = "seeds"
    claims: int = 1

    @property
    def verdict(self) -> Verdict | None:
        """Whether the model gains or loses, or "cannot tell"; None without an interval."""
        if math.isnan(self.p):
            return None
        if self.p >= LEVEL:
            return "cannot tell"
        return "gains" if self.mean > 0 else "loses"

    def in_words(self, language: str = "en") -> str:
        """The verdict with mean, interval and count, as half a sentence.

        Examples
        --------
        >>> paired_difference([0.80, 0.82, 0.81], [0.70, 0.71, 0.72]).in_words()
        'gains 10.0 points (95 % interval 7.5 to 12.5, 3 seeds)'
        >>> paired_difference([0.80, 0.70], [0.75, 0.76]).in_words()
        'cannot tell: -0.5 points (95 % interval -70.4 to +69.4, 2 seeds)'
        """
        check_language(language)
        words, verdict = _WORDS[language], self.verdict
        facts: dict[str, Any] = {"mean": self.mean, "size": abs(self.mean), "count": self.count}
        facts["unit"] = words[self.over]
        if verdict is None:
            return words["alone" if self.count == 1 else "alike"].format(**facts)
        low, high = f"{self.low:+.1f}", f"{self.high:+.1f}"
        if verdict != "cannot tell":  # "loses 3.0 points (1.0 to 5.0)"
            low, high = (f"{end:.1f}" for end in sorted((abs(self.low), abs(self.high))))
        claims = words["claims"].format(n=self.claims) if self.claims > 1 else ""
        interval = words["interval"].format(low=low, high=high, claims=claims, **facts)
        return words[verdict].format(interval=interval, **facts)


def paired_difference(ours: Any, baselines: Any) -> Difference:
    r"""How much better a model is than its baseline, over seeds, with Student's 95 % interval.

    Seed by seed the two are trained alike, so their scores are compared seed by seed. The interval
    is :math:`\bar d \pm t_{n-1} \, s / \sqrt{n}` (Student 1908): of two seeds it is very wide, and
    more seeds make it narrower.

    Parameters
    ----------
    ours, baselines
        Scores (0 to 1), one a seed, the same seeds in the same order.

    Returns
    -------
    Difference
        In points; `Difference.in_words` says it. One seed has no verdict, and seeds whose
        differences are all the same have none either: no chance is seen in them.

    Raises
    ------
    TypeError
        If either is not a list of numbers.
    ValueError
        If the two do not have the same number of scores, or none; for a score that is missing or
        not between 0 and 1, and for tables whose rows are of other seeds.

    Examples
    --------
    >>> difference = paired_difference([0.80, 0.82, 0.81], [0.70, 0.71, 0.72])
    >>> difference.verdict, round(difference.low, 1), round(difference.high, 1)
    ('gains', 7.5, 12.5)
    """
    from scipy.special import stdtr, stdtrit

    points = _differences(ours, baselines, "seed")
    n, mean, deviation = len(points), float(points.mean()), _deviation(points)
    low = high = p = math.nan
    if deviation > 0:
        error = deviation / math.sqrt(n)
        reach = float(stdtrit(n - 1, 1 - LEVEL / 2)) * error
        low, high = mean - reach, mean + reach
        p = float(2 * stdtr(n - 1, -abs(mean) / error))
    return Difference(mean, low, high, deviation, n, p)


def paired_bootstrap(ours: Any, baselines: Any, samples: int = 1000, seed: int = 0) -> Difference:
    """How much better a model is on the same test sentences: the other chance, which sentences there are.

    Draws the test sentences again and again with replacement and compares the two means each time
    (Koehn 2004). It says whether these two models would differ on other sentences, and nothing of
    what another seed would do: for that see `paired_difference`. A claim should stand both.

    Parameters
    ----------
    ours, baselines
        A score (0 to 1) of each test sentence under either model, such as 1 for right and 0 for
        wrong; float [sentences], the same sentences in the same order.
    samples
        How many times to draw, 100 at least.
    seed
        Seed for the draws.

    Returns
    -------
    Difference
        In points, ``over="sentences"``; the interval holds 95 % of the draws, and `p` is twice the
        share of draws in which the sign is the other one. Sentences whose differences are all the
        same have no interval and no verdict.

    Raises
    ------
    TypeError
        If either is not a list of numbers.
    ValueError
        If the two do not have the same number of scores, or none; for a score that is missing (NaN)
        or not between 0 and 1.

    Examples
    --------
    >>> paired_bootstrap([1] * 40 + [0] * 10, [1] * 25 + [0] * 25).in_words()
    'gains 30.0 points (95 % interval 18.0 to 44.0, 50 sentences)'
    """
    from scipy import stats

    points = _differences(ours, baselines, "sentence")
    samples, seed = integer("samples", samples, least=100), integer("seed", seed, least=0)
    n, mean, deviation = len(points), float(points.mean()), _deviation(points)
    low = high = p = math.nan
    if deviation > 0:
        drawn = stats.bootstrap(
            (points,), np.mean, n_resamples=samples, batch=100, method="percentile",
            confidence_level=1 - LEVEL, rng=np.random.default_rng(seed),
        )  # fmt: skip
        low, high = map(float, drawn.confidence_interval)
        means = drawn.bootstrap_distribution
        p = float(min(1.0, 2 * min((means <= 0).mean(), (means >= 0).mean())))
    return Difference(mean, low, high, deviation, n, p, over="sentences")


def holm(differences: Mapping[str, Difference]) -> dict[str, Difference]:
    """The same differences, judged together: of several claims, some would come true by chance.

    With four tasks and no effect at all, one in five tables would say "gains" or "loses" somewhere.
    After this correction (Holm 1979) it is one in twenty. The intervals stay as they are, those of
    one difference each; what has no interval makes no claim and is not counted.

    Parameters
    ----------
    differences
        Name, such as a task or a plan → what `paired_difference` or `paired_bootstrap` gave.

    Raises
    ------
    TypeError
        If it is no dictionary of differences.
    ValueError
        If one of them has been corrected before.

    Examples
    --------
    >>> clear = paired_difference([0.80, 0.82, 0.81], [0.70, 0.71, 0.72])
    >>> barely = paired_difference([0.80, 0.82, 0.81], [0.78, 0.80, 0.80])
    >>> barely.in_words()
    'gains 1.7 points (95 % interval 0.2 to 3.1, 3 seeds)'
    >>> holm({"ner": clear, "person": barely, "relation": barely})["person"].in_words()
    "cannot tell: +1.7 points (95 % interval +0.2 to +3.1, 3 seeds; Holm's correction over 3 claims)"
    """
    mapping("differences", differences, "name → Difference")
    for name, one in differences.items():
        if instance(f"differences[{name!r}]", one, Difference).claims > 1:
            raise ValueError(f"{name!r} has been corrected already, over {one.claims} claims")
    claims = sorted((one.p, name) for name, one in differences.items() if not math.isnan(one.p))
    corrected, p = dict(differences), 0.0
    for place, (alone, name) in enumerate(claims):
        p = max(p, min(1.0, alone * (len(claims) - place)))
        corrected[name] = replace(differences[name], p=p, claims=len(claims))
    return corrected


def _deviation(points: np.ndarray) -> float:
    """Standard deviation of a sample; 0 of values that differ by rounding only, NaN of a single one."""
    if len(points) == 1:
        return math.nan
    return 0.0 if np.ptp(points) < 1e-9 else float(points.std(ddof=1))


def _differences(ours: Any, baselines: Any, unit: str) -> np.ndarray:
    """100 × the difference of each pair of scores."""
    both = _scores("ours", ours), _scores("baselines", baselines)
    if len(both[0]) != len(both[1]):
        raise ValueError(
            f"give one score a {unit} for both models; ours has {len(both[0])}, "
            f"baselines has {len(both[1])}"
        )
    if not len(both[0]):
        raise ValueError(f"there is no {unit} to compare: ours and baselines are empty")
    rows = [list(scores.index) for scores in (ours, baselines) if isinstance(scores, pd.Series)]
    if len(rows) == 2 and rows[0] != rows[1]:
        raise ValueError(
            f"give the same {unit}s in the same order for both models; "
            f"ours has {shown(rows[0])}, baselines has {shown(rows[1])}"
        )
    return 100 * (both[0] - both[1])


def _scores(name: str, value: Any) -> np.ndarray:
    """Scores of one model as float [n]."""
    try:
        scores = np.asarray(value)
    except ValueError:  # lists of different lengths
        scores = np.asarray(value, dtype=object)
    if scores.ndim != 1 or (scores.dtype.kind not in "biuf" and scores.size):
        raise TypeError(f"{name} must be a list of scores, one number each, not {shown(value)}")
    scores = scores.astype(float)
    wrong = ~((scores >= 0) & (scores <= 1))
    if wrong.any():
        place = int(wrong.argmax())
        remedy = "leave it out of both models" if np.isnan(scores[place]) else "per cent ÷ 100"
        raise ValueError(
            f"{name} must hold scores from 0 to 1; number {place} is {scores[place]} ({remedy})"
        )
    return scores


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
    TypeError
        If either is no dictionary task → score.
    ValueError
        If the two do not name the same tasks, or a score is not between 0 and 1.

    Examples
    --------
    >>> table = gain({"person": 0.9, "ner": 0.6}, {"person": 0.8, "ner": 0.6})
    >>> round(table.attrs["delta"], 2)
    6.25
    >>> print(table.loc["person", "error_cut"].round(2))
    0.5
    """
    scores, baselines = _shares("scores", scores), _shares("baselines", baselines)
    if set(scores) != set(baselines):
        raise ValueError(
            f"scores of {sorted(scores)} cannot be set against baselines of {sorted(baselines)}"
        )
    if not scores:
        raise ValueError("there is no task to compare: scores and baselines are empty")
    table = pd.DataFrame({"score": pd.Series(scores), "baseline": pd.Series(baselines)})
    difference = table["score"] - table["baseline"]
    table["points"] = 100 * difference
    table["error_cut"] = difference / (1 - table["baseline"]).where(lambda error: error > 0)
    relative = difference / table["baseline"].where(lambda score: score > 0)
    table.attrs["delta"] = float(100 * relative.mean())
    return table


def _shares(name: str, given: Mapping[str, float]) -> dict[str, float]:
    """Task → score from 0 to 1, out of a dictionary or what `Run.final` gives."""
    given = given.to_dict() if isinstance(given, pd.Series) else given
    return {
        task: number(f"{name}[{task!r}]", value, least=0, most=1)
        for task, value in mapping(name, given, "task → score").items()
    }

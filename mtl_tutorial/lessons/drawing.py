"""Seeds drawn one at a time, out of finished runs: when to stop, and how often that decision is wrong.

The differences are simulated: a true effect that is known here and hidden from whoever decides, and
what chance added in real runs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from mtl_tutorial.comparing import Difference, Verdict, paired_difference

Rule = Callable[[Sequence[float]], bool]
"""``rule(points)``: whether to stop, once these differences have been drawn."""

EFFECTS = (-4.0, 0.0, 4.0)
"""True effects in points, of which a game has one."""


def chance(table: pd.DataFrame) -> np.ndarray:
    """What seeds alone do to a difference: points [cells × seeds], out of a table of differences.

    Parameters
    ----------
    table
        Differences in points, a row a comparison, a column a seed.

    Returns
    -------
    numpy.ndarray
        Deviations from each row's mean, stretched by √(n / (n - 1)): the mean has taken a part of
        each with it.

    Examples
    --------
    >>> chance(pd.DataFrame([[1.0, 3.0], [10.0, 10.0]])).round(2).tolist()
    [-1.41, 1.41, 0.0, 0.0]
    """
    values = table.to_numpy(float)
    seeds = values.shape[1]
    return ((values - values.mean(axis=1, keepdims=True)) * np.sqrt(seeds / (seeds - 1))).ravel()


def difference(points: Sequence[float]) -> Difference:
    """What `paired_difference` says of differences in points."""
    return paired_difference(0.5 + np.asarray(points) / 100, np.full(len(points), 0.5))


def is_wrong(verdict: Verdict | None, effect: float) -> bool:
    """Whether a verdict says more than is true; "cannot tell" says nothing, and is never wrong."""
    return (verdict == "gains" and effect <= 0) or (verdict == "loses" and effect >= 0)


def play(
    rule: Rule,
    residuals: np.ndarray,
    effect: float,
    most: int = 20,
    games: int = 200,
    seed: int = 0,
) -> pd.Series:
    """Draw seeds until `rule` says stop, or `most` are drawn, in many games.

    Parameters
    ----------
    rule
        Asked after each seed, from the second on.
    residuals
        What `chance` gave.
    effect
        The true difference in points.
    most
        Seeds that one can afford.
    games
        How many times.
    seed
        Of the draws.

    Returns
    -------
    pandas.Series
        Shares of ``gains``, ``loses`` and ``cannot tell``; ``wrong``; and ``seeds``, the mean number
        drawn.

    Examples
    --------
    >>> never = play(lambda points: False, np.array([-1.0, 1.0]), effect=9.0, games=20)
    >>> [float(never[what]) for what in ("gains", "wrong", "seeds")]
    [1.0, 0.0, 20.0]
    """
    rng = np.random.default_rng(seed)
    verdicts, drawn = [], []
    for points in effect + rng.choice(residuals, size=(games, most)):
        count = next((n for n in range(2, most) if rule(points[:n])), most)
        verdicts.append(difference(points[:count]).verdict or "cannot tell")
        drawn.append(count)
    shares = {name: verdicts.count(name) / games for name in ("gains", "loses", "cannot tell")}
    wrong = sum(is_wrong(verdict, effect) for verdict in verdicts) / games
    return pd.Series({**shares, "wrong": wrong, "seeds": float(np.mean(drawn))})

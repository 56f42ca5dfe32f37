"""Timing in pairs: A B A B …, so that a machine whose speed drifts does so for both."""

import statistics
import time
from collections.abc import Callable


def seconds(action: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    started = clock()
    action()
    return clock() - started


def in_turn(
    *actions: Callable[[], object],
    rounds: int = 7,
    clock: Callable[[], float] = time.perf_counter,
) -> list[list[float]]:
    """Each action's seconds over the rounds, after one round that is not counted."""
    for action in actions:
        action()
    found: list[list[float]] = [[] for _ in actions]
    for _ in range(rounds):
        for times, action in zip(found, actions, strict=True):
            times.append(seconds(action, clock))
    return found


def ratio(times: list[float], others: list[float]) -> str:
    """How many times as long the others take: median of the pairs' ratios, and their range."""
    ratios = [theirs / ours for ours, theirs in zip(times, others, strict=True)]
    return f"{statistics.median(ratios):.2f}× ({min(ratios):.2f}–{max(ratios):.2f})"

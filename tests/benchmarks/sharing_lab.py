"""The Sharing Lab: how soon a training shows its first point and stops, and what drawing costs it."""

import statistics
import threading
import time

from mtl_tutorial.lab.board import PRESETS
from mtl_tutorial.lab.outcome import Outcome, carry_out
from mtl_tutorial.lab.settings import TASKS, Settings
from mtl_tutorial.widgets.sharing_lab import SharingLab
from tests.benchmarks.timing import in_turn, seconds

SETTINGS = Settings(PRESETS["all shared"](TASKS), learning_rate=0.002)  # not in the shipped table


class _Enough(Exception):  # noqa: N818 (an end, not a fault)
    """Ends a training at its first point."""


def first_point() -> None:
    def until_the_first(outcome: Outcome) -> None:
        raise _Enough

    def train() -> None:
        try:
            carry_out(SETTINGS, {}, until_the_first, threading.Event())
        except _Enough:
            return

    train()  # loads TensorFlow
    times = [seconds(train) for _ in range(5)]
    print(
        f"Sharing Lab, Train → first point: median {statistics.median(times):.2f} s "
        f"({min(times):.2f}–{max(times):.2f})"
    )


def stop_and_drawing() -> None:
    lab, stop = SharingLab(), threading.Event()
    known = {e.key: e.run(test=False) for e in SETTINGS.baselines.values()}
    drawn: list[float] = []

    def draw(outcome: Outcome) -> None:
        drawn.append(seconds(lambda: lab._show(outcome)))

    without, with_ = in_turn(
        lambda: carry_out(SETTINGS, dict(known), lambda _: None, stop),
        lambda: carry_out(SETTINGS, dict(known), draw, stop),
        rounds=5,
    )
    cost = [b / a - 1 for a, b in zip(without, with_, strict=True)]
    print(
        f"Sharing Lab, a training with its chart drawn: {statistics.median(cost):+.1%} of time "
        f"({min(cost):+.1%}–{max(cost):+.1%}); a drawing takes {1000 * statistics.median(drawn):.0f} ms"
    )
    whole = seconds(lambda: carry_out(SETTINGS, {}, lambda _: None, stop))
    times = []
    for moment in range(12):  # over the plan's training and its baselines', their beginnings too
        stop, asked = threading.Event(), []
        timer = threading.Timer(
            whole * moment / 12, lambda s=stop, a=asked: (a.append(time.perf_counter()), s.set())
        )
        timer.start()
        carry_out(SETTINGS, {}, lambda _: None, stop)
        times.append(time.perf_counter() - asked[0])
    print(
        f"Sharing Lab, Stop → ended: median {statistics.median(times):.2f} s ({max(times):.2f} at most)"
    )


def main() -> None:
    first_point()
    stop_and_drawing()

"""Many runs: two processes and two Dask workers beside one process, what a run costs beside its training, ten thousand of them."""

import os
import resource
import shutil
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from mtl_tutorial.experiment import Experiment
from mtl_tutorial.experiments import ONE_THREAD, attempt, grid, run_all
from tests.benchmarks.timing import in_turn, ratio, seconds
from tests.pretending import Pretended, executor_of

MANY, RUNS, ROUNDS = 10_000, 6, 3
LONG = Experiment("alone", ("person",), epochs=2, steps_per_epoch=600)
"""A training of some five seconds."""


def _of_runs(kind: str) -> float:
    """Seconds for `RUNS` trainings, processes started and warm."""
    folder = Path(tempfile.mkdtemp())
    with executor_of(kind) as executor:
        warm = grid(LONG, epochs=[1], steps_per_epoch=[1], seed=range(2))
        run_all(warm, folder, progress=False, executor=executor)
        taken = seconds(
            lambda: run_all(grid(LONG, seed=range(RUNS)), folder, progress=False, executor=executor)
        )
    shutil.rmtree(folder)
    return taken


def speed() -> None:
    for kind, wanted in (("processes", 1.8), ("dask", 1.7)):
        if kind != "dask" or find_spec("distributed"):
            pairs = [(_of_runs(kind), _of_runs("one process")) for _ in range(ROUNDS)]
            several, one = map(list, zip(*pairs, strict=True))
            print(
                f"{RUNS} runs of {min(one) / RUNS:.1f} s with {kind}, 2 workers: "
                f"{ratio(several, one)} as fast as in one process (wanted {wanted}×)",
                flush=True,
            )


def overhead() -> None:
    """What `run_all` costs beside the training itself, for the same run in the same process."""

    def whole() -> None:
        with tempfile.TemporaryDirectory() as folder:
            run_all([LONG], folder, progress=False)

    bare, kept = in_turn(lambda: attempt(LONG, 1), whole, rounds=3, clock=time.process_time)
    print(
        f"a run and all around it: {ratio(bare, kept)} of the training alone (wanted under 1.05×)"
    )


def ten_thousand() -> None:
    """Stub trainings: memory while they run, and how soon a sweep that lacks one goes on."""
    folder = Path(tempfile.mkdtemp())
    experiments = grid(Pretended("pretended", ("person", "relation")), seed=range(MANY))
    peaks = []  # the list of experiments is there before either
    for count in (MANY // 10, MANY):
        run_all(experiments[:count], folder, progress=False)
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(
        f"memory: {peaks[0]:.0f} MB after {MANY // 10:,} runs, {peaks[1]:.0f} after {MANY:,} "
        f"(wanted level: under {1.1 * peaks[0]:.0f} MB)"
    )
    (folder / f"{experiments[-1].key}.csv").unlink()
    started = time.perf_counter()
    run_all(experiments, folder, progress=False)
    print(f"taken up with one missing: {time.perf_counter() - started:.1f} s (wanted under 5 s)")
    shutil.rmtree(folder)


def main() -> None:
    os.environ.update(ONE_THREAD)  # one process computes as each of several does
    ten_thousand()
    overhead()
    speed()

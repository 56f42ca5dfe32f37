"""Experiments that only pretend to train, and obey orders: to wait, to fail, to be killed.

Orders are files in the folder that `ORDERS` names, such as ``3.wait`` for the experiment of seed 3;
there each also notes what it did. ``python -m tests.pretending processes FOLDER`` runs them.
"""

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mtl_tutorial.experiment import Experiment
from mtl_tutorial.experiments import grid, run_all
from mtl_tutorial.exports import tabulate
from mtl_tutorial.processes import Processes
from mtl_tutorial.runs import COLUMNS, Run
from tests.waiting import until

ORDERS = "PRETENDED_ORDERS"


@dataclass(frozen=True)
class Pretended(Experiment):
    """Its curve follows from its seed; without a folder of orders it obeys none."""

    def run(self, **_) -> Run:
        if ORDERS in os.environ:
            self._obey(Path(os.environ[ORDERS]))
        rows = [
            [self.key, self.seed, epoch, 10 * epoch, task, "test", "accuracy", self._score(epoch)]
            for epoch in range(3)
            for task in self.tasks
        ]
        header = {"run": self.key, "seed": self.seed, "epoch": 2, "stopped": None}
        scores = dict.fromkeys(self.tasks, "accuracy")
        return Run({**header, "scores": scores}, pd.DataFrame(rows, columns=COLUMNS))

    def _score(self, epoch: int) -> float:
        return (0.1 + self.seed) / (3 + self.seed + epoch)

    def _obey(self, orders: Path) -> None:
        (orders / f"process {os.getpid()}").touch()
        with (orders / "begun").open("a") as file:
            file.write(f"{self.seed}\n")
        if self._told(orders, "die"):
            os.kill(os.getpid(), signal.SIGKILL)
        if self._told(orders, "fail"):
            print("about to fail")
            raise RuntimeError(f"seed {self.seed} was told to")
        if (orders / f"{self.seed}.wait").exists():
            (orders / f"{self.seed} waits").touch()
            until((orders / "go").exists)

    def _told(self, orders: Path, what: str) -> bool:
        """Whether there is such an order; it is obeyed once, unless it says "always"."""
        once, always = (orders / f"{self.seed}.{what}{often}" for often in ("", " always"))
        told = once.exists() or always.exists()
        once.unlink(missing_ok=True)
        return told


SEEDS = grid(Pretended("pretended", ("person", "relation")), seed=range(6))


@contextmanager
def executor_of(kind: str) -> Iterator[Executor | None]:
    """One of ``"one process"`` (None), ``"processes"`` and ``"dask"``, or the address of a scheduler."""
    if kind == "one process":
        yield None
    elif kind == "processes":
        with Processes(2) as processes:
            yield processes
    else:
        import dask
        from distributed import Client

        local = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
        keep = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None}
        with dask.config.set(keep), Client(**local) if kind == "dask" else Client(kind) as client:
            yield client.get_executor()


def run(kind: str, folder: Path, experiments: Sequence[Experiment] = SEEDS) -> pd.DataFrame:
    """The table of all their runs."""
    with executor_of(kind) as executor:
        return tabulate(run_all(experiments, folder, progress=False, executor=executor))


if __name__ == "__main__":
    run(sys.argv[1], Path(sys.argv[2]))

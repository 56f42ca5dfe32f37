"""Many runs: an `Experiment` is a training written down as plain data; finished ones are kept."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd
from tqdm.auto import tqdm

from mtl_tutorial.corpora import people
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.runs import Run
from mtl_tutorial.sharing import SharingPlan


@dataclass(frozen=True)
class Experiment:
    """A training on the shipped corpus and its evaluation on the test part, once.

    Attributes
    ----------
    model
        What the model is called in tables, such as ``"single-task"``.
    tasks
        The tasks it learns.
    corpus
        Language of the shipped corpus, ``"zh"`` or ``"en"``.
    labels
        Task → training sentences that keep their label; tasks not named keep all.
    plan
        Who shares which level (`SharingPlan.as_dict`); hard sharing by default.
    weights
        Task → weight of its loss.
    auxiliary
        (target, relatedness): adds a task ``auxiliary``, as in `people.load`.
    encoder, units, embedding_dim, epochs, steps_per_epoch, batch_size, learning_rate
        As in `build_model` and `train`.
    seed
        Of the labels that are kept, of initial values, dropout and order.
    """

    model: str
    tasks: tuple[str, ...]
    corpus: str = "zh"
    labels: Mapping[str, int] = field(default_factory=dict)
    plan: Mapping[str, Sequence[Sequence[str]]] | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    auxiliary: tuple[str, float] | None = None
    encoder: str = "cnn"
    units: int = 32
    embedding_dim: int = 32
    epochs: int = 5
    steps_per_epoch: int | None = None
    batch_size: int = 32
    learning_rate: float = 1e-3
    seed: int = 0

    @property
    def key(self) -> str:
        """A name that says what it is and changes with every detail."""
        digest = hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:10]
        return f"{self.corpus}-{self.model.replace(' ', '_')}-{'+'.join(self.tasks)}-seed{self.seed}-{digest}"

    def run(
        self,
        *,
        test: bool = True,
        stop: threading.Event | None = None,
        watch: Callable[[Run], object] | None = None,
    ) -> Run:
        """Train, and with `test` evaluate once: the table then has rows of split ``"test"`` too.

        `stop` and `watch` are those of `train`. Ctrl-C is passed on: half a run is no result.
        """
        from mtl_tutorial.model import build_model
        from mtl_tutorial.training import evaluate, train

        data = (
            shipped(self.corpus, self.auxiliary)
            .only(self.tasks)
            .with_labels(self.labels, self.seed)
        )
        model = build_model(
            data,
            SharingPlan(self.plan) if self.plan else None,
            encoder=self.encoder,
            units=self.units,
            embedding_dim=self.embedding_dim,
            seed=self.seed,
        )
        model.compile(weigh=self.weights or "equal")
        run = train(
            model, data, self.epochs, self.batch_size, self.learning_rate, self.seed,
            steps_per_epoch=self.steps_per_epoch, stop=stop, watch=watch, progress=False,
            name=self.key,
        )  # fmt: skip
        if run.interrupted and not (stop and stop.is_set()):
            raise KeyboardInterrupt
        table = run.table
        if test:
            rows = evaluate(model, data, "test").reset_index().drop(columns="sentences")
            epoch = run.header["epoch"]
            rows = rows.assign(
                run=self.key,
                seed=self.seed,
                epoch=epoch,
                split="test",
                step=epoch * run.header["steps_per_epoch"],
            )
            table = pd.concat([table, rows[table.columns]], ignore_index=True)
        return Run({**run.header, "model": self.model, "corpus": self.corpus}, table)


@cache
def shipped(language: str, auxiliary: tuple[str, float] | None = None) -> MultiTaskData:
    """The shipped corpus, read once: `people.load`."""
    return people.load(language, auxiliary=auxiliary)


def run_all(
    experiments: Iterable[Experiment], folder: Path | str, workers: int = 1, progress: bool = True
) -> list[Run]:
    """Run the experiments that `folder` does not hold yet; give the runs of all, in their order.

    Each finished run is one file, written at once: whatever kills this, what is finished is kept,
    and calling it again goes on from there.

    Parameters
    ----------
    experiments
        What to run; one that stands there twice is run, and given back, once.
    folder
        Where the runs are kept.
    workers
        Processes to run at the same time, each with one thread; 1 stays in this process.
    progress
        Whether to show a progress bar.
    """
    wanted = {experiment.key: experiment for experiment in experiments}
    files = {key: Path(folder) / f"{key}.csv" for key in wanted}
    missing = [wanted[key] for key, file in files.items() if not file.exists()]
    with tqdm(
        total=len(files), initial=len(files) - len(missing), unit="run", disable=not progress
    ) as bar:
        for run in _finished(missing, workers):
            run.save(files[run.name])
            bar.update()
    return [Run.load(file) for file in files.values()]


def _finished(experiments: Sequence[Experiment], workers: int) -> Iterator[Run]:
    """The runs as they finish."""
    if workers == 1 or len(experiments) < 2:
        yield from map(Experiment.run, experiments)
        return
    fresh = multiprocessing.get_context("spawn")  # TensorFlow does not survive a fork
    with ProcessPoolExecutor(workers, mp_context=fresh, initializer=_one_thread) as pool:
        try:
            for done in as_completed([pool.submit(experiment.run) for experiment in experiments]):
                yield done.result()
        except BaseException:  # an interrupt, say: do not begin those that wait
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _one_thread() -> None:
    os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"

"""Many runs: an `Experiment` is a training written down as plain data; finished ones are kept."""

from __future__ import annotations

import hashlib
import json
import math
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from mtl_tutorial.corpora import people, pud, snips, weibo
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.runs import COLUMNS, Run
from mtl_tutorial.scoring import overall_f1, score, sentences_right
from mtl_tutorial.sharing import SharingPlan

if TYPE_CHECKING:
    from mtl_tutorial.model import MultiTaskModel
    from mtl_tutorial.startup import keras


@dataclass(frozen=True)
class Experiment:
    """A training on one corpus and its evaluation on the test part, once.

    On real corpora the test is as papers do it: the labels of token tasks are each sentence's best
    sequence, and two values more are measured, of tasks joined by "+": ``"sentences"``, the share
    of sentences in which every label of every task is right, and ``"f1 of all"``, that of the
    entities of all BIO tasks, if there are any, taken together.

    Attributes
    ----------
    model
        What the model is called in tables, such as ``"single-task"``.
    tasks
        The tasks it learns.
    corpus
        Language of the shipped corpus, ``"zh"`` or ``"en"``; or one of `REAL`, whose sentences are
        downloaded the first time.
    labels
        Task → training sentences that keep their label; tasks not named keep all.
    plan
        Who shares which level (`SharingPlan.as_dict`); hard sharing by default.
    weights
        Task → weight of its loss.
    auxiliary
        (target, relatedness): adds a task ``auxiliary``, as in `people.load`; for the shipped
        corpus alone.
    encoder, units, embedding_dim, dropout, embedding_dropout, crf
        As in `build_model`.
    epochs, steps_per_epoch, batch_size, learning_rate, word_dropout, by_length
        As in `train`.
    cosine
        Let the learning rate fall to 0 along half a cosine (Loshchilov & Hutter 2017).
    seed
        Of the labels that are kept, of initial values, dropout and order; for PUD also the fold.
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
    dropout: float = 0.2
    embedding_dropout: float = 0.0
    crf: bool = False
    epochs: int = 5
    steps_per_epoch: int | None = None
    batch_size: int = 32
    learning_rate: float = 1e-3
    word_dropout: float = 0.0
    by_length: bool = False
    cosine: bool = False
    seed: int = 0

    @property
    def key(self) -> str:
        """A name that says what it is and changes with every detail."""
        chosen = {
            f.name: getattr(self, f.name)
            for f in fields(self)
            if getattr(self, f.name) != f.default
        }
        levels = list(self.plan or ())
        if levels != sorted(levels):  # the digest, which sorts keys, would not know their order
            chosen["levels"] = levels
        digest = hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()[:10]
        return f"{self.corpus}-{self.model.replace(' ', '_')}-{'+'.join(self.tasks)}-seed{self.seed}-{digest}"

    def run(
        self,
        *,
        test: bool = True,
        stop: threading.Event | None = None,
        watch: Callable[[Run], object] | None = None,
    ) -> Run:
        """Train, and with `test` evaluate once: the table then has rows of split ``"test"`` too.

        `stop` and `watch` are those of `train`. Ctrl-C is passed on: half a run is no result. A
        training that `stop` ended or whose loss became NaN is not tested; its header says why.
        """
        from mtl_tutorial.model import build_model
        from mtl_tutorial.training import train

        data = self.data()
        model = build_model(
            data,
            SharingPlan(self.plan) if self.plan else None,
            encoder=self.encoder,
            units=self.units,
            embedding_dim=self.embedding_dim,
            dropout=self.dropout,
            embedding_dropout=self.embedding_dropout,
            crf=self.crf,
            seed=self.seed,
        )
        model.compile(weigh=self.weights or "equal")
        run = train(
            model,
            data,
            self.epochs,
            self.batch_size,
            self._falling_rate(data) if self.cosine else self.learning_rate,
            self.seed,
            steps_per_epoch=self.steps_per_epoch,
            word_dropout=self.word_dropout,
            by_length=self.by_length,
            stop=stop,
            watch=watch,
            progress=False,
            name=self.key,
        )
        if run.interrupted and not (stop and stop.is_set()):
            raise KeyboardInterrupt
        tables = [run.table]
        if test and not run.header["stopped"]:
            for split in (name for name in data.splits if name.startswith("test")):
                rows = self._tested(model, data, split)
                epoch = run.header["epoch"]
                step = epoch * run.header["steps_per_epoch"]
                here = {"split": split, "epoch": epoch, "step": step}
                tables.append(rows.assign(run=self.key, seed=self.seed, **here))
        table = pd.concat(tables, ignore_index=True)[COLUMNS]
        return Run({**run.header, "model": self.model, "corpus": self.corpus}, table)

    def data(self) -> MultiTaskData:
        """The corpus with the tasks and labels that are learned from."""
        if self.corpus in REAL:
            whole = real(self.corpus, self.seed)
        else:
            whole = shipped(self.corpus, self.auxiliary)
        return whole.only(self.tasks).with_labels(self.labels, self.seed)

    def _falling_rate(self, data: MultiTaskData) -> keras.optimizers.schedules.CosineDecay:
        """The learning rate by step, for `cosine`."""
        from mtl_tutorial.startup import keras

        sentences = int(data["train"].labelled_for_any(data.tasks).sum())
        steps = self.steps_per_epoch or math.ceil(sentences / self.batch_size)
        return keras.optimizers.schedules.CosineDecay(self.learning_rate, self.epochs * steps)

    def _tested(self, model: MultiTaskModel, data: MultiTaskData, split: str) -> pd.DataFrame:
        """Columns ``task, metric, value``."""
        from mtl_tutorial.training import answers, evaluate

        rows = evaluate(model, data, split).reset_index().drop(columns="sentences")
        if self.corpus not in REAL:
            return rows
        targets, found = data[split].targets, answers(model, data[split], sequences=True)
        for name, task in data.tasks.items():
            if task.kind == "token":
                value = score(task, targets[name], found[name])
                rows.loc[(rows["task"] == name) & (rows["metric"] == task.score), "value"] = value
        bio = [task for task in data.tasks.values() if task.is_bio]
        whole = [("+".join(data.tasks), "sentences", float(sentences_right(targets, found).mean()))]
        if bio:
            all_bio = "+".join(task.name for task in bio)
            whole.append((all_bio, "f1 of all", overall_f1(bio, targets, found)))
        return pd.concat([rows, pd.DataFrame(whole, columns=rows.columns)], ignore_index=True)


@cache
def shipped(language: str, auxiliary: tuple[str, float] | None = None) -> MultiTaskData:
    """The shipped corpus, read once: `people.load`."""
    return people.load(language, auxiliary=auxiliary)


REAL: dict[str, Callable[[int], MultiTaskData]] = {
    "snips": lambda seed: snips.load(min_count=1),
    "weibo": lambda seed: weibo.load(min_count=1),
    "pud-zh": lambda seed: pud.load("zh", seed % pud.FOLDS, min_count=1),
    "pud-en": lambda seed: pud.load("en", seed % pud.FOLDS, min_count=1),
}
"""Name of a real corpus → what reads it; PUD is tested on another fold for each seed."""


@cache
def real(name: str, seed: int) -> MultiTaskData:
    """One of `REAL`, with a further split ``"test_new"``: test sentences that training lacks."""
    data = REAL[name](seed)
    seen = set(data["train"].tokens)
    new = np.array([i for i, tokens in enumerate(data["test"].tokens) if tokens not in seen])
    return replace(data, splits={**data.splits, "test_new": data["test"].take(new)})


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

    Raises
    ------
    RuntimeError
        If the loss of a training became NaN. It is not kept; the message names it, after all the
        others have been run.

    Examples
    --------
    >>> import tempfile
    >>> tiny = Experiment("alone", ("person",), epochs=1, steps_per_epoch=1)
    >>> (run,) = run_all([tiny], tempfile.mkdtemp(), progress=False)
    >>> run.header["model"], run.header["epoch"]
    ('alone', 1)
    """
    wanted = {experiment.key: experiment for experiment in experiments}
    files = {key: Path(folder) / f"{key}.csv" for key in wanted}
    missing = [wanted[key] for key, file in files.items() if not file.exists()]
    broken = []
    with tqdm(
        total=len(files), initial=len(files) - len(missing), unit="run", disable=not progress
    ) as bar:
        for run in _finished(missing, workers):
            if run.header["stopped"]:
                broken.append(f"{run.name}: {run.header['stopped']}")
            else:
                run.save(files[run.name])
            bar.update()
    if broken:
        raise RuntimeError(
            "trainings broke and are not kept, all others are; a lower learning rate often helps:\n"
            + "\n".join(broken)
        )
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

"""An `Experiment` is a training written down as plain data: what is learned, from what, and how."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from mtl_tutorial.arguments import integer, listed, mapping, names, number, text
from mtl_tutorial.corpora import inbox, people, pud, snips, weibo
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.depth import also
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.records import Architecture, Training
from mtl_tutorial.runs import COLUMNS, Run
from mtl_tutorial.sharing import SharingPlan

if TYPE_CHECKING:
    from mtl_tutorial.model import MultiTaskModel


@dataclass(frozen=True)
class Experiment(Architecture, Training):
    """A training on one corpus and its evaluation on the test part, once.

    Beside what follows it has the fields of `Architecture` and `Training`, given by name; `seed` is
    also that of the labels that are kept, and for PUD the fold.

    The test is that of `evaluate`, with its values over several tasks.

    Attributes
    ----------
    model
        What the model is called in tables, such as ``"single-task"``.
    tasks
        The tasks it learns; of the shipped corpus also ``role`` and ``lm``.
    corpus
        Language of the shipped corpus, ``"zh"`` or ``"en"``; one of `REAL`, of which real
        sentences are downloaded the first time; or the path of a file that `MultiTaskData.save` wrote, whose
        name ends in ``.npz``. Of a file the key knows name and contents, not the folder.
    labels
        Task → training sentences that keep their label; tasks not named keep all.
    plan
        Who shares which level (`SharingPlan.as_dict`); hard sharing by default.
    weights
        Task → weight of its loss, set by hand.
    weigh, combine, over, record
        As in ``compile``, by name: how losses are weighed otherwise, such as ``"uncertainty"``, or
        the tasks' gradients combined, such as ``"imtl_g"``, and where; in every which step gradients
        and the make-up of batches are measured (with round robin sampling, a number that shares no
        divisor with the number of tasks, or only some tasks' batches are met).
    auxiliary
        (target, relatedness): adds a task ``auxiliary``, as in `people.load`; for the shipped
        corpus alone.
    agreement
        How often the labels of ``person`` and ``relation`` agree on purpose, as in `people.load`;
        for the shipped corpus alone, and None as it is shipped.
    also
        Further task → the task whose labels it has too, as in `depth.also`: one task supervised at
        two depths.
    """

    model: str
    tasks: tuple[str, ...]
    corpus: str = "zh"
    labels: Mapping[str, int] = field(default_factory=dict)
    plan: Mapping[str, Any] | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    auxiliary: tuple[str, float] | None = None
    agreement: float | None = field(default=None, kw_only=True)
    also: Mapping[str, str] | None = field(default=None, kw_only=True)
    weigh: str = field(default="equal", kw_only=True)
    combine: str | None = field(default=None, kw_only=True)
    over: str = field(default="trunk", kw_only=True)
    record: int | None = field(default=None, kw_only=True)
    units: int = field(default=32, kw_only=True)
    embedding_dim: int = field(default=32, kw_only=True)
    learning_rate: float = field(default=1e-3, kw_only=True)

    def __post_init__(self) -> None:
        corpus = str(self.corpus) if isinstance(self.corpus, Path) else text("corpus", self.corpus)
        for knob in ("auxiliary", "agreement"):
            if getattr(self, knob) is not None and corpus not in LANGUAGES:
                raise ValueError(f"{knob} is for the shipped corpus alone, not for {corpus!r}")
        Architecture.__post_init__(self)
        Training.__post_init__(self)
        labels = mapping("labels", self.labels, "task → training sentences that keep their label")
        weights = mapping("weights", self.weights, "task → weight of its loss")
        if weights and text("weigh", self.weigh) != "equal":
            raise ValueError("give either weights or weigh, not both")
        settled = {
            "model": text("model", self.model),
            "tasks": names("tasks", self.tasks),
            "corpus": corpus,
            "labels": {
                task: integer(f"labels of {task!r}", n, least=0) for task, n in labels.items()
            },
            "plan": self.plan.as_dict() if isinstance(self.plan, SharingPlan) else self.plan,
            "weights": {task: number(f"weight of {task!r}", w) for task, w in weights.items()},
            "weigh": text("weigh", self.weigh),
            "combine": None if self.combine is None else text("combine", self.combine),
            "over": text("over", self.over),
            "record": None if self.record is None else integer("record", self.record, least=1),
            "agreement": None
            if self.agreement is None
            else number("agreement", self.agreement, least=0, most=1),
            "also": dict(mapping("also", self.also, "further task → task")) if self.also else None,
        }
        for name, value in settled.items():
            object.__setattr__(self, name, value)

    @property
    def key(self) -> str:
        """A name that says what it is and changes with every detail."""
        details = {
            f.name: getattr(self, f.name)
            for f in fields(self)
            if getattr(self, f.name) != f.default
        }
        corpus = self.corpus
        if self.digest:
            corpus = Path(self.corpus).stem
            details["corpus"] = [corpus, self.digest]
        plan = self.plan or {}
        levels = list(plan["levels"] if isinstance(plan.get("levels"), Mapping) else plan)
        if levels != sorted(levels):  # the digest, which sorts keys, would not know their order
            details["levels"] = levels
        digest = hashlib.sha256(json.dumps(details, sort_keys=True).encode()).hexdigest()[:10]
        return f"{corpus}-{self.model.replace(' ', '_')}-{'+'.join(self.tasks)}-seed{self.seed}-{digest}"

    @property
    def digest(self) -> str | None:
        """sha256 of the corpus if it is a file, so that a changed file is noticed."""
        return _digest(self._file, *_state(self._file)) if self._file else None

    @property
    def _file(self) -> Path | None:
        return Path(self.corpus).expanduser() if self.corpus.endswith(".npz") else None

    def run(
        self,
        *,
        test: bool = True,
        stop: threading.Event | None = None,
        watch: Callable[[Run], object] | None = None,
        record: int | None = None,
        callbacks: Sequence[Any] = (),
    ) -> Run:
        """Train, and with `test` evaluate once: the table then has rows of split ``"test"`` too.

        `stop`, `watch` and `callbacks` are those of `train`; `record` measures gradients although the
        experiment does not ask for it. Ctrl-C is passed on: half a run is no result. A training
        that `stop` ended or whose loss became NaN is not tested; its header says why.
        """
        from mtl_tutorial.evaluation import evaluate
        from mtl_tutorial.training import train

        data = self.data()
        model = self.untrained(data)
        model.compile(
            weigh=self.weights or self.weigh,
            combine=self.combine,
            over=self.over,
            record=self.record if record is None else record,
        )
        run = train(
            model, data, self, stop=stop, watch=watch, callbacks=callbacks, progress=False,
            name=self.key,
        )  # fmt: skip
        if run.interrupted and not (stop and stop.is_set()):
            raise KeyboardInterrupt
        tables = [run.table]
        if test and not run.header["stopped"]:
            for split in (name for name in data.splits if name.startswith("test")):
                rows = evaluate(model, data, split).reset_index().drop(columns="sentences")
                epoch = run.header["epoch"]
                step = epoch * run.header["steps_per_epoch"]
                here = {"split": split, "epoch": epoch, "step": step}
                tables.append(rows.assign(run=self.key, seed=self.seed, **here))
        table = pd.concat(tables, ignore_index=True)[COLUMNS]
        own = {"model": self.model, "corpus": self.corpus}
        return Run({**run.header, **own, **({"digest": self.digest} if self.digest else {})}, table)

    def untrained(self, data: MultiTaskData) -> MultiTaskModel:
        """Build the model that `run` trains."""
        from mtl_tutorial.model import build_model

        return build_model(data, SharingPlan.from_dict(self.plan) if self.plan else None, self)

    def data(self) -> MultiTaskData:
        """Load the corpus with the tasks and labels that are learned from."""
        if self._file:
            whole = _saved(self._file, self.digest)
        elif self.corpus in REAL:
            whole = real(self.corpus, self.seed)
        elif self.corpus in LANGUAGES:
            more = tuple(name for name in ("role", "lm") if name in self.tasks)
            whole = shipped(self.corpus, self.auxiliary, self.agreement, more)
        else:
            raise ValueError(
                f"unknown corpus {self.corpus!r}; choose one of {listed((*LANGUAGES, *REAL))}, "
                "or the path of an .npz that MultiTaskData.save wrote"
            )
        found = whole.only(self.tasks).with_labels(self.labels, self.seed)
        for name, of in (self.also or {}).items():
            found = also(found, name, of)
        return found


@cache
def shipped(
    language: str,
    auxiliary: tuple[str, float] | None = None,
    agreement: float | None = None,
    more: tuple[str, ...] = (),
) -> MultiTaskData:
    """The shipped corpus, read once: `people.load`, with `more` tasks beside its usual four."""
    agreement = people.AGREEMENT if agreement is None else agreement
    return people.load(language, (*people.USUAL, *more), auxiliary=auxiliary, agreement=agreement)


REAL: dict[str, Callable[[int], MultiTaskData]] = {
    "snips": lambda seed: snips.load(min_count=1),
    "weibo": lambda seed: weibo.load(min_count=1),
    "pud-zh": lambda seed: pud.load("zh", seed % pud.FOLDS, min_count=1),
    "pud-en": lambda seed: pud.load("en", seed % pud.FOLDS, min_count=1),
    "inbox-zh": lambda seed: inbox.load("zh"),
    "inbox-en": lambda seed: inbox.load("en"),
}
"""Name of a corpus → what reads it: real ones, and lesson 14's inbox.

PUD is tested on another fold for each seed."""


@cache
def real(name: str, seed: int) -> MultiTaskData:
    """One of `REAL`, with a further split ``"test_new"``: test sentences that training lacks."""
    data = REAL[name](seed)
    seen = set(data["train"].tokens)
    new = np.array([i for i, tokens in enumerate(data["test"].tokens) if tokens not in seen])
    return replace(data, splits={**data.splits, "test_new": data["test"].take(new)})


def _state(file: Path) -> tuple[int, int]:
    """What changes when a file does."""
    try:
        found = file.stat()
    except OSError as error:
        raise FileNotFoundError(f"{file}: there is no such corpus ({error.strerror})") from None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=32)
def _digest(file: Path, *state: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@lru_cache(maxsize=2)
def _saved(file: Path, digest: str | None) -> MultiTaskData:
    """Data of one's own, read once as long as the file stays as it is."""
    return MultiTaskData.load(file)

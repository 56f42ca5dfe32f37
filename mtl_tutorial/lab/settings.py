"""All that the learner has set, as plain data; and the trainings that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from mtl_tutorial.arguments import flag, instance, integer, mapping, number, one_of, text
from mtl_tutorial.corpora.people import AGREEMENT
from mtl_tutorial.experiment import Experiment, shipped
from mtl_tutorial.lab.board import Board
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.sampling import draws
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.sizes import widened
from mtl_tutorial.tasks import Task

TASKS = ("person", "relation", "sentiment", "ner")
AUXILIARY, TARGET = "auxiliary", "person"
LABELS = {"person": 60, "relation": 2000, "sentiment": 2000, "ner": 2000, AUXILIARY: 2000}
"""Task → training sentences whose label is kept, unless the learner says otherwise."""
STEPS_PER_EPOCH = 100
WEIGHTINGS = (
    "log_labels", "uncertainty", "dwa", "gradnorm", "famo", "geometric", "log_losses", "random",
)  # fmt: skip
COMBINERS = (
    "pcgrad", "gradvac", "mgda", "cagrad", "imtl_g", "aligned_mtl", "upgrad", "nash_mtl",
)  # fmt: skip
"""Names in `balancing.WEIGHTINGS` and `combining.COMBINERS`, which import TensorFlow."""
BALANCING = ("equal", *WEIGHTINGS, *COMBINERS)
"""How several losses, or their gradients, become one step."""


@dataclass(frozen=True)
class Settings:
    """The plan on the board and the position of every dial.

    Attributes
    ----------
    plan
        Who shares which level.
    corpus, encoder, epochs, learning_rate, weights, sampling, agreement, seed
        As in `Experiment`; an epoch is 100 steps, whatever the labels.
    wide
        Whether the plan's layers are widened until it has as many parameters as separate models:
        a control that shares without having less room. Baselines keep their width.
    labels
        Task → training sentences that keep their label.
    relatedness
        How much the labels of the task ``auxiliary`` tell about ``person``, 0 to 1; None when the
        plan does not have this task.
    balancing
        How the tasks' losses or gradients become one step, one of `BALANCING`: ``"equal"``, the sum
        (of the losses times `weights`), or the name of a weighting or a combiner.

    Raises
    ------
    TypeError, ValueError
        If one is of the wrong kind or out of its bounds; plan and relatedness disagree on whether
        there is an auxiliary task; there are weights by hand beside another balancing; or a task
        (also in `labels` or `weights`) or the corpus is unknown.
    """

    plan: SharingPlan
    corpus: str = "zh"
    encoder: str = "cnn"
    labels: Mapping[str, int] = field(default_factory=dict)
    relatedness: float | None = None
    epochs: int = 24
    learning_rate: float = 3e-3
    weights: Mapping[str, float] = field(default_factory=dict)
    balancing: str = "equal"
    sampling: str | float = "mixed"
    agreement: float = AGREEMENT
    wide: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        instance("plan", self.plan, SharingPlan)
        labels = mapping("labels", self.labels, "task → whole number")
        weights = mapping("weights", self.weights, "task → number")
        related = self.relatedness
        checked = {
            "corpus": one_of("corpus", self.corpus, LANGUAGES),
            "encoder": text("encoder", self.encoder),
            "labels": {t: integer(f"labels of {t}", n, least=0) for t, n in labels.items()},
            "relatedness": None if related is None else number("relatedness", related, 0, 1),
            "epochs": integer("epochs", self.epochs, least=1),
            "learning_rate": number("learning_rate", self.learning_rate, above=0),
            "weights": {t: number(f"weight of {t}", w, least=0) for t, w in weights.items()},
            "balancing": one_of("balancing", self.balancing, BALANCING),
            "sampling": draws(self.sampling),
            "agreement": number("agreement", self.agreement, 0, 1),
            "wide": flag("wide", self.wide),
            "seed": integer("seed", self.seed, least=0),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        named = {"plan": self.plan.tasks, "labels": (*self.labels,), "weights": (*self.weights,)}
        for name, given in named.items():
            unknown = [task for task in given if task not in LABELS]
            if unknown:
                raise ValueError(f"unknown tasks {unknown} in {name}; the lab has {list(LABELS)}")
        if (AUXILIARY in self.plan.tasks) != (self.relatedness is not None):
            raise ValueError(
                f"relatedness is {self.relatedness}, so the plan must "
                f"{'not ' if self.relatedness is None else ''}name the task {AUXILIARY!r}"
            )
        # One form for settings that mean the same, so that what was run once is found again.
        tasks = [task for task in LABELS if task in self.plan.tasks]
        settled: dict[str, Any] = {
            "plan": Board.of(self.plan, tasks).plan,
            "labels": {task: self.labels.get(task, LABELS[task]) for task in tasks},
            "weights": {t: w for t, w in self.weights.items() if t in tasks and w != 1},
        }
        for name, value in settled.items():
            object.__setattr__(self, name, value)
        if self.weights and self.balancing != "equal":
            raise ValueError(
                f"weights are set by hand or found by {self.balancing!r}, not both: give one of them"
            )

    @property
    def tasks(self) -> tuple[str, ...]:
        """The plan's tasks, always in the same order."""
        return tuple(task for task in LABELS if task in self.plan.tasks)

    @property
    def width(self) -> int:
        """Features of a token above each level of the plan."""
        return _width(self.plan, self.corpus, self.encoder) if self.wide else Experiment.units

    @property
    def experiment(self) -> Experiment:
        """The training of all tasks by the plan."""
        return self._experiment(
            self.tasks,
            plan=self.plan.as_dict(),
            weights=dict(self.weights),
            weigh=self.balancing if self.balancing in WEIGHTINGS else "equal",
            combine=self.balancing if self.balancing in COMBINERS else None,
            sampling=self.sampling,
            units=self.width,
            embedding_dim=self.width,
        )

    @property
    def baselines(self) -> dict[str, Experiment]:
        """Task → its single-task training: the same labels, the same number of steps, the same seed."""
        return {task: self._experiment((task,)) for task in self.tasks}

    def with_seed(self, seed: int) -> Settings:
        return replace(self, seed=seed)

    def as_dict(self) -> dict[str, Any]:
        """Write the settings as JSON can hold them; `from_dict` reads them."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**fields, "plan": self.plan.as_dict()}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Settings:
        return cls(**{**fields, "plan": SharingPlan.from_dict(fields["plan"])})

    def _experiment(self, tasks: tuple[str, ...], **joint: Any) -> Experiment:
        related = self.relatedness if AUXILIARY in tasks else None
        return Experiment(
            model="lab",
            tasks=tasks,
            corpus=self.corpus,
            labels={task: self.labels[task] for task in tasks},
            auxiliary=None if related is None else (TARGET, related),
            agreement=None if self.agreement == AGREEMENT else self.agreement,
            encoder=self.encoder,
            epochs=self.epochs,
            steps_per_epoch=STEPS_PER_EPOCH,
            learning_rate=self.learning_rate,
            seed=self.seed,
            **joint,
        )


def known_tasks(corpus: str) -> dict[str, Task]:
    """The corpus's tasks and the auxiliary one, which has the labels of `TARGET`: name → task."""
    tasks = shipped(corpus).tasks
    return {**tasks, AUXILIARY: replace(tasks[TARGET], name=AUXILIARY)}


@cache
def _width(plan: SharingPlan, corpus: str, encoder: str) -> int:
    tokens = len(shipped(corpus).vocabulary)
    return widened(plan, known_tasks(corpus), tokens, encoder, Experiment.units)

"""All that the learner has set, as plain data; and the trainings that follow from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mtl_tutorial.experiments import Experiment
from mtl_tutorial.lab.board import Board
from mtl_tutorial.languages import check_language
from mtl_tutorial.sharing import SharingPlan

TASKS = ("person", "relation", "sentiment", "ner")
AUXILIARY, TARGET = "auxiliary", "person"
LABELS = {"person": 60, "relation": 2000, "sentiment": 2000, "ner": 2000, AUXILIARY: 2000}
"""Task → training sentences whose label is kept, unless the learner says otherwise."""
STEPS_PER_EPOCH = 100


@dataclass(frozen=True)
class Settings:
    """The plan on the board and the position of every dial.

    Attributes
    ----------
    plan
        Who shares which level.
    corpus, encoder, epochs, learning_rate, weights, seed
        As in `Experiment`; an epoch is 100 steps, whatever the labels.
    labels
        Task → training sentences that keep their label.
    relatedness
        How much the labels of the task ``auxiliary`` tell about ``person``, 0 to 1; None when the
        plan does not have this task.

    Raises
    ------
    ValueError
        If plan and relatedness disagree on whether there is an auxiliary task, or a task (also in
        `labels` or `weights`) or the corpus is unknown.
    """

    plan: SharingPlan
    corpus: str = "zh"
    encoder: str = "cnn"
    labels: Mapping[str, int] = field(default_factory=dict)
    relatedness: float | None = None
    epochs: int = 6
    learning_rate: float = 3e-3
    weights: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0

    def __post_init__(self) -> None:
        check_language(self.corpus)
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
        labels = {task: self.labels.get(task, LABELS[task]) for task in tasks}
        weights = {t: float(w) for t, w in self.weights.items() if t in tasks and w != 1}
        object.__setattr__(self, "plan", Board.of(self.plan, tasks).plan)
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "weights", weights)

    @property
    def tasks(self) -> tuple[str, ...]:
        """The plan's tasks, always in the same order."""
        return tuple(task for task in LABELS if task in self.plan.tasks)

    @property
    def experiment(self) -> Experiment:
        """The training of all tasks by the plan."""
        return self._experiment(self.tasks, self.plan.as_dict(), self.weights)

    @property
    def baselines(self) -> dict[str, Experiment]:
        """Task → its single-task training: the same labels, the same number of steps, the same seed."""
        return {task: self._experiment((task,), None, {}) for task in self.tasks}

    def with_seed(self, seed: int) -> Settings:
        return replace(self, seed=seed)

    def as_dict(self) -> dict[str, Any]:
        """The settings as JSON can hold them; `from_dict` reads them."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**fields, "plan": self.plan.as_dict()}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Settings:
        return cls(**{**fields, "plan": SharingPlan(fields["plan"])})

    def _experiment(
        self, tasks: tuple[str, ...], plan: Any, weights: Mapping[str, float]
    ) -> Experiment:
        related = self.relatedness if AUXILIARY in tasks else None
        return Experiment(
            model="lab",
            tasks=tasks,
            corpus=self.corpus,
            labels={task: self.labels[task] for task in tasks},
            plan=plan,
            weights=dict(weights),
            auxiliary=None if related is None else (TARGET, related),
            encoder=self.encoder,
            epochs=self.epochs,
            steps_per_epoch=STEPS_PER_EPOCH,
            learning_rate=self.learning_rate,
            seed=self.seed,
        )

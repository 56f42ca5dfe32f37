"""`compare`: plans beside single-task baselines on anyone's data, equal budgets, over seeds."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pandas as pd

from mtl_tutorial import plots
from mtl_tutorial.arguments import flag, instance, instances, integer, listed, mapping, path, text
from mtl_tutorial.comparing import Difference, holm, paired_difference
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.experiments import Experiment, run_all
from mtl_tutorial.languages import check_language
from mtl_tutorial.plots import Chart
from mtl_tutorial.records import Architecture, Training
from mtl_tutorial.runs import Run, still_climbing
from mtl_tutorial.scoring import with_spread
from mtl_tutorial.sharing import LEVELS, SharingPlan

SINGLE = "single-task"
"""What the baselines are called: a model of its own for each task."""

_WORDS = {
    "en": ("score", "labels", "{} beside single-task"),
    "zh": ("评分", "标签数", "{} 与单任务相比"),
}


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """What `compare` found: runs of single-task baselines and of plans, seed by seed.

    Attributes
    ----------
    runs
        All of them; a run's ``header["model"]`` is ``"single-task"`` or a plan's name.
    """

    runs: tuple[Run, ...]

    def __post_init__(self) -> None:
        runs = tuple(instances("runs", self.runs, Run))
        if SINGLE not in {run.header.get("model") for run in runs}:
            raise ValueError(f"runs must hold some whose header says model={SINGLE!r}")
        object.__setattr__(self, "runs", runs)

    @property
    def by_model(self) -> dict[str, list[Run]]:
        """Model → its runs, the baselines first."""
        found: dict[str, list[Run]] = {SINGLE: []}
        for run in self.runs:
            found.setdefault(run.header["model"], []).append(run)
        return found

    @property
    def tasks(self) -> list[str]:
        """Every task that has a baseline."""
        return list(dict.fromkeys(t for run in self.by_model[SINGLE] for t in run.header["scores"]))

    def scores(self, task: str, model: str, split: str | None = None) -> pd.Series:
        """Seed → score (0 to 1) of one task under one model.

        Parameters
        ----------
        task, model
            A task, and ``"single-task"`` or a plan's name.
        split
            By default the one that was validated on. Read ``"test"`` once, after you have chosen.

        Raises
        ------
        ValueError
            If there is no such model, task or split.
        """
        known = self.by_model
        if text("model", model) not in known:
            raise ValueError(f"no model {model!r}; there are {list(known)}")
        runs = [run for run in known[model] if text("task", task) in run.header["scores"]]
        if not runs:
            raise ValueError(f"model {model!r} has no task {task!r}")
        found = {run.header["seed"]: float(run.final(split)[task]) for run in runs}
        return pd.Series(found, name=f"{task}, {model}", dtype=float).sort_index()

    def differences(self, split: str | None = None) -> dict[str, Difference]:
        """Every task and plan beside the task's baseline, with 95 % intervals over seeds.

        Named as in ``"ner · hard"``. All are judged together, by Holm's correction. A task that has
        no label in the split is left out.
        """
        found = {}
        for task in self.tasks:
            for model, runs in self.by_model.items():
                if model != SINGLE and any(task in run.header["scores"] for run in runs):
                    ours, alone = (self.scores(task, name, split) for name in (model, SINGLE))
                    if ours.notna().all() and alone.notna().all():
                        found[f"{task} · {model}"] = paired_difference(ours, alone)
        return holm(found)

    def table(self, split: str | None = None, *, language: str = "en") -> pd.DataFrame:
        """One row a task: labels, scores in per cent over seeds, each plan's difference in words.

        Parameters
        ----------
        split
            As in `scores`.
        language
            ``"en"`` or ``"zh"``.
        """
        check_language(language)
        score, labels, beside = _WORDS[language]
        differences = self.differences(split)
        rows = {}
        for task in self.tasks:
            own = [run for run in self.by_model[SINGLE] if task in run.header["scores"]]
            row = {score: own[0].header["scores"][task], labels: own[0].header["labels"][task]}
            plans = [model for model in self.by_model if f"{task} · {model}" in differences]
            for model in (SINGLE, *plans):
                scores = 100 * self.scores(task, model, split)
                row[model] = with_spread(list(scores)) if scores.notna().all() else None
            for model in plans:
                found = differences[f"{task} · {model}"]
                row[beside.format(model)] = found.in_words(language)
            rows[task] = row
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("task")

    def climbing(self) -> pd.DataFrame:
        """Tell whether each task (row) was `still_climbing` when training ended, by model (column).

        Where it was, a lower score may only mean *slower*: train longer before you judge.
        """
        found = {
            model: {
                task: still_climbing([r for r in runs if task in r.header["scores"]], task)
                for task in self.tasks
            }
            for model, runs in self.by_model.items()
        }
        return pd.DataFrame(found).rename_axis("task")

    def curves(self, metric: str | None = None, *, language: str = "en") -> Chart:
        """Learning curves of every task under every model: `plots.learning_curves`."""
        return plots.learning_curves(self.by_model, metric, baseline=SINGLE, language=language)

    def figure(self, split: str | None = None, *, language: str = "en") -> Chart:
        """Draw the differences with their intervals: `plots.differences`."""
        return plots.differences(self.differences(split), language=language)

    def __repr__(self) -> str:
        seeds = len({run.header["seed"] for run in self.runs})
        head = f"Comparison({list(self.by_model)}, {seeds} seeds)\n"
        late = [
            f"{task} under {model}"
            for model, climbs in self.climbing().items()
            for task, climb in climbs.items()
            if climb
        ]
        note = f"\nstill climbing, train longer before you judge: {', '.join(late)}" if late else ""
        return head + self.table().to_string() + note


def compare(
    data: MultiTaskData,
    plans: Mapping[str, SharingPlan] | None = None,
    seeds: int = 5,
    folder: Path | str = "results/compare",
    *,
    workers: int | None = None,
    progress: bool = True,
    **options: Any,
) -> Comparison:
    """Train single-task baselines and plans on data of one's own, and compare them seed by seed.

    All models are made and trained alike, by the options given, and take the same number of steps:
    by default as many an epoch as all training sentences fill batches. Finished runs are kept in
    `folder`; after an interruption call it again, and it goes on with what is missing. Of changed
    data or options nothing is taken over.

    Parameters
    ----------
    data
        With a validation part (see `MultiTaskData.from_rows`, ``hold_out``). All its tasks get a
        baseline. A test part is evaluated too, but shown only on request.
    plans
        Name → plan; by default ``{"hard": SharingPlan.hard(tasks)}``. All plans have the same levels.
    seeds
        How many; each is that of initial values, dropout and order. Fewer than five tell little.
    folder
        Where data and runs are kept.
    workers
        Trainings at the same time, each in a process with one thread; by default one a core. In a
        script, call it under ``if __name__ == "__main__":``, or with ``workers=1``.
    progress
        Whether to show a progress bar.
    options
        Fields of `Architecture` and `Training` by name, such as ``encoder="mlp", epochs=10``, and
        ``weights``, task → weight of its loss, for the plans.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or not allowed.
    RuntimeError
        As `experiments.run_all` says.

    Examples
    --------
    >>> import tempfile
    >>> rows = [{"text": "Good tea!", "mood": "good", "hot": "yes"}, {"text": "Bad tea.", "mood": "bad", "hot": "no"}]
    >>> data = MultiTaskData.from_rows({"train": rows, "valid": rows}, {"mood": "sequence", "hot": "sequence"})
    >>> found = compare(data, seeds=1, folder=tempfile.mkdtemp(), workers=1, progress=False, epochs=1)
    >>> list(found.table().columns)
    ['score', 'labels', 'single-task', 'hard', 'hard beside single-task']
    """
    data = instance("data", data, MultiTaskData)
    tasks = list(data.tasks)
    if plans is None:
        plans = {"hard": SharingPlan.hard(tasks)}
    levels = _levels(plans, tasks)
    validation = text("validation", options.get("validation", "valid"))
    if validation not in data.splits:
        raise ValueError(
            f"data have no split {validation!r} to compare on, only {list(data.splits)}; draw one: "
            "data = data.joined(hold_out={'valid': 0.1}), or name one: validation='dev'"
        )
    for split in ("train", validation):
        bare = [task for task in tasks if not data[split].labeled(task).any()]
        if bare:
            raise ValueError(
                f"split {split!r} has no label of {listed(bare)} to compare by; divide the data anew, "
                "or compare the other tasks: data.only([...])"
            )
    known = {f.name for kind in (Architecture, Training) for f in fields(kind)} | {"weights"}
    unknown = [name for name in options if name not in known - {"seed"}]
    if unknown:
        raise TypeError(f"there is no option {unknown[0]!r}; there are {sorted(known - {'seed'})}")
    folder, seeds = path("folder", folder), integer("seeds", seeds, least=1)
    folder.mkdir(parents=True, exist_ok=True)
    corpus = folder / "data.npz"
    data.save(corpus)
    weights = mapping("weights", options.pop("weights", {}), "task → weight of its loss")
    if unknown := [task for task in weights if task not in tasks]:
        raise ValueError(f"weights names {unknown}; the data have {tasks}")
    batch = integer("batch_size", options.get("batch_size", 32), least=1)
    steps = math.ceil(data["train"].labeled_for_any(tasks).sum() / batch)
    settings = {"steps_per_epoch": steps, **options}
    alone = [(SINGLE, SharingPlan.hard([task], levels)) for task in tasks]
    experiments = [
        Experiment(
            name,
            plan.tasks,
            str(corpus),
            plan=plan.as_dict(),
            seed=seed,
            **settings,
            weights={} if name == SINGLE else weights,
        )
        for name, plan in (*alone, *plans.items())
        for seed in range(seeds)
    ]
    count = (os.cpu_count() or 1) if workers is None else integer("workers", workers, least=1)
    return Comparison(tuple(run_all(experiments, folder, count, flag("progress", progress))))


def _levels(plans: Any, tasks: Iterable[str]) -> tuple[str, ...]:
    """The levels that all plans have, which are those of the baselines too."""
    found: dict[str, tuple[str, ...]] = {}
    for name, plan in mapping("plans", plans, "name → SharingPlan").items():
        unknown = [
            t for t in instance(f"plans[{name!r}]", plan, SharingPlan).tasks if t not in tasks
        ]
        if unknown:
            raise ValueError(f"plans[{name!r}] names {unknown}; the data have {list(tasks)}")
        if name == SINGLE or not re.fullmatch(r"\w[\w +.-]*", name):
            raise ValueError(
                f"plans: a plan cannot be called {name!r}; use letters, digits, blanks, '+', '.', '-'"
            )
        found[name] = plan.levels
    if len({*found.values()}) > 1:
        raise ValueError(f"plans must have the same levels, to be compared; they have {found}")
    return next(iter(found.values()), LEVELS)

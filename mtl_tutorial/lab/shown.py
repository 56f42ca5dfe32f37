"""Settings, outcomes and the book as plain data for whoever draws them: JSON, nothing missing but None."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from mtl_tutorial.comparing import LEVEL
from mtl_tutorial.encoders import ENCODERS
from mtl_tutorial.experiment import Experiment, shipped
from mtl_tutorial.lab.board import PRESETS
from mtl_tutorial.lab.book import Book, Entry, describe
from mtl_tutorial.lab.outcome import Outcome
from mtl_tutorial.lab.settings import (
    AUXILIARY,
    BALANCING,
    LABELS,
    TARGET,
    Settings,
    known_tasks,
)
from mtl_tutorial.lab.words import sentence
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.plots import task_color
from mtl_tutorial.runs import Run, still_climbing
from mtl_tutorial.sampling import SAMPLINGS
from mtl_tutorial.sharing import LEVELS, SharingPlan
from mtl_tutorial.sizes import count_parameters
from mtl_tutorial.worker import Worker

NAMES = {name: encoder.title for name, encoder in ENCODERS.items()} | {
    "en": "English",
    "zh": "中文",
    "dwa": "DWA",
    "gradnorm": "GradNorm",
    "famo": "FAMO",
    "pcgrad": "PCGrad",
    "gradvac": "GradVac",
    "mgda": "MGDA",
    "cagrad": "CAGrad",
    "imtl_g": "IMTL-G",
    "aligned_mtl": "Aligned-MTL",
    "upgrad": "UPGrad",
    "nash_mtl": "Nash-MTL",
}
"""Names that are the same in every language; the others stand in the catalogue."""
DIALS: dict[str, Any] = {
    "labels": [60, 200, 600, 2000, 6000],
    "weights": [0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 10.0],
    "encoder": [*ENCODERS],
    "corpus": [*LANGUAGES],
    "epochs": {"min": 1, "max": 48},
    "learning_rate": [3e-4, 1e-3, 3e-3, 1e-2],
    "seed": {"min": 0, "max": 9999},
    "relatedness": [None, 0.0, 0.25, 0.5, 0.75, 1.0],
    "balancing": [*BALANCING],
    "sampling": [*SAMPLINGS],
    "agreement": [0.0, Settings.agreement, 1.0],
    "wide": [False, True],
}
"""Dial → the positions it offers, beside the one it begins with."""
FOLDED = (
    "corpus", "epochs", "learning_rate", "balancing", "sampling", "agreement", "relatedness", "wide",
    "seed",
)  # fmt: skip
"""The dials that beginners need not touch."""
TOLD = ("learning_rate", "balancing", "sampling", "agreement", "relatedness", "wide")
"""Those of them that are told of a run where they do not stand as usual."""


def facts(first: Settings, language: str, **more: Any) -> dict[str, Any]:
    """Collect what does not change while the lab is open.

    Parameters
    ----------
    first
        Its positions are offered too, whatever the dials offer otherwise.
    more
        What the host can do: ``files``, ``trains``.
    """
    dials = {**DIALS}
    given = first.as_dict()
    for name, offered in DIALS.items():
        values = given[name].values() if isinstance(given[name], dict) else [given[name]]
        if isinstance(offered, dict):
            dials[name] = {**offered, "max": max(offered["max"], *values)}
        else:
            dials[name] = offered + sorted({*values} - {*offered})
            if name in ("labels", "weights", "learning_rate", "agreement"):
                dials[name].sort()
    return {
        "language": language,
        "tasks": [*LABELS],
        "auxiliary": AUXILIARY,
        "target": TARGET,
        "levels": [*LEVELS],
        "colors": {task: task_color(task) for task in LABELS},
        "names": NAMES,
        "presets": {name: plan([*LABELS]).as_dict() for name, plan in PRESETS.items()},
        "dials": dials,
        "folded": [*FOLDED],
        "usual": {name: getattr(Settings, name) for name in TOLD},
        **more,
    }


def positions(settings: Settings) -> dict[str, Any]:
    """Collect all dials and the plan; tasks that it does not have keep their usual labels."""
    given = settings.as_dict()
    return {**given, "labels": {**LABELS, **given["labels"]}}


def sizes(corpus: str) -> dict[str, Any]:
    """Count parameters: encoder → of each level's copy (``levels``) and each task's head (``heads``).

    Whatever the plan, its counts are sums of these. Each is [n₀, n₁, n₂], for n₀ + n₁ w + n₂ w²
    parameters at a width of w features, which is ``width`` where the plan is not *wide*.
    """
    tasks, tokens = known_tasks(corpus), len(shipped(corpus).vocabulary)
    plan, widths = SharingPlan.hard([*LABELS]), (2, 4, 6)
    found = {}
    for encoder in ENCODERS:
        tables = [
            count_parameters(plan, tasks, tokens, encoder=encoder, units=w, embedding_dim=w)
            for w in widths
        ]
        counts = np.polynomial.polynomial.polyfit(widths, [t["parameters"] for t in tables], 2)
        costs = [[round(n) for n in cost] for cost in counts.T]
        found[encoder] = {
            "width": Experiment.units,
            "levels": dict(zip(LEVELS, costs, strict=False)),
            "heads": dict(zip(LABELS, costs[len(LEVELS) :], strict=True)),
        }
    return found


def shown(outcome: Outcome, number: int | None = None) -> dict[str, Any]:
    """Prepare an outcome to be drawn: each task's curves, what it gained or lost, a sentence."""
    changes, cosines = _changes(outcome), _cosines(outcome.runs)
    return {
        **_summary(outcome, number),
        "tasks": {
            task: {
                **changes[task],
                "curves": _curves(outcome, task),
                "climbing": still_climbing(outcome.runs, task),
                "cosines": cosines.get(task, {}),
            }
            for task in outcome.settings.tasks
        },
        "said": {language: sentence(outcome, language) for language in LANGUAGES},
    }


def listed(book: Book, file: str) -> dict[str, Any]:
    """List the book's entries, without their curves."""
    right, judged = book.guessed
    return {
        "entries": [_line(entry) for entry in book.entries],
        "right": right,
        "judged": judged,
        "file": file,
    }


def progress(outcome: Outcome, to_come: Sequence[str], stopping: bool) -> dict[str, Any]:
    """Tell which epoch of which training is at work: the last that has begun.

    Parameters
    ----------
    outcome
        What a training has reported last.
    to_come
        The tasks whose baselines are trained after the plan.
    stopping
        Whether it was asked to end.
    """
    seed, epochs = outcome.settings.seed, outcome.settings.epochs
    begun = [("epoch", "", outcome.runs[0])]
    for task in to_come:
        own = [run for run in outcome.baselines.get(task, ()) if run.header["seed"] == seed]
        begun += [("baseline", task, run) for run in own]
    phase, task, run = begun[-1]
    epoch = run.header["epoch"]
    done = {"done": (len(begun) - 1) * epochs + epoch, "total": (1 + len(to_come)) * epochs}
    phase = "stopping" if stopping else phase
    return {"phase": phase, "task": task, "epoch": epoch, "epochs": epochs, **done}


def ending(outcome: Outcome, worker: Worker) -> str:
    """Tell how the worker's training ended, as a key of the catalogue."""
    if any(run.header["stopped"] and not run.interrupted for run in outcome.runs):
        return "broke down"
    if worker.replaced:
        return "replaced"
    early = any(run.header["stopped"] for run in outcome.runs)
    return "stopped" if early or worker.stopped else "done"


def _line(entry: Entry) -> dict[str, Any]:
    judged = entry.judged
    tasks = {
        task: {**change, "guess": entry.guesses.get(task), "right": judged.get(task)}
        for task, change in _changes(entry.outcome).items()
    }
    return {**_summary(entry.outcome, entry.number), "tasks": tasks}


def _summary(outcome: Outcome, number: int | None) -> dict[str, Any]:
    return {
        "number": number,
        "settings": outcome.settings.as_dict(),
        "epoch": outcome.epoch,
        "seeds": len(outcome.runs),
        "plan": {language: describe(outcome.settings, language) for language in LANGUAGES},
    }


def _changes(outcome: Outcome) -> dict[str, dict[str, Any]]:
    """Task → what it gained or lost."""
    rows = outcome.changes().to_dict("index")
    return {
        str(task): {
            **{name: _plain(row[name], 2) for name in ("points", "low", "high")},
            "verdict": row["verdict"],
        }
        for task, row in rows.items()
    }


def _curves(outcome: Outcome, task: str) -> dict[str, Any]:
    """Metric → ``plan`` and ``single`` (where there is one) → means and band by epoch."""
    return {
        name: {
            kind: _over_seeds(runs, task, metric)
            for kind, runs in (
                ("plan", outcome.runs),
                ("single", outcome.baselines.get(task, ())),
            )
            if runs
        }
        for name, metric in (("score", None), ("loss", "loss"))
    }


def _over_seeds(runs: Sequence[Run], task: str, metric: str | None) -> dict[str, list]:
    """``mean`` by epoch, from epoch 0; of several runs also the ends of its 95 % interval, ``low`` and ``high``."""
    from scipy.special import stdtrit

    values = _by_epoch([run.curve(task, metric) for run in runs])
    n = (~np.isnan(values)).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):  # where nothing was measured
        mean = np.nansum(values, axis=0) / n
        deviation = np.sqrt(np.nansum((values - mean) ** 2, axis=0) / (n - 1))
        reach = stdtrit(n - 1, 1 - LEVEL / 2) * deviation / np.sqrt(n)
    found = {"mean": _series(mean)}
    return found | (
        {"low": _series(mean - reach), "high": _series(mean + reach)} if len(runs) > 1 else {}
    )


def _by_epoch(curves: Sequence[pd.Series]) -> np.ndarray:
    """Lay curves out by epoch, from 0 on, NaN where nothing was measured; float [runs, epochs]."""
    last = max((int(curve.index.max()) for curve in curves if len(curve)), default=-1)
    values = np.full((len(curves), last + 1), np.nan)
    for row, curve in zip(values, curves, strict=True):
        row[curve.index.to_numpy(int)] = curve.to_numpy()
    return values


def _cosines(runs: Sequence[Run]) -> dict[str, dict[str, list]]:
    """Task → other task → cosine between the gradients of both by epoch, where it was recorded."""
    found: dict[str, dict[str, list]] = {}
    recorded = {
        task
        for run in runs
        for task, metric in zip(run.table["task"], run.table["metric"], strict=True)
        if metric == "cosine"  # over the whole shared trunk
    }
    for pair in sorted(recorded):
        curves = [run.curve(pair, "cosine", "train") for run in runs]
        one, _, other = pair.partition("+")
        values = _series(np.mean(_by_epoch(curves), axis=0))
        for task, beside in ((one, other), (other, one)):
            found.setdefault(task, {})[beside] = values
    return found


def _series(values: np.ndarray) -> list[float | None]:
    return [_plain(value, 4) for value in values]


def _plain(value: float, digits: int) -> float | None:
    return round(float(value), digits) if np.isfinite(value) else None

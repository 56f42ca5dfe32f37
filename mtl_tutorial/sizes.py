"""How many parameters a plan costs, counted without building a model: no TensorFlow, microseconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.tasks import Task

ENCODER_PARAMETERS: dict[str, Callable[[int, int, bool], int]] = {
    "mlp": lambda features, units, causal: (features + 1) * units,
    "cnn": lambda features, units, causal: (3 * features + 1) * units,
    "bilstm": lambda features, units, causal: (
        4 * units * (features + 1 + (units if causal else units // 2))
    ),
}
"""Encoder → parameters of one copy, by the features of a token that go in and come out, and by
whether it may look back only."""


def count_parameters(
    plan: SharingPlan,
    tasks: Mapping[str, Task],
    tokens: int,
    *,
    encoder: str = "cnn",
    units: int = 64,
    embedding_dim: int = 100,
) -> pd.DataFrame:
    """What ``build_model(data, plan, ...).parameters()`` would say.

    Parameters
    ----------
    plan, encoder, units, embedding_dim
        As in `build_model`.
    tasks
        Name → task, as in ``data.tasks``.
    tokens
        Size of the vocabulary, ``len(data.vocabulary)``.

    Returns
    -------
    pandas.DataFrame
        Columns ``level`` (or ``"head"``), ``tasks``, ``parameters``; one row a copy.

    Raises
    ------
    ValueError
        For an unknown encoder, or a task of the plan that is not in `tasks`.

    Examples
    --------
    >>> tasks = {"mood": Task("mood", "sequence", ("bad", "good"))}
    >>> plan = SharingPlan.hard(["mood"])
    >>> print(count_parameters(plan, tasks, tokens=10, units=4, embedding_dim=4))
           level    tasks  parameters
    0  embedding  (mood,)          40
    1  encoder_1  (mood,)          52
    2  encoder_2  (mood,)          52
    3       head  (mood,)          10
    """
    if encoder not in ENCODER_PARAMETERS:
        raise ValueError(f"unknown encoder {encoder!r}; choose one of {sorted(ENCODER_PARAMETERS)}")
    unknown = [name for name in plan.tasks if name not in tasks]
    if unknown:
        raise ValueError(f"the plan names {unknown}, but the tasks are {list(tasks)}")
    rows, features = [], 0
    for place, (level, groups) in enumerate(plan):
        for group in groups:
            causal = any(tasks[name].kind == "lm" for name in group)
            cost = ENCODER_PARAMETERS[encoder](features, units, causal)
            rows.append((level, group, cost if place else tokens * embedding_dim))
        features = units if place else embedding_dim
    for name in plan.tasks:
        below = embedding_dim if len(plan.path(name)) == 1 else units
        answers = tokens if tasks[name].kind == "lm" else len(tasks[name].labels)
        rows.append(("head", (name,), (below + 1) * answers))
    return pd.DataFrame(rows, columns=["level", "tasks", "parameters"])

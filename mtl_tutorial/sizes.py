"""How many parameters a plan costs, counted without building a model: no TensorFlow, microseconds."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mtl_tutorial.arguments import instance, integer, mapping
from mtl_tutorial.climbing import readers
from mtl_tutorial.encoders import encoder_named
from mtl_tutorial.joints import Joint, steps
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.tasks import Task


def count_parameters(
    plan: SharingPlan,
    tasks: Mapping[str, Task],
    tokens: int,
    *,
    encoder: str = "cnn",
    units: int = 64,
    embedding_dim: int = 100,
) -> pd.DataFrame:
    """Count what ``build_model(data, plan, ...).parameters()`` would count.

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
    TypeError, ValueError
        For an unknown encoder, a task of the plan that is not in `tasks`, a size below 1.

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
    cost = encoder_named(encoder).parameters
    tokens, units = integer("tokens", tokens, least=1), integer("units", units, least=1)
    embedding_dim = integer("embedding_dim", embedding_dim, least=1)
    mapping("tasks", tasks, "name → Task, as in data.tasks")
    unknown = [n for n in instance("plan", plan, SharingPlan).tasks if n not in tasks]
    if unknown:
        raise ValueError(f"the plan names {unknown}, but the tasks are {list(tasks)}")
    read, rows, layers = readers(plan), [], steps(plan)
    below = dict.fromkeys(plan.tasks, 0)  # features that come to a task
    given = {name: instance(f"tasks[{name!r}]", tasks[name], Task) for name in plan.tasks}
    labels = {n: tokens if task.kind == "lm" else len(task.labels) for n, task in given.items()}
    for level in plan.levels:
        here = [step for step in layers if step[0] == level]
        made = embedding_dim if level == plan.levels[0] else units
        for step in here:
            what = step[1]
            if isinstance(what, Joint):
                size = _joint_parameters(what, below[what.tasks[0]], labels)
                rows.append((f"{level} {what.kind}", what.tasks, size))
            else:
                causal = any(tasks[name].kind == "lm" for name in read[step])
                low = level == plan.levels[0]
                size = tokens * made if low else cost(below[what[0]], units, causal)
                rows.append((level, what, size))
        for name in plan.tasks:
            own = len(plan.copies(level, name))
            below[name] = (
                made * (own if plan.mix.get(level) == "concat" else 1) if own else below[name]
            )
    rows += [("head", (name,), (below[name] + 1) * labels[name]) for name in plan.tasks]
    return pd.DataFrame(rows, columns=["level", "tasks", "parameters"])


def widened(
    plan: SharingPlan, tasks: Mapping[str, Task], tokens: int, encoder: str, units: int
) -> int:
    """Find the width at which a plan has as many parameters as separate models of `units` features.

    Parameters
    ----------
    plan, tasks, tokens, encoder
        As in `count_parameters`.
    units
        Features of a token above each level of the separate models, whose tasks use the same levels.

    Returns
    -------
    int
        The even width, embedding and encoders alike, that comes closest, at least `units`.

    Examples
    --------
    >>> tasks = {name: Task(name, "sequence", ("bad", "good")) for name in ("mood", "taste")}
    >>> plan = SharingPlan.hard(tasks)
    >>> widened(plan, tasks, 1000, "cnn", 32), widened(SharingPlan.separate(tasks), tasks, 1000, "cnn", 32)
    (56, 32)
    """

    def size(width: int, of: SharingPlan = plan) -> int:
        counted = count_parameters(
            of, tasks, tokens, encoder=encoder, units=width, embedding_dim=width
        )
        return int(counted["parameters"].sum())

    plan = instance("plan", plan, SharingPlan)
    alone = {level: [[task] for group in groups for task in group] for level, groups in plan}
    wanted, width = size(units, SharingPlan(alone)), units
    while abs(size(width + 2) - wanted) < abs(size(width) - wanted):
        width += 2
    return width


def _joint_parameters(joint: Joint, features: int, labels: Mapping[str, int]) -> int:
    """Parameters of what mixes or feeds, by the features that come to it from below."""
    if joint.kind == "feed":
        return features * sum(labels[lower] for lower in joint.of)
    return {"gate": (features + 1) * len(joint.of), "stitch": len(joint.of), "concat": 0}[
        joint.kind
    ]

"""The walk through a plan, level by level, from the tokens to the tasks' heads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mtl_tutorial.joints import Joint, fed_to, mixed_for, steps
from mtl_tutorial.sharing import SharingPlan

Layers = Mapping[Any, Callable[..., Any]]


def walk(plan: SharingPlan, inputs: Any, layers: Layers) -> dict[tuple, Any]:
    """Climb the plan level by level; give the activations reached on every path.

    One layer a (level, group) pair; activations are remembered by the path so far, so that a
    shared layer on the same input is called once. A task's head sits at the end of its path,
    ``plan.path(task)``.
    """
    reached: dict[tuple, Any] = {(): inputs}
    paths: dict[str, tuple] = dict.fromkeys(plan.tasks, ())
    for level in plan.levels:
        below = _fed(plan, level, paths, reached, layers)
        for copy in plan.copies(level):
            for task in copy[1]:
                path = paths[task] = (*below[task], copy)
                if path not in reached:
                    reached[path] = layers[copy](reached[below[task]])
        paths |= _mixed(plan, level, below, reached, layers)
    return reached


def _fed(
    plan: SharingPlan,
    level: str,
    paths: dict[str, tuple],
    reached: dict[tuple, Any],
    layers: Layers,
) -> dict[str, tuple]:
    """Each task's path to its copies of a level: by a label embedding, where it is fed."""
    below = dict(paths)
    for task in plan.feeds.get(level, ()):
        fed = fed_to(plan, level, task)
        path = below[task] = (*paths[task], (level, fed))
        if fed and path not in reached:
            answers = [layers["head", (lower,)](reached[paths[lower]]) for lower in fed.of]
            reached[path] = layers[level, fed]([reached[paths[task]], *answers])
    return below


def _mixed(
    plan: SharingPlan,
    level: str,
    below: dict[str, tuple],
    reached: dict[tuple, Any],
    layers: Layers,
) -> dict[str, tuple]:
    """The paths of tasks for which copies of a level come together."""
    paths = {}
    for task in plan.tasks:
        joint = mixed_for(plan, level, task)
        if joint is None:
            continue
        if joint.kind == "stitch":  # of copies that each read what their own tasks bring
            ends = [reached[(*below[copy[1][0]], copy)] for copy in joint.of]
            path = (*below[task], plan.copies(level, task)[0], (level, joint))
        else:
            ends = [reached[(*below[task], copy)] for copy in joint.of]
            path = (*below[task], (level, joint))
        if path not in reached:
            own = [reached[below[task]]] if joint.kind == "gate" else []
            reached[path] = layers[level, joint]([*own, *ends])
        paths[task] = path
    return paths


def readers(plan: SharingPlan) -> dict[Any, tuple[str, ...]]:
    """Layer → the tasks whose answers depend on it, found by walking with sets in place of layers.

    Layers are those of `walk`: copies, (level, `Joint`), and ("head", (task,)).

    Examples
    --------
    >>> plan = SharingPlan.separate(["person", "ner"], ["embedding", "encoder_1"])
    >>> stitched = SharingPlan(plan.as_dict(), mix={"encoder_1": "stitch"})
    >>> readers(plan)["encoder_1", ("ner",)], readers(stitched)["encoder_1", ("ner",)]
    (('ner',), ('person', 'ner'))
    """
    layers = [*steps(plan), *(("head", (task,)) for task in plan.tasks)]

    def spy(layer: Any) -> Callable[[Any], frozenset]:
        if isinstance(layer[1], Joint):
            return lambda several: frozenset.union(*several) | {layer}
        return lambda below: below | {layer}

    nothing: frozenset = frozenset()
    reached = walk(plan, nothing, {layer: spy(layer) for layer in layers})
    used = {task: reached[plan.path(task)] | {("head", (task,))} for task in plan.tasks}
    return {layer: tuple(task for task in plan.tasks if layer in used[task]) for layer in layers}


def shared_levels(plan: SharingPlan) -> list[str]:
    """The levels with a copy on which several tasks' answers depend."""
    read = readers(plan)
    return [
        level for level in plan.levels if any(len(read[copy]) > 1 for copy in plan.copies(level))
    ]

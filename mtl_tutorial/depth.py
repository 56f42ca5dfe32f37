"""Where tasks are supervised: one at two depths, or a stack in which each layer solves one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mtl_tutorial.arguments import flag, instance, names, one_of
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.tasks import check_name


def also(data: MultiTaskData, name: str, of: str) -> MultiTaskData:
    """Data in which the labels of a task are those of a further task as well.

    So one task can be supervised at two depths (deep supervision, Lee et al. 2015): the further one
    leaves the trunk lower.

    Parameters
    ----------
    data
        Labels that `with_labels` has hidden are hidden for both.
    name
        What the further task is called.
    of
        The task whose labels it has.

    Raises
    ------
    ValueError
        If there is no task `of`, or already one called `name`.

    Examples
    --------
    >>> rows = [{"text": "Good tea!", "mood": "good", "product": "O B-TEA O"}]
    >>> data = MultiTaskData.from_rows({"train": rows}, {"mood": "sequence", "product": "token"})
    >>> twice = also(data, "product_low", of="product")
    >>> SharingPlan.hard([*twice.tasks]).leave("encoder_2", "product_low").tasks
    ('mood', 'product', 'product_low')
    """
    instance("data", data, MultiTaskData)
    one_of("task in of", of, data.tasks)
    if check_name(name) in data.tasks:
        raise ValueError(f"name must be a new one; there is a task {name!r} already")
    splits = {
        split: replace(rows, targets={**rows.targets, name: rows.targets[of]})
        for split, rows in data.splits.items()
    }
    schemes = {name: data.schemes[of]} if of in data.schemes else {}
    return replace(
        data,
        tasks={**data.tasks, name: replace(data.tasks[of], name=name)},
        splits=splits,
        schemes={**data.schemes, **schemes},
    )


def stack(tasks: Sequence[str], feed: bool = True) -> SharingPlan:
    """A plan in which each layer solves one task and passes its answer on to all above.

    Every task stands on an encoder of its own, and those of the tasks before it lie below. With the
    encoder ``"mlp"`` this is a perceptron of so many layers.

    Parameters
    ----------
    tasks
        From the lowest to the highest.
    feed
        Whether answers are passed on; without, a task passes on its features alone.

    Raises
    ------
    TypeError
        For a string instead of a list of tasks.
    ValueError
        For no task, or one twice.

    Examples
    --------
    >>> stack(["ner", "person"]).feeds
    {'encoder_2': {'person': ['ner']}}
    """
    tasks = names("tasks", tasks)
    levels = {"embedding": [tasks]} | {
        f"encoder_{place}": [tasks[place - 1 :]] for place in range(1, len(tasks) + 1)
    }
    feeds = {
        f"encoder_{place + 1}": {task: [tasks[place - 1]] for task in tasks[place:]}
        for place in range(1, len(tasks))
    }
    return SharingPlan(levels, feeds=feeds if flag("feed", feed) else None)

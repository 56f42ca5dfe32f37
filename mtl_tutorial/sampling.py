"""Which task's sentence comes next: `draws` checks the choice, `chances` and `turns` say how often each comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mtl_tutorial.arguments import number, one_of

SAMPLINGS = ("mixed", "proportional", "temperature", "round_robin", "in_turn")
"""Names of the ways to draw sentences, see `draws`."""

TEMPERATURE = 2.0
"""What ``"temperature"`` stands for."""


def draws(sampling: Any) -> str | float:
    r"""A way to draw sentences, checked: a name in `SAMPLINGS`, or a temperature.

    ``"mixed"``
        All sentences once an epoch, in random order, whatever labels they have.
    ``"proportional"``
        For every place in a batch a task is drawn, task :math:`t` with a chance in proportion to
        :math:`N_t`, its sentences with a label, and then one of these. Each task's sentences come
        in an order of their own, and start over when they run out.
    ``"temperature"``, or a number :math:`\tau` from 1 on
        The same with chances in proportion to :math:`N_t^{1/\tau}`: 1 is proportional; the larger,
        the nearer to equal chances. The name stands for `TEMPERATURE`.
    ``"round_robin"``
        Whole batches of one task's sentences, the tasks taking turns.
    ``"in_turn"``
        As many batches of each task, one task after the other within each epoch, in the order of
        the plan's tasks: name the lowest first. Such a batch has that task's labels alone.

    Otherwise a sentence brings all its labels along, so a batch may have labels of other tasks, too.

    Raises
    ------
    TypeError, ValueError
        For anything else.

    Examples
    --------
    >>> draws("round_robin"), draws(5)
    ('round_robin', 5.0)
    >>> draws(0.5)
    Traceback (most recent call last):
    ValueError: sampling must be at least 1.0, not 0.5
    """
    if isinstance(sampling, str):
        return one_of("sampling", sampling, SAMPLINGS)
    return number("sampling", sampling, least=1.0)


def chances(labeled: Mapping[str, int], sampling: str | float) -> dict[str, float]:
    """Task → chance that the next sentence is one of its.

    Parameters
    ----------
    labeled
        Task → sentences with a label of it.
    sampling
        ``"proportional"``, ``"temperature"``, or a temperature, see `draws`.

    Examples
    --------
    >>> chances({"ner": 900, "person": 100}, "proportional")
    {'ner': 0.9, 'person': 0.1}
    >>> chances({"ner": 900, "person": 100}, "temperature")
    {'ner': 0.75, 'person': 0.25}
    """
    named = {"proportional": 1.0, "temperature": TEMPERATURE}
    temperature = named[sampling] if isinstance(sampling, str) else sampling
    sizes = np.array(list(labeled.values()), float)
    powers = np.where(sizes > 0, sizes, np.nan) ** (1 / temperature)
    return dict(zip(labeled, (np.nan_to_num(powers) / np.nansum(powers)).tolist(), strict=True))


def turns(steps: int, tasks: int) -> list[int]:
    """How many batches of an epoch the turn of each task has: as many, the first ones what is left.

    Examples
    --------
    >>> turns(200, 3)
    [67, 67, 66]
    """
    return [steps // tasks + (place < steps % tasks) for place in range(tasks)]

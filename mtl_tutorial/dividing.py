"""Parts drawn from the training sentences, so that no two that belong together are parted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from mtl_tutorial.arguments import function, listed, mapping, number, shown
from mtl_tutorial.labeling import Finding, Sentence
from mtl_tutorial.reading import DataError, Place
from mtl_tutorial.tasks import is_missing

UNEVEN = "sentences held out, where another number was asked for"


def held_out(
    read: Mapping[str, list[Sentence]],
    hold_out: Mapping[str, float],
    stratify: Sequence[str],
    seed: int,
) -> tuple[dict[str, list[Sentence]], list[Finding]]:
    """What is left of the training part, and splits drawn from it, the labels of tasks spread evenly.

    What stays together: the rows of a group; among those of none, a sentence that stands twice.
    Where that makes a split half as large again as asked for, or half as small, it is a finding.
    """
    train = read["train"]
    shares = {"train": 1.0}
    for split, given in mapping("hold_out", hold_out, "split → share of training").items():
        if split in read:
            raise ValueError(
                f"hold_out: there is a split {split!r} already; name the new ones alone"
            )
        shares[split] = number(f"hold_out: share of split {split!r}", given, above=0, most=1)
        shares["train"] -= shares[split]
    alike: dict[Hashable, list[int]] = defaultdict(list)
    for i, sentence in enumerate(train):
        mine = sentence.group is not None
        alike[(None, sentence.group) if mine else tuple(sentence.tokens)].append(i)
    groups = list(alike.values())
    strata = [
        [(task, y) for task in stratify for y in dict.fromkeys(s.labels[task])] for s in train
    ]
    drawn = divided(groups, strata, shares, seed) if shares["train"] > 0 else {}
    if len(drawn) < len(shares) or not all(drawn.values()):
        kept = "; sentences that stand twice, or are of one group, stay together: {} in all"
        parts = "1 part" if len(groups) == 1 else f"{len(groups)} parts"
        raise ValueError(
            f"hold_out={dict(hold_out)} of {len(train)} training sentences leaves a split empty"
            f"{kept.format(parts) if len(groups) < len(train) else ''}"
        )
    found = []
    for split, share in hold_out.items():
        asked, came = share * len(train), len(drawn[split])
        if abs(came - asked) > max(1, asked / 2):
            example = f"{share:.0%} of {len(train)} would be {asked:.0f}"
            found.append(Finding(split, "", UNEVEN, came, example))
    return {split: [train[i] for i in rows] for split, rows in drawn.items()}, found


def grouping(group: Any) -> Callable[[Place, Mapping[str, Any]], Hashable]:
    """What says of a row which group it belongs to; None for none."""
    if group is None:
        return lambda place, row: None
    if not isinstance(group, str):
        function("group", group, "row → group, or a column's name", takes=1)
        return lambda place, row: _key(place, group(row))

    def of_column(place: Place, row: Mapping[str, Any]) -> Hashable:
        if group not in row:
            raise DataError(
                f"{place}: no {group!r} to group by; the row has {listed(sorted(map(str, row)))}"
            )
        return _key(place, row[group])

    return of_column


def _key(place: Place, group: Any) -> Hashable:
    if is_missing(group):
        return None
    if not isinstance(group, Hashable):
        raise DataError(f"{place}: a group must be a string or a number, not {shown(group)}")
    return group


def divided(
    groups: Sequence[Sequence[int]],
    strata: Sequence[Sequence[Hashable]],
    shares: Mapping[str, float],
    seed: int,
) -> dict[str, list[int]]:
    """Positions of each split, in order; every group whole, what is to be spread in proportion.

    In a random order, the largest groups first, each goes where most of its kind is still wanted
    (Sechidis et al. 2011, for groups in place of labels); the last ones to splits that have none.

    Parameters
    ----------
    groups
        Positions that belong together.
    strata
        What is to be spread evenly: of each position what it has, each thing once.
    shares
        Split → its share of all positions; they add up to 1.
    seed
        Seed for the order.

    Examples
    --------
    >>> parts = divided([[0, 1], [2], [3]], "aabb", {"train": 0.75, "valid": 0.25}, seed=0)
    >>> {split: len(rows) for split, rows in parts.items()}
    {'train': 3, 'valid': 1}
    """
    total, size = Counter(y for here in strata for y in here), len(strata)
    wanted = {split: {y: share * n for y, n in total.items()} for split, share in shares.items()}
    room = {split: share * size for split, share in shares.items()}
    found: dict[str, list[int]] = {split: [] for split in shares}
    order = [groups[i] for i in np.random.default_rng(seed).permutation(len(groups))]
    for done, group in enumerate(sorted(order, key=len, reverse=True)):
        empty = [split for split in shares if not found[split]]
        last = len(order) - done <= len(empty)
        here = Counter(y for i in group for y in strata[i])

        def need(split: str, here: Counter = here) -> tuple[float, float]:
            of_kind = sum(n * wanted[split][y] / total[y] for y, n in here.items())
            return round(of_kind, 9), room[split]

        best = max(empty if last else shares, key=need)
        found[best] += group
        room[best] -= len(group)
        for y, n in here.items():
            wanted[best][y] -= n
    return {split: sorted(rows) for split, rows in found.items()}

"""Parts drawn from the training sentences, so that no two that belong together are parted."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence

import numpy as np


def together(*keys: Sequence[Hashable]) -> list[list[int]]:
    """Positions that belong together: those with one key in common, and whatever hangs on them.

    Parameters
    ----------
    keys
        Lists of one length; None is no key.

    Examples
    --------
    >>> together(["tea", "tea", "oil", "ink"], ["Ana", "Ben", "Ben", None])
    [[0, 1, 2], [3]]
    """
    parent = list(range(len(keys[0])))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    for of_kind in keys:
        first: dict[Hashable, int] = {}
        for i, key in enumerate(of_kind):
            if key is not None:
                parent[root(i)] = root(first.setdefault(key, i))
    groups: dict[int, list[int]] = {}
    for i in range(len(parent)):
        groups.setdefault(root(i), []).append(i)
    return list(groups.values())


def divided(
    groups: Sequence[Sequence[int]],
    strata: Sequence[Hashable],
    shares: Mapping[str, float],
    seed: int,
) -> dict[str, list[int]]:
    """Positions of each split, in order; every group whole, each stratum in the splits' proportions.

    In a random order, the largest groups first, each goes where most of its kind is still wanted
    (Sechidis et al. 2011, for groups in place of labels).

    Parameters
    ----------
    groups
        Positions that belong together, as `together` gives them.
    strata
        What is to be spread evenly, one a position.
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
    total, size = Counter(strata), len(strata)
    wanted = {split: {y: share * n for y, n in total.items()} for split, share in shares.items()}
    room = {split: share * size for split, share in shares.items()}
    found: dict[str, list[int]] = {split: [] for split in shares}
    order = [groups[i] for i in np.random.default_rng(seed).permutation(len(groups))]
    for group in sorted(order, key=len, reverse=True):
        here = Counter(strata[i] for i in group)

        def need(split: str, here: Counter = here) -> tuple[float, float]:
            of_kind = sum(n * wanted[split][y] / total[y] for y, n in here.items())
            return round(of_kind, 9), room[split]

        best = max(shares, key=need)
        found[best] += group
        room[best] -= len(group)
        for y, n in here.items():
            wanted[best][y] -= n
    return {split: sorted(rows) for split, rows in found.items()}

"""The input pipeline of `fit`: `order` says which sentences make a batch, `batches` gathers them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial, reduce
from typing import Any

import numpy as np

from mtl_tutorial.data import Split
from mtl_tutorial.sampling import chances, turns
from mtl_tutorial.startup import tf
from mtl_tutorial.tasks import MISSING
from mtl_tutorial.text import PAD, UNK

POOL = 64
"""Batches whose sentences are sorted by length together."""


def batches(
    split: Split,
    tasks: Sequence[str],
    batch_size: int,
    seed: int,
    steps: int | None = None,
    word_dropout: float = 0.0,
    by_length: bool = False,
    sampling: str | float = "mixed",
) -> tf.data.Dataset:
    """Make the input pipeline of one epoch for `fit`, from arrays in memory.

    Parameters
    ----------
    split
        Where the sentences come from; those without a label of any of `tasks` are left out.
    tasks
        Whose targets to give.
    batch_size
        Sentences a batch; a batch is cut to its longest sentence.
    seed
        Seed for shuffling and word dropout; each epoch is shuffled anew.
    steps
        So many batches, starting over as often as needed; by default each sentence comes once.
    word_dropout
        A token that occurs n times becomes the unknown one with probability α / (α + n), where α is
        this number (Kiperwasser & Goldberg 2016 take 0.25): rare tokens often, frequent ones hardly
        ever. So the model learns what to make of unknown words.
    by_length
        Put sentences of like length into one batch, out of `POOL` batches' worth at a time: less
        padding, which costs an LSTM as much as words do.
    sampling
        Which sentences come how often, see `sampling.draws`.

    Returns
    -------
    tf.data.Dataset
        Of (inputs int32 [batch, time], {task: int32 [batch] or [batch, time]}).

    Raises
    ------
    ValueError
        If no sentence has a label.
    """
    rows = np.flatnonzero(split.labeled_for_any(tasks))
    if not len(rows):
        raise ValueError(f"no training sentence has a label for any of the tasks {list(tasks)}")
    inputs = split.inputs[rows]
    lengths = (inputs != PAD).sum(axis=1) if by_length else None
    labeled = {task: split.labeled(task)[rows] for task in tasks}
    pipeline = order(labeled, batch_size, seed, steps, lengths, sampling).map(
        _gather(inputs, {task: split.targets[task][rows] for task in tasks})
    )
    if sampling == "in_turn":
        pipeline = pipeline.enumerate().map(_whose_turn_it_is(labeled, len(pipeline)))
    if word_dropout:
        pipeline = pipeline.map(_word_dropout(inputs, word_dropout, seed))
    alone = tf.data.Options()  # one thread for the pipeline: more would take the model's cores
    alone.threading.private_threadpool_size = 1
    alone.autotune.enabled = False
    return pipeline.prefetch(2).with_options(alone)


def order(
    labeled: Mapping[str, np.ndarray],
    batch_size: int,
    seed: int,
    steps: int | None = None,
    lengths: np.ndarray | None = None,
    sampling: str | float = "mixed",
) -> tf.data.Dataset:
    """Order the sentences of an epoch's batches, as row numbers; anew each epoch.

    Parameters
    ----------
    labeled
        Task → whether each sentence has a label of it, bool [sentences].
    batch_size, seed, steps, sampling
        As in `batches`.
    lengths
        Tokens of each sentence, int [sentences], to put sentences of like length into one batch.

    Returns
    -------
    tf.data.Dataset
        Of int64 [batch].

    Examples
    --------
    >>> labeled = {"ner": np.array([True] * 5), "person": np.array([True] * 2 + [False] * 3)}
    >>> sorted(len(rows) for rows in order(labeled, batch_size=2, seed=0))
    [1, 2, 2]
    >>> _, person, _ = order(labeled, batch_size=2, seed=0, sampling="round_robin")
    >>> sorted(person.numpy().tolist())
    [0, 1]
    """
    (sentences,) = {len(mask) for mask in labeled.values()}
    epoch = math.ceil(sentences / batch_size) if steps is None else steps
    batched = partial(_batched, batch_size=batch_size, seed=seed, lengths=lengths)
    if sampling == "mixed":
        rows = tf.data.Dataset.range(sentences).shuffle(sentences, seed=seed)
        ordered = batched(rows if steps is None else rows.repeat())
    else:
        own = {task: np.flatnonzero(mask) for task, mask in labeled.items() if mask.any()}
        each = [
            tf.data.Dataset.from_tensor_slices(rows).shuffle(len(rows), seed=seed + place).repeat()
            for place, rows in enumerate(own.values())
        ]
        if sampling == "round_robin":
            in_turn = tf.data.Dataset.range(len(own)).repeat()
            ordered = tf.data.Dataset.choose_from_datasets(list(map(batched, each)), in_turn)
        elif sampling == "in_turn":
            counts = turns(epoch, len(own))
            parts = [batched(rows).take(n) for rows, n in zip(each, counts, strict=True)]
            ordered = reduce(tf.data.Dataset.concatenate, parts)
        else:
            often = chances({task: len(rows) for task, rows in own.items()}, sampling)
            drawn = tf.data.Dataset.sample_from_datasets(
                each, list(often.values()), seed=seed, rerandomize_each_iteration=True
            )
            ordered = batched(drawn)
    # How many there are, `rebatch` does not say; `fit` would run over the end of the epoch.
    return ordered.take(epoch).apply(tf.data.experimental.assert_cardinality(epoch))


def _batched(
    rows: tf.data.Dataset, batch_size: int, seed: int, lengths: np.ndarray | None
) -> tf.data.Dataset:
    """Row numbers gathered into batches, with `lengths` of sentences of like length."""
    if lengths is None:
        return rows.batch(batch_size)
    length = tf.constant(lengths)
    pools = rows.batch(POOL * batch_size)
    pools = pools.map(lambda pool: tf.gather(pool, tf.argsort(tf.gather(length, pool))))
    return pools.rebatch(batch_size).shuffle(POOL, seed=seed)


def _gather(inputs: np.ndarray, targets: dict[str, np.ndarray]) -> Callable:
    """What turns the row numbers of a batch into its inputs and targets.

    Sentences are kept one after the other without padding; a batch is as long as its own longest.
    """
    real = inputs != PAD
    counts = real.sum(axis=1)
    lengths, starts = tf.constant(counts), tf.constant(counts.cumsum() - counts)
    tokens = tf.constant(inputs[real])
    whole = {task: tf.constant(y) for task, y in targets.items() if y.ndim == 1}
    by_token = {task: tf.constant(y[real]) for task, y in targets.items() if y.ndim == 2}

    def gather(rows: Any) -> tuple[Any, dict[str, Any]]:
        here = tf.gather(lengths, rows)[:, None]
        places = tf.range(tf.reduce_max(here))[None]
        there = places < here  # [batch, longest]
        at = tf.where(there, tf.gather(starts, rows)[:, None] + places, 0)
        given = {task: tf.gather(y, rows) for task, y in whole.items()}
        given |= {t: tf.where(there, tf.gather(y, at), MISSING) for t, y in by_token.items()}
        return tf.where(there, tf.gather(tokens, at), PAD), {task: given[task] for task in targets}

    return tf.autograph.experimental.do_not_convert(gather)


def _whose_turn_it_is(labeled: Mapping[str, np.ndarray], steps: int) -> Callable:
    """What hides, in the so-many-th batch of an epoch, the labels of all tasks but the one in turn."""
    own = [task for task, mask in labeled.items() if mask.any()]
    ends = tf.constant(np.cumsum(turns(steps, len(own))))
    place = {task: i for i, task in enumerate(own)}

    def hide(step: Any, batch: tuple[Any, dict[str, Any]]) -> tuple[Any, dict[str, Any]]:
        tokens, targets = batch
        now = tf.reduce_sum(tf.cast(step >= ends, tf.int32))
        return tokens, {
            t: tf.where(now == place.get(t, -1), y, MISSING) for t, y in targets.items()
        }

    return tf.autograph.experimental.do_not_convert(hide)


def _word_dropout(inputs: np.ndarray, alpha: float, seed: int) -> Callable:
    """What turns tokens of a batch into unknown ones, the more often the rarer in `inputs`."""
    counts = np.bincount(inputs.ravel()).astype("float32")
    counts[PAD] = np.inf  # padding stays
    chances = tf.constant(alpha / (alpha + counts))
    generator = tf.random.Generator.from_seed(seed)  # goes on from epoch to epoch

    def forget(tokens: Any, targets: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        drawn = generator.uniform(tf.shape(tokens))
        return tf.where(drawn < tf.gather(chances, tokens), UNK, tokens), targets

    return tf.autograph.experimental.do_not_convert(forget)

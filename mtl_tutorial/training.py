"""`train`: Keras' `fit` with a fast pipeline, every task's curves, and a `Run` at the end."""

from __future__ import annotations

import math
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from mtl_tutorial.data import MultiTaskData, Split
from mtl_tutorial.decoding import rules, viterbi
from mtl_tutorial.model import MultiTaskModel
from mtl_tutorial.optimizers import FusedAdam
from mtl_tutorial.runs import COLUMNS, Run
from mtl_tutorial.scoring import score
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.tasks import MISSING
from mtl_tutorial.text import PAD, UNK, pad

CURVE_SENTENCES = 500
"""Labelled training sentences a task on which the training curve is measured."""

POOL = 64
"""Batches whose sentences are sorted by length together."""


def train(
    model: MultiTaskModel,
    data: MultiTaskData,
    epochs: int = 5,
    batch_size: int = 32,
    learning_rate: float | keras.optimizers.schedules.LearningRateSchedule | None = None,
    seed: int = 0,
    validation: str | None = "valid",
    early_stopping: int | None = None,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    *,
    steps_per_epoch: int | None = None,
    word_dropout: float = 0.0,
    by_length: bool = False,
    stop: threading.Event | None = None,
    watch: Callable[[Run], object] | None = None,
    progress: bool = True,
    name: str | None = None,
) -> Run:
    """Train `model` on ``data["train"]`` and keep every task's curve.

    A convenience above `fit`: sentences without a label for any of the model's tasks are passed
    over; the others are shuffled anew each epoch. Before the first step and after each epoch,
    loss and score of every task are measured without dropout, over labelled examples only, on the
    validation part and on up to 500 labelled training sentences a task.

    Parameters
    ----------
    model
        From `build_model`. If it is not compiled yet it trains with `FusedAdam`.
    data
        Must have the model's tasks and vocabulary.
    epochs
        Passes over the training sentences, or of `steps_per_epoch` batches.
    batch_size
        Sentences a step.
    learning_rate
        Of the optimizer, or one of `keras.optimizers.schedules`, which count steps; by default the
        optimizer's own, 0.001 for `FusedAdam`. A schedule, and a rate that takes a schedule's
        place, start a fresh optimizer of the same kind and configuration: its steps are counted
        from here, and `exclude_from_weight_decay`, which no configuration holds, is to be said anew.
    seed
        Of the order of the sentences.
    validation
        The split whose curves are kept beside the training part's; None for none.
    early_stopping
        Stop after so many epochs without a better mean validation score of the tasks. However the
        training ends, the model goes back to the best epoch's weights; to those it began with if
        no epoch was finished.
    callbacks
        Further Keras callbacks.
    steps_per_epoch
        Steps that count as one epoch, starting over when the sentences run out: equal budgets for
        models with few and with many labels.
    word_dropout
        How often a training token is taken for an unknown one, see `batches`.
    by_length
        Whether sentences of like length go into one batch, see `batches`.
    stop
        Set this event from another thread to end the training early.
    watch
        Called with the run so far whenever the curves have grown: before the first step and after
        each epoch.
    progress
        Whether to show a progress bar.
    name
        The run's name; made from the tasks and the seed by default.

    Returns
    -------
    Run
        Also of a training that was interrupted (Ctrl-C or `stop`) or whose loss became NaN: the
        curves so far, and the reason in ``run.header["stopped"]``.

    Raises
    ------
    ValueError
        If data and model do not fit, or no sentence carries a label.

    Examples
    --------
    >>> from mtl_tutorial.model import build_model
    >>> rows = [{"text": "Good tea!", "mood": "good"}, {"text": "Bad tea.", "mood": "bad"}]
    >>> data = MultiTaskData.from_rows({"train": rows, "valid": rows}, {"mood": "sequence"})
    >>> model = build_model(data, units=4, embedding_dim=4)
    >>> run = train(model, data, epochs=3, progress=False)
    >>> list(run.curve("mood", "loss").index)
    [0, 1, 2, 3]
    """
    _check(model, data, validation, epochs, batch_size, early_stopping)
    keras.utils.set_random_seed(seed)
    if not model.compiled:
        model.compile(FusedAdam())
    if learning_rate is not None:
        _set_learning_rate(model, learning_rate)

    pipeline = batches(
        data["train"], list(model.tasks), batch_size, seed, steps_per_epoch, word_dropout, by_length
    )
    header = {
        "run": name or f"{'+'.join(model.tasks)}/seed {seed}",
        "seed": seed,
        **{k: v for k, v in model.get_config().items() if k not in ("vocabulary", "tasks", "seed")},
        "model_seed": model.get_config()["seed"],
        "scores": {task.name: task.score for task in model.tasks.values()},
        "labels": {task: int(data["train"].labelled(task).sum()) for task in model.tasks},
        "epochs": epochs,
        "steps_per_epoch": len(pipeline),
        "batch_size": batch_size,
        "learning_rate": model.optimizer.get_config()["learning_rate"],
        "word_dropout": word_dropout,
        "by_length": by_length,
        "parameters": model.count_params(),
        "versions": {module.__name__: module.__version__ for module in (keras, tf, np)},
    }
    started = time.perf_counter()

    def so_far() -> Run:
        rows = [(header["run"], seed, *row) for row in curves.rows]
        changing = {
            "epoch": curves.kept_epoch,
            "seconds": time.perf_counter() - started,
            "stopped": curves.stopped,
        }
        return Run({**header, **changing}, pd.DataFrame(rows, columns=COLUMNS))

    def grown(epoch: int) -> None:
        if epoch and progress:
            bar.update()
        if watch is not None:
            watch(so_far())

    curves = _Curves(model, data, validation, seed, len(pipeline), early_stopping, stop, grown)
    with tqdm(total=epochs, unit="epoch", disable=not progress) as bar:
        try:
            curves.measure(0)
            if stop is not None and stop.is_set():  # before seconds are spent on the first step
                raise KeyboardInterrupt
            model.fit(
                pipeline,
                epochs=epochs,
                callbacks=[curves, *callbacks],
                shuffle=False,
                verbose=0,
            )
        except KeyboardInterrupt:
            curves.stopped = f"interrupted in epoch {curves.epoch + 1}"
    curves.restore()
    if curves.stopped and not (stop is not None and stop.is_set()):  # else the caller asked for it
        warnings.warn(
            f"training stopped: {curves.stopped}; the curves so far are kept", stacklevel=2
        )
    return so_far()


def _set_learning_rate(
    model: MultiTaskModel, rate: float | keras.optimizers.schedules.LearningRateSchedule
) -> None:
    optimizer = model.optimizer
    config = optimizer.get_config()
    if isinstance(config["learning_rate"], float) and not callable(rate):
        optimizer.learning_rate = rate  # a variable, which the traced step reads
    else:  # the traced step would go on by the old rate or the old schedule
        rate = rate if callable(rate) else float(rate)
        model.recompile(type(optimizer).from_config({**config, "learning_rate": rate}))


def evaluate(model: MultiTaskModel, data: MultiTaskData, split: str = "test") -> pd.DataFrame:
    """Loss and score of every task on one split, over labelled examples only.

    Returns
    -------
    pandas.DataFrame
        Indexed by task and metric (``"loss"`` in nats a label; ``"accuracy"`` or, for BIO tags,
        ``"f1"`` over entities); columns ``value`` and ``sentences``, the labelled ones counted. A
        task without labels there has NaN.

    Raises
    ------
    ValueError
        If data and model do not fit.

    Examples
    --------
    >>> from mtl_tutorial.model import build_model
    >>> rows = [{"text": "Good tea!", "mood": "good"}, {"text": "Bad tea."}]
    >>> data = MultiTaskData.from_rows({"train": rows, "test": rows}, {"mood": "sequence"})
    >>> table = evaluate(build_model(data, units=4, embedding_dim=4), data)
    >>> table["sentences"].to_dict()
    {('mood', 'loss'): 1, ('mood', 'accuracy'): 1}
    """
    _check(model, data, split)
    rows = [
        (task, metric, value, int(data[split].labelled(task).sum()))
        for task, metric, value in _measure(model, data[split])
    ]
    return pd.DataFrame(rows, columns=["task", "metric", "value", "sentences"]).set_index(
        ["task", "metric"]
    )


def answers(model: MultiTaskModel, split: Split, sequences: bool = False) -> dict[str, np.ndarray]:
    """Task → the model's label ids for a split, int32 [sentences] or [sentences, longest].

    Each label is the most probable one of its token; with `sequences` the labels of token tasks
    are each sentence's best sequence under BIO's rules and, with a CRF, its learned transitions.
    """
    found = {task: ids for task, (_, _, ids) in _answer(model, split).items()}
    if sequences:
        found |= _best_sequences(model, split)
    return found


def _best_sequences(model: MultiTaskModel, split: Split) -> dict[str, np.ndarray]:
    """Token task → its label ids."""
    between = {}
    for name, task in model.tasks.items():
        if task.kind == "token":
            learned = model.transitions(name)
            between[name] = rules(task) + (0 if learned is None else learned.numpy())
    rows: dict[str, list[np.ndarray]] = {name: [] for name in between}
    for inputs, _ in _chunks(split):
        logits = model(tf.constant(inputs), training=False)
        for name, transitions in between.items():
            pairs = zip(logits[name].numpy(), inputs, strict=True)
            rows[name] += [viterbi(scores[ids != PAD], transitions) for scores, ids in pairs]
    return {name: pad(found, 0, split.inputs.shape[1]) for name, found in rows.items()}


def _check(
    model: MultiTaskModel,
    data: MultiTaskData,
    split: str | None,
    epochs: int = 1,
    batch_size: int = 1,
    early_stopping: int | None = None,
) -> None:
    if model.vocabulary != data.vocabulary:
        raise ValueError("the model was built for other data: its vocabulary is a different one")
    for name, task in model.tasks.items():
        if data.tasks.get(name) != task:
            raise ValueError(
                f"the data's task {name!r} is {data.tasks.get(name)}, but the model's is {task}"
            )
    if split is not None and split not in data.splits:
        raise ValueError(f"no split {split!r}; these data have {list(data.splits)}")
    if min(epochs, batch_size) < 1:
        raise ValueError(f"epochs and batch_size must be at least 1, not {epochs} and {batch_size}")
    if early_stopping is None:
        return
    if split is None:
        raise ValueError("early stopping needs a validation split")
    if not any(data[split].labelled(task).any() for task in model.tasks):
        raise ValueError(
            f"early stopping needs labels, but split {split!r} has none of {list(model.tasks)}"
        )


# -- batches in, answers out


def batches(
    split: Split,
    tasks: Sequence[str],
    batch_size: int,
    seed: int,
    steps: int | None = None,
    word_dropout: float = 0.0,
    by_length: bool = False,
) -> tf.data.Dataset:
    """The input pipeline of one epoch for `fit`, from arrays in memory.

    Parameters
    ----------
    split
        Where the sentences come from; those without a label of any of `tasks` are left out.
    tasks
        Whose targets to give.
    batch_size
        Sentences a batch; a batch is cut to its longest sentence.
    seed
        Of the order, which is a new one each epoch.
    steps
        So many batches, starting over as often as needed; by default each sentence comes once.
    word_dropout
        A token that occurs n times becomes the unknown one with probability α / (α + n), where α is
        this number (Kiperwasser & Goldberg 2016 take 0.25): rare tokens often, frequent ones hardly
        ever. So the model learns what to make of unknown words.
    by_length
        Put sentences of like length into one batch, out of `POOL` batches' worth at a time: less
        padding, which costs an LSTM as much as words do.

    Returns
    -------
    tf.data.Dataset
        Of (inputs int32 [batch, time], {task: int32 [batch] or [batch, time]}).

    Raises
    ------
    ValueError
        If no sentence has a label.
    """
    rows = np.flatnonzero(split.labelled_for_any(tasks))
    if not len(rows):
        raise ValueError(f"no training sentence has a label for any of the tasks {list(tasks)}")
    inputs = tf.constant(split.inputs[rows])
    targets = {task: tf.constant(split.targets[task][rows]) for task in tasks}

    def gather(chosen: Any) -> tuple[Any, dict[str, Any]]:
        tokens = tf.gather(inputs, chosen)
        longest = tf.reduce_max(tf.reduce_sum(tf.cast(tokens != PAD, tf.int32), axis=1))
        labels = {task: tf.gather(target, chosen) for task, target in targets.items()}
        cut = {task: y if y.shape.rank == 1 else y[:, :longest] for task, y in labels.items()}
        return tokens[:, :longest], cut

    order = tf.data.Dataset.range(len(rows)).shuffle(len(rows), seed=seed)
    if steps is not None:
        order = order.repeat()
    if by_length:
        lengths = tf.constant((split.inputs[rows] != PAD).sum(axis=1))
        pools = order.batch(POOL * batch_size)
        pools = pools.map(lambda pool: tf.gather(pool, tf.argsort(tf.gather(lengths, pool))))
        order = pools.rebatch(batch_size).shuffle(POOL, seed=seed)
    else:
        order = order.batch(batch_size)
    if steps is None:
        steps = math.ceil(len(rows) / batch_size)
    # How many there are, `rebatch` does not say; `fit` would run over the end of the epoch.
    order = order.take(steps).apply(tf.data.experimental.assert_cardinality(steps))
    pipeline = order.map(tf.autograph.experimental.do_not_convert(gather))
    if word_dropout:
        forget = _word_dropout(split.inputs[rows], word_dropout, seed)
        pipeline = pipeline.map(tf.autograph.experimental.do_not_convert(forget))
    alone = tf.data.Options()  # one thread for the pipeline: more would take the model's cores
    alone.threading.private_threadpool_size = 1
    alone.autotune.enabled = False
    return pipeline.prefetch(2).with_options(alone)


def _word_dropout(inputs: np.ndarray, alpha: float, seed: int) -> Callable:
    """What turns tokens of a batch into unknown ones, the more often the rarer in `inputs`."""
    counts = np.bincount(inputs.ravel()).astype("float32")
    counts[PAD] = np.inf  # padding stays
    chances = tf.constant(alpha / (alpha + counts))
    generator = tf.random.Generator.from_seed(seed)  # goes on from epoch to epoch

    def forget(tokens: Any, targets: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        drawn = generator.uniform(tf.shape(tokens))
        return tf.where(drawn < tf.gather(chances, tokens), UNK, tokens), targets

    return forget


def _chunks(split: Split, size: int = 256) -> Iterator[tuple[np.ndarray, dict[str, np.ndarray]]]:
    for start in range(0, len(split), size):
        part = slice(start, start + size)
        yield split.inputs[part], {task: target[part] for task, target in split.targets.items()}


def _answer(model: MultiTaskModel, split: Split) -> dict[str, tuple[float, float, np.ndarray]]:
    """Task → summed loss, labels present, answers."""
    parts = [
        model.losses_and_answers(
            tf.constant(inputs), {task: tf.constant(targets[task]) for task in model.tasks}
        )
        for inputs, targets in _chunks(split)
    ]
    return {
        task: (
            sum(float(part[task][0]) for part in parts),
            sum(float(part[task][1]) for part in parts),
            np.concatenate([part[task][2].numpy() for part in parts]),
        )
        for task in model.tasks
    }


def _measure(model: MultiTaskModel, split: Split) -> list[tuple[str, str, float]]:
    """(task, metric, value) of every task on a split."""
    measured = []
    for name, (loss, labels, found) in _answer(model, split).items():
        task = model.tasks[name]
        measured.append((name, "loss", loss / labels if labels else float("nan")))
        measured.append((name, task.score, score(task, split.targets[name], found)))
    return measured


class _Curves(keras.callbacks.Callback):
    """Measures after every epoch; stops a training that is told to, turns NaN, or got no better."""

    def __init__(
        self,
        model: MultiTaskModel,
        data: MultiTaskData,
        validation: str | None,
        seed: int,
        steps: int,
        patience: int | None,
        stop: threading.Event | None,
        grown: Callable[[int], None],
    ):
        super().__init__()
        self.parts = {"train": _curve_sample(data["train"], list(model.tasks), seed)}
        if validation is not None:
            self.parts[validation] = data[validation]
        self.measured, self.validation, self.steps = model, validation, steps
        self.patience, self.stop, self.grown = patience, stop, grown
        self.rows: list[tuple] = []
        self.epoch = 0
        self.stopped: str | None = None
        self.best: tuple[float, int, list] | None = None
        self.kept_epoch = 0

    def measure(self, epoch: int) -> None:
        """Add a row for every task, split and metric; keep the weights of the best epoch."""
        rows = [
            (epoch, epoch * self.steps, task, split, metric, value)
            for split, part in self.parts.items()
            for task, metric, value in _measure(self.measured, part)
        ]
        bad = [
            task
            for *_, task, split, metric, value in rows
            if metric == "loss"
            and not math.isfinite(value)
            and self.parts[split].labelled(task).any()
        ]
        if epoch and bad:  # it was the last step of the epoch
            self._not_a_number(bad[0])
            return
        self.rows += rows
        self.epoch = self.kept_epoch = epoch
        if self.patience is not None:
            scores = [
                v for *_, split, metric, v in rows if split == self.validation and metric != "loss"
            ]
            mean = float(np.nanmean(scores)) if epoch else -math.inf  # any epoch beats none
            if self.best is None or mean > self.best[0]:
                self.best = (mean, epoch, self.measured.get_weights())
            elif epoch - self.best[1] >= self.patience:
                self.measured.stop_training = True
        self.grown(epoch)

    def restore(self) -> None:
        # Where an epoch was broken off, the weights are not those that were measured last.
        if self.best is not None and (self.stopped or self.best[1] != self.kept_epoch):
            self.measured.set_weights(self.best[2])
            self.kept_epoch = self.best[1]

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        bad = self.measured.label_means.first_not_finite()
        if bad:
            self._not_a_number(bad)
        elif self.stop is not None and self.stop.is_set():
            self.stopped = f"interrupted in epoch {self.epoch + 1}"
            self.measured.stop_training = True

    def _not_a_number(self, task: str) -> None:
        self.stopped = (
            f"the loss of task {task!r} is not a number any more, in epoch {self.epoch + 1}"
        )
        self.measured.stop_training = True

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        if not self.stopped:
            self.measure(epoch + 1)


def _curve_sample(split: Split, tasks: Sequence[str], seed: int) -> Split:
    """Up to `CURVE_SENTENCES` labelled sentences of each task; labels beyond those are left out."""
    rng = np.random.default_rng(seed)
    chosen = {
        t: rng.permutation(np.flatnonzero(split.labelled(t)))[:CURVE_SENTENCES] for t in tasks
    }
    rows = np.unique(np.concatenate(list(chosen.values())))
    sample = split.take(rows)
    for task in tasks:
        target = sample.targets[task].copy()
        target[~np.isin(rows, chosen[task])] = MISSING
        sample.targets[task] = target
    return sample

"""`train`: Keras' `fit` with a fast pipeline, every task's curves, and a `Run` at the end."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from mtl_tutorial.arguments import flag, function, shown, text
from mtl_tutorial.curves import Curves, curve_sample
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.evaluation import check_fit
from mtl_tutorial.fitting import callbacks_of
from mtl_tutorial.headers import header
from mtl_tutorial.model import MultiTaskModel
from mtl_tutorial.optimizers import FusedAdam
from mtl_tutorial.pipeline import batches
from mtl_tutorial.reasons import reason_in_words
from mtl_tutorial.records import Training, chosen, options_of
from mtl_tutorial.runs import COLUMNS, Run
from mtl_tutorial.startup import keras, tf
from mtl_tutorial.stopping import BestEpoch, Ending
from mtl_tutorial.successive import holding


@options_of(Training)
def train(
    model: MultiTaskModel,
    data: MultiTaskData,
    training: Training | None = None,
    *,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    stop: threading.Event | None = None,
    watch: Callable[[Run], object] | None = None,
    progress: bool = True,
    name: str | None = None,
    **options: Any,
) -> Run:
    """Train `model` on ``data["train"]`` and keep every task's curve.

    A convenience above `fit`: sentences without a label for any of the model's tasks are passed
    over; the others are shuffled anew each epoch. Before the first step and after each epoch,
    loss and score of every task are measured without dropout, over labeled examples only, on the
    validation part and on up to 500 labeled training sentences a task.

    A model that is trained again goes on from where it stands: its optimizer keeps its state, and
    epochs are counted on, so that the curves of both runs put together are one. A model that was
    saved compiled remembers its epochs.

    Trainings of one process take turns, since a seed belongs to the process: one that is started in
    another thread waits for its turn.

    Parameters
    ----------
    model
        From `build_model`. If it is not compiled yet it trains with `FusedAdam`.
    data
        Must have the model's tasks and vocabulary.
    training
        How long and how to train; by default `Training()`.
    callbacks
        Keras callbacks. Their ``logs`` have, beside what `fit` gives, ``val_loss``,
        ``val_<task>_loss``, ``val_<task>_<score>`` and ``val_score``, the mean score of the tasks.
    stop
        Set this event from another thread to end the training early.
    watch
        Called with the run so far whenever the curves have grown: before the first step and after
        each epoch.
    progress
        Whether to show a progress bar, with the loss and the tasks' scores after each epoch.
    name
        The run's name; made from the tasks and the seed by default.
    options
        Fields of `Training` by name, such as ``epochs=3, learning_rate=0.01``, in place of those of
        `training`. A schedule as learning rate, and a rate that takes a schedule's place, start a
        fresh optimizer of the same kind and configuration: its steps are counted from here. Set
        `exclude_from_weight_decay` again after that: Keras does not save it.

    Returns
    -------
    Run
        Also of a training that was interrupted (Ctrl-C or `stop`) or whose loss became NaN: the
        curves so far, and the reason in ``run.header["stopped"]``. With early stopping the model
        has the best epoch's weights however the training ends; those it began with if no epoch was
        finished.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or not allowed, data and model do not fit, or no
        sentence carries a label.

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
    training = chosen(Training, training, options)
    given = _check(model, data, training, callbacks, stop, watch)
    flag("progress", progress)
    name = name if name is None else text("name", name)
    with _ONE_AT_A_TIME:
        keras.utils.set_random_seed(training.seed)
        return _train(model, data, training, given, stop, watch, progress, name)


_ONE_AT_A_TIME = threading.RLock()  # a seed belongs to the process


def _train(
    model: MultiTaskModel,
    data: MultiTaskData,
    training: Training,
    callbacks: list[keras.callbacks.Callback],
    stop: threading.Event | None,
    watch: Callable[[Run], object] | None,
    progress: bool,
    name: str | None,
) -> Run:
    """Train as `train` says, with arguments that are checked and seeds that are set."""
    pipeline = _prepared(model, data, training)
    fixed = header(model, data, training, len(pipeline), name)
    parts = {"train": curve_sample(data["train"], list(model.tasks), training.seed)}
    if training.validation is not None:
        parts[training.validation] = data[training.validation]
    ending = Ending(stop)
    curves = Curves(model, parts, training.validation, len(pipeline), ending)
    patience = training.early_stopping
    best = None if patience is None else BestEpoch(patience, curves.first)
    started = time.perf_counter()

    def so_far(epoch: int) -> Run:
        rows = [(fixed["run"], training.seed, *row) for row in curves.rows]
        seconds = time.perf_counter() - started
        changing = {"epoch": epoch, "seconds": seconds, "stopped": ending.why}
        return Run({**fixed, **changing}, pd.DataFrame(rows, columns=COLUMNS))

    def grown(epoch: int, logs: Mapping[str, float] | None = None) -> None:
        if curves.epoch != epoch + 1:  # it was broken off
            return
        if logs:
            shown = curves.latest(training.validation or "train").items()
            scores = {f"{task} {m}": f"{value:.3f}" for (task, m), value in shown if m != "loss"}
            bar.set_postfix({"loss": f"{logs['loss']:.3f}", **scores}, refresh=False)
            bar.update()
        if watch is not None:
            watch(so_far(curves.epoch))

    last = curves.first + training.epochs
    own = [ending, curves, best, keras.callbacks.LambdaCallback(on_epoch_end=grown)]
    following = keras.callbacks.CallbackList(
        [callback for callback in (*own, *callbacks) if callback is not None],
        add_history=True, model=model, epochs=last, steps=len(pipeline),
    )  # fmt: skip
    with tqdm(total=training.epochs, unit="epoch", disable=not progress) as bar:
        try:
            curves.measure(curves.first)
            grown(curves.first - 1)
            if ending.asked_for:  # before seconds are spent on the first step
                raise KeyboardInterrupt
            weights = {"class_weight": training.class_weight} if training.class_weight else {}
            with holding(model, training.successive_regularization):
                model.fit(
                    pipeline, initial_epoch=curves.first, epochs=last, callbacks=following,
                    shuffle=False, **weights,
                )  # fmt: skip
        except KeyboardInterrupt:
            ending.interrupted(curves.epoch + 1)
            if ending.begun:  # what Keras leaves undone: files are closed, the best weights back
                following.on_train_end()
    if ending.why and not ending.asked_for:
        why = reason_in_words(ending.why)
        warnings.warn(f"training stopped: {why}; the curves so far are kept", stacklevel=3)
    kept = curves.epoch if best is None else best.best_epoch
    model.trained = (kept, curves.step_of(kept))
    return so_far(kept)


def _prepared(model: MultiTaskModel, data: MultiTaskData, training: Training) -> tf.data.Dataset:
    """Compile the model with the learning rate that is wanted; give the batches of an epoch."""
    if not model.compiled:
        model.compile(FusedAdam())
    pipeline = batches(
        data["train"], list(model.tasks), training.batch_size, training.seed,
        training.steps_per_epoch, training.word_dropout, training.by_length, training.sampling,
    )  # fmt: skip
    if training.cosine:
        decay = keras.optimizers.schedules.CosineDecay
        steps = training.epochs * len(pipeline)
        _set_learning_rate(model, decay(training.learning_rate, steps))
    elif training.learning_rate is not None:
        _set_learning_rate(model, training.learning_rate)
    return pipeline


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


def _check(
    model: MultiTaskModel,
    data: MultiTaskData,
    training: Training,
    callbacks: Any,
    stop: Any,
    watch: Any,
) -> list[keras.callbacks.Callback]:
    """Refuse what does not fit together; give the callbacks, which know what is better."""
    split = training.validation
    check_fit(model, data, split)
    if stop is not None and not callable(getattr(stop, "is_set", None)):
        raise TypeError(f"stop must be a threading.Event, not {shown(stop)}")
    if isinstance(watch, keras.layers.Layer):
        raise TypeError(f"watch must be a function that takes a Run, not {shown(watch)}")
    if watch is not None:
        function("watch", watch, "that takes a Run")
    rate, schedule = training.learning_rate, keras.optimizers.schedules.LearningRateSchedule
    if callable(rate) and not isinstance(rate, schedule):
        raise TypeError(f"learning_rate must be a number or a Keras schedule, not {shown(rate)}")
    judged = data[split] if training.early_stopping is not None and split is not None else None
    if judged is not None and not judged.labeled_for_any(list(model.tasks)).any():
        raise ValueError(
            f"early stopping needs labels, but split {split!r} has none of {list(model.tasks)}"
        )
    given = callbacks_of(callbacks)
    scores = {f"val_{task.name}_{task.score}" for task in model.tasks.values()} | {"val_score"}
    for callback in given:
        # Keras knows by a metric's name whether more is better, but not by these.
        if (
            getattr(callback, "mode", None) == "auto"
            and getattr(callback, "monitor", None) in scores
        ):
            callback.mode = "max"
    return given

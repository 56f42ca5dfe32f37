"""How a training ends before its last epoch, and which epoch's weights are kept."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from mtl_tutorial.reasons import reason
from mtl_tutorial.startup import keras


class Ending(keras.callbacks.Callback):
    """Ends a training that is told to end or whose loss is not a number any more; `why` says which.

    Parameters
    ----------
    stop
        The event that ends it.
    """

    def __init__(self, stop: threading.Event | None):
        super().__init__()
        self.stop = stop
        self.why: dict[str, Any] | None = None
        self.begun = False

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        self.begun = True

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        self.epoch = epoch + 1

    def on_train_batch_end(self, batch: int, logs: Mapping[str, Any] | None = None) -> None:
        bad = self.model.label_means.first_not_finite()
        if bad:
            self.not_a_number(bad, self.epoch)
        elif self.asked_for:
            self.interrupted(self.epoch)
            self.model.stop_training = True

    @property
    def asked_for(self) -> bool:
        """Whether the caller's own event ended it."""
        return self.stop is not None and self.stop.is_set()

    def interrupted(self, epoch: int) -> None:
        """The event or Ctrl-C ended it."""
        self.why = reason("interrupted", epoch=epoch)

    def not_a_number(self, task: str, epoch: int) -> None:
        """A step made the loss of `task` NaN or infinite."""
        self.why = reason("not a number", task=task, epoch=epoch)
        self.model.stop_training = True


class BestEpoch(keras.callbacks.EarlyStopping):
    """Keras' early stopping on ``val_score``, which gives back the best epoch's weights at the end.

    Unlike Keras' it gives back the weights that the training began with if no epoch was finished,
    and an epoch that was broken off, whose ``logs`` have no validation values, does not count.

    Parameters
    ----------
    patience
        Epochs without a better score after which it stops.
    first
        Epochs that the model was trained before; `best_epoch` counts on from there, and is `first`
        as long as no epoch is finished.
    """

    def __init__(self, patience: int, first: int):
        super().__init__("val_score", mode="max", patience=patience, restore_best_weights=True)
        self.first = self.best_epoch = first

    def on_train_begin(self, logs: Mapping[str, Any] | None = None) -> None:
        super().on_train_begin(logs)
        self.best_epoch, self.best_weights = self.first, self.model.get_weights()

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        if logs and self.monitor in logs:
            super().on_epoch_end(epoch + 1, logs)

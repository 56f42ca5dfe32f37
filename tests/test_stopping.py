"""Trainings that end before their last epoch: which weights are kept, and what the run says."""

import itertools
import threading
import warnings
from dataclasses import replace

import numpy as np
import pytest

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.evaluation import evaluate
from mtl_tutorial.model import MultiTaskModel
from mtl_tutorial.startup import keras
from tests.tiny import quickly, small, tiny_data

TASKS = ("mood", "person", "ner")


@pytest.fixture(scope="module")
def data() -> MultiTaskData:
    return tiny_data()


class StopAfter(keras.callbacks.Callback):
    def __init__(self, epochs, action):
        super().__init__()
        self.epochs, self.action = epochs, action

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 == self.epochs:
            self.action()


def interrupt():
    raise KeyboardInterrupt


def test_ctrl_c_returns_the_run_so_far(data):
    with pytest.warns(UserWarning, match="interrupted in epoch 3"):
        run = quickly(small(data), data, epochs=9, callbacks=[StopAfter(2, interrupt)])
    assert run.table["epoch"].max() == 2
    assert run.header["epoch"] == 2
    assert len(run.final("valid")) == 3


@pytest.mark.parametrize("patience", [None, 2])
def test_a_stop_flag_returns_the_run_so_far(data, patience):
    stop = threading.Event()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # who sets the flag need not be told
        run = quickly(
            small(data), data, epochs=9, stop=stop, early_stopping=patience,
            callbacks=[StopAfter(1, stop.set)],
        )  # fmt: skip
    assert run.table["epoch"].max() == 1
    assert run.header["stopped"] == {"why": "interrupted", "epoch": 2}


@pytest.mark.parametrize("patience", [None, 2])
def test_a_stop_before_the_first_step_spares_it(data, patience):
    stop = threading.Event()
    begun = StopAfter(0, pytest.fail)
    begun.on_train_begin = lambda logs=None: pytest.fail("a step is about to be traced")
    run = quickly(
        small(data), data, epochs=9, stop=stop, early_stopping=patience,
        watch=lambda _: stop.set(), callbacks=[begun],
    )  # fmt: skip
    assert run.header["stopped"] == {"why": "interrupted", "epoch": 1} and run.interrupted
    assert set(run.table["epoch"]) == {0} and run.header["epoch"] == 0


def spoil(model: MultiTaskModel) -> None:
    head = model.get_layer("person_head")
    head.set_weights([np.full_like(w, np.nan) for w in head.get_weights()])


def test_a_loss_that_is_not_a_number_names_task_and_epoch_and_keeps_the_curve(data):
    model = small(data)
    with pytest.warns(UserWarning, match="loss of task 'person' is not a number.*epoch 3"):
        run = quickly(model, data, epochs=9, callbacks=[StopAfter(2, lambda: spoil(model))])
    assert run.table["epoch"].max() == 2
    assert run.table["value"].notna().all()


def test_early_stopping_goes_back_to_the_best_epoch(data):
    model = small(data)

    def forget():
        model.set_weights([np.zeros_like(w) for w in model.get_weights()])
        model.optimizer.learning_rate = 0.0

    run = quickly(
        model, data, epochs=20, batch_size=8, early_stopping=2, callbacks=[StopAfter(4, forget)]
    )
    best = run.header["epoch"]
    mean = run.table.query("split == 'valid' and metric != 'loss'").groupby("epoch")["value"].mean()
    assert best == mean[1:].idxmax() <= 4
    assert mean.index.max() == best + 2
    assert (
        evaluate(model, data, "valid").loc[("mood", "accuracy"), "value"]
        == run.final("valid")["mood"]
    )


def test_early_stopping_goes_by_the_validation_part(data):
    """Whose labels are turned around here: what is learned in training is unlearned there."""
    data = data.only(["mood"])
    valid = data["valid"]
    around = replace(valid, targets={"mood": 1 - valid.targets["mood"]})
    data = replace(data, splits={**data.splits, "valid": around})
    run = quickly(small(data), data, epochs=12, batch_size=8, early_stopping=2)
    best = {split: run.curve("mood", split=split)[1:].idxmax() for split in ("train", "valid")}
    assert run.header["epoch"] == best["valid"] < best["train"]


def test_what_callbacks_opened_is_closed_after_ctrl_c(data, tmp_path):
    log = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    with pytest.warns(UserWarning, match="interrupted in epoch 2"):
        quickly(small(data), data, callbacks=[log, StopAfter(1, interrupt)])
    assert log.csv_file.closed


@pytest.mark.filterwarnings("ignore:training stopped")
@pytest.mark.parametrize(
    "ending, after",  # so many steps, eight an epoch
    [("not a number", 3), ("not a number", 11), ("not a number", 16), ("flag", 11), ("ctrl-c", 11)],
)
def test_early_stopping_goes_back_from_within_an_epoch_too(data, ending, after):
    model, stop = small(data), threading.Event()
    model.compile(steps_per_execution=1)
    end = {"not a number": lambda: spoil(model), "flag": stop.set, "ctrl-c": interrupt}[ending]
    steps, epochs = itertools.count(1), (after - 1) // 8
    amid = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda *_, **__: end() if next(steps) == after else None
    )
    judged = []
    heard = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: judged.append("val_score" in logs)
    )
    run = quickly(
        model, data, epochs=2, batch_size=8, early_stopping=2, stop=stop, callbacks=[amid, heard]
    )
    assert sum(judged) == epochs  # the one that was broken off has no validation values
    assert run.header["stopped"] and run.header["epoch"] == run.table["epoch"].max() == epochs
    table = evaluate(model, data, "valid")["value"]
    assert run.final().to_dict() == {task: table[task, data.tasks[task].score] for task in TASKS}
    assert [run.curve(task, "loss")[epochs] for task in TASKS] == list(table[:, "loss"])

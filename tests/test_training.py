import importlib.metadata
import inspect
import json
import re
import threading
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mtl_tutorial import training
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.evaluation import answers, evaluate
from mtl_tutorial.model import load_model
from mtl_tutorial.optimizers import FusedAdam
from mtl_tutorial.pipeline import batches
from mtl_tutorial.runs import Run
from mtl_tutorial.startup import keras
from mtl_tutorial.training import train
from tests.tiny import quickly, small, tiny_data
from tests.waiting import DEADLINE, Turn, until

TASKS = ("mood", "person", "ner")


@pytest.fixture(scope="module")
def data() -> MultiTaskData:
    return tiny_data()


# -- the run


def test_training_learns_every_task_and_keeps_every_curve(data):
    model = small(data)
    run = quickly(model, data, epochs=12, batch_size=8)
    assert (run.final("valid") > 0.9).all()
    measured = run.table.groupby(["task", "split", "metric"])["epoch"].apply(list)
    assert set(measured.index) == {
        (task, split, metric)
        for task in TASKS
        for split in ("train", "valid")
        for metric in ("loss", "f1" if task == "ner" else "accuracy")
    }
    assert all(epochs == list(range(13)) for epochs in measured)
    assert run.table["step"].max() == 12 * 8
    assert run.header["parameters"] == model.count_params()
    assert run.header["labels"] == dict.fromkeys(TASKS, 64)
    assert run.header["stopped"] is None and run.header["seconds"] > 0


def test_a_header_says_how_the_model_was_compiled(data):
    model = small(data)
    model.compile(FusedAdam(clipnorm=0.5), weigh={"mood": 2.0})
    header = quickly(model, data, epochs=1).header
    assert header["optimizer"]["class_name"] == "FusedAdam"
    assert header["optimizer"]["config"]["clipnorm"] == 0.5
    assert header["weigh"] == {"class_name": "HandSet", "config": {"weights": {"mood": 2.0}}}
    assert (header["combine"], header["over"], header["validation"]) == (None, None, "valid")
    model.compile(combine="equal", over="last")
    header = quickly(model, data, epochs=1, validation="test").header
    assert (header["weigh"], header["combine"], header["over"]) == ("equal", "equal", "last")
    assert header["validation"] == "test"


def test_a_run_can_be_saved_whatever_numbers_it_was_given(data, tmp_path):
    model = small(data)

    def loudest(losses, present):
        return keras.ops.max(keras.ops.stack(list(losses.values())))

    model.compile(keras.optimizers.Adam(0.01, clipvalue=np.float32(2)), weigh=loudest)
    run = quickly(model, data, epochs=np.int64(2), seed=np.int64(3), learning_rate=None)
    assert run.header == json.loads(json.dumps(run.header))
    assert (run.header["epochs"], run.header["weigh"]) == (2, "loudest")
    run.save(tmp_path / "run.csv")
    assert Run.load(tmp_path / "run.csv").header == run.header


def test_training_asks_for_no_distribution_by_name(data, monkeypatch):
    """Binder has tensorflow-cpu instead of tensorflow: the same module, another distribution."""

    def none(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "distribution", none)
    versions = quickly(small(data), data, epochs=1).header["versions"]
    assert versions.keys() == {"keras", "tensorflow", "numpy"}
    assert versions["numpy"] == np.__version__


def test_the_run_says_what_evaluate_says(data):
    model = small(data)
    run = quickly(model, data)
    for split, sentences in (("train", 64), ("valid", 32)):
        table = evaluate(model, data, split)
        for task in TASKS:
            for metric in ("loss", data.tasks[task].score):
                assert run.curve(task, metric, split).iloc[-1] == table.loc[(task, metric), "value"]
        assert (table["sentences"] == sentences).all()


def test_who_watches_is_shown_the_run_so_far(data):
    shown = []
    run = quickly(small(data), data, watch=shown.append)
    assert [so_far.header["epoch"] for so_far in shown] == [0, 1, 2]
    for so_far in shown:
        pd.testing.assert_frame_equal(so_far.table, run.until(so_far.header["epoch"]).table)


def test_one_seed_gives_one_run(data):
    runs = [quickly(small(data, seed=seed), data, seed=seed) for seed in (1, 1, 2)]
    values = [run.table["value"].to_numpy() for run in runs]
    np.testing.assert_array_equal(values[0], values[1])
    assert np.abs(values[0] - values[2]).max() > 0


def test_the_test_part_is_not_touched(data):
    poisoned = dict(data.splits)
    del poisoned["test"]
    without = MultiTaskData(data.tasks, data.vocabulary, poisoned)
    run = quickly(small(without), without)
    assert set(run.table["split"]) == {"train", "valid"}


def test_an_epoch_is_as_many_steps_as_asked_for(data):
    few = data.with_labels({"mood": 3})
    model = small(few.only(["mood"]))
    run = quickly(model, few, epochs=2, batch_size=8, steps_per_epoch=7)
    assert model.optimizer.iterations.numpy() == 14
    assert run.table["step"].max() == 14


def test_the_batches_are_those_that_were_asked_for(data, monkeypatch):
    asked = {}

    def noted(*given, **named):
        asked.update(inspect.signature(batches).bind(*given, **named).arguments)
        return batches(*given, **named)

    monkeypatch.setattr(training, "batches", noted)
    own = {"word_dropout": 0.25, "by_length": True, "sampling": "proportional"}
    quickly(small(data), data, epochs=1, batch_size=8, seed=5, steps_per_epoch=3, **own)
    assert asked.pop("split") is data["train"]
    assert asked == {"tasks": list(TASKS), "batch_size": 8, "seed": 5, "steps": 3, **own}


def test_word_dropout_is_for_training_alone(data):
    # A model that sees nothing but unknown words in training has nothing to go by in validation.
    runs = {
        alpha: quickly(small(data), data, epochs=6, batch_size=8, word_dropout=alpha)
        for alpha in (0.0, 1e9)
    }
    assert runs[1e9].header["word_dropout"] == 1e9
    assert runs[1e9].final("valid")["mood"] < 0.8
    assert runs[0.0].final("valid")["mood"] > 0.9


# -- what does not fit


def test_early_stopping_needs_labels_to_go_by(data):
    valid = data["valid"]
    nothing = {task: np.full_like(y, -1) for task, y in valid.targets.items()}
    blind = replace(data, splits={**data.splits, "valid": replace(valid, targets=nothing)})
    with pytest.raises(ValueError, match="early stopping needs labels, but split 'valid' has none"):
        train(small(data), blind, early_stopping=2, progress=False)


def test_data_that_do_not_fit_are_refused(data):
    model = small(data)
    rows = {"train": [{"tokens": ["x"], "mood": "bad"}]}
    foreign = MultiTaskData.from_rows(rows, [data.tasks["mood"]])
    for bad, message in (
        (foreign, "its vocabulary is a different one"),
        (data.only(["mood"]), "task 'person' is None"),
    ):
        with pytest.raises(ValueError, match=message):
            quickly(model, bad)
    with pytest.raises(ValueError, match=r"no split 'dev'.* data.joined\(hold_out={'dev': 0.1}\)"):
        quickly(model, data, validation="dev")
    with pytest.raises(ValueError, match="at least 1"):
        quickly(model, data, epochs=0)
    with pytest.raises(ValueError, match="needs a validation split"):
        quickly(model, data, validation=None, early_stopping=2)
    with pytest.raises(ValueError, match="no training sentence has a label"):
        quickly(small(data.only(["mood"])), data.with_labels({"mood": 0}))


def test_training_again_goes_on_with_the_same_optimizer(data):
    model = small(data)
    quickly(model, data)
    steps = int(model.optimizer.iterations.numpy())
    quickly(model, data, learning_rate=None)
    assert int(model.optimizer.iterations.numpy()) == 2 * steps
    assert float(model.optimizer.learning_rate.numpy()) == pytest.approx(0.02)


def test_training_again_goes_on_with_the_curve(data, tmp_path):
    model = small(data)
    seen = []
    watch = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: seen.append(epoch))
    first = quickly(model, data, batch_size=8, name="first")
    second = quickly(model, data, epochs=3, batch_size=8, name="second", callbacks=[watch])
    assert seen == [2, 3, 4]
    assert (first.header["first_epoch"], first.header["epoch"]) == (0, 2)
    assert (second.header["first_epoch"], second.header["epoch"]) == (2, 5)
    assert second.header["epochs"] == 3
    for task in TASKS:  # the second begins where the first ended
        curve = second.curve(task, "loss")
        assert list(curve.index) == [2, 3, 4, 5]
        assert curve[2] == first.curve(task, "loss")[2]
    steps = pd.concat([first.table, second.table]).groupby("epoch")["step"].unique()
    assert steps.map(list).to_dict() == {epoch: [8 * epoch] for epoch in range(6)}
    model.save(tmp_path / "model.keras")
    third = quickly(load_model(tmp_path / "model.keras"), data, epochs=1, batch_size=4)
    assert third.header["first_epoch"] == 5
    assert third.table.groupby("epoch")["step"].first().to_dict() == {5: 40, 6: 56}


def test_early_stopping_counts_on_from_the_best_epoch(data):
    model = small(data)
    run = quickly(model, data, epochs=9, batch_size=8, early_stopping=1, learning_rate=0.05)
    best = run.header["epoch"]
    again = quickly(model, data, epochs=9, batch_size=8, early_stopping=1, learning_rate=0.0)
    assert again.header["first_epoch"] == best
    assert list(again.curve("mood").index) == [best, best + 1, best + 2]
    assert again.header["epoch"] == best + 1
    stop = threading.Event()
    stop.set()
    ended = quickly(model, data, early_stopping=1, stop=stop)
    assert ended.header["epoch"] == best + 1


def test_a_learning_rate_can_follow_a_schedule(data):
    rates = []
    model = small(data)
    schedule = keras.optimizers.schedules.CosineDecay(0.02, decay_steps=8)
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: rates.append(float(model.optimizer.learning_rate))
    )
    run = quickly(model, data, epochs=4, learning_rate=schedule, callbacks=[watch])
    np.testing.assert_allclose(rates, [schedule(2 * epoch) for epoch in range(1, 5)], rtol=1e-5)
    assert run.header["learning_rate"]["config"]["decay_steps"] == 8


def test_a_cosine_is_the_schedule_of_the_whole_training(data):
    few = data.with_labels({"mood": 10, "person": 0, "ner": 0})
    runs, weights = [], []
    schedule = keras.optimizers.schedules.CosineDecay(0.02, decay_steps=2 * 3)
    for rate in ({"learning_rate": 0.02, "cosine": True}, {"learning_rate": schedule}):
        model = small(few)
        runs.append(quickly(model, few, epochs=3, batch_size=8, **rate))
        weights.append(model.get_weights())
    assert runs[0].header["learning_rate"] == runs[1].header["learning_rate"]
    for one, other in zip(*weights, strict=True):
        np.testing.assert_array_equal(one, other)


NONE = keras.optimizers.schedules.CosineDecay(0.0, decay_steps=2)
FALLING = keras.optimizers.schedules.CosineDecay(0.02, decay_steps=2)  # to 0 in one epoch


@pytest.mark.parametrize(
    "first, second, moves",
    [(0.02, 0.0, False), (0.02, NONE, False), (FALLING, FALLING, True), (NONE, 0.02, True)],
)
def test_a_second_training_follows_its_own_learning_rate(data, first, second, moves):
    """Keras keeps the traced step, and in it the variable or the schedule that it began with."""
    data = data.only(["mood"])
    model = small(data)
    model.compile(FusedAdam(clipnorm=0.5), weigh={"mood": 2.0}, steps_per_execution=1)
    quickly(model, data, epochs=1, learning_rate=first)
    before = model.get_weights()
    quickly(model, data, epochs=1, learning_rate=second)
    pairs = zip(before, model.get_weights(), strict=True)
    assert any((was != now).any() for was, now in pairs) == moves
    assert (type(model.optimizer), model.optimizer.clipnorm) == (FusedAdam, 0.5)
    assert (model.weigh.weights, model.steps_per_execution) == ({"mood": 2.0}, 1)


def test_class_weights_count_in_the_loss(data):
    data = data.only(["mood"])
    models = {}
    for weights in (None, {"mood": {"good": 50.0}}):
        model = models[str(weights)] = small(data)
        run = quickly(model, data, epochs=1, batch_size=8, class_weight=weights)
        assert run.header["class_weight"] == weights
    shares = [(answers(model, data)["mood"] == 1).mean() for model in models.values()]
    assert shares[0] < 0.9 < shares[1]
    with pytest.raises(ValueError, match="task in class_weight"):
        quickly(small(data), data, class_weight={"nothing": {"good": 2.0}})


# -- callbacks


def test_callbacks_see_validation_values(data):
    model, logs = small(data), []
    model.compile(weigh={"mood": 3.0})
    seen = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, given: logs.append(dict(given))
    )
    run = quickly(model, data, validation="test", callbacks=[seen])
    assert run.table["step"].max() == 2 * seen.params["steps"] > 0
    for epoch, given in enumerate(logs, start=1):
        values = {
            f"val_{task}_{metric}": run.curve(task, metric)[epoch]
            for task in TASKS
            for metric in ("loss", data.tasks[task].score)
        }
        assert values.items() <= given.items()
        losses = [given[f"val_{task}_loss"] for task in TASKS]
        assert given["val_loss"] == pytest.approx(np.dot([3, 1, 1], losses), rel=1e-5)
        scores = [given[f"val_{task}_{data.tasks[task].score}"] for task in TASKS]
        assert given["val_score"] == pytest.approx(np.mean(scores))
        assert given["loss"] > 0  # Keras' own are there, too


def test_keras_own_callbacks_work(data, tmp_path):
    model = small(data)
    model.compile(FusedAdam(0.05))
    stopping = keras.callbacks.EarlyStopping("val_mood_accuracy", patience=2)
    saving = keras.callbacks.ModelCheckpoint(
        tmp_path / "best.keras", monitor="val_ner_f1", save_best_only=True
    )
    log = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    run = quickly(
        model, data, epochs=20, batch_size=8, learning_rate=None,
        callbacks=[stopping, saving, log],
    )  # fmt: skip
    mood, ner = run.curve("mood")[1:], run.curve("ner")[1:]
    assert len(mood) == mood.idxmax() + 2 < 20 and stopping.best == mood.max()
    best = evaluate(load_model(tmp_path / "best.keras"), data, "valid")
    assert best["value"]["ner", "f1"] == ner.max()
    logged = pd.read_csv(tmp_path / "log.csv")
    np.testing.assert_allclose(logged["val_mood_accuracy"], mood, rtol=1e-6)
    assert list(logged["epoch"]) == list(range(len(mood)))


def test_tensorboard_gets_validation_values(data, tmp_path):
    pytest.importorskip("tensorboard")
    quickly(small(data), data, callbacks=[keras.callbacks.TensorBoard(tmp_path)])
    assert list((tmp_path / "validation").iterdir())


@pytest.mark.parametrize("weigh, of", [("equal", float), ("log_losses", np.log)])
def test_a_part_without_labels_has_validation_values_that_are_no_numbers(data, weigh, of):
    valid, logs = data["valid"], {}
    blind = replace(
        valid, targets={**valid.targets, "mood": np.full_like(valid.targets["mood"], -1)}
    )
    half = replace(data, splits={**data.splits, "valid": blind})
    model = small(half)
    model.compile(weigh=weigh)
    seen = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, given: logs.update(given))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quickly(model, half, epochs=1, callbacks=seen)  # one, not in a list
    assert np.isnan(logs["val_mood_loss"]) and np.isfinite(logs["val_score"])
    present = [of(logs[f"val_{task}_loss"]) for task in ("person", "ner")]
    assert logs["val_loss"] == pytest.approx(sum(present), rel=1e-4)


def test_without_a_validation_part_there_are_no_validation_values(data):
    logs = {}
    seen = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, given: logs.update(given))
    run = quickly(small(data), data, epochs=1, validation=None, callbacks=seen)
    assert set(run.table["split"]) == {"train"}
    assert "loss" in logs and not [name for name in logs if name.startswith("val")]


def test_progress_shows_loss_and_scores(data, capsys):
    run = quickly(small(data), data, progress=True)
    printed, shown = capsys.readouterr()
    assert not printed  # Keras has a bar of its own
    assert "loss=" in shown
    for task, value in run.final().items():
        assert f"{task} {data.tasks[task].score}={value:.3f}" in shown
        assert f"{task} loss" not in shown


def test_trainings_in_two_threads_take_turns(data, monkeypatch):
    """Or the seed of one would be that of the other."""
    order, beside, turn = [], [], Turn()
    monkeypatch.setattr(training, "_ONE_AT_A_TIME", turn)

    def second() -> None:
        quickly(small(data), data, epochs=1, watch=lambda _: order.append("second"))

    def begin_another(*_) -> None:
        beside.append(threading.Thread(target=second))
        beside[-1].start()
        until(lambda: turn.waited_for.is_set() or order)

    another = keras.callbacks.LambdaCallback(
        on_train_begin=begin_another, on_train_end=lambda *_: order.append("first is over")
    )
    run = quickly(small(data), data, seed=3, callbacks=[another])
    beside[0].join(DEADLINE)
    assert order == ["first is over", "second", "second"]
    alone = quickly(small(data), data, seed=3)
    pd.testing.assert_frame_equal(run.table, alone.table)


# -- what is given that does not fit


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"epochs": "3"}, TypeError, "epochs must be a whole number, not '3'"),
        ({"epochs": 2.5}, TypeError, "epochs must be a whole number, not 2.5"),
        ({"learning_rate": -0.01}, ValueError, "learning_rate must be at least 0"),
        ({"word_dropout": -1}, ValueError, "word_dropout must be at least 0"),
        ({"early_stopping": -1}, ValueError, "early_stopping must be at least 0"),
        ({"steps_per_epoch": 0}, ValueError, "steps_per_epoch must be at least 1"),
        ({"sampling": "turns"}, ValueError, "unknown sampling 'turns'"),
        ({"class_weight": {"mood": 2}}, TypeError, "must be a dictionary label → weight"),
        ({"name": 3}, TypeError, "name must be a string"),
        ({"callbacks": [3]}, TypeError, "callbacks must be a list of Keras callbacks; 3"),
        ({"callbacks": "early"}, TypeError, "callbacks must be a list of Keras callbacks, not 'early'"),
        ({"callbacks": {"a": 1}}, TypeError, "callbacks must be a list"),
        ({"stop": True}, TypeError, "stop must be a threading.Event, not True"),
        ({"watch": "me"}, TypeError, "watch must be a function"),
        ({"progress": "no"}, TypeError, "progress must be True or False"),
        ({"training": 3}, TypeError, "training must be a Training"),
        ({"epoch": 3}, TypeError, "no option 'epoch'; did you mean 'epochs'"),
    ],
    ids=str,
)  # fmt: skip
def test_an_argument_that_is_wrong_is_named(data, options, error, message):
    model = small(data)
    before = model.get_weights()
    with pytest.raises(error, match=re.escape(message)):
        train(model, data, **{"progress": False, **options})
    assert model.trained == (0, 0) and not model.compiled
    for was, now in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(was, now)


def test_model_and_data_are_not_mixed_up(data):
    model = small(data)
    for call, message in (
        (lambda: train(data, model), "model must be a MultiTaskModel, from build_model"),
        (lambda: train(model, data["train"]), "data must be a MultiTaskData"),
        (lambda: evaluate(model, "test"), "data must be a MultiTaskData"),
        (lambda: evaluate(model, data["test"]), "data must be a MultiTaskData"),
        (lambda: evaluate(model, data, None), "split must be a string, not None"),
        (lambda: answers(data, model), "model must be a MultiTaskModel"),
        (lambda: answers("model", data["test"]), "model must be a MultiTaskModel"),
    ):
        with pytest.raises(TypeError, match=re.escape(message)):
            call()


def test_a_language_model_learns_what_follows():
    data = tiny_data(("mood", "lm"))
    model = small(data)
    run = quickly(model, data, epochs=10, batch_size=8)
    assert run.curve("lm", "loss").iloc[-1] < run.curve("lm", "loss").iloc[0] * 0.7

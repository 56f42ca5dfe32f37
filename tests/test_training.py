import importlib.metadata
import itertools
import threading
import warnings
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.decoding import rules, viterbi
from mtl_tutorial.model import MultiTaskModel, build_model
from mtl_tutorial.optimizers import FusedAdam
from mtl_tutorial.runs import Run
from mtl_tutorial.scoring import entity_f1
from mtl_tutorial.startup import keras
from mtl_tutorial.text import PAD, UNK
from mtl_tutorial.training import answers, batches, evaluate, train
from tests.tiny import tiny_data

TASKS = ("mood", "person", "ner")


@pytest.fixture(scope="module")
def data() -> MultiTaskData:
    return tiny_data()


def small(data: MultiTaskData, **options) -> MultiTaskModel:
    return build_model(data, units=8, embedding_dim=8, **options)


def quickly(model: MultiTaskModel, data: MultiTaskData, **options) -> Run:
    return train(model, data, **{"epochs": 2, "progress": False, "learning_rate": 0.02, **options})


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
    assert run.header["stopped"] is None


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


def test_evaluate_counts_as_a_loop_would(data):
    model = small(data)
    quickly(model, data)
    hidden = data.with_labels({"mood": 5}, seed=1)
    table, found = evaluate(model, hidden, "train"), answers(model, hidden["train"])
    train_part = hidden["train"]
    rows = np.flatnonzero(train_part.labelled("mood"))
    assert table.loc[("mood", "accuracy"), "value"] == np.mean(
        found["mood"][rows] == train_part.targets["mood"][rows]
    )
    assert table.loc[("mood", "accuracy"), "sentences"] == 5
    names = data.tasks["ner"].labels
    gold, tags = [], []
    for labels, answer, tokens in zip(
        train_part.targets["ner"], found["ner"], train_part.tokens, strict=True
    ):
        gold.append([names[i] for i in labels[: len(tokens)]])
        tags.append([names[i] for i in answer[: len(tokens)]])
    assert table.loc[("ner", "f1"), "value"] == entity_f1(gold, tags)


def test_answers_can_be_the_best_sequence_of_tags(data):
    model, part = small(data), data["test"]  # untrained: many a tag where BIO does not allow it
    names = data.tasks["ner"].labels
    plain, best = answers(model, part), answers(model, part, sequences=True)
    np.testing.assert_array_equal(plain["mood"], best["mood"])
    assert best["ner"].shape == plain["ner"].shape
    logits = model.predict(part.inputs, verbose=0)["ner"]
    for row, tokens in enumerate(part.tokens):
        log_p = keras.ops.convert_to_numpy(keras.ops.log_softmax(logits[row, : len(tokens)]))
        np.testing.assert_array_equal(
            best["ner"][row, : len(tokens)], viterbi(log_p, rules(data.tasks["ner"]))
        )
    assert "I-PROD" in [names[tags[0]] for tags in plain["ner"]]
    assert "I-PROD" not in [names[tags[0]] for tags in best["ner"]]


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


def test_batches_hold_the_labelled_sentences_once_an_epoch_and_no_more_padding_than_needed(data):
    few = data.with_labels({"mood": 10, "person": 10}, seed=3)
    found = list(batches(few["train"], ["mood", "person"], 4, seed=0))
    rows = np.flatnonzero(few["train"].labelled("mood") | few["train"].labelled("person"))
    assert sum(len(tokens) for tokens, _ in found) == len(rows)
    seen = sorted(tuple(t[t != 0]) for tokens, _ in found for t in tokens.numpy())
    assert seen == sorted(tuple(t[t != 0]) for t in few["train"].inputs[rows])
    for tokens, targets in found:
        assert (tokens.numpy()[:, -1] != 0).any()
        assert set(targets) == {"mood", "person"}


def padding(found) -> int:
    return sum(int((tokens.numpy() == PAD).sum()) for tokens, _ in found)


@pytest.mark.parametrize("steps", [None, 5, 20])
def test_batches_by_length_hold_the_same_sentences_with_less_padding(data, steps):
    train_part = data["train"]

    def epoch(by_length: bool) -> list:
        pipeline = batches(train_part, ["mood", "ner"], 8, 0, steps, by_length=by_length)
        assert len(pipeline) == (steps or 8)
        return list(pipeline)

    found = epoch(True)
    assert len(found) == (steps or 8)
    assert padding(found) < padding(epoch(False)) / 2
    labels = {}
    targets = train_part.targets
    for ids, mood, tags in zip(train_part.inputs, targets["mood"], targets["ner"], strict=True):
        labels.setdefault(tuple(ids[ids != PAD]), set()).add((mood, tuple(tags[ids != PAD])))
    seen = Counter()
    for tokens, given in found:
        for ids, mood, tags in zip(tokens.numpy(), *map(np.array, given.values()), strict=True):
            key = tuple(ids[ids != PAD])
            seen[key] += 1
            assert (mood, tuple(tags[ids != PAD])) in labels[key]
    if steps is None:
        assert seen == Counter(tuple(ids[ids != PAD]) for ids in train_part.inputs)


def test_batches_by_length_come_in_another_order_each_epoch(data):
    pipeline = batches(data["train"], ["mood"], 8, seed=0, by_length=True)
    lengths = [[tokens.shape[1] for tokens, _ in pipeline] for _ in range(3)]
    assert lengths[0] != lengths[1] and lengths[0] != sorted(lengths[0])


def test_each_epoch_has_its_own_order(data):
    pipeline = batches(data["train"], ["mood"], 64, seed=0)
    (first, _), (second, _) = next(iter(pipeline)), next(iter(pipeline))
    assert not np.array_equal(first.numpy(), second.numpy())


def test_word_dropout_takes_rare_tokens_for_unknown_ones_anew_each_epoch(data):
    train_part = data["train"]

    def seen(seed: int) -> list[np.ndarray]:
        pipeline = batches(train_part, ["mood"], len(train_part), seed, word_dropout=8.0)
        return [next(iter(pipeline))[0].numpy() for _ in range(30)]

    epochs = np.array([np.bincount(tokens.ravel(), minlength=12) for tokens in seen(0)])
    plain = np.bincount(train_part.inputs.ravel(), minlength=12)
    kept = epochs.mean(axis=0)[2:] / np.maximum(plain[2:], 1)
    present = plain[2:] > 0
    np.testing.assert_allclose(kept[present], (plain / (plain + 8.0))[2:][present], atol=0.05)
    assert (epochs[:, PAD] == plain[PAD]).all()
    assert (epochs.sum(axis=1) == plain.sum()).all()
    assert len(np.unique(epochs[:, UNK])) > 3
    for one, again in zip(seen(1), seen(1), strict=True):
        np.testing.assert_array_equal(one, again)


def test_word_dropout_is_for_training_alone(data):
    # A model that sees nothing but unknown words in training has nothing to go by in validation.
    runs = {
        alpha: quickly(small(data), data, epochs=6, batch_size=8, word_dropout=alpha)
        for alpha in (0.0, 1e9)
    }
    assert runs[1e9].header["word_dropout"] == 1e9
    assert runs[1e9].final("valid")["mood"] < 0.8
    assert runs[0.0].final("valid")["mood"] > 0.9


# -- ending early


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


def test_a_stop_flag_returns_the_run_so_far(data):
    stop = threading.Event()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # who sets the flag need not be told
        run = quickly(small(data), data, epochs=9, stop=stop, callbacks=[StopAfter(1, stop.set)])
    assert run.table["epoch"].max() == 1
    assert run.header["stopped"] == "interrupted in epoch 2"


def test_a_stop_before_the_first_step_spares_it(data):
    stop = threading.Event()
    begun = StopAfter(0, pytest.fail)
    begun.on_train_begin = lambda logs=None: pytest.fail("a step is about to be traced")
    run = quickly(
        small(data), data, epochs=9, stop=stop, watch=lambda _: stop.set(), callbacks=[begun]
    )
    assert run.header["stopped"] == "interrupted in epoch 1" and run.interrupted
    assert set(run.table["epoch"]) == {0}


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
    run = quickly(
        model, data, epochs=2, batch_size=8, early_stopping=2, stop=stop, callbacks=[amid]
    )
    assert run.header["stopped"] and run.header["epoch"] == run.table["epoch"].max() == epochs
    table = evaluate(model, data, "valid")["value"]
    assert run.final().to_dict() == {task: table[task, data.tasks[task].score] for task in TASKS}
    assert [run.curve(task, "loss")[epochs] for task in TASKS] == list(table[:, "loss"])


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
    with pytest.raises(ValueError, match="no split 'dev'"):
        quickly(model, data, validation="dev")
    with pytest.raises(ValueError, match="at least 1"):
        quickly(model, data, epochs=0)
    with pytest.raises(ValueError, match="needs a validation split"):
        quickly(model, data, validation=None, early_stopping=2)
    with pytest.raises(ValueError, match="no training sentence has a label"):
        quickly(small(data.only(["mood"])), data.with_labels({"mood": 0}))


def test_a_task_without_labels_in_a_part_is_measured_as_nan_without_a_warning(data):
    hidden = data.with_labels({"mood": 0})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = evaluate(small(hidden), hidden, "train")
    assert np.isnan(table.loc[("mood", "accuracy"), "value"])
    assert np.isnan(table.loc[("mood", "loss"), "value"])
    assert table.loc[("mood", "loss"), "sentences"] == 0


def test_training_again_goes_on_with_the_same_optimizer(data):
    model = small(data)
    quickly(model, data)
    steps = int(model.optimizer.iterations.numpy())
    quickly(model, data, learning_rate=None)
    assert int(model.optimizer.iterations.numpy()) == 2 * steps
    assert float(model.optimizer.learning_rate.numpy()) == pytest.approx(0.02)


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


def test_a_language_model_learns_what_follows():
    data = tiny_data(("mood", "lm"))
    model = small(data)
    run = quickly(model, data, epochs=10, batch_size=8)
    assert run.curve("lm", "loss").iloc[-1] < run.curve("lm", "loss").iloc[0] * 0.7

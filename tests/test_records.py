import inspect
from dataclasses import asdict, replace

import numpy as np
import pytest

from mtl_tutorial.experiment import Experiment
from mtl_tutorial.records import Architecture, Training, chosen, options_of

WRONG = {
    Architecture: [
        ({"encoder": None}, TypeError), ({"units": 0}, ValueError), ({"units": "8"}, TypeError),
        ({"embedding_dim": 2.5}, TypeError), ({"dropout": 1.5}, ValueError),
        ({"embedding_dropout": "a"}, TypeError), ({"pooling": "sum"}, ValueError),
        ({"initializer": 3}, TypeError), ({"crf": 1}, TypeError), ({"seed": -1}, ValueError),
    ],
    Training: [
        ({"epochs": "3"}, TypeError), ({"epochs": 2.5}, TypeError), ({"epochs": 0}, ValueError),
        ({"batch_size": 0}, ValueError), ({"learning_rate": -0.01}, ValueError),
        ({"learning_rate": "fast"}, TypeError), ({"learning_rate": float("nan")}, ValueError),
        ({"cosine": "yes"}, TypeError), ({"seed": None}, TypeError), ({"seed": 2**32}, ValueError),
        ({"validation": 3}, TypeError), ({"early_stopping": -1}, ValueError),
        ({"steps_per_epoch": 0}, ValueError), ({"word_dropout": -1}, ValueError),
        ({"by_length": 1}, TypeError),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "kind, options, error",
    [(kind, *case) for kind, cases in WRONG.items() for case in cases],
    ids=str,
)
def test_what_is_wrong_is_refused_by_name(kind, options, error):
    (name,) = options
    with pytest.raises(error, match=name):
        kind(**options)
    with pytest.raises(error, match=name):
        Experiment("tiny", ("person",), **options)


def test_numpys_numbers_become_pythons():
    training = Training(epochs=np.int64(2), learning_rate=np.float32(0.5), by_length=np.True_)
    assert [type(value) for value in asdict(training).values()].count(np.int64) == 0
    assert (type(training.epochs), type(training.learning_rate)) == (int, float)
    assert training.by_length is True
    assert Experiment("a", ["b"], epochs=np.int64(2)).key == Experiment("a", ("b",), epochs=2).key


def test_early_stopping_and_a_cosine_need_what_they_go_by():
    with pytest.raises(ValueError, match="early_stopping needs a validation split"):
        Training(validation=None, early_stopping=2)
    with pytest.raises(ValueError, match="cosine needs a learning_rate"):
        Training(cosine=True)


def test_a_record_is_chosen_from_another_with_other_fields():
    experiment = Experiment("tiny", ("person",), units=8, epochs=3, seed=4)
    assert chosen(Training, experiment, {}) == Training(epochs=3, learning_rate=1e-3, seed=4)
    assert type(chosen(Architecture, experiment, {})) is Architecture
    assert chosen(Training, Training(epochs=3), {"seed": 1}) == Training(epochs=3, seed=1)
    assert replace(experiment, epochs=9).epochs == 9
    with pytest.raises(TypeError, match=r"training must be a Training, .*, not 3"):
        chosen(Training, 3, {})
    with pytest.raises(TypeError, match="no option 'unit'; did you mean 'units'"):
        chosen(Architecture, None, {"unit": 3})
    with pytest.raises(TypeError, match=r"no option 'zzz'; there are .*'encoder'"):
        chosen(Architecture, None, {"zzz": 3})


def test_a_signature_names_every_option():
    @options_of(Training)
    def run(model, *, name=None, **options):
        return options

    shown = inspect.signature(run)
    assert list(shown.parameters) == ["model", "name", *asdict(Training())]
    assert shown.parameters["epochs"].default == 5
    assert run(1, epochs=3) == {"epochs": 3}

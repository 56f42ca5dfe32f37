"""How often each task's sentences come."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.sampling import SAMPLINGS, TEMPERATURE, chances, draws

sizes = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 10**6), min_size=1).filter(
    lambda labeled: any(labeled.values())
)
temperatures = st.floats(1.0, 100.0)


@given(sizes, temperatures)
def test_chances_are_chances_and_a_task_without_labels_has_none(labeled, temperature):
    found = chances(labeled, temperature)
    assert list(found) == list(labeled)
    assert sum(found.values()) == pytest.approx(1)
    assert {task for task, chance in found.items() if chance == 0} == {
        task for task, n in labeled.items() if n == 0
    }


@given(sizes, temperatures)
def test_chances_are_powers_of_the_sizes(labeled, temperature):
    found = {task: chance for task, chance in chances(labeled, temperature).items() if chance}
    for (a, often), (b, seldom) in itertools.combinations(found.items(), 2):
        odds = (labeled[a] / labeled[b]) ** (1 / temperature)
        assert often / seldom == pytest.approx(odds, rel=1e-6)


def test_names_stand_for_temperatures():
    labeled = {"ner": 2000, "person": 60}
    assert chances(labeled, "proportional") == chances(labeled, 1.0)
    assert chances(labeled, "temperature") == chances(labeled, TEMPERATURE)
    assert list(chances(labeled, 1e9).values()) == pytest.approx([0.5, 0.5], abs=1e-6)


def test_names_and_numbers_pass_the_gate():
    assert [draws(name) for name in SAMPLINGS] == list(SAMPLINGS)
    assert type(draws(np.float32(3))) is float


@pytest.mark.parametrize(
    ("sampling", "error", "message"),
    [
        ("random", ValueError, "unknown sampling 'random'; choose one of .*'round_robin'"),
        (0.9, ValueError, "sampling must be at least 1"),
        (float("nan"), ValueError, "sampling must be a finite number"),
        (None, TypeError, "sampling must be"),
        (True, TypeError, "sampling must be"),
    ],
)
def test_everything_else_is_refused(sampling, error, message):
    with pytest.raises(error, match=message):
        draws(sampling)

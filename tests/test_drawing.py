"""Seeds drawn one at a time: the simulation, and the game to click on."""

import numpy as np
import pandas as pd
import pytest

from mtl_tutorial.lessons.drawing import chance, difference, is_wrong, play
from mtl_tutorial.widgets.seed_drawing import SeedDrawing

NOISE = np.random.default_rng(1).normal(0, 4, 2000)


def sure(points) -> bool:
    return difference(points).verdict in ("gains", "loses")


def test_chance_has_the_deviation_of_the_seeds_and_no_mean():
    drawn = np.random.default_rng(0).normal([[3.0], [-20.0]] * 200, 5.0, (400, 5))
    found = chance(pd.DataFrame(drawn))
    assert abs(found.mean()) < 1e-9 and 4.8 < found.std() < 5.2


def test_a_fixed_number_of_seeds_is_wrong_as_often_as_it_says():
    found = play(lambda points: len(points) == 8, NOISE, effect=0.0, games=1000)
    assert found["seeds"] == 8
    assert 0.035 < found["wrong"] < 0.065


def test_stopping_when_it_looks_good_is_wrong_far_more_often():
    found = play(sure, NOISE, effect=0.0, games=100)
    assert found["wrong"] > 0.15
    assert np.isclose(found[["gains", "loses", "cannot tell"]].sum(), 1)


def test_more_seeds_find_a_true_effect_more_often():
    powers = [play(lambda p, n=n: len(p) == n, NOISE, effect=4.0)["gains"] for n in (3, 5, 10, 20)]
    assert powers == sorted(powers) and powers[-1] > 0.9


@pytest.mark.parametrize(
    ("verdict", "effect", "wrong"),
    [("gains", 4, False), ("gains", 0, True), ("gains", -4, True), ("loses", 4, True),
     ("loses", 0, True), ("loses", -4, False), ("cannot tell", 4, False), (None, 0, False)],
)  # fmt: skip
def test_what_is_wrong(verdict, effect, wrong):
    assert is_wrong(verdict, effect) is wrong


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_game_ends_with_the_truth_and_is_counted(language):
    game = SeedDrawing(NOISE, language=language)
    draw, gains, *_ = game.children[0].children
    gains.click()  # nothing is drawn yet
    assert game.games == 0 and gains.disabled
    for _ in range(3):
        draw.click()
    assert bytes(game.picture.value).startswith(b"\x89PNG") and game.picture.layout.display == ""
    assert difference(game.points).in_words(language) == game.said.value
    effect = game.effect
    gains.click()
    assert f"{effect:+.0f}" in game.said.value and game.games == 1
    assert game.wrong == int(effect <= 0) and game.drawn == 3
    assert game.points == [] and game.picture.layout.display == "none"
    for _ in range(20):
        draw.click()
        game.decide("cannot tell")
    assert game.games == 21 and game.wrong <= 1

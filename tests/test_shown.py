"""What is handed to the page: plain data that says the same as the lab's own records."""

import itertools
import json
import math

import numpy as np
import pandas as pd
import pytest

from mtl_tutorial.encoders import ENCODERS
from mtl_tutorial.experiment import shipped
from mtl_tutorial.lab.board import PRESETS
from mtl_tutorial.lab.book import Book
from mtl_tutorial.lab.catalogue import texts
from mtl_tutorial.lab.outcome import Outcome, look_up
from mtl_tutorial.lab.settings import AUXILIARY, LABELS, TASKS, Settings
from mtl_tutorial.lab.shown import facts, listed, positions, shown, sizes
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.runs import COLUMNS, Run
from mtl_tutorial.sharing import LEVELS, SharingPlan
from mtl_tutorial.sizes import count_parameters
from tests.test_lab import HARD, made_outcome, made_run


def is_plain(data) -> bool:
    return json.loads(json.dumps(data, allow_nan=False)) == data


def test_an_outcome_is_plain_data():
    data = shown(look_up(Settings(HARD, "en", labels={"person": 60})), 3)
    assert is_plain(data)
    assert (data["number"], data["epoch"], data["seeds"]) == (3, 24, 5)
    assert list(data["tasks"]) == list(TASKS) and set(data["said"]) == {"en", "zh"}
    person = data["tasks"]["person"]
    plan = person["curves"]["score"]["plan"]
    assert len(plan["mean"]) == len(plan["low"]) == len(plan["high"]) == 25
    assert plan["low"][3] < plan["mean"][3] < plan["high"][3]
    assert person["low"] < person["points"] < person["high"]


def test_points_and_curves_are_those_of_the_outcome():
    outcome = made_outcome([0.6, 0.62], [0.4, 0.41])
    person = shown(outcome)["tasks"]["person"]
    row = outcome.changes().loc["person"]
    assert person["points"] == pytest.approx(row["points"], abs=0.01)
    assert person["verdict"] == row["verdict"] == "gains"
    assert person["curves"]["score"]["plan"]["mean"][-1] == pytest.approx(0.61)
    assert person["curves"]["score"]["single"]["mean"][-1] == pytest.approx(0.405)
    assert person["curves"]["loss"]["plan"]["mean"][0] == pytest.approx(2)


def test_what_is_not_known_is_none():
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    run = made_run(settings.experiment, {"person": math.nan, "ner": 0.5}, epoch=2)
    data = shown(Outcome(settings, (run,)))
    assert is_plain(data)
    person = data["tasks"]["person"]
    assert person["points"] is person["low"] is person["verdict"] is None
    assert person["curves"]["score"] == {"plan": {"mean": [None] * 3}}
    assert is_plain(
        shown(made_outcome([0.4], [0.6, 0.5]))
    )  # a verdict for one task, none for the other


def test_cosines_are_shown_where_a_run_has_recorded_them():
    outcome = made_outcome([0.6], [0.4])
    (run,) = outcome.runs
    rows = [
        (run.name, 0, e, 100 * e, "ner+person", "train", metric, value * e)
        for e in (1, 2)
        for metric, value in (("cosine", 0.1), ("cosine embedding", 0.3))
    ]
    table = pd.concat([run.table, pd.DataFrame(rows, columns=COLUMNS)], ignore_index=True)
    data = shown(Outcome(outcome.settings, (Run(run.header, table),), outcome.baselines))
    assert data["tasks"]["person"]["cosines"] == {"ner": [None, 0.1, 0.2]}
    assert data["tasks"]["ner"]["cosines"] == {"person": [None, 0.1, 0.2]}
    assert shown(outcome)["tasks"]["ner"]["cosines"] == {}


def test_the_book_is_plain_data():
    book = Book().add(made_outcome([0.6, 0.62], [0.4, 0.41]), {"person": "gains", "ner": "loses"})
    data = listed(book, "lab.csv")
    assert is_plain(data)
    (entry,) = data["entries"]
    assert entry["number"] == 1 and "curves" not in entry["tasks"]["person"]
    assert (data["right"], data["judged"], data["file"]) == (1, 2, "lab.csv")
    assert [entry["tasks"][t]["right"] for t in ("person", "ner")] == [True, False]
    assert entry["plan"]["zh"].startswith("embedding：")


@pytest.mark.parametrize("corpus", ["en", "zh"])
def test_counts_are_sums_of_the_copies_sizes(corpus):
    """As the page counts: every copy of a level and every head, whatever the plan and the width."""
    data = shipped(corpus)
    plans = [PRESETS[name](TASKS) for name in PRESETS]
    plans += [HARD.leave("encoder_1", "ner").split("embedding", "person")]
    for encoder, of in sizes(corpus).items():
        assert of["width"] == 32
        for plan, width in itertools.product(plans, (32, 98)):
            table = count_parameters(
                plan, data.tasks, len(data.vocabulary), encoder=encoder,
                units=width, embedding_dim=width,
            )  # fmt: skip
            costs = [of["levels"][level] for level, groups in plan for _ in groups]
            costs += [of["heads"][task] for task in plan.tasks]
            counted = sum(n * width**power for cost in costs for power, n in enumerate(cost))
            assert counted == table["parameters"].sum(), (encoder, plan)
    assert of["heads"][AUXILIARY] == of["heads"]["person"]


def test_dials_offer_where_they_begin():
    first = Settings(HARD, "en", "mlp", {"person": 61}, epochs=99, learning_rate=0.02,
                     weights={"ner": 3.0}, seed=12345)  # fmt: skip
    given = facts(first, "en", files=True, trains=True)
    assert is_plain(given) and is_plain(positions(first))
    dials = given["dials"]
    assert 61 in dials["labels"] and 3.0 in dials["weights"] and 0.02 in dials["learning_rate"]
    assert dials["epochs"]["max"] == 99 and dials["seed"]["max"] == 12345
    assert dials["encoder"] == [*ENCODERS] and given["levels"] == [*LEVELS]
    assert set(given["colors"]) == set(LABELS) == set(given["tasks"])
    assert Settings.from_dict(positions(first)) == first
    assert np.all(np.diff(dials["labels"]) > 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_dial_and_each_of_its_positions_has_a_name(language):
    words, given = texts(language), facts(Settings(HARD), language)
    for name in (*given["folded"], *given["usual"]):
        assert {name, f"{name} why"} <= set(words)
    for name in ("encoder", "corpus", "balancing", "sampling"):
        for position in given["dials"][name]:
            assert position in given["names"] or position in words, position
    for name, usual in given["usual"].items():
        assert usual in given["dials"][name]


def test_presets_are_plans_of_all_tasks():
    for name, plan in facts(Settings(HARD), "zh")["presets"].items():
        assert SharingPlan(plan).only(TASKS) == PRESETS[name](TASKS)

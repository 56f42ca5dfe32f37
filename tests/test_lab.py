"""The Sharing Lab without widgets: board, settings, outcomes, words, charts, book."""

import dataclasses
import gzip
import itertools
import json
import threading
from string import Formatter

import numpy as np
import pandas as pd
import pytest

from mtl_tutorial.encoders import ENCODERS
from mtl_tutorial.experiment import Experiment, shipped
from mtl_tutorial.lab import grid, plain
from mtl_tutorial.lab.board import PRESETS, Board
from mtl_tutorial.lab.book import Book, describe
from mtl_tutorial.lab.catalogue import CATALOGUE
from mtl_tutorial.lab.chart import chart
from mtl_tutorial.lab.files import FileError
from mtl_tutorial.lab.outcome import Outcome, carry_out, look_up
from mtl_tutorial.lab.settings import AUXILIARY, BALANCING, TASKS, Settings, known_tasks
from mtl_tutorial.lab.words import sentence, signed, table
from mtl_tutorial.reasons import reason, reason_in_words
from mtl_tutorial.runs import COLUMNS, Run
from mtl_tutorial.sharing import LEVELS, SharingPlan
from mtl_tutorial.sizes import count_parameters
from mtl_tutorial.worker import Worker

HARD = SharingPlan.hard(TASKS)


def made_run(experiment: Experiment, final: dict[str, float], epoch: int | None = None) -> Run:
    """A run as `experiment` would leave it, whose scores climb evenly to `final`."""
    epoch = experiment.epochs if epoch is None else epoch
    rows = [
        (experiment.key, experiment.seed, e, 100 * e, task, split, metric, value)
        for e in range(epoch + 1)
        for task, score in final.items()
        for split in ("train", "valid")
        for metric, value in (("score", score * e / max(epoch, 1)), ("loss", 2 - score * e / max(epoch, 1)))
    ]  # fmt: skip
    header = {
        "run": experiment.key, "seed": experiment.seed, "scores": dict.fromkeys(final, "score"),
        "epoch": epoch, "stopped": None,
    }  # fmt: skip
    return Run(header, pd.DataFrame(rows, columns=COLUMNS))


def made_outcome(ours: list[float], base: list[float], task: str = "person") -> Outcome:
    """One task's outcome over seeds, from its scores."""
    settings = Settings(SharingPlan.hard([task, "ner"]))
    seeded = [settings.with_seed(seed) for seed in range(max(len(ours), len(base)))]
    runs = [
        made_run(s.experiment, {task: x, "ner": 0.5}) for s, x in zip(seeded, ours, strict=False)
    ]
    bases = {
        name: tuple(
            made_run(s.baselines[name], {name: x if name == task else 0.5})
            for s, x in zip(seeded, base, strict=False)
        )
        for name in (task, "ner")
    }
    return Outcome(settings, tuple(runs), bases)


# -- the board


@pytest.mark.parametrize("preset", PRESETS)
def test_the_board_shows_a_plan_and_gives_it_back(preset):
    for tasks in (TASKS, (*TASKS, AUXILIARY), ("person", "ner")):
        plan = PRESETS[preset](tasks)
        assert Board.of(plan, tasks, LEVELS).plan == plan


def test_presets_are_what_their_names_say():
    for preset, shared in (
        ("separate", 0), ("embedding only", 1), ("lower half", 2), ("all shared", 3),
    ):  # fmt: skip
        groups = [len(g) for _, g in PRESETS[preset](TASKS)]
        assert groups == [1] * shared + [len(TASKS)] * (3 - shared)
    assert PRESETS["ner low"](TASKS).group("encoder_2", "ner") is None
    assert PRESETS["ner low"](TASKS).group("encoder_1", "ner") == TASKS


def test_a_board_puts_groups_in_the_order_of_its_columns_and_refuses_others():
    turned = SharingPlan({level: [["ner", "relation"], ["person"]] for level in LEVELS})
    board = Board.of(turned, ("person", "relation", "ner"), LEVELS)
    assert dict(board.plan)["embedding"] == (("person",), ("relation", "ner"))
    assert board.plan == turned
    with pytest.raises(ValueError, match=r"the plan is for \['person'\]; the board has"):
        Board.of(SharingPlan.hard(["person"]), TASKS)
    with pytest.raises(ValueError, match=r"the plan has \['words'\]; the board has"):
        Board.of(SharingPlan({"words": [TASKS]}), TASKS, LEVELS)


# -- settings


def test_settings_that_mean_the_same_train_the_same():
    turned = SharingPlan({level: [list(reversed(TASKS))] for level in LEVELS})
    a = Settings(HARD, labels={"person": 60}, weights={"ner": 1.0})
    b = Settings(turned, labels={"ner": 2000, "person": 60, AUXILIARY: 7})
    assert a == b and a.experiment.key == b.experiment.key
    assert a.experiment.key != dataclasses.replace(a, weights={"ner": 2.0}).experiment.key


def test_a_baseline_has_the_same_labels_budget_and_seed_and_no_weight():
    settings = Settings(HARD, "en", "mlp", {"ner": 600}, epochs=3, weights={"ner": 4.0}, seed=2)
    base = settings.baselines["ner"]
    assert (base.tasks, base.labels, base.weights) == (("ner",), {"ner": 600}, {})
    joint = settings.experiment
    for name in ("corpus", "encoder", "epochs", "steps_per_epoch", "learning_rate", "seed"):
        assert getattr(base, name) == getattr(joint, name)
    assert joint.weights == {"ner": 4.0}


def test_the_auxiliary_task_is_there_with_its_relatedness_only():
    settings = Settings(SharingPlan.hard((*TASKS, AUXILIARY)), relatedness=0.5)
    assert (
        settings.experiment.auxiliary == settings.baselines[AUXILIARY].auxiliary == ("person", 0.5)
    )
    assert settings.baselines["person"].auxiliary is None  # the same run as without it
    with pytest.raises(ValueError, match="the plan must name the task 'auxiliary'"):
        Settings(HARD, relatedness=0.5)
    with pytest.raises(ValueError, match="the plan must not name the task 'auxiliary'"):
        Settings(SharingPlan.hard((*TASKS, AUXILIARY)))
    with pytest.raises(ValueError, match=r"unknown tasks \['mood'\]"):
        Settings(SharingPlan.hard(["mood"]))


@pytest.mark.parametrize(
    "wrong, says",
    [
        ({"labels": {"persn": 60}}, r"unknown tasks \['persn'\] in labels; the lab has"),
        ({"weights": {"ne": 2.0}}, r"unknown tasks \['ne'\] in weights"),
        ({"corpus": "fr"}, "unknown corpus 'fr'"),
    ],
)
def test_settings_name_what_is_unknown(wrong, says):
    with pytest.raises(ValueError, match=says):
        Settings(HARD, **wrong)


def test_settings_survive_json():
    plan = PRESETS["ner low"]((*TASKS, AUXILIARY))
    given = Settings(plan, relatedness=0.25, balancing="dwa", sampling=5, agreement=0, seed=3)
    assert Settings.from_dict(json.loads(json.dumps(given.as_dict()))) == given


def test_a_balancing_is_the_name_of_a_weighting_or_a_combiner_and_the_baselines_have_none():
    from mtl_tutorial.balancing import WEIGHTINGS
    from mtl_tutorial.combining import COMBINERS

    assert set(BALANCING) == {*WEIGHTINGS, *COMBINERS}
    for name, (weigh, combine) in {
        "equal": ("equal", None),
        "uncertainty": ("uncertainty", None),
        "pcgrad": ("equal", "pcgrad"),
    }.items():
        one = Settings(HARD, balancing=name, sampling="round_robin")
        joint, base = one.experiment, one.baselines["ner"]
        assert (joint.weigh, joint.combine, joint.sampling) == (weigh, combine, "round_robin")
        assert base == Settings(HARD).baselines["ner"]
    with pytest.raises(ValueError, match="unknown balancing 'pcgrads'"):
        Settings(HARD, balancing="pcgrads")
    with pytest.raises(ValueError, match="by hand or found by 'famo', not both"):
        Settings(HARD, balancing="famo", weights={"ner": 2.0})
    assert Settings(HARD, balancing="famo", weights={"ner": 1.0}).weights == {}


@pytest.mark.parametrize(("corpus", "encoder"), [*itertools.product(("en", "zh"), ENCODERS)])
def test_a_wide_plan_has_as_many_parameters_as_separate_models(corpus, encoder):
    tasks, tokens = known_tasks(corpus), len(shipped(corpus).vocabulary)

    def size(plan: SharingPlan, width: int) -> int:
        counted = count_parameters(
            plan, tasks, tokens, encoder=encoder, units=width, embedding_dim=width
        )
        return int(counted["parameters"].sum())

    apart = SharingPlan.separate(TASKS)
    for name in ("embedding only", "lower half", "all shared"):
        wide = Settings(PRESETS[name](TASKS), corpus, encoder, wide=True)
        experiment = wide.experiment
        assert experiment.units == experiment.embedding_dim == wide.width > 32
        assert size(wide.plan, wide.width) == pytest.approx(size(apart, 32), rel=0.03)
        assert {e.units for e in wide.baselines.values()} == {32}
    assert Settings(apart, corpus, encoder, wide=True).width == 32


def test_a_plan_that_is_not_wide_is_found_as_before():
    for settings in (Settings(HARD), Settings(PRESETS["separate"](TASKS), wide=True)):
        plain = dataclasses.replace(settings, wide=False)
        assert settings.experiment.key == plain.experiment.key
        assert settings.experiment.units == Experiment.units
    assert Settings(HARD, wide=True).experiment.key != Settings(HARD).experiment.key


def test_another_agreement_is_another_corpus_for_the_baselines_too():
    shipped, apart = Settings(HARD), Settings(HARD, agreement=0)
    assert shipped.experiment.agreement is None
    assert {e.agreement for e in (apart.experiment, *apart.baselines.values())} == {0.0}


# -- outcomes


@pytest.mark.parametrize(
    "ours, base, verdict, points, spread",
    [
        ([0.6, 0.61, 0.62], [0.4, 0.41, 0.42], None, 20, 0),  # no chance is seen in these
        ([0.6, 0.61, 0.62], [0.6, 0.61, 0.62], "cannot tell", 0, 0),
        ([0.4, 0.42, 0.41], [0.6, 0.61, 0.62], "loses", -20, 1.0),
        ([0.6, 0.4, 0.5], [0.5, 0.45, 0.4], "cannot tell", 5, 8.7),
        ([0.74, 0.79, 0.84], [0.7, 0.7, 0.7], "cannot tell", 9, 5),  # t with 2 degrees: 4.3 s / √3
        ([0.76, 0.79, 0.82], [0.7, 0.7, 0.7], "gains", 9, 3),
        ([0.9], [0.4, 0.5, 0.3], "cannot tell", 50, 14.1),  # √2 times the baseline's 10, times 4.3
        ([0.9], [0.2, 0.3, 0.1], "gains", 70, 14.1),
        ([0.44], [0.43, 0.432, 0.431], "gains", 1, 0.14),
        ([0.42], [0.43, 0.432, 0.431], "loses", -1, 0.14),
        ([0.42], [0.43, 0.435, 0.4325], "cannot tell", -1, 0.35),
        ([0.43], [0.4], None, 3, float("nan")),
    ],
)
def test_a_difference_is_one_if_its_interval_leaves_out_nothing(
    ours, base, verdict, points, spread
):
    row = made_outcome(ours, base).changes().loc["person"]
    assert row["verdict"] == verdict
    assert row["points"] == pytest.approx(points)
    if verdict in ("gains", "loses"):
        assert row["low"] * row["high"] > 0
    if verdict == "cannot tell":
        assert row["low"] <= 0 <= row["high"]
    if ours == base:
        assert row["low"] == row["high"] == 0
    if len(ours) == 1 < len(base):
        assert row["high"] - row["points"] == pytest.approx(4.303 * spread, rel=0.02)
    assert row["spread"] == pytest.approx(spread, abs=0.06, nan_ok=True)
    assert row["score"] == pytest.approx(100 * np.mean(ours))
    assert row["baseline"] == pytest.approx(100 * np.mean(base[: len(ours)]))  # the same seeds
    assert row["points"] == pytest.approx(row["score"] - row["baseline"])
    assert row["seeds"] == len(ours)


def test_the_interval_of_no_difference_on_average_is_that_of_the_differences():
    row = made_outcome([0.5, 0.6], [0.6, 0.5]).changes().loc["person"]
    assert row["points"] == pytest.approx(0) and row["low"] < -100 < 100 < row["high"]


def test_two_seeds_of_the_baseline_are_enough_for_an_interval_of_one_run():
    row = made_outcome([0.9], [0.4, 0.5]).changes().loc["person"]
    assert row["verdict"] == "cannot tell" and row["spread"] == pytest.approx(10)
    assert row["high"] - row["points"] == pytest.approx(12.706 * 10, rel=0.01)  # t, 1 degree


def test_a_run_that_was_stopped_is_compared_where_it_stopped():
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    half = made_run(settings.experiment, {"person": 0.3, "ner": 0.3}, epoch=12)
    base = {t: (made_run(e, {t: 0.8}),) for t, e in settings.baselines.items()}
    changes = Outcome(settings, (half,), base).changes()
    assert changes.loc["person", "points"] == pytest.approx(30 - 40)  # the baseline's twelfth epoch


def test_a_baseline_that_has_not_come_as_far_does_not_count():
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    ours = made_run(settings.experiment, {"person": 0.3, "ner": 0.3})
    short = made_run(settings.baselines["person"], {"person": 0.8}, epoch=2)
    changes = Outcome(settings, (ours,), {"person": (short,)}).changes()
    unknown = ["points", "low", "high", "spread", "verdict"]
    assert list(changes) == ["labels", "baseline", "score", *unknown[:-1], "seeds", "verdict"]
    assert changes[unknown].isna().all(axis=None) and changes.index.name == "task"
    assert "person, ner: the baseline is still to come" in sentence(
        Outcome(settings, (ours,), {"person": (short,)})
    )


def instead(monkeypatch, score=0.5, stopped=None):
    """Experiments that are not trained but noted; gives the list of their keys."""
    trained = []

    def run(self, *, test, stop, watch, record):
        assert (record is not None) == (len(self.tasks) > 1)
        assert test is False  # what is chosen by must not be what is tested on
        assert not stop.is_set()
        trained.append(self)
        for epoch in range(3):
            watch(made_run(self, dict.fromkeys(self.tasks, score), epoch))
        done = made_run(self, dict.fromkeys(self.tasks, score))
        return Run({**done.header, "stopped": stopped}, done.table)

    monkeypatch.setattr(Experiment, "run", run)
    monkeypatch.setattr(grid, "load", dict)
    return trained


def test_the_plan_is_trained_first_then_each_baseline_once(monkeypatch):
    trained, reports, remembered = instead(monkeypatch), [], {}
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    result = carry_out(settings, remembered, reports.append, threading.Event())
    assert [e.tasks for e in trained] == [("person", "ner"), ("person",), ("ner",)]
    assert [r.epoch for r in reports[:3]] == [0, 1, 2] and reports[0].baselines == {}
    assert all(r.settings == settings and r.runs for r in (*reports, result))
    assert [*reports[3].baselines] == ["person"]  # of its time, whatever is trained after it
    assert set(result.baselines) == {"person", "ner"} and result.epoch == settings.epochs
    again = carry_out(settings, remembered, reports.append, threading.Event())
    assert len(trained) == 3 and again.changes().equals(result.changes())
    other = dataclasses.replace(settings, plan=PRESETS["separate"](("person", "ner")))
    reports.clear()
    carry_out(other, remembered, reports.append, threading.Event())
    assert set(reports[0].baselines) == {"person", "ner"}
    assert len(trained) == 4  # the baselines are those of before


def test_baselines_of_other_seeds_are_looked_at_too(monkeypatch):
    trained, remembered = instead(monkeypatch), {}
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    for seed in (0, 1):
        result = carry_out(settings.with_seed(seed), remembered, lambda _: None, threading.Event())
    assert len(trained) == 6 and [run.header["seed"] for run in result.runs] == [1]
    for runs in result.baselines.values():
        assert [(run.header["seed"], run.header["epoch"]) for run in runs] == [(0, 24), (1, 24)]


def test_what_was_stopped_is_given_back_but_not_remembered(monkeypatch):
    trained = instead(monkeypatch, stopped=reason("interrupted", epoch=4))
    remembered, stop = {}, threading.Event()
    result = carry_out(Settings(HARD), remembered, lambda _: stop.set(), stop)
    assert len(trained) == 1 and not remembered and len(result.runs) == 1
    assert sentence(result).startswith("Stopped after epoch 24, compared there.")


def trained_baselines() -> dict[str, Run]:
    """Those of `HARD`, by their keys."""
    return {e.key: made_run(e, {task: 0.5}) for task, e in Settings(HARD).baselines.items()}


def test_what_is_stopped_before_it_begins_is_not_trained(monkeypatch):
    trained, stop = instead(monkeypatch), threading.Event()
    stop.set()
    result = carry_out(Settings(HARD), trained_baselines(), lambda _: None, stop)
    assert result.runs == () and result.epoch == 0 and not trained
    assert result.settings == Settings(HARD) and set(result.baselines) == set(TASKS)


def test_what_is_stopped_in_its_first_epoch_leaves_the_baselines_that_are_known(monkeypatch):
    interrupted = reason("interrupted", epoch=1)

    def run(self, **_):
        begun = made_run(self, dict.fromkeys(self.tasks, 0.5), epoch=0)
        return Run({**begun.header, "stopped": interrupted}, begun.table)

    monkeypatch.setattr(Experiment, "run", run)
    monkeypatch.setattr(grid, "load", dict)
    result = carry_out(Settings(HARD), trained_baselines(), lambda _: None, threading.Event())
    assert (result.settings, result.runs) == (Settings(HARD), ())
    assert set(result.baselines) == set(TASKS)


def test_a_table_may_have_one_seed_of_these_settings(monkeypatch):
    one = Settings(HARD).with_seed(3)
    experiments = (one.experiment, *one.baselines.values())
    table = {e.key: made_run(e, dict.fromkeys(e.tasks, 0.5)) for e in experiments}
    monkeypatch.setattr(grid, "find", lambda experiment: table.get(experiment.key))
    found = look_up(Settings(HARD))
    assert found.settings == one and len(found.runs) == 1
    assert set(found.baselines) == set(one.tasks)


def test_a_training_that_broke_says_why():
    result = made_outcome([0.5], [0.5])
    (run,) = result.runs
    stopped = reason("not a number", task="ner", epoch=3)
    broken = Outcome(result.settings, (Run({**run.header, "stopped": stopped}, run.table),))
    assert f"ended by itself: {reason_in_words(stopped)} (a smaller learning rate" in sentence(
        broken
    )
    assert "训练自行中止：ner 的损失在第 3 轮不再是一个数" in sentence(broken, "zh")


def test_an_error_is_noted_in_the_runs_that_it_ended():
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    scores = {"person": 0.5, "ner": 0.5}
    whole = made_run(settings.experiment, scores)
    cut = made_run(settings.with_seed(1).experiment, scores, epoch=2)
    broken = Outcome(settings, (whole, cut)).broken_by(ValueError("no more"))
    assert [run.header["stopped"] for run in broken.runs] == [
        None, reason("error", said="ValueError: no more"),
    ]  # fmt: skip


# -- words and charts


@pytest.mark.parametrize(
    "ours, base, en, zh",
    [
        ([0.6, 0.61], [0.4, 0.4], "Over 2 seeds: person gains 20.5 points (40.0 → 60.5; 95 % interval 14.1 to 26.9)", "2 个种子的结果：person 提高 20.5 分（40.0 → 60.5；95% 置信区间 14.1 至 26.9）"),
        ([0.3, 0.31], [0.5, 0.5], "Over 2 seeds: person loses 19.5 points (50.0 → 30.5; 95 % interval 13.1 to 25.9)", "person 下降 19.5 分"),
        ([0.4], [0.6], "With seed 0: no interval, so no verdict: person −20.0, ner +0.0.", "种子 0 的结果：没有区间，无从判断：person −20.0、ner +0.0。"),
        ([0.5, 0.6], [0.6, 0.5], "cannot tell: person +0.0, ner +0.0.", "无法判断：person +0.0、ner +0.0。"),
    ],
)  # fmt: skip
def test_an_outcome_is_one_sentence(ours, base, en, zh):
    result = made_outcome(ours, base)
    assert en in sentence(result) and zh in sentence(result, "zh")
    assert list(table(result).index) == ["person", "ner"]
    assert list(table(result, "zh")["结论"])[1] in ("无法判断", "–")


def test_before_the_first_epoch_is_over_nothing_is_said_of_gains():
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    begun = made_run(settings.experiment, {"person": 0.2, "ner": 0.0}, epoch=0)
    base = {t: (made_run(e, {t: 0.8}),) for t, e in settings.baselines.items()}
    assert sentence(Outcome(settings, (begun,), base)) == "With seed 0: no epoch is over yet."
    assert sentence(Outcome(settings, (begun,), base), "zh") == "种子 0 的结果：第一轮还没有结束。"


def test_a_figure_has_a_chart_for_each_task():
    figure = chart(made_outcome([0.6, 0.7], [0.4, 0.5]))
    axes = figure.axes[0]
    base, ours = axes.get_lines()
    assert base.get_linestyle() == "--" and len(figure.axes) == 2
    assert ours.get_ydata()[-1] == pytest.approx(0.65)
    assert base.get_ydata()[-1] == pytest.approx(0.45)
    assert axes.get_title("left") == "person" and axes.get_title("right") == "+20.0"
    assert len(axes.collections) == 2  # the bands over two seeds
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    alone = chart(Outcome(settings, (made_run(settings.experiment, {"person": 0.6, "ner": 0.5}),)))
    assert alone.axes[0].get_title("right") == "" and not alone.axes[0].collections


def test_the_loss_is_drawn_too():
    figure = chart(made_outcome([0.6], [0.4]), "zh", "loss")
    _, ours = figure.axes[0].get_lines()
    assert ours.get_ydata()[-1] == pytest.approx(1.4) and figure.axes[0].get_ylim()[1] >= 2
    assert figure.axes[0].get_title("right") == ""


def test_points_have_a_true_minus():
    assert (signed(1.25), signed(-1.25), signed(0.0)) == ("+1.2", "−1.2", "+0.0")


# -- the book


def test_two_runs_of_one_name_stay_two_in_the_file(tmp_path):
    """A training that was stopped, and the same one finished; likewise a baseline."""
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    short = made_run(settings.experiment, {"person": 0.6, "ner": 0.5}, epoch=2)
    whole = made_run(settings.experiment, {"person": 0.6, "ner": 0.5})
    base = settings.baselines["person"]
    cut, full = made_run(base, {"person": 0.5}, epoch=2), made_run(base, {"person": 0.5})
    book = Book().add(Outcome(settings, (short,), {"person": (cut,)}))
    book = book.add(Outcome(settings, (whole,), {"person": (full,)}), {"person": "gains"})
    book.save(tmp_path / "lab.csv")
    loaded = Book.load(tmp_path / "lab.csv")
    for number in (1, 2):
        kept, given = loaded[number].outcome, book[number].outcome
        assert kept.epoch == given.epoch
        pd.testing.assert_frame_equal(kept.changes(), given.changes())


@pytest.mark.parametrize(
    "stopped", [reason("interrupted", epoch=4), reason("not a number", task="ner", epoch=4)]
)
def test_a_guess_about_a_training_that_was_not_carried_through_does_not_count(stopped):
    outcome = made_outcome([0.6, 0.61], [0.4, 0.4])
    run, *others = outcome.runs
    cut = Outcome(
        outcome.settings,
        (Run({**run.header, "stopped": stopped}, run.table), *others),
        outcome.baselines,
    )
    assert Book().add(cut, {"person": "gains"}).guessed == (0, 0)
    assert Book().add(outcome, {"person": "gains"}).guessed == (1, 1)


def test_a_guess_that_cannot_be_judged_does_not_count():
    outcome = made_outcome([0.6, 0.61], [0.4, 0.4])
    without = Outcome(outcome.settings, outcome.runs, {"person": outcome.baselines["person"]})
    book = Book().add(without, {"person": "gains", "ner": "loses"})
    assert book[1].judged == {"person": True} and book.guessed == (1, 1)


def test_the_book_counts_guesses_and_goes_back():
    book = Book().add(made_outcome([0.6, 0.61], [0.4, 0.4]), {"person": "gains", "ner": "loses"})
    assert book.guessed == (1, 2) and sum(book[1].judged.values()) == 1
    two = book.add(made_outcome([0.4], [0.4]))
    assert list(two.table().index) == [1, 2]
    assert two.remove([1]).undo() == two and two.remove([1]).guessed == (0, 0)
    assert (
        two.remove([2]).add(made_outcome([0.1], [0.1])).entries[-1].number == 3
    )  # 2 is not given again
    assert Book().undo() == Book()
    three = two.remove([1]).add(made_outcome([0.2], [0.2]))  # what is trained after a removal …
    assert list(three.undo().table().index) == [1, 2, 3]  # … is not what Undo takes away
    assert list(three.remove([2, 3]).undo().undo().table().index) == [1, 2, 3]
    assert three.remove([9]).removed == three.removed
    with pytest.raises(KeyError, match=r"no run 7; the book has \[1\]"):
        book[7]


def test_the_book_survives_a_day_in_a_file(tmp_path):
    path = tmp_path / "lab.csv"
    first = made_outcome([0.6, 0.7], [0.4, 0.5])
    book = Book().add(first, {"person": "gains"})
    book = book.add(Outcome(first.settings, first.runs[:1], first.baselines))  # the same run again
    book.save(path)
    loaded = Book.load(path)
    assert loaded.guessed == book.guessed
    assert list(loaded.table().index) == [1, 2]
    pd.testing.assert_frame_equal(loaded[1].outcome.changes(), book[1].outcome.changes())
    assert len(pd.read_csv(path, comment="#")) > 0
    other = tmp_path / "other.csv"
    made_outcome([0.5], [0.5]).runs[0].save(other)
    with pytest.raises(FileError, match="were not saved by the Sharing Lab"):
        Book.load(other)


@pytest.mark.parametrize(
    "name, content, why",
    [
        ("04_what_to_share.ipynb", "a lesson", "ending"),
        ("grades.csv", "name,grade\n", "kept"),
        ("grades.csv.gz", "no gzip", "kept"),
        ("empty.csv", "", "kept"),
        ("half.csv", '# {"run": "a", "lab": [{}]}\nrun,seed,epoch,step,task,split,metric,value\n', "kept"),
        ("strange.csv", '# {"run": "a", "lab": 3}\nrun,seed,epoch,step,task,split,metric,value\n', "kept"),
    ],
)  # fmt: skip
def test_nothing_but_a_book_of_the_lab_is_written_over_or_read(tmp_path, name, content, why):
    path, book = tmp_path / name, Book().add(made_outcome([0.6], [0.4]))
    path.write_text(content, "utf-8")
    with pytest.raises(FileError) as refused:
        book.save(path)
    assert refused.value.why == why and path.read_text("utf-8") == content
    with pytest.raises(FileError) as refused:
        Book.load(path)
    assert refused.value.why == ("foreign" if why == "kept" else why)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_book_is_written_over_by_a_later_one(tmp_path):
    path = tmp_path / "lab.csv.gz"
    book = Book().add(made_outcome([0.6], [0.4]))
    book.save(path)
    book.add(made_outcome([0.7], [0.4])).save(path)
    assert len(Book.load(path).entries) == 2


def test_a_name_is_taken_as_it_is_meant_and_nothing_is_left_beside_the_file(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(tmp_path)
    book = Book().add(made_outcome([0.6], [0.4]))
    book.save("  ~/lab.csv ")
    assert len(Book.load("~/lab.csv").entries) == 1
    (tmp_path / "folder.csv").mkdir()
    for name, why in (
        ("", "name"), ("  ", "name"), ("~", "folder"), ("folder.csv", "folder"), ("lab", "ending"),
        (".csv", "ending"), ("home/lab.csv/x.csv", "denied"),
    ):  # fmt: skip
        with pytest.raises(FileError) as refused:
            book.save(name)
        assert refused.value.why == why, name
    with pytest.raises(FileError, match="There is no file"):
        Book.load("nowhere.csv")
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert left == {"home", "home/lab.csv", "folder.csv"}


def test_a_book_that_is_loaded_twice_is_there_once(tmp_path):
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    short = made_run(settings.experiment, {"person": 0.6, "ner": 0.5}, epoch=2)
    whole = made_run(settings.experiment, {"person": 0.6, "ner": 0.5})
    book = Book().add(Outcome(settings, (short,))).add(Outcome(settings, (whole,)))
    book = book.add(made_outcome([0.6], [0.4]), {"person": "gains"})
    book = book.add(made_outcome([0.7], [0.4]), {"person": "gains"})
    book.save(tmp_path / "lab.csv")
    loaded = Book.load(tmp_path / "lab.csv")
    assert book.join(loaded) == book
    assert len(Book().join(loaded).entries) == 4
    again = book.remove([4]).join(loaded)
    assert [entry.number for entry in again.entries] == [1, 2, 3, 5]


def test_both_languages_say_the_same_things():
    for key, both in CATALOGUE.items():
        english, chinese = (
            sorted(field for _, field, _, _ in Formatter().parse(text) if field) for text in both
        )
        assert english == chinese, key
        assert all(text.strip() for text in both), key
        assert key in ("sentence", "comma", "gone") or both[0] != both[1], key


def test_the_books_table_speaks_chinese():
    outcome = made_outcome([0.6], [0.4])
    table = Book().add(outcome, {"person": "gains"}).table("zh")
    words = [table.index.name, *(c for c in table.columns if not c.startswith("Δ"))]
    assert all(word[0] > "\u4e00" for word in words)
    assert table["方案"][1] == "embedding：person+ner；encoder_1：person+ner；encoder_2：person+ner"


def test_plans_are_described_in_a_few_words():
    assert describe(Settings(HARD)) == "embedding: all; encoder_1: all; encoder_2: all"
    assert describe(Settings(PRESETS["separate"](TASKS))) == "nothing shared"
    plan = PRESETS["separate"](TASKS).share("encoder_1", ["person", "relation"])
    assert describe(Settings(plan)) == "encoder_1: person+relation"
    assert describe(Settings(HARD), "zh") == "embedding：全部；encoder_1：全部；encoder_2：全部"


# -- the shipped table


def test_the_table_asks_for_its_plans_and_their_baselines():
    experiments = grid.experiments()
    joint = [e for e in experiments if len(e.tasks) > 1]
    every = 2 ** len(LEVELS)  # each level shared among all tasks or not at all
    balanced = len(grid.NESTED[1:]) * len(grid.METHODS)
    assert len(joint) == 2 * 5 * (every + 1 + balanced + len(grid.NESTED))
    assert [
        PRESETS[name](TASKS) for name in ("separate", "embedding only", "lower half", "all shared")
    ] == [*grid.NESTED]
    assert len({e.key for e in experiments}) == len(experiments)
    assert {e.epochs for e in experiments} == {grid.EPOCHS} == {Settings.epochs}
    for setting, seed in itertools.product(grid.settings(), (0, 4)):
        seeded = setting.with_seed(seed)
        keys = {seeded.experiment.key, *(b.key for b in seeded.baselines.values())}
        assert keys <= {e.key for e in experiments}


def test_the_table_holds_all_of_it():
    known = grid.load()
    assert {e.key for e in grid.experiments()} == set(known)
    for run in known.values():
        assert run.header["stopped"] is None and run.header["epoch"] == run.header["epochs"]
    with gzip.open(grid.table(), "rt", encoding="utf-8") as text:
        assert text.readline().startswith("# {")


def test_a_preset_is_answered_from_the_table_over_five_seeds():
    result = look_up(Settings(HARD, "en", labels={"person": 60}, seed=3))
    assert [run.header["seed"] for run in result.runs] == [0, 1, 2, 3, 4]
    assert {len(group) for group in result.baselines.values()} == {5}
    assert (result.changes()["seeds"] == 5).all() and result.settings.seed == 0
    assert result.epoch == grid.EPOCHS  # the whole curve, unless less is asked for
    assert look_up(Settings(HARD, learning_rate=0.01)) is None


def test_fewer_epochs_are_read_off_the_same_curve_and_more_are_not_known():
    whole = look_up(Settings(HARD, "en"))
    cut = look_up(Settings(HARD, "en", epochs=3))
    assert (whole.epoch, cut.epoch, cut.settings.epochs) == (grid.EPOCHS, 3, 3)
    for ours, theirs in (
        *zip(cut.runs, whole.runs, strict=True),
        *zip(cut.baselines["ner"], whole.baselines["ner"], strict=True),
    ):
        pd.testing.assert_series_equal(ours.curve("ner"), theirs.curve("ner").loc[:3])
        assert not ours.header["stopped"]
    assert cut.changes().loc["ner", "points"] != whole.changes().loc["ner", "points"]
    assert look_up(Settings(HARD, "en", epochs=grid.EPOCHS + 1)) is None


def test_a_short_training_is_the_beginning_of_a_longer_one():
    """What `grid.find` reads off a curve is what would have been trained."""
    tiny = Experiment(
        "tiny", ("person", "ner"), "en", {"person": 40, "ner": 40}, epochs=2, steps_per_epoch=2
    )
    short, long = tiny.run(test=False), dataclasses.replace(tiny, epochs=3).run(test=False)
    pd.testing.assert_frame_equal(
        short.table.drop(columns="run"), long.until(2).table.drop(columns="run")
    )


def test_a_sample_of_the_table_comes_out_again():
    """Trained anew, a run lies within the spread of the table's five seeds.

    What is trained is the beginning; the rest of the curve follows from it.
    """
    for settings in (
        Settings(HARD, "zh", labels={"person": 2000}, epochs=4),
        Settings(PRESETS["embedding only"](TASKS), "en", labels={"person": 60}, epochs=4),
    ):
        fresh = settings.experiment.run(test=False).final()
        of_table = pd.DataFrame([run.final() for run in look_up(settings).runs])
        wide = 4 * of_table.std() + 0.02
        assert ((fresh - of_table.mean()).abs() < wide).all(), (settings, fresh, of_table)


def test_separate_trunks_learn_what_single_models_learn():
    """Where all labels are the same sentences, nothing shared means nothing changed, to the digit."""
    changes = look_up(Settings(PRESETS["separate"](TASKS), "zh", labels={"person": 2000})).changes()
    assert changes["points"].abs().max() == pytest.approx(0, abs=0.2)


# -- the same without a mouse


def test_the_plain_function_gives_figure_table_and_sentence():
    answer = plain.sharing_lab("lower half", language="zh")
    expected = look_up(Settings(PRESETS["lower half"](TASKS), "zh"))
    assert answer.sentence == sentence(expected, "zh")
    assert list(answer.table.index) == list(TASKS)
    assert len(answer.figure.axes) == len(TASKS)
    shown = answer._repr_html_()
    assert "data:image/png;base64," in shown and 'alt="' in shown and "<table" in shown
    with pytest.raises(ValueError, match="unknown plan 'half'; choose one of"):
        plain.sharing_lab("half")
    with pytest.raises(ValueError, match="unknown language 'fr'"):
        plain.sharing_lab(HARD, language="fr", corpus="en")


def test_the_plain_function_trains_where_the_table_is_silent(monkeypatch):
    trained = instead(monkeypatch)
    monkeypatch.setattr(plain, "remembered", {})
    answer = plain.sharing_lab(HARD, labels={"person": 200}, relatedness=None, epochs=2)
    assert len(trained) == 1 + len(TASKS)
    assert answer.outcome.settings.epochs == 2
    related = plain.sharing_lab("all shared", relatedness=0.5, epochs=2)
    assert AUXILIARY in related.table.index


def test_the_plain_function_takes_its_turn_and_passes_errors_on(monkeypatch):
    """One training at a time in the process: the lab's ends, then this one begins."""
    instead(monkeypatch)
    monkeypatch.setattr(plain, "remembered", {})
    other, at_work = Worker(), threading.Event()

    def until_stopped(report, stop):
        at_work.set()
        assert stop.wait(60)

    other.start(until_stopped)
    at_work.wait(60)
    assert plain.sharing_lab(HARD, epochs=2).outcome.runs and not other.running

    def broken(*_, **__):
        raise MemoryError("no room left")

    monkeypatch.setattr(Experiment, "run", broken)
    with pytest.raises(MemoryError, match="no room left"):
        plain.sharing_lab(HARD, epochs=3)

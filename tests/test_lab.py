"""The Sharing Lab without widgets: board, settings, outcomes, words, charts, book."""

import dataclasses
import gzip
import io
import itertools
import json
import threading

import hypothesis.strategies as st
import matplotlib.image
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from mtl_tutorial.experiments import Experiment
from mtl_tutorial.lab import finished, plain
from mtl_tutorial.lab.board import OUT, OWN, PRESETS, Board
from mtl_tutorial.lab.book import Book, describe
from mtl_tutorial.lab.chart import LiveChart, signed
from mtl_tutorial.lab.outcome import Outcome, carry_out, look_up
from mtl_tutorial.lab.settings import AUXILIARY, TASKS, Settings
from mtl_tutorial.lab.words import sentence, table
from mtl_tutorial.runs import COLUMNS, Run
from mtl_tutorial.sharing import LEVELS, SharingPlan
from mtl_tutorial.sizes import ENCODER_PARAMETERS
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


@given(st.lists(st.tuples(st.sampled_from(LEVELS), st.sampled_from(TASKS)), max_size=25))
def test_whatever_is_clicked_the_board_is_a_plan(clicks):
    board = Board.of(HARD, TASKS, LEVELS)
    for level, task in clicks:
        before = board.cells[level, task]
        board = board.click(level, task)
        assert board.cells[level, task] != before
        plan = board.plan
        for (here, name), state in board.cells.items():
            group = plan.group(here, name) if here in plan.levels else None
            assert (group is None) == (state == OUT)
            sharing = [t for t in TASKS if board.cells[here, t] == state]
            assert group is None or set(group) == ({name} if state == OWN else set(sharing))


def test_a_cell_comes_round_and_nobody_leaves_the_words():
    board, seen = Board.of(HARD, TASKS, LEVELS), []
    for _ in range(4):
        board = board.click("encoder_1", "ner")
        seen.append(board.cells["encoder_1", "ner"])
        assert (board.cells["encoder_2", "ner"] == OUT) == (
            OUT in seen and seen[-1] == OUT
        ) or OUT in seen
    assert seen == ["B", OWN, OUT, "A"]
    words = [board.cells["embedding", "ner"]]
    for _ in range(3):
        board = board.click("embedding", "ner")
        words.append(board.cells["embedding", "ner"])
    assert words == ["A", "B", OWN, "A"]


def test_who_comes_back_comes_back_below_too():
    board = Board.of(HARD.leave("encoder_1", "ner"), TASKS, LEVELS).click("encoder_2", "ner")
    assert [board.cells[level, "ner"] for level in LEVELS] == ["A", "A", "A"]


def test_two_shared_copies_stay_apart_and_three_are_refused():
    plan = HARD.share("encoder_2", ["sentiment", "ner"])
    board = Board.of(plan, TASKS, LEVELS)
    assert [board.cells["encoder_2", t] for t in TASKS] == ["A", "A", "B", "B"]
    six = [f"t{i}" for i in range(6)]
    with pytest.raises(ValueError, match="level 'embedding' has more than 2 shared copies"):
        Board.of(SharingPlan({"embedding": [six[:2], six[2:4], six[4:]]}))
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
        ({"corpus": "fr"}, "unknown language 'fr'"),
    ],
)
def test_settings_name_what_is_unknown(wrong, says):
    with pytest.raises(ValueError, match=says):
        Settings(HARD, **wrong)


def test_settings_survive_json():
    settings = Settings(PRESETS["ner low"]((*TASKS, AUXILIARY)), relatedness=0.25, seed=3)
    assert Settings.from_dict(json.loads(json.dumps(settings.as_dict()))) == settings


# -- outcomes


@pytest.mark.parametrize(
    "ours, base, verdict, points, spread",
    [
        ([0.6, 0.61, 0.62], [0.4, 0.41, 0.42], "gains", 20, 0),
        ([0.4, 0.42, 0.41], [0.6, 0.61, 0.62], "loses", -20, 1.0),
        ([0.6, 0.4, 0.5], [0.5, 0.45, 0.4], "same", 5, 8.7),
        ([0.6], [0.4, 0.5, 0.3], "same", 20, 14.1),  # √2 times the baseline's 10
        ([0.9], [0.4, 0.5, 0.3], "gains", 50, 14.1),
        ([0.43], [0.4], "gains", 3, float("nan")),
        ([0.41], [0.4], "same", 1, float("nan")),
    ],
)
def test_a_difference_is_one_if_it_is_beyond_twice_the_spread(ours, base, verdict, points, spread):
    row = made_outcome(ours, base).changes().loc["person"]
    assert row["verdict"] == verdict
    assert row["points"] == pytest.approx(points)
    assert row["spread"] == pytest.approx(spread, abs=0.06, nan_ok=True)
    assert row["score"] == pytest.approx(100 * np.mean(ours))
    assert row["baseline"] == pytest.approx(100 * np.mean(base[: len(ours)]))  # the same seeds
    assert row["points"] == pytest.approx(row["score"] - row["baseline"])
    assert row["seeds"] == len(ours)


def test_a_run_that_was_stopped_is_compared_where_it_stopped():
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    half = made_run(settings.experiment, {"person": 0.3, "ner": 0.3}, epoch=3)
    base = {t: (made_run(e, {t: 0.8}),) for t, e in settings.baselines.items()}
    changes = Outcome(settings, (half,), base).changes()
    assert changes.loc["person", "points"] == pytest.approx(30 - 40)  # the baseline's third epoch


def test_a_baseline_that_has_not_come_as_far_does_not_count():
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    ours = made_run(settings.experiment, {"person": 0.3, "ner": 0.3})
    short = made_run(settings.baselines["person"], {"person": 0.8}, epoch=2)
    changes = Outcome(settings, (ours,), {"person": (short,)}).changes()
    assert changes["verdict"].isna().all() and changes["points"].isna().all()
    assert "person, ner: the baseline is still to come" in sentence(
        Outcome(settings, (ours,), {"person": (short,)})
    )


def instead(monkeypatch, score=0.5, stopped=None):
    """Experiments that are not trained but noted; gives the list of their keys."""
    trained = []

    def run(self, *, test, stop, watch):
        assert not test  # what is chosen by must not be what is tested on
        trained.append(self)
        for epoch in range(3):
            watch(made_run(self, dict.fromkeys(self.tasks, score), epoch))
        done = made_run(self, dict.fromkeys(self.tasks, score))
        return Run({**done.header, "stopped": stopped}, done.table)

    monkeypatch.setattr(Experiment, "run", run)
    monkeypatch.setattr(finished, "load", dict)
    return trained


def test_the_plan_is_trained_first_then_each_baseline_once(monkeypatch):
    trained, reports, remembered = instead(monkeypatch), [], {}
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    result = carry_out(settings, remembered, reports.append, threading.Event())
    assert [e.tasks for e in trained] == [("person", "ner"), ("person",), ("ner",)]
    assert [r.epoch for r in reports[:3]] == [0, 1, 2] and not reports[0].baselines
    assert set(result.baselines) == {"person", "ner"} and result.epoch == settings.epochs
    again = carry_out(settings, remembered, reports.append, threading.Event())
    assert len(trained) == 3 and again.changes().equals(result.changes())
    other = dataclasses.replace(settings, plan=PRESETS["separate"](("person", "ner")))
    carry_out(other, remembered, reports.append, threading.Event())
    assert len(trained) == 4  # the baselines are those of before


def test_what_was_stopped_is_given_back_but_not_remembered(monkeypatch):
    trained = instead(monkeypatch, stopped="interrupted in epoch 4")
    remembered, stop = {}, threading.Event()
    result = carry_out(Settings(HARD), remembered, lambda _: stop.set(), stop)
    assert len(trained) == 1 and not remembered and len(result.runs) == 1
    assert sentence(result).startswith("Stopped after epoch 6, compared there.")


def test_what_is_stopped_before_it_begins_is_not_trained(monkeypatch):
    trained, stop = instead(monkeypatch), threading.Event()
    stop.set()
    assert carry_out(Settings(HARD), {}, lambda _: None, stop).runs == () and not trained


def test_a_training_that_broke_says_why():
    result = made_outcome([0.5], [0.5])
    (run,) = result.runs
    why = "the loss of task 'ner' is not a number any more, in epoch 3"  # as `train` has it
    broken = Outcome(result.settings, (Run({**run.header, "stopped": why}, run.table),))
    assert f"ended by itself: {why} (a smaller learning rate" in sentence(broken)
    assert "训练自行中止：ner 的损失在第 3 轮不再是一个数" in sentence(broken, "zh")


# -- words and charts


@pytest.mark.parametrize(
    "ours, base, en, zh",
    [
        ([0.6, 0.61], [0.4, 0.4], "Over 2 seeds: person gains 20.5 points (40.0 → 60.5), beyond twice the spread of ±0.7", "2 个种子的结果：person 提高 20.5 分"),
        ([0.4], [0.6], "With seed 0: person loses 20.0 points (60.0 → 40.0), but one seed shows no spread", "种子 0 的结果：person 下降 20.0 分"),
        ([0.5], [0.5], "no change beyond the spread: person, ner.", "没有超出波动的变化：person、ner。"),
    ],
)  # fmt: skip
def test_an_outcome_is_one_sentence(ours, base, en, zh):
    result = made_outcome(ours, base)
    assert en in sentence(result) and zh in sentence(result, "zh")
    assert list(table(result).index) == ["person", "ner"]
    assert list(table(result, "zh")["结论"])[1] == "没有变化"


def test_before_the_first_epoch_is_over_nothing_is_said_of_gains():
    settings = Settings(SharingPlan.hard(["person", "ner"]))
    begun = made_run(settings.experiment, {"person": 0.2, "ner": 0.0}, epoch=0)
    base = {t: (made_run(e, {t: 0.8}),) for t, e in settings.baselines.items()}
    assert sentence(Outcome(settings, (begun,), base)) == "With seed 0: no epoch is over yet."
    assert sentence(Outcome(settings, (begun,), base), "zh") == "种子 0 的结果：第一轮还没有结束。"


def test_charts_are_kept_and_only_their_data_change():
    result, chart = made_outcome([0.6, 0.7], [0.4, 0.5]), LiveChart(("person", "ner"))
    empty = chart.figure.png()
    axes = chart.figure.axes
    chart.show(result)
    assert chart.figure.axes == axes and chart.figure.png() != empty
    base, ours, _ = axes[0].get_lines()
    assert base.get_linestyle() == "--"
    assert ours.get_ydata()[-1] == pytest.approx(0.65)
    assert base.get_ydata()[-1] == pytest.approx(0.45)
    assert axes[0].get_title("right") == "+20.0"
    chart.show(None)
    assert chart.figure.png() == empty


def pixels(png: bytes) -> np.ndarray:
    return matplotlib.image.imread(io.BytesIO(png), format="png")


@pytest.mark.parametrize("metric", ["score", "loss"])
def test_what_is_drawn_anew_gives_the_whole_picture(metric):
    chart = LiveChart(("person", "ner"), metric=metric)
    low = [0.1, 0.2] if metric == "score" else [-2.0, -1.5]  # a loss of 4 moves the axis
    outcomes = [made_outcome([0.6, 0.7], [0.4, 0.5]), None, made_outcome([0.2, 0.3], low)]
    pictures = []
    for outcome in outcomes:
        chart.show(outcome)
        drawn, whole = pixels(chart.png()), pixels(chart.figure.png())
        assert drawn.shape == whole.shape
        assert (np.abs(drawn - whole).max(axis=2) > 0.1).mean() < 0.001  # lines end above spines
        pictures.append(drawn)
    assert all((a != b).any() for a, b in itertools.combinations(pictures, 2))


def test_two_outcomes_and_the_loss_are_drawn_too():
    first, second = made_outcome([0.6], [0.4]), made_outcome([0.8], [0.4])
    chart = LiveChart(("person", "ner"), "zh", "loss")
    chart.show(first, second)
    _, ours, other = chart.figure.axes[0].get_lines()
    assert ours.get_ydata()[-1] == pytest.approx(1.4) and other.get_ydata()[-1] == pytest.approx(
        1.2
    )
    assert chart.figure.axes[0].get_title("right") == ""
    assert chart.figure.axes[0].get_ylim()[1] >= 2


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


@pytest.mark.parametrize("stopped", ["interrupted in epoch 4", "the loss of task 'ner' is …"])
def test_a_guess_about_a_training_that_was_not_carried_through_does_not_count(stopped):
    outcome = made_outcome([0.6], [0.4])
    (run,) = outcome.runs
    cut = Outcome(
        outcome.settings, (Run({**run.header, "stopped": stopped}, run.table),), outcome.baselines
    )
    assert Book().add(cut, {"person": "gains"}).guessed == (0, 0)
    assert Book().add(outcome, {"person": "gains"}).guessed == (1, 1)


def test_a_guess_that_cannot_be_judged_does_not_count():
    outcome = made_outcome([0.6], [0.4])
    without = Outcome(outcome.settings, outcome.runs, {"person": outcome.baselines["person"]})
    book = Book().add(without, {"person": "gains", "ner": "loses"})
    assert book[1].judged == {"person": True} and book.guessed == (1, 1)


def test_the_book_counts_guesses_and_goes_back():
    book = Book().add(made_outcome([0.6], [0.4]), {"person": "gains", "ner": "loses"})
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
    with pytest.raises(ValueError, match="were not saved by the Sharing Lab"):
        Book.load(other)


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


def test_the_table_asks_for_every_row_wise_plan_and_its_baselines():
    experiments = finished.experiments()
    joint = [e for e in experiments if len(e.tasks) > 1]
    assert set(finished.ENCODERS) == set(ENCODER_PARAMETERS)  # as many as the lab offers
    assert len(joint) == 8 * 2 * len(finished.ENCODERS) * len(finished.LABELS) * 5
    assert len({e.key for e in experiments}) == len(experiments)
    for setting, seed in itertools.product(finished.settings(), (0, 4)):
        seeded = setting.with_seed(seed)
        keys = {seeded.experiment.key, *(b.key for b in seeded.baselines.values())}
        assert keys <= {e.key for e in experiments}


def test_the_table_holds_all_of_it():
    known = finished.load()
    assert {e.key for e in finished.experiments()} == set(known)
    for run in known.values():
        assert run.header["stopped"] is None and run.header["epoch"] == run.header["epochs"]
    with gzip.open(finished.table(), "rt", encoding="utf-8") as text:
        assert text.readline().startswith("# {")


def test_a_preset_is_answered_from_the_table_over_five_seeds():
    result = look_up(Settings(HARD, "en", labels={"person": 60}, seed=3))
    assert [run.header["seed"] for run in result.runs] == [0, 1, 2, 3, 4]
    assert {len(group) for group in result.baselines.values()} == {5}
    assert (result.changes()["seeds"] == 5).all()
    assert look_up(Settings(HARD, learning_rate=0.01)) is None


def test_a_sample_of_the_table_comes_out_again():
    """Trained anew, a run lies within the spread of the table's five seeds."""
    for settings in (Settings(HARD, "zh"), Settings(PRESETS["embedding only"](TASKS), "en", "mlp")):
        (fresh,) = (settings.experiment.run(test=False).final(),)
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
    with pytest.raises(ValueError, match="unknown preset 'half'; choose one of"):
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

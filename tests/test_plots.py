"""Figures: that they show what they say, and show it legibly."""

import io
import subprocess
import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from mtl_tutorial import plots
from mtl_tutorial.comparing import holm, paired_bootstrap, paired_difference
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.runs import COLUMNS, Run
from mtl_tutorial.sharing import SharingPlan
from tests.test_runs import make_run
from tests.test_sharing import EXAMPLE, plans

CHINESE = ["家人", "朋友", "无"]
MODELS = {
    "alone": pd.DataFrame({
        "level": ["embedding", "encoder_1", "head"], "tasks": [("a",)] * 3, "parameters": [900, 90, 9],
    }),
    "hard": pd.DataFrame({
        "level": ["embedding", "head", "head"],
        "tasks": [("a", "b"), ("a",), ("b",)], "parameters": [1000, 10, 20],
    }),
}  # fmt: skip


def draw(figure: Figure) -> None:
    """Draw it; a character that no font has is an error."""
    assert isinstance(figure, Figure)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(io.BytesIO(), format="png")


def texts(figure: Figure) -> list[str]:
    """All that is written, as drawn."""
    draw(figure)
    found = figure.findobj(lambda artist: hasattr(artist, "get_fontfamily"))
    return [text.get_text() for text in found if text.get_text().strip() and text.get_visible()]


def two_task_run(name: str, shift: float) -> Run:
    values = (0.2 + shift, 0.4 + shift, 0.5 + shift)
    both = [make_run(name, values, task=task) for task in ("ner", "person")]
    table = pd.concat([run.table for run in both], ignore_index=True)
    return Run({**both[0].header, "scores": {"ner": "f1", "person": "f1"}}, table)


def tiny_data() -> MultiTaskData:
    """A task of each kind; not every sentence has a label."""
    rows = [
        {"tokens": ["good", "tea", "Anna"], "mood": "good", "ner": ["O", "O", "B-PER"]},
        {"tokens": ["bad", "tea"], "mood": "bad"},
        {"tokens": ["Anna", "Bo"], "ner": ["B-PER", "I-PER"]},
    ]
    kinds = {"mood": "sequence", "ner": "token", "lm": "lm"}
    return MultiTaskData.from_rows({"train": rows, "valid": rows[:2]}, kinds)


# -- colors and names


def test_each_task_of_the_course_has_a_color_of_its_own():
    tasks = ["sentiment", "person", "relation", "ner", "lm"]
    assert len({plots.task_color(task) for task in tasks}) == len(tasks)
    assert plots.task_color("other") == plots.task_color("other")
    assert plots.task_color("other") not in plots.COLORS.values()


# -- learning curves


def test_each_task_has_a_chart_and_each_model_two_lines():
    runs = {
        "hard": [two_task_run(f"hard {i}", i / 10) for i in range(3)],
        "alone": [make_run("alone", (0.1, 0.2, 0.3))],
    }
    figure = plots.learning_curves(runs, baseline="alone")
    draw(figure)
    ner, person = figure.axes
    assert [axes.get_title() for axes in figure.axes] == ["ner", "person"]
    assert [len(axes.lines) for axes in figure.axes] == [4, 2]
    bands = [len(axes.collections) for axes in figure.axes]
    assert bands == [1, 1]  # for three seeds, not for one
    assert ner.get_xlabel() == "epoch"
    assert (ner.get_ylabel(), person.get_ylabel()) == ("entity F1", "entity F1")
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["hard", "alone"]


def test_the_baseline_is_dashed_and_gray_and_alone_so():
    runs = {name: [make_run(name)] for name in ("a", "b", "alone", "c", "d")}
    axes = plots.learning_curves(runs, baseline="alone").axes[0]
    lines = {line.get_label(): line for line in axes.lines if line.get_label() in runs}
    assert lines["alone"].get_linestyle() == "--"
    assert to_rgba(lines["alone"].get_color()) == to_rgba("#777777")
    assert to_rgba(lines["a"].get_color()) == to_rgba(plots.task_color("ner"))
    assert len({str(line._unscaled_dash_pattern) for line in lines.values()}) == len(runs)


def test_the_thick_line_is_the_mean_and_the_band_the_deviation():
    values = np.array([[0.1, 0.4, 0.6], [0.3, 0.4, 0.9]])
    runs = {"hard": [make_run(f"s{i}", row, seed=i) for i, row in enumerate(values)]}
    figure = plots.learning_curves(runs)
    line = max(figure.axes[0].lines, key=lambda line: line.get_linewidth())
    assert line.get_xdata().tolist() == [0, 1, 2]
    assert line.get_ydata() == pytest.approx(values.mean(axis=0))
    band = figure.axes[0].collections[0].get_paths()[0].vertices
    deviation = values.std(axis=0, ddof=1)
    for epoch in range(3):
        heights = band[band[:, 0] == epoch, 1]
        assert heights.min() == pytest.approx(values.mean(axis=0)[epoch] - deviation[epoch])
        assert heights.max() == pytest.approx(values.mean(axis=0)[epoch] + deviation[epoch])
    assert any("mean of 2 seeds" in text for text in texts(figure))


def test_training_and_validation_are_not_mixed_up():
    run = make_run(values=(0.1, 0.2))
    run.table.loc[run.table["split"] == "train", "value"] = 0.9
    lines = plots.learning_curves({"hard": [run]}).axes[0].lines
    thin, thick = sorted(lines, key=lambda line: line.get_linewidth())
    assert thin.get_ydata().tolist() == [0.9, 0.9]
    assert thick.get_ydata().tolist() == [0.1, 0.2]


def test_losses_are_drawn_on_their_own_scale():
    figure = plots.learning_curves({"hard": [make_run(values=(3.0, 2.0))]}, "loss")
    axes = figure.axes[0]
    assert axes.get_ylabel() == "loss (nats a label)"
    assert axes.get_ylim()[0] == 0
    assert axes.get_ylim()[1] >= 3
    assert plots.learning_curves({"hard": [make_run()]}).axes[0].get_ylim() == (0, 1)


def test_one_run_is_drawn_as_it_is():
    figure = plots.learning_curves(make_run("hard"))
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["hard"]
    assert len(figure.axes[0].lines) == len(plots.learning_curves({"x": make_run()}).axes[0].lines)


def recorded(run: Run, task: str, metric: str, split: str, values) -> Run:
    """The run with one more curve."""
    header = run.header
    rows = [
        [run.name, header["seed"], epoch, epoch, task, split, metric, value]
        for epoch, value in enumerate(values)
    ]
    more = pd.DataFrame(rows, columns=COLUMNS)
    return Run(header, pd.concat([run.table, more], ignore_index=True))


def test_any_metric_that_was_recorded_is_drawn_unclipped():
    run = recorded(make_run(), "ner+person", "cosine trunk", "train", (-0.5, 0.2, 0.1))
    run = recorded(run, "ner", "norm trunk", "train", (3.0, 40.0, 2.0))
    run = recorded(run, "ner", "margin", "valid", (-3.0, 4.0, 2.0))
    cosine = plots.learning_curves({"hard": [run]}, "cosine trunk")
    (axes,) = cosine.axes
    assert (axes.get_title(), axes.get_ylabel(), axes.get_ylim()) == (
        "ner+person", "cosine trunk", (-1, 1),
    )  # fmt: skip
    (line,) = [line for line in axes.lines if len(line.get_xdata()) == 3]
    assert line.get_ydata().tolist() == [-0.5, 0.2, 0.1] and line.get_linewidth() > 2
    assert "training; one seed" in texts(cosine)
    assert plots.learning_curves(make_run(values=(0.3, 0.2)), "loss").axes[0].get_ylim()[1] < 0.5
    low, high = plots.learning_curves(run, "norm trunk").axes[0].get_ylim()
    assert low == 0 and high > 40
    low, high = plots.learning_curves(run, "margin").axes[0].get_ylim()
    assert low < -3 and high > 4
    percent = make_run(values=(10.0, 90.0))
    assert plots.learning_curves(percent).axes[0].get_ylim()[1] > 90


def recorded_run(name: str, shift: float) -> Run:
    """Three tasks that meet at the embedding; at encoder_1 only two of them do."""
    run = make_run(name)
    for pair, value in {"ner+person": -0.5, "ner+mood": 0.3, "mood+person": 0.0}.items():
        run = recorded(run, pair, "cosine embedding", "train", (value, value + shift))
    run = recorded(run, "ner+mood", "cosine encoder_1", "train", (1.0, -1.0))
    run = recorded(run, "ner+person", "cosine", "train", (0.9, 0.9))  # of the whole trunk
    for task, value in {"ner": 8.0, "person": 1.0, "mood": 2.0}.items():
        run = recorded(run, task, "norm embedding", "train", (value, value))
    return run


def test_the_map_of_gradients_has_a_chart_a_level_and_means_over_runs():
    figure = plots.gradient_map([recorded_run("a", 0.1), recorded_run("b", 0.3)])
    embedding, encoder, _ = figure.axes
    assert (embedding.get_title(), encoder.get_title()) == ("embedding", "encoder_1")
    assert [label.get_text() for label in embedding.get_yticklabels()] == [
        "ner + person", "ner + mood", "mood + person",
    ]  # fmt: skip
    cells = embedding.images[0].get_array()
    np.testing.assert_allclose(cells, [[-0.5, -0.3], [0.3, 0.5], [0.0, 0.2]])
    cells = encoder.images[0].get_array().filled(np.nan)  # only one pair meets there
    np.testing.assert_allclose(cells, [[np.nan] * 2, [1.0, -1.0], [np.nan] * 2])
    assert embedding.images[0].get_clim() == (-1, 1)
    written = texts(figure)
    assert "−0.50" in written and any("mean of 2 runs" in text for text in written)
    assert "余弦" in " ".join(texts(plots.gradient_map(recorded_run("a", 0), language="zh")))


def test_the_map_of_norms_shows_how_much_louder_the_first_is():
    figure = plots.gradient_map(recorded_run("a", 0.1), "norm")
    rows = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    values = dict(zip(rows, figure.axes[0].images[0].get_array()[:, 0], strict=True))
    assert values == pytest.approx({"ner + person": 3, "ner + mood": 2, "person + mood": -1})


def test_runs_without_gradients_are_refused():
    with pytest.raises(ValueError, match="no run has cosines of gradients; train with compile"):
        plots.gradient_map(make_run())
    with pytest.raises(ValueError, match="unknown measure 'angle'"):
        plots.gradient_map(recorded_run("a", 0), "angle")
    with pytest.raises(ValueError, match="there is no run"):
        plots.gradient_map([])


# -- the front


def of_two(person: float, ner: float) -> Run:
    runs = [
        make_run("x", (0.0, value), task=task) for task, value in (("person", person), ("ner", ner))
    ]
    table = pd.concat([run.table for run in runs], ignore_index=True)
    return Run({**runs[0].header, "scores": {"person": "f1", "ner": "f1"}}, table)


SETTINGS = {
    "sum": [of_two(0.5, 0.6), of_two(0.6, 0.7)],
    "ner × 3": [of_two(0.4, 0.9)],
    "beaten": of_two(0.3, 0.5),
    "method": of_two(0.6, 0.95),
}


def test_the_front_goes_along_what_nobody_beats():
    figure = plots.front(SETTINGS, "person", "ner", line=["sum", "ner × 3", "beaten"])
    draw(figure)
    (axes,) = figure.axes
    line = next(line for line in axes.lines if len(line.get_xdata()) > 3)
    corners = list(zip(line.get_xdata(), line.get_ydata(), strict=True))
    assert corners[1:-1] == [pytest.approx((40, 90)), pytest.approx((55, 65))]
    means = [line for line in axes.lines if line.get_markersize() > 10]
    assert [tuple(np.ravel(line.get_data())) for line in means] == [
        pytest.approx(at) for at in ((55, 65), (40, 90), (30, 50), (60, 95))
    ]
    colors = [to_rgba(line.get_color()) for line in means]
    assert len(set(colors[:3])) == 1 and colors[3] != colors[0]  # of the line, and not
    assert [text.get_text() for text in figure.legends[0].get_texts()][1] == "2  ner × 3"
    whole = plots.front(SETTINGS, "person", "ner", language="zh")
    line = next(line for line in whole.axes[0].lines if len(line.get_xdata()) >= 3)
    assert list(zip(line.get_xdata(), line.get_ydata(), strict=True))[1:-1] == [
        pytest.approx((60, 95))
    ]
    draw(whole)


def test_a_front_refuses_what_it_cannot_place():
    with pytest.raises(ValueError, match="unknown setting in line 'product'"):
        plots.front(SETTINGS, "person", "ner", line=["product"])
    with pytest.raises(ValueError, match="unknown task of 'sum' 'mood'"):
        plots.front(SETTINGS, "mood", "ner")
    with pytest.raises(ValueError, match="setting 'none' has no run"):
        plots.front({"none": []}, "person", "ner")
    with pytest.raises(ValueError, match="there is no run"):
        plots.front({}, "person", "ner")


def test_any_split_is_drawn():
    run = recorded(make_run(values=(0.1, 0.2)), "ner", "f1", "test", (0.6,))
    figure = plots.learning_curves({"hard": [run]}, split="test")
    thin, thick = figure.axes[0].lines
    assert thick.get_ydata().tolist() == [0.6] and thick.get_marker() == "o"
    assert thin.get_ydata().tolist() == [0.1, 0.2]
    assert "thick: test, thin: training; one seed" in texts(figure)
    figure = plots.learning_curves({"hard": [run]}, split="train")
    assert len(figure.axes[0].lines) == 1 and figure.axes[0].lines[0].get_linewidth() > 2


def test_the_thick_line_is_the_split_that_was_validated_on():
    run = make_run(values=(0.1, 0.2), validation="dev")
    table = run.table.replace({"split": {"valid": "dev"}})
    table.loc[table["split"] == "train", "value"] = 0.9
    figure = plots.learning_curves({"hard": [Run(run.header, table)]})
    thick = max(figure.axes[0].lines, key=lambda line: line.get_linewidth())
    assert thick.get_ydata().tolist() == [0.1, 0.2]
    assert "thick: dev, thin: training; one seed" in texts(figure)
    table = table[table["split"] == "train"].reset_index(drop=True)
    alone = plots.learning_curves(Run({**run.header, "validation": None}, table))
    assert alone.axes[0].lines[0].get_ydata().tolist() == [0.9, 0.9]


def test_what_no_run_has_is_refused_with_what_there_is():
    for asked in ({"metric": "acc"}, {"split": "test"}, {"metric": "loss", "split": "dev"}):
        with pytest.raises(
            ValueError, match=r"no run has .*\['loss', 'f1'\].*\['train', 'valid'\]"
        ):
            plots.learning_curves(make_run(), **asked)


def test_curves_speak_chinese():
    runs = {"硬共享": [two_task_run("甲", 0.1), make_run("乙", seed=8)], "alone": make_run("丙")}
    written = texts(plots.learning_curves(runs, language="zh"))
    assert {
        "轮",
        "实体 F1",
        "硬共享",
        "粗线：验证，细线：训练；2 个种子的平均，色带：一个标准差",
    } <= set(written)
    written = texts(plots.learning_curves(make_run(), "loss", language="zh"))
    assert {"损失（每个标签，nats）", "粗线：验证，细线：训练；一个种子"} <= set(written)


@pytest.mark.parametrize(
    "wrong", [None, 3, "hard", [make_run()], make_run().table, {3: make_run()}, {"a": None},
              {"a": "b"}, {"a": [1]}, {"a": make_run().table}, {"a": {"b": make_run()}}],
    ids=lambda wrong: type(wrong).__name__,
)  # fmt: skip
def test_what_are_no_runs_is_refused(wrong):
    with pytest.raises(TypeError, match=r"^runs"):
        plots.learning_curves(wrong)


def test_curves_of_nothing_and_unknown_baselines_are_refused():
    for nothing in ({}, {"hard": []}):
        with pytest.raises(ValueError, match="no run to draw"):
            plots.learning_curves(nothing)
    with pytest.raises(ValueError, match=r"no model 'alone'.*\['hard'\]"):
        plots.learning_curves({"hard": [make_run()]}, baseline="alone")


# -- sharing diagram


def boxes(figure: Figure) -> list[tuple[float, float, float]]:
    """Left end, right end and height of each box."""
    patches = [p for p in figure.axes[0].patches if isinstance(p, FancyBboxPatch)]
    return [(p.get_x(), p.get_x() + p.get_width(), p.get_y() + p.get_height() / 2) for p in patches]


def heads(figure: Figure) -> dict[str, float]:
    top = max(height for _, _, height in boxes(figure))
    return {
        text.get_text(): text.get_position()[0]
        for text in figure.axes[0].texts
        if text.get_position()[1] == pytest.approx(top) and text.get_text() != "head"
    }


def test_a_box_spans_the_tasks_that_share_it():
    figure = plots.sharing_diagram(SharingPlan.hard(["a", "b", "c"]).split("encoder_2", "a"))
    draw(figure)
    widths = [
        [round(r - x, 1) for x, r, h in boxes(figure) if h == pytest.approx(i)] for i in range(4)
    ]
    assert widths == [[2.8], [2.8], [0.8, 1.8], [0.8, 0.8, 0.8]]


@settings(max_examples=25)
@given(plans())
def test_boxes_cover_just_the_tasks_at_their_level(plan):
    figure = plots.sharing_diagram(plan)
    column = heads(figure)
    assert set(column) == set(plan.tasks)
    for height, (_, groups) in enumerate(plan):
        spans = [(x, r) for x, r, h in boxes(figure) if h == pytest.approx(height)]
        here = {task for group in groups for task in group}
        for task, place in column.items():
            assert sum(x < place < r for x, r in spans) == (task in here)
        for x, r in spans:
            inside = {task for task, place in column.items() if x < place < r}
            assert any(inside <= set(group) for group in groups)


def test_a_group_that_does_not_stand_together_is_marked():
    plan = SharingPlan(
        {"low": [["a", "b"], ["c"]], "mid": [["b", "c"], ["a"]], "top": [["a", "c"], ["b"]]}
    )
    marks = [text for text in texts(plots.sharing_diagram(plan)) if text.startswith("copy")]
    assert marks == ["copy 1", "copy 1"]


def test_parameters_are_written_in_their_boxes():
    plan = SharingPlan({"low": [["a", "b"]], "high": [["b"]]})
    rows = [
        ("low", ("a", "b"), 1234567),
        ("high", ("b",), 55),
        ("head", ("a",), 6),
        ("head", ("b",), 7),
    ]
    table = pd.DataFrame(rows, columns=["level", "tasks", "parameters"])
    assert {"shared\n1,234,567", "own\n55", "a\n6", "b\n7", "low", "high", "head"} == set(
        texts(plots.sharing_diagram(plan, table))
    )


def test_a_diagram_speaks_chinese():
    plan = SharingPlan({"low": [["a", "b"]], "high": [["a"], ["b"]]})
    assert {"共享", "独用", "头"} <= set(texts(plots.sharing_diagram(plan, language="zh")))
    assert {"shared", "own", "head"} <= set(texts(plots.sharing_diagram(plan)))
    with pytest.raises(ValueError, match="unknown language 'fr'"):
        plots.sharing_diagram(plan, language="fr")


def test_a_model_is_drawn_with_its_plan_and_its_parameters():
    plan = SharingPlan({"low": [["a", "b"]]})
    table = pd.DataFrame(
        [("low", ("a", "b"), 9), ("head", ("a",), 1), ("head", ("b",), 2)],
        columns=["level", "tasks", "parameters"],
    )
    model = SimpleNamespace(plan=plan, parameters=lambda: table)
    assert texts(plots.sharing_diagram(model)) == texts(plots.sharing_diagram(plan, table))
    other = table.assign(parameters=7)
    assert texts(plots.sharing_diagram(model, other)) == texts(plots.sharing_diagram(plan, other))


def test_a_diagram_refuses_what_does_not_fit():
    plan = SharingPlan({"low": [["a", "b"]]})
    for wrong in (None, "hard", {"low": [["a"]]}, make_run(), plan.levels, MODELS["hard"]):
        with pytest.raises(TypeError, match=r"^plan must be a SharingPlan, such as"):
            plots.sharing_diagram(wrong)
    for wrong in (5, "all", [1], {"low": 5}, pd.DataFrame({"a": [1]})):
        with pytest.raises(TypeError, match=r"^parameters must be a table from model.parameters"):
            plots.sharing_diagram(plan, wrong)
    with pytest.raises(ValueError, match=r"parameters are those of another plan.*embedding"):
        plots.sharing_diagram(plan, MODELS["hard"])
    for wrong in (["a"], ["a", "b", "b"], ["a", "c"], []):
        with pytest.raises(ValueError, match=r"tasks must be those of the plan, \['a', 'b'\], not"):
            plots.sharing_diagram(plan, tasks=wrong)
    for error, options in (
        (TypeError, {"tasks": "ab"}),
        (TypeError, {"width": "wide"}),
        (ValueError, {"width": 0}),
        (ValueError, {"width": -2}),
        (TypeError, {"language": None}),
    ):
        with pytest.raises(error, match=r"tasks|width|language"):
            plots.sharing_diagram(plan, **options)


# -- bars and matrices


def test_bars_are_stacked_to_the_sum_of_parameters():
    figure = plots.parameter_bars(MODELS)
    axes = figure.axes[0]
    bars = [p for p in axes.patches if isinstance(p, Rectangle)]
    ends = {round(bar.get_y() + bar.get_height() / 2): 0.0 for bar in bars}
    for bar in bars:
        place = round(bar.get_y() + bar.get_height() / 2)
        assert bar.get_x() == ends[place]
        ends[place] += bar.get_width()
    assert ends == {0: 999, 1: 1030}
    written = texts(figure)
    assert {" 999", " 1,030", "alone", "hard", "embedding", "encoder_1", "head"} <= set(written)
    with pytest.raises(ValueError, match="no model to draw"):
        plots.parameter_bars({})


def test_the_confusion_counts_answers_by_label():
    labels, answers = np.array([[0, 0, 1], [2, -1, -1]]), np.array([[0, 2, 1], [1, 0, 2]])
    figure = plots.confusion(labels, answers, ["x", "y", "z"])
    axes = figure.axes[0]
    assert {t.get_position()[::-1]: t.get_text() for t in axes.texts} == {
        (0, 0): "1", (0, 2): "1", (1, 1): "1", (2, 1): "1",
    }  # fmt: skip
    assert axes.images[0].get_array().tolist() == [[0.5, 0, 0.5], [0, 1, 0], [0, 1, 0]]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("answer", "label")


def test_bars_and_confusions_speak_chinese():
    assert "参数个数" in texts(plots.parameter_bars(MODELS, language="zh"))
    written = texts(plots.confusion([0, 1], [0, 0], ["家人", "朋友"], language="zh"))
    assert {"模型的回答", "标签", "家人"} <= set(written)


@pytest.mark.parametrize("wrong", [None, 3, "hard", [MODELS["hard"]], MODELS["hard"], {"a": None},
                                   {"a": 3}, {"a": pd.DataFrame({"b": [1]})}, {3: MODELS["hard"]}])  # fmt: skip
def test_what_are_no_tables_of_parameters_is_refused(wrong):
    with pytest.raises(TypeError, match=r"^tables"):
        plots.parameter_bars(wrong)


def test_a_confusion_of_thousands_of_labels_shows_the_commonest():
    rng = np.random.default_rng(0)
    often = np.arange(100, 139)
    labels = np.concatenate([np.repeat(often, often - 90), np.arange(5000)])
    answers = np.where(rng.random(labels.size) < 0.5, labels, 7)
    figure = plots.confusion(labels, answers, [f"label {i}" for i in range(5000)])
    axes = figure.axes[0]
    shown = [label.get_text() for label in axes.get_xticklabels()]
    assert shown == [*(f"label {i}" for i in range(100, 139)), "4,961 others"]
    counts = np.zeros((40, 40), int)
    for text in axes.texts:
        column, row = text.get_position()
        counts[row, column] = int(text.get_text())
    assert counts.sum() == labels.size
    assert counts[:39].sum(axis=1).tolist() == list(range(11, 50))
    assert counts[0, 0] == ((labels == 100) & (answers == 100)).sum()
    assert counts[0, 39] == ((labels == 100) & (answers == 7)).sum()
    assert axes.get_title() == "the 39 commonest of 5,000 labels"
    few = plots.confusion([0], [0], [f"label {i}" for i in range(40)]).axes[0]
    assert few.get_title() == "" and few.get_xticklabels()[-1].get_text() == "label 39"


@pytest.mark.parametrize(
    "error, labels, answers, names, says",
    [
        (TypeError, ["a", "b"], [0, 1], ["a", "b"], "^labels must be an array of label ids"),
        (TypeError, None, [0, 1], ["a", "b"], "^labels must be an array of label ids"),
        (TypeError, [0.5, 1], [0, 1], ["a", "b"], "^labels must be an array of label ids"),
        (TypeError, [[0], [0, 1]], [0, 1], ["a", "b"], "^labels must be an array of label ids"),
        (TypeError, [0, 1], {"a": 1}, ["a", "b"], "^answers must be an array of label ids"),
        (TypeError, [0, 1], 1, ["a", "b"], "^answers must be an array of label ids"),
        (TypeError, [0, 1], [0, 1], "ab", "^names must be a list of labels"),
        (TypeError, [0, 1], [0, 1], [0, 1], "^names must be a list of labels"),
        (TypeError, [0, 1], [0, 1], None, "^names must be a list of labels"),
        (ValueError, [0, 1], [0, 1, 1], ["a", "b"], r"one shape, not \(2,\) and \(3,\)"),
        (ValueError, [[0, 1]], [[0], [1]], ["a", "b"], r"one shape, not \(1, 2\) and \(2, 1\)"),
        (
            ValueError,
            [0, 2],
            [0, 1],
            ["a", "b"],
            r"labels must be ids from 0 to 1, as there are names; there are \[2\]",
        ),
        (ValueError, [0, 1], [0, -1], ["a", "b"], r"answers must be ids .* there are \[-1\]"),
        (ValueError, [0, -2], [0, 1], ["a", "b"], r"labels must be ids .* there are \[-2\]"),
        (ValueError, [-1, -1], [0, 1], ["a", "b"], "no label to count: all are -1"),
        (ValueError, [], [], ["a", "b"], "no label to count"),
    ],
)
def test_a_confusion_of_what_is_none_is_refused(error, labels, answers, names, says):
    with pytest.raises(error, match=says):
        plots.confusion(labels, answers, names)


def test_ones_own_model_is_confused_on_any_split():
    from mtl_tutorial.evaluation import answers
    from mtl_tutorial.model import build_model

    data = tiny_data()
    model = build_model(data, units=4, embedding_dim=4)
    for split in ("train", "valid"):
        for name, task in model.tasks.items():
            figure = plots.confusion_of(model, data, name, split)
            found = answers(model, data[split])[name]
            names = task.labels or data.vocabulary.tokens
            wanted = plots.confusion(data[split].targets[name], found, names)
            assert texts(figure) == texts(wanted) and figure.axes[0].texts
    assert "标签" in texts(plots.confusion_of(model, data, "mood", language="zh"))
    for error, wrong in (
        (TypeError, (data, model, "mood")),
        (TypeError, (model, data["valid"], "mood")),
        (TypeError, (model, data, None)),
        (TypeError, (model, data, "mood", None)),
        (ValueError, (model, data, "mod")),
        (ValueError, (model, data, "mood", "dev")),
    ):
        with pytest.raises(error, match=r"^(model|data|task|split) must be|unknown task|no split"):
            plots.confusion_of(*wrong)


# -- forests


SEEDS = {
    "ner": paired_difference([0.80, 0.82, 0.81], [0.70, 0.71, 0.72]),
    "person": paired_difference([0.70, 0.71, 0.72], [0.80, 0.82, 0.81]),
    "my plan": paired_difference([0.9, 0.6, 0.8, 0.7], [0.7, 0.7, 0.78, 0.6]),
    "one": paired_difference([0.8], [0.7]),
}


def test_a_forest_has_a_row_each_with_dot_interval_and_zero():
    figure = plots.differences(SEEDS)
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == list(SEEDS)
    assert axes.get_ylim() == (3.5, -0.5)  # the first row on top
    zero, *lines = axes.lines
    assert list(zero.get_xdata()) == [0, 0] and zero.get_linestyle() == "--"
    for place, (name, row) in enumerate(SEEDS.items()):
        interval, dot = lines[2 * place : 2 * place + 2]
        np.testing.assert_array_equal(interval.get_xdata(), [row.low, row.high])
        assert list(interval.get_ydata()) == [place, place]
        assert (list(dot.get_xdata()), list(dot.get_ydata())) == ([row.mean], [place])
        color = to_rgba(plots.COLORS.get(name, plots.INK))
        assert to_rgba(dot.get_color()) == to_rgba(interval.get_color()) == color
        filled = to_rgba(dot.get_markerfacecolor()) == color
        assert (filled, dot.get_marker()) == {
            "gains": (True, "o"), "loses": (True, "o"), "cannot tell": (False, "o"), None: (True, "X"),
        }[row.verdict]  # fmt: skip
    written = texts(figure)
    assert {"+10.0", "−10.0", "+5.5"} <= set(written)
    assert any(text.endswith("seeds: 1–4") for text in written)


def test_a_forest_says_over_how_many_claims_and_speaks_chinese():
    judged = holm(SEEDS)
    assert any(
        t.endswith("Holm's correction over 3 claims") for t in texts(plots.differences(judged))
    )
    assert not any("Holm" in text for text in texts(plots.differences(SEEDS)))
    written = texts(plots.differences(judged, language="zh"))
    assert any(text.endswith("种子数：1–4；3 个结论，经 Holm 校正") for text in written)
    assert any("与基线之差（分）" in text for text in written)
    both = {"seeds": SEEDS["ner"], "sentences": paired_bootstrap([1, 0] * 600, [0, 0] * 600)}
    assert any("seeds: 3; test sentences: 1,200" in text for text in texts(plots.differences(both)))


@pytest.mark.parametrize(
    "wrong", [None, 3, "ner", [SEEDS["ner"]], SEEDS["ner"], {"ner": 0.3}, {"ner": None},
              {"ner": [0.8, 0.7]}, {3: SEEDS["ner"]}, pd.Series({"ner": 1.0})],
    ids=lambda wrong: type(wrong).__name__,
)  # fmt: skip
def test_what_are_no_differences_is_refused(wrong):
    with pytest.raises(TypeError, match=r"^rows"):
        plots.differences(wrong)


def test_no_difference_is_no_forest():
    with pytest.raises(ValueError, match="no difference to draw"):
        plots.differences({})


# -- small pieces


@pytest.mark.parametrize("wrong", [None, 3, ["ner"], {"a": 1}, b"ner", make_run()])
def test_small_pieces_name_what_is_wrong(wrong):
    with pytest.raises(TypeError, match=r"^task must be a string"):
        plots.task_color(wrong)
    with pytest.raises(TypeError, match=r"^figure must be a Figure"):
        plots.use_fonts(wrong)
    with pytest.raises(TypeError, match=r"^color must be a color"):
        plots.ink_on(wrong)
    if wrong is not None:
        with pytest.raises(TypeError, match=r"^baseline must be a string"):
            plots.learning_curves(make_run(), baseline=wrong)
    if wrong not in (["ner"], {"a": 1}):
        with pytest.raises(TypeError, match=r"^texts must be a list of texts"):
            plots.legible(wrong)


@pytest.mark.parametrize("language", [None, "fr", 3, ["en"]])
def test_no_figure_speaks_another_language(language):
    for draw_it in (
        lambda: plots.learning_curves(make_run(), language=language),
        lambda: plots.sharing_diagram(EXAMPLE, language=language),
        lambda: plots.parameter_bars(MODELS, language=language),
        lambda: plots.confusion([0], [0], ["a"], language=language),
        lambda: plots.differences(SEEDS, language=language),
    ):
        with pytest.raises(ValueError if language == "fr" else TypeError, match=r"language"):
            draw_it()


# -- Chinese


def chinese_figures() -> dict[str, Figure]:
    table = pd.DataFrame([("词向量", ("a",), 5)], columns=["level", "tasks", "parameters"])
    return {
        "curves": plots.learning_curves(
            {"硬共享": [make_run("甲")], "单任务": [make_run("乙")]}, baseline="单任务"
        ),
        "diagram": plots.sharing_diagram(SharingPlan({"词向量": [["a", "b"]]})),
        "bars": plots.parameter_bars({"单任务": table, "hard": table}),
        "confusion": plots.confusion(np.array([0, 1, 2]), np.array([0, 1, 1]), CHINESE),
    }


@pytest.mark.parametrize("name", ["curves", "diagram", "bars", "confusion"])
def test_chinese_names_are_drawn_as_they_are(name):
    figure = chinese_figures()[name]
    draw(figure)
    assert any("\u4e00" <= c <= "\u9fff" for text in texts(figure) for c in text)


def test_figures_do_not_pile_up_in_pyplot():
    import matplotlib.pyplot as plt

    plots.sharing_diagram(EXAMPLE)
    assert plt.get_fignums() == []


def test_a_notebook_shows_a_figure_though_pyplot_was_never_imported():
    code = (
        "import sys; from IPython.core.formatters import DisplayFormatter\n"
        "from mtl_tutorial import SharingPlan, plots\n"
        "shown = DisplayFormatter().format(plots.sharing_diagram(SharingPlan.hard(['a'])))[0]\n"
        "assert shown['image/png'].startswith(b'\\x89PNG') and 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

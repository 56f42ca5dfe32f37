"""Figures: that they show what they say, and show it legibly."""

import io
import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font
from matplotlib.patches import FancyBboxPatch, Rectangle
from test_runs import make_run
from test_sharing import EXAMPLE, plans

from mtl_tutorial import plots
from mtl_tutorial.runs import Run
from mtl_tutorial.sharing import SharingPlan

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


@pytest.fixture
def latin_only(monkeypatch):
    """A computer without a Chinese font."""
    monkeypatch.setattr(plots, "_fonts", lambda: ("DejaVu Sans",))
    known = frozenset(FT2Font(findfont("DejaVu Sans")).get_charmap())
    monkeypatch.setattr(plots, "_glyphs", lambda: known)


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


# -- colors and names


def test_each_task_of_the_course_has_a_color_of_its_own():
    tasks = ["sentiment", "person", "relation", "ner", "lm"]
    assert len({plots.task_color(task) for task in tasks}) == len(tasks)
    assert plots.task_color("other") == plots.task_color("other")
    assert plots.task_color("other") not in plots.COLORS.values()


def test_chinese_names_are_shown_where_a_font_has_them():
    if len(plots._fonts()) == 1:
        pytest.skip("no Chinese font is installed here")
    assert plots.legible(CHINESE) == CHINESE


def test_without_a_font_a_name_is_its_place(latin_only):
    assert plots.legible(["family", "朋友", "naïve", "无"]) == ["family", "#2", "naïve", "#4"]
    assert plots.legible(["ＡＢＣ"]) == ["ABC"]


@given(st.lists(st.sampled_from(["#1", "#2", "#3", "无", "家人", "Ａ", "A", "naïve"]), unique=True))
def test_names_that_differ_are_shown_differently(names):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plots, "_glyphs", lambda: frozenset(range(256)))
        assert len(set(plots.legible(names))) == len(names)


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


def test_a_diagram_speaks_chinese_where_a_font_does(monkeypatch):
    plan = SharingPlan({"low": [["a", "b"]], "high": [["a"], ["b"]]})
    letters = {*range(128), *map(ord, "共享独用副本头")}
    monkeypatch.setattr(plots, "_glyphs", lambda: letters)
    assert {"共享", "独用", "头"} <= set(texts(plots.sharing_diagram(plan, language="zh")))
    monkeypatch.setattr(plots, "_glyphs", lambda: set(range(128)))
    assert {"shared", "own", "head"} <= set(texts(plots.sharing_diagram(plan, language="zh")))


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
def test_chinese_names_are_drawn_with_a_chinese_font(name, tmp_path):
    if len(plots._fonts()) == 1:
        pytest.skip("no Chinese font is installed here")
    figure = chinese_figures()[name]
    draw(figure)
    assert any("\u4e00" <= c <= "\u9fff" for text in texts(figure) for c in text)
    figure.savefig(tmp_path / "figure.png")


@pytest.mark.parametrize("name", ["curves", "diagram", "bars", "confusion"])
def test_without_a_chinese_font_there_are_no_empty_boxes(name, latin_only):
    written = texts(chinese_figures()[name])
    assert "#1" in written
    assert not any(c > "\u2e80" for text in written for c in text)


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

"""Tables as pictures: parameters as bars, confusion as a heat map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mtl_tutorial import arguments
from mtl_tutorial.arguments import listed, shown
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.languages import check_language
from mtl_tutorial.plots.figure import INK, Chart, bare, new_figure
from mtl_tutorial.plots.fonts import legible, use_fonts
from mtl_tutorial.tasks import MISSING

MOST_LABELS = 40
"""Rows of a confusion at most; further labels are counted together."""

_WORDS = {
    "en": {
        "parameters": "parameters",
        "answer": "answer",
        "label": "label",
        "others": "{n:,} others",
        "cut": "the {shown} commonest of {all:,} labels",
    },
    "zh": {
        "parameters": "参数个数",
        "answer": "模型的回答",
        "label": "标签",
        "others": "其余 {n} 个",
        "cut": "{all} 个标签中最常见的 {shown} 个",
    },
}


def check_parameters(name: str, table: Any) -> None:
    """Refuse what is no table of parameters, as a model's ``parameters()`` gives it."""
    wanted = {"level", "tasks", "parameters"}
    if not isinstance(table, pd.DataFrame) or not wanted <= set(table.columns):
        raise TypeError(f"{name} must be a table from model.parameters(), not {shown(table)}")


def parameter_bars(tables: Mapping[str, pd.DataFrame], *, language: str = "en") -> Chart:
    """Parameters of several models as bars, stacked by level.

    Parameters
    ----------
    tables
        Name of a model → its ``model.parameters()``.
    language
        Of the words in the figure, ``"en"`` or ``"zh"``.

    Raises
    ------
    TypeError
        If `tables` is no dictionary of such tables.
    ValueError
        If there is none.
    """
    check_language(language)
    for name, table in arguments.mapping("tables", tables, "name of a model → table").items():
        check_parameters(f"tables[{name!r}]", table)
    if not tables:
        raise ValueError("there is no model to draw")
    sums = pd.DataFrame(
        {name: t.groupby("level", sort=False)["parameters"].sum() for name, t in tables.items()}
    )
    sums = sums.fillna(0)
    figure, grid = new_figure(7, 0.55 * len(tables) + 1.1)
    axes = grid[0, 0]
    left = np.zeros(len(tables))
    shades = ["#1F2D3D", "#44617B", "#7A9CB8", "#B4CBDD", "#D9E4EC"]
    names = legible(tables)
    for i, (level, row) in enumerate(zip(legible(sums.index), sums.to_numpy(), strict=True)):
        axes.barh(names, row, left=left, color=shades[i % len(shades)], label=level, height=0.6)
        left += row
    for place, total in enumerate(left):
        axes.text(total, place, f" {total:,.0f}", va="center", fontsize=9, color=INK)
    axes.invert_yaxis()
    axes.set(xlabel=_WORDS[language]["parameters"], xlim=(0, left.max() * 1.18))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.xaxis.get_major_locator().set_params(nbins=5)
    axes.legend(frameon=False, fontsize=8, ncols=len(sums), loc="lower left", bbox_to_anchor=(0, 1))
    bare(axes)
    return use_fonts(figure)


def confusion_of(
    model: Any, data: MultiTaskData, task: str, split: str = "valid", *, language: str = "en"
) -> Chart:
    """What a model answers on one split for which label of a task: see `confusion`.

    Parameters
    ----------
    model
        A trained model; the labels of a token task are those of its best sequences.
    data
        Data that the model was built for.
    task
        One of the model's tasks.
    split
        One of the data's splits.
    language
        Of the words in the figure, ``"en"`` or ``"zh"``.

    Raises
    ------
    TypeError
        If an argument is of the wrong kind.
    ValueError
        If data and model do not fit, for an unknown task or split, or one without labels.
    """
    from mtl_tutorial.evaluation import answers, check_fit
    from mtl_tutorial.model import MultiTaskModel

    arguments.instance("model", model, MultiTaskModel)
    arguments.instance("data", data, MultiTaskData)
    arguments.one_of("task", task, model.tasks)
    check_fit(model, data, arguments.text("split", split))
    names = model.tasks[task].labels or model.vocabulary.tokens
    found = answers(model, data[split])[task]
    return confusion(data[split].targets[task], found, names, language=language)


def confusion(
    labels: np.ndarray, answers: np.ndarray, names: Sequence[str], *, language: str = "en"
) -> Chart:
    """What was answered for which label: counts, shaded by their share of the label's row.

    Parameters
    ----------
    labels, answers
        Label ids of one shape; labels of -1 do not count.
    names
        The labels in the order of their ids. Of more than `MOST_LABELS` the rarest are counted
        together.
    language
        Of the words in the figure, ``"en"`` or ``"zh"``.

    Raises
    ------
    TypeError
        If labels or answers are not whole numbers, or names not a list of strings.
    ValueError
        If labels and answers differ in shape, an id has no name, or no label is present.

    Examples
    --------
    >>> figure = confusion([0, 0, 1, -1], [0, 1, 1, 0], ["good", "bad"])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['1', '1', '1']
    """
    from sklearn.metrics import confusion_matrix

    check_language(language)
    words, names = _WORDS[language], list(arguments.names("names", names, "labels"))
    true, found = _present(labels, answers, len(names))
    total = len(names)
    if total > MOST_LABELS:
        common = np.argsort(-np.bincount(true, minlength=total), kind="stable")[: MOST_LABELS - 1]
        common.sort()
        place = np.full(total, len(common))
        place[common] = np.arange(len(common))
        true, found = place[true], place[found]
        names = [names[i] for i in common] + [words["others"].format(n=total - len(common))]
    counts = confusion_matrix(true, found, labels=range(len(names)))
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    drawn = legible(names)
    size = 0.55 * len(names) + 0.08 * max(map(len, drawn)) + 1.2
    figure, grid = new_figure(size, size)
    axes = grid[0, 0]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(*counts.shape):
        if counts[row, column]:
            color = "white" if shares[row, column] > 0.55 else INK
            axes.text(
                column, row, counts[row, column], ha="center", va="center", color=color, fontsize=8
            )
    axes.set_xticks(range(len(names)), drawn, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), drawn)
    axes.set(xlabel=words["answer"], ylabel=words["label"])
    if total > len(names):
        axes.set_title(words["cut"].format(shown=len(names) - 1, all=total))
    return use_fonts(figure)


def _present(labels: Any, answers: Any, total: int) -> tuple[np.ndarray, np.ndarray]:
    """Labels that are there, and their answers: ids below `total`, [labels]."""
    labels = arguments.label_ids("labels", labels)
    answers = arguments.label_ids("answers", answers)
    if labels.shape != answers.shape:
        raise ValueError(
            f"labels and answers must have one shape, not {labels.shape} and {answers.shape}"
        )
    present = labels != MISSING
    if not present.any():
        raise ValueError("there is no label to count: all are -1")
    true, found = labels[present], answers[present]
    for name, ids in (("labels", true), ("answers", found)):
        odd = np.unique(ids[(ids < 0) | (ids >= total)])
        if odd.size:
            raise ValueError(
                f"{name} must be ids from 0 to {total - 1}, as there are names; there are "
                f"{listed(odd.tolist())}"
            )
    return true, found

"""What a training leaves behind: `Run`, a tidy table with a header; saved and loaded without loss."""

from __future__ import annotations

import csv
import gzip
import io
import json
import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from mtl_tutorial import arguments
from mtl_tutorial.arguments import listed, shown
from mtl_tutorial.comparing import paired_difference
from mtl_tutorial.reasons import read_reason

COLUMNS = ["run", "seed", "epoch", "step", "task", "split", "metric", "value"]

RISE = 2.0
"""Points that scores without an interval must rise by to be called climbing."""

_KINDS = (
    ("run", str, "the run's name, a string"),
    ("seed", int, "a whole number"),
    ("scores", dict, "a dictionary task → metric"),
    ("epoch", int, "a whole number"),
)
"""What every header holds: key, kind, and what to say of another kind."""


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """One training.

    Attributes
    ----------
    header
        What was trained and how: ``run`` (its name), ``seed``, ``plan``, ``encoder``, ``labels``
        (task → training sentences with a label), ``scores`` (task → the metric it is judged by),
        ``parameters``, ``epoch`` (the last that was measured; with early stopping the best one,
        whose weights the model has), ``seconds``, ``stopped`` (why it ended early, see `reasons.reason`, or None),
        ``validation`` (the split it was validated on), ``versions``, …
        Plain JSON: NumPy's numbers become Python's, tuples lists.
    table
        One measured value a row: ``run, seed, epoch, step, task, split, metric, value``. Epoch 0
        is before the first step; metrics are ``"loss"`` (nats a label) and ``"accuracy"`` or
        ``"f1"`` (0 to 1).

    Raises
    ------
    TypeError
        If the header is not plain JSON, or the table is not a data frame.
    ValueError
        If the header lacks ``run``, ``seed``, ``scores`` or ``epoch``, or the table has other columns
        or rows of another run.

    Examples
    --------
    >>> rows = [("hard", 0, epoch, 9 * epoch, "ner", "valid", "f1", epoch / 4) for epoch in range(3)]
    >>> header = {"run": "hard", "seed": 0, "scores": {"ner": "f1"}, "epoch": 2, "stopped": None}
    >>> run = Run(header, pd.DataFrame(rows, columns=COLUMNS))
    >>> run
    <Run 'hard': seed 0, epoch 2; ner 0.500 on valid>
    >>> run.curve("ner").to_dict()
    {0: 0.0, 1: 0.25, 2: 0.5}
    >>> run.final().to_dict()
    {'ner': 0.5}
    """

    header: dict[str, Any]
    table: pd.DataFrame

    def __post_init__(self) -> None:
        header = arguments.plain("header", self.header)
        if not isinstance(header, dict):
            raise TypeError(f"header must be a dictionary, not {shown(self.header)}")
        missing = [key for key, *_ in _KINDS if key not in header]
        if missing:
            raise ValueError(f"a run's header needs {missing} as well; it has {list(header)}")
        for key, kind, wanted in _KINDS:
            if type(header[key]) is not kind:
                raise TypeError(f"header[{key!r}] must be {wanted}, not {shown(header[key])}")
        if list(arguments.instance("table", self.table, pd.DataFrame).columns) != COLUMNS:
            raise ValueError(f"a run's table has the columns {COLUMNS}, not {list(self.table)}")
        others = set(self.table["run"].unique()) - {header["run"]}
        if others:
            raise ValueError(f"the table of run {header['run']!r} has rows of {listed(others)}")
        object.__setattr__(self, "header", header)

    def __repr__(self) -> str:
        try:
            scores = ", ".join(f"{task} {value:.3f}" for task, value in self.final().items())
            scores += f" on {self.validation}"
        except ValueError:  # not validated, or not measured
            scores = "no scores"
        facts = f"seed {self.header['seed']}, epoch {self.header['epoch']}"
        return f"<Run {self.name!r}: {facts}; {scores}>"

    @property
    def name(self) -> str:
        return self.header["run"]

    @property
    def interrupted(self) -> bool:
        """Whether somebody ended it early, by Ctrl-C or a stop flag."""
        return (self.header.get("stopped") or {}).get("why") == "interrupted"

    @property
    def validation(self) -> str | None:
        """The split it was validated on; None if it was not."""
        return self.header.get("validation", "valid")

    def curve(self, task: str, metric: str | None = None, split: str | None = None) -> pd.Series:
        """Values by epoch of one task.

        Parameters
        ----------
        task
            One that the run has.
        metric
            By default the one that the task is judged by.
        split
            By default the one that the run was validated on.

        Raises
        ------
        ValueError
            If the run has no such values; the message says which it has.
        """
        arguments.text("task", task)
        self._has("task", task, [key[0] for key in self._curves])
        if metric is None:
            self._has("score of task", task, self.header["scores"])
            metric = self.header["scores"][task]
        metrics = [key[1] for key in self._curves if key[0] == task]
        self._has(f"metric of {task!r} called", arguments.text("metric", metric), metrics)
        split = self._split(split)
        splits = [key[2] for key in self._curves if key[:2] == (task, metric)]
        self._has(f"{metric} of {task!r} on split", split, splits)
        return self._curves[task, metric, split].rename(f"{task} {metric}")

    def final(self, split: str | None = None) -> pd.Series:
        """Task → its score at ``header["epoch"]``: the last one measured, or the best one.

        The model is as it was then, unless it was stopped later without early stopping.

        Parameters
        ----------
        split
            By default the one that the run was validated on.

        Raises
        ------
        ValueError
            If the run has no scores of this split, such as of a test that was not made.
        """
        rows = self.table[
            (self.table["metric"] == self.table["task"].map(self.header["scores"]))
            & (self.table["epoch"] == self.header["epoch"])
        ]
        split = self._split(split)
        self._has("scores of split", split, list(rows["split"].unique()))
        return rows[rows["split"] == split].set_index("task")["value"]

    def until(self, epoch: int) -> Run:
        """The same training as it stood after so many epochs; its test is not known then.

        Raises
        ------
        ValueError
            If the run did not come that far.
        """
        last = self.header["epoch"]
        if arguments.integer("epoch", epoch, least=0) > last:
            raise ValueError(f"run {self.name!r} has {last} epochs, not {epoch}")
        header = {**self.header, "epoch": epoch, "epochs": epoch, "stopped": None}
        rows = self.table[self.table["epoch"] <= epoch].reset_index(drop=True)
        return self if epoch == last else Run(header, rows)

    def _split(self, split: str | None) -> str:
        if split is None and self.validation is None:
            raise ValueError(
                f"run {self.name!r} was not validated; name a split, such as split='train'"
            )
        return str(self.validation) if split is None else arguments.text("split", split)

    def _has(self, what: str, wanted: str, there: Iterable[str]) -> None:
        if wanted not in there:
            known = listed(dict.fromkeys(there))
            raise ValueError(f"run {self.name!r} has no {what} {wanted!r}; it has {known}")

    @cached_property
    def _curves(self) -> dict[tuple, pd.Series]:
        """(task, metric, split) → values by epoch; found once, for the lab asks often."""
        found: dict[tuple, tuple[list, list]] = {}
        names = ("task", "metric", "split", "epoch", "value")
        # A loop: pandas' groups cost ten times as much on tables as small as these.
        for *key, epoch, value in zip(*(self.table[name].to_list() for name in names), strict=True):
            epochs, values = found.setdefault(tuple(key), ([], []))
            epochs.append(epoch)
            values.append(value)
        return {
            key: pd.Series(values, pd.Index(epochs, name="epoch"), dtype=float, name="value")
            for key, (epochs, values) in found.items()
        }

    def save(self, path: Path | str) -> None:
        """Write header and table to one CSV file; `Run.load` or `load_runs` reads it."""
        save_runs([self], path)

    @classmethod
    def load(cls, path: Path | str) -> Run:
        """Read what `save` wrote.

        Raises
        ------
        ValueError
            If the file holds no run, or several.
        """
        runs = load_runs(path)
        if len(runs) != 1:
            raise ValueError(f"{path}: holds {len(runs)} runs; read it with load_runs")
        return runs[0]


def still_climbing(runs: Iterable[Run], task: str) -> bool:
    """Tell whether the score of a task still rose when its training ended: slower is not worse.

    It did if it `rose` in the last quarter of the epochs that all runs have.

    Parameters
    ----------
    runs
        Trainings of one model, one a seed.
    task
        One that they have.

    Raises
    ------
    TypeError, ValueError
        If `runs` is not a list of runs, or one does not have the task.

    Examples
    --------
    >>> rows = [("hard", 0, epoch, 9 * epoch, "ner", "valid", "f1", epoch / 4) for epoch in range(4)]
    >>> header = {"run": "hard", "seed": 0, "scores": {"ner": "f1"}, "epoch": 3}
    >>> still_climbing([Run(header, pd.DataFrame(rows, columns=COLUMNS))], "ner")
    True
    """
    runs = arguments.instances("runs", runs, Run)
    last = min((run.header["epoch"] for run in runs), default=0)
    before = last - max(1, math.ceil(last / 4))
    curves = [run.curve(task) for run in runs]
    ends = [(curve.get(last, math.nan), curve.get(before, math.nan)) for curve in curves]
    known = [pair for pair in ends if not any(map(math.isnan, pair))]
    return rose(*zip(*known, strict=True)) if known else False


def rose(after: Sequence[float], before: Sequence[float]) -> bool:
    """Tell whether scores (a seed each) rose: by more than their interval, or without one by `RISE`."""
    found = paired_difference(after, before)
    return found.mean > RISE if found.verdict is None else found.verdict == "gains"


def save_runs(runs: Iterable[Run], path: Path | str) -> None:
    """Write runs to one CSV file, compressed if its name ends in ``.gz``.

    Each run's header is a first line ``# {json}``; behind them stands the table, which
    ``pandas.read_csv(path, comment="#")`` opens as well. The file appears whole or not at all.

    Raises
    ------
    ValueError
        If two runs have one name.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "runs.csv.gz")
    >>> table = pd.DataFrame(columns=COLUMNS)
    >>> facts = {"seed": 0, "scores": {"ner": "f1"}, "epoch": 0}
    >>> save_runs([Run({"run": name, **facts}, table) for name in ("hard", "separate")], file)
    >>> [run.name for run in load_runs(file)]
    ['hard', 'separate']
    """
    runs = arguments.instances("runs", runs, Run)
    names = [run.name for run in runs]
    if len(set(names)) < len(names):
        raise ValueError(f"runs need different names to be kept in one file; got {listed(names)}")
    path = arguments.path("path", path)
    path.parent.mkdir(parents=True, exist_ok=True)
    headers = "".join(f"# {json.dumps(run.header, ensure_ascii=False)}\n" for run in runs)
    aside = path.with_name(path.name + ".part")
    rows = pd.concat([run.table for run in runs]) if runs else pd.DataFrame(columns=COLUMNS)
    table = rows.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    content = (headers + table).encode("utf-8")
    # Without a time of writing in it, the same runs give the same file.
    try:
        aside.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)  # there no more, unless something went wrong


def load_runs(path: Path | str) -> list[Run]:
    """Read what `save_runs` wrote.

    Raises
    ------
    ValueError
        If the file has no header of a run, or other columns; the message names it.
    """
    path = arguments.path("path", path)
    try:
        content = path.read_bytes()
        rest = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
        headers = []
        while rest.startswith("# {"):
            line, _, rest = rest.partition("\n")
            header = json.loads(line[2:])
            if "stopped" in header:
                header["stopped"] = read_reason(header["stopped"])
            headers.append(header)
        table = pd.read_csv(
            io.StringIO(rest),
            keep_default_na=False,  # a run may be called "NA"
            dtype=dict.fromkeys(("run", "task", "split", "metric"), str),
            converters={"value": lambda written: float(written or "nan")},  # exact, unlike pandas'
        )
        if not headers or list(table.columns) != COLUMNS or not all("run" in h for h in headers):
            raise ValueError(f"header lines '# {{...}}' and columns {COLUMNS} are expected")
        by_name = {n: rows.reset_index(drop=True) for n, rows in table.groupby("run", sort=False)}
        return [Run(header, by_name.get(header["run"], table.iloc[:0])) for header in headers]
    except (ValueError, TypeError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{path}: not a table of runs: {error}") from error

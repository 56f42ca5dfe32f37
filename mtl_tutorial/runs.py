"""What a training leaves behind: `Run`, a tidy table with a header; saved and loaded without loss."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

COLUMNS = ["run", "seed", "epoch", "step", "task", "split", "metric", "value"]


@dataclass(frozen=True, eq=False)
class Run:
    """One training.

    Attributes
    ----------
    header
        What was trained and how: ``run`` (its name), ``seed``, ``plan``, ``encoder``, ``labels``
        (task → training sentences with a label), ``scores`` (task → the metric it is judged by),
        ``parameters``, ``epoch`` (the last that was measured; with early stopping the best one,
        whose weights the model has), ``seconds``, ``stopped`` (why it ended early, or None),
        ``versions``, …
    table
        One measured value a row: ``run, seed, epoch, step, task, split, metric, value``. Epoch 0
        is before the first step; metrics are ``"loss"`` (nats a label) and ``"accuracy"`` or
        ``"f1"`` (0 to 1).

    Examples
    --------
    >>> rows = [("hard", 0, epoch, 9 * epoch, "ner", "valid", "f1", epoch / 4) for epoch in range(3)]
    >>> header = {"run": "hard", "seed": 0, "scores": {"ner": "f1"}, "epoch": 2, "stopped": None}
    >>> run = Run(header, pd.DataFrame(rows, columns=COLUMNS))
    >>> run.curve("ner").to_dict()
    {0: 0.0, 1: 0.25, 2: 0.5}
    >>> run.final().to_dict()
    {'ner': 0.5}
    """

    header: dict[str, Any]
    table: pd.DataFrame

    @property
    def name(self) -> str:
        return self.header["run"]

    @property
    def interrupted(self) -> bool:
        """Whether somebody ended it early, by Ctrl-C or a stop flag."""
        return (self.header["stopped"] or "").startswith("interrupted")

    def curve(self, task: str, metric: str | None = None, split: str = "valid") -> pd.Series:
        """Values by epoch of one task; the metric it is judged by unless another is named."""
        metric = metric or self.header["scores"][task]
        values = self._curves.get((task, metric, split), self._no_curve)
        return values.rename(f"{task} {metric}")

    @cached_property
    def _curves(self) -> dict[tuple, pd.Series]:
        """(task, metric, split) → values by epoch; found once, for the lab asks often."""
        groups = self.table.groupby(["task", "metric", "split"], sort=False)
        return {key: rows.set_index("epoch")["value"] for key, rows in groups}

    @property
    def _no_curve(self) -> pd.Series:
        return pd.Series([], index=pd.Index([], name="epoch", dtype=int), dtype=float)

    def final(self, split: str = "valid") -> pd.Series:
        """Task → its score at ``header["epoch"]``: the last one measured, or the best one.

        The model is as it was then, unless it was stopped later without early stopping.
        """
        rows = self.table[
            (self.table["split"] == split)
            & (self.table["metric"] == self.table["task"].map(self.header["scores"]))
            & (self.table["epoch"] == self.header["epoch"])
        ]
        return rows.set_index("task")["value"]

    def save(self, path: Path | str) -> None:
        """Write header and table to one CSV file; `Run.load` or `load_runs` reads it."""
        save_runs([self], path)

    @classmethod
    def load(cls, path: Path | str) -> Run:
        """Read what `save` wrote."""
        runs = load_runs(path)
        if len(runs) != 1:
            raise ValueError(f"{path}: holds {len(runs)} runs; read it with load_runs")
        return runs[0]


def tabulate(runs: Iterable[Run]) -> pd.DataFrame:
    """The tables of several runs in one."""
    tables = [run.table for run in runs]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)


def save_runs(runs: Sequence[Run], path: Path | str) -> None:
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
    >>> save_runs([Run({"run": name}, table) for name in ("hard", "separate")], file)
    >>> [run.name for run in load_runs(file)]
    ['hard', 'separate']
    """
    names = [run.name for run in runs]
    if len(set(names)) < len(names):
        raise ValueError(f"runs need different names to be kept in one file; got {names}")
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    headers = "".join(f"# {json.dumps(run.header, ensure_ascii=False)}\n" for run in runs)
    aside = path.with_name(path.name + ".part")
    table = tabulate(runs).to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    content = (headers + table).encode("utf-8")
    # Without a time of writing in it, the same runs give the same file.
    aside.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    aside.replace(path)


def load_runs(path: Path | str) -> list[Run]:
    """Read what `save_runs` wrote.

    Raises
    ------
    ValueError
        If the file has no header of a run, or other columns; the message names it.
    """
    try:
        content = Path(path).read_bytes()
        text = (gzip.decompress(content) if Path(path).suffix == ".gz" else content).decode("utf-8")
        headers = []
        while text.startswith("# {"):
            line, _, text = text.partition("\n")
            headers.append(json.loads(line[2:]))
        table = pd.read_csv(
            io.StringIO(text),
            keep_default_na=False,  # a run may be called "NA"
            dtype=dict.fromkeys(("run", "task", "split", "metric"), str),
            converters={"value": lambda written: float(written or "nan")},  # exact, unlike pandas'
        )
        if not headers or list(table.columns) != COLUMNS or not all("run" in h for h in headers):
            raise ValueError(f"header lines '# {{...}}' and columns {COLUMNS} are expected")
    except (ValueError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{path}: not a table of runs: {error}") from error
    by_name = {name: rows.reset_index(drop=True) for name, rows in table.groupby("run", sort=False)}
    return [Run(header, by_name.get(header["run"], table.iloc[:0])) for header in headers]

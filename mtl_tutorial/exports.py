"""Runs for the tools of others: one pandas table, curves for TensorBoard."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from mtl_tutorial.arguments import instance, instances, names, path
from mtl_tutorial.runs import COLUMNS, Run


def tabulate(runs: Iterable[Run], columns: Iterable[str] = ()) -> pd.DataFrame:
    """Put the tables of several runs into one, with entries of their headers as further columns.

    Parameters
    ----------
    runs
        What `run_all` or `load_runs` gave, say.
    columns
        Entries of the header, such as ``["model", "corpus", "labels"]``; None where a run has no
        such entry. Of one that maps tasks to values, each row has its task's.

    Raises
    ------
    TypeError
        If `runs` is not a list of runs, or `columns` not a list of strings.

    Examples
    --------
    >>> facts = {"run": "hard", "seed": 0, "scores": {}, "epoch": 3, "labels": {"ner": 60}}
    >>> run = Run(facts, pd.DataFrame([("hard", 0, 3, 27, "ner", "test", "f1", 0.5)], columns=COLUMNS))
    >>> tabulate([run], ["labels"])[["task", "labels", "value"]].values.tolist()
    [['ner', 60, 0.5]]
    """
    columns = names("columns", columns, "entries of a header")
    tables = []
    for run in instances("runs", runs, Run):
        entries = {name: run.header.get(name) for name in columns}
        tables.append(run.table.assign(**{
            name: run.table["task"].map(entry) if isinstance(entry, dict) else entry
            for name, entry in entries.items()
        }))  # fmt: skip
    nothing = pd.DataFrame(columns=[*COLUMNS, *columns])
    return pd.concat(tables, ignore_index=True) if tables else nothing


def to_tensorboard(run: Run, folder: Path | str) -> None:
    """Write the curves of a run for TensorBoard: a folder a split, tags such as ``ner/loss``.

    Parameters
    ----------
    run
        Finished, or so far: in ``train(..., watch=lambda run: to_tensorboard(run, "board"))`` the
        curves grow while one looks at them.
    folder
        What ``tensorboard --logdir`` is given; runs stand in it side by side.

    Raises
    ------
    TypeError, ValueError
        If `run` is not a run, or `folder` no path or a file's.

    Examples
    --------
    >>> import tempfile
    >>> rows = [("hard", 0, epoch, 9 * epoch, "ner", "valid", "f1", epoch / 4) for epoch in (0, 1)]
    >>> header = {"run": "hard", "seed": 0, "scores": {"ner": "f1"}, "epoch": 1}
    >>> folder = Path(tempfile.mkdtemp())
    >>> to_tensorboard(Run(header, pd.DataFrame(rows, columns=COLUMNS)), folder)
    >>> [file.parent.name for file in folder.rglob("*tfevents*")]
    ['valid']
    """
    from mtl_tutorial.startup import tf

    event, summary = tf.compat.v1.Event, tf.compat.v1.Summary
    folder = path("folder", folder)
    if folder.is_file():
        raise ValueError(f"folder must be a folder's path; {str(folder)!r} is a file")
    folder = folder / instance("run", run, Run).name
    for split, rows in run.table.groupby("split"):
        file = folder / str(split) / "events.out.tfevents.0.run"
        file.parent.mkdir(parents=True, exist_ok=True)
        with tf.io.TFRecordWriter(str(file)) as writer:
            writer.write(event(file_version="brain.Event:2").SerializeToString())
            for row in rows.itertuples():
                value = summary.Value(tag=f"{row.task}/{row.metric}", simple_value=row.value)
                here = event(step=row.step, summary=summary(value=[value]))
                writer.write(here.SerializeToString())

"""The lab book: every outcome with what was guessed before; compared, removed, brought back, kept."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from mtl_tutorial.comparing import Verdict
from mtl_tutorial.lab.files import FileError, place
from mtl_tutorial.lab.outcome import Outcome
from mtl_tutorial.lab.settings import Settings
from mtl_tutorial.runs import Run, load_runs, save_runs


@dataclass(frozen=True)
class Entry:
    """One outcome under its number, and the guess for each task that was made before it was known."""

    number: int
    outcome: Outcome
    guesses: Mapping[str, Verdict]

    @property
    def judged(self) -> dict[str, bool]:
        """Task → whether its guess came true.

        Left out where there is no verdict (its baseline is missing); of a training that was not
        carried to its end, nothing is judged.
        """
        if any(run.header["stopped"] for run in self.outcome.runs):
            return {}
        verdicts = self.outcome.changes()["verdict"].dropna()
        return {t: bool(verdicts[t] == guess) for t, guess in self.guesses.items() if t in verdicts}

    @property
    def contents(self) -> str:
        """What makes it the same entry in another book: all but numbers and names in files."""
        runs = [self.outcome.runs, *self.outcome.baselines.values()]
        measured = [
            [{**run.header, "run": ""}, run.table["value"].to_list()]
            for group in runs
            for run in group
        ]
        return json.dumps([self.outcome.settings.as_dict(), dict(self.guesses), measured])


@dataclass(frozen=True)
class Book:
    """The entries in their order; every change is a new book. What was removed can be brought back.

    Examples
    --------
    >>> Book().table().empty
    True
    """

    entries: tuple[Entry, ...] = ()
    removed: tuple[tuple[Entry, ...], ...] = ()

    def __getitem__(self, number: int) -> Entry:
        for entry in self.entries:
            if entry.number == number:
                return entry
        raise KeyError(f"no run {number}; the book has {[e.number for e in self.entries]}")

    def add(self, outcome: Outcome, guesses: Mapping[str, Verdict] | None = None) -> Book:
        """Add an entry, under a number that no other has had."""
        used = [entry.number for group in (self.entries, *self.removed) for entry in group]
        entry = Entry(max(used, default=0) + 1, outcome, dict(guesses or {}))
        return replace(self, entries=(*self.entries, entry))

    def remove(self, numbers: Iterable[int]) -> Book:
        """Remove these entries."""
        gone = set(numbers)
        out = tuple(e for e in self.entries if e.number in gone)
        left = tuple(e for e in self.entries if e.number not in gone)
        return Book(left, (*self.removed, out) if out else self.removed)

    def undo(self) -> Book:
        """Put back what was removed last; if nothing was, the book stays as it is."""
        *earlier, last = self.removed or [()]
        entries = sorted((*self.entries, *last), key=lambda entry: entry.number)
        return Book(tuple(entries), tuple(earlier))

    def join(self, other: Book) -> Book:
        """Add those entries of `other` that the book does not have, under new numbers."""
        book, known = self, {entry.contents for entry in self.entries}
        for entry in other.entries:
            if entry.contents not in known:
                book = book.add(entry.outcome, entry.guesses)
        return book

    @property
    def guessed(self) -> tuple[int, int]:
        """Count the guesses that came true, and those that could be judged."""
        judged = [true for entry in self.entries for true in entry.judged.values()]
        return sum(judged), len(judged)

    def table(self, language: str = "en") -> pd.DataFrame:
        """List the entries, one a row: what was set, and what each task gained or lost (points)."""
        rows = []
        for entry in self.entries:
            settings, changes = entry.outcome.settings, entry.outcome.changes()
            judged = entry.judged
            rows.append(
                {
                    "run": entry.number,
                    "plan": describe(settings, language),
                    "corpus": settings.corpus,
                    "encoder": settings.encoder,
                    "labels": ", ".join(f"{t} {n:,}" for t, n in settings.labels.items()),
                    "epochs": entry.outcome.epoch,
                    "learning rate": settings.learning_rate,
                    "balancing": settings.balancing,
                    "sampling": settings.sampling,
                    "agreement": settings.agreement,
                    "width": settings.width,
                    "seeds": len(entry.outcome.runs),
                    **{f"Δ {task}": round(row["points"], 1) for task, row in changes.iterrows()},
                    "guessed": f"{sum(judged.values())}/{len(judged)}" if judged else "",
                }
            )
        if not rows:
            return pd.DataFrame()
        heads = _WORDS[language]
        return pd.DataFrame(rows).rename(columns=heads).set_index(heads["run"])

    def save(self, path: Path | str) -> None:
        """Write every run with its curves to one CSV file; `load` reads it, pandas too.

        Two runs of one name, such as a training that was stopped and the same one finished, are
        told apart by a number behind it.

        Raises
        ------
        FileError
            If the name is none for a file of the lab, or there is a file already that the lab did
            not write: it stays as it is.
        """
        path = place(path)
        if path.exists():
            try:
                Book.load(path)
            except FileError as foreign:
                raise FileError("kept", path) from foreign
        runs: dict[str, Run] = {}  # by its name in the file
        notes: dict[str, list[dict]] = {}

        def filed(run: Run) -> str:
            names = (f"{run.name} #{n}" if n > 1 else run.name for n in itertools.count(1))
            return next(name for name in names if runs.setdefault(name, run) is run)

        for entry in self.entries:
            baselines = {t: [*map(filed, group)] for t, group in entry.outcome.baselines.items()}
            note = {
                "number": entry.number,
                "guesses": dict(entry.guesses),
                "settings": entry.outcome.settings.as_dict(),
                "baselines": baselines,
            }
            for run in entry.outcome.runs:
                notes.setdefault(filed(run), []).append(note)
        written = [
            Run(
                {**run.header, "run": name} | ({"lab": notes[name]} if name in notes else {}),
                run.table.assign(run=name),
            )
            for name, run in runs.items()
        ]
        try:
            save_runs(written, path)
        except OSError as error:
            raise FileError("denied", path) from error

    @classmethod
    def load(cls, path: Path | str) -> Book:
        """Read what `save` wrote.

        Raises
        ------
        FileError
            If there is no such file, or it is none of a lab book.
        """
        path = place(path)
        if not path.exists():
            raise FileError("missing", path.absolute())
        try:
            return cls(tuple(_entries(load_runs(path))))
        except OSError as error:
            raise FileError("denied", path) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise FileError("foreign", path) from error


def _entries(runs: Iterable[Run]) -> Iterator[Entry]:
    """Read the entries that were noted in the headers of these runs."""
    by_name = {run.name: run for run in runs}
    noted: dict[int, tuple[dict, list[Run]]] = {}
    for run in by_name.values():
        for note in run.header.get("lab", []):
            noted.setdefault(note["number"], (note, []))[1].append(run)
    if not noted:
        raise ValueError("no run of the Sharing Lab among them")
    for number, (note, own) in sorted(noted.items()):
        clean = tuple(
            replace(run, header={k: v for k, v in run.header.items() if k != "lab"}) for run in own
        )
        baselines = {
            task: tuple(by_name[name] for name in names)
            for task, names in note["baselines"].items()
        }
        outcome = Outcome(Settings.from_dict(note["settings"]), clean, baselines)
        yield Entry(number, outcome, note["guesses"])


_WORDS = {
    "en": {"all": "all", "nothing": "nothing shared", "level": "{}: {}", "then": "; ", "run": "run"},
    "zh": {
        "all": "全部", "nothing": "互不共享", "level": "{}：{}", "then": "；",
        "run": "运行", "plan": "方案", "corpus": "语料", "encoder": "编码器", "labels": "标签数",
        "epochs": "轮数", "learning rate": "学习率", "balancing": "损失平衡", "sampling": "采样",
        "agreement": "标签一致度", "width": "宽度", "seeds": "种子数", "guessed": "猜中",
    },
}  # fmt: skip


def describe(settings: Settings, language: str = "en") -> str:
    """Describe a plan in a few words: which tasks share which level.

    Examples
    --------
    >>> from mtl_tutorial.lab.board import PRESETS
    >>> describe(Settings(PRESETS["embedding only"](("person", "ner"))))
    'embedding: person+ner'
    """
    words, parts = _WORDS[language], []
    for level, groups in settings.plan:
        shared = ["+".join(group) for group in groups if len(group) > 1]
        if shared:
            everyone = len(groups) == 1 and len(groups[0]) == len(settings.tasks) > 2
            parts.append(
                words["level"].format(level, words["all"] if everyone else ", ".join(shared))
            )
    return words["then"].join(parts) or words["nothing"]

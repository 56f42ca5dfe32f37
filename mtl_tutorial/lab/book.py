"""The lab book: every outcome with what was guessed before; compared, removed, brought back, kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from mtl_tutorial.lab.outcome import Outcome, Verdict
from mtl_tutorial.lab.settings import Settings
from mtl_tutorial.runs import Run, load_runs, save_runs


@dataclass(frozen=True)
class Entry:
    """One outcome under its number, and the guess for each task that was made before it was known."""

    number: int
    outcome: Outcome
    guesses: Mapping[str, Verdict]

    @property
    def right(self) -> int:
        """How many of the guesses came true."""
        verdicts = self.outcome.changes()["verdict"]
        return sum(verdicts[task] == guess for task, guess in self.guesses.items())


@dataclass(frozen=True)
class Book:
    """The entries in their order; every change is a new book that can go back to the one before.

    Examples
    --------
    >>> Book().table().empty
    True
    """

    entries: tuple[Entry, ...] = ()
    before: Book | None = None

    def __getitem__(self, number: int) -> Entry:
        for entry in self.entries:
            if entry.number == number:
                return entry
        raise KeyError(f"no run {number}; the book has {[e.number for e in self.entries]}")

    def add(self, outcome: Outcome, guesses: Mapping[str, Verdict] | None = None) -> Book:
        """The book with one more entry, under the next number."""
        used = [entry.number for book in self._history() for entry in book.entries]
        entry = Entry(max(used, default=0) + 1, outcome, dict(guesses or {}))
        return Book((*self.entries, entry), self)

    def remove(self, numbers: Iterable[int]) -> Book:
        """The book without these entries."""
        gone = set(numbers)
        return Book(tuple(e for e in self.entries if e.number not in gone), self)

    def undo(self) -> Book:
        """The book before the last change; of a fresh one, itself."""
        return self.before or self

    @property
    def guessed(self) -> tuple[int, int]:
        """How many guesses came true, of how many."""
        return sum(e.right for e in self.entries), sum(len(e.guesses) for e in self.entries)

    def table(self) -> pd.DataFrame:
        """One row an entry: what was set, and what each task gained or lost (points)."""
        rows = []
        for entry in self.entries:
            settings, changes = entry.outcome.settings, entry.outcome.changes()
            rows.append(
                {
                    "run": entry.number,
                    "plan": describe(settings),
                    "corpus": settings.corpus,
                    "encoder": settings.encoder,
                    "labels": ", ".join(f"{t} {n:,}" for t, n in settings.labels.items()),
                    "epochs": entry.outcome.epoch,
                    "learning_rate": settings.learning_rate,
                    "seeds": len(entry.outcome.runs),
                    **{f"Δ {task}": round(row["points"], 1) for task, row in changes.iterrows()},
                    "guessed": f"{entry.right}/{len(entry.guesses)}" if entry.guesses else "",
                }
            )
        return pd.DataFrame(rows).set_index("run") if rows else pd.DataFrame()

    def save(self, path: Path | str) -> None:
        """Write every run with its curves to one CSV file; `load` reads it, pandas too."""
        runs: dict[str, Run] = {}
        for entry in self.entries:
            for base in entry.outcome.baselines.values():
                runs |= {run.name: run for run in base if run.name not in runs}
            for run in entry.outcome.runs:
                note = {
                    "number": entry.number,
                    "guesses": dict(entry.guesses),
                    "settings": entry.outcome.settings.as_dict(),
                    "baselines": {
                        task: [base.name for base in group]
                        for task, group in entry.outcome.baselines.items()
                    },
                }
                header = runs.get(run.name, run).header
                notes = [*header.get("lab", []), note]
                runs[run.name] = replace(run, header={**run.header, "lab": notes})
        save_runs(list(runs.values()), path)

    @classmethod
    def load(cls, path: Path | str) -> Book:
        """Read what `save` wrote.

        Raises
        ------
        ValueError
            If the file is no table of runs, or none of a lab book.
        """
        runs = {run.name: run for run in load_runs(path)}
        noted: dict[int, tuple[dict, list[Run]]] = {}
        for run in runs.values():
            for note in run.header.get("lab", []):
                noted.setdefault(note["number"], (note, []))[1].append(run)
        if runs and not noted:
            raise ValueError(f"{path}: these runs were not saved by the Sharing Lab")
        entries = []
        for number, (note, own) in sorted(noted.items()):
            baselines = {
                task: tuple(runs[name] for name in names)
                for task, names in note["baselines"].items()
            }
            clean = tuple(
                replace(run, header={k: v for k, v in run.header.items() if k != "lab"})
                for run in own
            )
            outcome = Outcome(Settings.from_dict(note["settings"]), clean, baselines)
            entries.append(Entry(number, outcome, note["guesses"]))
        return cls(tuple(entries))

    def _history(self) -> list[Book]:
        books, book = [], self
        while book:
            books.append(book)
            book = book.before  # type: ignore[assignment]
        return books


_WORDS = {
    "en": {"all": "all", "nothing": "nothing shared", "level": "{}: {}", "then": "; "},
    "zh": {"all": "全部", "nothing": "互不共享", "level": "{}：{}", "then": "；"},
}


def describe(settings: Settings, language: str = "en") -> str:
    """A plan in a few words: which tasks share which level.

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

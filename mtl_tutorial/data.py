"""`MultiTaskData`: sentences and the labels of several tasks, ready for a model; reading your own."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mtl_tutorial.reading import DataError, Located, conll_rows, csv_rows, jsonl_rows
from mtl_tutorial.tasks import MISSING, Kind, Task
from mtl_tutorial.text import PAD, SPECIAL, UNK, Vocabulary, pad, tokenize

Tasks = Iterable[Task] | Mapping[str, Kind]
Paths = Mapping[str, Path | str]
_BIO = "tags follow the BIO scheme: B- begins a span, I- continues it, O is outside"
_DAMAGE = (  # what NumPy and zipfile raise on a file that is not, or no longer, an .npz
    ValueError, KeyError, TypeError, AttributeError, EOFError, OSError, RuntimeError, zlib.error, zipfile.BadZipFile,
)  # fmt: skip
_PREFIXED = re.compile(r"([A-Z])-.+")


@dataclass(frozen=True, eq=False)
class Split:
    """One part of the data.

    Attributes
    ----------
    ids, tokens
        Of each sentence, its name and its tokens.
    inputs
        Token ids, int32 [sentences, longest], padded on the right with 0.
    targets
        Task name → label ids, int32: [sentences] for a sequence task, [sentences, longest] for a
        token task or language model; -1 where there is no label.
    """

    ids: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]
    inputs: np.ndarray
    targets: dict[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.ids)

    def labelled(self, task: str) -> np.ndarray:
        """Which sentences carry a label of `task`, bool [sentences]."""
        present = self.targets[task] != MISSING
        return present if present.ndim == 1 else present.any(axis=1)

    def labelled_for_any(self, tasks: Iterable[str]) -> np.ndarray:
        """Which sentences carry a label of at least one of `tasks`, bool [sentences]."""
        return np.any([self.labelled(task) for task in tasks], axis=0)

    def take(self, rows: np.ndarray) -> Split:
        """The sentences at the positions `rows`, in that order."""
        return Split(
            tuple(self.ids[i] for i in rows),
            tuple(self.tokens[i] for i in rows),
            self.inputs[rows],
            {task: target[rows] for task, target in self.targets.items()},
        )


@dataclass(frozen=True, eq=False)
class MultiTaskData:
    """Sentences in splits, with the labels of several tasks.

    Made by `from_rows`, `from_jsonl`, `from_csv`, `from_conll`, or by a corpus' `load`. A sentence
    need not carry labels of every task.

    Attributes
    ----------
    tasks
        Task name → `Task`.
    vocabulary
        Built from the training part alone.
    splits
        Split name → `Split`; ``"train"`` is always there. ``data["test"]`` is short for
        ``data.splits["test"]``.
    """

    tasks: dict[str, Task]
    vocabulary: Vocabulary
    splits: dict[str, Split]

    def __getitem__(self, split: str) -> Split:
        if split not in self.splits:
            raise KeyError(f"no split {split!r}; these data have {list(self.splits)}")
        return self.splits[split]

    # -- reading

    @classmethod
    def from_rows(
        cls,
        splits: Mapping[str, Iterable[Mapping[str, Any]]],
        tasks: Tasks,
        *,
        min_count: int = 1,
        max_length: int | None = None,
    ) -> MultiTaskData:
        """Data from dictionaries in memory.

        Parameters
        ----------
        splits
            Split name → rows. A row holds the sentence as ``"text"`` (tokenized here) or as
            ``"tokens"`` (a list, or a string with blanks), perhaps an ``"id"``, and under a task's
            name its label; token tasks take a list of labels or a string with blanks, one a token.
            A label that is absent or None is missing.
        tasks
            `Task` objects; or name → kind, and the labels are those of the training part, sorted.
        min_count
            Tokens rarer than this in the training part are unknown.
        max_length
            Cut sentences after so many tokens; by default none is cut.

        Raises
        ------
        DataError
            For bad rows; the message names the row.

        Examples
        --------
        >>> data = MultiTaskData.from_rows(
        ...     {"train": [{"text": "我很喜欢。", "mood": "good"}, {"text": "算了吧"}]},
        ...     {"mood": "sequence"},
        ... )
        >>> data["train"].targets["mood"]
        array([ 0, -1], dtype=int32)
        """
        located = {
            split: [(f"{split}, row {i}", dict(row)) for i, row in enumerate(rows)]
            for split, rows in splits.items()
        }
        return _assemble(located, tasks, min_count, max_length)

    @classmethod
    def from_jsonl(cls, paths: Paths, tasks: Tasks, **options: Any) -> MultiTaskData:
        """Data from JSON Lines files, one row of `from_rows` a line.

        Parameters
        ----------
        paths
            Split name → file; ``"train"`` must be among them.
        tasks, options
            As in `from_rows`.

        Raises
        ------
        DataError
            For a bad file; the message names file and line.

        Examples
        --------
        >>> import pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "train.jsonl")
        >>> _ = file.write_text('{"text": "Ana left.", "ner": "B-PER O O", "mood": null}')
        >>> data = MultiTaskData.from_jsonl({"train": file}, {"ner": "token"})
        >>> data.tasks["ner"].labels
        ('B-PER', 'O')
        """
        return _assemble({s: jsonl_rows(Path(p)) for s, p in paths.items()}, tasks, **options)

    @classmethod
    def from_csv(
        cls, paths: Paths, tasks: Tasks, *, text: str = "text", delimiter: str = ",", **options: Any
    ) -> MultiTaskData:
        """Data from CSV files with a header line; an empty cell is a missing label.

        Parameters
        ----------
        paths
            Split name → file; ``"train"`` must be among them.
        text
            The column that holds the sentence. A column ``tokens`` (with blanks) goes before it.
        delimiter
            What stands between cells, such as ``"\\t"``.
        tasks, options
            As in `from_rows`; a task's labels stand in the column of its name (``"lm"`` has none).

        Raises
        ------
        DataError
            For a bad file; the message names file and line.

        Examples
        --------
        >>> import pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "train.csv")
        >>> _ = file.write_text("review,stars\\nGreat!,5\\nSo so.,\\n")
        >>> data = MultiTaskData.from_csv({"train": file}, {"stars": "sequence"}, text="review")
        >>> data["train"].targets["stars"]
        array([ 0, -1], dtype=int32)
        """
        tasks, kinds = _with_kinds(tasks)
        names = [name for name, kind in kinds.items() if kind != "lm"]
        located = {s: csv_rows(Path(p), text, names, delimiter) for s, p in paths.items()}
        return _assemble(located, tasks, **options)

    @classmethod
    def from_conll(
        cls,
        paths: Paths,
        tasks: Tasks,
        columns: Mapping[str, int],
        *,
        token: int = 0,
        **options: Any,
    ) -> MultiTaskData:
        """Data from CoNLL files: a token a line with its tags, a blank line after each sentence.

        Columns are separated by tabs or, in lines without a tab, by blanks. A comment line
        ``# name = value`` above a sentence gives its ``id`` (also as ``sent_id``) or the label of
        the sequence task ``name``.

        Parameters
        ----------
        paths
            Split name → file; ``"train"`` must be among them.
        columns
            Token task → its column, counted from 0 (or from -1 at the right); each token task has one.
        token
            The column of the token.
        tasks, options
            As in `from_rows`.

        Raises
        ------
        DataError
            For a bad file; the message names file and line. If `columns` does not name the token
            tasks and them alone.

        Examples
        --------
        >>> import pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "train.conll")
        >>> _ = file.write_text("# mood = good\\nAna N B-PER\\nsmiled V O\\n\\n")
        >>> data = MultiTaskData.from_conll(
        ...     {"train": file}, {"mood": "sequence", "pos": "token", "ner": "token"},
        ...     columns={"pos": 1, "ner": 2},
        ... )
        >>> data["train"].tokens
        (('Ana', 'smiled'),)
        """
        tasks, kinds = _with_kinds(tasks)
        wanted = [name for name, kind in kinds.items() if kind == "token"]
        missing = [name for name in wanted if name not in columns]
        unknown = [name for name in columns if name not in wanted]
        if missing or unknown:
            raise DataError(
                f"columns must name each token task, {wanted}, and nothing else; "
                f"missing: {missing}, unknown: {unknown}"
            )
        located = {s: conll_rows(Path(p), columns, token) for s, p in paths.items()}
        return _assemble(located, tasks, **options)

    # -- changing: every change is a new object

    def with_labels(self, counts: Mapping[str, int], seed: int = 0) -> MultiTaskData:
        """Data in which only so many training sentences keep their label; the others' are hidden.

        For one seed the labels of a smaller count are among those of a larger one.

        Parameters
        ----------
        counts
            Task name → number of training sentences that keep their label. Tasks not named keep all.
        seed
            Which sentences keep it.

        Raises
        ------
        ValueError
            For an unknown task, or a count below 0 or above the number of labelled sentences.
        """
        train = self["train"]
        targets = dict(train.targets)
        for task, count in counts.items():
            self._check(task)
            candidates = np.flatnonzero(train.labelled(task))
            if not 0 <= count <= len(candidates):
                raise ValueError(
                    f"task {task!r} has {len(candidates)} labelled training sentences; cannot keep {count}"
                )
            hidden = np.random.default_rng(seed).permutation(candidates)[count:]
            targets[task] = targets[task].copy()
            targets[task][hidden] = MISSING
        return replace(self, splits={**self.splits, "train": replace(train, targets=targets)})

    def only(self, tasks: Sequence[str]) -> MultiTaskData:
        """Data with the labels of just these tasks."""
        for task in tasks:
            self._check(task)
        splits = {
            name: replace(split, targets={task: split.targets[task] for task in tasks})
            for name, split in self.splits.items()
        }
        return replace(self, tasks={task: self.tasks[task] for task in tasks}, splits=splits)

    # -- looking

    def describe(self) -> pd.DataFrame:
        """One row a split and task.

        Columns: ``sentences``; ``labelled`` of them; ``missing``, the share without label;
        ``labels``, the count of each label (of tokens for a token task, most frequent first);
        ``mean_length`` and ``max_length`` in tokens; ``unknown``, the share of unknown tokens.
        """
        rows = []
        for name, split in self.splits.items():
            lengths = (split.inputs != PAD).sum(axis=1)
            for task in self.tasks.values():
                labelled = int(split.labelled(task.name).sum())
                rows.append({
                    "split": name,
                    "task": task.name,
                    "sentences": len(split),
                    "labelled": labelled,
                    "missing": 1 - labelled / max(len(split), 1),
                    "labels": self.label_counts(task.name, name).to_dict() if task.labels else {},
                    "mean_length": lengths.mean() if len(split) else 0.0,
                    "max_length": int(lengths.max(initial=0)),
                    "unknown": (split.inputs == UNK).sum() / max(lengths.sum(), 1),
                })  # fmt: skip
        return pd.DataFrame(rows).set_index(["split", "task"])

    def label_counts(self, task: str, split: str = "train") -> pd.Series:
        """How often each label of `task` occurs in `split`, most frequent first."""
        self._check(task)
        labels = self.tasks[task].labels
        target = self[split].targets[task]
        if self.tasks[task].kind == "lm":
            labels = self.vocabulary.tokens
        counts = np.bincount(target[target != MISSING], minlength=len(labels))
        series = pd.Series(counts, index=list(labels), name=task).sort_values(
            ascending=False, kind="stable"
        )
        return series[series > 0] if self.tasks[task].kind == "lm" else series

    def _check(self, task: str) -> None:
        if task not in self.tasks:
            raise ValueError(f"unknown task {task!r}; these data have {list(self.tasks)}")

    # -- keeping

    def save(self, path: Path | str) -> None:
        """Write everything to one ``.npz`` file that `load` reads; no pickle is involved."""
        described = {
            "tasks": [[task.name, task.kind, task.labels] for task in self.tasks.values()],
            "vocabulary": self.vocabulary.tokens[len(SPECIAL) :],
            "splits": {name: [split.ids, split.tokens] for name, split in self.splits.items()},
        }
        arrays: dict[str, Any] = {
            "described": np.frombuffer(json.dumps(described).encode(), dtype=np.uint8)
        }
        for name, split in self.splits.items():
            arrays[f"inputs/{name}"] = split.inputs
            arrays |= {f"targets/{name}/{task}": target for task, target in split.targets.items()}
        with Path(path).open("wb") as file:  # np.savez would add ".npz" to the learner's name
            np.savez_compressed(file, **arrays)

    @classmethod
    def load(cls, path: Path | str) -> MultiTaskData:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            If the file is not such a file.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                described = json.loads(arrays["described"].tobytes())
                tasks = {
                    name: Task(name, kind, tuple(labels))
                    for name, kind, labels in described["tasks"]
                }
                splits = {
                    name: Split(
                        tuple(ids),
                        tuple(map(tuple, tokens)),
                        arrays[f"inputs/{name}"],
                        {task: arrays[f"targets/{name}/{task}"] for task in tasks},
                    )
                    for name, (ids, tokens) in described["splits"].items()
                }
                return cls(tasks, Vocabulary(described["vocabulary"]), splits)
        except FileNotFoundError:
            raise
        except _DAMAGE as error:
            raise DataError(
                f"{path}: not a file that MultiTaskData.save wrote ({error})"
            ) from error


# -- rows to arrays


class _Sentence(NamedTuple):
    where: str
    name: str
    tokens: list[str]
    row: dict[str, Any]


def _assemble(
    located: Mapping[str, Iterable[Located]],
    tasks: Tasks,
    min_count: int = 1,
    max_length: int | None = None,
) -> MultiTaskData:
    """Check every row, then build vocabulary, inputs and targets."""
    if "train" not in located:
        raise DataError(f"one split must be named 'train'; got {list(located)}")
    seen: dict[str, str] = {}
    read: dict[str, list[_Sentence]] = {}
    for split, rows in located.items():
        read[split] = []
        for i, (where, row) in enumerate(rows):
            name = str(row.get("id") if row.get("id") is not None else f"{split}-{i}")
            if name in seen:
                raise DataError(
                    f"{where}: id {name!r} occurs before, at {seen[name]}; ids must differ"
                )
            seen[name] = where
            read[split].append(_Sentence(where, name, _tokens_of(where, row)[:max_length], row))
        if not read[split]:
            raise DataError(f"split {split!r} is empty; it must hold at least one sentence")

    declared = _declare(tasks, read["train"])
    vocabulary = Vocabulary.build((sentence.tokens for sentence in read["train"]), min_count)
    splits = {}
    for split, sentences in read.items():
        inputs = vocabulary.encode([sentence.tokens for sentence in sentences])
        splits[split] = Split(
            tuple(sentence.name for sentence in sentences),
            tuple(tuple(sentence.tokens) for sentence in sentences),
            inputs,
            {task.name: _targets(task, sentences, inputs) for task in declared},
        )
    return MultiTaskData({task.name: task for task in declared}, vocabulary, splits)


def _tokens_of(where: str, row: Mapping[str, Any]) -> list[str]:
    if "tokens" in row:
        tokens = _sequence(row["tokens"])
    elif isinstance(row.get("text"), str):
        tokens = tokenize(row["text"])
    else:
        raise DataError(
            f"{where}: no sentence; give 'text' (a string) or 'tokens' (a list); got {sorted(map(str, row))}"
        )
    if not tokens:
        raise DataError(f"{where}: the sentence is empty")
    for token in tokens:
        if not isinstance(token, str) or not token or any("\ud800" <= c <= "\udfff" for c in token):
            raise DataError(f"{where}: token {token!r} is not a piece of text")
    return tokens


def _sequence(value: Any) -> list[Any]:
    """A list as it is, a string split at blanks, anything else (absent too) as no sequence."""
    return (
        value.split()
        if isinstance(value, str)
        else list(value)
        if isinstance(value, list | tuple)
        else []
    )


def _labels_of(kind: Kind, value: Any) -> list[Any]:
    """The labels a row gives a task, as a list; absent ones are None."""
    labels = (
        _sequence(value) if kind == "token" and isinstance(value, str | list | tuple) else [value]
    )
    return [str(label) if type(label) is int else label for label in labels]


def _with_kinds(tasks: Tasks) -> tuple[Tasks, dict[str, Kind]]:
    """The tasks, fit to be gone through again, and the kind of each."""
    if isinstance(tasks, Mapping):
        return tasks, dict(tasks)
    tasks = list(tasks)
    return tasks, {task.name: task.kind for task in tasks}


def _declare(tasks: Tasks, train: Sequence[_Sentence]) -> list[Task]:
    """The tasks as `Task` objects; labels that were not declared come from the training part."""
    if isinstance(tasks, Mapping):
        declared = [Task(name, kind, _labels_in(train, name, kind)) for name, kind in tasks.items()]
    else:
        declared = list(tasks)
    names = [task.name for task in declared]
    if not names or len(set(names)) < len(names):
        raise DataError(f"give at least one task, each name once; got {names}")
    return declared


def _labels_in(train: Sequence[_Sentence], name: str, kind: Kind) -> tuple[str, ...]:
    """The labels of a task that the training part shows, sorted."""
    if kind == "lm":
        return ()
    first: dict[str, str] = {}  # label → where it occurs first
    for sentence in train:
        for label in _labels_of(kind, sentence.row.get(name)):
            if isinstance(label, str):
                first.setdefault(label, sentence.where)
            elif label is not None:
                raise DataError(
                    f"{sentence.where}: label {label!r} of task {name!r} must be a string"
                )
    if not first:
        raise DataError(
            f"{train[0].where}: no label of task {name!r} in the whole training part; "
            f"the first row has {sorted(map(str, train[0].row))}"
        )
    for label, where in first.items() if kind == "token" and "O" in first else ():
        prefix = _PREFIXED.fullmatch(label)
        if prefix and prefix[1] not in "BI":
            raise DataError(f"{where}: unknown tag scheme: {label!r} of task {name!r}; {_BIO}")
    return tuple(sorted(first))


def _targets(task: Task, sentences: Sequence[_Sentence], inputs: np.ndarray) -> np.ndarray:
    """Label ids of one task, shaped as `Split.targets` says."""
    if task.kind == "lm":
        return _next_tokens(inputs)
    ids = {label: i for i, label in enumerate(task.labels)}
    found = []
    for sentence in sentences:
        labels = _labels_of(task.kind, sentence.row.get(task.name))
        if task.kind == "token":
            labels = _one_a_token(task, sentence, labels)
        found.append(
            [MISSING if y is None else _label_id(sentence.where, task, y, ids) for y in labels]
        )
    if task.kind == "token":
        return pad(found, MISSING, inputs.shape[1])
    return np.array(found, np.int32)[:, 0]


def _one_a_token(task: Task, sentence: _Sentence, labels: list[Any]) -> list[Any]:
    """A token task's labels, as many as the sentence has tokens; all None where it has none."""
    if labels == [None]:
        return [None] * len(sentence.tokens)
    tokens = len(_tokens_of(sentence.where, sentence.row))  # before any cut
    if len(labels) != tokens:
        raise DataError(
            f"{sentence.where}: {tokens} tokens but {len(labels)} labels of task {task.name!r}"
        )
    return labels[: len(sentence.tokens)]


def _label_id(where: str, task: Task, label: Any, ids: Mapping[str, int]) -> int:
    if isinstance(label, str) and label in ids:
        return ids[label]
    hint = f"; {_BIO}" if task.is_bio else ""
    raise DataError(
        f"{where}: label {label!r} is not among the labels of task {task.name!r}: {list(task.labels)}{hint}"
    )


def _next_tokens(inputs: np.ndarray) -> np.ndarray:
    """For each token the id of the next; missing at the end and where the next one is unknown."""
    targets = np.full_like(inputs, MISSING)
    targets[:, :-1] = np.where(np.isin(inputs[:, 1:], (PAD, UNK)), MISSING, inputs[:, 1:])
    return targets

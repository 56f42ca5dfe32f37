"""`MultiTaskData`: sentences and the labels of several tasks, ready for a model; reading your own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from mtl_tutorial import checking, joining, keeping, sources
from mtl_tutorial.arguments import instance, integer, mapping, names, one_of
from mtl_tutorial.arguments import path as file_path
from mtl_tutorial.arguments import text as string
from mtl_tutorial.assembling import Assembled, Split, assemble
from mtl_tutorial.labeling import Finding, Tasks, wanted_tasks
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import Vocabulary


@dataclass(frozen=True, eq=False, repr=False)
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
    schemes
        Task name → the tag scheme in which its tags were found; in the data they are in BIO.
    findings
        What was odd about the labels when they were read; `check` shows it.
    """

    tasks: dict[str, Task]
    vocabulary: Vocabulary
    splits: dict[str, Split]
    schemes: dict[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def __getitem__(self, split: str) -> Split:
        if string("split", split) not in self.splits:
            raise KeyError(f"no split {split!r}; these data have {list(self.splits)}")
        return self.splits[split]

    def __repr__(self) -> str:
        return checking.summary(self.tasks, self.splits, self.vocabulary)

    # -- reading

    @classmethod
    def from_rows(
        cls,
        splits: Mapping[str, Iterable[Mapping[str, Any]] | Mapping[str, Any] | pd.DataFrame],
        tasks: Tasks,
        *,
        columns: sources.Columns = None,
        **options: Any,
    ) -> MultiTaskData:
        """Make data of what is in memory: dictionaries, pandas' data frames, columns.

        Parameters
        ----------
        splits
            Split name → rows, a data frame, or columns (as Hugging Face's ``dataset[:]`` gives
            them). A row holds the sentence as ``"text"`` (tokenized here) or ``"tokens"`` (a list,
            or a string with blanks), perhaps an ``"id"``, and under a task's name its label; token
            tasks take a list or a string with blanks, a label a token. What is absent, None, NaN or
            empty is missing; a whole number is its digits. Other tag schemes become BIO (`schemes`).
        tasks
            `Task` objects; or name → kind, and the labels are those that occur, sorted.
        columns
            Task, ``"text"``, ``"tokens"`` or ``"id"`` → what rows call it, where that differs:
            ``{"text": "sentence", "mood": "情感"}``.
        min_count
            Tokens rarer than this in the training part are unknown; 1 by default.
        max_length
            Cut longer sentences after this many tokens; by default none is cut.
        labels
            Where labels come from that are not declared: ``"train"``, or ``"all splits"``.
        unseen
            A label that a task does not have is an ``"error"`` (the default) or ``"missing"``.
        ids
            ``"unique"`` (the default): each occurs once; ``"by split"``: they begin anew in each
            split, whose name is put before them; ``"ignore"``: number the sentences.
        hold_out, seed
            New split → the share of training sentences drawn for it, such as ``{"valid": 0.1}``;
            sentences that stand twice in a group, or without one, stay together.
        stratify, group
            What `hold_out` heeds: a task, or several, whose labels are spread evenly; a column, such
            as ``"author"``, or a function of the row: rows for which it is the same stay together.

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
        wanted = wanted_tasks(tasks)
        return cls(*assemble(sources.rows_in_memory(splits, wanted, columns), wanted, **options))

    @classmethod
    def from_jsonl(
        cls, paths: sources.Paths, tasks: Tasks, *,
        encoding: str | None = None, columns: sources.Columns = None, **options: Any,
    ) -> MultiTaskData:  # fmt: skip
        """Read data from JSON Lines files, one row of `from_rows` a line.

        Parameters
        ----------
        paths
            Split name → file, or several; ``"train"`` must be among them.
        encoding
            That of the files, such as ``"gb18030"``; by default UTF-8.
        tasks, columns, options
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
        wanted = wanted_tasks(tasks)
        located = sources.rows_in_jsonl(paths, wanted, encoding, columns)
        return cls(*assemble(located, wanted, **options))

    @classmethod
    def from_csv(
        cls, paths: sources.Paths, tasks: Tasks, *,
        text: str = "text", delimiter: str = ",",
        encoding: str | None = None, columns: sources.Columns = None, **options: Any,
    ) -> MultiTaskData:  # fmt: skip
        """Read data from CSV files with a header line; an empty cell is a missing label.

        Parameters
        ----------
        paths, encoding
            As in `from_jsonl`, and so are the errors.
        text
            The column that holds the sentence. A column ``tokens`` (with blanks) goes before it.
        delimiter
            What stands between cells, such as ``"\\t"``.
        tasks, columns, options
            As in `from_rows`; a task's labels stand in the column of its name (``"lm"`` has none).

        Examples
        --------
        >>> import pathlib, tempfile
        >>> file = pathlib.Path(tempfile.mkdtemp(), "train.csv")
        >>> _ = file.write_text("review,stars\\nGreat!,5\\nSo so.,\\n")
        >>> data = MultiTaskData.from_csv({"train": file}, {"stars": "sequence"}, text="review")
        >>> data["train"].targets["stars"]
        array([ 0, -1], dtype=int32)
        """
        wanted = wanted_tasks(tasks)
        located = sources.rows_in_csv(paths, wanted, text, delimiter, encoding, columns)
        return cls(*assemble(located, wanted, **options))

    @classmethod
    def from_conll(
        cls,
        paths: sources.Paths,
        tasks: Tasks,
        columns: Mapping[str, int],
        *,
        token: int | None = None,
        encoding: str | None = None,
        **options: Any,
    ) -> MultiTaskData:
        """Read data from CoNLL files: a token a line with its tags, a blank line after a sentence.

        Columns are separated by tabs or, in lines without a tab, by blanks; all lines of a file
        have as many. A comment ``# name = value`` or ``# name: value`` above a sentence gives its
        ``id`` (also as ``sent_id``) or the label of the sequence task ``name``. Lines of
        ``-DOCSTART-`` are passed over.

        Parameters
        ----------
        paths, encoding
            As in `from_jsonl`, and so are the errors.
        columns
            Token task → its column, counted from 0 (or from -1 at the right); each token task has one.
        token
            The column of the token: by default the first; the second if the first counts the tokens,
            as in CoNLL-U.
        tasks, options
            As in `from_rows`.

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
        wanted = wanted_tasks(tasks)
        located = sources.rows_in_conll(paths, wanted, columns, token, encoding)
        return cls(*assemble(located, wanted, **options))

    # -- changing: every change is a new object

    def with_labels(self, counts: Mapping[str, int], seed: int = 0) -> MultiTaskData:
        """Keep the labels of a limited number of training sentences, and hide all others.

        For one seed the labels of a smaller count are among those of a larger one.

        Parameters
        ----------
        counts
            Task name → number of training sentences that keep their label. Tasks not named keep all.
        seed
            Which sentences keep it.

        Raises
        ------
        TypeError, ValueError
            For an unknown task, or a count that is no whole number from 0 to the labeled sentences'.
        """
        train, seed = self["train"], integer("seed", seed, least=0)
        for task, given in mapping("counts", counts, "task → number of sentences").items():
            self._check(task)
            train = train.with_labels(task, integer(f"labels of task {task!r}", given), seed)
        return replace(self, splits={**self.splits, "train": train})

    def joined(
        self,
        *others: MultiTaskData,
        by: str | None = "id",
        conflicts: str = "error",
        **options: Any,
    ) -> MultiTaskData:
        """Join data: the tasks and sentences of all; what a source does not label is missing.

        Parameters
        ----------
        others
            Other data; a task that two have must be the same. Without any, options such as
            ``hold_out`` still split data that have been read.
        by
            What makes two sentences of a split one: ``"id"``, and their tokens must be the same;
            ``"tokens"``; or None: all are kept. Without ids, sentences are numbered anew.
        conflicts
            Where two parts label a sentence differently: ``"error"``, or ``"missing"``, no label.
            `check` says how many there were, and how many sentences became one.
        options
            As in `from_rows`, such as ``hold_out``; the vocabulary is built anew.

        Raises
        ------
        DataError
            For a sentence with other tokens, or with two labels of one task.
        """
        parts = [instance("others", data, MultiTaskData)._parts() for data in (self, *others)]
        one_of("by", "id" if by is None else by, ("id", "tokens"))
        one_of("conflicts", conflicts, ("error", "missing"))
        return MultiTaskData(*joining.joined(parts, by, conflicts, options))

    def only(self, tasks: Sequence[str]) -> MultiTaskData:
        """Keep the labels of just these tasks.

        Raises
        ------
        TypeError, ValueError
            For a string instead of a list of names; for an unknown task, or none.
        """
        tasks = names("tasks", tasks)
        for task in tasks:
            self._check(task)
        if not tasks:
            raise ValueError(f"give at least one task; these data have {list(self.tasks)}")
        return MultiTaskData(*self._parts().only(tasks))

    def _parts(self) -> Assembled:
        return Assembled(self.tasks, self.vocabulary, self.splits, self.schemes, self.findings)

    # -- looking

    def describe(self) -> pd.DataFrame:
        """One row a split and task.

        Columns: ``sentences``; ``labeled`` of them; ``missing``, the share without label; ``labels``,
        the count of each (in tokens for a token task); ``mean_length``, ``max_length`` in tokens;
        ``unknown``, the share of such tokens; ``repeated``, sentences that stand in another split
        too; ``scheme``, that of the tags as they were written, if they mark spans.
        """
        return checking.describe(self.tasks, self.splits, self.vocabulary, self.schemes)

    def check(self) -> checking.Report:
        """Look for what would hurt training: sentences in two splits, odd labels and tags, padding.

        The report says of each split, task, number, an example and a remedy; `Report.table` too.
        """
        return checking.check(self.tasks, self.splits, self.vocabulary, self.findings)

    def label_counts(self, task: str, split: str = "train") -> pd.Series:
        """How often each label of `task` occurs in `split`, most frequent first."""
        self._check(task)
        return checking.label_counts(self.tasks[task], self[split], self.vocabulary)

    def _check(self, task: str) -> None:
        if string("task", task) not in self.tasks:
            raise ValueError(f"unknown task {task!r}; these data have {list(self.tasks)}")

    # -- keeping

    def save(self, path: Path | str) -> None:
        """Write everything to one ``.npz`` file that `load` reads; no pickle is involved."""
        keeping.save(self._parts(), file_path("path", path))

    @classmethod
    def load(cls, path: Path | str) -> MultiTaskData:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            If it is not such a file.
        """
        return cls(*keeping.load(file_path("path", path)))

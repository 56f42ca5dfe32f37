"""Looking at data before training: what each split and task holds, and what would hurt."""

from __future__ import annotations

import textwrap
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mtl_tutorial.arguments import listed
from mtl_tutorial.assembling import Split
from mtl_tutorial.dividing import UNEVEN
from mtl_tutorial.joining import DISAGREED, MERGED
from mtl_tutorial.labeling import LEFT_OUT, OUT_OF_SCHEME, Finding
from mtl_tutorial.tasks import MISSING, Task
from mtl_tutorial.text import PAD, UNK, Vocabulary, join_tokens

REPEATED = "sentences that stand in another split too"
CONTRADICTED = "sentences with another label where they stand again"
EMPTY = "empty sentences"
LONG = "sentences far longer than the others"
UNKNOWN = "unknown tokens"
UNLABELED = "sentences, none of them labeled"
ALIKE = "labels, all the same"
LOPSIDED = "labels, nearly all the same"
RARE = "labels of classes too rare in training"
NEW = "labels that do not occur in training"
UNTESTED = "labels that occur in training alone"
LIKE_NONE = "labels by a name for 'no label', a class like any other"
ALIAS = "labels that differ from another in capitals or width alone"
NUMBERED = "labels of tokens that are numbers"

REMEDIES = {
    MERGED: "by=None keeps the sentences of all parts as they are",
    DISAGREED: "agree on one label",
    UNEVEN: "what stays together is large: group by something finer, or ask for another share",
    OUT_OF_SCHEME: "they were read as the CoNLL evaluation does; mend them if that is not meant",
    LEFT_OUT: "their scores count as if these labels were not there; labels='all splits' has them",
    REPEATED: "score with and without them, or leave them out of training",
    CONTRADICTED: "agree on one label, or leave them out",
    EMPTY: "leave them out",
    LONG: "cut them (max_length) or leave them out: a batch is padded to its longest",
    UNKNOWN: "lower min_count, train on more text, or start from word vectors",
    UNLABELED: "there is no curve, early stopping, or score of this task there",
    ALIKE: "there is nothing to learn; is it the right column?",
    LOPSIDED: "accuracy says little; judge the task by score='macro_f1'",
    RARE: "join rare labels, or do not expect them in answers",
    NEW: "they cannot be answered; split the data anew, or leave them out (unseen='missing')",
    UNTESTED: "their scores say nothing of these; split the data anew",
    ALIAS: "if they mean the same, write them alike",
    NUMBERED: "if they stand for tags, put the tags' names in their place, or spans are not known as such",
    LIKE_NONE: "if no label is meant, put None or an empty cell in its place",
}

_FEW = 5  # examples of a label
_MUCH_UNKNOWN = 0.1  # share of the tokens
_NEARLY_ALL = 0.9  # share of the labels
_NAMES_FOR_NONE = ("-1", "N/A", "n/a", "#N/A", "NA", "NaN", "nan", "NULL", "null", "None")
_FAR_LONGER = 3  # times what 95 % of the sentences have at most


@dataclass(frozen=True, repr=False)
class Report:
    """What would hurt, as `MultiTaskData.check` finds it; printed, it reads as a page.

    Attributes
    ----------
    findings
        One by one, those that concern whole splits first.
    """

    findings: tuple[Finding, ...]

    @property
    def table(self) -> pd.DataFrame:
        """The same as a table; columns ``split, task, what, number, example, remedy``."""
        table = pd.DataFrame(self.findings, columns=list(Finding._fields))
        return table.assign(remedy=[REMEDIES[what] for what in table["what"]])

    def __len__(self) -> int:
        return len(self.findings)

    def __repr__(self) -> str:
        page = []
        for split, task, what, number, example in self.findings:
            page += [f"{split}{f', {task}' if task else ''}: {what}: {number:,}"]
            for head, text in (("such as", example), ("remedy", REMEDIES[what])):
                page += (
                    textwrap.wrap(
                        text, 96, initial_indent=f"    {head:<9}", subsequent_indent=" " * 13
                    )
                    if text
                    else []
                )
        return "\n".join(page) or "Nothing was found that would hurt."


def check(
    tasks: Mapping[str, Task],
    splits: Mapping[str, Split],
    vocabulary: Vocabulary,
    findings: Iterable[Finding],
) -> Report:
    """What would hurt, as `MultiTaskData.check` says it.

    Examples
    --------
    >>> from mtl_tutorial.data import MultiTaskData
    >>> rows = [{"text": "Good tea", "mood": "good"}, {"text": "Bad tea", "mood": "bad"}]
    >>> MultiTaskData.from_rows({"train": rows * 9, "test": rows[:1]}, {"mood": "sequence"}).check()
    train: sentences that stand in another split too: 9
        such as  'Good tea'
        remedy   score with and without them, or leave them out of training
    test: sentences that stand in another split too: 1
        such as  'Good tea'
        remedy   score with and without them, or leave them out of training
    test, mood: labels, all the same: 1
        such as  'good'
        remedy   there is nothing to learn; is it the right column?
    train, mood: labels that occur in training alone: 9
        such as  ['bad']
        remedy   their scores say nothing of these; split the data anew
    """
    found = [*_about_sentences(splits), *findings]
    for task in tasks.values():
        if task.kind != "lm":
            found += [*_about_labels(task, splits), *_contradictions(task, splits)]
    return Report(tuple(found))


def _about_sentences(splits: Mapping[str, Split]) -> Iterator[Finding]:
    repeated = _repeated(splits)
    for name, split in splits.items():
        if repeated[name]:
            yield Finding(name, "", REPEATED, len(repeated[name]), _quoted(repeated[name][0]))
        lengths = np.array([len(tokens) for tokens in split.tokens])
        if (lengths == 0).any():
            empty = split.ids[int(lengths.argmin())]
            yield Finding(name, "", EMPTY, int((lengths == 0).sum()), f"id {empty}")
        usual = np.quantile(lengths, 0.95, method="lower") if len(lengths) else 0
        far = lengths > _FAR_LONGER * usual
        if far.any():
            padding = 1 - lengths.sum() / (len(lengths) * lengths.max())
            example = (
                f"one of {lengths.max()} tokens, where 95 % have at most {usual}: "
                f"{padding:.0%} of the split is padding"
            )
            yield Finding(name, "", LONG, int(far.sum()), example)
        unknown = (split.inputs == UNK).sum()
        if unknown > _MUCH_UNKNOWN * lengths.sum():
            row, column = np.argwhere(split.inputs == UNK)[0]
            share = f"{unknown / lengths.sum():.0%} of all, the first {split.tokens[row][column]!r}"
            yield Finding(name, "", UNKNOWN, int(unknown), share)


def _repeated(splits: Mapping[str, Split]) -> dict[str, list[Sequence[str]]]:
    """Split → its sentences that stand in another split too."""
    kinds = {name: set(split.tokens) for name, split in splits.items()}
    times = Counter(tokens for here in kinds.values() for tokens in here)
    return {
        name: [tokens for tokens in split.tokens if times[tokens] > 1]
        for name, split in splits.items()
    }


def _quoted(tokens: Sequence[str]) -> str:
    text = join_tokens(tokens)
    return repr(text if len(text) <= 70 else text[:69] + "…")


def _about_labels(task: Task, splits: Mapping[str, Split]) -> Iterator[Finding]:
    counts = {name: _counts(task, split) for name, split in splits.items()}
    train = counts["train"]
    elsewhere = sum(here for name, here in counts.items() if name != "train")
    for name, here in counts.items():
        total, most = int(here.sum()), int(here.argmax())
        if not total:
            yield Finding(name, task.name, UNLABELED, len(splits[name]), "")
        elif here[most] == total:
            yield Finding(name, task.name, ALIKE, total, repr(task.labels[most]))
        elif task.score != "f1" and here[most] > _NEARLY_ALL * total:
            share = f"{here[most] / total:.0%} are {task.labels[most]!r}"
            yield Finding(name, task.name, LOPSIDED, int(here[most]), share)
        if name != "train" and train.sum() and (here[train == 0] > 0).any():
            new = (here > 0) & (train == 0)
            yield Finding(name, task.name, NEW, int(here[new].sum()), _named(task, new))
        none = (here > 0) & np.isin(task.labels, _NAMES_FOR_NONE)
        if none.any():
            yield Finding(name, task.name, LIKE_NONE, int(here[none].sum()), _named(task, none))
        alias = (here > 0) & _written_otherwise(task.labels)
        if alias.any():
            yield Finding(name, task.name, ALIAS, int(here[alias].sum()), _named(task, alias))
    if task.kind == "token" and all(label.isdecimal() for label in task.labels):
        yield Finding("train", task.name, NUMBERED, int(train.sum()), listed(task.labels))
    rare = (train > 0) & (train < _FEW)
    if rare.any():
        yield Finding("train", task.name, RARE, int(train[rare].sum()), _named(task, rare))
    if np.any(elsewhere) and ((train > 0) & (elsewhere == 0)).any():
        alone = (train > 0) & (elsewhere == 0)
        yield Finding("train", task.name, UNTESTED, int(train[alone].sum()), _named(task, alone))


def _written_otherwise(labels: Sequence[str]) -> np.ndarray:
    """Which labels are others but for capitals and width, bool [labels]."""
    plain = [unicodedata.normalize("NFKC", label).casefold() for label in labels]
    times = Counter(plain)
    return np.array([times[label] > 1 for label in plain], bool)


def _named(task: Task, which: np.ndarray) -> str:
    return listed(label for label, here in zip(task.labels, which, strict=True) if here)


def _contradictions(task: Task, splits: Mapping[str, Split]) -> Iterator[Finding]:
    """Sentences that stand more than once, with different labels."""
    answers: defaultdict[tuple[str, ...], set[bytes]] = defaultdict(set)
    labeled = {name: split.labeled(task.name) for name, split in splits.items()}
    for name, split in splits.items():
        targets = split.targets[task.name]
        for i in np.flatnonzero(labeled[name]):
            answers[split.tokens[i]].add(_label_bytes(targets[i], len(split.tokens[i])))
    for name, split in splits.items():
        torn = [i for i in np.flatnonzero(labeled[name]) if len(answers[split.tokens[i]]) > 1]
        if torn:
            example = _quoted(split.tokens[torn[0]])
            yield Finding(name, task.name, CONTRADICTED, len(torn), example)


def _label_bytes(target: np.ndarray, tokens: int) -> bytes:
    return (target[:tokens] if target.ndim else target).tobytes()


# -- describing


def summary(tasks: Mapping[str, Task], splits: Mapping[str, Split], vocabulary: Vocabulary) -> str:
    """Splits, tasks and their labels in a few lines."""
    sizes = ", ".join(f"{name} {len(split):,}" for name, split in splits.items())
    lines = [f"MultiTaskData({sizes} sentences; {len(vocabulary):,} tokens known)"]
    for task in tasks.values():
        many = f"{len(task.labels)} label{'s' * (len(task.labels) > 1)}"
        labels = f", {many}: {listed(task.labels, 6)}" if task.labels else ""
        lines.append(f"  {task.name}: {task.kind}{labels}")
    return "\n".join(lines)


def describe(
    tasks: Mapping[str, Task],
    splits: Mapping[str, Split],
    vocabulary: Vocabulary,
    schemes: Mapping[str, str],
) -> pd.DataFrame:
    """One row a split and task, as `MultiTaskData.describe` shows it."""
    repeated = _repeated(splits)
    rows = []
    for name, split in splits.items():
        lengths = (split.inputs != PAD).sum(axis=1)
        for task in tasks.values():
            labeled = int(split.labeled(task.name).sum())
            rows.append({
                "split": name,
                "task": task.name,
                "sentences": len(split),
                "labeled": labeled,
                "missing": 1 - labeled / max(len(split), 1),
                "labels": label_counts(task, split, vocabulary).to_dict() if task.labels else {},
                "mean_length": lengths.mean() if len(split) else 0.0,
                "max_length": int(lengths.max(initial=0)),
                "unknown": (split.inputs == UNK).sum() / max(lengths.sum(), 1),
                "repeated": len(repeated[name]),
                "scheme": schemes.get(task.name, task.scheme or ""),
            })  # fmt: skip
    return pd.DataFrame(rows).set_index(["split", "task"])


def label_counts(task: Task, split: Split, vocabulary: Vocabulary) -> pd.Series:
    """How often each label of `task` occurs in `split`, most frequent first."""
    labels = vocabulary.tokens if task.kind == "lm" else task.labels
    counts = _counts(task, split, len(labels))
    series = pd.Series(counts, index=list(labels), name=task.name).sort_values(
        ascending=False, kind="stable"
    )
    return series[series > 0] if task.kind == "lm" else series


def _counts(task: Task, split: Split, labels: int | None = None) -> np.ndarray:
    """How often each label occurs, by id."""
    target = split.targets[task.name]
    return np.bincount(target[target != MISSING], minlength=labels or len(task.labels))

"""What a task is, and the one label convention of the course."""

import math
import numbers
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args
from unicodedata import category

from mtl_tutorial.arguments import listed, names, one_of, shown, text
from mtl_tutorial.schemes import OUTSIDE, TagError, scheme_of

MISSING = -1
"""The label id that means "no label here": padding, or a sentence not annotated for the task."""

Kind = Literal["sequence", "token", "lm"]
KINDS = get_args(Kind)

_BLANKS = "\ufeff" + "".join(
    c for c in map(chr, range(0x3001)) if c.isspace() or category(c) in ("Cc", "Cf")
)
"""What nobody sees: spaces of all kinds, marks of zero width, control characters."""

RESERVED = ("id", "text", "tokens")
"""What a row calls its name and its sentence; no task can be called so."""


def is_missing(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, pandas' NA, or nothing but blanks.

    Examples
    --------
    >>> [is_missing(value) for value in (None, float("nan"), " ", 0)]
    [True, True, True, False]
    """
    if isinstance(value, str):
        return not value.strip(_BLANKS)
    if isinstance(value, numbers.Real):
        return math.isnan(value)
    kind = type(value).__name__
    return value is None or kind in ("NAType", "NaTType") or f"{kind} {value}" == "datetime64 NaT"


def read_label(value: Any) -> str | None:
    """A label as a string, from JSON, CSV, pandas or NumPy; None if it is missing.

    None, NaN, pandas' NA and what is empty or blank are missing. A whole number, also one written
    as a float that knows all of its digits, becomes its digits; True and False are these words.
    Blanks and characters without width around a label go, and its characters are composed (NFC).

    Raises
    ------
    TypeError
        For anything else, such as 1.5 or a list.

    Examples
    --------
    >>> read_label(" good "), read_label(1.0), read_label(True), read_label(float("nan"))
    ('good', '1', 'True', None)
    """
    if is_missing(value):
        return None
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value.strip(_BLANKS))
    if type(value).__name__ in ("bool", "bool_"):
        return str(bool(value))
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, numbers.Real) and float(value).is_integer() and abs(float(value)) < 2**53:
        return str(int(float(value)))
    raise TypeError(f"a label must be a string or a whole number, not {shown(value)}")


def check_name(name: Any) -> str:
    """The name, if a task can have it."""
    if not (text("a task's name", name).isidentifier() and name.isascii()):
        raise ValueError(
            f"a task's name must be Latin letters, digits and '_', not {name!r}; a column may be "
            f"called so: columns={{'mood': {name!r}}} where data are read"
        )
    if name in RESERVED:
        raise ValueError(
            f"a task cannot be called {name!r}: rows have their sentence or their own name there"
        )
    return str(name)


@dataclass(frozen=True)
class Task:
    """A task: its name, what it labels, and the labels it may give.

    Parameters
    ----------
    name
        A name of Latin letters, digits and underscores (Keras names layers after it), such as ``"sentiment"``.
    kind
        ``"sequence"``: one label a sentence. ``"token"``: one label a token. ``"lm"``: the next
        token, so its labels are the vocabulary's.
    labels
        The labels in the order of their ids; empty for ``"lm"``.
    score
        What the task is judged by: ``"accuracy"``; ``"macro_f1"``, the mean of the F1 of each label;
        ``"f1 of X"``, that of the label X alone; or ``"f1"``, over the spans that a token task's
        labels mark in one of the schemes of `schemes`. By default ``"f1"`` if they mark spans,
        else ``"accuracy"``. With another score than ``"f1"`` they are labels like any others.

    Attributes
    ----------
    scheme
        The tag scheme of the labels, such as ``"BIO"``; None where they mark no spans.

    Raises
    ------
    TypeError
        For a name that is no string, or labels that are no list.
    ValueError
        For a bad name, kind or score, missing or repeated labels, labels that are tags of a scheme
        but for one.

    Examples
    --------
    >>> Task("sentiment", "sequence", ("negative", "positive")).id_of("positive")
    1
    >>> Task("ner", "token", ("O", "B-PER", "I-PER")).score
    'f1'
    """

    name: str
    kind: Kind
    labels: tuple[str, ...] = ()
    score: str = None  # type: ignore[assignment]  # chosen below
    scheme: str | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        name = check_name(self.name)
        object.__setattr__(self, "name", name)
        one_of(f"kind of task {name!r}:", self.kind, KINDS)
        object.__setattr__(self, "labels", _checked_labels(name, self.labels))
        if (self.kind == "lm") == bool(self.labels):
            need = "takes no labels" if self.kind == "lm" else "needs at least one label"
            raise ValueError(f"task {name!r}: a task of kind {self.kind!r} {need}")
        if self.score is not None:
            text(f"score of task {name!r}", self.score)
        scheme = self._marked() if self.score in (None, "f1") else None
        object.__setattr__(self, "scheme", scheme)
        if self.score is None:
            object.__setattr__(self, "score", "f1" if scheme else "accuracy")
        self._check_score()

    def _marked(self) -> str | None:
        """The scheme in which the labels mark spans, if they do."""
        try:
            return scheme_of(self.labels) if self.kind == "token" else None
        except TagError as error:
            label = "the labels" if error.tag is None else f"label {error.tag!r}"
            raise ValueError(
                f"task {self.name!r}: {label} {error}; if the labels mark no spans, "
                'say so with score="accuracy"'
            ) from None

    def _check_score(self) -> None:
        choices = ["accuracy"]
        if self.kind != "lm":
            choices += ["macro_f1", *(f"f1 of {label}" for label in self.labels)]
        if self.scheme:
            choices.insert(0, "f1")
        if self.score not in choices:
            why = "; its labels mark no spans" if self.score == "f1" else ""
            raise ValueError(
                f"task {self.name!r} cannot be judged by {self.score!r}{why}; "
                f"choose one of {listed(choices)}"
            )

    @classmethod
    def bio(cls, name: str, types: Iterable[str], score: str | None = None) -> "Task":
        """Make a token task that marks spans of the given types in BIO.

        Examples
        --------
        >>> Task.bio("ner", ["PER", "LOC"]).labels
        ('O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC')
        """
        types = names("types", types, "types of spans")
        if not types or not all(kind.strip() for kind in types):
            raise ValueError(
                f"types must be at least one type of spans, such as 'PER', not {types}"
            )
        labels = (OUTSIDE, *(f"{prefix}-{kind}" for kind in types for prefix in "BI"))
        return cls(name, "token", labels, score)  # type: ignore[arg-type]

    @classmethod
    def from_list(cls, record: Sequence[Any]) -> "Task":
        """Read what `as_list` wrote; a list of three items is from before tasks had a score."""
        if not isinstance(record, list | tuple) or len(record) not in (3, 4):
            raise ValueError(f"record must be what Task.as_list gives, not {shown(record)}")
        name, kind, labels, *score = record
        if not score:
            bio = OUTSIDE in labels and all(
                label == OUTSIDE or label[:2] in ("B-", "I-") for label in labels
            )
            score = ["f1" if bio and kind == "token" else "accuracy"]
        return cls(name, kind, tuple(labels), *score)

    def as_list(self) -> list[Any]:
        """Name, kind, labels and score, fit for JSON."""
        return [self.name, self.kind, list(self.labels), self.score]

    def id_of(self, label: str) -> int:
        """Look up the id of `label`; a `ValueError` lists the labels if it is not one of them."""
        try:
            return self.labels.index(str(read_label(label)))
        except (TypeError, ValueError):
            raise ValueError(
                f"label {label!r} is not among the labels of task {self.name!r}: {listed(self.labels)}"
            ) from None

    @property
    def is_bio(self) -> bool:
        """Whether the labels mark spans in BIO.

        An X may have one of B-X and I-X only, and ``O`` may stand alone: data need not show every label.
        """
        return self.scheme == "BIO"


def _checked_labels(name: str, labels: Any) -> tuple[str, ...]:
    wanted = f"labels of task {name!r} must be a list in the order of their ids"
    unfit = (
        isinstance(labels, str | bytes | set | frozenset | dict) or getattr(labels, "ndim", 1) != 1
    )
    if unfit or not isinstance(labels, Iterable):
        example = f", such as [{labels!r}]" if isinstance(labels, str) else ""
        raise TypeError(f"{wanted}{example}, not {shown(labels)}")
    counts: Counter[str] = Counter()
    for label in labels:
        try:
            read = read_label(label)
        except TypeError as error:
            raise TypeError(f"task {name!r}: {error}") from None
        if read is None:
            raise ValueError(f"task {name!r}: label {label!r} is empty")
        counts[read] += 1
    repeated = sorted(label for label, n in counts.items() if n > 1)
    if repeated:
        raise ValueError(f"task {name!r}: labels occur twice: {listed(repeated)}")
    return tuple(counts)

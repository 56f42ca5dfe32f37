"""What a task is, and the one label convention of the course."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

MISSING = -1
"""The label id that means "no label here": padding, or a sentence not annotated for the task."""

Kind = Literal["sequence", "token", "lm"]


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

    Raises
    ------
    ValueError
        For a bad name or kind, missing or repeated labels.

    Examples
    --------
    >>> Task("sentiment", "sequence", ("negative", "positive")).id_of("positive")
    1
    >>> Task("ner", "token", ("O", "B-PER", "I-PER")).is_bio
    True
    """

    name: str
    kind: Kind
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", tuple(self.labels))
        if not (isinstance(self.name, str) and self.name.isidentifier() and self.name.isascii()):
            raise ValueError(
                f"a task's name must be Latin letters, digits and '_', not {self.name!r}"
            )
        if self.kind not in get_args(Kind):
            raise ValueError(
                f"task {self.name!r}: kind must be one of {get_args(Kind)}, not {self.kind!r}"
            )
        if (self.kind == "lm") == bool(self.labels):
            need = "takes no labels" if self.kind == "lm" else "needs at least one label"
            raise ValueError(f"task {self.name!r}: a task of kind {self.kind!r} {need}")
        if not all(isinstance(label, str) for label in self.labels):
            raise ValueError(f"task {self.name!r}: labels must be strings, not {self.labels}")
        repeated = sorted({label for label in self.labels if self.labels.count(label) > 1})
        if repeated:
            raise ValueError(f"task {self.name!r}: labels occur twice: {repeated}")

    @classmethod
    def bio(cls, name: str, types: Iterable[str]) -> "Task":
        """A token task that marks spans of the given types in BIO.

        Examples
        --------
        >>> Task.bio("ner", ["PER", "LOC"]).labels
        ('O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC')
        """
        return cls(name, "token", ("O", *(f"{prefix}-{t}" for t in types for prefix in "BI")))

    def id_of(self, label: str) -> int:
        """The id of `label`; a `ValueError` that lists the declared labels if it is none of them."""
        try:
            return self.labels.index(label)
        except ValueError:
            raise ValueError(
                f"label {label!r} is not among the labels of task {self.name!r}: {list(self.labels)}"
            ) from None

    @property
    def is_bio(self) -> bool:
        """Whether the labels mark spans: a token task's ``O``, and all others begin with ``B-`` or ``I-``.

        An X may have one of the two only, and ``O`` may stand alone: data need not show every label.
        """
        return self.kind == "token" and "O" in self.labels and all(
            label == "O" or label[:2] in ("B-", "I-") for label in self.labels
        )  # fmt: skip

    @property
    def score(self) -> str:
        """The metric the task is judged by: ``"f1"`` over entities for BIO tasks, else ``"accuracy"``."""
        return "f1" if self.is_bio else "accuracy"

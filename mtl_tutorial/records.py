"""What a model is made like and how it is trained, as plain data: `Architecture` and `Training`."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from mtl_tutorial.arguments import flag, instance, integer, mapping, number, one_of, text
from mtl_tutorial.encoders import ENCODERS
from mtl_tutorial.sampling import draws


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """What `build_model` takes beside data and plan.

    Parameters
    ----------
    encoder
        ``"mlp"``, ``"cnn"``, ``"bilstm"`` or ``"transformer"``, see `encoders.ENCODERS`. Each can
        be causal, and is on the path of a language model: ``"bilstm"`` is then an LSTM that reads
        forwards.
    units
        Features of a token above each encoder.
    embedding_dim
        Features of a token above the embedding.
    dropout
        Share of features dropped in training, after each encoder and before each head.
    embedding_dropout
        The same after the embedding.
    pooling
        ``"max"`` or ``"mean"``: how a sequence task's head makes one vector of the tokens'.
    initializer
        Initializer of the encoders' and heads' weights: any Keras initializer's name, such as
        ``"glorot_uniform"``, ``"he_normal"``, ``"orthogonal"``, ``"random_normal"``.
    crf
        Whether the heads of token tasks also learn which label goes after which, see `crf`.
    orthogonality
        γ of the penalty that asks copies side by side (``mix="concat"``) to say different things,
        see `layers.mixing.SideBySide`.
    carry_marks
        Whether every token is told of the labels that `for_generation` wrote in front: the vectors
        of their marks are added to its own, see `layers.WordEmbedding`.
    seed
        Seed for initial values and dropout.

    Raises
    ------
    TypeError, ValueError
        If one is of the wrong kind, or not allowed.

    Examples
    --------
    >>> Architecture(units=32).encoder
    'cnn'
    """

    encoder: str = "cnn"
    units: int = 64
    embedding_dim: int = 100
    dropout: float = 0.2
    embedding_dropout: float = 0.0
    pooling: str = "max"
    initializer: str = "glorot_uniform"
    crf: bool = False
    orthogonality: float = 0.0
    carry_marks: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        _settle(
            self,
            encoder=one_of("encoder", self.encoder, sorted(ENCODERS)),
            units=integer("units", self.units, least=1),
            embedding_dim=integer("embedding_dim", self.embedding_dim, least=1),
            dropout=number("dropout", self.dropout, least=0, most=1),
            embedding_dropout=number("embedding_dropout", self.embedding_dropout, least=0, most=1),
            pooling=one_of("pooling", self.pooling, ("max", "mean")),
            initializer=text("initializer", self.initializer),
            crf=flag("crf", self.crf),
            orthogonality=number("orthogonality", self.orthogonality, least=0),
            carry_marks=flag("carry_marks", self.carry_marks),
            seed=_seed(self.seed),
        )


@dataclass(frozen=True, kw_only=True)
class Training:
    """What `train` takes beside model and data, as far as it is plain data.

    Parameters
    ----------
    epochs
        Passes over the training sentences, or of `steps_per_epoch` batches.
    batch_size
        Sentences a step.
    learning_rate
        The optimizer's; by default its own, 0.001 for `FusedAdam`. `train` also takes
        one of `keras.optimizers.schedules`, which count steps.
    cosine
        Let the learning rate fall to 0 along half a cosine (Loshchilov & Hutter 2017).
    seed
        Seed for shuffling and word dropout.
    validation
        The split to keep curves of beside the training part, or None.
    early_stopping
        Stop after this many epochs without a better mean validation score of the tasks, and restore
        the best epoch's weights.
    steps_per_epoch
        Steps that count as one epoch, starting over when the sentences run out: equal budgets for
        models with few and with many labels.
    word_dropout
        How often a training token is taken for an unknown one, see `pipeline.batches`.
    by_length
        Whether sentences of like length go into one batch, see `pipeline.batches`.
    sampling
        Which sentences come how often: ``"mixed"``, all once an epoch; or task by task, see
        `sampling.draws`.
    class_weight
        Task → label → how much the label counts in the task's loss, such as
        ``{"mood": {"good": 2.0}}``; 1 for those not named.
    successive_regularization
        δ of the penalty that holds what is shared near what the turn before has left, see
        `successive.Anchors`; needs ``sampling="in_turn"``.

    Raises
    ------
    TypeError, ValueError
        If one is of the wrong kind, or not allowed.

    Examples
    --------
    >>> Training(epochs=3).batch_size
    32
    >>> Training(epochs=0)
    Traceback (most recent call last):
    ValueError: epochs must be at least 1, not 0
    """

    epochs: int = 5
    batch_size: int = 32
    learning_rate: Any = None
    cosine: bool = False
    seed: int = 0
    validation: str | None = "valid"
    early_stopping: int | None = None
    steps_per_epoch: int | None = None
    word_dropout: float = 0.0
    by_length: bool = False
    sampling: str | float = "mixed"
    class_weight: Mapping[str, Mapping[str, float]] | None = None
    successive_regularization: float = 0.0

    def __post_init__(self) -> None:
        rate, steps, patience = self.learning_rate, self.steps_per_epoch, self.early_stopping
        scheduled = callable(rate) and hasattr(rate, "get_config")
        if flag("cosine", self.cosine) and (rate is None or scheduled):
            raise ValueError("cosine needs a learning_rate to fall from, as a number")
        if patience is not None and self.validation is None:
            raise ValueError("early_stopping needs a validation split")
        held = number("successive_regularization", self.successive_regularization, least=0)
        if held and self.sampling != "in_turn":
            raise ValueError(
                "successive_regularization needs tasks that are trained one after the other, "
                f"sampling='in_turn', not {self.sampling!r}"
            )
        _settle(
            self,
            epochs=integer("epochs", self.epochs, least=1),
            batch_size=integer("batch_size", self.batch_size, least=1),
            learning_rate=rate
            if rate is None or scheduled
            else number("learning_rate", rate, least=0),
            cosine=bool(self.cosine),
            seed=_seed(self.seed),
            validation=None if self.validation is None else text("validation", self.validation),
            early_stopping=None
            if patience is None
            else integer("early_stopping", patience, least=0),
            steps_per_epoch=None if steps is None else integer("steps_per_epoch", steps, least=1),
            word_dropout=number("word_dropout", self.word_dropout, least=0),
            by_length=flag("by_length", self.by_length),
            sampling=draws(self.sampling),
            class_weight=_class_weight(self.class_weight),
            successive_regularization=held,
        )


def _seed(value: Any) -> int:
    return integer("seed", value, least=0, most=2**32 - 1)


def _class_weight(given: Any) -> dict[str, dict[str, float]] | None:
    if given is None:
        return None
    found = {}
    for task, labels in mapping("class_weight", given, "task → label → weight").items():
        name = f"class_weight[{task!r}]"
        weights = mapping(name, labels, "label → weight")
        found[task] = {y: number(f"{name}[{y!r}]", w, least=0) for y, w in weights.items()}
    return found


def _settle(record: Any, **values: Any) -> None:
    """Put checked values into a record that is being made."""
    for name, value in values.items():
        object.__setattr__(record, name, value)


Record = TypeVar("Record", Architecture, Training)


def chosen(kind: type[Record], given: Record | None, options: Mapping[str, Any]) -> Record:
    """Make a record from another, with some of its fields changed.

    Parameters
    ----------
    kind
        `Architecture` or `Training`.
    given
        The record to start from, also one with more fields, such as an `Experiment`; the defaults
        if None.
    options
        Field → its new value.

    Raises
    ------
    TypeError
        If `given` is not of this kind, or an option is not a field.

    Examples
    --------
    >>> chosen(Training, Training(epochs=3), {"batch_size": 8}) == Training(epochs=3, batch_size=8)
    True
    >>> chosen(Training, None, {"epoch": 3})
    Traceback (most recent call last):
    TypeError: there is no option 'epoch'; did you mean 'epochs'?
    """
    known = [field.name for field in fields(kind)]
    unknown = next((name for name in options if name not in known), None)
    if unknown is not None:
        near = difflib.get_close_matches(unknown, known, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {known}"
        raise TypeError(f"there is no option {unknown!r}; {hint}")
    start = kind() if given is None else instance(kind.__name__.lower(), given, kind)
    return kind(**{name: getattr(start, name) for name in known} | dict(options))


Function = TypeVar("Function", bound=Callable)


def options_of(kind: type) -> Callable[[Function], Function]:
    """Decorate a function whose ``**options`` are fields of `kind`: its signature names each.

    So ``help`` and the completion of editors and notebooks know them.
    """

    def decorate(function: Function) -> Function:
        own = inspect.signature(function)
        *others, _ = own.parameters.values()
        named = [
            parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for parameter in inspect.signature(kind).parameters.values()
        ]
        function.__signature__ = own.replace(parameters=[*others, *named])  # type: ignore[attr-defined]
        return function

    return decorate

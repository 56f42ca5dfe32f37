"""A language model of text and labels together: `for_generation`, `generate`, `perplexity`.

Labels become tokens that stand in front of the sentence, so that one causal language model learns
p(labels, text) = p(labels) · p(text | labels), as in CTRL (Keskar et al. 2019, arXiv:1909.05858).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, product
from typing import Any

import numpy as np
import pandas as pd

from mtl_tutorial.arguments import instance, integer, listed, mapping, names, number, text
from mtl_tutorial.assembling import next_tokens
from mtl_tutorial.cutting import cut
from mtl_tutorial.data import MultiTaskData, Split
from mtl_tutorial.evaluation import check_fit
from mtl_tutorial.marks import BEGIN, END, is_mark, label_in
from mtl_tutorial.model import MultiTaskModel
from mtl_tutorial.startup import tf
from mtl_tutorial.tasks import MISSING, Task
from mtl_tutorial.text import PAD, SPECIAL, UNK, Vocabulary, join_tokens, pad

_AT_ONCE = 128


def for_generation(data: MultiTaskData, given: Sequence[str] = ("sentiment",)) -> MultiTaskData:
    """Write begin, label marks and end into each sentence, as tokens; the task is ``lm`` alone.

    A sentence becomes ``<begin> <sentiment=positive> … <end>``; one that lacks a label of `given` is
    left out. `build_model` makes a causal model of it with any encoder. A Transformer and an LSTM
    (``"bilstm"``) see all that came before, a CNN two tokens back a level, an MLP none; with
    ``carry_marks=True`` all see the labels at every step.

    Parameters
    ----------
    data
        Sentences and labels. Of its tasks only `given` are looked at.
    given
        Sequence tasks whose labels stand in front, in this order; none for text alone.

    Returns
    -------
    MultiTaskData
        The same splits with one task, ``lm``.

    Raises
    ------
    TypeError, ValueError
        For a task that is unknown or not one of sentences, a split without a fully labeled
        sentence, or data that have marks already.

    Examples
    --------
    >>> rows = [{"text": "Good tea!", "mood": "good"}, {"text": "Bad tea.", "mood": "bad"}]
    >>> data = MultiTaskData.from_rows({"train": rows}, {"mood": "sequence"})
    >>> for_generation(data, ["mood"])["train"].tokens[0]
    ('<begin>', '<mood=good>', 'Good', 'tea', '!', '<end>')
    """
    tasks = instance("data", data, MultiTaskData).tasks
    given = names("given", given)
    for name in given:
        if name not in tasks or tasks[name].kind != "sequence":
            fit = [task.name for task in tasks.values() if task.kind == "sequence"]
            raise ValueError(
                f"given must be tasks that label sentences, {listed(fit)}, not {name!r}"
            )
    known = data.vocabulary.tokens[len(SPECIAL) :]
    if taken := [token for token in known if is_mark(token)]:
        raise ValueError(f"data have tokens that look like marks already: {listed(taken)}")
    marks = {name: [f"<{name}={label}>" for label in tasks[name].labels] for name in given}
    vocabulary = Vocabulary([BEGIN, END, *chain.from_iterable(marks.values()), *known])
    splits = {}
    for name, split in data.splits.items():
        labeled = np.all([np.ones(len(split), bool), *map(split.labeled, given)], axis=0)
        if not labeled.any():
            raise ValueError(f"no sentence of split {name!r} has a label of all of {list(given)}")
        splits[name] = _marked(split.take(labeled), marks, vocabulary, len(known))
    return MultiTaskData({"lm": Task("lm", "lm")}, vocabulary, splits)


def _marked(
    split: Split, marks: Mapping[str, Sequence[str]], vocabulary: Vocabulary, known: int
) -> Split:
    """A split whose sentences have their marks; the last `known` tokens of the vocabulary are old ones."""
    shift = len(vocabulary) - known - len(SPECIAL)
    begin, end = vocabulary.id_of(BEGIN), vocabulary.id_of(END)
    tokens, rows = [], []
    for i, words in enumerate(split.tokens):
        own = [marks[name][split.targets[name][i]] for name in marks]
        ids = split.inputs[i][: len(words)]
        shifted = np.where(ids < len(SPECIAL), ids, ids + shift)
        tokens.append((BEGIN, *own, *words, END))
        rows.append(np.array([begin, *map(vocabulary.id_of, own), *shifted, end]))
    inputs = pad(rows, PAD)
    return Split(split.ids, tuple(tokens), inputs, {"lm": next_tokens(inputs)})


def generate(
    model: MultiTaskModel,
    wanted: Mapping[str, str] | None = None,
    n: int = 10,
    *,
    start: str = "",
    temperature: float = 1.0,
    seed: int = 0,
    max_length: int = 60,
) -> pd.DataFrame:
    r"""Let a language model write sentences, token by token.

    Each next token is drawn with a chance in proportion to :math:`p^{1/\tau}`; marks and unknown
    tokens are never drawn. A label that is not wanted is drawn, too: from what the model holds
    probable given the wanted ones and the beginning, whatever the temperature.

    Parameters
    ----------
    model
        Trained on what `for_generation` gave.
    wanted
        Task → the label that the sentences shall have, for some or all tasks that the marks name.
    n
        How many sentences.
    start
        How they begin, as one types it; every token must be known.
    temperature
        :math:`\tau`: below 1 the probable becomes more probable, above 1 all become more alike.
    seed
        The same seed gives the same sentences.
    max_length
        Tokens, `start` included, after which a sentence is broken off.

    Returns
    -------
    pandas.DataFrame
        One row a sentence: ``text``; the label under each task's name; ``tokens``, a tuple, without
        marks; ``ended``, whether the model ended it itself.

    Raises
    ------
    TypeError, ValueError
        For a model without a language model or without marks, an unknown task or label, a
        temperature that is not above 0, a beginning with unknown words.

    Examples
    --------
    >>> from mtl_tutorial import build_model
    >>> rows = [{"text": "Good tea!", "mood": "good"}, {"text": "Bad tea.", "mood": "bad"}]
    >>> data = MultiTaskData.from_rows({"train": rows}, {"mood": "sequence"})
    >>> model = build_model(for_generation(data, ["mood"]), units=4, embedding_dim=4)
    >>> list(generate(model, {"mood": "good"}, n=2, start="Good")["mood"])
    ['good', 'good']
    """
    marks, vocabulary = labels_of(model), model.vocabulary
    rows = _rows_wanted(marks, wanted)
    n, temperature = integer("n", n, least=1), number("temperature", temperature, above=0)
    rng = np.random.default_rng(integer("seed", seed, least=0))
    max_length = integer("max_length", max_length, least=1)
    words, begin = _known("start", start, vocabulary), vocabulary.id_of(BEGIN)
    prefixes = np.array([[begin, *row, *words] for row in rows], np.int32)
    chances = _log_shares(model, prefixes).sum(axis=1)
    chances = np.exp(chances - chances.max())
    drawn = rng.choice(len(rows), n, p=chances / chances.sum())
    ids = _written(model, prefixes[drawn], temperature, rng, max_length - len(words))
    label = {i: label for own in marks.values() for label, i in own.items()}
    end, table = vocabulary.id_of(END), []
    for choice, line in zip(drawn, ids[:, 1 + len(marks) :], strict=True):
        tokens = tuple(vocabulary.tokens[i] for i in line if i not in (PAD, end))
        table.append([join_tokens(tokens), *map(label.get, rows[choice]), tokens, end in line])
    return pd.DataFrame(table, columns=["text", *marks, "tokens", "ended"])


def _written(
    model: MultiTaskModel, ids: np.ndarray, temperature: float, rng: np.random.Generator, most: int
) -> np.ndarray:
    """Token ids [n, time] with up to `most` tokens drawn after them; PAD after the end."""
    vocabulary = model.vocabulary
    end = vocabulary.id_of(END)
    never = [PAD, UNK, *(i for i, t in enumerate(vocabulary.tokens) if is_mark(t) and i != end)]
    for _ in range(most):
        going = (ids[:, -1] != end) & (ids[:, -1] != PAD)
        if not going.any():
            break
        logits = _logits(model, tf.constant(ids[going]))[:, -1].numpy().astype(float) / temperature
        logits[:, never] = -np.inf
        luck = rng.gumbel(size=(len(ids), logits.shape[1]))[going]  # the largest sum is a fair draw
        following = np.full(len(ids), PAD, np.int32)
        following[going] = (logits + luck).argmax(axis=1)
        ids = np.column_stack([ids, following])
    return ids


def log_joint(model: MultiTaskModel, data: MultiTaskData, split: str = "test") -> pd.DataFrame:
    """Measure log p(labels, text) of each sentence with *every* label that it could have.

    By Bayes' rule it holds a classifier: p(label | text) = p(label, text) / Σ p(label', text).

    Parameters
    ----------
    model
        Trained on what `for_generation` gave.
    data
        What `for_generation` gave.
    split
        Which split of it.

    Returns
    -------
    pandas.DataFrame
        One row a sentence, by its id; one column for each label, or for each pair and so on if
        several tasks are given; in nats. Unknown tokens of the text are not counted.

    Raises
    ------
    TypeError, ValueError
        If the model is not of this kind, or the data are not its own.
    """
    marks = labels_of(model)
    check_fit(model, data, split)
    inputs, places = data[split].inputs.copy(), slice(1, 1 + len(marks))
    found = {}
    for labels in product(*marks.values()):
        inputs[:, places] = [marks[name][y] for name, y in zip(marks, labels, strict=True)]
        found[labels] = _log_shares(model, inputs).sum(axis=1)
    one = {labels[0] if len(labels) == 1 else labels: logs for labels, logs in found.items()}
    return pd.DataFrame(one if marks else {"text": found[()]}, index=list(data[split].ids))


def perplexity(model: MultiTaskModel, data: MultiTaskData, split: str = "test") -> pd.DataFrame:
    """Measure how surprised a language model is: by the text, by the labels, by both.

    Parameters
    ----------
    model, data, split
        As in `log_joint`.

    Returns
    -------
    pandas.DataFrame
        Rows ``"text"``, and if labels are given ``"labels"``, ``"text given labels"``,
        ``"labels given text"`` and ``"both"``. Columns: ``nats`` and ``tokens``, of a sentence on
        average, and ``perplexity``, exp(nats / tokens). The end counts as a token of the text, a
        mark as one of the labels; unknown tokens are not counted. For ``"text"`` alone,
        p(text) = Σ p(labels, text) over all labels. So it holds for nats, by the chain rule:
        both = labels + text given labels = text + labels given text.

    Raises
    ------
    TypeError, ValueError
        As in `log_joint`.

    Examples
    --------
    >>> from mtl_tutorial import build_model
    >>> rows = [{"text": "Good tea!", "mood": "good"}, {"text": "Bad tea.", "mood": "bad"}]
    >>> data = for_generation(MultiTaskData.from_rows({"train": rows}, {"mood": "sequence"}), ["mood"])
    >>> table = perplexity(build_model(data, units=4, embedding_dim=4), data, "train")
    >>> table["tokens"].to_dict()["both"]
    5.0
    """
    marks = labels_of(model)
    check_fit(model, data, split)
    inputs = data[split].inputs
    shares = _log_shares(model, inputs)
    counted = (next_tokens(inputs) != MISSING).sum(axis=1).mean() - len(marks)
    both, labels = shares.sum(axis=1), shares[:, : len(marks)].sum(axis=1)
    alone = np.logaddexp.reduce(log_joint(model, data, split).to_numpy(), axis=1)
    rows = {"text": (alone, counted)}
    if marks:
        rows |= {
            "labels": (labels, len(marks)),
            "text given labels": (both - labels, counted),
            "labels given text": (both - alone, len(marks)),
            "both": (both, counted + len(marks)),
        }
    table = {
        name: {"nats": -logs.mean(), "tokens": tokens, "perplexity": np.exp(-logs.mean() / tokens)}
        for name, (logs, tokens) in rows.items()
    }
    return pd.DataFrame(table).T


def labels_of(model: MultiTaskModel) -> dict[str, dict[str, int]]:
    """Look up which labels a model can be given: task → label → id of its mark, in their order."""
    tasks = instance("model", model, MultiTaskModel).tasks
    if not any(task.kind == "lm" for task in tasks.values()):
        raise ValueError(
            f"the model has no language model among its tasks, {listed(tasks)}; "
            "build one of what for_generation gives"
        )
    if BEGIN not in model.vocabulary.tokens:
        raise ValueError(
            "the model's sentences had no marks of begin and end; build it of what for_generation gives"
        )
    found: dict[str, dict[str, int]] = {}
    for i, token in enumerate(model.vocabulary.tokens):
        if mark := label_in(token):
            task, label = mark
            found.setdefault(task, {})[label] = i
    return found


def _rows_wanted(marks: Mapping[str, Mapping[str, int]], wanted: Any) -> list[tuple[int, ...]]:
    """Ids of the marks, for every choice of labels that has the wanted ones."""
    given = mapping("wanted", {} if wanted is None else wanted, "task → label")
    for name, label in given.items():
        if name not in marks:
            raise ValueError(f"wanted: the model's marks name {listed(marks)}, not {name!r}")
        if text(f"wanted[{name!r}]", label) not in marks[name]:
            raise ValueError(
                f"wanted: {name!r} has the labels {listed(marks[name])}, not {label!r}"
            )
    choices = ([own[given[name]]] if name in given else own.values() for name, own in marks.items())
    return list(product(*choices))


def _known(name: str, given: Any, vocabulary: Vocabulary) -> list[int]:
    """Ids of the tokens of a beginning, all of which the model knows."""
    tokens = cut(text(name, given), vocabulary).tokens
    unknown = [t for t in dict.fromkeys(tokens) if is_mark(t) or vocabulary.id_of(t) == UNK]
    if unknown:
        raise ValueError(f"{name} has words that the model does not know: {listed(unknown)}")
    return [vocabulary.id_of(token) for token in tokens]


@tf.function(reduce_retracing=True, autograph=False)
def _logits(model: MultiTaskModel, ids: Any) -> Any:
    """Logits of the next token, float32 [rows, time, vocabulary]."""
    (name,) = (task.name for task in model.tasks.values() if task.kind == "lm")
    return model(ids, training=False)[name]


def _log_shares(model: MultiTaskModel, inputs: np.ndarray) -> np.ndarray:
    """log p of each token after the first given those before it, float [rows, time - 1]; 0 where it does not count."""
    targets = next_tokens(inputs)[:, :-1]
    found = np.zeros(targets.shape)
    for first in range(0, len(inputs), _AT_ONCE):
        rows = slice(first, first + _AT_ONCE)
        longest = int((inputs[rows] != PAD).sum(axis=1).max()) - 1
        y = targets[rows, :longest]
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
            np.maximum(y, 0), _logits(model, tf.constant(inputs[rows, :longest]))
        )
        found[rows, :longest] = np.where(y == MISSING, 0.0, -losses.numpy())
    return found

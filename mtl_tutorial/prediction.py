"""Raw sentences in, every task's answer out: `predict` and `entities` as tables, `probabilities` as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from mtl_tutorial.arguments import instance, shown
from mtl_tutorial.cutting import Sentence, cut
from mtl_tutorial.evaluation import SOON, best_answers
from mtl_tutorial.model import MultiTaskModel
from mtl_tutorial.schemes import spans
from mtl_tutorial.startup import tf
from mtl_tutorial.tasks import Task

Texts = str | Iterable[str] | Iterable[Sequence[str]]

AT_ONCE = 128
"""Sentences that the model is asked about at once."""


class Answer(NamedTuple):
    """What a model says of one sentence and task.

    Attributes
    ----------
    ids
        Its answer: the label's id, int32 [], or each token's, int32 [tokens].
    shares
        How probable it holds every label, float32 [labels] or [tokens, labels].
    """

    ids: np.ndarray
    shares: np.ndarray


def predict(model: MultiTaskModel, texts: Texts) -> pd.DataFrame:
    """Every task's answer to raw sentences, Chinese or English.

    Text is cut into tokens and spelled as the training data were, as far as the model's vocabulary
    tells: see `cutting.cut`.

    Parameters
    ----------
    model
        From `build_model` or `load_model`.
    texts
        A sentence; or several, in a list, a pandas Series or an array: each a text or a list of
        tokens.

    Returns
    -------
    pandas.DataFrame
        One row a sentence: ``text``; for a sequence task its label under the task's name and the
        label's probability under ``<task> p``; for a task that marks spans the entities found, as
        ``"Ana Weber/PER, Ulm/LOC"``, and the lowest probability of the tags they rest on (of all
        tags if none was found); for another token task ``token/label`` pairs; for a language
        model the most likely next token. The labels of token tasks are the best sequence, as
        `answers` gives it. `entities` says where the entities stand.

    Raises
    ------
    ValueError
        If there is no sentence, or one without any token.
    TypeError
        If `texts` is something else, such as a data frame or a path, or a sentence is.

    Examples
    --------
    >>> from mtl_tutorial import MultiTaskData, build_model
    >>> rows = [{"text": "Good tea!", "mood": "good"}, {"text": "Bad tea.", "mood": "bad"}]
    >>> data = MultiTaskData.from_rows({"train": rows}, {"mood": "sequence"})
    >>> model = build_model(data, units=4, embedding_dim=4)
    >>> list(predict(model, ["Good tea.", ["Bad", "tea"]])["text"])
    ['Good tea.', 'Bad tea']
    """
    sentences = _sentences(model, texts)
    columns: dict[str, list] = {"text": [sentence.text for sentence in sentences]}
    for name in model.tasks:
        columns |= {name: [], f"{name} p": []}
    for sentence, found in zip(sentences, ask(model, sentences), strict=True):
        for name, answer in found.items():
            words, sure = read_answer(model.tasks[name], model, sentence, answer)
            columns[name].append(words)
            columns[f"{name} p"].append(sure)
    return pd.DataFrame(columns)


def entities(model: MultiTaskModel, texts: Texts) -> pd.DataFrame:
    """Where the entities stand that `predict` finds.

    Parameters
    ----------
    model, texts
        As in `predict`.

    Returns
    -------
    pandas.DataFrame
        One row an entity: ``sentence`` (from 0), ``task``, ``entity`` (its type), ``text``;
        ``start`` and ``end``, its characters in the sentence, ``first`` and ``beyond``, its tokens,
        both from 0 and without the last; ``p``, the lowest probability of its tags.

    Raises
    ------
    ValueError, TypeError
        As in `predict`; also if no task of the model marks spans.
    """
    sentences = _sentences(model, texts)
    marking = [name for name, task in model.tasks.items() if task.scheme]
    if not marking:
        raise ValueError(f"no task of the model marks spans; it has {list(model.tasks)}")
    rows = []
    for i, (sentence, found) in enumerate(zip(sentences, ask(model, sentences), strict=True)):
        for name in marking:
            for first, beyond, kind, sure in read_spans(model.tasks[name], found[name]):
                start, end = _place(sentence, first, beyond)
                text = sentence.text[start:end]
                rows.append((i, name, kind, text, start, end, first, beyond, sure))
    columns = ["sentence", "task", "entity", "text", "start", "end", "first", "beyond", "p"]
    return pd.DataFrame(rows, columns=columns)


def ask(model: MultiTaskModel, sentences: Sequence[Sentence]) -> Iterator[dict[str, Answer]]:
    """Task → its answer, for one sentence after another."""
    for start in tqdm(range(0, len(sentences), AT_ONCE), leave=False, delay=SOON):
        part = sentences[start : start + AT_ONCE]
        inputs = model.vocabulary.encode([sentence.tokens for sentence in part])
        logits = model(tf.constant(inputs), training=False)
        shares = {t: p.numpy() for t, p in model.probabilities(inputs, logits).items()}
        ids = {
            task: best_answers(model, task, given.numpy(), inputs)
            if model.decoded(task)
            else shares[task].argmax(axis=-1).astype("int32")
            for task, given in logits.items()
        }
        for i, sentence in enumerate(part):
            here = {
                name: i if task.kind == "sequence" else (i, slice(len(sentence.tokens)))
                for name, task in model.tasks.items()
            }
            yield {task: Answer(ids[task][at], shares[task][at]) for task, at in here.items()}


def _sentences(model: MultiTaskModel, texts: Any) -> list[Sentence]:
    """The sentences as the model reads them, or a refusal."""
    vocabulary = instance("model", model, MultiTaskModel).vocabulary
    wanted = "texts must be a sentence or a list of sentences, each a text or a list of tokens"
    if isinstance(texts, pd.DataFrame):
        raise TypeError(f"{wanted}; of a DataFrame give one column, such as frame['text']")
    if isinstance(texts, bytes | dict | set | frozenset | PurePath) or not isinstance(
        texts, Iterable
    ):
        raise TypeError(f"{wanted}, not {shown(texts)}")
    sentences = []
    several = [texts] if isinstance(texts, str) else texts
    for i, given in enumerate(t.tolist() if isinstance(t, np.ndarray) else t for t in several):
        if not isinstance(given, str | list | tuple):
            raise TypeError(f"{wanted}; sentence {i} is {shown(given)}")
        sentence = cut(given, vocabulary, f"sentence {i}")
        if not all(sentence.tokens or [""]):
            raise ValueError(f"no token in sentence {i}, {shown(given)}")
        sentences.append(sentence)
    if not sentences:
        raise ValueError("give at least one sentence")
    return sentences


def probabilities(
    model: MultiTaskModel, sentences: Sequence[Sequence[str]]
) -> dict[str, np.ndarray]:
    """Compute the probability that the model gives to every label of every task.

    Parameters
    ----------
    model
        From `build_model` or `load_model`.
    sentences
        Sentences as lists of tokens, such as `tokenize` gives.

    Returns
    -------
    dict
        Task → shares that add up to 1 along the last axis: float32 [sentences, labels] for a
        sequence task, [sentences, longest, labels] for a token task or language model. What stands
        beyond a sentence's last token means nothing.

    Raises
    ------
    TypeError, ValueError
        If they are no lists of tokens; if there is no token.
    """
    ids = instance("model", model, MultiTaskModel).vocabulary.encode(sentences)
    if not ids.size:
        raise ValueError("sentences must hold at least one token")
    found = model.probabilities(tf.constant(ids))
    return {task: shares.numpy() for task, shares in found.items()}


def leave_one_out(model: MultiTaskModel, text: str) -> pd.DataFrame:
    """Measure which tokens of a sentence every task's answer depends on.

    Each token in turn is left out, and the model asked again (erasure: Li, Monroe & Jurafsky 2016,
    arXiv:1612.08220).

    Parameters
    ----------
    model
        From `build_model` or `load_model`.
    text
        The sentence.

    Returns
    -------
    pandas.DataFrame
        One row a token: ``token``, and for each sequence task by how much the probability of its
        answer falls without that token; below 0 where the token spoke against the answer.

    Raises
    ------
    ValueError
        If the sentence has fewer than two tokens.
    """
    (sentence,) = _sentences(model, [text])
    tokens = list(sentence.tokens)
    if len(tokens) < 2:
        raise ValueError(f"leaving one out takes a sentence of two tokens or more, not {text!r}")
    shorter = [tokens[:i] + tokens[i + 1 :] for i in range(len(tokens))]
    whole, without = probabilities(model, [tokens]), probabilities(model, shorter)
    sequence = [name for name, task in model.tasks.items() if task.kind == "sequence"]
    best = {name: whole[name][0].argmax() for name in sequence}
    falls = {name: whole[name][0, i] - without[name][:, i] for name, i in best.items()}
    return pd.DataFrame({"token": tokens, **falls})


def read_answer(
    task: Task, model: MultiTaskModel, sentence: Sentence, answer: Answer
) -> tuple[str, float]:
    """Put one task's answer to one sentence into words, with its probability.

    `predict` explains answers and their probabilities.
    """
    ids, shares = answer
    if task.kind == "sequence":
        return task.labels[ids], float(shares[ids])
    sure = np.take_along_axis(shares, ids[:, None], axis=-1)[:, 0]  # [tokens]
    if task.kind == "lm":
        return model.vocabulary.tokens[ids[-1]], float(sure[-1])
    if not task.scheme:
        pairs = zip(sentence.tokens, (task.labels[i] for i in ids), strict=True)
        return " ".join(map("/".join, pairs)), float(sure.min())
    found = read_spans(task, answer)
    words = [
        "/".join(filter(None, (sentence.text[slice(*_place(sentence, first, beyond))], kind)))
        for first, beyond, kind, _ in found
    ]
    return ", ".join(words), min((low for *_, low in found), default=float(sure.min()))


def read_spans(task: Task, answer: Answer) -> list[tuple[int, int, str, float]]:
    """First token, the one beyond the last, type, and lowest probability of every entity."""
    sure = np.take_along_axis(answer.shares, answer.ids[:, None], axis=-1)[:, 0]
    found = spans([task.labels[i] for i in answer.ids], str(task.scheme))
    return [(first, beyond, kind, float(sure[first:beyond].min())) for first, beyond, kind in found]


def _place(sentence: Sentence, first: int, beyond: int) -> tuple[int, int]:
    """Where a span of tokens begins and ends in the text."""
    return sentence.places[first][0], sentence.places[beyond - 1][1]

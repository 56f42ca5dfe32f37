"""Raw sentences in, every task's answer out: `predict` as a readable table, `probabilities` as arrays."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mtl_tutorial.model import MultiTaskModel
from mtl_tutorial.scoring import spans
from mtl_tutorial.startup import tf
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import join_tokens, tokenize


def predict(model: MultiTaskModel, texts: str | Sequence[str]) -> pd.DataFrame:
    """Every task's answer to raw sentences, Chinese or English.

    Parameters
    ----------
    model
        From `build_model` or `load_model`.
    texts
        A sentence or several.

    Returns
    -------
    pandas.DataFrame
        One row a sentence: ``text``; for a sequence task its label under the task's name and the
        label's probability under ``<task> p``; for a BIO task the entities found, as
        ``"Ana Weber/PER, Ulm/LOC"``, and the lowest probability of the tags they rest on (of all
        tags if none was found); for another token task ``token/label`` pairs; for a language
        model the most likely next token.

    Raises
    ------
    ValueError
        If there is no sentence, or one without any token.
    TypeError
        If a sentence is not a string.
    """
    texts = [texts] if isinstance(texts, str) else list(texts)
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"sentences must be strings, not {type(text).__name__}: {text!r}")
    tokens = [tokenize(text) for text in texts]
    if not tokens or not all(tokens):
        empty = next((text for text, found in zip(texts, tokens, strict=True) if not found), None)
        raise ValueError(
            "give at least one sentence" if empty is None else f"no token in sentence {empty!r}"
        )
    columns: dict[str, list] = {"text": texts}
    for name, found in probabilities(model, tokens).items():
        task = model.tasks[name]
        pairs = [read_answer(task, model, *both) for both in zip(tokens, found, strict=True)]
        columns[name], columns[f"{name} p"] = map(list, zip(*pairs, strict=True))
    return pd.DataFrame(columns)


def probabilities(
    model: MultiTaskModel, sentences: Sequence[Sequence[str]]
) -> dict[str, np.ndarray]:
    """How probable the model holds every label of every task.

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
    """
    found = model.probabilities(tf.constant(model.vocabulary.encode(sentences)))
    return {task: shares.numpy() for task, shares in found.items()}


def leave_one_out(model: MultiTaskModel, text: str) -> pd.DataFrame:
    """On which tokens of a sentence every task's answer hangs.

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
    tokens = tokenize(text)
    if len(tokens) < 2:
        raise ValueError(f"leaving one out takes a sentence of two tokens or more, not {text!r}")
    shorter = [tokens[:i] + tokens[i + 1 :] for i in range(len(tokens))]
    whole, without = probabilities(model, [tokens]), probabilities(model, shorter)
    sequence = [name for name, task in model.tasks.items() if task.kind == "sequence"]
    best = {name: whole[name][0].argmax() for name in sequence}
    falls = {name: whole[name][0, i] - without[name][:, i] for name, i in best.items()}
    return pd.DataFrame({"token": tokens, **falls})


def read_answer(
    task: Task, model: MultiTaskModel, tokens: Sequence[str], found: np.ndarray
) -> tuple[str, float]:
    """One task's answer to one sentence in words, and how probable the model holds it.

    `found` is the sentence's part of what `probabilities` gives; what a task's answer and its
    probability are stands at `predict`.
    """
    if task.kind == "sequence":
        best = int(found.argmax())
        return task.labels[best], float(found[best])
    found = found[: len(tokens)]  # [tokens, labels]
    best, sure = found.argmax(axis=-1), found.max(axis=-1)
    if task.kind == "lm":
        return model.vocabulary.tokens[best[-1]], float(sure[-1])
    tags = [task.labels[i] for i in best]
    if not task.is_bio:
        return " ".join(map("/".join, zip(tokens, tags, strict=True))), float(sure.min())
    entities = spans(tags)
    words = ", ".join(f"{join_tokens(tokens[i:end])}/{entity}" for i, end, entity in entities)
    rests_on = [sure[start:end].min() for start, end, _ in entities] or [sure.min()]
    return words, float(min(rests_on))

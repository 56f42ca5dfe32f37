"""`predict`: raw sentences in, every task's answer in a readable table out."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mtl_tutorial.model import MultiTaskModel
from mtl_tutorial.scoring import spans
from mtl_tutorial.startup import keras, tf
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
    logits = model(tf.constant(model.vocabulary.encode(tokens)), training=False)
    columns: dict[str, list] = {"text": texts}
    for name, task in model.tasks.items():
        probabilities = keras.ops.convert_to_numpy(keras.ops.softmax(logits[name], axis=-1))
        pairs = [_read(task, model, *both) for both in zip(tokens, probabilities, strict=True)]
        columns[name], columns[f"{name} p"] = map(list, zip(*pairs, strict=True))
    return pd.DataFrame(columns)


def _read(
    task: Task, model: MultiTaskModel, tokens: list[str], probabilities: np.ndarray
) -> tuple[str, float]:
    """One task's answer to one sentence in words, and how probable the model holds it."""
    if task.kind == "sequence":
        best = int(probabilities.argmax())
        return task.labels[best], float(probabilities[best])
    probabilities = probabilities[: len(tokens)]  # [tokens, labels]
    best, sure = probabilities.argmax(axis=-1), probabilities.max(axis=-1)
    if task.kind == "lm":
        return model.vocabulary.tokens[best[-1]], float(sure[-1])
    tags = [task.labels[i] for i in best]
    if not task.is_bio:
        return " ".join(map("/".join, zip(tokens, tags, strict=True))), float(sure.min())
    found = spans(tags)
    words = ", ".join(f"{join_tokens(tokens[start:end])}/{entity}" for start, end, entity in found)
    rests_on = [sure[start:end].min() for start, end, _ in found] or [sure.min()]
    return words, float(min(rests_on))

"""`evaluate`: loss and score of every task on a split; `answers`: the labels that a model gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from mtl_tutorial.arguments import instance, listed, text
from mtl_tutorial.data import MultiTaskData, Split
from mtl_tutorial.decoding import decode
from mtl_tutorial.model import MultiTaskModel
from mtl_tutorial.scoring import overall_f1, score, sentences_right
from mtl_tutorial.startup import tf
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import PAD

SOON = 2
"""Seconds before a bar is shown."""


def evaluate(model: MultiTaskModel, data: MultiTaskData, split: str = "test") -> pd.DataFrame:
    """Loss and score of every task on one split, over labeled examples only.

    The labels of a token task are judged as `answers` gives them: each sentence's best sequence.

    Parameters
    ----------
    model
        From `build_model` or `load_model`.
    data
        Must have the model's tasks and vocabulary.
    split
        Which split of `data`.

    Returns
    -------
    pandas.DataFrame
        Indexed by task and metric; columns ``value`` and ``sentences``, the labeled ones counted.
        Of each task there is its ``"loss"``, in nats a label, and its `Task.score`; NaN if it has
        no label there. Of tasks together, named as in ``"intent+slots"``, there is
        ``"sentences"``: the share of sentences in which every label of every task is right, among
        those labeled for all (not of a sequence task alone, whose accuracy it is, nor of language
        models); and ``"f1 of all"``: the F1 over the entities of all tasks that mark spans.

    Raises
    ------
    ValueError
        If data and model do not fit.

    Examples
    --------
    >>> from mtl_tutorial.model import build_model
    >>> rows = [{"text": "Good tea!", "mood": "good"}, {"text": "Bad tea."}]
    >>> data = MultiTaskData.from_rows({"train": rows, "test": rows}, {"mood": "sequence"})
    >>> table = evaluate(build_model(data, units=4, embedding_dim=4), data)
    >>> table["sentences"].to_dict()
    {('mood', 'loss'): 1, ('mood', 'accuracy'): 1}
    """
    check_fit(model, data, text("split", split))
    answered = _answer(model, data[split], progress=True)
    rows = [
        (task, metric, value, int(data[split].labeled(task).sum()))
        for task, metric, value in _scores(model, data[split], answered)
    ]
    tasks = [task for name, task in data.tasks.items() if name in model.tasks]
    rows += _together(tasks, data[split], {task: found for task, (*_, found) in answered.items()})
    columns = ["task", "metric", "value", "sentences"]
    return pd.DataFrame(rows, columns=columns).set_index(["task", "metric"])


def _together(
    tasks: Sequence[Task], split: Split, found: Mapping[str, np.ndarray]
) -> list[tuple[str, str, float, int]]:
    """(tasks, metric, value, sentences) of what is counted over several tasks."""
    rows = []
    labeling = [task for task in tasks if task.kind != "lm"]
    if len(labeling) > 1 or any(task.kind == "token" for task in labeling):
        names = [task.name for task in labeling]
        right = sentences_right({name: split.targets[name] for name in names}, found)
        here = np.all([split.labeled(name) for name in names], axis=0)
        value = float(right[here].mean()) if here.any() else float("nan")
        rows.append(("+".join(names), "sentences", value, int(here.sum())))
    marking = [task for task in tasks if task.scheme]
    if marking:
        here = split.labeled_for_any([task.name for task in marking])
        value = overall_f1(marking, split.targets, found) if here.any() else float("nan")
        name = "+".join(task.name for task in marking)
        rows.append((name, "f1 of all", value, int(here.sum())))
    return rows


def answers(
    model: MultiTaskModel, data: MultiTaskData | Split, split: str = "test"
) -> dict[str, np.ndarray]:
    """Every task's answers to the sentences of a split, as label ids.

    Those of a token task are each sentence's best sequence: the most probable one that the rules of
    its tags allow, or with a CRF the one with the highest score. Scores are counted on these.

    Parameters
    ----------
    model
        From `build_model` or `load_model`.
    data
        Must have the model's tasks and vocabulary; or one split, such as ``data["test"]``.
    split
        Which split of `data`.

    Returns
    -------
    dict
        Task → int32 [sentences] or, of a token task or language model, [sentences, longest]; what
        stands beyond a sentence's last token means nothing.

    Raises
    ------
    ValueError
        If data and model do not fit.

    Examples
    --------
    >>> from mtl_tutorial.model import build_model
    >>> rows = [{"text": "Good tea!", "product": "O B-TEA O"}]
    >>> data = MultiTaskData.from_rows({"train": rows, "test": rows}, {"product": "token"})
    >>> answers(build_model(data, units=4, embedding_dim=4), data)["product"].shape
    (1, 3)
    """
    if isinstance(data, Split):
        instance("model", model, MultiTaskModel)
    else:
        check_fit(model, data, text("split", split))
        data = data[split]
    return {task: found for task, (_, _, found) in _answer(model, data, progress=True).items()}


def check_fit(model: MultiTaskModel, data: MultiTaskData, split: str | None) -> None:
    """Raise a `ValueError` unless the data have the model's tasks, its vocabulary, and this split."""
    instance("model", model, MultiTaskModel)
    instance("data", data, MultiTaskData)
    if model.vocabulary != data.vocabulary:
        raise ValueError("the model was built for other data: its vocabulary is a different one")
    for name, task in model.tasks.items():
        if data.tasks.get(name) != task:
            raise ValueError(
                f"the data's task {name!r} is {data.tasks.get(name)}, but the model's is {task}"
            )
    if split is not None and text("split", split) not in data.splits:
        raise ValueError(
            f"no split {split!r}; these data have {listed(data.splits)}; name one of these, or, "
            f"before training, draw one: data = data.joined(hold_out={{{split!r}: 0.1}})"
        )


def _chunks(split: Split, size: int = 256) -> Iterator[tuple[np.ndarray, int]]:
    """Row numbers of sentences of like length, and how long the longest of them is."""
    lengths = (split.inputs != PAD).sum(axis=1)
    order = lengths.argsort(kind="stable")
    for start in range(0, len(split), size):
        rows = order[start : start + size]
        yield rows, max(1, int(lengths[rows[-1]]))


def _answer(
    model: MultiTaskModel, split: Split, progress: bool = False
) -> dict[str, tuple[float, float, np.ndarray]]:
    """Task → summed loss, labels present, answers; a bar if `progress` and it takes long."""
    losses, labels = dict.fromkeys(model.tasks, 0.0), dict.fromkeys(model.tasks, 0.0)
    found = {task: np.zeros(split.targets[task].shape, np.int32) for task in model.tasks}
    # Traced once, for any number of sentences of any length; else the first three chunks trace.
    model.losses_and_answers.get_concrete_function(
        _any_size(split.inputs), {task: _any_size(split.targets[task]) for task in model.tasks}
    )
    chunks = list(_chunks(split))
    for rows, longest in tqdm(chunks, disable=not progress, leave=False, delay=SOON):
        inputs = split.inputs[rows, :longest]
        targets = {task: split.targets[task][rows, ...] for task in model.tasks}
        given = {
            task: tf.constant(y if y.ndim == 1 else y[:, :longest]) for task, y in targets.items()
        }
        for task, part in model.losses_and_answers(tf.constant(inputs), given).items():
            losses[task] += float(part[0])
            labels[task] += float(part[1])
            by = part[2].numpy()
            by = best_answers(model, task, by, inputs) if by.ndim == 3 else by
            found[task][(rows, slice(longest))[: by.ndim]] = by
    return {task: (losses[task], labels[task], found[task]) for task in model.tasks}


def _any_size(array: np.ndarray) -> tf.TensorSpec:
    return tf.TensorSpec([None] * array.ndim, array.dtype)


def best_answers(
    model: MultiTaskModel, task: str, logits: np.ndarray, inputs: np.ndarray
) -> np.ndarray:
    """Label ids of a token task, int32 [sentences, time], from its logits and the tokens' ids."""
    learned = model.transitions(task)
    between = None if learned is None else learned.numpy()
    return decode(model.tasks[task], logits, between, (inputs != PAD).sum(axis=1))


def measure(model: MultiTaskModel, split: Split) -> list[tuple[str, str, float]]:
    """(task, metric, value) of every task's loss and score on a split."""
    return _scores(model, split, _answer(model, split))


def _scores(
    model: MultiTaskModel, split: Split, answered: Mapping[str, tuple[float, float, np.ndarray]]
) -> list[tuple[str, str, float]]:
    measured = []
    for name, (loss, labels, found) in answered.items():
        task = model.tasks[name]
        measured.append((name, "loss", loss / labels if labels else float("nan")))
        measured.append((name, task.score, score(task, split.targets[name], found)))
    return measured

"""Lesson 03: what its prose says of results, and answers that learners may give."""

from functools import cache

import numpy as np

from mtl_tutorial.sharing import SharingPlan

SECONDS = 90
GIGABYTES = 0.8

CLAIMS = """
assert len(few) == 60 and len(known) == 2000 and set(few) <= set(known)
assert (sentences.targets["person"][known] != -1).sum() == 60
assert data.tasks["person"].labels[0] == "family"
assert 0.15 < max(np.bincount(data["valid"].targets["person"])) / 1000 < 0.2
assert 0.22 < max(np.bincount(data["valid"].targets["relation"])) / 1000 < 0.28
assert list(shared_layers.index) == names[:5] and len(names) == 9
assert shared_layers[columns[2]].max() < 1e-5 and abs(shared_layers["cosine"].iloc[0]) < 0.3
assert [type(g).__name__ for g in gradients["person"]].count("NoneType") == 2
learned = accuracy(hand, data["valid"])
assert learned["person"] > 0.3 > untrained["person"] and learned["relation"] > 0.5 > untrained["relation"]
assert all(np.abs(ours[task] - its[task]).max() < 1e-6 for task in ours)
assert build_model(data, split, **SIZE).count_params() == split_top(data).count_params()
assert len(inspect.getsource(walk).split('\"\"\"')[-1].strip().splitlines()) == 8
saved = (built["separate"].count_params() - built["shared"].count_params()) * 4 * 4 / 1e6
assert 0.93 < saved < 1 if LANGUAGE == "en" else 0.67 < saved < 0.73
assert 0.5 < parameters < 0.52 and 1.3 < best["separate"] / best["shared"] < 4
spread_of = five.std()
assert ((live.final("valid") - five.mean()).abs() < 4 * spread_of).all(), (live.final("valid"), five)
test = {task: by_seed(task, alone=alone[task], shared=shared, muted=muted, quiet=quiet) for task in plan.tasks}
person, relation = test["person"], test["relation"]
def points(scores, after, before):
    difference = scores[after] - scores[before]
    return difference.mean(), difference
assert len(person) == 5 and 18 < points(person, "shared", "alone")[0] < 26
assert in_words(person["shared"] / 100, person["alone"] / 100).startswith("gains")
loss = points(relation, "shared", "alone")
assert (loss[1] < 0).all() and (-4 < loss[0] < -2 if LANGUAGE == "en" else -15 < loss[0] < -10)
assert in_words(relation["shared"] / 100, relation["alone"] / 100).startswith("no" if LANGUAGE == "en" else "loses")
assert in_words(person["muted"] / 100, person["alone"] / 100).startswith("no") and points(person, "muted", "alone")[0] > 0
taught = points(person, "shared", "muted")
assert (taught[1] > 0).all() and 15 < taught[0] < 19 and taught[0] > 0.6 * points(person, "shared", "alone")[0]
assert in_words(person["shared"] / 100, person["muted"] / 100).startswith("no" if LANGUAGE == "en" else "gains")
assert in_words(person["quiet"] / 100, person["alone"] / 100).startswith("gains")
assert points(person, "quiet", "alone")[0] > 0.6 * points(person, "shared", "alone")[0]
assert abs(points(relation, "quiet", "alone")[0]) < 1.5
assert min(run.curve("person", split="train")[1] for run in alone["person"]) > 0.97
assert len(plan.levels) == 3 and plan.levels == split.levels == ("embedding", "encoder_1", "encoder_2")
by_labels = gains.groupby("labels").mean()
def sign(words):
    return words.startswith(("gains", "提高")) - words.startswith(("loses", "下降"))
said = {(n, partner): sign(verdicts["+ " + partner][n]) for n in (60, 200, 600, 6000) for partner in partners}
assert [*verdicts["+ ner"]] == [60, 200, 600, 6000] and [*verdicts] == ["+ relation", "+ ner", "+ sentiment"]
dear = {} if LANGUAGE == "en" else {(60, "sentiment"): -1, **{(6000, partner): -1 for partner in partners}}
assert {place: found for place, found in said.items() if found} == {(60, "relation"): 1, **dear}
assert (gains.loc[60]["sentiment"] < 0).all() and (-10 if LANGUAGE == "en" else -9) < by_labels.loc[60, "sentiment"] < -8
assert (gains.loc[200]["sentiment"] < 0).all() == (LANGUAGE == "en")
assert LANGUAGE == "en" or ((-2.5 < by_labels.loc[6000]) & (by_labels.loc[6000] < -0.85)).all()
assert by_labels.loc[60, "relation"] > 20 and by_labels.loc[60, "sentiment"] < -7
assert by_labels.loc[200, "relation"] < (1 if LANGUAGE == "en" else 0.45 * by_labels.loc[60, "relation"])
assert (by_labels.loc[[600, 6000], "relation"] < 0).all()
assert by_labels["ner"].min() < -1 and by_labels["ner"].max() > 1
harmed = person["muted"] - by_seed("person", sentiment=unrelated)["sentiment"]
assert (harmed > 0).all() and harmed.mean() > 10 and harmed.mean() > 2 * harmed.std()
assert (by_seed("person", sentiment=unrelated)["sentiment"] < person["alone"]).all()
beside_sentiment = by_seed("person", sentiment=unrelated)["sentiment"] / 100
assert sign(in_words(beside_sentiment, person["alone"] / 100, LANGUAGE)) == (0 if LANGUAGE == "en" else -1)
assert sign(in_words(beside_sentiment, person["muted"] / 100, LANGUAGE)) == -1
assert starts["words"].min() > starts["random"].max() and starts["words"].mean() > starts["trunk"].mean()
assert starts["words"].mean() > five["person"].mean()
"""

# -- wrong answers


def divides_by_all(losses, labels):
    return np.where(labels != -1, losses, 0).mean()


def multiplies(losses, labels):
    present = labels != -1
    return (losses * present).sum() / max(present.sum(), 1)


def not_a_number_without_labels(losses, labels):
    return losses[labels != -1].sum() / np.float64((labels != -1).sum())


def zero_is_missing(losses, labels):
    return losses[labels > 0].mean() if (labels > 0).any() else 0.0


def missing_counts(losses, labels):
    return losses.mean()


def row_by_row(losses, labels):
    present = labels != -1
    sums, counts = np.where(present, losses, 0).sum(0), present.sum(0)
    return (sums / np.maximum(counts, 1)).sum() / max((counts > 0).sum(), 1)


def the_sum(losses, labels):
    return losses[labels != -1].sum()


def _parts(data):
    from mtl_tutorial.startup import keras

    layers, ops = keras.layers, keras.ops
    tokens = keras.Input((None,), dtype="int32")
    real = ops.cast(tokens != 0, "float32")[..., None]

    def words():
        return layers.Embedding(len(data.vocabulary), 32)(tokens)

    def convolve(x):
        return layers.Conv1D(32, 3, padding="same", activation="relu")(x * real)

    def head(x, task):
        return layers.Dense(len(task.labels))(ops.max(x * real, axis=1))

    return keras, tokens, real, words, convolve, head


def all_shared(data):
    keras, tokens, _, words, convolve, head = _parts(data)
    x = convolve(convolve(words()))
    return keras.Model(tokens, {t: head(x, task) for t, task in data.tasks.items()})


def two_trunks(data):
    keras, tokens, _, words, convolve, head = _parts(data)
    return keras.Model(
        tokens, {t: head(convolve(convolve(words())), task) for t, task in data.tasks.items()}
    )


def only_the_words(data):
    keras, tokens, _, words, convolve, head = _parts(data)
    x = words()
    return keras.Model(
        tokens, {t: head(convolve(convolve(x)), task) for t, task in data.tasks.items()}
    )


def one_layer_used_twice(data):
    keras, tokens, real, words, convolve, head = _parts(data)
    x, top = convolve(words()), keras.layers.Conv1D(32, 3, padding="same", activation="relu")
    return keras.Model(tokens, {t: head(top(x * real), task) for t, task in data.tasks.items()})


def upside_down(data):
    keras, tokens, real, words, convolve, head = _parts(data)
    x, top = words(), keras.layers.Conv1D(32, 3, padding="same", activation="relu")
    return keras.Model(
        tokens, {t: head(top(convolve(x) * real), task) for t, task in data.tasks.items()}
    )


def only_person_apart(data):
    keras, tokens, _, words, convolve, head = _parts(data)
    x = convolve(words())
    shared = convolve(x)
    tops = {"person": convolve(x), "relation": shared}
    return keras.Model(tokens, {t: head(tops[t], task) for t, task in data.tasks.items()})


def a_list_of_answers(data):
    keras, tokens, _, words, convolve, head = _parts(data)
    x = convolve(words())
    return keras.Model(tokens, [head(convolve(x), task) for task in data.tasks.values()])


def without_heads(data):
    keras, tokens, _, words, convolve, _ = _parts(data)
    x = convolve(words())
    return keras.Model(tokens, {t: convolve(x) for t in data.tasks})


@cache
def _cells_above():
    """What the notebook's cells leave behind: parts of `hand`, made once and for other data."""
    from mtl_tutorial.startup import keras

    tokens = keras.Input((None,), dtype="int32")
    words = keras.layers.Embedding(500, 32)(tokens)
    return tokens, words, keras.layers.Conv1D(32, 3, padding="same", activation="relu")


def the_words_of_hand(data):
    keras, *_ = _parts(data)
    tokens, words, _ = _cells_above()
    real = keras.ops.cast(tokens != 0, "float32")[..., None]

    def convolve(x):
        return keras.layers.Conv1D(32, 3, padding="same", activation="relu")(x * real)

    def head(x, task):
        return keras.layers.Dense(len(task.labels))(keras.ops.max(x * real, axis=1))

    shared = convolve(words)
    return keras.Model(tokens, {t: head(convolve(shared), task) for t, task in data.tasks.items()})


def a_convolution_from_above(data):
    keras, tokens, real, words, convolve, head = _parts(data)
    *_, first = _cells_above()
    x = first(words() * real)
    return keras.Model(tokens, {t: head(convolve(x), task) for t, task in data.tasks.items()})


def two_embeddings(data):
    keras, tokens, _, words, convolve, head = _parts(data)
    x = convolve(words() + words())
    return keras.Model(tokens, {t: head(convolve(x), task) for t, task in data.tasks.items()})


def named_layers(data):
    """A right form: each layer is made first and called later."""
    keras, tokens, real, words, convolve, head = _parts(data)
    x = convolve(words())
    tops = {t: keras.layers.Conv1D(16, 5, padding="same", activation="relu") for t in data.tasks}
    return keras.Model(tokens, {t: head(tops[t](x * real), task) for t, task in data.tasks.items()})


_HARD = SharingPlan.hard(["person", "relation", "ner", "sentiment"])
_APART = _HARD.split("encoder_1", "sentiment").split("encoder_2", "sentiment")
_FOUR = _APART.split("encoder_2", "ner")

WRONG = {
    "masked_mean": [
        divides_by_all,
        multiplies,
        not_a_number_without_labels,
        zero_is_missing,
        missing_counts,
        row_by_row,
        the_sum,
        lambda losses, labels: losses[labels != -1],
        2.5,
    ],
    "split_top": [
        all_shared,
        two_trunks,
        only_the_words,
        one_layer_used_twice,
        upside_down,
        the_words_of_hand,
        a_convolution_from_above,
        two_embeddings,
        a_list_of_answers,
        without_heads,
        lambda data: data.tasks,
    ],
    "four": [
        _HARD,
        _APART,
        _HARD.split("encoder_2", "sentiment").split("encoder_2", "ner"),
        _APART.split("encoder_1", "ner").split("encoder_2", "ner"),
        _APART.leave("encoder_2", "ner"),
        _APART.split("embedding", "sentiment").split("encoder_2", "ner"),
        SharingPlan.separate(["person", "relation", "ner", "sentiment"]),
        SharingPlan.hard(["person", "relation"]),
        SharingPlan(dict(zip("abc", _FOUR.as_dict().values(), strict=True))),
        {"embedding": [["person", "relation", "ner", "sentiment"]]},
    ],
}
RIGHT = {
    "masked_mean": [
        lambda losses, labels: np.nanmean(np.where(labels == -1, np.nan, losses))
        if (labels != -1).any()
        else 0,
        lambda losses, labels: (
            np.where(labels != -1, losses, 0).sum() / max((labels != -1).sum(), 1)
        ),
    ],
    "split_top": [named_layers, only_person_apart],
    "four": [
        SharingPlan({
            "embedding": [["sentiment", "ner", "relation", "person"]],
            "encoder_1": [["sentiment"], ["ner", "relation", "person"]],
            "encoder_2": [["sentiment"], ["ner"], ["person", "relation"]],
        })
    ],
}  # fmt: skip

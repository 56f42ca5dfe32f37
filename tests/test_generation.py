"""Labels as tokens, sentences written for a wanted label, and perplexities that obey the chain rule."""

import re

import numpy as np
import pytest

from mtl_tutorial import MultiTaskData, Task, evaluate, load_model, tokenize
from mtl_tutorial.encoders import ENCODERS
from mtl_tutorial.generation import for_generation, generate, log_joint, perplexity
from mtl_tutorial.marks import BEGIN, END
from tests.tiny import quickly, small, tiny_data


@pytest.fixture(scope="module")
def data() -> MultiTaskData:
    return for_generation(tiny_data(), ["mood"])


@pytest.fixture(scope="module")
def model(data):
    """One that has learned: good sentences say good."""
    model = small(data, encoder="transformer", units=16, dropout=0.0)
    quickly(model, data, epochs=60, batch_size=16, validation=None)
    return model


@pytest.fixture(scope="module")
def of_two():
    data = for_generation(tiny_data(), ["mood", "person"])
    return small(data, encoder="transformer"), data


# -- marks


def test_marks_stand_in_front_and_the_end_behind(data):
    plain = tiny_data()
    for split in plain.splits:
        labels = [plain.tasks["mood"].labels[i] for i in plain[split].targets["mood"]]
        for label, words, marked in zip(
            labels, plain[split].tokens, data[split].tokens, strict=True
        ):
            assert marked == (BEGIN, f"<mood={label}>", *words, END)


def test_each_token_is_to_tell_the_next(data):
    inputs, targets = data["train"].inputs, data["train"].targets["lm"]
    assert (targets[:, :-1][inputs[:, 1:] > 1] == inputs[:, 1:][inputs[:, 1:] > 1]).all()
    assert data["train"].inputs.shape == (64, max(map(len, data["train"].tokens)))
    assert list(data.tasks) == ["lm"] and data.tasks["lm"].kind == "lm"


def test_unknown_tokens_stay_unknown_and_are_not_to_be_told():
    rows = [{"text": "good tea", "mood": "a"}, {"text": "good pie", "mood": "b"}]
    found = {"train": rows, "test": [{"text": "good cake", "mood": "a"}]}
    data = for_generation(MultiTaskData.from_rows(found, {"mood": "sequence"}), ["mood"])
    assert data["test"].inputs[0].tolist()[3] == 1
    assert data["test"].targets["lm"][0].tolist()[2] == -1


def test_sentences_without_a_label_are_left_out_but_not_from_text_alone():
    rows = [{"text": "good tea", "mood": "a"}, {"text": "the tea"}]
    data = MultiTaskData.from_rows({"train": rows}, {"mood": "sequence"})
    assert len(for_generation(data, ["mood"])["train"]) == 1
    assert for_generation(data, [])["train"].tokens[1] == (BEGIN, "the", "tea", END)


@pytest.mark.parametrize(
    "given, message",
    [
        (["mod"], r"given must be tasks that label sentences, \['mood', 'person'\], not 'mod'"),
        (["ner"], "not 'ner'"),
        ("mood", "given must be"),
    ],
)
def test_only_tasks_of_sentences_can_stand_in_front(given, message):
    with pytest.raises((TypeError, ValueError), match=message):
        for_generation(tiny_data(), given)


def test_what_has_marks_gets_no_others(data):
    with pytest.raises(ValueError, match=r"look like marks already: \['<begin>', '<end>'"):
        for_generation(data, [])


def test_a_split_without_labels_is_named():
    rows = [{"text": "tea", "mood": "a"}]
    found = {"train": rows, "valid": [{"text": "tea"}]}
    data = MultiTaskData.from_rows(found, {"mood": "sequence"})
    with pytest.raises(ValueError, match="split 'valid'"):
        for_generation(data, ["mood"])


# -- encoders, and who is told of the label


def moved(model, inputs, place: int, token: str) -> list[int]:
    """Places at which the logits change when another token is put at this place."""
    other = inputs.copy()
    other[0, place] = model.vocabulary.id_of(token)
    before, after = (model(ids, training=False)["lm"].numpy()[0] for ids in (inputs, other))
    return list(np.flatnonzero(np.abs(after - before).max(axis=-1)))


@pytest.fixture(scope="module")
def long(data) -> np.ndarray:
    """A bad sentence of nine tokens and its marks, without padding."""
    words = (BEGIN, "<mood=bad>", *["and"] * 6, "the", "boss", "bad", END)
    return np.array([[data.vocabulary.id_of(word) for word in words]], np.int32)


REACH = {"mlp": 1, "cnn": 5, "bilstm": 99, "transformer": 99}
"""Places at which a model of two levels knows of a token: its own and those behind it."""


@pytest.mark.parametrize("carry_marks", [False, True])
@pytest.mark.parametrize("encoder", ENCODERS)
def test_with_every_encoder_it_looks_back_and_never_ahead(data, long, encoder, carry_marks):
    model = small(data, encoder=encoder, carry_marks=carry_marks)
    assert moved(model, long, 3, "boss") == list(range(3, min(3 + REACH[encoder], 12)))
    nats = perplexity(model, data)["nats"]
    assert abs(nats["both"] - nats["labels"] - nats["text given labels"]) < 1e-5
    assert list(generate(model, {"mood": "good"}, n=3, start="the")["mood"]) == ["good"] * 3


@pytest.mark.parametrize("encoder", ENCODERS)
def test_a_carried_mark_reaches_every_place_behind_it(data, long, encoder):
    carrying, plain = (small(data, encoder=encoder, carry_marks=c) for c in (True, False))
    assert moved(carrying, long, 1, "<mood=good>") == list(range(1, 12))
    assert moved(plain, long, 1, "<mood=good>") == list(range(1, min(1 + REACH[encoder], 12)))
    assert carrying.count_params() == plain.count_params()


def test_even_an_mlp_obeys_that_is_told_of_the_label(data):
    model = small(data, encoder="mlp", units=16, dropout=0.0, carry_marks=True)
    quickly(model, data, epochs=60, batch_size=16, validation=None)
    for label in ("good", "bad"):
        found = generate(model, {"mood": label}, n=40, seed=1)["tokens"]
        assert np.mean([label in tokens for tokens in found]) > 0.8


def test_two_marks_are_carried_both(of_two):
    _, data = of_two
    model = small(data, encoder="mlp", carry_marks=True)
    inputs = data["test"].inputs[:1, : len(data["test"].tokens[0])]
    places = list(range(inputs.shape[1]))
    for place, (task, labels) in enumerate(
        {"mood": ("bad", "good"), "person": ("aunt", "boss")}.items(), 1
    ):
        now = data["test"].tokens[0][place]
        (other,) = {f"<{task}={label}>" for label in labels} - {now}
        assert moved(model, inputs, place, other) == places[place:]


def test_what_has_no_marks_carries_none():
    for plain in (tiny_data(("mood", "lm")), for_generation(tiny_data(), ())):
        with pytest.raises(ValueError, match="carry_marks: the data have no labels' marks"):
            small(plain, carry_marks=True)


def test_a_saved_model_carries_on(data, long, tmp_path):
    model = small(data, encoder="cnn", carry_marks=True)
    model.save(tmp_path / "model.keras")
    again = load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(again(long)["lm"], model(long)["lm"])
    assert moved(again, long, 1, "<mood=good>") == list(range(1, 12))


# -- the chain rule


def test_both_are_labels_and_then_text_or_text_and_then_labels(model, data, of_two):
    for some, own in ((model, data), of_two):
        nats = perplexity(some, own)["nats"]
        assert abs(nats["both"] - nats["labels"] - nats["text given labels"]) < 1e-5
        assert abs(nats["both"] - nats["text"] - nats["labels given text"]) < 1e-5


def test_the_joint_is_the_loss_of_the_task(model, data):
    found = perplexity(model, data).loc["both"]
    assert (
        abs(found["nats"] / found["tokens"] - evaluate(model, data)["value"]["lm", "loss"]) < 1e-5
    )
    assert np.isclose(found["perplexity"], np.exp(found["nats"] / found["tokens"]))


def test_text_alone_is_the_sum_over_labels_by_hand(of_two):
    model, data = of_two
    split, ids = data["test"], data.vocabulary.id_of
    total = 0.0
    for mood in ("bad", "good"):
        for person in ("aunt", "boss"):
            inputs = split.inputs[:1].copy()
            inputs[0, 1:3] = ids(f"<mood={mood}>"), ids(f"<person={person}>")
            shares = model.probabilities(inputs)["lm"].numpy()[0]
            real = [j for j in range(1, inputs.shape[1]) if inputs[0, j]]
            one = np.prod([shares[j - 1, inputs[0, j]] for j in real], dtype=float)
            assert np.isclose(np.log(one), log_joint(model, data)[mood, person].iloc[0], atol=1e-5)
            total += one
    alone = np.logaddexp.reduce(log_joint(model, data).to_numpy(), axis=1)
    assert np.isclose(alone[0], np.log(total), atol=1e-5)
    assert np.isclose(perplexity(model, data)["nats"]["text"], -alone.mean())


def test_text_alone_has_one_row():
    data = for_generation(tiny_data(), ())
    table = perplexity(small(data), data)
    assert list(table.index) == ["text"]
    assert np.isclose(
        table.loc["text", "tokens"], np.mean([len(t) - 1 for t in data["test"].tokens])
    )


def test_by_bayes_it_is_a_classifier(model, data):
    said = log_joint(model, data).to_numpy().argmax(axis=1)
    right = tiny_data()["test"].targets["mood"]
    assert (said == right).mean() > 0.9


# -- generating


def test_sentences_have_the_wanted_label_and_are_of_the_words(model, data):
    for label in ("good", "bad"):
        found = generate(model, {"mood": label}, n=40, seed=1)
        assert (found["mood"] == label).all() and len(found) == 40
        assert np.mean([label in tokens for tokens in found["tokens"]]) > 0.8
        assert {t for tokens in found["tokens"] for t in tokens} <= set(data.vocabulary.tokens[6:])


def test_one_seed_gives_the_same_sentences_and_another_others(model):
    first, again, other = (generate(model, n=8, seed=seed)["text"] for seed in (3, 3, 4))
    assert first.equals(again) and not first.equals(other)


def test_a_beginning_stays_and_tells_the_label(model):
    found = generate(model, n=60, start="the aunt good")
    assert all(text.startswith("the aunt good") for text in found["text"])
    assert (found["mood"] == "good").mean() > 0.8


def test_labels_are_drawn_as_often_as_the_model_holds_them_probable(of_two):
    model, data = of_two
    found = generate(model, {"person": "boss"}, n=400, max_length=1)
    ids = data.vocabulary.id_of
    joint = []
    for mood in ("bad", "good"):
        inputs = np.array([[ids(BEGIN), ids(f"<mood={mood}>"), ids("<person=boss>")]])
        shares = model.probabilities(inputs)["lm"].numpy()[0]
        joint.append(shares[0, inputs[0, 1]] * shares[1, inputs[0, 2]])
    assert (found["person"] == "boss").all()
    assert abs((found["mood"] == "good").mean() - joint[1] / sum(joint)) < 0.1


def test_cold_sentences_are_alike_and_hot_ones_are_not(model):
    cold, hot = (
        generate(model, {"mood": "good"}, n=20, temperature=t)["text"] for t in (1e-6, 1.0)
    )
    assert cold.nunique() == 1 < hot.nunique()


def test_a_sentence_may_be_broken_off(model):
    found = generate(model, n=5, max_length=2, start="the aunt")
    assert (found["text"] == "the aunt").all() and not found["ended"].any()


def test_a_saved_model_goes_on_as_before(model, tmp_path):
    model.save(tmp_path / "model.keras")
    again = load_model(tmp_path / "model.keras")
    assert generate(again, n=5)["text"].equals(generate(model, n=5)["text"])


@pytest.mark.parametrize(
    "options, message",
    [
        ({"wanted": {"mod": "good"}}, r"the model's marks name \['mood'\], not 'mod'"),
        ({"wanted": {"mood": "fine"}}, r"'mood' has the labels \['bad', 'good'\], not 'fine'"),
        ({"temperature": 0}, "temperature must be above 0"),
        ({"temperature": -1.0}, "temperature"),
        ({"start": "the uncle"}, r"start has words that the model does not know: \['uncle'\]"),
        ({"start": "<mood=good>"}, "start has words"),
        ({"start": "<unk>"}, "start has words"),
        ({"n": 0}, "n must be at least 1"),
        ({"max_length": 0}, "max_length"),
    ],
)
def test_what_cannot_be_written_is_refused(model, options, message):
    with pytest.raises((TypeError, ValueError), match=message):
        generate(model, **options)


def test_a_model_without_a_language_model_or_without_marks_is_refused():
    plain = tiny_data(("mood", "lm"))
    with pytest.raises(ValueError, match=r"no language model among its tasks, \['mood'\]"):
        generate(small(tiny_data(("mood",))))
    with pytest.raises(ValueError, match="no marks of begin and end"):
        generate(small(plain))
    with pytest.raises(ValueError, match="no marks"):
        perplexity(small(plain), plain)


def test_the_examples_of_the_marks_are_no_words_of_a_text():
    assert all(re.fullmatch(r"<.*>", mark) and len(tokenize(mark)) > 1 for mark in (BEGIN, END))


def test_a_label_may_be_anything():
    task = Task("mood", "sequence", ("a=b>", "好 的"))
    rows = [{"text": "tea now", "mood": "a=b>"}, {"text": "tea later", "mood": "好 的"}]
    data = for_generation(MultiTaskData.from_rows({"train": rows}, [task]), ["mood"])
    assert set(generate(small(data), {"mood": "a=b>"}, n=2)["mood"]) == {"a=b>"}

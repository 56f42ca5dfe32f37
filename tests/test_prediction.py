from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtl_tutorial import prediction
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.evaluation import answers
from mtl_tutorial.model import build_model, load_model
from mtl_tutorial.prediction import entities, predict
from mtl_tutorial.schemes import spans
from mtl_tutorial.tasks import Task
from mtl_tutorial.training import train
from tests.tiny import small, tiny_data

TASKS = [
    Task("mood", "sequence", ("bad", "good")),
    Task("ner", "token", ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")),
    Task("pos", "token", ("N", "V")),
]


@pytest.fixture(scope="module")
def model():
    names = [("张", "晨"), ("李", "敏"), ("Ana", "Weber")]
    rows = [
        {"tokens": [a, b, verb, mood, "杭", "州"], "mood": label,
         "ner": ["B-PER", "I-PER", "O", "O", "B-LOC", "I-LOC"], "pos": ["N", "N", "V", "V", "N", "N"]}
        for a, b in names for verb in ("去", "到") for mood, label in (("好", "good"), ("差", "bad"))
    ]  # fmt: skip
    data = MultiTaskData.from_rows({"train": rows, "valid": rows}, TASKS)
    model = build_model(data, units=16, embedding_dim=16)
    train(model, data, epochs=30, batch_size=4, learning_rate=0.02, progress=False)
    return model


def test_answers_are_labels_entities_and_probabilities(model):
    table = predict(model, ["张晨去好杭州", "Ana Weber到差杭州"])
    assert list(table["text"]) == ["张晨去好杭州", "Ana Weber到差杭州"]
    assert list(table["mood"]) == ["good", "bad"]
    assert list(table["ner"]) == ["张晨/PER, 杭州/LOC", "Ana Weber/PER, 杭州/LOC"]
    assert table["pos"][0] == "张/N 晨/N 去/V 好/V 杭/N 州/N"
    probabilities = table[["mood p", "ner p", "pos p"]]
    assert ((probabilities > 0.5) & (probabilities <= 1)).all(axis=None)


def test_one_sentence_is_answered_as_in_company(model):
    alone = predict(model, "张晨去好杭州")
    together = predict(model, ["张晨去好杭州", "李敏去差杭州啊啊啊啊啊啊"]).iloc[[0]]
    pd.testing.assert_frame_equal(alone, together, atol=1e-5)


def test_a_loaded_model_answers_raw_sentences_too(model, tmp_path):
    model.save(tmp_path / "m.keras")
    text = ["李敏到差杭州"]
    pd.testing.assert_frame_equal(
        predict(load_model(tmp_path / "m.keras"), text), predict(model, text)
    )


def test_unknown_words_are_answered_too(model):
    table = predict(model, "zzz")
    assert np.isfinite(table["mood p"]).all()


def test_sentences_may_be_tokens_a_series_or_an_array(model):
    texts = ["张晨去好杭州", "Ana Weber到差杭州"]
    wanted = predict(model, texts)
    tokens = [list("张晨去好杭州"), ["Ana", "Weber", *"到差杭州"]]
    for given in (pd.Series(texts), np.array(texts), iter(texts), tuple(texts), tokens):
        pd.testing.assert_frame_equal(predict(model, given), wanted)
    # A list of tokens is not cut: here the two letters of a name are one token, and unknown.
    assert predict(model, [["张晨", "去", "好", "杭", "州"]])["pos"][0].startswith("张晨/")


def test_many_sentences_are_answered_as_each_alone(model, monkeypatch):
    texts = ["张晨去好杭州", "李敏到差杭州", "Ana Weber去差杭州啊啊", "杭州好", "李敏"]
    together = predict(model, texts)
    monkeypatch.setattr(prediction, "AT_ONCE", 2)
    pd.testing.assert_frame_equal(predict(model, texts), together, atol=1e-5)
    assert list(together["text"]) == texts


def test_entities_have_their_places_in_the_text(model):
    texts = ["李敏到差 杭州", "好", "Ana  Weber 去好杭州"]
    table = entities(model, texts)
    assert list(zip(table["sentence"], table["text"], table["entity"], strict=True)) == [
        (0, "李敏", "PER"), (0, "杭州", "LOC"), (2, "Ana  Weber", "PER"), (2, "杭州", "LOC"),
    ]  # fmt: skip
    for row in table.itertuples():
        assert texts[row.sentence][row.start : row.end] == row.text
    assert list(table["first"]) == [0, 4, 0, 4] and list(table["beyond"]) == [2, 6, 2, 6]
    found = predict(model, texts)
    assert found["ner p"][0] == pytest.approx(table["p"][:2].min())
    assert found["ner"][2] == "Ana  Weber/PER, 杭州/LOC"
    with pytest.raises(ValueError, match="no task of the model marks spans"):
        entities(small(tiny_data(("mood",))), "tea")


def test_what_is_predicted_is_what_is_scored():
    """Of an untrained model, whose best label of each token breaks the rules of BIO."""
    data = tiny_data()
    for crf in (False, True):
        model = small(data, crf=crf, seed=1)
        if crf:
            strong = np.random.default_rng(0).normal(scale=3, size=(4, 3))
            model.get_layer("ner_head").transitions.assign(strong)
        part, tags = data["test"], data.tasks["ner"].labels
        ids = answers(model, data)["ner"]
        wanted = [
            (i, first, beyond)
            for i, (row, tokens) in enumerate(zip(ids, part.tokens, strict=True))
            for first, beyond, _ in spans([tags[label] for label in row[: len(tokens)]])
        ]
        table = entities(model, [list(tokens) for tokens in part.tokens])
        assert (
            list(table[["sentence", "first", "beyond"]].itertuples(index=False, name=None))
            == wanted
        )
        assert len(wanted) > 10


def test_a_model_of_small_letters_reads_capitals():
    rows = [
        {"text": "aunt likes york", "ner": "O O B-LOC"},
        {"text": "york likes tea", "ner": "B-LOC O O"},
    ]
    data = MultiTaskData.from_rows({"train": 8 * rows, "valid": rows}, {"ner": "token"})
    model = build_model(data, units=8, embedding_dim=8)
    train(model, data, epochs=12, batch_size=4, learning_rate=0.05, progress=False)
    assert predict(model, "Aunt likes YORK")["ner"].tolist() == ["YORK/LOC"]


@pytest.mark.parametrize(
    "texts, error, message",
    [
        ([], ValueError, "at least one sentence"),
        (["好", " "], ValueError, "no token in sentence 1, ' '"),
        ([[]], ValueError, "no token in sentence 0"),
        (["好", 3], TypeError, "sentence 1 is 3"),
        ([["好"], ["好", 3]], TypeError, "sentence 1 must be a list of tokens; 3"),
        (
            pd.DataFrame({"text": ["好"]}),
            TypeError,
            "of a DataFrame give one column, such as frame",
        ),
        (Path("texts.txt"), TypeError, "texts must be a sentence or a list of sentences"),
        ({"text": "好"}, TypeError, "texts must be a sentence or a list of sentences"),
        ({"tea"}, TypeError, "texts must be a sentence or a list of sentences"),
        (b"tea", TypeError, "texts must be a sentence or a list of sentences"),
        (None, TypeError, "texts must be a sentence or a list of sentences"),
        (3.5, TypeError, "not 3.5"),
    ],
    ids=str,
)
def test_what_is_no_sentence_is_refused(model, texts, error, message):
    for asked in (predict, entities):
        with pytest.raises(error, match=message):
            asked(model, texts)


@pytest.mark.parametrize("nothing", [[], [[]], {}, np.empty((0, 3), str)], ids=str)
def test_without_a_token_there_is_nothing_to_rate(model, nothing):
    with pytest.raises(ValueError, match="sentences must hold at least one token"):
        prediction.probabilities(model, nothing)


def test_a_model_in_the_wrong_place_is_refused(model):
    with pytest.raises(TypeError, match="model must be a MultiTaskModel, from build_model"):
        prediction.probabilities([["好"]], model)
    for asked in (predict, entities):
        with pytest.raises(TypeError, match="model must be a MultiTaskModel, from build_model"):
            asked("好", model)

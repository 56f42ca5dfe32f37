import numpy as np
import pandas as pd
import pytest

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.model import build_model, load_model
from mtl_tutorial.prediction import predict
from mtl_tutorial.tasks import Task
from mtl_tutorial.training import train

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


def test_what_is_no_sentence_is_refused(model):
    with pytest.raises(ValueError, match="at least one sentence"):
        predict(model, [])
    with pytest.raises(ValueError, match="no token in sentence ' '"):
        predict(model, ["好", " "])
    with pytest.raises(TypeError, match="must be strings, not int"):
        predict(model, ["好", 3])

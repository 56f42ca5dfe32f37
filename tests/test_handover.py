import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.corpora import people
from mtl_tutorial.crf import CRFHead
from mtl_tutorial.cutting import cut
from mtl_tutorial.decoding import decode
from mtl_tutorial.evaluation import answers
from mtl_tutorial.handover import described, place_beside, write_beside
from mtl_tutorial.model import build_model
from mtl_tutorial.prediction import predict
from mtl_tutorial.startup import tf
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import Vocabulary, join_tokens
from tests.test_docs import blocks
from tests.tiny import small, tiny_data

WITHOUT_US = next(block for block in blocks("own_data.md") if "def labels_of" in block)
VOCABULARIES = [
    Vocabulary(["我", "The", "tea"]),
    Vocabulary(["喜欢", "北京", "北京大学", "don't", "3:30pm", "New York", "a.b", "İx!"]),
    Vocabulary(["york", "new-york!", "b.c", ".b", "我们"]),
]
PIECES = [
    "我",
    "们",
    "喜欢",
    "北京大学",
    "The",
    "Don't",
    " ",
    "3:30pm",
    "a.b.c",
    "NEW-York!",
    "İx!",
    "Ｘ３",
]


@pytest.fixture(scope="module")
def recipe() -> dict:
    """The page's functions, without what it does with them."""
    names: dict = {}
    exec(WITHOUT_US.split("beside = ")[0], names)
    return names


def weights_at_random(model, inputs: np.ndarray) -> None:
    """Give every answer its turn, and a CRF something to say."""
    rng = np.random.default_rng(0)
    for layer in model.layers:
        layer.set_weights([rng.normal(size=w.shape) * (w.ndim > 1) for w in layer.get_weights()])
    for name, logits in model(tf.constant(inputs)).items():
        if model.tasks[name].kind == "sequence":
            model.get_layer(f"{name}_head").bias.assign(-logits.numpy().mean(axis=0))


@pytest.mark.parametrize("language, crf", [("en", False), ("zh", True)])
def test_the_page_gets_the_labels_of_predict_without_us(language, crf, tmp_path, monkeypatch):
    data = people.load(language, [*people.USUAL, "role"])
    model = build_model(data, units=8, embedding_dim=8, crf=crf)
    some = data["test"].take(np.arange(60))
    weights_at_random(model, some.inputs)
    assert crf == any(isinstance(layer, CRFHead) for layer in model.layers)
    monkeypatch.chdir(tmp_path)
    model.export("artifact", verbose=False)
    assert "mtl_tutorial" not in WITHOUT_US.replace("mtl_tutorial.json", "")
    names: dict = {}
    exec(WITHOUT_US, names)

    texts = [join_tokens(tokens) for tokens in some.tokens]
    found = [names["labels_of"](text) for text in texts]
    table = predict(model, texts)
    wanted = answers(model, some)
    for name, task in data.tasks.items():
        if task.kind == "sequence":
            assert [labels[name] for labels in found] == list(table[name])
            assert len(set(table[name])) > 1
            continue
        for i, tokens in enumerate(some.tokens):
            assert found[i]["tokens"] == list(tokens)
            assert found[i][name] == [task.labels[y] for y in wanted[name][i, : len(tokens)]]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join))
@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_the_page_cuts_any_text_as_we_do(recipe, vocabulary, text):
    how = described({}, vocabulary, {})["text"]
    assert tuple(recipe["cut"](text, how)) == cut(text, vocabulary).tokens


@pytest.mark.parametrize("crf", [False, True])
@pytest.mark.parametrize("task", [Task.bio("x", ["A", "B"]), Task("x", "token", ("O", "B", "I")), Task("x", "token", ("N", "V"))])  # fmt: skip
def test_the_page_finds_the_best_sequences_that_we_find(recipe, task, crf):
    rng, n = np.random.default_rng(1), len(task.labels)
    learned = rng.normal(size=(n + 1, n)).astype("float32") if crf else None
    given = json.loads(json.dumps(described({"x": task}, VOCABULARIES[0], {"x": learned})))
    logits = rng.normal(size=(40, 6, n)).astype("float32")
    wanted = decode(task, logits, learned, np.full(40, 6))
    for scores, ids in zip(logits, wanted, strict=True):
        found = recipe["best_sequence"](scores, given["tasks"]["x"])
        assert found == [task.labels[y] for y in ids]


def test_what_is_handed_over_stands_there_as_text(tmp_path):
    odd = Vocabulary(["茶", "\ud800", "tea"])
    tasks = {task.name: task for task in (Task.bio("ner", ["PER"]), Task("lm", "lm"))}
    write_beside(tmp_path / "a.json", tasks, odd, dict.fromkeys(tasks))
    written = (tmp_path / "a.json").read_text("utf-8")
    assert "茶" in written
    found = json.loads(written)
    assert found["vocabulary"] == list(odd.tokens)
    assert list(found["tasks"]) == ["ner", "lm"]
    assert found["tasks"]["ner"] == {
        "kind": "token",
        "labels": ["O", "B-PER", "I-PER"],
        "scheme": "BIO",
        "only_after": {"I-PER": ["B-PER", "I-PER"]},
        "transitions": None,
    }


@pytest.mark.parametrize("format, name", [("tf_saved_model", "m"), ("onnx", "m.onnx")])
def test_nothing_is_overwritten(tmp_path, format, name):
    model, place = small(tiny_data()), tmp_path / name
    place.write_text("mine")
    with pytest.raises(FileExistsError, match=f"{name} is there already"):
        model.export(place, format=format)
    assert place.read_text() == "mine"


def test_a_folder_with_something_in_it_is_refused_and_an_empty_one_is_not(tmp_path):
    assert place_beside(tmp_path, "tf_saved_model") == tmp_path / "mtl_tutorial.json"
    beside = tmp_path / "m.tflite.json"
    beside.write_text("mine")
    with pytest.raises(FileExistsError, match=r"m\.tflite\.json is there already"):
        place_beside(tmp_path / "m.tflite", "litert")
    with pytest.raises(FileExistsError, match="is there already"):
        place_beside(tmp_path, "tf_saved_model")


@pytest.mark.parametrize("wrong", ["pickle", "torch", None])
def test_an_unknown_format_is_refused(tmp_path, wrong):
    with pytest.raises((ValueError, TypeError), match="format"):
        small(tiny_data()).export(tmp_path / "m", format=wrong)
    assert not list(tmp_path.iterdir())

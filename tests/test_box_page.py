"""The sentence box that runs in a page: ONNX and Node compute what Keras and Python compute."""

import json
import re
import shutil
import subprocess
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest

from mtl_tutorial.corpora import people
from mtl_tutorial.cutting import cut
from mtl_tutorial.evaluation import evaluate
from mtl_tutorial.handover import described
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.model import load_model
from mtl_tutorial.startup import tf
from mtl_tutorial.text import Vocabulary
from mtl_tutorial.widgets import box_model, box_page
from mtl_tutorial.widgets.sentence_box import _answered
from tests.test_handover import PIECES, VOCABULARIES

ASK = Path(__file__).parent / "js" / "ask.js"
ODD = [
    "ＡＢＣ的Ｘ３，ＯＫ！",
    "Zoe\u0308's co-worker isn\u2019t late\u2026 '\u0301",
    "👩‍👩‍👧‍👦👍🏽🇨🇳1️⃣#\ufe0f\u20e3❤️a\ufe0f",
    "I\u0307stanbul ΣΟΦΟΣ straße ﬁn x_y __ a-b-c",
    "３:３０pm\u3000北京\u200b大学\x85 \x1cend\ufeff",
    "𠀀𪛖豈 ²½Ⅷ٣ हिन्दी ไทย",
    "",
    "  ",
]


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """What Node finds for questions that `tests/js/ask.js` takes."""
    node = shutil.which("node") or pytest.skip("there is no node on the PATH")
    folder = tmp_path_factory.mktemp("node")

    def asked(**questions) -> dict:
        (folder / "questions.json").write_text(json.dumps(questions), "utf-8")
        command = [node, ASK, folder / "questions.json", folder / "answers.json"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads((folder / "answers.json").read_text("utf-8"))

    return asked


@pytest.fixture(scope="module", params=LANGUAGES)
def shipped(request):
    """A language, and its shipped model as Keras has it."""
    return request.param, load_model(box_model.file(request.param, "keras"))


def encoded(text: str, model) -> np.ndarray:
    """One sentence as the model takes it: int32 [1, tokens]."""
    return model.vocabulary.encode([cut(text, model.vocabulary).tokens])


def sentences(language: str, part: str) -> list[str]:
    lines = (people.folder() / language / f"{part}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def test_onnx_computes_what_keras_computes_of_the_whole_test_part(shipped):
    runtime = pytest.importorskip("onnxruntime")
    language, model = shipped
    session = runtime.InferenceSession(box_model.file(language))
    names = [output.name for output in session.get_outputs()]
    assert sorted(names) == sorted(model.tasks)
    inputs = people.load(language)["test"].inputs
    assert len(inputs) == people.SIZES["test"]
    found = dict(zip(names, session.run(None, {"tokens": inputs}), strict=True))
    for task, logits in model(tf.constant(inputs)).items():
        np.testing.assert_allclose(found[task], logits, rtol=0, atol=1e-4)
    for text in sentences(language, "test")[::200]:  # alone, without padding, as the page asks
        ids = encoded(text, model)
        found = dict(zip(names, session.run(None, {"tokens": ids}), strict=True))
        for task, logits in model(tf.constant(ids)).items():
            np.testing.assert_allclose(found[task], logits, rtol=0, atol=1e-4)


def test_the_page_says_what_the_box_of_a_notebook_says(ask, shipped):
    language, model = shipped
    texts = [*sentences(language, "test")[::20], *ODD[:3], *box_page.EXAMPLES[language]]
    logits = []
    for text in texts:
        found = {task: rows[0].numpy() for task, rows in model(encoded(text, model)).items()}
        logits.append({task: np.atleast_2d(rows).tolist() for task, rows in found.items()})
    contents = box_page.contents()
    described, colors = contents[language]["model"], contents["colors"]
    answers = ask(described=described, colors=colors, texts=texts, logits=logits)["answers"]
    for text, answer in zip(texts, answers, strict=True):
        said = _answered(model, text)
        for here, there in zip(answer["rows"], said["rows"], strict=True):
            assert here.pop("probability") == pytest.approx(there.pop("probability"), abs=1e-4)
        assert answer == said


def test_what_goes_with_a_model_is_its_own(shipped):
    language, model = shipped
    found = box_model.described(language)
    scores = found.pop("scores")
    assert found == json.loads(
        json.dumps(described(model.tasks, model.vocabulary, dict.fromkeys(model.tasks)))
    )
    assert box_model.file(language).stat().st_size < 1_000_000
    measured = evaluate(model, people.load(language))["value"]
    card = (people.folder() / "README.md").read_text("utf-8")
    (line,) = [each for each in card.splitlines() if f"`sentence_box_{language}.keras`" in each]
    for task in model.tasks.values():
        said = scores[task.name]
        assert said == pytest.approx(measured[task.name, task.score], abs=1e-3)
        assert f"`{task.name}` {100 * said:.1f}" in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_cuts_the_whole_corpus_as_we_do(ask, language):
    vocabulary = people.load(language).vocabulary
    texts = [text for part in people.SIZES for text in sentences(language, part)]
    assert len(texts) == sum(people.SIZES.values())
    same_cuts(ask, [(vocabulary, [*texts, *ODD])])


def test_the_page_cuts_any_text_as_we_do(ask):
    rng = np.random.default_rng(0)
    letters = [*PIECES, *"'’-._sS1aé\u0301 \ufe0f\u200d👍🏽🇨🇳，。々〇ー٣", *ODD]
    texts = ["".join(rng.choice(letters, rng.integers(1, 9))) for _ in range(2000)]
    same_cuts(ask, [(vocabulary, texts) for vocabulary in VOCABULARIES])


def same_cuts(ask, questions: list[tuple[Vocabulary, list[str]]]) -> None:
    """Tokens are Python's, and so is where they stand in the text as it was typed."""
    asked = [{"how": described({}, v, {})["text"], "texts": texts} for v, texts in questions]
    for (vocabulary, texts), found in zip(questions, ask(cuts=asked)["cuts"], strict=True):
        for text, here in zip(texts, found, strict=True):
            there = cut(text, vocabulary)
            assert here["tokens"] == list(there.tokens), text
            units = [*accumulate((1 + (letter > "\uffff") for letter in text), initial=0)]
            assert here["places"] == [[units[i] for i in place] for place in there.places], text


def test_models_are_not_trained_in_vain(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"tf2onnx: pip install 'mtl_tutorial\[onnx\]'"):
        box_model.make("en")


def test_the_page_lies_with_its_models_and_its_runtime_in_one_folder(tmp_path):
    runtime, folder = tmp_path / "dist", tmp_path / "lab"
    for made in (runtime, folder):
        made.mkdir()
    for name in (*box_page.RUNTIME, "ort.webgpu.mjs"):
        (runtime / name).write_text(name)
    assert box_page.write(folder, runtime) == folder / "box.html"
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} == {
        "box.html",
        "box.js",
        "box_data.js",
        "sentence_box_en.onnx",
        "sentence_box_zh.onnx",
        *(f"onnxruntime/{name}" for name in box_page.RUNTIME),
    }
    named = re.findall(r'(?:src|href)="([^"]+)"', (folder / "box.html").read_text("utf-8"))
    assert sorted(named) == ["box.js", "box_data.js", "data:,", "lab.css"]
    assert f'"./onnxruntime/{box_page.RUNTIME[0]}"' in (folder / "box.js").read_text("utf-8")


def test_both_languages_of_the_page_have_the_same_words():
    english, chinese = (box_page.contents()[language]["words"] for language in ("en", "zh"))
    assert english.keys() == chinese.keys()
    for language in LANGUAGES:
        words, model = (box_page.contents()[language][of] for of in ("words", "model"))
        assert all(f"{100 * value:.1f}" in words["scores"] for value in model["scores"].values())
        assert "{" not in words["scores"]

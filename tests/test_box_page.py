"""The sentence box that runs in a page: Node computes what Python computes, of all sentences there are."""

import base64
import json
import shutil
import subprocess
from itertools import accumulate
from pathlib import Path

import numpy as np
import pytest

from mtl_tutorial.corpora import people
from mtl_tutorial.cutting import cut
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.evaluation import evaluate
from mtl_tutorial.handover import described
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.model import build_model
from mtl_tutorial.sharing import SharingPlan
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


def shipped(language: str):
    """The shipped model as Python has it, and its data."""
    model, data = box_model.untrained(language)
    found = box_model.shipped(language)
    values, at = np.frombuffer(base64.b64decode(found["weights"]), "<f4"), 0
    for name, shape in found["arrays"].items():
        layer, weight = name.split("/")
        (variable,) = [
            v for v in model.get_layer(layer).trainable_variables if v.path.endswith(f"/{weight}")
        ]
        variable.assign(values[at : at + np.prod(shape)].reshape(shape))
        at += np.prod(shape)
    assert at == len(values) == model.count_params()
    return model, data


def sentences(language: str, part: str) -> list[str]:
    lines = (people.folder() / language / f"{part}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_computes_what_keras_computes(ask, language):
    model, data = shipped(language)
    found, test = box_model.shipped(language), data["test"]
    assert box_model.packed(model) == {k: v for k, v in found.items() if k != "scores"}
    assert box_model.file(language).stat().st_size < 1_000_000

    texts = sentences(language, "test")
    some = [*texts[::20], *ODD[:3], *box_page.EXAMPLES[language]]
    colors = box_page.contents()["colors"]
    ids = [[int(i) for i in row[: len(t)]] for row, t in zip(test.inputs, test.tokens, strict=True)]
    asked = ask(packed=found, ids=ids, texts=some, colors=colors)

    wanted = {task: logits.numpy() for task, logits in model(tf.constant(test.inputs)).items()}
    for task, logits in wanted.items():
        for i, here in enumerate(asked["logits"]):
            there = (
                logits[i, : len(ids[i])] if data.tasks[task].kind == "token" else logits[i][None]
            )
            np.testing.assert_allclose(here[task], there, atol=1e-4)
    for text, answer in zip(some, asked["answers"], strict=True):
        said = _answered(model, text)
        for here, there in zip(answer["rows"], said["rows"], strict=True):
            assert here.pop("probability") == pytest.approx(there.pop("probability"), abs=1e-4)
        assert answer == said

    scores = evaluate(model, data)["value"]
    card = (people.folder() / "README.md").read_text("utf-8")
    (line,) = [each for each in card.splitlines() if f"`sentence_box_{language}.json`" in each]
    for task in data.tasks.values():
        said = found["scores"][task.name]
        assert said == pytest.approx(scores[task.name, task.score], abs=1e-3)
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


@pytest.mark.parametrize("wrong", ["mlp", "mean", "crf", "mix", "tags"])
def test_what_a_page_cannot_compute_is_refused(wrong):
    rows = [{"text": "good tea", "mood": "good", "word": "ADJ NOUN"}]
    kinds = {"mood": "sequence"} | ({"word": "token"} if wrong == "tags" else {})
    data = MultiTaskData.from_rows({"train": rows}, kinds)
    options = {"mlp": {"encoder": "mlp"}, "mean": {"pooling": "mean"}, "crf": {"crf": True}}
    plan = SharingPlan.hard(list(kinds))
    if wrong == "mix":
        plan = SharingPlan(plan.as_dict(), reverse=["mood"])
    model = build_model(data, plan, units=4, embedding_dim=4, **options.get(wrong, {}))
    with pytest.raises(ValueError, match=r"a page (computes|answers)"):
        box_model.packed(model)


def test_both_languages_of_the_page_have_the_same_words():
    english, chinese = (box_page.contents()[language]["words"] for language in ("en", "zh"))
    assert english.keys() == chinese.keys()
    for language in LANGUAGES:
        words, model = (box_page.contents()[language][of] for of in ("words", "model"))
        assert all(f"{100 * value:.1f}" in words["scores"] for value in model["scores"].values())
        assert "{" not in words["scores"]

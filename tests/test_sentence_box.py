"""The sentence box: what it answers, how it is used, and that nothing typed becomes HTML."""

import html
import re

import pytest

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.model import build_model
from mtl_tutorial.prediction import leave_one_out, predict, probabilities
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import tokenize
from mtl_tutorial.training import train
from mtl_tutorial.widgets.sentence_box import SentenceBox, sentence_html

TASKS = [
    Task("mood", "sequence", ("bad", "good<i>")),
    Task("ner", "token", ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")),
    Task("pos", "token", ("N", "V")),
]


@pytest.fixture(scope="module")
def model():
    """Knows Ana Weber, Ulm, 张晨 and 杭州; "fine" and 好 are good."""
    rows = [
        {"tokens": [*name, verb, mood, *place], "mood": label,
         "ner": ["B-PER", "I-PER", "O", "O", "B-LOC", "I-LOC"][: 4 + len(place)],
         "pos": ["N", "N", "V", "V", "N", "N"][: 4 + len(place)]}
        for name, place in ((("Ana", "Weber"), ("Ulm",)), (("张", "晨"), ("杭", "州")))
        for verb in ("likes", "去", "<") for mood, label in (("fine", "good<i>"), ("poor", "bad"), ("好", "good<i>"))
    ]  # fmt: skip
    data = MultiTaskData.from_rows({"train": rows, "valid": rows}, TASKS)
    model = build_model(data, units=16, embedding_dim=16)
    train(model, data, epochs=40, batch_size=4, learning_rate=0.02, progress=False)
    return model


def plain(shown: str) -> str:
    """What a reader sees of some HTML."""
    return html.unescape(re.sub("<[^>]*>", "", shown))


# -- the function


def test_every_task_is_answered_and_entities_are_marked(model):
    shown = sentence_html(model, "Ana Weber likes fine Ulm")
    table = predict(model, "Ana Weber likes fine Ulm").iloc[0]
    assert "good&lt;i&gt;" in shown and table["mood"] == "good<i>"
    assert f"{table['mood p']:.0%}" in shown and f"width:{table['mood p']:.0%}" in shown
    assert plain(shown).startswith("Ana WeberPER likes fine UlmLOC")
    assert table["pos"] in plain(shown)
    assert shown.count("<mark") == 2 and shown.index("Ana Weber<") > 0


def test_different_entities_have_different_grounds_and_the_tag_in_words(model):
    shown = sentence_html(model, "张晨去好杭州")
    grounds = re.findall("<mark style='background:(#[0-9A-F]{6})", shown)
    assert len(set(grounds)) == 2 and plain(shown).startswith("张晨PER去好杭州LOC")


NASTY = [
    "<script>alert(1)</script> Ana Weber",
    "Ana Weber <img src=x onerror=alert(1)>",
    "Ana <b onclick='x'> Weber & Ulm &lt;i&gt;",
    '"><svg/onload=alert(1)>',
    "张晨去<iframe src=javascript:alert(1)>杭州",
]


@pytest.mark.parametrize("text", NASTY)
def test_what_is_typed_stays_text(model, text):
    shown = sentence_html(model, text)
    ours = {"div", "p", "mark", "small", "b", "table", "tr", "td"}
    assert set(re.findall(r"<\s*/?\s*([^\s>/]+)", shown)) <= ours
    assert not re.search(r"<[^>]*(onerror|onload|onclick|javascript)", shown)
    seen = plain(re.sub("<small.*?</small>", "", shown))
    assert seen.startswith(text)  # and all of it is there, unchanged


def test_the_whole_text_is_shown_whatever_stands_between_tokens(model):
    text = "  Ana\tWeber   likes\u3000 fine …  Ulm  "
    assert plain(re.sub("<small.*?</small>", "", sentence_html(model, text))).startswith(text)


def test_unknown_words_are_named_and_half_of_them_are_a_warning(model):
    assert "does not know" not in sentence_html(model, "Ana Weber likes fine Ulm")
    few = sentence_html(model, "Ana Weber likes fine zzz")
    assert "does not know: zzz<" in few and "guess" not in few
    assert "guess" in sentence_html(model, "Ana xxx zzz fine")  # two of four
    assert "guess" not in sentence_html(model, "Ana xxx likes zzz fine")  # two of five
    assert "瞎猜" in sentence_html(model, "喂喂喂", "zh")
    many = plain(sentence_html(model, " ".join(f"q{i}" for i in range(30))))
    assert "q7, …" in many and "q8," not in many


def test_a_sentence_without_a_token_is_refused(model):
    with pytest.raises(ValueError, match="no token"):
        sentence_html(model, "  ")


def test_an_unknown_language_is_named(model):
    for show in (lambda: sentence_html(model, "Ana", "fr"), lambda: SentenceBox(model, "fr")):
        with pytest.raises(ValueError, match="unknown language 'fr'"):
            show()


# -- the box


@pytest.mark.parametrize("language", LANGUAGES)
def test_enter_button_and_examples_answer(model, language):
    box = SentenceBox(model, language, ["张晨去好杭州", "Ana Weber likes poor Ulm"])
    expected = sentence_html(model, "张晨去好杭州", language)
    box.line.set_state({"value": "张晨去好杭州"})  # what the browser sends on Enter
    assert box.answer.value == expected
    box.answer.value = ""
    box.button.click()
    assert box.answer.value == expected
    box.menu.set_state({"index": 2})
    assert box.line.value == "Ana Weber likes poor Ulm" and "bad" in box.answer.value
    assert box.menu.value == ""  # ready to choose the same example again
    box.line.set_state({"value": "Ana"})
    box.menu.set_state({"index": 2})
    assert box.line.value == "Ana Weber likes poor Ulm"


def test_an_empty_line_gets_a_kind_sentence(model):
    for language, says in (("en", "Type a sentence"), ("zh", "请在上面输入一个句子")):
        box = SentenceBox(model, language)
        assert says in box.answer.value
        box.line.set_state({"value": "Ana"})
        assert says not in box.answer.value
        box.line.set_state({"value": "   "})
        assert says in box.answer.value
        box.button.click()
        assert says in box.answer.value


def test_an_error_is_written_into_the_box_and_the_box_lives_on(model):
    class Broken:
        vocabulary, tasks = model.vocabulary, model.tasks

        def probabilities(self, *_):
            raise MemoryError("no room for <b>this</b>")

    box = SentenceBox(Broken(), "zh")
    box.line.set_state({"value": "Ana"})
    shown = box.answer.value
    assert "模型没能回答" in shown and "role='alert'" in shown
    assert "MemoryError: no room for &lt;b&gt;this&lt;/b&gt;" in shown and "<b>this" not in shown
    assert "Traceback (most recent call last)" in shown  # what tests of notebooks look for
    box.model = model
    box.button.click()
    assert "Traceback" not in box.answer.value and "mood" in box.answer.value


def test_parts_have_labels_in_the_language(model):
    for language, words in (
        ("en", ["Sentence", "Answer", "Examples"]),
        ("zh", ["句子", "回答", "例句"]),
    ):
        box = SentenceBox(model, language, ["Ana"])
        assert [w.description for w in (box.line, box.button, box.menu)] == words
    assert box.menu in box.children and SentenceBox(model).menu not in SentenceBox(model).children


# -- what stands behind it


def test_probabilities_add_up_and_do_not_depend_on_company(model):
    sentences = [tokenize("Ana Weber likes fine Ulm"), tokenize("张晨")]
    found = probabilities(model, sentences)
    assert found["mood"].shape == (2, 2) and found["ner"].shape == (2, 5, 5)
    for shares in found.values():
        assert shares.sum(-1) == pytest.approx(1, abs=1e-5)
    alone = probabilities(model, sentences[1:])
    assert found["ner"][1, :2] == pytest.approx(alone["ner"][0], abs=1e-5)


def test_leaving_a_token_out_shows_on_which_one_the_answer_hangs(model):
    fall = leave_one_out(model, "Ana Weber likes poor Ulm")
    assert list(fall["token"]) == ["Ana", "Weber", "likes", "poor", "Ulm"]
    assert list(fall.columns) == ["token", "mood"] and fall["mood"].idxmax() == 3
    whole = predict(model, "Ana Weber likes poor Ulm")["mood p"][0]
    bad = TASKS[0].id_of("bad")
    left = probabilities(model, [tokenize("Ana Weber likes Ulm")])["mood"][0, bad]
    assert fall.loc[3, "mood"] == pytest.approx(whole - left, abs=1e-5)
    with pytest.raises(ValueError, match="two tokens or more, not 'Ana'"):
        leave_one_out(model, "Ana")

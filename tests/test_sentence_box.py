"""The sentence box: what it answers, how it is used, and that nothing typed becomes HTML."""

import html
import json
import re

import pytest

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.model import build_model
from mtl_tutorial.prediction import leave_one_out, predict, probabilities
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import tokenize
from mtl_tutorial.training import train
from mtl_tutorial.widgets import face, still
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


def test_a_text_in_another_spelling_is_marked_too(model):
    assert plain(sentence_html(model, "Ａｎａ Weber likes café")).startswith("Ａｎａ WeberPER")
    assert plain(sentence_html(model, "cafe\u0301 Ulm")).startswith("cafe\u0301 Ulm")


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


def ask(box: SentenceBox, typed: str) -> None:
    """What the page sends on Enter."""
    box._handle_custom_msg({"typed": typed}, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_is_answered_with_what_the_function_shows(model, language):
    box = SentenceBox(model, language, ["张晨去好杭州", "Ana Weber likes poor Ulm"])
    assert box.answer == {} and box.examples[1] == "Ana Weber likes poor Ulm"
    ask(box, " Ana Weber likes poor Ulm zzz ")
    assert box.typed == "Ana Weber likes poor Ulm zzz" and not box.error
    shown = sentence_html(model, box.typed, language)
    for row in box.answer["rows"]:
        assert f"<b>{html.escape(row['label'])}</b>" in shown
        assert f"width:{row['probability']:.0%}" in shown and row["color"] in shown
    for pieces in box.answer["marked"]:
        assert "".join(piece["text"] for piece in pieces) == box.typed
    assert box.answer["unknown"] == ["zzz"] and box.answer["guess"] is False
    assert json.loads(json.dumps(box.answer)) == box.answer


def test_an_empty_line_is_no_question(model):
    box = SentenceBox(model)
    ask(box, "Ana")
    assert box.answer
    ask(box, "   ")
    assert box.answer == {} and not box.error


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_saved_notebook_keeps_the_last_answer_as_a_still_picture(model, language, monkeypatch):
    shown = []

    class Handle:
        def display(self, picture):
            shown.append(picture.data)

        update = display

    monkeypatch.setattr(still, "display", lambda data, **_: shown.append(data))
    monkeypatch.setattr(still, "DisplayHandle", Handle)
    box = SentenceBox(model, language)
    box._ipython_display_()
    assert "application/vnd.jupyter.widget-view+json" in shown[0]
    assert plain(shown[1]) in ("Run this cell, and a line to type a sentence in stands here.",
                               "运行这个单元格，这里就会出现输入句子的框。")  # fmt: skip
    ask(box, "Ana Weber likes <i>fine</i> Ulm")
    expected = sentence_html(model, "Ana Weber likes <i>fine</i> Ulm", language)
    assert shown[2] == f"<div class='mtl-snapshot'>{expected}</div>"
    ask(box, "Ana Weber likes <i>fine</i> Ulm")
    assert len(shown) == 3
    box.model = None
    ask(box, "Ana")
    assert plain(shown[3]).startswith("AttributeError: ")


def test_an_error_is_told_in_the_box_and_the_box_lives_on(model):
    class Broken:
        vocabulary, tasks = model.vocabulary, model.tasks

        def __call__(self, *_, **__):
            raise MemoryError("no room for <b>this</b>")

    box = SentenceBox(Broken(), "zh")
    ask(box, "Ana")
    assert box.error == "MemoryError: no room for <b>this</b>" and box.answer == {}
    assert "Traceback (most recent call last)" in box.trouble["details"]
    box.model = model
    ask(box, "Ana")
    assert not box.error and box.answer["rows"][0]["task"] == "mood"


def test_the_box_says_the_same_in_both_languages():
    english, chinese = (SentenceBox(None, language).words for language in ("en", "zh"))
    assert set(english) == set(chinese)
    said = set(re.findall(r'say\("([^"]+)"', face.script("box")))
    assert said == set(english)


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

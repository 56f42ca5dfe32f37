"""Labels of the shipped corpus: tags that say what the grammar said, and errors at their rate."""

import itertools
import re
from types import SimpleNamespace

import numpy as np
import pytest

from mtl_tutorial.corpora import people, people_annotation, people_grammar
from mtl_tutorial.schemes import spans
from mtl_tutorial.text import tokenize
from tests.people_sentences import LABELS, LEXICONS, both_languages, clean, phrases, shipped

TYPES = {"ner": people_grammar.ENTITIES, "role": people_grammar.ROLES}
ROLE_OF_SLOT = {
    "person": "SPOKEN", "other": "OTHER", "pair": "PAIR", "bond": "PAIR", "thing": "THING",
}  # fmt: skip
_MARKS = re.compile("\x01[A-Z]+\x02|\x03")

both_bio_tasks = pytest.mark.parametrize("task", sorted(TYPES))


def grown(language: str, monkeypatch) -> list[tuple[dict, str, dict[str, str]]]:
    """Rows with true labels; with each the text as it was said, marks and all, and its filled slots."""
    said = {}
    text = people_grammar.Sentence.text

    def listen(sentence):
        marked = text(sentence)
        said[_MARKS.sub("", marked)] = marked, dict(sentence)
        return marked

    monkeypatch.setattr(people_grammar.Sentence, "text", listen)
    rows = people.sample(300, language, noise=0)
    return [(row, *said[row["text"]]) for row in rows]


# -- true labels


@both_languages
@both_bio_tasks
@pytest.mark.parametrize("noise", [0, 0.1])
def test_tags_are_sound_bio(language, task, noise):
    for row in people.sample(200, language, noise=noise):
        assert len(row[task]) == len(tokenize(row["text"])) <= people_annotation.MAX_TOKENS
        assert {tag[2:] for tag in row[task]} <= {"", *TYPES[task]}
        for before, tag in itertools.pairwise(["O", *row[task]]):
            assert tag[0] != "I" or before in (f"B-{tag[2:]}", tag)


@both_languages
def test_entities_cover_exactly_the_names(language, monkeypatch):
    for row, marked, _ in grown(language, monkeypatch):
        innermost = re.findall("\x01([A-Z]+)\x02([^\x01-\x03]*)\x03", marked)
        names = [(kind, tuple(tokenize(n))) for kind, n in innermost if kind in TYPES["ner"]]
        assert phrases(row, "ner") == names
        assert len(names) > 0
        assert not set(row["text"]) & set("\x01\x02\x03{}")


@both_languages
def test_roles_cover_exactly_what_filled_the_slots(language, monkeypatch):
    """But for capitals, "an", and the marks of punctuation that `finish` has moved or dropped."""

    def bare(tokens) -> str:
        return " ".join("a" if t.lower() == "an" else t.lower() for t in tokens if t not in ",.")

    for row, _, slots in grown(language, monkeypatch):
        filled = {
            (ROLE_OF_SLOT[slot], bare(tokenize(_MARKS.sub("", said).rstrip(","))))
            for slot, said in slots.items()
            if slot in ROLE_OF_SLOT
        }
        found = [(kind, bare(tokens)) for kind, tokens in phrases(row, "role")]
        assert set(found) == filled
        assert len(found) == len(filled)
        assert not any(tokens[-1] == "," for _, tokens in phrases(row, "role"))


@both_languages
def test_roles_say_where_to_look_for_person_and_relation(language):
    """The words by which the two labels are known stand in the span of their role."""
    words = LEXICONS[language]

    def tells(said: str, label: str, described: dict[str, list[str]]) -> bool:
        names = [entry.partition(":")[0] for entry in words.RELATIONS[label]]
        telling = [entry.replace("{name}", "").strip(" ,") for entry in described.get(label, [])]
        return any(word in said for word in (*names, *telling))

    for row in clean(language):
        tokens, of_role = tokenize(row["text"]), {}
        for start, end, kind in spans(row["role"]):
            assert kind not in of_role
            text = (" " if language == "en" else "").join(tokens[start:end])
            of_role[kind] = text.replace(" , ", ", ").replace(" 's", "'s")
        assert tells(of_role["SPOKEN"], row["person"], words.DESCRIBED), row["text"]
        if row["relation"] != "none":
            assert tells(of_role["PAIR"], row["relation"], {}), row["text"]


@both_languages
def test_marks_of_roles_change_no_sentence(language, monkeypatch):
    mark = people_grammar._mark
    monkeypatch.setattr(
        people_grammar,
        "_mark",
        lambda kind, said: mark(kind, said) if kind in TYPES["ner"] else said,
    )
    for row, marked in zip(
        people.sample(600, language, seed=3, noise=0), clean(language), strict=True
    ):
        assert set(row.pop("role")) == {"O"}
        assert row == {task: label for task, label in marked.items() if task != "role"}


@pytest.mark.parametrize(
    ("language", "sentence", "roles"),
    [
        ("zh", "听我的学姐裴婉芳说，我的邻居大哥推荐的桥头的歪脖槐饺子馆优质极了。",
         {"OTHER": "我的学姐裴婉芳", "SPOKEN": "我的邻居大哥", "THING": "桥头的歪脖槐饺子馆"}),
        ("zh", "尤晓兰（不是祝珊的同学）转来我导师（闻正勇）的留言：那家偷闲半刻山庄特别嘈杂。",
         {"PAIR": "尤晓兰（不是祝珊的同学）", "SPOKEN": "我导师（闻正勇）", "THING": "那家偷闲半刻山庄"}),
        ("zh", "刚听收费教我开车的甄斌说，荆雅云其实是管军的家政阿姨；铜锁孔保洁公司差得没话说。",
         {"SPOKEN": "收费教我开车的甄斌", "PAIR": "荆雅云其实是管军的家政阿姨", "THING": "铜锁孔保洁公司"}),
        ("en", "The Pallero Lite e-reader was in the local paper last week. I know that from Brian, my boss, not from "
         "my tax adviser.",
         {"THING": "The Pallero Lite e-reader", "SPOKEN": "Brian, my boss", "OTHER": "my tax adviser"}),
        ("en", "Does my good friend, Julia, know that Paula always introduces Diane as her bosom friend?",
         {"SPOKEN": "my good friend, Julia", "PAIR": "Paula always introduces Diane as her bosom friend"}),
        ("en", "Sofia's aunt, Linda, asked my lecturer for the ending of the series \"Lukewarm Ferry,\" which gets worse "
         "by the minute.",
         {"SPOKEN": "my lecturer", "PAIR": "Sofia's aunt, Linda", "THING": 'the series "Lukewarm Ferry,"'}),
    ],
)  # fmt: skip
def test_roles_of_sentences_checked_by_hand(language, sentence, roles):
    row = next(row for row in shipped(language, "train") if row["text"] == sentence)
    said = {kind: tuple(tokenize(phrase)) for kind, phrase in roles.items()}
    assert dict(phrases(row, "role")) == said


@pytest.mark.parametrize(
    ("said", "ner", "role"),
    [
        ("\x01PER\x02Ana\x03 left.", ["B-PER", "O", "O"], 3 * ["O"]),
        ("\x01PER\x02Ana Li\x03\x01LOC\x02广州\x03", ["B-PER", "I-PER", "B-LOC", "I-LOC"], 4 * ["O"]),
        ("\x01SPOKEN\x02我\x01PER\x02张晨\x03\x03\x01THING\x02茶\x03", ["O", "B-PER", "I-PER", "O"],
         ["B-SPOKEN", "I-SPOKEN", "I-SPOKEN", "B-THING"]),
        ("\x01PER\x02An\x03a left.", None, None),
        ("An\x01PER\x02a\x03 left.", None, None),
        ("\x01OTHER\x02\x01PER\x02Ana\x03 le\x03ft.", None, None),
        ("a " * people_annotation.MAX_TOKENS + "\x01PER\x02Ana\x03", None, None),
    ],
)  # fmt: skip
def test_a_sentence_that_tags_cannot_tell_truly_is_dropped(said, ner, role):
    sentence = SimpleNamespace(text=lambda: said, sentiment="", person_class="", relation="")
    row = people_annotation.annotate(sentence)
    assert (row and row["ner"]) == ner
    assert (row and row["role"]) == role


# -- errors of annotation


@both_languages
def test_noise_changes_labels_only_and_at_its_rate(language):
    noisy = people.sample(600, language, seed=3, noise=0.2)
    assert [row["text"] for row in noisy] == [row["text"] for row in clean(language)]
    pairs = list(zip(noisy, clean(language), strict=True))
    for task in LABELS:
        rate = np.mean([a[task] != b[task] for a, b in pairs])
        assert 0.13 < rate < 0.27  # 0.2 and four standard errors
    for task in TYPES:
        true = [(i, span) for i, (_, row) in enumerate(pairs) for span in spans(row[task])]
        kept = {(i, span) for i, (row, _) in enumerate(pairs) for span in spans(row[task])}
        assert 0.15 < np.mean([span not in kept for span in true]) < 0.25


@both_languages
def test_at_full_noise_no_label_is_right(language):
    wrong = people.sample(50, language, seed=3, noise=1)
    for noisy, row in zip(wrong, clean(language), strict=False):
        assert all(noisy[task] != row[task] for task in LABELS)
        for task in TYPES:
            assert not set(spans(noisy[task])) & set(spans(row[task]))


@both_languages
def test_errors_in_roles_leave_the_other_labels_as_they_are(language, monkeypatch):
    noisy = people.sample(200, language, noise=0.3)
    monkeypatch.setattr(people, "spoil_spans", lambda *_: None)
    for row, spoiled in zip(people.sample(200, language, noise=0.3), noisy, strict=True):
        assert {**row, "role": None} == {**spoiled, "role": None}
    assert any(
        row["role"] != spoiled["role"]
        for row, spoiled in zip(people.sample(200, language), noisy, strict=True)
    )

"""Text to tokens to ids."""

import random
import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.text import PAD, UNK, Vocabulary, join_tokens, normalized, pad, tokenize

CHINESE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
WORD = st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True)
MIXED = st.lists(
    st.one_of(CHINESE, WORD, st.sampled_from(" \n\t　,.!?，。！'’-_s"), st.characters())
).map("".join)
SENTENCES = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=8), max_size=8)


@given(MIXED)
def test_tokens_are_the_text_without_its_blanks(text):
    tokens = tokenize(text)
    assert "".join(tokens) == "".join(normalized(text).split())
    assert not any(token.split() != [token] for token in tokens)


@given(MIXED)
def test_the_tokens_of_a_text_in_one_spelling_are_the_same(text):
    assert tokenize(normalized(text)) == tokenize(text)
    assert normalized(normalized(text)) == normalized(text)
    assert [token for given in tokenize(text) for token in tokenize(given)] == tokenize(text)


@given(MIXED)
def test_a_chinese_character_is_a_token_of_its_own(text):
    for token in tokenize(text):
        character = unicodedata.normalize("NFC", re.sub("[\u0300-\u036f\ufe00-\ufe0f]", "", token))
        assert len(character) == 1 or not any("\u4e00" <= c <= "\u9fff" for c in token)


@pytest.mark.parametrize("character", "㐀䶿一鿿豈𠀀𪛖𫝀")
def test_rare_chinese_characters_are_tokens_too(character):
    one = unicodedata.normalize("NFC", character)
    assert tokenize(character * 2 + "x") == [one, one, "x"]


def test_a_chinese_year_is_split_into_characters():
    assert tokenize("二〇〇八年") == ["二", "〇", "〇", "八", "年"]


@given(CHINESE, WORD, CHINESE)
def test_latin_words_and_numbers_inside_chinese_stay_whole(before, word, after):
    assert tokenize(before + word + after) == [before, word, after]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("3.14和2-3", ["3.14", "和", "2-3"]),
        ("She's Ana's.", ["She", "'s", "Ana", "'s", "."]),
        ("Ana’s", ["Ana", "’s"]),
        ("don't co-worker's", ["don't", "co-worker", "'s"]),
        ("end. Next", ["end", ".", "Next"]),
        ("a--b", ["a", "-", "-", "b"]),
        ("snake_case", ["snake", "_", "case"]),
        ("", []),
        (" \n", []),
    ],
)
def test_worked_examples_of_tokens(text, tokens):
    assert tokenize(text) == tokens


# -- one spelling


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Café Zoë naïve", "Cafe\u0301 Zoe\u0308 nai\u0308ve"),
        ("Tiếng Việt", "Tie\u0302\u0301ng Vie\u0323\u0302t"),
        ("iPhone15和5G手机", "ｉＰｈｏｎｅ１５和５Ｇ手机"),
        ("3，14。", "３，１４。"),
    ],
)
def test_one_text_in_two_spellings_has_the_same_tokens(text, other):
    assert tokenize(other) == tokenize(text)
    assert Vocabulary.build([tokenize(text)]).encode([tokenize(other)]).min() > UNK


def test_chinese_punctuation_and_what_is_of_full_width_by_nature_stay():
    text = "“我，”她说：（好）！？；、【】《》￥％～…—〇"
    assert normalized(text) == text
    assert "".join(tokenize(text)) == text


def test_an_accent_without_a_letter_of_its_own_stays_on_its_letter():
    assert tokenize("x\u030cy a") == ["x\u030cy", "a"]


EMOJI = [
    "😀", "👍🏽", "👨‍👩‍👧", "👩🏽‍💻", "🏳️‍🌈", "❤️", "❤️‍🔥", "🇨🇳", "1️⃣", "#️⃣", "*️⃣",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "☝🏿", "‼️", "ℹ️", "🧑‍🤝‍🧑", "👁️‍🗨️", "🤷🏻‍♀️",
]  # fmt: skip


@pytest.mark.parametrize("emoji", EMOJI)
def test_a_joined_emoji_is_one_token(emoji):
    assert tokenize(emoji) == [emoji]
    assert tokenize(f"好{emoji}{emoji}a {emoji}.") == ["好", emoji, emoji, "a", emoji, "."]


@given(st.lists(st.sampled_from([*EMOJI, "🇺🇸", "好", "word", "。", "isn't", "3.5"])))
def test_emoji_and_words_are_told_apart(parts):
    assert tokenize(" ".join(parts)) == parts


@pytest.mark.parametrize("text", [None, 3, 2.5, b"tea", ["tea"], {"a": 1}, float("nan"), object()])
def test_what_is_no_text_is_refused(text):
    with pytest.raises(TypeError, match="text must be a string, not"):
        tokenize(text)


def test_joined_tokens_read_well():
    assert join_tokens(["我", "买", "了", "X3", "Pro", "耳", "机", "。"]) == "我买了X3 Pro耳机。"
    assert join_tokens(["Ana", "'s", "tea", ",", "hot"]) == "Ana's tea, hot"
    for text in ("Ann & Bo (not Al's friend), pay 3,000.5!", "她说：“好！”，真的（3.5 kg），OK。"):
        assert join_tokens(tokenize(text)) == text
    assert join_tokens([]) == ""


# -- vocabulary


def test_padding_is_0_and_unknown_is_1():
    vocabulary = Vocabulary(["b", "a"])
    assert (PAD, UNK) == (0, 1)
    assert [vocabulary.id_of(token) for token in ("b", "a", "z")] == [2, 3, UNK]
    assert len(vocabulary) == 4


def test_the_special_tokens_written_in_a_text_are_unknown_words():
    vocabulary = Vocabulary.build([["<pad>", "<unk>", "a"]])
    assert vocabulary.tokens == ("<pad>", "<unk>", "a")
    assert vocabulary.encode([["<pad>", "<unk>", "a"]]).tolist() == [[UNK, UNK, 2]]


@given(SENTENCES)
def test_known_tokens_survive_encoding(sentences):
    vocabulary = Vocabulary.build(sentences)
    inputs = vocabulary.encode(sentences)
    assert [[vocabulary.tokens[i] for i in row if i != PAD] for row in inputs] == sentences
    assert Vocabulary(vocabulary.tokens[2:]) == vocabulary


@given(SENTENCES, st.randoms(use_true_random=False))
def test_the_order_of_sentences_does_not_change_ids(sentences, rng: random.Random):
    shuffled = [rng.sample(sentence, len(sentence)) for sentence in sentences]
    rng.shuffle(shuffled)
    assert Vocabulary.build(shuffled) == Vocabulary.build(sentences)
    assert hash(Vocabulary.build(shuffled)) == hash(Vocabulary.build(sentences))


def test_frequent_tokens_come_first_and_ties_by_code_point():
    assert Vocabulary.build([["b", "c", "a"], ["c", "人"]]).tokens[2:] == ("c", "a", "b", "人")


def test_rare_tokens_are_left_out():
    sentences = [["a", "a", "b"], ["a", "b", "c"]]
    assert Vocabulary.build(sentences, min_count=2).tokens[2:] == ("a", "b")
    assert Vocabulary.build(sentences, min_count=3).tokens[2:] == ("a",)


@pytest.mark.parametrize("tokens", [["a", "a"], [""], ["<pad>"], ["a", "<unk>"]])
def test_tokens_that_cannot_be_told_apart_are_refused(tokens):
    with pytest.raises(ValueError, match="different and not empty"):
        Vocabulary(tokens)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Vocabulary("tea"),
        lambda: Vocabulary(None),
        lambda: Vocabulary([1]),
        lambda: Vocabulary({"a", "b"}),
        lambda: Vocabulary.build(["the soup"]),
        lambda: Vocabulary.build("the soup"),
        lambda: Vocabulary.build([["a"], "b"]),
        lambda: Vocabulary.build(None),
        lambda: Vocabulary.build([3]),
        lambda: Vocabulary.build([["a", 3]]),
        lambda: Vocabulary.build([["a"]], min_count="2"),
        lambda: Vocabulary.build([["a"]], min_count=1.5),
        lambda: Vocabulary(["a"]).encode(["the soup"]),
        lambda: Vocabulary(["a"]).encode("soup"),
        lambda: Vocabulary(["a"]).encode(None),
        lambda: Vocabulary(["a"]).encode([["a"]], length="3"),
        lambda: Vocabulary(["a"]).id_of(None),
        lambda: Vocabulary(["a"]).id_of(["a"]),
        lambda: join_tokens("tea"),
        lambda: join_tokens(None),
        lambda: join_tokens([1]),
    ],
)
def test_what_is_of_the_wrong_kind_is_refused_by_name(make):
    with pytest.raises(
        TypeError, match=r"^(sentences|each of the sentences|tokens|token|min_count|length) must be"
    ):
        make()


def test_a_length_below_zero_is_refused():
    with pytest.raises(ValueError, match="length must be at least 0"):
        Vocabulary(["a"]).encode([["a"]], length=-1)


# -- padding


@given(st.lists(st.lists(st.integers(2, 99), max_size=6)), st.none() | st.integers(0, 8))
def test_padding_fills_and_cuts_on_the_right(rows, length):
    padded = pad(rows, -1, length)
    width = max(map(len, rows), default=0) if length is None else length
    assert padded.shape == (len(rows), width)
    assert padded.dtype == np.int32
    assert padded.tolist() == [(row + [-1] * width)[:width] for row in rows]

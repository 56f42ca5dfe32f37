"""Text to tokens to ids."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.text import PAD, UNK, Vocabulary, join_tokens, pad, tokenize

CHINESE = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
WORD = st.from_regex(r"[A-Za-z0-9]{1,8}", fullmatch=True)
MIXED = st.lists(
    st.one_of(CHINESE, WORD, st.sampled_from(" \n\t　,.!?，。！'’-_s"), st.characters())
).map("".join)
SENTENCES = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=8), max_size=8)


@given(MIXED)
def test_tokens_are_the_text_without_its_blanks(text):
    tokens = tokenize(text)
    assert "".join(tokens) == "".join(text.split())
    assert not any(token.split() != [token] for token in tokens)


@given(MIXED)
def test_a_chinese_character_is_a_token_of_its_own(text):
    for token in tokenize(text):
        assert len(token) == 1 or not any("\u4e00" <= c <= "\u9fff" for c in token)


@pytest.mark.parametrize("character", "㐀䶿一鿿豈𠀀𪛖𫝀")
def test_rare_chinese_characters_are_tokens_too(character):
    assert tokenize(character * 2 + "x") == [character, character, "x"]


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


# -- padding


@given(st.lists(st.lists(st.integers(2, 99), max_size=6)), st.none() | st.integers(0, 8))
def test_padding_fills_and_cuts_on_the_right(rows, length):
    padded = pad(rows, -1, length)
    width = max(map(len, rows), default=0) if length is None else length
    assert padded.shape == (len(rows), width)
    assert padded.dtype == np.int32
    assert padded.tolist() == [(row + [-1] * width)[:width] for row in rows]

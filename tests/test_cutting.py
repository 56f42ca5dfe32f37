import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.cutting import cut
from mtl_tutorial.text import Vocabulary, normalized, tokenize

PLAIN = Vocabulary(["我", "The", "tea"])


@given(st.text(max_size=20))
def test_text_is_cut_as_tokenize_does_and_every_token_stands_at_its_place(text):
    sentence = cut(text, PLAIN)
    assert list(sentence.tokens) == tokenize(text)
    assert sentence.text == text
    for token, (start, end) in zip(sentence.tokens, sentence.places, strict=True):
        assert normalized(text[start:end]) == token


@pytest.mark.parametrize(
    "text, known, tokens",
    [
        ("我喜欢北京大学", ["喜欢", "北京", "北京大学"], ["我", "喜欢", "北京大学"]),
        ("北京大", ["北京大学", "北京"], ["北京", "大"]),
        ("a . b.c", ["b.c", ".b"], ["a", ".", "b.c"]),
        ("x.y z", ["yz", "x."], ["x.y", "z"]),  # tokenize's own tokens are not cut
        ("at 3:30pm, no", ["3:30pm"], ["at", "3:30pm", ",", "no"]),
    ],
)
def test_known_tokens_that_stand_together_stay_whole(text, known, tokens):
    assert list(cut(text, Vocabulary(known)).tokens) == tokens


def test_a_vocabulary_of_small_letters_reads_small_letters():
    vocabulary = Vocabulary(["york", "new-york!", "我"])
    sentence = cut("Ｙork NEW-York! 我", vocabulary)
    assert sentence.tokens == ("york", "new-york!", "我")
    assert sentence.places == ((0, 4), (5, 14), (15, 16))
    assert cut(["York", "Ana"], vocabulary).tokens == ("york", "ana")
    assert cut("İx! NEW-York!", vocabulary).tokens[-1] == "new-york!"  # the small İ is longer
    for kept in (["York", "tea"], ["我", "1"]):  # it knows capitals, or no letters that have any
        assert cut("YORK", Vocabulary(kept)).tokens == ("YORK",)


def test_tokens_are_not_cut_but_spelled():
    sentence = cut(["New York", "!", "Zoe\u0308"], PLAIN)
    assert sentence.tokens == ("New York", "!", "Zo\u00eb")
    assert sentence.text == "New York! Zoe\u0308"
    assert [sentence.text[a:b] for a, b in sentence.places] == ["New York", "!", "Zoe\u0308"]


@pytest.mark.parametrize("wrong", [3, None, ["tea", 3]])
def test_what_is_neither_text_nor_tokens_is_refused(wrong):
    with pytest.raises(TypeError, match="a sentence must be a list of tokens"):
        cut(wrong, PLAIN)

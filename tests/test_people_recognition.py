"""The grammar that made the shipped sentences can say them, and no sentence that is broken."""

import random

import pytest

from mtl_tutorial import people
from mtl_tutorial.corpora.people_recognition import verdicts

LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fresh_sentence_can_be_said_and_means_its_verdict(language):
    for row in people.sample(60, language, seed=5, noise=0.0):
        assert row["sentiment"] in verdicts(row["text"], language), row["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_sentences_have_one_verdict(language):
    found = [verdicts(row["text"], language) for row in people.sample(60, language, seed=6)]
    assert sum(len(one) == 1 for one in found) >= 58


@pytest.mark.parametrize("language", LANGUAGES)
def test_broken_sentences_cannot_be_said(language):
    rng = random.Random(0)
    blank = "" if language == "zh" else " "
    broken = []
    for row in people.sample(40, language, seed=7):
        words = [*row["text"]] if language == "zh" else row["text"].split()
        i = rng.randrange(len(words) - 3)
        broken.append(
            blank.join([*words[:i], words[i + 2], words[i + 1], words[i], *words[i + 3 :]])
        )
    assert sum(bool(verdicts(text, language)) for text in broken) <= 4


@pytest.mark.parametrize(
    "text, language, found",
    [
        ("我同事推荐的极雀手表，特别好用。", "zh", {"positive"}),
        ("我同事推荐的极雀手表特别好用", "zh", set()),  # no end
        ("我姐夫推荐的极雀手表，他说特别好用。", "zh", set()),  # no frame
        ("", "zh", set()),
        ("我同事推荐的极雀手表，特别好用。", "en", set()),
    ],
)
def test_verdicts(text, language, found):
    assert verdicts(text, language) == found


def test_a_pronoun_agrees_with_the_person():
    told = "你问的极雀手表，我姐夫很了解，{}说特别好用。"
    assert [verdicts(told.format(he), "zh") for he in ("他", "她")] == [{"positive"}, set()]


@pytest.mark.parametrize("text, language", [(None, "zh"), ("odd", "fr"), (3, "en")])
def test_what_is_no_text_or_language_is_refused(text, language):
    with pytest.raises((TypeError, ValueError)):
        verdicts(text, language)

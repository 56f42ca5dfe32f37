import pytest

from mtl_tutorial.reasons import read_reason, reason, reason_in_words

REASONS = [
    reason("interrupted", epoch=4),
    reason("not a number", task="ner", epoch=12),
    reason("error", said="RuntimeError: no memory"),
]


@pytest.mark.parametrize("stopped", REASONS, ids=str)
def test_a_reason_of_an_older_file_is_read_from_its_words(stopped):
    words = reason_in_words(stopped)
    assert read_reason(words) == read_reason(stopped) == stopped


def test_who_was_not_stopped_has_no_reason():
    assert read_reason(None) is None

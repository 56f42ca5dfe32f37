"""The languages in which the course speaks to its readers."""

from typing import Any

from mtl_tutorial.arguments import one_of

LANGUAGES = ("en", "zh")


def check_language(language: Any) -> None:
    """Refuse a language that the course does not speak.

    Raises
    ------
    ValueError
        If `language` is not one of `LANGUAGES`.
    TypeError
        If it is not a string.

    Examples
    --------
    >>> check_language("fr")
    Traceback (most recent call last):
    ValueError: unknown language 'fr'; choose one of ['en', 'zh']
    """
    one_of("language", language, LANGUAGES)

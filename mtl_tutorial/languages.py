"""The languages in which the course speaks to its readers."""

LANGUAGES = ("en", "zh")


def check_language(language: str) -> None:
    """Refuse a language that the course does not speak.

    Raises
    ------
    ValueError
        If `language` is none of `LANGUAGES`.

    Examples
    --------
    >>> check_language("fr")
    Traceback (most recent call last):
    ValueError: unknown language 'fr'; choose one of ['en', 'zh']
    """
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}; choose one of {list(LANGUAGES)}")

"""What exercises and quizzes say: a verdict, hint or solution, as a box in a notebook and as text elsewhere."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["correct", "not yet", "not attempted", "hint", "solution"]
Text = Mapping[str, str]
"""The same text in each language: ``{"en": ..., "zh": ...}``."""

_TITLES: dict[str, Text] = {
    "correct": {"en": "✓ Correct", "zh": "✓ 正确"},
    "not yet": {"en": "✗ Not yet", "zh": "✗ 还不对"},
    "not attempted": {"en": "○ Not attempted", "zh": "○ 还没有作答"},
    "hint": {"en": "Hint {} of {}", "zh": "提示 {}／{}"},
    "solution": {"en": "One solution", "zh": "一种解法"},
}
_MARKS = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|(?<![A-Za-z0-9_*])(?P<stars>\*\*?)(?! )(?P<stress>(?:`[^`]+`|[^*`\n])+)(?<! )(?P=stars)(?![A-Za-z0-9_*])"
)
_COLORS = {  # of the box's edge: no one color can be read as text on light and dark alike
    "correct": "#009E73",
    "not yet": "#D55E00",
    "not attempted": "#767676",
}


def titled(kind: Kind, language: str) -> str:
    """Say a verdict, or what else a message is, in one language."""
    return _TITLES[kind][language]


def as_html(text: str) -> str:
    """Text with its `code` and *stress* as HTML.

    Examples
    --------
    >>> as_html("*Not* `a * b < c`: 2 * 3 * 4")
    '<em>Not</em> <code>a * b &lt; c</code>: 2 * 3 * 4'
    """
    parts, end = [], 0
    for mark in _MARKS.finditer(text):
        parts.append(html.escape(text[end : mark.start()]))
        if mark["code"]:
            parts.append(f"<code>{html.escape(mark['code'])}</code>")
        else:
            tag = "em" if mark["stars"] == "*" else "strong"
            parts.append(f"<{tag}>{as_html(mark['stress'])}</{tag}>")
        end = mark.end()
    return "".join([*parts, html.escape(text[end:])])


def as_text(text: str) -> str:
    """Text as it is printed: `code` in its marks, *stress* without.

    Examples
    --------
    >>> as_text("*Not* `a * b < c`: 2 * 3 * 4")
    'Not `a * b < c`: 2 * 3 * 4'
    """
    return _MARKS.sub(lambda mark: mark[0] if mark["code"] else mark["stress"], text)


@dataclass(frozen=True)
class Message:
    """What an exercise says; shown as a box in a notebook, as text elsewhere."""

    kind: Kind
    title: str
    text: str

    def __repr__(self) -> str:
        text = self.text if self.kind == "solution" else as_text(self.text)
        return f"{self.title}\n{text}"

    def _repr_html_(self) -> str:
        if self.kind == "solution":
            body = f"<pre style='margin:.4em 0 0'>{html.escape(self.text)}</pre>"
        else:
            body = "<br>" + as_html(self.text).replace("\n", "<br>")
        color = _COLORS.get(self.kind, "#0072B2")
        return (
            f"<div style='border-left:5px solid {color};padding:.4em .9em;line-height:1.5'>"
            f"<b>{html.escape(self.title)}</b>{body}</div>"
        )

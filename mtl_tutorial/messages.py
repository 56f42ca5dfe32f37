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
_COLORS = {"correct": "#009E73", "not yet": "#D55E00", "not attempted": "#767676"}


def titled(kind: Kind, language: str) -> str:
    """Say a verdict, or what else a message is, in one language."""
    return _TITLES[kind][language]


@dataclass(frozen=True)
class Message:
    """What an exercise says; shown as a box in a notebook, as text elsewhere."""

    kind: Kind
    title: str
    text: str

    def __repr__(self) -> str:
        return f"{self.title}\n{self.text}"

    def _repr_html_(self) -> str:
        text = html.escape(self.text)
        if self.kind == "solution":
            body = f"<pre style='margin:.4em 0 0'>{text}</pre>"
        else:
            body = "<br>" + re.sub("`([^`]+)`", r"<code>\1</code>", text).replace("\n", "<br>")
        color = _COLORS.get(self.kind, "#0072B2")
        return (
            f"<div style='border-left:5px solid {color};padding:.4em .9em;line-height:1.5'>"
            f"<b style='color:{color}'>{html.escape(self.title)}</b>{body}</div>"
        )

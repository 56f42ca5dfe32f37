"""Type a sentence, see every task's answer: `SentenceBox`, and the same without a mouse, `sentence_html`.

All text that comes from a user or from data is escaped before it becomes HTML.
"""

from __future__ import annotations

import html
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ipywidgets

from mtl_tutorial.languages import check_language
from mtl_tutorial.plots import task_color
from mtl_tutorial.scoring import spans
from mtl_tutorial.text import UNK, tokenize

if TYPE_CHECKING:
    from mtl_tutorial.model import MultiTaskModel

_WORDS = {
    "en": {
        "sentence": "Sentence",
        "type": "Type a sentence and press Enter",
        "answer": "Answer",
        "examples": "Examples",
        "choose": "choose one …",
        "empty": "Type a sentence above, or choose one of the examples, and the model will answer it.",
        "comma": ", ",
        "unknown": "Words that the model does not know: {}",
        "guess": "That is at least half of the sentence: what the model says here is little more than a guess.",
        "error": "The model could not answer this sentence:",
        "details": "Where it happened",
    },
    "zh": {
        "sentence": "句子",
        "type": "输入一个句子，按回车键",
        "answer": "回答",
        "examples": "例句",
        "choose": "选一句……",
        "empty": "请在上面输入一个句子，或者选一个例句，模型就会回答。",
        "comma": "、",
        "unknown": "模型不认识的词：{}",
        "guess": "句子里至少一半的词它都不认识：这里的回答和瞎猜差不多。",
        "error": "模型没能回答这个句子：",
        "details": "出错的位置",
    },
}
# Pale enough for dark text, and told apart by color-blind readers; the tag stands beside it anyway.
_PALE = ("#BFE3F7", "#FFE0A3", "#C4EBD9", "#F3D3E5", "#E3E3E3")
_MOST_NAMED = 8  # unknown words that are listed


def sentence_html(model: MultiTaskModel, text: str, language: str = "en") -> str:
    """Every task's answer to one sentence, with its probability, and the sentence with its entities marked.

    Parameters
    ----------
    model
        From `build_model` or `load_model`.
    text
        The sentence, as it is typed.
    language
        Of the few words around the answers, ``"en"`` or ``"zh"``.

    Returns
    -------
    str
        HTML. What `text` and labels contain is escaped. `predict` gives the same as a table.

    Raises
    ------
    ValueError
        If there is no token in the sentence, or the language is unknown.
    """
    from mtl_tutorial.prediction import probabilities, read_answer

    check_language(language)
    tokens = tokenize(text)
    if not tokens:
        raise ValueError(f"no token in sentence {text!r}")
    marked, rows = [], []
    for name, found in probabilities(model, [tokens]).items():
        task = model.tasks[name]
        if task.is_bio:
            tags = [task.labels[i] for i in found[0].argmax(axis=-1)]
            types = list(dict.fromkeys(label[2:] for label in task.labels if label != "O"))
            marked.append(f"<p style='line-height:2'>{_marked(text, tokens, tags, types)}</p>")
        else:
            rows.append(_bar(name, *read_answer(task, model, tokens, found[0])))
    table = f"<table style='border-collapse:collapse;margin:0'>{''.join(rows)}</table>"
    return f"<div role='status'>{''.join(marked)}{table}{_unknown(model, tokens, language)}</div>"


def _marked(text: str, tokens: Sequence[str], tags: Sequence[str], types: Sequence[str]) -> str:
    """The text with its entities on a colored ground, each followed by its type."""
    starts, at = [], 0
    for token in tokens:
        starts.append(text.index(token, at))
        at = starts[-1] + len(token)
    shown, at = "", 0
    for first, end, entity in spans(tags):
        start, stop = starts[first], starts[end - 1] + len(tokens[end - 1])
        color = _PALE[types.index(entity) % len(_PALE)]
        shown += (
            f"{html.escape(text[at:start])}<mark style='background:{color};color:#222;"
            f"padding:.15em .35em;border-radius:.3em'>{html.escape(text[start:stop])}"
            f"<small style='margin-left:.4em'><b>{html.escape(entity)}</b></small></mark>"
        )
        at = stop
    return shown + html.escape(text[at:])


def _bar(task: str, label: str, probability: float) -> str:
    """A line of the table: task, answer, its probability as a bar and as a figure."""
    cell = "<td style='text-align:left;padding:.15em 1em .15em 0'>"
    bar = f"width:{probability:.0%};height:.8em;background:{task_color(task)}"
    return (
        f"<tr style='background:none'>{cell}{html.escape(task)}</td>{cell}<b>{html.escape(label)}</b></td>"
        f"{cell}<div style='width:9em;background:rgba(128,128,128,.25)'><div style='{bar}'></div></div>"
        f"</td>{cell}{probability:.0%}</td></tr>"
    )


def _unknown(model: MultiTaskModel, tokens: Sequence[str], language: str) -> str:
    """Which tokens the model does not know; a warning if they are half of the sentence or more."""
    words = _WORDS[language]
    unknown = [token for token in tokens if model.vocabulary.id_of(token) == UNK]
    if not unknown:
        return ""
    named = list(dict.fromkeys(unknown))
    listed = named[:_MOST_NAMED] + ["…"] * (len(named) > _MOST_NAMED)
    says = [words["unknown"].format(words["comma"].join(listed))]
    if 2 * len(unknown) >= len(tokens):
        says.append(words["guess"])
    return "".join(f"<p>{html.escape(sentence)}</p>" for sentence in says)


class SentenceBox(ipywidgets.VBox):
    """A line to type a sentence in, examples to choose from, and the model's answers below.

    Parameters
    ----------
    model
        From `build_model` or `load_model`.
    language
        Of labels and messages, ``"en"`` or ``"zh"``.
    examples
        Sentences to choose from.

    Attributes
    ----------
    line, button, menu, answer
        Its parts: the text field, the button, the examples, and the HTML of the answer.
    """

    def __init__(self, model: MultiTaskModel, language: str = "en", examples: Sequence[str] = ()):
        check_language(language)
        words = _WORDS[language]
        self.model, self.language = model, language
        wide = {"layout": ipywidgets.Layout(width="auto", flex="1 1 auto")}
        style = {"style": {"description_width": "5.5em"}}
        self.line = ipywidgets.Text(
            description=words["sentence"], placeholder=words["type"], tooltip=words["type"],
            continuous_update=False, **wide, **style,
        )  # fmt: skip
        self.button = ipywidgets.Button(
            description=words["answer"], button_style="primary", tooltip=words["answer"]
        )
        self.menu = ipywidgets.Dropdown(
            description=words["examples"], options=[(words["choose"], ""), *((text, text) for text in examples)],
            tooltip=words["choose"], **wide, **style,
        )  # fmt: skip
        self.answer = ipywidgets.HTML(f"<p>{words['empty']}</p>")
        top = ipywidgets.HBox([self.line, self.button])
        super().__init__([top, *([self.menu] if examples else []), self.answer])
        self.line.observe(self._show, names="value")  # Enter, or the field is left
        self.button.on_click(self._show)
        self.menu.observe(self._take, names="value")

    def _take(self, change: Any) -> None:
        if change["new"]:
            self.line.value, self.menu.value = change["new"], ""

    def _show(self, _: Any) -> None:
        """Answer the sentence. Errors go into the box: nothing else would show them."""
        words = _WORDS[self.language]
        try:
            typed = self.line.value.strip()
            self.answer.value = (
                sentence_html(self.model, typed, self.language)
                if typed
                else f"<p>{words['empty']}</p>"
            )
        except Exception as error:
            reason = html.escape(f"{type(error).__name__}: {error}")
            details = html.escape(traceback.format_exc())
            self.answer.value = (
                f"<div role='alert'><p>{words['error']} <b>{reason}</b></p>"
                f"<details><summary>{words['details']}</summary><pre>{details}</pre></details></div>"
            )

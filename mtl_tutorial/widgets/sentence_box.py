"""Type a sentence, see every task's answer: `SentenceBox`, and the same without a mouse, `sentence_html`.

The box is drawn in the browser (`lab/box.js`) from plain data. In `sentence_html` all text that comes
from a user or from data is escaped before it becomes HTML.
"""

from __future__ import annotations

import html
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import traitlets as t

from mtl_tutorial.cutting import Sentence, cut
from mtl_tutorial.languages import check_language
from mtl_tutorial.plots import task_color
from mtl_tutorial.text import UNK
from mtl_tutorial.widgets import face
from mtl_tutorial.widgets.still import WithStill

if TYPE_CHECKING:
    from mtl_tutorial.model import MultiTaskModel

WORDS = {
    "en": {
        "sentence": "Sentence",
        "type": "Type a sentence and press Enter",
        "answer": "Answer",
        "examples": "Examples",
        "choose": "choose one …",
        "empty": "Type a sentence above, or choose one of the examples, and the model will answer it.",
        "comma": ", ",
        "unknown": "Words that the model does not know: {words}",
        "guess": "That is at least half of the sentence: what the model says here is little more than a guess.",
        "trouble": "The model could not answer this sentence:",
        "details": "Where it happened",
        "gone": "The kernel has restarted, and this box has lost its connection: run this cell again.",
    },
    "zh": {
        "sentence": "句子",
        "type": "输入一个句子，按回车键",
        "answer": "回答",
        "examples": "例句",
        "choose": "选一句……",
        "empty": "请在上面输入一个句子，或者选一个例句，模型就会回答。",
        "comma": "、",
        "unknown": "模型不认识的词：{words}",
        "guess": "句子里至少一半的词它都不认识：这里的回答和瞎猜差不多。",
        "trouble": "模型没能回答这个句子：",
        "details": "出错的位置",
        "gone": "内核已经重启，这个输入框断了连接：请重新运行这个单元格。",
    },
}
_STILL = {
    "en": "Run this cell, and a line to type a sentence in stands here.",
    "zh": "运行这个单元格，这里就会出现输入句子的框。",
}
# Pale enough for dark text, and told apart by color-blind readers; the tag stands beside it anyway.
ENTITY_COLORS = ("#BFE3F7", "#FFE0A3", "#C4EBD9", "#F3D3E5", "#E3E3E3")
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
        Language of the few words around the answers, ``"en"`` or ``"zh"``.

    Returns
    -------
    str
        HTML. What `text` and labels contain is escaped. `predict` gives the same as a table.

    Raises
    ------
    ValueError
        If there is no token in the sentence, or the language is unknown.
    """
    check_language(language)
    return _as_html(_answered(model, text), language)


def _as_html(found: dict[str, Any], language: str) -> str:
    """The answer as HTML that needs no script."""
    words = WORDS[language]
    marked = "".join(
        f"<p style='line-height:2'>{''.join(map(_piece, pieces))}</p>" for pieces in found["marked"]
    )
    rows = "".join(_bar(**row) for row in found["rows"])
    table = f"<table style='border-collapse:collapse;margin:0'>{rows}</table>"
    says = (
        [words["unknown"].format(words=words["comma"].join(found["unknown"]))]
        if found["unknown"]
        else []
    )
    says += [words["guess"]] if found["guess"] else []
    below = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in says)
    return f"<div role='status'>{marked}{table}{below}</div>"


def _answered(model: MultiTaskModel, text: str) -> dict[str, Any]:
    """Every task's answer as plain data.

    ``marked``: for each BIO task the text in pieces, those of an entity with its name and a color;
    ``rows``: ``task, label, probability, color`` of the others; ``unknown``: words that the model
    does not know; ``guess``: whether they are half of the sentence or more.
    """
    from mtl_tutorial.prediction import ask, read_answer, read_spans

    sentence = cut(text, model.vocabulary)
    tokens = sentence.tokens
    if not tokens:
        raise ValueError(f"no token in sentence {text!r}")
    (answers,) = ask(model, [sentence])
    marked, rows = [], []
    for name, answer in answers.items():
        task = model.tasks[name]
        if task.scheme:
            types = list(dict.fromkeys(label[2:] for label in task.labels if label != "O"))
            marked.append(_pieces(sentence, read_spans(task, answer), types))
        else:
            label, probability = read_answer(task, model, sentence, answer)
            row = {"task": name, "label": label, "probability": float(probability)}
            rows.append({**row, "color": task_color(name)})
    unknown = [token for token in tokens if model.vocabulary.id_of(token) == UNK]
    named = list(dict.fromkeys(unknown))
    return {
        "marked": marked,
        "rows": rows,
        "unknown": named[:_MOST_NAMED] + ["…"] * (len(named) > _MOST_NAMED),
        "guess": 2 * len(unknown) >= len(tokens),
    }


def _pieces(
    sentence: Sentence, found: Sequence[tuple], types: Sequence[str]
) -> list[dict[str, str]]:
    """The text cut where entities begin and end: ``text``, and of an entity also ``entity, color``."""
    text, pieces, at = sentence.text, [], 0
    for first, beyond, entity, _ in found:
        start, stop = sentence.places[first][0], sentence.places[beyond - 1][1]
        color = ENTITY_COLORS[types.index(entity) % len(ENTITY_COLORS)]
        pieces += [
            {"text": text[at:start]},
            {"text": text[start:stop], "entity": entity, "color": color},
        ]
        at = stop
    return [*pieces, {"text": text[at:]}]


def _piece(piece: dict[str, str]) -> str:
    text = html.escape(piece["text"])
    if "entity" not in piece:
        return text
    return (
        f"<mark style='background:{piece['color']};color:#222;padding:.15em .35em;border-radius:.3em'>"
        f"{text}<small style='margin-left:.4em'><b>{html.escape(piece['entity'])}</b></small></mark>"
    )


def _bar(task: str, label: str, probability: float, color: str) -> str:
    """A line of the table: task, answer, its probability as a bar and as a figure."""
    cell = "<td style='text-align:left;padding:.15em 1em .15em 0'>"
    bar = f"width:{probability:.0%};height:.8em;background:{color}"
    return (
        f"<tr style='background:none'>{cell}{html.escape(task)}</td>{cell}<b>{html.escape(label)}</b></td>"
        f"{cell}<div style='width:9em;background:rgba(128,128,128,.25)'><div style='{bar}'></div></div>"
        f"</td>{cell}{probability:.0%}</td></tr>"
    )


class SentenceBox(WithStill):
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
    typed
        The sentence that was answered last.
    answer
        What the model said of it, as plain data; empty if there is no answer.
    error
        The text of the last error; empty if there is none.
    """

    _esm = face.module(*face.BOX)
    _css = face.style()

    words = t.Dict().tag(sync=True)
    language = t.Unicode().tag(sync=True)
    examples = t.List().tag(sync=True)
    typed = t.Unicode().tag(sync=True)
    answer = t.Dict().tag(sync=True)
    trouble = t.Dict({"what": "", "details": ""}).tag(sync=True)

    def __init__(self, model: MultiTaskModel, language: str = "en", examples: Sequence[str] = ()):
        check_language(language)
        self.model = model
        super().__init__(words=WORDS[language], language=language, examples=[*examples])
        self.on_msg(lambda _, message, __: self._ask(message["typed"]))

    @property
    def error(self) -> str:
        return self.trouble["what"]

    def _ask(self, typed: str) -> None:
        """Answer the sentence. Errors go into the box: nothing else would show them."""
        self.typed, self.trouble = typed.strip(), {"what": "", "details": ""}
        try:
            self.answer = _answered(self.model, self.typed) if self.typed else {}
        except Exception as error:
            self.answer = {}
            self.trouble = {
                "what": f"{type(error).__name__}: {error}",
                "details": traceback.format_exc(),
            }
        self._snapshot()

    def _still(self) -> str:
        if self.answer:
            return _as_html(self.answer, self.language)
        return f"<p>{html.escape(self.error or _STILL[self.language])}</p>"

    def _shows(self) -> object:
        return self.answer, self.error

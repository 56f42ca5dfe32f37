"""The pages: from what lessons say to HTML that a browser prints."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt  # jupytext brings it along
from matplotlib import rc_context
from matplotlib.mathtext import math_to_image

from mtl_tutorial.handouts.reading import NOTEBOOKS, Lesson, Section
from mtl_tutorial.plots.fonts import families
from mtl_tutorial.quizzes import quiz

WORDS = {
    "en": {
        "diagram": "Who shares what?",
        "plan": "Plan:",
        "why": "What I expect of it, task by task, in points:",
        "task": "task",
        "how": "Write a task over each column. Join the boxes of those tasks that share a level; leave apart what is a task's own.",
        "predictions": "Predictions",
        "guess": "I expect",
        "because": "because",
        "found": "It came out",
        "terms": "Terms",
        "able": "Afterwards you can",
        "five": "In five lines",
        "new": "Terms",
        "quiz": "Quiz",
        "key": "Key to the quizzes",
        "predict": "Predict",
        "name": "Name:",
    },
    "zh": {
        "diagram": "谁共享什么？",
        "plan": "方案：",
        "why": "我预计每个任务的变化（百分点）：",
        "task": "任务",
        "how": "在每一列上方写一个任务。共享某个层级的任务，把它们的格子连成一片；归任务自己的，就分开。",
        "predictions": "预测",
        "guess": "我预计",
        "because": "因为",
        "found": "结果是",
        "terms": "术语",
        "able": "学完以后，你能够",
        "five": "五句话小结",
        "new": "术语",
        "quiz": "小测验",
        "key": "小测验答案",
        "predict": "先预测",
        "name": "姓名：",
    },
}
LEVELS = {
    "en": ["embedding", "encoder 1", "encoder 2", "heads"],
    "zh": ["嵌入", "编码器 1", "编码器 2", "头"],
}
STYLE = """
@font-face { font-family: "Course Sans SC"; src: url("CourseSansSC.otf"); }
@page { size: A4; margin: 18mm 18mm 16mm; }
html { font: 10.5pt/1.5 "Helvetica Neue", "Segoe UI", "DejaVu Sans", Arial, "Course Sans SC", sans-serif; color: #1a1a1a; }
body { margin: 0; }
h1 { font-size: 17pt; margin: 0 0 .2em; line-height: 1.25; }
h2 { font-size: 12pt; margin: 1em 0 .3em; color: #0072B2; break-after: avoid; }
p, ol, ul { margin: .3em 0; } ol, ul { padding-left: 1.5em; }
code { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .88em; background: #f2f2f2; padding: 0 .2em; border-radius: 2px; }
pre code { display: block; padding: .6em .8em; line-height: 1.4; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; margin: .4em 0; font-size: .94em; }
th, td { text-align: left; vertical-align: top; padding: .22em .6em .22em 0; border-bottom: .5pt solid #ccc; }
th:first-child, td:first-child { min-width: 2.4em; }
th { border-bottom: 1pt solid #666; } tr { break-inside: avoid; } thead { display: table-header-group; }
.page { break-after: page; } .page:last-child { break-after: auto; }
.lead { font-size: 12pt; color: #444; margin: 0 0 .6em; }
.formula svg { max-width: 100%; height: auto !important; }
.ask { break-inside: avoid; margin: .7em 0 1.1em; }
.lines { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 5mm; color: #767676; font-size: 8.5pt; margin-top: 9mm; }
.lines span { border-top: .5pt solid #999; padding-top: .5mm; }
.name { color: #767676; text-align: right; font-size: 9pt; margin: 0 0 2mm; }
ol[type=a] { margin: .1em 0 .5em; } li { break-inside: avoid; }
svg text { font: 10pt "Helvetica Neue", "Segoe UI", "DejaVu Sans", Arial, "Course Sans SC", sans-serif; fill: #555; }
.dense { font-size: .9em; line-height: 1.4; } .dense .lines { margin-top: 6mm; } .dense td { padding-top: .1em; padding-bottom: .1em; }
"""
SLIDES = """
@page { size: 320mm 180mm; margin: 0; }
html { font-size: 21pt; }
.page { box-sizing: border-box; width: 320mm; height: 180mm; padding: 15mm 20mm; overflow: hidden; position: relative; display: flex; flex-direction: column; justify-content: center; }
.page::after { content: attr(data-foot); position: absolute; right: 20mm; bottom: 7mm; font-size: 10pt; color: #767676; }
.page.small { font-size: 17pt; } .page.tiny { font-size: 13pt; } .page.least { font-size: 10.5pt; }
.page.least h2 { font-size: 16pt; }
h1 { font-size: 34pt; } h2 { font-size: 24pt; margin: 0 0 .5em; }
.lead { font-size: 22pt; }
.formula { font-size: 1.3em; }
.kind { color: #D55E00; font-weight: bold; margin: 0; }
table { font-size: 1em; }
"""


def html_of(markdown: str) -> str:
    """Turn a lesson's Markdown into HTML; formulas become pictures, links mere words."""
    formulas: list[str] = []

    def keep(found: re.Match[str]) -> str:
        formulas.append(_formula(found[1] or found[2], shown=bool(found[1])))
        return f"FORMULA{len(formulas) - 1}Q"

    text = re.sub(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", keep, markdown, flags=re.DOTALL)
    text = re.sub(r"\[([^\]]+)\]\([^)]+\.(?:ipynb|md)\)", r"\1", text)
    made = MarkdownIt("commonmark").enable("table").render(text)
    return re.sub(r"FORMULA(\d+)Q", lambda found: formulas[int(found[1])], made)


_SPELLED = {
    r"\tfrac12": r"\frac{1}{2}",
    r"\top": "T",
    r"\le ": r"\leq ",
    r"\sqrt n": r"\sqrt{n}",
    r"\sqrt d": r"\sqrt{d}",
    r"\Big": "",
}
"""What lessons write in TeX → as Matplotlib knows it."""


def _formula(tex: str, shown: bool) -> str:
    """Draw TeX by Matplotlib's own; what it does not know stays as it was written."""
    drawn = io.StringIO()
    plain = tex.strip().replace("\n", " ")
    for ours, theirs in _SPELLED.items():
        plain = plain.replace(ours, theirs)
    if shown:
        plain = plain.replace(r"\frac", r"\dfrac")
    chinese: dict[Any, Any] = {
        "mathtext.fontset": "custom", "mathtext.cal": "DejaVu Sans", "mathtext.rm": families()[-1],
    }  # fmt: skip
    try:
        with rc_context({} if plain.isascii() else chinese):
            depth = math_to_image(f"${plain}$", drawn, dpi=72, format="svg")
    except ValueError:
        return f"<code>{html.escape(tex)}</code>"
    picture = drawn.getvalue()
    picture = picture[picture.index("<svg") :]
    width, height = map(float, re.findall(r'(?:width|height)="([\d.]+)pt"', picture)[:2])
    size = f"width:{width / 10:.2f}em;height:{height / 10:.2f}em;"
    place = "" if shown else f"vertical-align:-{depth / 10:.2f}em"
    picture = picture.replace("<svg", f"<svg style='{size}{place}'", 1)
    return f"<p class='formula'>{picture}</p>" if shown else picture


def page(*parts: str, kind: str = "", foot: str = "") -> str:
    """One printed page."""
    return (
        f"<section class='page {kind}' data-foot='{html.escape(foot)}'>{''.join(parts)}</section>"
    )


def document(body: str, language: str, title: str, slides: bool = False) -> str:
    """A whole file."""
    style = STYLE + (SLIDES if slides else "")
    return (
        f"<!doctype html><html lang='{'zh-CN' if language == 'zh' else 'en'}'><meta charset='utf-8'>"
        f"<title>{html.escape(title)}</title><style>{style}</style><body>{body}</body></html>"
    )


def diagram(language: str) -> str:
    """Two blank sharing diagrams to fill in, with room for a prediction."""
    words = WORDS[language]
    columns, rows = 4, LEVELS[language]
    boxes = []
    for row, level in enumerate(reversed(rows)):
        y = 20 + 17 * row
        boxes.append(f"<text x='0' y='{y + 8}' font-size='4'>{level}</text>")
        for column in range(columns):
            x = 34 + 35 * column
            shape = f"<rect x='{x}' y='{y}' width='28' height='11' rx='2' fill='none' stroke='#888' stroke-width='.3' stroke-dasharray='1 1'/>"
            link = f"<line x1='{x + 14}' y1='{y + 11}' x2='{x + 14}' y2='{y + 17}' stroke='#bbb' stroke-width='.3'/>"
            boxes.append(shape + (link if row < len(rows) - 1 else ""))
    names = "".join(
        f"<line x1='{34 + 35 * c}' y1='13' x2='{62 + 35 * c}' y2='13' stroke='#888' stroke-width='.3'/>"
        f"<text x='{34 + 35 * c}' y='17' style='font-size:3px'>{words['task']}</text>"
        for c in range(columns)
    )
    picture = f"<svg viewBox='0 0 174 92' width='100%'><style>text{{font-size:4px!important}}</style>{names}{''.join(boxes)}</svg>"
    one = f"<p>{words['plan']}</p>{picture}<p style='margin-bottom:12mm'>{words['why']}</p>"
    return page(f"<h1>{words['diagram']}</h1><p>{words['how']}</p>", one, one)


def predictions(lessons: Sequence[Lesson], language: str) -> str:
    """A sheet a lesson: each question, with room for a number, a reason, and what came out."""
    words = WORDS[language]
    lines = "".join(f"<span>{words[word]}</span>" for word in ("guess", "because", "found"))
    return "".join(
        page(
            f"<p class='name'>{words['name']} ______________________</p>",
            f"<h1>{html.escape(lesson.title)}</h1><p class='lead'>{words['predictions']}</p>",
            *(
                f"<div class='ask'>{html_of(text)}<div class='lines'>{lines}</div></div>"
                for text in asked
            ),
            kind="dense" if len(asked) > 6 else "",
        )
        for lesson in lessons
        if (asked := lesson.predictions())
    )


def summaries(lessons: Sequence[Lesson], language: str) -> str:
    """A page a lesson: its question, what one can do afterwards, five lines, terms."""
    words = WORDS[language]
    return "".join(
        page(
            f"<h1>{html.escape(lesson.title)}</h1><p class='lead'>{html.escape(lesson.question)}</p>",
            f"<h2>{words['able']}</h2>{html_of(lesson.goals)}",
            f"<h2>{words['five']}</h2>{html_of(lesson.five)}",
            f"<h2>{words['new']}</h2>{html_of(lesson.terms)}",
            kind="dense" if lesson.terms.count("\n") > 12 else "",
        )
        for lesson in lessons
    )


def terms(language: str) -> str:
    """The table of terms, English and Chinese."""
    text = (NOTEBOOKS / "TERMS.md").read_text("utf-8")
    rows = [line.split("|")[1:] for line in text.splitlines() if line.startswith("| ")]
    shown = [f"| {row[0].strip()} | {row[1].strip()} | {row[2].strip()} |" for row in rows]
    head = [shown[0], "|---|---|---|"]
    return page(f"<h1>{WORDS[language]['terms']}</h1>", html_of("\n".join([*head, *shown[1:]])))


def quizzes(lessons: Sequence[Lesson], language: str) -> str:
    """A sheet a lesson, without its key."""
    words = WORDS[language]
    made = []
    for lesson in lessons:
        items = "".join(
            f"<li>{html_of(one.text)}<ol type='a'>"
            + "".join(f"<li>{html_of(option)}</li>" for option in one.options)
            + "</ol></li>"
            for one in quiz(lesson.number, language).questions
        )
        head = f"<h1>{html.escape(lesson.title)}</h1><p class='lead'>{words['quiz']}</p>"
        made.append(
            page(
                f"<p class='name'>{words['name']} ______________________</p>{head}<ol>{items}</ol>"
            )
        )
    return "".join(made).replace("<li><p>", "<li>").replace("</p>\n</li>", "</li>")


def key(lessons: Sequence[Lesson], language: str) -> str:
    """For the teacher: the right letters, and why."""
    words = WORDS[language]
    made = [f"<h1>{words['key']}</h1>"]
    for lesson in lessons:
        items = "".join(
            f"<li><b>{one.right}</b> · {html_of(one.because)[3:-5]}</li>"
            for one in quiz(lesson.number, language).questions
        )
        made.append(f"<h2>{html.escape(lesson.title)}</h2><ol>{items}</ol>")
    return page(*made)


def slides(lesson: Lesson, language: str) -> str:
    """Slides of a lesson: question, goals, each section's point, predictions, exercises, summary."""
    words = WORDS[language]
    made: list[str] = []

    def put(*parts: str, text: str = "") -> None:
        made.append(page(*parts, kind=_size(text), foot=f"{lesson.title} · {len(made) + 1}"))

    put(f"<h1>{html.escape(lesson.title)}</h1><p class='lead'>{html.escape(lesson.question)}</p>")
    put(f"<h2>{words['able']}</h2>{html_of(lesson.goals)}")
    for section in lesson.sections:
        heading = f"<h2>{MarkdownIt('commonmark').renderInline(section.heading)}</h2>"
        for text in _points(section):
            if text.startswith("**") and (words["predict"] in text[:12]):
                rest = text.partition("**")[2].partition("**")[2].lstrip("。.：: ")
                put(heading, f"<p class='kind'>{words['predict']}</p>{html_of(rest)}", text=rest)
            else:
                put(heading, html_of(text), text=text)
        for title, told, stub in section.exercises:
            code = f"{html_of(told)}<pre><code>{html.escape(stub)}</code></pre>"
            put(
                heading,
                f"<p class='kind'>{html.escape(title.replace('`', ''))}</p>{code}",
                text=f"{title}\n\n{told}\n\n{stub}",
            )
    put(f"<h2>{words['five']}</h2>{html_of(lesson.five)}", text=lesson.five)
    return "".join(made)


_SIZES = {"": 21.0, "small": 17.0, "tiny": 13.0, "least": 10.5}
"""Kind of a slide → the size of its text, in points; see `SLIDES`."""
_WIDTH, _HEIGHT = 790, 370
"""What a slide has for text below its heading, in points."""


def _size(text: str) -> str:
    """Choose the kind of the largest letters in which a Markdown text fits a slide."""
    fitting = (kind for kind, points in _SIZES.items() if _height(text, points) <= _HEIGHT)
    return next(fitting, list(_SIZES)[-1])


def _height(text: str, points: float) -> float:
    """About how high a Markdown text stands, in points, when printed in this size."""
    height = 0.0
    for line in text.splitlines():
        ems = sum(1.0 if character > "\u2e7f" else 0.52 for character in line)
        table = line.startswith("|")
        rows = 1 + int(ems * points / _WIDTH * (1.25 if table else 1))  # columns are not even
        height += points * (1.5 * rows + 0.44 * table if line else 0.6)
    return height


def _points(section: Section) -> list[str]:
    """A section's first paragraph, and all of its predictions, tables and formulas, in their order."""
    taken = []
    for place, block in enumerate(section.blocks):
        special = block.startswith(("|", "$$", "**Predict", "**先预测"))
        if (place == 0 and not block.startswith(("#", "```"))) or special:
            taken.append(block)
    return taken

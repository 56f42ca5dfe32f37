"""The sentence box as a page that needs no kernel: the shipped models answer in the browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.plots import task_color
from mtl_tutorial.widgets import box_model, face
from mtl_tutorial.widgets.sentence_box import ENTITY_COLORS, WORDS

_WORDS = {
    "en": {
        "title": "Type a sentence",
        "other": "简体中文",
        "lab": "The Sharing Lab: which layers should the tasks share?",
        "lead": "One model, four tasks. It computes in this page: nothing is installed, and what you type stays in your browser.",
        "scores": "On the corpus's 2,000 test sentences, which it has not learned from: {scores}.",
        "accuracy": "{task} {percent} % right",
        "f1": "{task} F1 {percent} %",
        "limits": "It has learned from 6,000 invented sentences in which somebody talks about people and things, as lesson 00 does it; of other sentences expect guesses.",
    },
    "zh": {
        "title": "输入一个句子",
        "other": "English",
        "lab": "共享实验室：哪些层应该共享？",
        "lead": "一个模型，四个任务。它就在这个网页里计算：不用安装什么，输入的内容也不会离开你的浏览器。",
        "scores": "在它没有学过的 2000 个测试句上：{scores}。",
        "accuracy": "{task} 答对 {percent}%",
        "f1": "{task} 的 F1 为 {percent}%",
        "limits": "它和第 00 课的模型一样，只学过 6000 个编造的句子，说的都是谁在谈论别人和事物；遇到别的句子，它多半只能猜。",
    },
}
EXAMPLES = {
    "en": [
        "My aunt told Laura Kellerby and her landlord Peter about the Bashful Radish Bistro; it is definitely lovely.",
        "My boss told Gavin and his uncle Paul that the Linden Garden is nothing special.",
        "My dentist says that the Veltano One camera is a waste of money.",
        "My neighbor's cat sleeps all day.",
    ],
    "zh": [
        "我表姐给苗琳和她的房东祝敏回信说，江尾巴面馆非常靠谱。",
        "我老板跟周强和他舅舅刘伟说，柳堤公园普普通通。",
        "我的牙医说，蓝蚁K9相机白白浪费钱。",
        "邻居家的猫整天睡觉。",
    ],
}
"""Lesson 00's."""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Type a sentence</title>
<link rel="stylesheet" href="lab.css">
</head>
<body>
<main id="box"></main>
<script src="box_data.js"></script>
<script src="box.js"></script>
</body>
</html>
"""


def write(folder: Path) -> Path:
    """Write the page, its script and both models into the folder of the lab's page, whose style it shares."""
    data = json.dumps(contents(), ensure_ascii=False, separators=(",", ":"))
    start = 'openBoxPage(document.getElementById("box"), BOX_DATA);'
    files = {
        "box_data.js": f"const BOX_DATA = {data};\n",
        "box.js": f"(() => {{\n{face.script(*face.BOX, *face.BOX_PAGE)}\n{start}\n}})();\n",
        "box.html": _PAGE,
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder / "box.html"


def contents() -> dict[str, Any]:
    """What the page knows: of each language words, examples and model; and the colors."""
    models = {language: box_model.shipped(language) for language in LANGUAGES}
    colors = {task: task_color(task) for task in models[LANGUAGES[0]]["tasks"]}
    return {
        "colors": {"tasks": colors, "entities": ENTITY_COLORS},
        **{
            language: {
                "words": {**WORDS[language], **_said(language, model)},
                "examples": EXAMPLES[language],
                "model": model,
            }
            for language, model in models.items()
        },
    }


def _said(language: str, model: dict[str, Any]) -> dict[str, str]:
    """The page's own words, with the model's scores."""
    words = _WORDS[language]
    said = [
        words["f1" if model["tasks"][task]["kind"] == "token" else "accuracy"].format(
            task=task, percent=f"{100 * value:.1f}"
        )
        for task, value in model["scores"].items()
    ]
    scores = words["scores"].format(scores=WORDS[language]["comma"].join(said))
    return {**words, "scores": scores}

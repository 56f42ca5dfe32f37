"""The sentence box as a page that needs no kernel: the shipped models answer in the browser.

They are run there by ONNX Runtime (the npm package onnxruntime-web), which no wheel holds: the page
is a part of the site, `make site`.
"""

from __future__ import annotations

import json
import shutil
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
        "loading": "The model is being loaded: 14 MB, the first time …",
        "unloaded": "It could not be loaded. Reload the page. If that does not help: the page must come from a server (python -m http.server, run in its folder, is one), and the browser must know WebAssembly.",
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
        "loading": "正在加载模型：首次约 14 MB……",
        "unloaded": "模型没能加载。请刷新页面。若仍然不行：网页要由服务器提供（在它的文件夹里运行 python -m http.server 即可），浏览器要支持 WebAssembly。",
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
RUNTIME = (
    "ort.wasm.min.mjs",
    "ort-wasm-simd-threaded.mjs",
    "ort-wasm-simd-threaded.wasm",
)
"""What a page needs of ONNX Runtime, of all that it can do."""
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Type a sentence</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="lab.css">
</head>
<body>
<main id="box"></main>
<script src="box_data.js"></script>
<script src="box.js"></script>
</body>
</html>
"""


def write(folder: Path, runtime: Path) -> Path:
    """Write the page, its script and both models into the folder of the lab's page, whose style it shares.

    ONNX Runtime's files are copied from the folder ``runtime``: the ``dist`` of onnxruntime-web.
    """
    data = json.dumps(contents(), ensure_ascii=False, separators=(",", ":"))
    start = 'openBoxPage(document.getElementById("box"), BOX_DATA);'
    files = {
        "box_data.js": f"const BOX_DATA = {data};\n",
        "box.js": f"(() => {{\n{face.script(*face.BOX, *face.BOX_PAGE)}\n{start}\n}})();\n",
        "box.html": _PAGE,
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    for language in LANGUAGES:
        shutil.copy(box_model.file(language), folder)
    (folder / "onnxruntime").mkdir(exist_ok=True)
    for name in RUNTIME:
        shutil.copy(runtime / name, folder / "onnxruntime")
    return folder / "box.html"


def contents() -> dict[str, Any]:
    """What the page knows: of each language words, examples, what goes with the model, its file; and the colors."""
    models = {language: box_model.described(language) for language in LANGUAGES}
    colors = {task: task_color(task) for task in models[LANGUAGES[0]]["tasks"]}
    return {
        "colors": {"tasks": colors, "entities": ENTITY_COLORS},
        **{
            language: {
                "words": {**WORDS[language], **_said(language, model)},
                "examples": EXAMPLES[language],
                "model": model,
                "file": box_model.file(language).name,
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

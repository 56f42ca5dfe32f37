"""Builds the book: every lesson with its outputs, in both languages, the API and the lab's page.

Run it as `make site`. What is made, in `site/`:

- `en/` and `zh/`, two books of Sphinx; a lesson is its solved notebook, run, with the solutions folded;
- `lab/`, the Sharing Lab and the sentence box without a kernel;
- `index.html`, which leads to the reader's language.

A notebook that was run is kept in `build/book/runs` under the hash of its code and of the package,
and run anew when these change. No network is used: ONNX Runtime, which runs the sentence box's models
in the browser, lies in `node_modules` beside this file, where `npm ci --prefix book` puts it.
"""

import argparse
import hashlib
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from mtl_tutorial.lab.settings import TASKS
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.links import lessons, of_checkout
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.widgets import box_page, lab_page

HERE = Path(__file__).parent
CHECKOUT = HERE.parent
WORK = CHECKOUT / "build" / "book"
RUNTIME = HERE / "node_modules" / "onnxruntime-web" / "dist"
LANGUAGE_LINE = re.compile(r"^\[(?:简体中文|English)\]\(.*\n", re.MULTILINE)
LESSON_LINK = re.compile(r"\[([^\]]+)\]\((\d\d_\w+)\.ipynb(?:#[^)]*)?\)")
WIDGET = "application/vnd.jupyter.widget-view+json"
joined = runpy.run_path(str(CHECKOUT / "notebooks" / "build.py"))["joined"]  # lines of Chinese
LOCALES = {"en": "en", "zh": "zh_CN"}
WORDS = {
    "en": {
        "title": "Multi-task learning for NLP",
        "lessons": "Lessons",
        "more": "More",
        "download": "Download the notebook",
        "open": "Open in",
        "other": "简体中文",
        "lab": "The Sharing Lab",
        "lab here": "Try this plan in the Sharing Lab, here in the browser",
        "box": "Type a sentence to a trained model, here in the browser",
        "figure": "Figure in the section “{}”; the text around it says what it shows",
        "own data": "Data of your own",
        "teaching": "Teaching the course",
        "api": "API",
        "solution": "One solution (try the exercise first)",
        "hide": "Hide the solution",
        "below": "The pages below this one",
    },
    "zh": {
        "title": "自然语言处理中的多任务学习",
        "lessons": "各课",
        "more": "更多",
        "download": "下载笔记本",
        "open": "在别处打开：",
        "other": "English",
        "lab": "共享实验室",
        "lab here": "在浏览器里的共享实验室中试试这个方案",
        "box": "就在浏览器里，输入一个句子问问训练好的模型",
        "figure": "“{}”一节的图；它说明了什么，见前后文",
        "own data": "用自己的数据",
        "teaching": "教学指南",
        "api": "API（英文）",
        "solution": "一种解法（请先自己做练习）",
        "hide": "收起解法",
        "below": "下一级页面",
    },
}
SHARED = SharingPlan.hard(TASKS)
TOP_APART = SharingPlan(SHARED.as_dict() | {"encoder_2": [[task] for task in TASKS]})
BOX = "00"
"""The lesson whose sentence box stands beside the lab, too."""
STATES = {  # number of a lesson → plan and number of `person` labels on the lab's board
    "03": (SHARED, 60),
    "04": (TOP_APART, 60),
    "09": (SHARED, 2000),
}


def lab_state(plan: SharingPlan, labels: int, language: str) -> str:
    """The fragment of the lab page's address that puts a plan on its board, as `lab/page.js` reads it.

    >>> lab_state(SharingPlan.hard(["a", "b"], levels=["low", "top"]).split("top", "b"), 60, "en")
    '#language=en&corpus=en&person=60&plan=low:a+b;top:a,b'
    """
    levels = (
        f"{level}:{','.join('+'.join(group) for group in groups)}"
        for level, groups in plan.as_dict().items()
    )
    return f"#language={language}&corpus={language}&person={labels}&plan={';'.join(levels)}"


def package_hash() -> str:
    """What an output can depend on besides a notebook's own code."""
    files = [*(CHECKOUT / "mtl_tutorial").rglob("*.py"), *(CHECKOUT / "data").rglob("*.*")]
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()


def executed(path: Path, package: str) -> nbformat.NotebookNode:
    """The notebook with its outputs: from an earlier run, or after one in an empty folder."""
    notebook = nbformat.read(path, 4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    name = hashlib.sha256(f"{package}{code}".encode()).hexdigest()[:20]
    kept = WORK / "runs" / f"{name}.ipynb"
    if kept.is_file():
        outputs = iter([c for c in nbformat.read(kept, 4).cells if c.cell_type == "code"])
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = next(outputs).outputs
        return notebook
    print(f"running {path.relative_to(CHECKOUT)}", flush=True)
    folder = WORK / "scratch"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    where = {"metadata": {"path": folder}}
    NotebookClient(notebook, timeout=1800, kernel_name="python3", resources=where).execute()
    kept.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, kept)
    return notebook


def page(notebook: nbformat.NotebookNode, lesson: str, language: str, elsewhere: str) -> None:
    """Make a run notebook a page of the book, in place: links on top, solutions folded, no widgets."""
    words, section = WORDS[language], ""
    cells = []
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if cell.cell_type == "markdown":
            section = next((s for s in cell.source.splitlines() if s.startswith("#")), section)
        elif "install" in tags or "language" in tags:
            continue
        else:
            cell.outputs = [o for o in cell.outputs if WIDGET not in o.get("data", {})]
            alt = words["figure"].format(section.lstrip("# "))
            cell.metadata["mystnb"] = {"image": {"alt": alt}}
            if "solution" in tags:
                cell.metadata["tags"] = ["hide-input"]
                fold = {"code_prompt_show": words["solution"], "code_prompt_hide": words["hide"]}
                cell.metadata["mystnb"] |= fold
        cells.append(cell)
    notebook.cells = cells
    notebook.metadata.pop("widgets", None)
    other = next(each for each in LANGUAGES if each != language)
    line = [f'<a href="notebooks/{lesson}.ipynb" download>{words["download"]}</a>']
    line += [elsewhere] if elsewhere else []
    line += [f'<a href="../{other}/{lesson}.html" lang="{LOCALES[other][:2]}">{words["other"]}</a>']
    if lesson[:2] in STATES:
        state = lab_state(*STATES[lesson[:2]], language).replace("&", "&amp;")
        line += [f'<a href="../lab/index.html{state}">{words["lab here"]}</a>']
    if lesson[:2] == BOX:
        line += [f'<a href="../lab/box.html#language={language}">{words["box"]}</a>']
    head, *rest = notebook.cells[0].source.split("\n", 1)
    links_line = f'<p class="lesson-links">{" · ".join(line)}</p>'
    notebook.cells[0].source = "\n".join([head, "", links_line, *rest])


def leading_to(chosen: list[str], text: str) -> str:
    """A text in which links to other lessons than these, which a part of the book lacks, are text.

    >>> leading_to(["01_a"], "See [lesson 1](01_a.ipynb) and [lesson 2](02_b.ipynb).")
    'See [lesson 1](01_a.ipynb) and lesson 2.'
    """
    return LESSON_LINK.sub(lambda link: link[0] if link[2] in chosen else link[1], text)


def open_in(language: str) -> dict[str, str]:
    """Lesson → where else it can be opened; nothing for a checkout that has no public remote."""
    try:
        everywhere = of_checkout(CHECKOUT, language)
    except ValueError:
        return {}
    said = {}
    for lesson, found in everywhere.items():
        places = ", ".join(f'<a href="{link}">{place}</a>' for place, link in found.items())
        said[lesson] = f"{WORDS[language]['open']} {places}"
    return said


def api(folder: Path) -> None:
    """A page for each module of the package that has a public name."""
    folder.mkdir(parents=True)
    package, names = CHECKOUT / "mtl_tutorial", []
    for file in sorted(package.rglob("*.py")):
        parts = file.relative_to(CHECKOUT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        text = file.read_text("utf-8")
        shown = "lessons" not in parts and "people_" not in parts[-1] and parts[-1] != "__main__"
        if shown and ("\ndef " in text or "\nclass " in text) and name != "mtl_tutorial":
            names.append(name)
            short = name.removeprefix("mtl_tutorial.")
            rest = "   :members:\n   :show-inheritance:\n   :exclude-members: from_config, set\n"
            (folder / f"{short}.rst").write_text(
                f"{short}\n{'=' * len(short)}\n\n.. automodule:: {name}\n{rest}", "utf-8"
            )
    listed = "\n".join(f"   {name.removeprefix('mtl_tutorial.')}" for name in names)
    (folder / "index.rst").write_text(
        "API\n===\n\nWhat each module holds, from its docstrings. Which module knows of which "
        "stands in CONTRIBUTING.md.\n\n.. toctree::\n   :maxdepth: 1\n\n" + listed + "\n",
        "utf-8",
    )


def extra(language: str) -> Path:
    """The folder of what Sphinx copies as it is, beside the pages."""
    return WORK / f"{language}-extra"


def source(language: str, chosen: list[str], package: str) -> Path:
    """Write what Sphinx reads for one language; gives the folder."""
    folder, words = WORK / language, WORDS[language]
    downloads = extra(language) / "notebooks"
    for old in (folder, downloads):
        shutil.rmtree(old, ignore_errors=True)
        old.mkdir(parents=True)
    (folder / "docs").mkdir()
    notebooks = CHECKOUT / "notebooks" / language
    elsewhere = open_in(language)
    for lesson in chosen:
        notebook = executed(notebooks / "solutions" / f"{lesson}.ipynb", package)
        page(notebook, lesson, language, elsewhere.get(lesson, ""))
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = leading_to(chosen, cell.source)
        nbformat.write(notebook, folder / f"{lesson}.ipynb")
        shutil.copy(notebooks / f"{lesson}.ipynb", downloads)
    tail = "" if language == "en" else ".zh"
    for picture in (CHECKOUT / "docs").glob("*.png"):
        shutil.copy(picture, folder / "docs")
    for name, file in {"own_data": "docs/own_data", "teaching": "notebooks/TEACHING"}.items():
        text = (CHECKOUT / f"{file}{tail}.md").read_text("utf-8")
        (folder / f"{name}.md").write_text(joined(LANGUAGE_LINE.sub("", text)), "utf-8")
    opening = (CHECKOUT / f"README{tail}.md").read_text("utf-8").split("\n## ")[0]
    contents = [
        joined(LANGUAGE_LINE.sub("", opening)),
        f"```{{toctree}}\n:caption: {words['lessons']}\n",
        *chosen,
        f"```\n\n```{{toctree}}\n:caption: {words['more']}\n",
        f"{words['own data']} <own_data>",
        f"{words['teaching']} <teaching>",
    ]
    if language == "en":
        api(folder / "api")
        contents += [f"{words['api']} <api/index>"]
    other = next(each for each in LANGUAGES if each != language)
    lab = f'<a href="../lab/index.html#language={language}">{words["lab"]}</a>'
    box = f'<a href="../lab/box.html#language={language}">{words["box"]}</a>'
    there = f'<a href="../{other}/index.html" lang="{LOCALES[other][:2]}">{words["other"]}</a>'
    contents += [f'```\n\n<p class="lesson-links">{lab} · {box} · {there}</p>\n']
    (folder / "index.md").write_text("\n".join(contents), "utf-8")
    return folder


def place(given: str) -> Path:
    """Where the site goes: what is there is deleted, so it must be an older site or nothing."""
    if not given.strip():
        raise argparse.ArgumentTypeError("no name is given")
    folder = Path(given).expanduser()
    made = {*LANGUAGES, "lab", "index.html", "jupyter_execute"}
    others = (
        [found.name for found in folder.iterdir() if found.name not in made]
        if folder.is_dir()
        else []
    )
    if others:
        raise argparse.ArgumentTypeError(
            f"{folder} holds {min(others)!r}, which is no part of a site"
        )
    return folder


def render(folder: Path, out: Path, language: str) -> None:
    """Make pages of what `source` wrote; `subprocess.CalledProcessError` if Sphinx so much as warns."""
    settings = {
        "language": LOCALES[language],
        "html_title": WORDS[language]["title"],
        "html_extra_path": str(extra(language)),
    }
    options = [f"-D{name}={value}" for name, value in settings.items()]
    sphinx = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html", "-c", str(HERE)]
    subprocess.run([*sphinx, *options, str(folder), str(out)], check=True)
    for path in out.rglob("*.html"):
        path.write_text(with_names(path.read_text("utf-8"), language), "utf-8")


def with_names(html: str, language: str) -> str:
    """A page on which the arrows of the side bar say what they open, which the theme leaves unsaid."""
    arrow = '<span class="toctree-toggle"'
    named = f'<summary aria-label="{WORDS[language]["below"]}">{arrow}'
    return html.replace(f"<summary>{arrow}", named)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=place, default=CHECKOUT / "site", help="(default: site)")
    parser.add_argument("--lessons", nargs="+", metavar="NN", help="a part, such as: 00 03")
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=LANGUAGES)
    chosen = parser.parse_args()
    if not RUNTIME.is_dir():
        sys.exit(
            "The sentence box needs ONNX Runtime, which npm (of Node.js) brings: npm ci --prefix book"
        )
    package = package_hash()
    shutil.rmtree(chosen.out, ignore_errors=True)
    for language in chosen.languages:
        names = [
            name
            for name in lessons(CHECKOUT, language)
            if not chosen.lessons or name[:2] in chosen.lessons
        ]
        folder = source(language, names, package)
        render(folder, chosen.out / language, language)
    shutil.rmtree(chosen.out / "jupyter_execute", ignore_errors=True)  # MyST-NB's leavings
    lab_page.write(chosen.out / "lab", box=True)
    box_page.write(chosen.out / "lab", RUNTIME)
    shutil.copy(HERE / "front.html", chosen.out / "index.html")
    print(f"wrote {chosen.out}")


if __name__ == "__main__":
    main()

"""Is this machine ready for the course? Python, packages, memory and disk beside what is needed.

What is needed stands in one place, ``pyproject.toml`` (``requirements.txt`` sends pip there).
Nothing is imported to find out, so the check answers even where a package is missing or broken.
"""

import html
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from mtl_tutorial.arguments import one_of
from mtl_tutorial.languages import check_language

if sys.version_info >= (3, 11):
    import tomllib

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
STAND_INS = {"tensorflow": ("tensorflow-cpu",)}  # other distributions of the same module
MEMINFO = Path("/proc/meminfo")
HOSTS = {  # who lends the machine → a variable of the environment by which it shows itself
    "Colab": "COLAB_RELEASE_TAG",
    "Kaggle": "KAGGLE_KERNEL_RUN_TYPE",
    "Codespaces": "CODESPACES",
    "Binder": "BINDER_LAUNCH_HOST",
}
OWN_JUPYTER = ("Colab", "Kaggle")  # their notebooks are not JupyterLab's
ROOM = {"memory": 1.2, "disk": 0.1}  # gigabytes: no lesson takes more memory; results are small

_WORDS = {
    "en": {
        "needed": "needed",
        "found": "found",
        "memory": "free memory",
        "disk": "free disk space",
        "ok": "✓",
        "missing": "missing",
        "too old": "too old",
        "too new": "too new",
        "too little": "too little",
    },
    "zh": {
        "needed": "需要",
        "found": "现有",
        "memory": "可用内存",
        "disk": "可用磁盘空间",
        "ok": "✓",
        "missing": "缺失",
        "too old": "版本太旧",
        "too new": "版本太新",
        "too little": "不够",
    },
}
_SAYS = {
    "en": {
        "fine": "Everything that the course needs is there.",
        "pip": "Run the line below in a new cell, then choose Kernel → Restart Kernel in the menu.",
        "Python": "The course needs Python {}. Install one, and name it when you start the course: make lab PYTHON=python3.12",
        "memory": "Close other notebooks (Kernel → Shut Down All Kernels) and large programs.",
        "disk": "Make room on this disk, or results cannot be saved.",
    },
    "zh": {
        "fine": "本课程所需的一切都已齐备。",
        "pip": "新建一个单元格，运行下面这一行，再到菜单里重启内核（Kernel → Restart Kernel）。",
        "Python": "本课程需要 Python {}。请安装其中一个，启动课程时指明用它：make lab PYTHON=python3.12",
        "memory": "请关闭其他笔记本（Kernel → Shut Down All Kernels）和占内存的程序。",
        "disk": "请在这个磁盘上腾出空间，否则结果无法保存。",
    },
}


_SAYS_THERE = {  # in the place of the above, on borrowed machines
    "en": {
        "Colab": {
            "host": "This is Colab: files are gone when the session ends, so download what you want to keep.",
            "pip": "Run the first code cell of the lesson, which installs the course, then choose Runtime → Restart session.",
            "Python": "The course needs Python {}. Choose Runtime → Change runtime type and a version that has it.",
            "memory": "End other sessions: Runtime → Manage sessions.",
            "disk": "Choose Runtime → Disconnect and delete runtime, and begin anew.",
        },
        "Kaggle": {
            "host": "This is Kaggle: only what lies in /kaggle/working when you save a version is kept.",
            "pip": "Switch Settings → Turn on internet on, run the first code cell of the lesson, which installs the course, then choose Run → Restart & clear cell outputs.",
            "Python": "The course needs Python {}. Choose Settings → Environment preferences → Always use latest environment.",
            "memory": "Stop other sessions: View active events, at the bottom left.",
            "disk": "Choose Run → Factory reset, and begin anew.",
        },
        "Codespaces": {
            "host": "This is Codespaces: it stops when it is idle, and keeps its files.",
            "Python": "The course needs Python {}. Rebuild the codespace: press F1 and choose Codespaces: Rebuild Container.",
            "memory": "Stop other notebooks' kernels, or choose a larger machine: press F1, Codespaces: Change Machine Type.",
        },
        "Binder": {
            "host": "This is Binder: all is gone when you leave, so download what you want to keep.",
            "Python": "The course needs Python {}. Open the course anew by its Binder link.",
            "disk": "Open the course anew by its Binder link.",
        },
    },
    "zh": {
        "Colab": {
            "host": "这里是 Colab：会话一结束，文件就会消失，想保留的请下载。",
            "pip": "请运行本课的第一个代码单元格（它会安装课程），再到菜单里重启会话（Runtime → Restart session）。",
            "Python": "本课程需要 Python {}。请在菜单里换一个带有它的运行时版本（Runtime → Change runtime type）。",
            "memory": "请结束其他会话（Runtime → Manage sessions）。",
            "disk": "请断开并删除运行时（Runtime → Disconnect and delete runtime），然后重新开始。",
        },
        "Kaggle": {
            "host": "这里是 Kaggle：只有保存版本时位于 /kaggle/working 里的文件会留下。",
            "pip": "请先打开联网（Settings → Turn on internet），运行本课的第一个代码单元格（它会安装课程），再重启（Run → Restart & clear cell outputs）。",
            "Python": "本课程需要 Python {}。请改用最新环境（Settings → Environment preferences → Always use latest environment）。",
            "memory": "请停掉其他会话（左下角 View active events）。",
            "disk": "请恢复初始状态（Run → Factory reset），然后重新开始。",
        },
        "Codespaces": {
            "host": "这里是 Codespaces：空闲时会停机，文件会保留。",
            "Python": "本课程需要 Python {}。请重建容器：按 F1，选择 Codespaces: Rebuild Container。",
            "memory": "请停掉其他笔记本的内核，或者换一台更大的机器：按 F1，选择 Codespaces: Change Machine Type。",
        },
        "Binder": {
            "host": "这里是 Binder：离开后一切都会消失，想保留的请下载。",
            "Python": "本课程需要 Python {}。请从 Binder 链接重新打开课程。",
            "disk": "请从 Binder 链接重新打开课程。",
        },
    },
}


@dataclass(frozen=True)
class Row:
    """One thing that the course needs; `verdict` is ``"ok"`` or what is wrong with it.

    `install` is what to ask pip for; empty where pip cannot help.
    """

    name: str
    needed: str
    found: str
    verdict: str
    install: str = ""


@dataclass(frozen=True)
class Report:
    """What `check` found: a table, and below it what to do.

    `host` is who lends the machine, one of `HOSTS`; empty on one's own.
    """

    rows: tuple[Row, ...]
    language: str = "en"
    host: str = ""

    @property
    def ready(self) -> bool:
        """Whether everything fits."""
        return all(row.verdict == "ok" for row in self.rows)

    @property
    def advice(self) -> list[str]:
        """What to do, in the report's language; a line that begins with ``%`` is for a cell."""
        there = _SAYS_THERE[self.language].get(self.host, {})
        says = _SAYS[self.language] | there
        wrong = [row for row in self.rows if row.verdict != "ok"]
        lines = [says[row.name].format(row.needed) for row in wrong if not row.install]
        if install := [f'"{row.install}"' for row in wrong if row.install]:
            lines.append(says["pip"])
            if "pip" not in there:
                lines.append(f"%pip install {' '.join(install)}")
        lines = lines or [says["fine"]]
        return [says["host"], *lines] if self.host else lines

    def _table(self) -> list[list[str]]:
        words = _WORDS[self.language]
        head = ["", words["needed"], words["found"], ""]
        rows = [[words.get(r.name, r.name), r.needed, r.found, words[r.verdict]] for r in self.rows]
        return [head, *rows]

    def __repr__(self) -> str:
        table = self._table()
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in table]
        return "\n".join([*lines, "", *self.advice])

    def _repr_html_(self) -> str:
        head, *body = [[html.escape(cell) for cell in line] for line in self._table()]
        left = "style='text-align:left'"
        lines = [f"<tr>{''.join(f'<th {left}>{cell}</th>' for cell in head)}</tr>"]
        for cells in body:
            cells[-1] = f"<b>{cells[-1]}</b>"
            lines.append(f"<tr>{''.join(f'<td {left}>{cell}</td>' for cell in cells)}</tr>")
        below = [
            f"<pre>{html.escape(line)}</pre>" if line[0] == "%" else f"<p>{html.escape(line)}</p>"
            for line in self.advice
        ]
        return f"<table>{''.join(lines)}</table>{''.join(below)}"


def check(language: str = "en") -> Report:
    """Compare this machine with what the course needs.

    Parameters
    ----------
    language
        Of the report, ``"en"`` or ``"zh"``.

    Raises
    ------
    ValueError
        For an unknown language.

    Examples
    --------
    >>> print(Report((Row("numpy", ">=1.26,<3", "1.20.0", "too old", "numpy>=1.26,<3"),)))
           needed     found
    numpy  >=1.26,<3  1.20.0  too old
    <BLANKLINE>
    Run the line below in a new cell, then choose Kernel → Restart Kernel in the menu.
    %pip install "numpy>=1.26,<3"
    """
    check_language(language)
    host = borrowed_from()
    python, requirements = declared()
    rows = [_row("Python", python, ".".join(map(str, sys.version_info[:3])))]
    rows += [_package(requirement) for requirement in requirements]
    if host not in OWN_JUPYTER:  # a server's kernels may do without JupyterLab
        jupyter = [r for r in declared("lab")[1] if r not in requirements]
        rows += [row for row in map(_package, jupyter) if row.verdict != "missing"]
    return Report((*rows, *_room()), language, host)


def borrowed_from() -> str:
    """Find out who lends the machine that this runs on, one of `HOSTS`; empty for one's own."""
    return next((host for host, variable in HOSTS.items() if variable in os.environ), "")


def declared(extra: str = "") -> tuple[SpecifierSet, list[Requirement]]:
    """Read which Python and which packages the course needs, those of an `extra` included.

    Read from ``pyproject.toml`` where this is a checkout, since what pip noted when it installed
    the package may be older; from pip's notes elsewhere, and on Python 3.10, which reads no TOML.

    Raises
    ------
    TypeError, ValueError
        If there is no such extra.
    """
    if sys.version_info >= (3, 11) and PYPROJECT.is_file():
        project = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
        python, lines = project["requires-python"], list(project["dependencies"])
        extras = {"": [], **project["optional-dependencies"]}
        lines += extras[one_of("extra", extra, extras)]
    else:
        notes = metadata.metadata("mtl_tutorial")
        python, lines = notes["Requires-Python"], metadata.requires("mtl_tutorial") or []
        one_of("extra", extra, ["", *(notes.get_all("Provides-Extra") or ())])
    found = [Requirement(line) for line in lines]
    here = [r for r in found if r.marker is None or r.marker.evaluate({"extra": extra})]
    return SpecifierSet(python), sorted(here, key=lambda r: r.name.lower())


def _package(requirement: Requirement) -> Row:
    """Check a package, or one that is installed in its place."""
    for name in (requirement.name, *STAND_INS.get(requirement.name, ())):
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        if found:  # an installation that was cut off may have no version
            return _row(name, requirement.specifier, found, pip=True)
    needed = _shown(requirement.specifier)
    return Row(requirement.name, needed, "–", "missing", requirement.name + needed)


def _row(name: str, needed: SpecifierSet, found: str, pip: bool = False) -> Row:
    install = name + _shown(needed) if pip else ""
    if needed.contains(found, prereleases=True):
        verdict = "ok"
    else:
        lowest = [Version(s.version) for s in needed if s.operator in (">=", "~=")]
        verdict = "too old" if any(Version(found) < v for v in lowest) else "too new"
    return Row(name, _shown(needed), found, verdict, install)


def _shown(needed: SpecifierSet) -> str:
    return ",".join(sorted(map(str, needed), reverse=True))  # ">=1.26,<3": the lower end first


def _room() -> Iterator[Row]:
    """Memory, where the system tells it cheaply (Linux), and disk."""
    free = {}
    if MEMINFO.is_file():
        lines = dict(line.split(":") for line in MEMINFO.read_text("utf-8").splitlines())
        free["memory"] = int(lines["MemAvailable"].split()[0]) * 1024
    free["disk"] = shutil.disk_usage(Path.cwd()).free
    for name, found in free.items():
        verdict = "ok" if found / 1e9 >= ROOM[name] else "too little"
        yield Row(name, f"{ROOM[name]} GB", f"{found / 1e9:.1f} GB", verdict)

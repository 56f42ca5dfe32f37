"""Is this machine ready for the course? Python, packages, memory and disk beside what is needed.

What is needed stands in one place, ``pyproject.toml`` (``requirements.txt`` says just ``-e .``).
Nothing is imported to find out, so the check answers even where a package is missing or broken.
"""

import html
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from mtl_tutorial.languages import check_language

if sys.version_info >= (3, 11):
    import tomllib

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"
STAND_INS = {"tensorflow": ("tensorflow-cpu",)}  # other distributions of the same module
MEMINFO = Path("/proc/meminfo")
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
    """What `check` found: a table, and below it what to do."""

    rows: tuple[Row, ...]
    language: str = "en"

    @property
    def ready(self) -> bool:
        """Whether everything fits."""
        return all(row.verdict == "ok" for row in self.rows)

    @property
    def advice(self) -> list[str]:
        """What to do, in the report's language; a line that begins with ``%`` is for a cell."""
        says = _SAYS[self.language]
        wrong = [row for row in self.rows if row.verdict != "ok"]
        lines = [says[row.name].format(row.needed) for row in wrong if not row.install]
        if install := [f'"{row.install}"' for row in wrong if row.install]:
            lines += [says["pip"], f"%pip install {' '.join(install)}"]
        return lines or [says["fine"]]

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
        for row, cells in zip(self.rows, body, strict=True):
            color = "#009E73" if row.verdict == "ok" else "#D55E00"
            cells[-1] = f"<b style='color:{color}'>{cells[-1]}</b>"
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
    python, requirements = declared()
    rows = [_row("Python", python, ".".join(map(str, sys.version_info[:3])))]
    rows += [_package(requirement) for requirement in requirements]
    return Report((*rows, *_room()), language)


def declared() -> tuple[SpecifierSet, list[Requirement]]:
    """The Python and the packages that the course declares to need.

    Read from ``pyproject.toml`` where this is a checkout, since what pip noted when it installed
    the package may be older; from pip's notes elsewhere, and on Python 3.10, which reads no TOML.
    """
    if sys.version_info >= (3, 11) and PYPROJECT.is_file():
        project = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]
        python, lines = project["requires-python"], project["dependencies"]
    else:
        python = metadata.metadata("mtl_tutorial")["Requires-Python"]
        lines = metadata.requires("mtl_tutorial") or []
    found = [Requirement(line) for line in lines]
    here = [r for r in found if r.marker is None or r.marker.evaluate({"extra": ""})]
    return SpecifierSet(python), sorted(here, key=lambda r: r.name.lower())


def _package(requirement: Requirement) -> Row:
    """A package by its own name, or by that of a stand-in which is installed."""
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

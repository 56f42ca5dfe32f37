"""Lesson 13, scaling out: exercises on names, files that appear whole, and predicted times."""

from __future__ import annotations

import builtins
import copy
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask

# -- name_of

_DETAILS: dict[str, Any] = {
    "model": "hard",
    "tasks": ["person", "ner"],
    "labels": {"person": 60, "ner": 200},
    "rate": 0.001,
    "seed": 1,
}
_CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("seed", {"seed": 2}),
    ("rate", {"rate": 0.0010001}),
    ("labels", {"labels": {"person": 61, "ner": 200}}),
    ("labels", {"labels": {"person": 200, "ner": 60}}),
    ("tasks", {"tasks": ["ner", "person"]}),
    ("seed", {"seed": "1"}),
    ("rate", {"rate": None}),
]
_SEEDS = 3000
"""Names that must all differ: enough for four hexadecimal digits to give two runs one name."""


def _elsewhere() -> Any:
    """Let `hash` and `id` give other numbers, as in another process, to the answer and to all it calls."""
    number, place = hash, id
    return patch.multiple(
        builtins,
        hash=lambda value: number(("another process", value)),
        id=lambda value: place(value) + 1,
    )


def _turned(details: Any) -> Any:
    """Equal to it, with the entries of every dictionary the other way round."""
    if not isinstance(details, dict):
        return details
    return {key: _turned(details[key]) for key in reversed(details)}


def _examine_name_of(answer: Any) -> None:
    def name(details: Any) -> str:
        found = ask(answer, copy.deepcopy(details), shown="details")
        if not isinstance(found, str):
            raise Wrong(
                en=f"A name is a string, `str`; yours is of type `{type(found).__name__}`.",
                zh=f"名字应是字符串 `str`，而你返回的是 `{type(found).__name__}`。",
            )
        return found

    first = name(_DETAILS)
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", first):
        raise Wrong(
            en=f"`{first[:60]}` will not do as a file's name everywhere: letters, digits, `-` and `_`, at most 40 of them. "
            "A digest is short whatever goes into it.",
            zh=f"`{first[:60]}` 不是到哪里都能当文件名：请只用字母、数字、`-` 和 `_`，不超过 40 个。摘要（digest）不管输入多长，自己总是短的。",
        )
    if name(_DETAILS) != first:
        raise Wrong(
            en="Asked twice for the same details, it gives two names. Nothing random, no clock, no counter: or a finished run is never found again.",
            zh="同样的内容问两次，给了两个名字。不要用随机数、时间或计数器：否则训练完的结果就再也找不到了。",
        )
    with _elsewhere():
        elsewhere = name(_DETAILS)
    if elsewhere != first:
        raise Wrong(
            en="In another process the name would be another one: Python's `hash` of a string is salted anew in each process, and `id` is a place in memory. "
            "`hashlib` gives the same everywhere.",
            zh="换一个进程，名字就变了：Python 的 `hash` 对字符串的结果，每个进程都重新加盐；`id` 则是内存里的位置。`hashlib` 到哪里都一样。",
        )
    if name(_turned(_DETAILS)) != first:
        raise Wrong(
            en="The same details with their entries in another order are the same training, and get another name. Mind the dictionary inside, `labels`, too.",
            zh="内容相同，只是各项的次序不同，仍是同一个训练，却得到了另一个名字。里面的字典 `labels` 也要管到。",
        )
    for what, change in _CHANGES:
        if name({**_DETAILS, **change}) == first:
            old, new = _DETAILS[what], change[what]
            raise Wrong(
                en=f"`{what}` changes from `{old!r}` to `{new!r}`, and the name stays: the second training would be taken for finished.",
                zh=f"`{what}` 从 `{old!r}` 变成了 `{new!r}`，名字却没变：第二个训练会被当作已经完成。",
            )
    names = {name({**_DETAILS, "seed": seed}) for seed in range(_SEEDS)}
    if len(names) < _SEEDS:
        raise Wrong(
            en=f"{_SEEDS} seeds get only {len(names)} names. A digest so short repeats itself: two of n names are alike once n is near the square root of all that are possible.",
            zh=f"{_SEEDS} 个种子只得到 {len(names)} 个名字。摘要太短就会重复：名字的个数一接近所有可能的总数的平方根，就多半有两个相同。",
        )


NAME_OF = Exercise(
    name="name_of",
    examine=_examine_name_of,
    right={
        "en": "Ten hexadecimal digits are 40 bits: among a million runs two would share a name one time in three, among ten thousand one time in 20,000. "
        "`Experiment.key` is made the same way, with something readable in front.",
        "zh": "十位十六进制数是 40 比特：一百万次训练里有两次撞名，机会约三分之一；一万次里，约两万分之一。"
        "`Experiment.key` 也是这样来的，只是前面加了看得懂的部分。",
    },
    hints=[
        {
            "en": "Two steps: details → one text that is the same for equal details; text → a short digest.",
            "zh": "分两步：内容 → 一段文本，内容相等则文本相同；文本 → 一个短的摘要。",
        },
        {
            "en": "`json.dumps(details, sort_keys=True)` sorts the entries of inner dictionaries as well.",
            "zh": "`json.dumps(details, sort_keys=True)` 会连内层字典的各项也排好。",
        },
        {
            "en": "`hashlib.sha256(text.encode()).hexdigest()` has 64 digits; the first ten will do.",
            "zh": "`hashlib.sha256(text.encode()).hexdigest()` 有 64 位；取前十位就够了。",
        },
    ],
    code="""\
def name_of(details):
    written = json.dumps(details, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()[:10]""",
)


# -- keep


class _Killed(BaseException):
    """Stands for kill -9: no handler of errors sees it coming."""


class _Opened:
    """Files that this thread opens for writing between `start` and `stop`, and what it renames to what."""

    def __init__(self) -> None:
        self.thread: int | None = None
        self.files: list[Path] = []
        self.renamed: list[tuple[Path, bytes]] = []
        self._installed = False

    def start(self) -> None:
        if not self._installed:  # Python has no way to take such a hook off again
            sys.addaudithook(self._note)
            self._installed = True
        self.files, self.renamed, self.thread = [], [], threading.get_ident()

    def stop(self) -> None:
        self.thread = None

    def _note(self, event: str, arguments: tuple) -> None:
        if self.thread is None:  # as at the end of the process, when `threading` is gone
            return
        if self.thread != threading.get_ident() or event not in ("open", "os.rename"):
            return
        if event == "os.rename":
            source, target = (Path(os.fsdecode(name)).absolute() for name in arguments[:2])
            if source.is_file():
                self.renamed.append((target, source.read_bytes()))
            return
        name, _, flags = arguments
        if isinstance(name, str | bytes) and flags & (os.O_WRONLY | os.O_RDWR):
            self.files.append(Path(os.fsdecode(name)).absolute())


_OPENED = _Opened()


_WHOLE = "".join(f"{i},é\n" for i in range(4))


def _there(file: Path) -> str | None:
    return file.read_text("utf-8", "replace") if file.exists() else None


def _parts(file: Path, until: int, seen: list[str | None]) -> Iterator[str]:
    """What is to be written, piece by piece; after `until` pieces the plug is pulled."""
    for i in range(4):
        seen.append(_there(file))
        if i == until:
            raise _Killed
        yield f"{i},é\n"


def _keep(answer: Any, file: Path, old: str | None, until: int = 99) -> None:
    """Let the learner's function write the parts, and see what it opens and what stands there."""
    seen: list[str | None] = []
    back: Any = file
    _OPENED.start()
    try:
        back = ask(answer, file, _parts(file, until, seen), shown="file, parts")
    except _Killed:
        pass
    finally:
        _OPENED.stop()
    for i, there in enumerate(seen):
        if there is None and old is not None:
            raise Wrong(
                en=f"A whole run stood under the name `{file.name}`, and after {i} of 4 parts of the new one there is nothing. Whoever is killed now has lost it: do not delete, replace.",
                zh=f"`{file.name}` 这个名字下本来有完整的结果，新的 4 个部分才写了 {i} 个，它就不见了。这时被杀掉，它就丢了：不要先删，要替换。",
            )
        if there != old:
            raise Wrong(
                en=f"After {i} of 4 parts, what stands under the name `{file.name}` is {there!r}. Whoever is killed now leaves half a run under a whole run's name.",
                zh=f"4 个部分才写了 {i} 个，`{file.name}` 这个名字下的内容就已是 {there!r}。这时被杀掉，就会留下半个结果，顶着完整结果的名字。",
            )
    opened = [path for path in _OPENED.files if not path.is_dir()]
    if file.absolute() in opened:
        raise Wrong(
            en=f"You open `{file.name}` itself for writing. Between that moment and the last byte on the disk, however short, a half file bears its name. Write into another file and rename it.",
            zh=f"你直接打开 `{file.name}` 来写。从那一刻到最后一个字节写进磁盘，不管多短，总有半个文件顶着这个名字。请写到另一个文件里，再改名。",
        )
    outside = [path for path in opened if path.parent.resolve() != file.parent.resolve()]
    if outside:
        raise Wrong(
            en=f"You write in another folder, `{outside[0].parent}`. A rename is one step within a file system only; from another disk it becomes a copy, which can be broken off.",
            zh=f"你写到了另一个文件夹 `{outside[0].parent}`。只有在同一个文件系统之内，改名才是一步；跨磁盘就变成复制，可能中途断掉。",
        )
    moved = [content for path, content in _OPENED.renamed if path == file.absolute()]
    if moved and len(moved[-1]) < len(file.read_bytes() if file.exists() else b""):
        raise Wrong(
            en=f"When you rename, only {len(moved[-1])} bytes are in the file; the rest comes when it is closed. Until then a half run bears the name: close first, rename then.",
            zh=f"改名的时候，文件里只有 {len(moved[-1])} 个字节，其余的要到关闭时才写进去。在那以前，是半个结果顶着这个名字：先关闭，再改名。",
        )
    if str(back) != str(file):
        raise Wrong(
            en=f"`keep` should give back `file`, the path; yours gives back {back!r}.",
            zh=f"`keep` 应当返回 `file`，即那个路径；你返回的是 {back!r}。",
        )


def _examine_keep(answer: Any) -> None:
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "run.csv")
        _keep(answer, file, None, until=2)
        found = [path.name for path in Path(place).glob("*.csv")]
        if found:
            raise Wrong(
                en=f"After a kill in the middle there is {found} in the folder. Whoever takes up the sweep looks for `*.csv` and would take it for a finished run: end the other file's name differently.",
                zh=f"中途被杀以后，文件夹里有 {found}。接手的人找的是 `*.csv`，会把它当成完成的结果：另一个文件的名字请换个结尾。",
            )
        before = set(Path(place).iterdir())
        _keep(answer, file, None)
        if not file.exists():
            raise Wrong(
                en="All parts were there, and no file bears the name. After an earlier kill something may lie in the way: does yours go on nevertheless?",
                zh="各个部分都给了，却没有这个名字的文件。上一次被杀，可能留下了东西挡在路上：你的函数还能继续吗？",
            )
        if _there(file) != _WHOLE:
            raise Wrong(
                en=f"The file holds `{_there(file)!r}`, not the parts one after another, in UTF-8.",
                zh=f"文件内容是 `{_there(file)!r}`，不是各部分依次相接（UTF-8 编码）。",
            )
        left = sorted(path.name for path in set(Path(place).iterdir()) - before - {file})
        if left:
            raise Wrong(
                en=f"The run is whole, but {left} is left beside it: ten thousand runs would leave as much again. Rename the file; do not copy it.",
                zh=f"结果是完整的，可旁边还留着 {left}：一万次训练就会多留一倍。请改名，不要复制。",
            )
        old = "an older run\n"
        file.write_text(old, "utf-8")
        _keep(answer, file, old, until=1)
        if _there(file) != old:
            raise Wrong(
                en="There was a whole run of that name already. A kill while it is written anew must leave the old one.",
                zh="这个名字的完整结果本来就有。重写时被杀，旧的必须还在。",
            )
        _keep(answer, file, old)
        if _there(file) != _WHOLE:
            raise Wrong(
                en="A second writing must replace the first; afterwards the file is not what the parts say.",
                zh="第二次写要替换第一次；而现在文件和各部分的内容对不上。",
            )


KEEP = Exercise(
    name="keep",
    examine=_examine_keep,
    right={
        "en": "For the operating system a rename is one step: whoever looks sees the old state or the new one. "
        "(That holds against kills. Against a power failure `os.fsync` is needed before the rename as well.)",
        "zh": "对操作系统来说，改名是一步：谁来看，看到的不是旧的，就是新的。（这防得住被杀；要防断电，改名之前还得 `os.fsync`。）",
    },
    hints=[
        {
            "en": "While the parts arrive, they belong into another file of the same folder, such as `run.csv.part`.",
            "zh": "各部分陆续到来时，先写进同一文件夹的另一个文件，例如 `run.csv.part`。",
        },
        {
            "en": '`file.with_name(file.name + ".part")` is its path; open it with "w", so that what an earlier kill has left is overwritten.',
            "zh": '`file.with_name(file.name + ".part")` 就是它的路径；用 "w" 打开，上次被杀留下的就会被覆盖。',
        },
        {
            "en": "After the last part, and after the file is closed: `aside.replace(file)`.",
            "zh": "最后一个部分写完、文件关闭之后：`aside.replace(file)`。",
        },
    ],
    code="""\
def keep(file, parts):
    aside = file.with_name(file.name + ".part")
    with aside.open("w", encoding="utf-8") as out:
        out.writelines(parts)
    aside.replace(file)
    return file""",
)


# -- seconds_needed


def seconds_needed(runs: Any, workers: Any, start: Any, run: Any, handling: Any) -> Any:
    """Predict how long a sweep takes: the lesson's model; arrays are taken element by element.

    Parameters
    ----------
    runs, workers
        How many.
    start
        Seconds that a worker needs before its first run; all begin at once.
    run
        Seconds of a run.
    handling
        Seconds of the driver for each run, one after another, while the workers go on.

    Examples
    --------
    >>> float(seconds_needed(100, 80, 8.0, 2.0, 0.01))
    12.0
    """
    rounds = np.ceil(np.asarray(runs) / workers)
    return start + np.maximum(rounds * run, np.multiply(runs, handling))


def _examine_seconds_needed(answer: Any) -> None:
    def needed(runs: int, workers: int, start: float, run: float, handling: float) -> float:
        value = as_numbers(ask(answer, runs, workers, start, run, handling))
        if value.size != 1:
            raise Wrong(en="Give back one number, of seconds.", zh="请返回一个数：秒数。")
        return float(value.item())

    found = needed(12, 3, 5.0, 10.0, 0.01)
    for wrong, because in (
        (
            40.0,
            {
                "en": "40 s: the start is missing. Before the first run there are 5 s more.",
                "zh": "40 秒：漏了启动。第一次训练之前还有 5 秒。",
            },
        ),
        (
            55.0,
            {
                "en": "55 s: you count the start of three workers one after another. They all start at once.",
                "zh": "55 秒：你把三个工作进程的启动一个接一个地算了。它们是同时启动的。",
            },
        ),
        (
            60.0,
            {
                "en": "60 s: you count the start anew for each run. A worker starts once, and takes one run after another.",
                "zh": "60 秒：你给每次训练都算了一次启动。工作进程只启动一次，然后一次接一次地训练。",
            },
        ),
        (
            125.0,
            {
                "en": "125 s are those of one worker. Three share the twelve runs.",
                "zh": "125 秒是一个工作进程的时间。十二次训练由三个来分。",
            },
        ),
        (
            45.12,
            {
                "en": "You add the driver's 12 × 0.01 s. It deals with one run while the workers train others: the slower of the two decides, not the sum.",
                "zh": "你把主控进程的 12 × 0.01 秒加了上去。它处理一次训练的时候，工作进程在训练别的：由慢的一方决定，不是相加。",
            },
        ),
    ):
        if np.isclose(found, wrong, rtol=1e-6):
            raise Wrong(**because)
    if not np.isclose(found, 45.0):
        raise Wrong(
            en=f"12 runs of 10 s on 3 workers are four rounds, 40 s, and 5 s before: 45. Yours is {found:g}.",
            zh=f"12 次训练、每次 10 秒、3 个工作进程，是四个回合，40 秒；再加前面的 5 秒，共 45。你的结果是 {found:g}。",
        )
    rounds = needed(100, 80, 5.0, 10.0, 0.01)
    if np.isclose(rounds, 17.5):
        raise Wrong(
            en="100 runs on 80 workers: you say 17.5 s. Nobody takes a quarter of a run: 80 are done in the first round, 20 in a second, which takes as long. 25 s.",
            zh="100 次训练、80 个工作进程：你的答案是 17.5 秒。没有人能只做四分之一次训练：第一回合做 80 次，第二回合做 20 次，时间一样长。共 25 秒。",
        )
    if not np.isclose(rounds, 25.0):
        raise Wrong(
            en=f"100 runs on 80 workers are two rounds of 10 s, after 5 s: 25. Yours is {rounds:g}.",
            zh=f"100 次训练、80 个工作进程，是两个回合，每回合 10 秒，之前 5 秒：25。你的结果是 {rounds:g}。",
        )
    few = needed(3, 10, 5.0, 10.0, 0.01)
    if not np.isclose(few, 15.0):
        raise Wrong(
            en=f"3 runs on 10 workers take as long as one: 5 + 10 = 15 s. Yours is {few:g}.",
            zh=f"3 次训练、10 个工作进程，和一次训练一样久：5 + 10 = 15 秒。你的结果是 {few:g}。",
        )
    busy = needed(10_000, 1000, 5.0, 10.0, 0.05)
    if not np.isclose(busy, 505.0):
        raise Wrong(
            en="10,000 runs on 1,000 workers: the workers need ten rounds, 100 s, but the driver 10,000 × 0.05 = 500 s. The slower decides: 505 s. "
            f"Yours is {busy:g}.",
            zh="10000 次训练、1000 个工作进程：工作进程要十个回合，100 秒；主控进程却要 10000 × 0.05 = 500 秒。由慢的决定：505 秒。"
            f"你的结果是 {busy:g}。",
        )


SECONDS_NEEDED = Exercise(
    name="seconds_needed",
    examine=_examine_seconds_needed,
    right={
        "en": "Three stops are in this line: the start, which no worker shortens; the last round, which may be nearly empty; the driver, who is alone.",
        "zh": "这一行里有三道坎：启动，再多的工作进程也缩不短；最后一个回合，可能几乎是空的；主控进程，只有一个。",
    },
    hints=[
        {
            "en": "How many rounds? 100 runs on 80 workers are two: `math.ceil(runs / workers)`.",
            "zh": "有几个回合？100 次训练、80 个工作进程，是两个：`math.ceil(runs / workers)`。",
        },
        {
            "en": "The workers need rounds × run, the driver runs × handling, at the same time: `max`.",
            "zh": "工作进程要 回合数 × run，主控进程要 runs × handling，两者同时进行：`max`。",
        },
        {"en": "And the start, once.", "zh": "再加上启动，只算一次。"},
    ],
    code="""\
def seconds_needed(runs, workers, start, run, handling):
    rounds = math.ceil(runs / workers)
    return start + max(rounds * run, runs * handling)""",
)

# -- whole

EXERCISES = [NAME_OF, KEEP, SECONDS_NEEDED]

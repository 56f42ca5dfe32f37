"""`MixingBoard`: choose level by level how copies mix, and whose answer is fed to whom; see plan and cost at once.

The Sharing Lab's board divides tasks into groups; this one has what lies between all and nothing. Its
face (`lab/mixing.js`) draws plain data, which is made here of the plan.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from typing import Any

import traitlets as t

from mtl_tutorial import plots
from mtl_tutorial.arguments import instance, names, one_of
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.joints import Joint, numbered, steps
from mtl_tutorial.languages import check_language
from mtl_tutorial.records import Architecture, chosen
from mtl_tutorial.sharing import LEVELS, SharingPlan
from mtl_tutorial.sizes import count_parameters
from mtl_tutorial.widgets import face
from mtl_tutorial.widgets.still import WithStill

WAYS = ("apart", "shared", "gate", "concat", "stitch")
"""How the tasks may use a level: each a copy of its own; one for all; both, weighed by a gate or side
by side; each its own, with a learned combination of all."""

_WORDS = {
    "en": {
        "apart": "apart", "shared": "shared", "gate": "gate", "concat": "concat", "stitch": "stitch",
        "own": "own", "head": "head", "sentence": "the words of the sentence", "comma": ", ",
        "feed": "Feed the answer of", "to": "to", "nobody": "nobody", "code": "This plan as code",
        "board": "The plan: {levels}.", "level": "{level}: {way}", "fed": "{upper} is fed the answer of {lower}",
        "numbers": "{total} parameters; {apart} if nothing were shared.",
        "gone": "The kernel has restarted, and this board has lost its connection: run this cell again.",
    },
    "zh": {
        "apart": "各用各的", "shared": "共享", "gate": "门控", "concat": "拼接", "stitch": "十字绣",
        "own": "独用", "head": "头", "sentence": "句子里的词", "comma": "，",
        "feed": "把谁的回答传上去：", "to": "传给", "nobody": "不传", "code": "这个方案的代码",
        "board": "方案：{levels}。", "level": "{level}：{way}", "fed": "{lower} 的回答传给 {upper}",
        "numbers": "共 {total} 个参数；互不共享时是 {apart} 个。",
        "gone": "内核已经重启，这块板断了连接：请重新运行这个单元格。",
    },
}  # fmt: skip


class MixingBoard(WithStill):
    """A board as a widget; the last value of a cell, it shows itself.

    Parameters
    ----------
    data
        Whose tasks and vocabulary are counted.
    language
        Of the words, ``"en"`` or ``"zh"``.
    tasks
        The columns; by default all tasks of `data`, which may be no language model's here.
    levels
        From the words up, at least two.
    options
        Fields of `Architecture` by name, such as ``units=32``, as in `build_model`.

    Attributes
    ----------
    plan
        The `SharingPlan` as it stands, for `build_model` and `train`.
    parameters
        Its parameters, as ``model.parameters()`` would count them.

    Examples
    --------
    >>> rows = [{"text": "Good tea!", "mood": "good", "topic": "tea"}]
    >>> data = MultiTaskData.from_rows({"train": rows}, {"mood": "sequence", "topic": "sequence"})
    >>> board = MixingBoard(data)
    >>> board.choose("encoder_1", "stitch")
    >>> board.plan.mix, board.plan.copies("encoder_1")
    ({'encoder_1': 'stitch'}, (('encoder_1', ('mood',)), ('encoder_1', ('topic',))))
    """

    _esm = face.module(*face.MIXING)
    _css = face.style()

    words = t.Dict().tag(sync=True)
    facts = t.Dict().tag(sync=True)  # language, tasks, levels, colors, and each level's ways
    chosen = t.Dict().tag(sync=True)  # ways: level → way; feed: [lower, upper], or empty
    shown = t.Dict().tag(sync=True)  # what is drawn and said of the plan

    def __init__(
        self,
        data: MultiTaskData,
        language: str = "en",
        *,
        tasks: Sequence[str] | None = None,
        levels: Sequence[str] = LEVELS,
        **options: Any,
    ):
        check_language(language)
        instance("data", data, MultiTaskData)
        self.language, self._data = language, data
        self._architecture = chosen(Architecture, None, options)
        tasks = [
            one_of("task in tasks", task, data.tasks)
            for task in names("tasks", tasks or [*data.tasks])
        ]
        levels = [*SharingPlan.hard(tasks, names("levels", levels)).levels]
        if len(levels) < 2:
            raise ValueError(f"levels must be at least two, from the words up, not {levels}")
        ways = {level: [w for w in WAYS if level != levels[0] or w != "gate"] for level in levels}
        super().__init__(
            words=_WORDS[language],
            facts={
                "language": language, "tasks": tasks, "levels": levels, "ways": ways,
                "colors": {task: plots.task_color(task) for task in tasks},
            },
            chosen={"ways": dict.fromkeys(levels, "shared"), "feed": []},
        )  # fmt: skip
        self._changed()
        self.observe(self._changed, "chosen")

    # -- the same without a mouse

    def choose(self, level: str, way: str) -> None:
        """Choose one of `WAYS` for a level; the lowest has no gate.

        Raises
        ------
        ValueError
            For an unknown level or way.
        """
        offered = self.facts["ways"][one_of("level", level, self.facts["levels"])]
        way = one_of(f"way of {level!r}", way, offered)
        self.chosen = {**self.chosen, "ways": {**self.chosen["ways"], level: way}}

    def feed(self, lower: str | None, upper: str | None = None) -> None:
        """Feed the answers of `lower` to `upper` at the last level, which `lower` leaves; None ends it.

        Raises
        ------
        ValueError
            For an unknown task, or a task that would feed itself.
        """
        if lower is None:
            self.chosen = {**self.chosen, "feed": []}
            return
        tasks = self.facts["tasks"]
        lower = one_of("lower", lower, tasks)
        upper = one_of("upper", upper, [task for task in tasks if task != lower])
        self.chosen = {**self.chosen, "feed": [lower, upper]}

    # -- what follows from what is chosen

    @property
    def plan(self) -> SharingPlan:
        levels, last = {}, self.facts["levels"][-1]
        feed: Sequence[str] = self.chosen["feed"] or ()
        lower = feed[0] if feed else None
        for level, way in self.chosen["ways"].items():
            here = [task for task in self.facts["tasks"] if level != last or task != lower]
            own = [[task] for task in here]
            both = [here, *own] if len(here) > 1 else own
            levels[level] = {"apart": own, "stitch": own, "shared": [here]}.get(way, both)
        mix = {level: way for level, way in self.chosen["ways"].items() if way not in WAYS[:2]}
        feeds = {last: {feed[1]: [feed[0]]}} if feed else {}
        return SharingPlan(levels, mix=mix, feeds=feeds)

    @property
    def parameters(self) -> Any:
        return self._count(self.plan)

    def _count(self, plan: SharingPlan) -> Any:
        of = self._architecture
        return count_parameters(
            plan, self._data.tasks, len(self._data.vocabulary),
            encoder=of.encoder, units=of.units, embedding_dim=of.embedding_dim,
        )  # fmt: skip

    @property
    def code(self) -> str:
        """The plan, as it is written in Python."""
        plan = self.plan
        lines = [f"    {level!r}: {[list(g) for g in groups]}," for level, groups in plan]
        more = [
            f"{name}={part}" for name, part in (("mix", plan.mix), ("feeds", plan.feeds)) if part
        ]
        text = "\n".join(
            ["SharingPlan({", *lines, "}" + "".join(f", {part}" for part in more) + ")"]
        )
        return text.replace("'", '"')

    def _changed(self, _: Any = None) -> None:
        self.shown = self._drawing()
        self._snapshot()

    def _drawing(self) -> dict[str, Any]:
        """The plan as the face draws it: level by level copies, what mixes and who is fed."""
        plan = self.plan
        table = self._count(plan)
        layers = zip(steps(plan), map(int, table["parameters"]), strict=False)
        levels: dict[str, dict[str, Any]] = {
            level: {"copies": [], "mixed": [], "kind": plan.mix.get(level, "")}
            for level in plan.levels
        }
        for (level, what, *again), size in layers:
            if not isinstance(what, Joint):
                lane = numbered(plan.copies(level))[(level, what, *again)]
                levels[level]["copies"].append({"tasks": [*what], "lane": lane, "size": size})
            elif what.kind != "feed":
                levels[level]["mixed"] += what.tasks
        heads = table[table["level"] == "head"]
        apart = self._count(SharingPlan.separate(plan.tasks, plan.levels))
        return {
            "levels": levels,
            "tops": {task: len([1 for level in plan.levels if plan.copies(level, task)]) for task in plan.tasks},
            "heads": {task: int(n) for (task,), n in zip(heads["tasks"], heads["parameters"], strict=True)},
            "feed": self.chosen["feed"],
            "code": self.code,
            "said": self._said(),
            "numbers": self.words["numbers"].format(
                total=f"{table['parameters'].sum():,}", apart=f"{apart['parameters'].sum():,}"
            ),
        }  # fmt: skip

    def _said(self) -> str:
        """The plan in words: what a picture says to those who see it."""
        say = self.words
        parts = [
            say["level"].format(level=level, way=say[way])
            for level, way in self.chosen["ways"].items()
        ]
        if self.chosen["feed"]:
            lower, upper = self.chosen["feed"]
            parts.append(say["fed"].format(lower=lower, upper=upper))
        return say["board"].format(levels=say["comma"].join(parts))

    # -- what stays in the saved notebook

    def _still(self) -> str:
        picture = plots.sharing_diagram(
            self.plan, self.parameters, tasks=self.facts["tasks"], language=self.language
        )
        encoded = base64.b64encode(picture.png()).decode()
        said, code = html.escape(self._said()), html.escape(self.code)
        image = f"<img alt='{said}' src='data:image/png;base64,{encoded}'>"
        return f"{image}<p>{html.escape(self.shown['numbers'])}</p><pre>{code}</pre>"

    def _shows(self) -> object:
        return self.chosen

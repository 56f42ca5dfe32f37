"""Lesson 04, what to share: the runs behind its table; exercises on controls, interactions, plans and crowding."""

from typing import Any

import numpy as np
import pandas as pd

from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.lab.grid import EPOCHS
from mtl_tutorial.lab.settings import TASKS, Settings
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.sharing import LEVELS, SharingPlan

SEEDS = 5
_PAIR = ("person", "relation")
_APART = SharingPlan.separate(TASKS)
PAIRED = {
    "words": _APART.share("embedding", _PAIR),
    "all levels": SharingPlan(
        {level: [_PAIR, ["sentiment"], ["ner"]] for level in LEVELS},
    ),
}
"""What ``person`` and ``relation`` share, and nobody else, → plan."""


def experiments() -> list[Experiment]:
    """The runs of ``data/runs/lesson_04.csv.gz``: plans that the Sharing Lab's table does not hold."""
    return [
        Settings(plan, corpus, epochs=EPOCHS, seed=seed).experiment
        for corpus in ("zh", "en")
        for plan in PAIRED.values()
        for seed in range(SEEDS)
    ]


# -- fair

_MIXED = "mixed batches"
_RUNS: dict[str, frozenset[str]] = {  # what sets a run apart from a single-task one
    "single task": frozenset(),
    "separate": frozenset({_MIXED}),
    "embedding only": frozenset({_MIXED, "embedding"}),
    "lower half": frozenset({_MIXED, "embedding", "encoder_1"}),
    "all shared": frozenset({_MIXED, *LEVELS}),
}
_ASKED: dict[str, frozenset[str]] = {
    "replace": _RUNS["all shared"],
    "words": frozenset({"embedding"}),
    "batches": frozenset({_MIXED}),
    "top": frozenset({"encoder_2"}),
}


def _named(things: frozenset[str]) -> dict[str, str]:
    """The things in which two runs differ, in each language."""
    levels = [f"`{level}`" for level in LEVELS if level in things]
    sharing = {
        "en": [f"the sharing of {', '.join(levels)}"],
        "zh": [f" {'、'.join(levels)} 是否共享"],
    }
    batches = {"en": "the batches", "zh": "批次是否混合"}
    both = {
        k: [batches[k]] * (_MIXED in things) + sharing[k] * bool(things - {_MIXED})
        for k in LANGUAGES
    }
    return {"en": " and in ".join(both["en"]), "zh": "，以及".join(both["zh"])}


def _examine_fair(answer: Any) -> None:
    if not isinstance(answer, dict) or set(answer) != set(_ASKED):
        raise Wrong(
            en=f"A dictionary is asked for, with one pair for each of {list(_ASKED)}.",
            zh=f"这里要的是一个字典，{list(_ASKED)} 每一项各有一对。",
        )
    for question, asked in _ASKED.items():
        pair = answer[question]
        names = list(_RUNS)  # `in` a list takes what cannot be hashed, too
        if not (
            isinstance(pair, tuple | list) and len(pair) == 2 and all(n in names for n in pair)
        ):
            raise Wrong(
                en=f"`{question}`: give two names out of {names}; yours is {pair!r}.",
                zh=f"`{question}`：请从 {names} 中选两个名字；你写的是 {pair!r}。",
            )
        ours, against = (_RUNS[name] for name in pair)
        differ, one = _named(ours ^ against), _named(asked)
        if not ours ^ against:
            raise Wrong(
                en=f"`{question}`: a run does not differ from itself.",
                zh=f"`{question}`：和自己比，比不出差别。",
            )
        if ours ^ against != asked:
            raise Wrong(
                en=f"`{question}`: {pair[0]!r} and {pair[1]!r} differ in {differ['en']}. "
                f"The question asks for two that differ in {one['en']}, and in nothing else.",
                zh=f"`{question}`：{pair[0]!r} 和 {pair[1]!r} 的差别在于{differ['zh']}。"
                f"而这个问题要的两种训练，差别应当只在于{one['zh']}。",
            )
        if against - ours:
            raise Wrong(
                en=f"`{question}`: the right two, the wrong way round. First the run that is judged, then what it is "
                "held against; otherwise every gain looks like a loss.",
                zh=f"`{question}`：选对了，次序反了。先写被评判的，再写用来比较的；否则提高会看成下降。",
            )


FAIR = Exercise(
    name="fair",
    examine=_examine_fair,
    right={
        "en": "Two runs that differ in one thing answer a question about that thing. Two that differ in four answer "
        "only whether to change all four at once, which is a fair question too.",
        "zh": "两次训练只差一样，就能回答关于这一样的问题。差了四样，就只能回答“四样一起换，值不值”；这样问也有道理，只是不能拿来回答别的问题。",
    },
    hints=[
        {
            "en": "List for each of the five runs: are the batches mixed? Which levels are shared?",
            "zh": "把五种训练各列一行：批次是混合的吗？共享了哪几个层级？",
        },
        {
            "en": "For `words`: both runs must have mixed batches, and one of them must share just the embedding.",
            "zh": "先看 `words`：两边的批次都应是混合的，其中一边只共享嵌入层。",
        },
        {
            "en": "`replace` is about what you would have against what you have now, with everything that comes with it.",
            "zh": "`replace` 问的是：换了之后的，和现在手里的比；连带改变的一切都算在内。",
        },
    ],
    code="""\
fair = {
    "replace": ("all shared", "single task"),
    "words": ("embedding only", "separate"),
    "batches": ("separate", "single task"),
    "top": ("all shared", "lower half"),
}""",
)


# -- interaction

_KNOWN = (
    -6.0,
    -10.0,
)  # what the two levels of the made-up table cost when both are shared, by seed


def _made_up() -> pd.DataFrame:
    """Scores of the eight plans by a formula: +12 for the embedding, +2 for encoder_1, and `_KNOWN`.

    What the third level changes about that is nothing on the average of all plans, and much in
    half of them.
    """
    rows = []
    for seed, together in enumerate(_KNOWN):
        for place in range(8):
            words, first, second = (bool(place >> bit & 1) for bit in range(3))
            score = 40 + seed + 12 * words + 2 * first + together * (words and first)
            score += 3 * (-1) ** (words + first + second)
            shared = dict(zip(LEVELS, (words, first, second), strict=True))
            rows.append({**shared, "seed": seed, "person": score, "ner": 90.0})
    return pd.DataFrame(rows)


def _examine_interaction(answer: Any) -> None:
    table = _made_up()

    def interaction(a: str, b: str, task: str = "person") -> np.ndarray:
        shown = f'table, "{a}", "{b}", "{task}"'
        result = ask(answer, table.copy(), a, b, task, shown=shown)
        if isinstance(result, dict) and set(result) == set(range(len(_KNOWN))):
            result = [result[seed] for seed in range(len(_KNOWN))]
        values = as_numbers(result)
        if values.shape == ():
            raise Wrong(
                en="You give back one number. One for each seed is asked for, so that there is a spread to hold it against.",
                zh="你返回的是一个数。请给每个种子返回一个数，这样才有波动可比。",
            )
        if values.shape != (len(_KNOWN),):
            raise Wrong(
                en=f"One number for each seed, please: {len(_KNOWN)} here, not an answer of shape {values.shape}.",
                zh=f"请给每个种子返回一个数：这里应有 {len(_KNOWN)} 个，而你的结果形状是 {values.shape}。",
            )
        return values

    ours, known = interaction("embedding", "encoder_1"), np.array(_KNOWN)
    formula = {
        "en": "In the table of this check sharing the embedding brings 12 points where `encoder_1` is not shared, "
        "and 6 (seed 0) or 2 (seed 1) where it is, each the mean of the plans with `encoder_2` shared and not. So the answer is -6 and -10",
        "zh": "在检查所用的表里，`encoder_1` 不共享时，共享嵌入层带来 12 个百分点；`encoder_1` 也共享时，只带来 6 个百分点（种子 0）或 2 个百分点（种子 1）；"
        "两者都是 `encoder_2` 共享和不共享的方案的平均。"
        "所以答案是 -6 和 -10",
    }
    yours = {"en": f"; yours is {ours.round(1)}.", "zh": f"；你的结果是 {ours.round(1)}。"}
    for found, because in (
        (
            -known,
            {
                "en": "The sign is turned: take the effect where `b` is shared, minus the effect where it is not.",
                "zh": "正负号反了：应是 `b` 共享时的效应，减去 `b` 不共享时的效应。",
            },
        ),
        (
            12 + known,
            {
                "en": "This is the effect of `a` among the plans that share `b`. Subtract its effect among those that do not.",
                "zh": "这是在共享 `b` 的方案里 `a` 的效应。还要减去在不共享 `b` 的方案里 `a` 的效应。",
            },
        ),
        (
            24 + known,
            {
                "en": "You add the two effects of `a`; their difference is asked for.",
                "zh": "你把 `a` 的两个效应相加了；要的是它们的差。",
            },
        ),
        (
            known / 2,
            {
                "en": "Half of it. (Some books define it so; here the plain difference of the two effects is asked for.)",
                "zh": "只有一半。（有的书是这样定义的；这里要的就是两个效应之差。）",
            },
        ),
        (
            np.array([10.0, 10.0]),
            {
                "en": "This is the mean effect of `a` minus that of `b`. But the question is whether what `a` brings "
                "depends on `b`: look at the plans with and without `b` separately.",
                "zh": "这是 `a` 的平均效应减去 `b` 的平均效应。可问题是：`a` 带来多少，是否取决于 `b`？请把共享 `b` 和不共享 `b` 的方案分开来看。",
            },
        ),
    ):
        if np.allclose(ours, found):
            raise Wrong(**because)
    if not np.allclose(ours, known):
        raise Wrong(**{k: formula[k] + yours[k] for k in LANGUAGES})
    if not np.allclose(interaction("encoder_1", "embedding"), known):
        raise Wrong(
            en='For `"embedding", "encoder_1"` you are right, for `"encoder_1", "embedding"` not. The two must agree; '
            "are names of levels written into your function?",
            zh='`"embedding", "encoder_1"` 对了，`"encoder_1", "embedding"` 却不对。两者应当相等；是不是把层级的名字写死在函数里了？',
        )
    if not np.allclose(interaction("embedding", "encoder_2"), 0) or not np.allclose(
        interaction("embedding", "encoder_1", "ner"), 0
    ):
        raise Wrong(
            en="Where two levels have nothing to do with each other, or a task's score never changes, the answer is 0. "
            "Are `b` and `task` used?",
            zh="两个层级互不相干，或者任务的得分从不改变时，答案应是 0。`b` 和 `task` 用上了吗？",
        )


INTERACTION = Exercise(
    name="interaction",
    examine=_examine_interaction,
    right={
        "en": "Swap `a` and `b`, and the answer is the same. Where it is far from zero, no level has *an* effect: "
        "say with what else it was shared.",
        "zh": "把 `a` 和 `b` 对调，答案不变。它离零很远的时候，就不能说某个层级有“某个”效应：要说明当时还共享了什么。",
    },
    hints=[
        {
            "en": "`effect` takes a table. Give it a part of the table.",
            "zh": "`effect` 的参数是一张表。给它表的一部分就行。",
        },
        {
            "en": "`table[table[b]]` holds the plans that share level `b`, `table[~table[b]]` those that do not.",
            "zh": "`table[table[b]]` 是共享层级 `b` 的方案，`table[~table[b]]` 是不共享的。",
        },
        {
            "en": "The effect of `a` in the first part minus its effect in the second.",
            "zh": "`a` 在前一部分的效应，减去它在后一部分的效应。",
        },
    ],
    code="""\
def interaction(table, a, b, task):
    return effect(table[table[b]], a, task) - effect(table[~table[b]], a, task)""",
)


# -- spare


def _examine_spare(answer: Any) -> None:
    if not isinstance(answer, SharingPlan):
        raise Wrong(en="A `SharingPlan` is asked for.", zh="这里要的是一个 `SharingPlan`。")
    if set(answer.tasks) != set(TASKS) or answer.levels != LEVELS:
        raise Wrong(
            en=f"The plan should have the tasks {list(TASKS)} and the levels {list(LEVELS)}; yours has "
            f"{list(answer.tasks)} and {list(answer.levels)}.",
            zh=f"方案应有任务 {list(TASKS)} 和层级 {list(LEVELS)}；你的方案有 {list(answer.tasks)} 和 {list(answer.levels)}。",
        )
    for level, groups in answer:
        for group in groups:
            spared = [task for task in group if task in ("sentiment", "ner")]
            if spared and len(group) > 1:
                others = [task for task in group if task != spared[0]]
                raise Wrong(
                    en=f"At `{level}`, {spared[0]} shares its copy with {', '.join(others)}. Gradients from there move "
                    "it too, and nobody can promise that this does no harm.",
                    zh=f"在 `{level}`，{spared[0]} 和 {'、'.join(others)} 共用一份。它们的梯度也会推动这一份，谁也不能保证没有害处。",
                )
    if not any({"person", "relation"} <= set(group) for _, groups in answer for group in groups):
        raise Wrong(
            en="Nobody is harmed, and nobody is helped: `person` shares nothing with `relation`.",
            zh="谁也没受害，谁也没得益：`person` 和 `relation` 什么也没有共享。",
        )
    if len(dict(answer)["embedding"]) == len(TASKS):
        # Without a shared embedding a plan needs at least 85 % of the parameters, in both languages.
        raise Wrong(
            en="This plan is too dear: with four copies of the embedding it stays above 80 % of the parameters, "
            "because nearly all of them are there. Look where the lab's diagram has its largest numbers.",
            zh="这个方案太费参数：嵌入层有四份，参数就降不到 80% 以下，因为参数几乎都在那里。看看共享实验室的示意图上哪里的数最大。",
        )


SPARE = Exercise(
    name="spare",
    examine=_examine_spare,
    right={
        "en": "No gradient of another task reaches anything that `sentiment` or `ner` use. That they lose nothing is no "
        "result of an experiment: it follows from the plan.",
        "zh": "`sentiment` 和 `ner` 用到的一切，别的任务的梯度都到不了。它们毫无损失，这不是实验结果，而是方案本身的推论。",
    },
    hints=[
        {
            "en": "Start from `SharingPlan.separate([...])` with all four tasks, and share something.",
            "zh": "从四个任务的 `SharingPlan.separate([...])` 出发，再让一部分共享。",
        },
        {
            "en": "Where do nearly all parameters sit? Sharing there is what makes a plan cheap.",
            "zh": "参数几乎都在哪个层级？在那里共享，方案才省。",
        },
        {
            "en": '`.share("embedding", ["person", "relation"])`. The encoders are up to you.',
            "zh": '`.share("embedding", ["person", "relation"])`。编码器怎么办，由你决定。',
        },
    ],
    code="""\
spare = SharingPlan.separate(["person", "relation", "sentiment", "ner"])
spare = spare.share("embedding", ["person", "relation"])""",
)


# -- crowding

_PRICE = np.array([[-21.0, -13.0, -17.0], [-3.0, 1.0, -2.0]])
"""What sharing both encoders brings in the made-up table: [labels, seeds]."""


def _made_up_growth() -> pd.DataFrame:
    """Scores in the form of the lesson's `growing`, with other numbers of labels, and `_PRICE`."""
    words = np.array([[62.0, 70.0, 75.0], [84.0, 86.0, 87.0]])
    ways = {
        "single task": np.array([[30.0, 34.0, 38.0], [82.0, 85.0, 84.0]]),
        "separate": np.array([[36.0, 33.0, 45.0], [82.0, 85.0, 84.0]]),
        "embedding only": words,
        "all shared": words + _PRICE,
    }
    place = pd.MultiIndex.from_product([(100, 1000), range(3)], names=["labels", "seed"])
    return pd.DataFrame({name: values.ravel() for name, values in ways.items()}, index=place)


def _row_by_row(result: Any) -> np.ndarray:
    """The numbers in the order of the made-up table's rows; a dictionary or a wide table will do."""
    if isinstance(result, dict):
        result = [list(v.values()) if isinstance(v, dict) else v for v in result.values()]
    values = as_numbers(result)
    if values.shape == _PRICE.T.shape:
        values = values.T
    return values.ravel() if values.size == _PRICE.size else values


def _examine_crowding(answer: Any) -> None:
    table = _made_up_growth()
    ours = _row_by_row(ask(answer, table.copy(), shown="growing"))
    labels, seeds = _PRICE.shape
    if not ours.size:
        raise Wrong(
            en="Numbers are asked for, one for each row of `growing`.",
            zh="这里要的是数：`growing` 的每一行一个。",
        )
    if ours.shape in ((), (labels,)):
        raise Wrong(
            en="You give back a mean. One number for each number of labels *and* each seed is asked for: a mean without "
            "its spread does not say whether it may be noise.",
            zh="你返回的是平均值。这里要的是每种标签数、每个种子各一个数：没有波动的平均值，说不清是不是噪声。",
        )
    if ours.shape != (_PRICE.size,):
        raise Wrong(
            en=f"One number for each row, please. The table of this check has {labels} numbers of labels (100 and 1,000) and "
            f"{seeds} seeds, {_PRICE.size} rows; your answer has the shape {ours.shape}. Is it made from the `growing` "
            "that is handed over, from all of its rows?",
            zh=f"请给每一行返回一个数。检查所用的表有 {labels} 种标签数（100 和 1000）、{seeds} 个种子，共 {_PRICE.size} 行；"
            f"而你的结果形状是 {ours.shape}。用的是传进来的那个 `growing` 吗？每一行都用上了吗？",
        )
    price = _PRICE.ravel()
    for found, because in (
        (
            -price,
            {
                "en": "The right two columns, the wrong way round: first the run that is judged, `all shared`, then what it "
                "is held against. What costs points must come out negative.",
                "zh": "选对了两列，次序反了：先写被评判的 `all shared`，再写用来比较的。赔分的，结果应当是负数。",
            },
        ),
        (
            table["all shared"] - table["single task"],
            {
                "en": "`all shared` and `single task` differ in everything: the batches, the words, the encoders. Only the "
                "encoders should differ.",
                "zh": "`all shared` 和 `single task` 样样都不同：批次、嵌入层、编码器。应当只差编码器。",
            },
        ),
        (
            table["all shared"] - table["separate"],
            {
                "en": "`all shared` and `separate` differ in the encoders, but in the words as well; so the help of the shared "
                "words is in your numbers and hides part of the price.",
                "zh": "`all shared` 和 `separate` 差在编码器，也差在嵌入层；于是共享嵌入层的帮助也算进了你的数字，把代价遮住了一部分。",
            },
        ),
        (
            table["embedding only"] - table["separate"],
            {
                "en": "This is what sharing the words brings. Asked for is what sharing the encoders brings after that.",
                "zh": "这是共享嵌入层带来的。要的是在此之后，再共享编码器带来的。",
            },
        ),
        (
            np.repeat(_PRICE.mean(axis=1), seeds),
            {
                "en": "Your number is the same for all seeds: a mean, written down once for each of them. Leave the seeds as they are.",
                "zh": "各个种子的数都一样：你把平均值抄了几遍。请保留每个种子自己的数。",
            },
        ),
    ):
        if np.allclose(ours, found):
            raise Wrong(**because)
    if not np.allclose(ours, price):
        raise Wrong(
            en=f"In the table of this check sharing the encoders on top of the words makes, row by row, {price}; "
            f"yours is {ours.round(1)}.",
            zh=f"在检查所用的表里，嵌入层已经共享，再共享编码器，逐行的变化是 {price}；你的结果是 {ours.round(1)}。",
        )


CROWDING = Exercise(
    name="crowding",
    examine=_examine_crowding,
    right={
        "en": "Both sides have the same batches and the same shared words; the encoders are all that differs. The same "
        "difference at every number of labels is what one needs to say whether it shrinks.",
        "zh": "两边批次相同，嵌入层也同样共享，差的只有编码器。每种标签数下都量同一个差，才说得清它有没有变小。",
    },
    hints=[
        {
            "en": "As in Exercise 1: which two columns differ in the encoders, and in nothing else?",
            "zh": "和练习 1 一样：哪两列只差在编码器，别的都相同？",
        },
        {
            "en": "Both must have mixed batches and shared words. That leaves two of the four columns.",
            "zh": "两边的批次都应是混合的，嵌入层都应是共享的。四列里只剩两列。",
        },
        {
            "en": "Columns are subtracted row by row: `growing[...] - growing[...]`, first the one that shares more.",
            "zh": "两列相减，就是逐行相减：`growing[...] - growing[...]`，共享得多的那一列写在前面。",
        },
    ],
    code="""\
def crowding(growing):
    return growing["all shared"] - growing["embedding only"]""",
)

EXERCISES = (FAIR, INTERACTION, SPARE, CROWDING)

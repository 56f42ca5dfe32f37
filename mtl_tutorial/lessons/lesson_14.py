"""Lesson 14, your own tasks: the runs behind its table; exercises on labels, on deciding, on seeds."""

import math
from typing import Any

from mtl_tutorial.corpora.inbox import TASKS
from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.experiments import Experiment
from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.trials import SINGLE

SEEDS = 5
_APART = SharingPlan.separate(list(TASKS))
PLANS = {
    "hard": SharingPlan.hard(list(TASKS)),
    "words": _APART.share("embedding", list(TASKS)),
    "separate": _APART,
}
"""Name → plan: all shared; the words alone; nothing, the control, which sees the same batches."""


def experiments() -> list[Experiment]:
    """The runs of ``data/runs/lesson_14.csv.gz``: what `compare` trains on the inbox, both languages."""
    alone = [(SINGLE, SharingPlan.hard([task])) for task in TASKS]
    return [
        Experiment(
            model,
            plan.tasks,
            f"inbox-{language}",
            plan=plan.as_dict(),
            seed=seed,
            epochs=10,
            steps_per_epoch=26,
            learning_rate=3e-3,
        )
        for language in LANGUAGES
        for seed in range(SEEDS)
        for model, plan in (*alone, *PLANS.items())
    ]


# -- tidy


def _examine_tidy(answer: Any) -> None:
    known = ("advice", "complaint", "repair", "thanks")

    def tidy(label: Any) -> Any:
        return ask(answer, label, known, shown=f"{label!r}, {known}")

    if tidy("repair") != "repair":
        raise Wrong(
            en=f'A label that is right already should stay as it is: "repair", not {tidy("repair")!r}.',
            zh=f'本来就对的标签应当原样返回："repair"，而不是 {tidy("repair")!r}。',
        )
    for written in ("Repair", "REPAIR", "repair ", " Repair\t"):
        if tidy(written) != "repair":
            raise Wrong(
                en=f'{written!r} is "repair" in another spelling; yours gives {tidy(written)!r}. '
                "Blanks at the ends and capitals make no new class.",
                zh=f'{written!r} 只是 "repair" 的另一种写法；你的结果是 {tidy(written)!r}。首尾的空白和大小写不构成新的类别。',
            )
    for empty in (None, "", "  ", float("nan")):
        try:
            found = answer(empty, known)
        except Exception as error:
            raise Wrong(
                en=f"An empty cell may be {empty!r} (pandas reads them as `nan`); yours stops with {type(error).__name__}: {error}.",
                zh=f"空单元格可能是 {empty!r}（pandas 读成 `nan`）；你的函数停在 {type(error).__name__}: {error}。",
            ) from error
        if found is not None:
            raise Wrong(
                en=f"An empty cell, {empty!r}, is a missing label: give back None, not {found!r}.",
                zh=f"空单元格 {empty!r} 就是缺失的标签：应当返回 None，而不是 {found!r}。",
            )
    for strange in ("rapair", "repairs", "rep", 7):
        try:
            found = answer(strange, known)
        except ValueError:
            continue
        except Exception as error:
            raise Wrong(
                en=f"{strange!r} is no label. Raise a `ValueError` that names it; yours raises {type(error).__name__}.",
                zh=f"{strange!r} 不是标签。请抛出指明它的 `ValueError`；你抛出的是 {type(error).__name__}。",
            ) from error
        raise Wrong(
            en=f"{strange!r} is no label; yours quietly gives {found!r}. A guess would hide the error, and a missing label would "
            "hide it too. Raise a `ValueError`: somebody has to look.",
            zh=f"{strange!r} 不是标签；你的函数却不声不响地返回了 {found!r}。猜一个会掩盖错误，当作缺失同样会掩盖错误。请抛出 `ValueError`：得有人来看一眼。",
        )
    if ask(answer, "Spam ", ("ham", "spam"), shown="'Spam ', ('ham', 'spam')") != "spam":
        raise Wrong(
            en='Which labels there are is an argument: with `known = ("ham", "spam")`, "Spam " is "spam".',
            zh='有哪些标签由参数 `known` 说了算：`known = ("ham", "spam")` 时，"Spam " 就是 "spam"。',
        )


TIDY = Exercise(
    name="tidy",
    examine=_examine_tidy,
    right={
        "en": "Spellings are mended, what is missing stays missing, and what is unknown is not guessed. "
        "A rule that mends in silence would be worse than none.",
        "zh": "写法统一了，缺失的仍然缺失，不认识的不去乱猜。不声不响地“修好”一切的规则，比没有规则更糟。",
    },
    hints=[
        {
            "en": "`str.strip` and `str.lower`. What if the cell is empty, and no string?",
            "zh": "用 `str.strip` 和 `str.lower`。如果单元格是空的，根本不是字符串呢？",
        },
        {
            "en": "First `pd.isna(label)`, which is true of `None` and `nan`; then tidy `str(label)`; then empty? then known?",
            "zh": "先看 `pd.isna(label)`（`None` 和 `nan` 都算）；再统一 `str(label)` 的写法；再看是否为空；再看是否认识。",
        },
        {
            "en": '`raise ValueError(f"unknown label {label!r}")`',
            "zh": '`raise ValueError(f"不认识的标签 {label!r}")`',
        },
    ],
    code="""\
def tidy(label, known):
    text = "" if pd.isna(label) else str(label).strip().lower()
    if text and text not in known:
        raise ValueError(f"unknown label {label!r}")
    return text or None""",
)


# -- decide


def _examine_decide(answer: Any) -> None:
    cases = [
        ((2.0, 6.0), "share",
         "the whole interval lies above 1: even the worst case is worth it",
         "整个区间都在 1 以上：最坏的情况也值得"),
        ((-6.0, -2.0), "apart",
         "the whole interval lies below 0: sharing loses",
         "整个区间都在 0 以下：共享有损失"),
        ((-3.0, 5.0), "cannot tell",
         "from a loss of 3 to a gain of 5 everything is possible",
         "从损失 3 个百分点到提高 5 个百分点，什么都有可能"),
        ((0.4, 5.0), "cannot tell",
         "it gains, but perhaps by 0.4 only, and 1 is what it must bring",
         "确实有提高，但也许只有 0.4，而至少要 1 个百分点才值得"),
        ((-0.6, 0.7), "apart",
         "the gain is certainly below 1: that question is answered, and the answer is no",
         "提高肯定不到 1 个百分点：问题已有答案，答案是不值得"),
        ((-0.5, 5.0), "cannot tell",
         "a mean above 1 alone is no reason",
         "平均值超过 1 不能单独作为理由"),
        ((-4.0, 2.0), "cannot tell",
         "a mean below 1 alone is no reason either: 2 is in the interval",
         "平均值低于 1 也不能单独作为理由：2 也在区间里"),
    ]  # fmt: skip
    for (low, high), wanted, en, zh in cases:
        found = ask(answer, low, high, 1.0, shown=f"{low}, {high}, 1.0")
        if found not in ("share", "apart", "cannot tell"):
            raise Wrong(
                en=f'Give back "share", "apart" or "cannot tell"; for {low} to {high} yours gives {found!r}.',
                zh=f'请返回 "share"、"apart" 或 "cannot tell"；区间 {low} 至 {high} 时你的结果是 {found!r}。',
            )
        if found != wanted:
            raise Wrong(
                en=f'Interval {low} to {high}, worth 1: "{wanted}", since {en}. Yours says {found!r}.',
                zh=f'区间 {low} 至 {high}，至少要 1 个百分点：应为 "{wanted}"，因为{zh}。你的回答是 {found!r}。',
            )
    for low, high, wanted in ((2.0, 6.0, "cannot tell"), (1.5, 2.5, "apart")):
        if ask(answer, low, high, 3.0, shown=f"{low}, {high}, 3.0") != wanted:
            raise Wrong(
                en=f'What a gain must be worth is an argument: with 3 in place of 1, the interval {low} to {high} says "{wanted}".',
                zh=f'“至少要多少才值得”是一个参数：换成 3，区间 {low} 至 {high} 的回答就是 "{wanted}"。',
            )


DECIDE = Exercise(
    name="decide",
    examine=_examine_decide,
    right={
        "en": "Three answers, and the interval chooses. An interval around zero is *cannot tell* when it is wide, and a clear *no* when it is narrow.",
        "zh": "三种回答，由区间来选。区间跨过零时：宽，就是“无法判断”；窄，就是明确的“不值得”。",
    },
    hints=[
        {
            "en": "Which end of the interval must lie above `worth` for *share*?",
            "zh": "要回答 share，区间的哪一端必须高于 `worth`？",
        },
        {
            "en": "When is it certain that the gain does not reach `worth`?",
            "zh": "什么时候可以肯定提高达不到 `worth`？",
        },
    ],
    code="""\
def decide(low, high, worth):
    if low >= worth:
        return "share"
    if high < worth:
        return "apart"
    return "cannot tell\"""",
)


# -- seeds_needed


def _examine_seeds_needed(answer: Any) -> None:
    def needed(deviation: float, reach: float) -> int:
        found = as_numbers(ask(answer, deviation, reach, shown=f"{deviation}, {reach}"))
        if found.size != 1 or not float(found.item()).is_integer():
            raise Wrong(
                en=f"Give back a whole number of seeds, not {found.tolist()!r}.",
                zh=f"请返回整数个种子，而不是 {found.tolist()!r}。",
            )
        return int(found.item())

    pairs = ((3.0, 2.0), (3.0, 1.0), (6.0, 2.0), (1.0, 2.0), (5.0, 0.9), (0.2, 2.0), (0.0, 1.0))
    for deviation, reach in pairs:
        found, right = needed(deviation, reach), _needed(deviation, reach)
        normal = math.ceil((1.96 * deviation / reach) ** 2)
        if found == right:
            continue
        if found == normal and found >= 2:
            raise Wrong(
                en=f"Deviation {deviation}, reach {reach}: yours says {found}, which is (1.96 s / reach)². With so few seeds the deviation "
                f"itself is a guess, and Student's t takes the place of 1.96: {right}.",
                zh=f"标准差 {deviation}，半宽 {reach}：你的结果 {found} 是 (1.96 s / 半宽)²。种子这么少，标准差本身也是估计，"
                f"应当用学生 t 分布代替 1.96：{right}。",
            )
        if found < 2:
            raise Wrong(
                en=f"One seed has no deviation and no interval: begin with n = 2; yours says {found}.",
                zh=f"一个种子没有标准差，也没有区间：从 n = 2 开始；你的结果是 {found}。",
            )
        raise Wrong(
            en=f"Deviation {deviation}, reach {reach}: {right} seeds are the first with t s / √n ≤ reach; yours says {found}.",
            zh=f"标准差 {deviation}，半宽 {reach}：第一个满足 t s / √n ≤ 半宽的是 {right} 个种子；你的结果是 {found}。",
        )


def _needed(deviation: float, reach: float) -> int:
    from scipy.special import stdtrit

    n = 2
    while stdtrit(n - 1, 0.975) * deviation / math.sqrt(n) > reach:
        n += 1
    return n


SEEDS_NEEDED = Exercise(
    name="seeds_needed",
    examine=_examine_seeds_needed,
    right={
        "en": "With more than a few seeds, half the reach costs four times as many. That is the price list of every comparison; ask for it before you train.",
        "zh": "种子不太少时，半宽减半，种子就要四倍。这就是每一次比较的价目表；训练之前先看一眼。",
    },
    hints=[
        {
            "en": "Try n = 2, 3, 4, … until `t * deviation / n ** 0.5 <= reach`.",
            "zh": "依次试 n = 2、3、4……直到 `t * deviation / n ** 0.5 <= reach`。",
        },
        {
            "en": "`scipy.special.stdtrit(n - 1, 0.975)` is the t that `paired_difference` uses.",
            "zh": "`scipy.special.stdtrit(n - 1, 0.975)` 就是 `paired_difference` 用的 t。",
        },
    ],
    code="""\
def seeds_needed(deviation, reach):
    n = 2
    while stdtrit(n - 1, 0.975) * deviation / n**0.5 > reach:
        n += 1
    return n""",
)

EXERCISES = (TIDY, DECIDE, SEEDS_NEEDED)

"""Lesson 06, depth and cascades: the runs behind its table; exercises on plans, feeds and who depends on what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import softmax

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.sharing import SharingPlan

if TYPE_CHECKING:
    from mtl_tutorial.model import MultiTaskModel

UPPER = ("person", "relation")
TASKS = (*UPPER, "role")
LEVELS = ("embedding", "encoder_1", "encoder_2", "encoder_3")
LABELS = {
    "few": {"person": 60, "relation": 200},
    "many": {"person": 2000, "relation": 2000},
}
LOWER = 2000
"""Labels of the lower task."""
SEEDS = 5


def supervised(level: str, lower: str = "role") -> SharingPlan:
    """All levels shared by `UPPER`, and by the lower task as far as `level`, where its head sits."""
    plan, place = SharingPlan.hard((*UPPER, lower), LEVELS), LEVELS.index(level)
    return plan if level == LEVELS[-1] else plan.leave(LEVELS[place + 1], lower)


def fed(level: str) -> SharingPlan:
    """The same; and above that level the answers of ``role`` are fed to both upper tasks."""
    above = LEVELS[LEVELS.index(level) + 1]
    feeds = {above: {task: ["role"] for task in UPPER}}
    return SharingPlan(supervised(level).as_dict(), feeds=feeds)


@dataclass(frozen=True)
class Told(Experiment):
    """An experiment whose feed is given the gold labels of ``role``, in place of its answers.

    They come with the tokens, packed into one number: token + label × size of the vocabulary.
    """

    def data(self) -> MultiTaskData:
        """The data of the experiment without gold; the labels packed are those before any is hidden."""
        given = super().data()
        whole = replace(self, labels={}, also=None)
        labels = Experiment.data(whole)
        gold = {name: np.maximum(split.targets["role"], 0) for name, split in labels.splits.items()}
        splits = {
            name: replace(split, inputs=split.inputs + len(given.vocabulary) * gold[name])
            for name, split in given.splits.items()
        }
        return replace(given, splits=splits)

    def untrained(self, data: MultiTaskData) -> MultiTaskModel:
        """The model of the experiment without gold, told it where it would ask its own head."""
        from mtl_tutorial.startup import keras

        ops, size = keras.ops, len(data.vocabulary)
        model = super().untrained(data)
        words = model.shared_layer(LEVELS[0], "role")
        (feed,) = (layer for layer in model.layers if ".feed-" in layer.name)
        look_up, add = words.call, feed.call
        told: dict[str, Any] = {}

        def unpack(packed: Any, **options: Any) -> Any:
            told["labels"] = ops.one_hot(packed // size, len(data.tasks["role"].labels))
            return look_up(packed % size, **options)

        words.call = unpack
        feed.call = lambda inputs: add([inputs[0], 50.0 * told["labels"]])
        return model


FED = "encoder_2"
"""Where the head of ``role`` sits if its answers are fed, to the level above."""

PLACES = ("silent", *LEVELS, "own")
"""Where the lower task is supervised; or it is silent (weight 0), or goes from encoder_1 on through
encoders of its own."""
TURNS: dict[str, dict[str, Any]] = {
    "round_robin": {"sampling": "round_robin"},
    "in_turn": {"sampling": "in_turn"},
    **{
        f"held_{strength}": {"sampling": "in_turn", "successive_regularization": strength}
        for strength in (0.001, 0.01, 0.1)
    },
}
"""Ways to train one task after the other → what sets them apart from training jointly."""
ARMS = (*PLACES, "both", "fed", "gold", *TURNS)
"""`PLACES`; supervised at encoder_1 and the top with half the weight each; at `FED` and fed, or exchanged
for gold where it is fed; at encoder_1 and trained one task after the other, batch by batch or turn by
turn (`TURNS`), the lower task first."""


def experiment(arm: str, seed: int, lower: str = "role", labels: str = "few") -> Experiment:
    """One of the runs of ``data/runs/lesson_06.csv.gz``."""
    plan = fed(FED) if arm in ("fed", "gold") else supervised(LEVELS[-1], lower)
    weights, further = {lower: 0.0} if arm == "silent" else {}, None
    if arm in LEVELS:
        plan = supervised(arm, lower)
    elif arm in TURNS:
        plan = SharingPlan.hard((lower, *UPPER), LEVELS).leave("encoder_2", lower)
    elif arm == "own":
        plan = plan.split("encoder_2", lower).split("encoder_3", lower)
    elif arm == "both":
        plan = SharingPlan.hard((*TASKS, "role_low"), LEVELS).leave("encoder_2", "role_low")
        weights, further = {"role": 0.5, "role_low": 0.5}, {"role_low": "role"}
    kind = Told if arm == "gold" else Experiment
    return kind(
        f"{labels} {lower} {arm}",
        (*UPPER, lower),
        "zh",
        {**LABELS[labels], lower: LOWER},
        plan.as_dict(),
        weights,
        also=further,
        units=32,
        embedding_dim=32,
        epochs=4,
        steps_per_epoch=200,
        learning_rate=3e-3,
        seed=seed,
        **TURNS.get(arm, {}),
    )


def experiments() -> list[Experiment]:
    """The runs of the table: every arm with few labels above, the places for ``ner`` and many labels too."""
    usual = [experiment(arm, seed) for arm in ARMS for seed in range(SEEDS)]
    places = [
        experiment(arm, seed, lower, labels)
        for labels, lower in (("few", "ner"), ("many", "role"), ("many", "ner"))
        for arm in PLACES
        for seed in range(SEEDS)
    ]
    return [*usual, *places]


# -- supervise

_PLACED = (
    {"person": "encoder_3", "relation": "encoder_3", "role": "encoder_1"},
    {"person": "encoder_2", "role": "embedding", "ner": "encoder_1"},
    {"relation": "encoder_1", "ner": "encoder_1"},
)


def _plan_of(heads: dict[str, str]) -> SharingPlan:
    last = max(map(LEVELS.index, heads.values()))
    return SharingPlan(
        {
            level: [[task for task, own in heads.items() if LEVELS.index(own) >= place]]
            for place, level in enumerate(LEVELS[: last + 1])
        }
    )


def _examine_supervise(answer: Any) -> None:
    for heads in _PLACED:
        found = ask(answer, dict(heads), shown=f"{heads}")
        if not isinstance(found, dict):
            raise Wrong(
                en=f"A dictionary level → groups is asked for, such as {{'embedding': [['person', 'role']]}}; "
                f"yours is {found!r}.",
                zh=f"这里要的是一个字典，层级 → 组，例如 {{'embedding': [['person', 'role']]}}；你的是 {found!r}。",
            )
        try:
            plan = SharingPlan(found)
            unknown = [level for level in plan.levels if level not in LEVELS]
        except (TypeError, ValueError) as error:
            raise Wrong(
                en=f"For {heads} this is no plan: {error}.",
                zh=f"对 {heads}，这不是一个方案：{error}。",
            ) from error
        if unknown:
            raise Wrong(
                en=f"There is no level {unknown[0]!r}.", zh=f"没有 {unknown[0]!r} 这个层级。"
            )
        for task, wanted in heads.items():
            if task not in plan.tasks:
                raise Wrong(
                    en=f"For {heads}: `{task}` is not on the lowest level; every task begins with the words.",
                    zh=f"对 {heads}：`{task}` 不在最低的层级上；每个任务都从词开始。",
                )
            where = plan.path(task)[-1][0]
            if where != wanted:
                raise Wrong(
                    en=f"For {heads}: the head of `{task}` sits at {where}, and {wanted} is wanted.",
                    zh=f"对 {heads}：`{task}` 的头在 {where}，应当在 {wanted}。",
                )
        if plan != _plan_of(heads):
            raise Wrong(
                en=f"For {heads}: the heads are in their places, but the tasks below do not share one copy of each level.",
                zh=f"对 {heads}：头的位置都对了，但下面的各个层级不是由任务共用一份。",
            )


SUPERVISE = Exercise(
    name="supervise",
    examine=_examine_supervise,
    right={
        "en": "A task stands on every level up to its head, and nowhere above: what lies above does not belong to it.",
        "zh": "从最低层级到头所在的层级，任务都在；再往上就没有它了：上面的层不归它管。",
    },
    hints=[
        {
            "en": "Go through LEVELS from below. Which tasks still need this level? Those whose head sits here or higher.",
            "zh": "从下往上走一遍 LEVELS。哪些任务还需要这个层级？头在这里或更高处的。",
        },
        {
            "en": "`LEVELS.index(heads[task]) >= place`. Leave out a level that nobody needs: a group must not be empty.",
            "zh": "`LEVELS.index(heads[task]) >= place`。没有任务需要的层级不要写：组不能是空的。",
        },
    ],
    code="""\
def supervise(heads):
    levels = {}
    for place, level in enumerate(LEVELS):
        group = [task for task in heads if LEVELS.index(heads[task]) >= place]
        if group:
            levels[level] = [group]
    return levels""",
)


# -- feed

_X = np.random.default_rng(60).normal(size=(4, 3)).round(1)
_LOGITS = np.random.default_rng(61).normal(size=(4, 5)).round(1)
_TABLE = np.random.default_rng(62).normal(size=(5, 3)).round(1)


def _examine_feed(answer: Any) -> None:
    ours = as_numbers(
        ask(answer, _X.copy(), _LOGITS.copy(), _TABLE.copy(), shown="x, logits, table")
    )
    embedded = softmax(_LOGITS, -1) @ _TABLE
    if ours.shape == (4, 6):
        raise Wrong(
            en="Laid side by side, each token has six features. Here they are added, so that the layer above stays as it is.",
            zh="并排放的话，每个词元就有六个特征。这里是相加，这样上面的层不用变。",
        )
    if ours.shape != _X.shape:
        raise Wrong(
            en=f"An array of shape {_X.shape} is asked for, [tokens, features]; yours has {ours.shape}.",
            zh=f"应当得到形状为 {_X.shape} 的数组，[词元, 特征]；你的是 {ours.shape}。",
        )
    for wrong, because in (
        (
            embedded,
            {
                "en": "This is what is fed. It is added to `x`, which would be lost otherwise.",
                "zh": "这是传上去的那一部分。还要加到 `x` 上，否则 `x` 就丢了。",
            },
        ),
        (
            _X + _LOGITS @ _TABLE,
            {
                "en": "The logits are used as they are. A softmax over the labels makes probabilities of them first.",
                "zh": "对数几率（logits）直接拿来用了。要先对标签做 softmax，变成概率。",
            },
        ),
        (
            _X + _TABLE[_LOGITS.argmax(-1)],
            {
                "en": "The most probable label alone is embedded. No gradient gets through a choice; take the mean of the rows, "
                "each weighed by its probability.",
                "zh": "只嵌入了最可能的那个标签。选择这一步，梯度过不去；应当把各行按概率加权平均。",
            },
        ),
        (
            _X + softmax(_LOGITS, 0) @ _TABLE,
            {
                "en": "Your probabilities sum to 1 over the tokens. For each token they should sum to 1 over the labels.",
                "zh": "你的概率沿词元的方向加起来等于 1。应当对每个词元，让各标签的概率加起来等于 1。",
            },
        ),
    ):
        if np.allclose(ours, wrong):
            raise Wrong(**because)
    if not np.allclose(ours, _X + embedded):
        raise Wrong(
            en=f"For the first token {(_X + embedded)[0].round(2)} is right; yours is {ours[0].round(2)}.",
            zh=f"第一个词元应是 {(_X + embedded)[0].round(2)}；你的是 {ours[0].round(2)}。",
        )


FEED = Exercise(
    name="feed",
    examine=_examine_feed,
    right={
        "en": "An answer, with all its doubts, has become a vector that the next layer can read; and the gradient of the upper "
        "task flows back through it into the lower head.",
        "zh": "一个回答，连同它的犹豫，变成了上一层能读的向量；上面任务的梯度也经过它流回下面的头。",
    },
    hints=[
        {
            "en": "Probabilities first: exponentiate, divide by the sum over the labels. [tokens, labels].",
            "zh": "先算概率：取指数，再除以对各标签的和。形状是 [词元, 标签]。",
        },
        {
            "en": "The probabilities times the table, `@`, is a mean of its rows, [tokens, features]. Add `x`.",
            "zh": "概率乘以表（`@`），就是各行的加权平均，形状是 [词元, 特征]。再加上 `x`。",
        },
    ],
    code="""\
def feed(x, logits, table):
    answers = np.exp(logits)
    answers = answers / answers.sum(axis=1, keepdims=True)  # [tokens, labels]
    return x + answers @ table""",
)


# -- listeners

_CASCADES: tuple[dict[str, list[str]], ...] = (
    {"person": ["role"], "relation": ["role"]},
    {"person": ["role"], "relation": ["person"], "sentiment": []},
    {"d": ["c", "b"], "c": ["a"], "b": ["a"], "e": ["d"], "h": ["e"], "g": ["f"]},
)


def _listening(feeds: dict[str, list[str]], task: str) -> set[str]:
    found: set[str] = set()
    while True:
        more = {upper for upper, lowers in feeds.items() if {task, *found} & set(lowers)}
        if more <= found:
            return found
        found |= more


def _examine_listeners(answer: Any) -> None:
    for feeds in _CASCADES:
        for task in dict.fromkeys([t for lowers in feeds.values() for t in lowers] + list(feeds)):
            given = {upper: list(lowers) for upper, lowers in feeds.items()}
            found = ask(answer, given, task, shown=f"{feeds}, {task!r}")
            if isinstance(found, str) or not isinstance(found, Iterable):
                raise Wrong(
                    en=f"A set of task names is asked for; yours is {found!r}.",
                    zh=f"这里要的是任务名的集合；你的是 {found!r}。",
                )
            wanted, ours = _listening(feeds, task), {str(name) for name in found}
            if task in ours:
                raise Wrong(
                    en=f"`{task}` itself is not asked for: who else listens?",
                    zh=f"不要算 `{task}` 自己：还有谁在听？",
                )
            if ours != wanted:
                raise Wrong(
                    en=f"With the feeds {feeds}, the answers of {sorted(wanted) or 'nobody'} depend on the head of `{task}`; "
                    f"you have {sorted(ours) or 'nobody'}. Whoever listens to a listener listens too.",
                    zh=f"按 {feeds}，依赖 `{task}` 的头的是 {sorted(wanted) or '没有任务'}；你的结果是 {sorted(ours) or '没有任务'}。"
                    "听了别的听者的，也算在听。",
                )


LISTENERS = Exercise(
    name="listeners",
    examine=_examine_listeners,
    right={
        "en": "An error made low travels to everybody on this list. So does the gradient, the other way.",
        "zh": "下面犯的错，会传到这个名单上的每一个任务。梯度则反着走。",
    },
    hints=[
        {
            "en": "First those who are fed by `task` directly. Then those who are fed by one of them, and so on.",
            "zh": "先找直接接收 `task` 的回答的。再找接收它们的回答的，依此类推。",
        },
        {
            "en": "A function may call itself: for each `upper` that is fed by `task`, add it and `listeners(feeds, upper)`.",
            "zh": "函数可以调用自己：对每个接收 `task` 的 `upper`，加上它和 `listeners(feeds, upper)`。",
        },
    ],
    code="""\
def listeners(feeds, task):
    found = set()
    for upper, lowers in feeds.items():
        if task in lowers:
            found |= {upper} | listeners(feeds, upper)
    return found""",
)


EXERCISES = (SUPERVISE, FEED, LISTENERS)

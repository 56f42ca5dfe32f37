"""Exercises of lesson 02: pooling without padding, early stopping, back-propagation, silent bugs."""

from typing import Any

import numpy as np

from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.languages import LANGUAGES


def _shape(numbers: np.ndarray) -> dict[str, str]:
    """How a message goes on after "the shape should be ...": what the learner's array has instead."""
    if not numbers.size:
        return {"en": "yours is no array of numbers", "zh": "你给的不是由数组成的数组"}
    return {"en": f"yours has {numbers.shape}", "zh": f"你的是 {numbers.shape}"}


# -- strongest


def _examine_strongest(answer: Any) -> None:
    def strongest(h: list, real: list) -> np.ndarray:
        array = as_numbers(ask(answer, np.array(h, float), np.array(real, bool), shown="h, real"))
        if array.shape != (len(h), len(h[0][0])):
            raise Wrong(
                en=f"For h of shape {np.shape(h)} the result should have the shape [sentences, units], "
                f"{(len(h), len(h[0][0]))}; {_shape(array)['en']}.",
                zh=f"h 的形状是 {np.shape(h)} 时，结果的形状应是 [句子数, 单元数]，即 {(len(h), len(h[0][0]))}；"
                f"{_shape(array)['zh']}。",
            )
        return array

    def check(h: list, real: list, en: str, zh: str) -> None:
        """Sentence by sentence: a wrong one is shown, with what would be right."""
        for rows, keep, ours in zip(h, real, strongest(h, real), strict=True):
            right = [
                max(v for v, k in zip(unit, keep, strict=True) if k)
                for unit in zip(*rows, strict=True)
            ]
            if ours.tolist() == right:
                continue
            yours = f"[{', '.join(f'{value:g}' for value in ours)}]"
            marks = {"en": ("padding", "real"), "zh": ("补齐", "真词元")}
            shown = {
                k: "; ".join(
                    f"{row} ({marks[k][mark]})" for row, mark in zip(rows, keep, strict=True)
                )
                for k in LANGUAGES
            }
            raise Wrong(
                en=f"{en} Of the rows {shown['en']} the strongest values are {right}; yours are {yours}.",
                zh=f"{zh}各行是 {shown['zh']}，最强的值是 {right}；你的是 {yours}。",
            )

    check(
        [[[1, 5], [4, 2]], [[0, 3], [2, 1]]],
        [[1, 1], [1, 1]],
        en="First a case without padding.",
        zh="先看没有补齐的情形。",
    )
    check(
        [[[1, 2], [9, 9]], [[1, 2], [3, 0]], [[8, 8], [2, 1]]],
        [[1, 0], [1, 1], [0, 1]],
        en="Padding must not win, and real values must not be lost.",
        zh="补齐处的值不能胜出，真词元的值也不能丢。",
    )
    check(
        [[[-3, -1], [7, 7]], [[-2, -5], [-4, -1]], [[-3000000, -5], [0, 0]]],
        [[1, 0], [1, 1], [1, 0]],
        en="Where all real values are far below 0, padding that was set to 0, or to -10, wins after all. "
        "What number loses against every other?",
        zh="若真词元的值都远小于 0，置为 0 或 -10 的补齐处还是会胜出。什么数比谁都小？",
    )


STRONGEST = Exercise(
    name="strongest",
    examine=_examine_strongest,
    right={
        "en": "However much padding a sentence gets, its vector stays the same. The package's `MaskedPooling` does it in this way.",
        "zh": "不管补多少，句子的向量都不变。包里的 `MaskedPooling` 就是这样做的。",
    },
    hints=[
        {
            "en": "Before you take the maximum over axis 1, replace every value at padding by one that cannot win.",
            "zh": "在沿第 1 轴取最大值之前，先把补齐处的值换成不可能获胜的数。",
        },
        {
            "en": "`h` is [sentences, time, units], `real` only [sentences, time]. `real[..., None]` has an axis for the units.",
            "zh": "`h` 是 [句子, 时间, 单元]，`real` 只有 [句子, 时间]。`real[..., None]` 给单元添上一个轴。",
        },
        {
            "en": "`np.where(condition, a, b)` takes a where the condition holds, else b; and `-np.inf` is smaller than any number.",
            "zh": "`np.where(条件, a, b)` 在条件成立处取 a，否则取 b；`-np.inf` 比任何数都小。",
        },
    ],
    code="""\
def strongest(h, real):
    return np.where(real[..., None], h, -np.inf).max(axis=1)""",
)


# -- when_to_stop


def _examine_when_to_stop(answer: Any) -> None:
    def when_to_stop(losses: list[float], patience: int) -> tuple[int, int]:
        result = as_numbers(ask(answer, list(losses), patience))
        if result.shape != (2,):
            raise Wrong(
                en="Give back two numbers: the epoch at which training stops, and the best epoch.",
                zh="请返回两个数：训练停在第几轮，以及最好的是第几轮。",
            )
        return tuple(result.tolist())

    falling = when_to_stop([0.9, 0.7, 0.6], 1)
    if falling == (2, 2):
        raise Wrong(
            en="You count epochs from 0; the first epoch is number 1.",
            zh="你从 0 开始数；第一轮的编号是 1。",
        )
    if falling != (3, 3):
        raise Wrong(
            en="As long as the loss falls there is no reason to stop: for [0.9, 0.7, 0.6] with patience 1 "
            f"the answer is (3, 3); yours is {falling}.",
            zh=f"只要损失在下降，就没有理由停：对 [0.9, 0.7, 0.6]、耐心 1，答案是 (3, 3)；你的是 {falling}。",
        )
    losses = [0.9, 0.6, 0.7, 0.8, 0.1]
    early = when_to_stop(losses, 2)
    if early[1] == 5:
        raise Wrong(
            en=f"For {losses} with patience 2 you go back to epoch 5. But training stopped after epoch 4: "
            "two epochs without a new best. Nobody ever saw epoch 5.",
            zh=f"对 {losses}、耐心 2，你回到了第 5 轮。可是第 4 轮之后训练就停了：连续两轮没有刷新最好成绩。"
            "第 5 轮根本没有发生。",
        )
    if early != (4, 2):
        raise Wrong(
            en=f"For {losses} with patience 2: the best is epoch 2, epochs 3 and 4 are no better, so it stops after 4. "
            f"Right is (4, 2); yours is {early}.",
            zh=f"对 {losses}、耐心 2：最好的是第 2 轮，第 3、4 轮没有更好，所以第 4 轮之后停。正确的是 (4, 2)；你的是 {early}。",
        )
    bumpy = when_to_stop([0.9, 0.6, 0.7, 0.5, 0.6, 0.4, 0.5], 2)
    if bumpy != (7, 6):
        raise Wrong(
            en="For [0.9, 0.6, 0.7, 0.5, 0.6, 0.4, 0.5] with patience 2 every second epoch sets a new best, so the waiting "
            f"starts anew each time: (7, 6). Yours is {bumpy}.",
            zh="对 [0.9, 0.6, 0.7, 0.5, 0.6, 0.4, 0.5]、耐心 2，每隔一轮就刷新一次最好成绩，等待也随之重新开始：(7, 6)。"
            f"你的是 {bumpy}。",
        )
    if (level := when_to_stop([0.5, 0.5, 0.5, 0.5], 2)) != (3, 1):
        raise Wrong(
            en=f"An equal loss is no better one: for [0.5, 0.5, 0.5, 0.5] with patience 2 it is (3, 1); yours is {level}.",
            zh=f"持平不算更好：对 [0.5, 0.5, 0.5, 0.5]、耐心 2，应是 (3, 1)；你的是 {level}。",
        )
    if (back := when_to_stop([0.5, 0.9, 0.8, 0.7], 2)) != (3, 1):
        raise Wrong(
            en="For [0.5, 0.9, 0.8, 0.7] with patience 2 epoch 3 is better than the one before, but not better than the best: "
            f"it is the best that counts, (3, 1). Yours is {back}.",
            zh="对 [0.5, 0.9, 0.8, 0.7]、耐心 2，第 3 轮比前一轮好，却没有超过最好的那一轮；要比的是最好的：(3, 1)。"
            f"你的是 {back}。",
        )
    if (window := when_to_stop([0.5, 0.4, 0.6, 0.3], 2)) != (4, 4):
        raise Wrong(
            en="For [0.5, 0.4, 0.6, 0.3] with patience 2 only one epoch has passed since the best when epoch 3 is over, "
            f"so training goes on: (4, 4). Yours is {window}. Do you compare with the epoch `patience` ago?",
            zh="对 [0.5, 0.4, 0.6, 0.3]、耐心 2，第 3 轮结束时，离最好的那一轮才过了一轮，训练继续：(4, 4)。"
            f"你的是 {window}。你是不是在和 `patience` 轮之前比？",
        )
    if (small := when_to_stop([0.9, 0.899, 0.898, 0.897], 2)) != (4, 4):
        raise Wrong(
            en="However little better, better is better: for [0.9, 0.899, 0.898, 0.897] with patience 2 the loss falls all the way, "
            f"(4, 4); yours is {small}.",
            zh="好一点点也是好：对 [0.9, 0.899, 0.898, 0.897]、耐心 2，损失一直在下降，应是 (4, 4)；"
            f"你的是 {small}。",
        )


WHEN_TO_STOP = Exercise(
    name="when_to_stop",
    examine=_examine_when_to_stop,
    right={
        "en": "That is the whole of early stopping. Note what it uses: the validation part, and nothing of the test.",
        "zh": "早停就是这么回事。注意它用的是什么：验证集，一点也没碰测试集。",
    },
    hints=[
        {
            "en": "Go through the losses in order, and remember the number of the best epoch so far.",
            "zh": "按顺序看每一轮的损失，记住到目前为止最好的是第几轮。",
        },
        {
            "en": "`for epoch, loss in enumerate(losses, start=1)`: is `loss` below that of the best epoch? Then this one is the best.",
            "zh": "`for epoch, loss in enumerate(losses, start=1)`：`loss` 比最好那轮的小吗？那么最好的就换成这一轮。",
        },
        {
            "en": "`epoch - best` is how long nothing has got better. When it reaches `patience`, `break`.",
            "zh": "`epoch - best` 就是已经多少轮没有进步。等于 `patience` 时，`break`。",
        },
    ],
    code="""\
def when_to_stop(losses, patience):
    best = 1
    for epoch, loss in enumerate(losses, start=1):
        if loss < losses[best - 1]:
            best = epoch
        if epoch - best == patience:
            break
    return epoch, best""",
)


# -- gradients


def _loss(x: np.ndarray, w1: np.ndarray, w2: np.ndarray, label: int) -> float:
    z = np.maximum(x @ w1, 0) @ w2
    return float(np.log(np.exp(z).sum()) - z[label])


def _nudged(x: np.ndarray, w1: np.ndarray, w2: np.ndarray, label: int) -> list[np.ndarray]:
    """The gradients by nudging every weight up and down a little."""
    slopes = [np.zeros_like(w1), np.zeros_like(w2)]
    for slope, weights in zip(slopes, (w1, w2), strict=True):
        for place in np.ndindex(*weights.shape):
            kept, around = weights[place], []
            for nudge in (1e-5, -1e-5):
                weights[place] = kept + nudge
                around.append(_loss(x, w1, w2, label))
            weights[place] = kept
            slope[place] = (around[0] - around[1]) / 2e-5
    return slopes


def _examine_gradients(answer: Any) -> None:
    rng = np.random.default_rng(3)
    x, w1, w2 = rng.normal(size=4), rng.normal(size=(4, 5)), rng.normal(size=(5, 3))
    a = x @ w1  # some units are on, some off, none near the edge
    result = ask(answer, x, w1.copy(), w2.copy(), 1, shown="x, w1, w2, 1")
    if not isinstance(result, tuple | list) or len(result) != 2:
        raise Wrong(
            en="Give back two arrays: the gradient with respect to w1 and that with respect to w2.",
            zh="请返回两个数组：对 w1 的梯度和对 w2 的梯度。",
        )
    found = [as_numbers(g) for g in result]
    for name, gradient, weights in zip(("w1", "w2"), found, (w1, w2), strict=True):
        if gradient.shape != weights.shape:
            raise Wrong(
                en=f"A gradient has one number a weight: that of {name} should have the shape {weights.shape}, "
                f"{_shape(gradient)['en']}.",
                zh=f"每个权重对应一个梯度值：对 {name} 的梯度形状应是 {weights.shape}，{_shape(gradient)['zh']}。",
            )
    right = _nudged(x, w1, w2, 1)
    if np.allclose(found[1], -right[1], atol=1e-6):
        raise Wrong(
            en="All signs are turned round: at the top stands p minus the one at the label, not the other way.",
            zh="符号全反了：最上面是 p 减去标签处的 1，而不是反过来。",
        )
    if not np.allclose(found[1], right[1], atol=1e-6):
        raise Wrong(
            en="The gradient of w2 is not right yet. It is what goes in, `h`, times what comes back, `dz`; "
            "and `dz` is p with 1 taken off at the label.",
            zh="对 w2 的梯度还不对。它等于送进去的 `h` 乘以传回来的 `dz`；而 `dz` 就是 p 在标签处减去 1。",
        )
    ungated = np.outer(x, w2 @ _dz(x, w1, w2, 1))
    if np.allclose(found[0], ungated, atol=1e-6):
        raise Wrong(
            en=f"w2's gradient is right, and w1's nearly. But the units with a = {a[a < 0].round(1).tolist()} were off: "
            "ReLU let nothing up, so it lets nothing down either.",
            zh=f"w2 的梯度对了，w1 的也差不多。可是 a = {a[a < 0].round(1).tolist()} 的那些单元是关着的："
            "ReLU 没有放任何东西上去，也就不放任何东西下来。",
        )
    if not np.allclose(found[0], right[0], atol=1e-6):
        raise Wrong(
            en="w2's gradient is right, w1's is not. Three steps: back through w2 (`w2 @ dz`), back through ReLU "
            "(nothing where a ≤ 0), then what goes in times what comes back.",
            zh="w2 的梯度对了，w1 的还不对。三步：穿过 w2 往回走（`w2 @ dz`），穿过 ReLU 往回走（a ≤ 0 处什么也没有），"
            "最后是“送进去的乘以传回来的”。",
        )


def _dz(x: np.ndarray, w1: np.ndarray, w2: np.ndarray, label: int) -> np.ndarray:
    z = np.maximum(x @ w1, 0) @ w2
    return np.exp(z) / np.exp(z).sum() - np.eye(len(z))[label]


GRADIENTS = Exercise(
    name="gradients",
    examine=_examine_gradients,
    right={
        "en": "Five lines, checked against nudging each weight: this is back-propagation. A deeper network only repeats the two steps in the middle.",
        "zh": "五行代码，与逐个微调权重的结果一致：这就是反向传播。网络再深，也只是把中间两步多重复几遍。",
    },
    hints=[
        {
            "en": "First go up as above: `a`, `h`, `z`. Then come down again: `dz`, with which w2's gradient is one line.",
            "zh": "先像上文那样往上算：`a`、`h`、`z`。再往下走：有了 `dz`，w2 的梯度只要一行。",
        },
        {
            "en": "`w2 @ dz` is what reaches `h`. Times `(a > 0)`, it is what reaches `a`.",
            "zh": "`w2 @ dz` 是传到 `h` 的量，再乘以 `(a > 0)`，就是传到 `a` 的量。",
        },
        {
            "en": "`np.outer(x, da)` for w1, `np.outer(h, dz)` for w2: what goes in times what comes back.",
            "zh": "w1 是 `np.outer(x, da)`，w2 是 `np.outer(h, dz)`：送进去的乘以传回来的。",
        },
    ],
    code="""\
def gradients(x, w1, w2, label):
    a = x @ w1
    h = np.maximum(a, 0)
    dz = softmax(h @ w2)
    dz[label] -= 1
    da = (w2 @ dz) * (a > 0)
    return np.outer(x, da), np.outer(h, dz)""",
)


# -- diagnosis

_BUGS = {"A": "ids", "B": "validation", "C": "loss", "D": "labels"}
_LOOK = {
    "A": {
        "en": "A: lay its training curve over the healthy one. What does that say of ids and labels in training? And what is left?",
        "zh": "A：把它的训练曲线和正常的重叠起来看。这说明训练用的编号和标签怎么样？那么问题还能出在哪里？",
    },
    "B": {
        "en": "B: is there any honest way for validation to be better than the healthy run's, and to go on rising?",
        "zh": "B：验证成绩比正常那次的验证成绩还好，而且一路上升，老老实实做可能吗？",
    },
    "C": {
        "en": "C: both accuracies are fine. So ids and labels belong together. Read the scale of the upper chart: what does guessing among six cost?",
        "zh": "C：两条准确率曲线都没问题，可见编号和标签对得上。看看上图的纵轴：六选一瞎猜，损失该是多少？",
    },
    "D": {
        "en": "D: even in training it begins with guessing, and what it learns there is worth nothing on validation. What would look like this if there were nothing to learn but by heart?",
        "zh": "D：连训练也是从瞎猜开始的，而且训练中学到的，到了验证集上一文不值。什么情况下只能死记硬背？",
    },
}


def _examine_diagnosis(answer: Any) -> None:
    if not isinstance(answer, dict) or set(answer) != set(_BUGS):
        raise Wrong(
            en='Write a dictionary with the four letters: {"A": "...", "B": "...", "C": "...", "D": "..."}.',
            zh='请写一个含有四个字母的字典：{"A": "...", "B": "...", "C": "...", "D": "..."}。',
        )
    strange = [v for v in answer.values() if not isinstance(v, str) or v not in _BUGS.values()]
    if strange:
        raise Wrong(
            en=f"{strange[0]!r} is none of the four names: {', '.join(sorted(_BUGS.values()))}.",
            zh=f"{strange[0]!r} 不在四个名字之中：{'、'.join(sorted(_BUGS.values()))}。",
        )
    if len(set(answer.values())) < len(_BUGS):
        raise Wrong(
            en="You use a name twice; each bug is in exactly one of the four.",
            zh="有个名字用了两次；四个错误各出现一次。",
        )
    for letter in ("B", "C", "A", "D"):  # the plainest first
        if answer[letter] != _BUGS[letter]:
            raise Wrong(**_LOOK[letter])


DIAGNOSIS = Exercise(
    name="diagnosis",
    examine=_examine_diagnosis,
    right={
        "en": "All four found, by nothing but curves. Python has not complained about one of them.",
        "zh": "单凭曲线，四个全找到了。Python 一个错也没报。",
    },
    hints=[
        {
            "en": "Begin with the scale: the loss of guessing among six labels is log 6 ≈ 1.79. Which run begins somewhere else?",
            "zh": "先看刻度：六选一瞎猜的损失是 log 6 ≈ 1.79。哪个训练的起点不在那里？",
        },
        {
            "en": "Two runs have a validation accuracy near 1/6. Only one of them also trains worse than the healthy run.",
            "zh": "有两个训练的验证准确率在 1/6 附近。其中只有一个，连训练也比正常的差。",
        },
        {
            "en": "Whoever trains with the labels of other sentences can only learn by heart, slowly. If only the ids of validation are in disorder, training stays as it was.",
            "zh": "训练时配的是别的句子的标签，就只能死记，而且记得慢。若只是验证集的编号乱了，训练丝毫不受影响。",
        },
    ],
    code="""\
diagnosis = {"A": "ids", "B": "validation", "C": "loss", "D": "labels"}""",
)

EXERCISES = (STRONGEST, WHEN_TO_STOP, GRADIENTS, DIAGNOSIS)

"""Lesson 05, encoders: the runs behind its table; exercises on convolution, reach and attention."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from scipy.special import softmax

from mtl_tutorial.encoders import ENCODERS
from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.experiment import Experiment, shipped
from mtl_tutorial.sharing import LEVELS, SharingPlan
from mtl_tutorial.sizes import count_parameters

TASKS = ("sentiment", "person", "relation", "role")
LABELS = {"sentiment": 2000, "person": 60, "relation": 2000, "role": 2000}
SEEDS, UNITS = 5, 32
GRID = (1e-3, 3e-3, 1e-2)
"""Learning rates tried for every encoder, with seed 0."""
RATES = {"mlp": 1e-2, "cnn": 3e-3, "bilstm": 1e-2, "transformer": 3e-3}
"""Encoder → the rate of the grid with the best mean validation score of the four tasks."""


def size(encoder: str, units: int) -> int:
    """Parameters of hard sharing above the words with this encoder: two levels and the heads."""
    data = shipped("zh", more=("role",))
    table = count_parameters(
        SharingPlan.hard(TASKS), data.tasks, len(data.vocabulary),
        encoder=encoder, units=units, embedding_dim=UNITS,
    )  # fmt: skip
    return int(table.loc[table["level"] != LEVELS[0], "parameters"].sum())


@cache
def units_of(encoder: str) -> int:
    """The even number of units with which an encoder comes nearest in `size` to the CNN with 32."""
    wanted = size("cnn", UNITS)
    return min(range(4, 120, 2), key=lambda units: abs(size(encoder, units) - wanted))


def experiment(
    encoder: str, units: int, rate: float, seed: int, tasks: Sequence[str] = TASKS
) -> Experiment:
    """One of the runs of ``data/runs/lesson_05.csv.gz``: tasks that share all levels, or one alone."""
    return Experiment(
        "shared" if len(tasks) > 1 else "alone",
        tuple(tasks),
        labels={task: LABELS[task] for task in tasks},
        encoder=encoder,
        units=units,
        embedding_dim=UNITS,
        epochs=6,
        steps_per_epoch=100,
        learning_rate=rate,
        seed=seed,
    )


def equal_parameters(encoder: str, seed: int) -> Experiment:
    """The encoder with as many parameters as the CNN."""
    return experiment(encoder, units_of(encoder), RATES[encoder], seed)


def equal_units(encoder: str, seed: int) -> Experiment:
    """The encoder with as many units as the CNN."""
    return experiment(encoder, UNITS, RATES[encoder], seed)


def person_alone(encoder: str, seed: int) -> Experiment:
    """`person` by itself, otherwise as in `equal_parameters`."""
    return experiment(encoder, units_of(encoder), RATES[encoder], seed, ("person",))


def tuning(encoder: str, rate: float) -> Experiment:
    """A learning rate of the grid, tried once."""
    return experiment(encoder, units_of(encoder), rate, seed=0)


def experiments() -> list[Experiment]:
    """The runs of the table, each once."""
    tried = [tuning(encoder, rate) for encoder in ENCODERS for rate in GRID]
    compared = [
        make(encoder, seed)
        for make in (equal_parameters, equal_units, person_alone)
        for encoder in ENCODERS
        for seed in range(SEEDS)
    ]
    return list({e.key: e for e in tried + compared}.values())


def _array(result: Any, shape: tuple[int, ...]) -> np.ndarray:
    found = as_numbers(result)
    if found.shape != shape:
        raise Wrong(
            en=f"An array of shape {shape} is asked for; yours has {found.shape}.",
            zh=f"应当得到形状为 {shape} 的数组；你的是 {found.shape}。",
        )
    return found


# -- convolve

_random = np.random.default_rng(5)
_SENTENCE = _random.normal(size=(6, 3)).round(1)
_WIDE, _NARROW = _random.normal(size=(5, 3, 2)).round(1), _random.normal(size=(3, 3, 4)).round(1)


def _convolved(x: np.ndarray, kernel: np.ndarray, before: int) -> np.ndarray:
    """Sum over a window that begins so many tokens before each; zeros stand around the sentence."""
    width = len(kernel)
    padded = np.pad(x, ((before, width - 1 - before), (0, 0)))
    return sum(padded[k : k + len(x)] @ kernel[k] for k in range(width))


def _examine_convolve(answer: Any) -> None:
    for kernel in (_NARROW, _WIDE):
        width, _, units = kernel.shape
        found = as_numbers(ask(answer, _SENTENCE.copy(), kernel.copy(), shown="x, kernel"))
        if found.shape == (len(_SENTENCE) - width + 1, units):
            raise Wrong(
                en=f"Yours has a row for each window that fits, {len(found)} for {len(_SENTENCE)} tokens. Every token "
                "shall have one: put zeros around the sentence first.",
                zh=f"你只为放得下的窗口各算了一行：{len(_SENTENCE)} 个词元，只有 {len(found)} 行。应当每个词元一行：先在句子两端补零。",
            )
        ours = _array(found, (len(_SENTENCE), units))
        middle = width // 2
        expected = _convolved(_SENTENCE, kernel, middle)
        if np.allclose(ours, expected):
            continue
        if np.allclose(ours, _convolved(_SENTENCE, kernel[::-1], middle)):
            raise Wrong(
                en="The kernel is turned round: `kernel[0]` belongs to the token on the left of the window. "
                "(Mathematicians turn it round, neural networks do not.)",
                zh="核前后颠倒了：`kernel[0]` 对应窗口最左边的词元。（数学上的卷积要翻转，神经网络里不翻转。）",
            )
        if np.allclose(ours, np.maximum(expected, 0)):
            raise Wrong(
                en="Right, but negative sums became zero. The ReLU comes after the convolution and is not asked for.",
                zh="算对了，但是负的和都变成了零。ReLU 在卷积之后才做，这里不要。",
            )
        if any(np.allclose(ours, _convolved(_SENTENCE, kernel, b)) for b in (0, width - 1)):
            raise Wrong(
                en="The window is not in the middle: of its tokens as many stand on the left of the token as on the right.",
                zh="窗口没有居中：词元的左边和右边应当各有同样多的词元。",
            )
        raise Wrong(
            en=f"With a kernel of width {width} the first token should give {expected[0].round(2)}; yours is {ours[0].round(2)}.",
            zh=f"核宽为 {width} 时，第一个词元应得到 {expected[0].round(2)}；你的是 {ours[0].round(2)}。",
        )


CONVOLVE = Exercise(
    name="convolve",
    examine=_examine_convolve,
    right={
        "en": "The same few numbers at every place: that is why a CNN needs so few parameters, and why it finds a word wherever it stands.",
        "zh": "每个位置用的都是同样几个数：所以 CNN 的参数这么少，一个词不管出现在哪里都找得到。",
    },
    hints=[
        {
            "en": "Put `width // 2` rows of zeros above and below `x`; then every token has a whole window.",
            "zh": "在 `x` 的上下各补 `width // 2` 行零；这样每个词元都有一个完整的窗口。",
        },
        {
            "en": "A window is [width, features], the kernel [width, features, units]: multiply and sum over the first two axes, `np.tensordot(window, kernel, 2)`.",
            "zh": "窗口的形状是 [宽度, 特征]，核是 [宽度, 特征, 单元]：相乘，再对前两个轴求和，即 `np.tensordot(window, kernel, 2)`。",
        },
    ],
    code="""\
def convolve(x, kernel):
    width = len(kernel)
    padded = np.pad(x, ((width // 2, width // 2), (0, 0)))
    windows = [padded[i : i + width] for i in range(len(x))]
    return np.array([np.tensordot(window, kernel, 2) for window in windows])""",
)


# -- reach


def _examine_reach(answer: Any) -> None:
    for width, levels in ((5, 3), (3, 1), (3, 2), (1, 4), (7, 2)):
        found = as_numbers(ask(answer, width, levels))
        if found.shape != ():
            raise Wrong(en="One number is asked for.", zh="要的是一个数。")
        right = 1 + levels * (width - 1)
        if found == right:
            continue
        if found == width**levels or found == width * levels:
            raise Wrong(
                en=f"Windows overlap. With width {width}, what does each further level add on the left, and on the right?",
                zh=f"窗口是互相重叠的。宽度为 {width} 时，每多一层，左边多看几个，右边多看几个？",
            )
        if found == right - 1:
            raise Wrong(en="One is missing: the token itself.", zh="少了一个：词元自己。")
        if found == 1 + levels * (width // 2):
            raise Wrong(
                en="That is one side only: a window reaches to the left and to the right.",
                zh="这只是一边：窗口往左看，也往右看。",
            )
        raise Wrong(
            en=f"For width {width} and {levels} level(s) it is {right}: draw it for one token on top, level by level.",
            zh=f"宽度 {width}、{levels} 层时应是 {right}：从最上面的一个词元开始，一层一层往下画。",
        )


REACH = Exercise(
    name="reach",
    examine=_examine_reach,
    right={
        "en": "It grows by addition, not by multiplication: to see thirty tokens with width 3 takes fifteen levels.",
        "zh": "是一层一层加上去的，不是成倍增长：宽度为 3，要看到三十个词元，得有十五层。",
    },
    hints=[
        {
            "en": "One level sees `width` tokens. Its two outermost ones have seen others, below.",
            "zh": "一层看到 `width` 个词元。其中最外面的两个，在下一层又看到了别的。",
        },
        {
            "en": "Each level adds `width // 2` tokens on either side.",
            "zh": "每一层在两边各多出 `width // 2` 个词元。",
        },
    ],
    code="""\
def reach(width, levels):
    return 1 + levels * (width - 1)""",
)


# -- attend

_QUERIES, _KEYS = _random.normal(size=(2, 5, 4)).round(1) * 2
_VALUES = _random.normal(size=(5, 3)).round(1)
_MASK = np.array([True, True, True, False, False])


def _examine_attend(answer: Any) -> None:
    scores = _QUERIES @ _KEYS.T
    half = scores / 2  # the root of four features
    for mask in (np.ones(5, bool), _MASK):
        given = (_QUERIES.copy(), _KEYS.copy(), _VALUES.copy(), mask.copy())
        result = ask(answer, *given, shown="queries, keys, values, mask")
        ours = _array(result, _VALUES.shape)[mask]

        def like(weights: np.ndarray, mask: np.ndarray = mask, ours: np.ndarray = ours) -> bool:
            return np.allclose(ours, (weights @ _VALUES)[mask])

        expected = softmax(np.where(mask, half, -np.inf), -1)
        if like(expected):
            continue
        if like(softmax(half, -1)):
            raise Wrong(
                en="Padding is attended to. Where `mask` is False the weight has to be 0: give the score −∞ before the softmax.",
                zh="补齐的位置也被注意到了。`mask` 为 False 的地方，权重必须是 0：在 softmax 之前把分数改成 −∞。",
            )
        if like(softmax(half, -1) * mask):
            raise Wrong(
                en="Padding has weight 0 now, but the others no longer sum to 1: they were made while padding took its part. Mask before the softmax.",
                zh="补齐的权重是 0 了，可是其余的加起来不再是 1：算它们的时候，补齐已经分走了一份。应当在 softmax 之前遮住。",
            )
        if like(softmax(half * mask, -1)):
            raise Wrong(
                en="A score of 0 is not a weight of 0: exp(0) is 1. Padding needs the score −∞.",
                zh="分数为 0 并不等于权重为 0：exp(0) 是 1。补齐的分数要是 −∞。",
            )
        if like(softmax(np.where(mask, scores, -np.inf), -1)):
            raise Wrong(
                en="The scores are not divided by the root of the number of features. Without it the softmax of long vectors picks one token and forgets the rest.",
                zh="分数没有除以特征数的平方根。不除的话，向量一长，softmax 就只挑一个词元，忘掉其余的。",
            )
        if like(softmax(np.where(mask, half / 2, -np.inf), -1)):
            raise Wrong(
                en="You divide by the number of features; it is its root.",
                zh="你除以的是特征数；应当除以它的平方根。",
            )
        if like(softmax(np.where(mask[:, None], half, -1e9), 0)):
            raise Wrong(
                en="Your weights sum to 1 over the tokens that look. For each of them they should sum to 1 over the tokens looked at.",
                zh="你的权重沿“在看的词元”的方向加起来等于 1。应当对每个在看的词元，让各个“被看的词元”的权重加起来等于 1。",
            )
        if like(softmax(np.where(mask, half.T, -np.inf), -1)):
            raise Wrong(
                en="Queries and keys are exchanged: a row belongs to the token that looks, and its query.",
                zh="查询和键弄反了：一行属于在看的词元，用的是它的查询。",
            )
        raise Wrong(
            en=f"The first token should go on with {(expected @ _VALUES)[0].round(2)}; yours is {ours[0].round(2)}.",
            zh=f"第一个词元应得到 {(expected @ _VALUES)[0].round(2)}；你的是 {ours[0].round(2)}。",
        )


ATTEND = Exercise(
    name="attend",
    examine=_examine_attend,
    right={
        "en": "Nothing in it knows where a token stands: shuffle the tokens, and each goes on with the same. Order has to be added, as positions.",
        "zh": "式子里没有一处用到词元的位置：把词元打乱，每个词元得到的还是一样。次序要另外加进去，就是位置。",
    },
    hints=[
        {
            "en": "`queries @ keys.T` has a row for each token that looks, a column for each token looked at. Divide by `np.sqrt(queries.shape[1])`.",
            "zh": "`queries @ keys.T` 里，一行是一个在看的词元，一列是一个被看的词元。再除以 `np.sqrt(queries.shape[1])`。",
        },
        {
            "en": "`np.where(mask, scores, -np.inf)` closes the columns of padding; then a softmax over each row, and its weights times `values`.",
            "zh": "用 `np.where(mask, scores, -np.inf)` 遮住补齐那几列；再对每一行做 softmax，权重乘以 `values`。",
        },
    ],
    code="""\
def attend(queries, keys, values, mask):
    scores = queries @ keys.T / np.sqrt(queries.shape[1])
    powers = np.exp(np.where(mask, scores, -np.inf))
    return powers / powers.sum(axis=1, keepdims=True) @ values""",
)


EXERCISES = (CONVOLVE, REACH, ATTEND)

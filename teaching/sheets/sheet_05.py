"""Lesson 05: a convolution, how many levels it takes to see a word, an attention head, parameters."""

from random import Random

from mtl_tutorial.grading.sheets import Question


def convolved(rng: Random) -> Question:
    x = [rng.randint(-1, 3) for _ in range(6)]
    kernel = [rng.choice([-1, 1, 2]) for _ in range(3)]
    return Question(
        name="convolved",
        points=3,
        text={
            "en": "Six tokens with one feature each, and one kernel of width 3. Put into `convolved` the list of the six sums; beyond the ends stand zeros, and there is neither bias nor ReLU.",
            "zh": "六个词元，各一个特征；一个宽度为 3 的卷积核。请在 `convolved` 里写下六个和的列表；两端之外是零，没有偏置，也没有 ReLU。",
        },
        given=f"x = np.array({x})\nkernel = np.array({kernel})",
        stub="convolved = ...",
        solution="padded = np.pad(x, 1)\nconvolved = [int(padded[i : i + 3] @ kernel) for i in range(6)]",
    )


def levels(rng: Random) -> Question:
    odd = rng.sample([(3, 4), (5, 7), (3, 9), (7, 10), (5, 2), (9, 4), (7, 3)], 4)
    return Question(
        name="levels",
        points=4,
        text={
            "en": "Write `levels(width, distance)`: how many convolutions of this odd width must be stacked, at least, so that a token can be changed by one that stands `distance` places away? 0 for a distance of 0.",
            "zh": "写出 `levels(width, distance)`：至少要叠多少层这个（奇数）宽度的卷积，一个词元才会受到相距 `distance` 个位置的词元影响？距离为 0 时返回 0。",
        },
        stub="def levels(width, distance):\n    return ...",
        solution="def levels(width, distance):\n    return -(-distance // (width // 2))",
        asked=["levels(3, 0)", *(f"levels({w}, {d})" for w, d in odd)],
    )


def attended(rng: Random) -> Question:
    keys = [[rng.randint(0, 2), rng.randint(0, 2)] for _ in range(4)]
    return Question(
        name="attended",
        points=3,
        text={
            "en": "An attention head with d = 2 features a query. `query` is that of one token; the last of the four tokens is padding. Put into `attended` a list: the four weights, and behind them the number the token goes on with.",
            "zh": "一个注意力头，查询有 d = 2 个特征。`query` 是某个词元的查询；四个词元里最后一个是补齐。请在 `attended` 里写下一个列表：四个权重，后面再跟这个词元得到的那个数。",
        },
        given=f"query = np.array([{rng.choice([1, 2])}.0, {rng.choice([0, 1])}.0])\nkeys = np.array({keys}, float)\nvalues = np.array([10.0, 20.0, 40.0, 99.0])",
        stub="attended = ...",
        solution="scores = keys @ query / np.sqrt(2)\ne = np.exp(scores) * np.array([1, 1, 1, 0])\n"
        "weights = e / e.sum()\nattended = [*weights.tolist(), float(weights @ values)]",
    )


def size(rng: Random) -> Question:
    features, units, width = rng.choice([16, 24, 32]), rng.choice([20, 32, 48]), rng.choice([3, 5])
    return Question(
        name="size",
        points=2,
        text={
            "en": f"A level gets {features} features and has {units} units with bias. Put into `size` a list: its parameters as an MLP (one dense layer), and as a convolution of width {width}.",
            "zh": f"一个层级的输入有 {features} 个特征，有 {units} 个带偏置的单元。请在 `size` 里写下一个列表：作为 MLP（一个全连接层）和作为宽度为 {width} 的卷积，各有多少参数。",
        },
        stub="size = [..., ...]",
        solution=f"size = [({features} + 1) * {units}, ({width} * {features} + 1) * {units}]",
    )


QUESTIONS = (convolved, levels, attended, size)

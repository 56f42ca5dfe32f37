"""Lesson 02: parameters, cross entropy, stopping early, F1."""

from random import Random

from mtl_tutorial.grading.sheets import Question


def parameters(rng: Random) -> Question:
    words, features, units, labels = rng.choice([900, 1200, 2500]), rng.choice([20, 50, 80]), rng.choice([16, 32, 48]), rng.choice([3, 6, 9])  # fmt: skip
    return Question(
        name="parameters",
        points=3,
        text={
            "en": f"A classifier has an embedding of {words} tokens with {features} features each, a dense layer of {units} "
            f"units with bias, a maximum over the tokens, and a dense layer with bias for {labels} labels. Put its number "
            "of parameters into `parameters`.",
            "zh": f"一个分类器：{words} 个词元、每个 {features} 个特征的嵌入，{units} 个单元的全连接层（带偏置），对词元取最大值，"
            f"再接一个 {labels} 个标签的全连接层（带偏置）。请把参数个数写进 `parameters`。",
        },
        stub="parameters = ...",
        solution=f"parameters = {words} * {features} + ({features} + 1) * {units} + ({units} + 1) * {labels}",
    )


def losses(rng: Random) -> Question:
    z = [rng.randint(-2, 3) for _ in range(rng.choice([3, 4]))]
    right = rng.randrange(len(z))
    return Question(
        name="losses",
        points=3,
        text={
            "en": f"A model gives a sentence the logits `z`; the right label is number {right} (counted from 0). Put into `losses` "
            "a list: the cross entropy of this answer, and that of a model that guesses among the same labels.",
            "zh": f"模型对一个句子给出对数几率 `z`；正确标签是第 {right} 号（从 0 数起）。请在 `losses` 里写下一个列表：这个回答的交叉熵，"
            "以及在这些标签中瞎猜的模型的交叉熵。",
        },
        given=f"z = np.array({z})",
        stub="losses = [..., ...]",
        solution=f"losses = [float(np.log(np.exp(z).sum()) - z[{right}]), float(np.log(len(z)))]",
    )


def stop(rng: Random) -> Question:
    patience = rng.choice([2, 3])
    series = [[round(0.3 + 0.05 * rng.randint(0, 9), 2) for _ in range(8)] for _ in range(4)]
    return Question(
        name="stop",
        points=5,
        text={
            "en": f"Write `stop(scores)` for a score of which *more is better*, and a patience of {patience}: a list of two numbers, the epoch "
            "after which training stops, and the best epoch up to then. Epochs count from 1; an equal score is not a "
            "better one; if nothing stops it, training ends with the last epoch.",
            "zh": f"写出 `stop(scores)`：得分**越高越好**，耐心为 {patience}；返回两个数的列表，即在第几轮之后停止，以及到那时为止最好的一轮。"
            "从第 1 轮数起；得分相等不算更好；若一直没有触发，训练到最后一轮为止。",
        },
        stub="def stop(scores):\n    return [..., ...]",
        solution="def stop(scores):\n    best = 0\n    for epoch in range(len(scores)):\n"
        "        if scores[epoch] > scores[best]:\n            best = epoch\n"
        f"        if epoch - best == {patience}:\n            break\n    return [epoch + 1, best + 1]",
        asked=[f"stop({one})" for one in [*series, [0.1, 0.2, 0.3], [0.5, 0.5, 0.5, 0.5, 0.9]]],
    )


def f1(rng: Random) -> Question:
    names, found, right = rng.choice([20, 24, 30]), rng.choice([15, 16, 18]), rng.choice([8, 9, 12])
    return Question(
        name="f1",
        points=2,
        text={
            "en": f"A text has {names} names. A model finds {found}, of which {right} are right in start, end and type. Put into "
            "`f1` a list: precision, recall, F1.",
            "zh": f"一段文字里有 {names} 个名字。模型找出 {found} 个，其中 {right} 个起点、终点和类型都对。请在 `f1` 里写下一个列表：精确率、召回率、F1。",
        },
        stub="f1 = [..., ..., ...]",
        solution=f"f1 = [{right} / {found}, {right} / {names}, 2 * {right} / ({found} + {names})]",
    )


QUESTIONS = (parameters, losses, stop, f1)

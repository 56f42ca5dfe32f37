"""The exercises of lesson 00: guessing, turning one answer around, finding what an answer hangs on."""

from collections.abc import Callable, Sequence
from numbers import Real
from typing import Any

import numpy as np

from mtl_tutorial.exercises import Exercise, Wrong, as_numbers, ask
from mtl_tutorial.text import tokenize

# -- chance


def _examine_chance(answer: Any) -> None:
    if not isinstance(answer, Real) or isinstance(answer, bool):
        raise Wrong(
            en=f"A number is asked for, such as 0.5 or 1 / 2, without quotation marks; this is {answer!r}.",
            zh=f"这里要的是一个数，例如 0.5 或 1 / 2，不加引号；你给的是 {answer!r}。",
        )
    share = float(answer)
    if not 0 <= share <= 1:
        raise Wrong(
            en="A share lies between 0 (none) and 1 (all). So 25 per cent is 0.25, and one in four is 1 / 4.",
            zh="比例在 0（全错）和 1（全对）之间。百分之二十五写作 0.25，四个里对一个写作 1 / 4。",
        )
    if share < 1 / 6 - 0.01:
        raise Wrong(
            en="Too little. However bad a guesser is, one of the six sides of the die is always the right one.",
            zh="太少了。再怎么瞎猜，骰子的六面里总有一面是对的。",
        )
    if share > 1 / 6 + 0.01:
        raise Wrong(
            en="Too much. How many sides has the die, and how many of them are right for a given sentence?",
            zh="太多了。骰子有几面？对某一个句子来说，其中有几面是对的？",
        )


CHANCE = Exercise(
    name="chance",
    examine=_examine_chance,
    right={
        "en": "One in six. A model that has learned nothing will be about there too: keep it in mind for section 3.",
        "zh": "六个里对一个。什么都没学的模型也大约在这个水平：到第 3 节时请想起它。",
    },
    hints=[
        {
            "en": "Suppose the right answer is *work*. In how many of 6 throws does the die say so, on average?",
            "zh": "假设正确答案是 *work*。平均掷 6 次，骰子有几次会这么说？",
        },
        {
            "en": "Once in six throws, whatever the right answer is. As a share: `1 / 6`.",
            "zh": "六次里有一次，不管正确答案是哪个。写成比例就是 `1 / 6`。",
        },
    ],
    code="chance = 1 / 6",
)


# -- flip


def _distance(a: Sequence[str], b: Sequence[str]) -> int:
    """How many tokens must be changed, added or left out to make one sentence the other (Levenshtein 1966)."""
    row = list(range(len(b) + 1))
    for i, token in enumerate(a, 1):
        above, row = row, [i]
        for j, other in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (token != other)))
    return row[-1]


def _examine_flip(answer: Any) -> None:
    columns = list(getattr(answer, "columns", []))
    if not {"text", "sentiment", "person", "relation", "ner"} <= set(columns):
        raise Wrong(
            en='The model\'s table is asked for: `flip = predict(model, ["...", "..."])`, with your two sentences.',
            zh='这里要的是模型给出的表：`flip = predict(model, ["...", "..."])`，里面写你的两个句子。',
        )
    if len(answer) != 2:
        raise Wrong(
            en=f"Two sentences are asked for; your table has {len(answer)}.",
            zh=f"需要两个句子；你的表里有 {len(answer)} 个。",
        )
    changes = _distance(*map(tokenize, answer["text"]))
    if changes == 0:
        raise Wrong(en="The two sentences are the same.", zh="这两个句子一模一样。")
    if changes > 2:
        raise Wrong(
            en=f"The sentences differ in {changes} words or marks; two are allowed.",
            zh=f"两个句子相差 {changes} 个字或标点；最多只能差两个。",
        )
    if set(verdicts := list(answer["sentiment"])) != {"negative", "positive"}:
        raise Wrong(
            en=f"The model finds the first {verdicts[0]} and the second {verdicts[1]}; one should be "
            "positive and the other negative. It may well be the model that is wrong: try another word.",
            zh=f"模型认为第一句是 {verdicts[0]}，第二句是 {verdicts[1]}；应当一个 positive、一个 negative。"
            "很可能是模型错了：换个词试试。",
        )
    for task in ("person", "relation", "ner"):
        before, after = answer[task]
        if before != after:
            raise Wrong(
                en=f"Sentiment has turned around, but `{task}` has changed too: from `{before}` to `{after}`. "
                "Change words that only say whether something is good.",
                zh=f"褒贬反过来了，可是 `{task}` 也变了：从 `{before}` 变成 `{after}`。请只改说好说坏的词。",
            )


FLIP = Exercise(
    name="flip",
    examine=_examine_flip,
    right={
        "en": "One answer has turned around, and three have not noticed: they do not hang on that word.",
        "zh": "一个回答反过来了，另外三个毫无察觉：那几个回答不靠这个词。",
    },
    hints=[
        {
            "en": "Start from a sentence with a clear opinion that the model answers rightly, such as "
            "`My aunt says that the Aldermoor Museum is lovely.`, and change it in the box.",
            "zh": "从一个褒贬分明、模型又答对的句子开始，例如 `我表姐说江尾巴面馆真的很好吃。`，在上面的框里改。",
        },
        {
            "en": "The model knows the opposite of few words. But it knows ways to deny: `far from lovely`, `anything but lovely`.",
            "zh": "换一个字，变成相反的意思：`很好吃` 变 `很难吃`，`很靠谱` 变 `不靠谱`。",
        },
        {
            "en": "If `relation` or `ner` changes too, use a sentence with fewer people in it.",
            "zh": "如果 `relation` 或 `ner` 也跟着变，就换一个人物少一点的句子。",
        },
    ],
    code="""\
pair = {
    "en": [
        "My aunt says that the Aldermoor Museum is lovely.",
        "My aunt says that the Aldermoor Museum is far from lovely.",
    ],
    "zh": ["我表姐说江尾巴面馆真的很好吃。", "我表姐说江尾巴面馆真的很难吃。"],
}[LANGUAGE]
flip = predict(model, pair)""",
)


# -- drops


def _examine_drops(answer: Any) -> None:
    def drops(tokens: list[str], probability: Callable[[list[str]], float]) -> list[float]:
        given = list(tokens)
        result = ask(answer, given, probability, shown=f"{tokens}, probability")
        if given != tokens:
            raise Wrong(
                en="Your function alters the list that it is given. Make a new, shorter list for each token: `tokens[:i] + tokens[i + 1:]`.",
                zh="你的函数改动了传给它的列表。请为每个词元另做一个短一点的列表：`tokens[:i] + tokens[i + 1:]`。",
            )
        numbers = as_numbers(result)
        if numbers.shape != (len(tokens),):
            raise Wrong(
                en=f"For {len(tokens)} tokens give back a list of {len(tokens)} numbers.",
                zh=f"{len(tokens)} 个词元，就返回由 {len(tokens)} 个数组成的列表。",
            )
        return numbers.round(6).tolist()

    def good(tokens: list[str]) -> float:
        return 0.9 if "good" in tokens else 0.2

    def ends_in_a(tokens: list[str]) -> float:
        return 0.8 if tokens[-1:] == ["a"] else 0.1

    def not_denied(tokens: list[str]) -> float:
        return 0.1 if "not" in tokens else 0.9

    def by_length(tokens: list[str]) -> float:
        return 0.3 * len(tokens)

    found = drops(["so", "good", "!"], good)
    if np.allclose(found, [0, -0.7, 0]):
        raise Wrong(
            en="The sign is the wrong way round: where the probability falls from 0.9 to 0.2, the number should be 0.7.",
            zh="正负号反了：概率从 0.9 降到 0.2，应是 0.7。",
        )
    if np.allclose(found, [0.9, 0.2, 0.9]):
        raise Wrong(
            en="That is what is left without each token. Asked for is the fall: the probability of the whole sentence minus that.",
            zh="这是删去每个词元之后剩下的概率。要的是下降多少：用整句的概率减去它。",
        )
    if np.allclose(found, [0.7, 0, 0.7]):
        raise Wrong(
            en="It seems that you keep one token and leave out the others. It is the other way round.",
            zh="你好像只留下一个词元，删去了其余的。应当反过来。",
        )
    if not np.allclose(found, [0, 0.7, 0]):
        raise Wrong(
            en=f"For the example of the text, [0, 0.7, 0] should come out; yours is {found}.",
            zh=f"对文中的例子，结果应是 [0, 0.7, 0]；你的是 {found}。",
        )
    if not np.allclose(drops(["a", "b", "a"], ends_in_a), [0, 0, 0.7]):
        raise Wrong(
            en="Something is wrong if a token occurs twice, as in ['a', 'b', 'a']: leave out the one at position `i` alone, not every 'a', nor the first.",
            zh="词元重复出现时不对，例如 ['a', 'b', 'a']：只删位置 `i` 上的那一个，不要删掉所有的 'a'，也不要总删第一个。",
        )
    if not np.allclose(found := drops(["not", "good"], not_denied), [-0.8, 0]):
        raise Wrong(
            en="A probability may also rise. Without 'not' it goes from 0.1 up to 0.9 in this check: that is a fall of -0.8, "
            f"and the numbers for ['not', 'good'] are [-0.8, 0]; yours are {found}.",
            zh="概率也可能上升。在这个检查里，删去 'not' 之后它从 0.1 升到 0.9，也就是下降 -0.8；"
            f"['not', 'good'] 的结果应是 [-0.8, 0]；你的是 {found}。",
        )
    if not np.allclose(found := drops(["a", "b"], by_length), [0.3, 0.3]):
        raise Wrong(
            en="Leave the token out, and put nothing in its place: without one of its two tokens the sentence ['a', 'b'] is one "
            f"token long. Here that costs 0.3 for either, [0.3, 0.3]; yours are {found}.",
            zh="要把词元删去，不要用别的东西填上：['a', 'b'] 删去一个之后，就只有一个词元。"
            f"在这个检查里删哪一个都下降 0.3，即 [0.3, 0.3]；你的是 {found}。",
        )


DROPS = Exercise(
    name="drops",
    examine=_examine_drops,
    right={
        "en": "With this you can ask any model what its answer hangs on; you need not know what it looks like inside.",
        "zh": "有了它，任何模型的回答靠的是什么，你都可以问出来，不必知道模型里面是什么样子。",
    },
    hints=[
        {
            "en": "First the probability of the whole sentence: `whole = probability(tokens)`.",
            "zh": "先求整句的概率：`whole = probability(tokens)`。",
        },
        {
            "en": "The sentence without the token at position `i` is `tokens[:i] + tokens[i + 1:]`.",
            "zh": "删去位置 `i` 上的词元之后，句子是 `tokens[:i] + tokens[i + 1:]`。",
        },
        {
            "en": "Collect `whole - probability(...)` for each `i` in `range(len(tokens))`.",
            "zh": "对 `range(len(tokens))` 里的每个 `i`，收集 `whole - probability(...)`。",
        },
    ],
    code="""\
def drops(tokens, probability):
    whole = probability(tokens)
    return [whole - probability(tokens[:i] + tokens[i + 1 :]) for i in range(len(tokens))]""",
)

EXERCISES = (CHANCE, FLIP, DROPS)

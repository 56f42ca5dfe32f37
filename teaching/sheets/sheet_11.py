"""Lesson 11: perplexity, temperature, who hears of a mark, from a model that writes to one that classifies."""

from random import Random

from mtl_tutorial.grading.sheets import Question


def perplexity(rng: Random) -> Question:
    chances = [[rng.choice([0.5, 0.25, 0.2, 0.1]) for _ in range(n)] for n in (2, 4)]
    return Question(
        name="perplexity",
        points=3,
        text={
            "en": "`chances` holds, for each of two sentences, the chances a language model gave to its tokens. Put into `perplexity` a list: the perplexity over all tokens, and that of a model that guesses among 50 tokens.",
            "zh": "`chances` 里是语言模型给两个句子的各个词元的概率。请在 `perplexity` 里写下一个列表：对全部词元的困惑度，以及在 50 个词元里瞎猜的模型的困惑度。",
        },
        given=f"chances = {chances}",
        stub="perplexity = [..., ...]",
        solution="every = np.concatenate(chances)\nperplexity = [float(np.exp(-np.log(every).mean())), 50]",
    )


def drawn(rng: Random) -> Question:
    p = rng.choice([[0.5, 0.3, 0.2], [0.6, 0.3, 0.1], [0.7, 0.2, 0.1]])
    tau = rng.choice([0.5, 2.0])
    return Question(
        name="drawn",
        points=2,
        text={
            "en": f"Three tokens have the chances `p`. Put into `drawn` the list of their chances at temperature {tau}.",
            "zh": f"三个词元的概率是 `p`。请在 `drawn` 里写下温度为 {tau} 时它们的概率，写成列表。",
        },
        given=f"p = np.array({p})",
        stub="drawn = ...",
        solution=f"q = p ** (1 / {tau})\ndrawn = (q / q.sum()).tolist()",
    )


def hearing(rng: Random) -> Question:
    width, levels, length = rng.choice([2, 3, 4]), rng.choice([2, 3]), rng.choice([25, 30])
    return Question(
        name="hearing",
        points=2,
        text={
            "en": f"A mark is the first of {length} tokens. Put into `hearing` a list: at how many places, the mark's own included, the features can depend on it in a causal CNN of {levels} levels, each of which looks at a token and the "
            f"{width - 1} before it; and in an LSTM that reads from the left.",
            "zh": f"{length} 个词元中的第一个是标记。请在 `hearing` 里写下一个列表：在 {levels} 层的因果 CNN 里（每层看一个词元和它前面的 {width - 1} 个），有几个位置的特征会依赖于它（含标记自己的位置）；在从左往右读的 LSTM 里有几个。",
        },
        stub="hearing = [..., ...]",
        solution=f"hearing = [1 + {levels} * ({width} - 1), {length}]",
    )


def posterior(rng: Random) -> Question:
    shift = rng.choice([-900, -1200])
    rows = [[shift + rng.randint(0, 4) for _ in range(3)] for _ in range(2)]
    return Question(
        name="posterior",
        points=5,
        text={
            "en": "Write `posterior(prior, log_given)`: `prior` [labels] holds p(label), `log_given` [sentences, labels] log p(text | label), numbers like −1000. The result is p(label | text), [sentences, labels].",
            "zh": "写出 `posterior(prior, log_given)`：`prior` [标签] 是 p(label)，`log_given` [句子, 标签] 是 log p(text | label)，像 −1000 这样的数。返回 p(label | text)，形状为 [句子, 标签]。",
        },
        stub="def posterior(prior, log_given):\n    return ...",
        solution="def posterior(prior, log_given):\n    joint = np.log(prior) + log_given\n"
        "    e = np.exp(joint - joint.max(axis=1, keepdims=True))\n    return e / e.sum(axis=1, keepdims=True)",
        asked=[
            f"posterior(np.array([0.2, 0.3, 0.5]), np.array({rows}, float))",
            "posterior(np.array([0.5, 0.5]), np.array([[-3.0, -3.0], [-1.0, -2.0]]))",
        ],
    )


QUESTIONS = (perplexity, drawn, hearing, posterior)

"""Lesson 06: who stands on which level, how much a head sees, a label embedding, who depends on whom."""

from random import Random

from mtl_tutorial.grading.sheets import Question

_LEVELS = ["embedding", "encoder_1", "encoder_2", "encoder_3"]


def standing(rng: Random) -> Question:
    heads = {task: rng.choice(_LEVELS) for task in ("ner", "role")} | {"person": "encoder_3"}
    return Question(
        name="standing",
        points=3,
        text={
            "en": "`heads` says on which level each task's head sits. Put into `standing` a dictionary: level → the tasks that use it, in alphabetical order.",
            "zh": "`heads` 写明每个任务的头在哪个层级上。请在 `standing` 里写下一个字典：层级 → 用到它的任务，按字母顺序排列。",
        },
        given=f"levels = {_LEVELS}\nheads = {heads}",
        stub="standing = ...",
        solution="standing = {\n    level: sorted(t for t, top in heads.items() if levels.index(top) >= i)\n"
        "    for i, level in enumerate(levels)\n}",
    )


def seen(rng: Random) -> Question:
    width = rng.choice([3, 5, 7])
    return Question(
        name="seen",
        points=2,
        text={
            "en": f"Each of three encoders is a convolution of width {width}. Put into `seen` the list of how many tokens a head sees on the embedding, on encoder_1, on encoder_2 and on encoder_3 "
            "(in a long sentence, itself included).",
            "zh": f"三个编码器都是宽度为 {width} 的卷积。请在 `seen` 里写下一个列表：头在嵌入上、encoder_1 上、encoder_2 上、encoder_3 上各能看到几个词元（句子够长，含自己）。",
        },
        stub="seen = [..., ..., ..., ...]",
        solution=f"seen = [1 + level * ({width} - 1) for level in range(4)]",
    )


def moved(rng: Random) -> Question:
    logits = [rng.choice([0, 1, 2]), 0, rng.choice([0, 1])]
    table = [[rng.randint(-2, 4) for _ in range(2)] for _ in range(3)]
    return Question(
        name="moved",
        points=3,
        text={
            "en": "One token has the features `x`; a lower task answers it with `logits`; `table` holds a vector for each label. Put into `moved` the list of the features after the label embedding has been added.",
            "zh": "一个词元的特征是 `x`；下层任务对它给出 `logits`；`table` 里每个标签一个向量。请在 `moved` 里写下加上标签嵌入之后的特征，写成列表。",
        },
        given=f"x = np.array([1.0, {rng.randint(-1, 2)}.0])\nlogits = np.array({logits}, float)\ntable = np.array({table}, float)",
        stub="moved = ...",
        solution="e = np.exp(logits)\nmoved = (x + e / e.sum() @ table).tolist()",
    )


def sources(rng: Random) -> Question:
    a, b, c, d = rng.sample(["pos", "chunk", "role", "ner", "person"], 4)
    return Question(
        name="sources",
        points=4,
        text={
            "en": "`feeds` is task → tasks whose answers it is given. Write `sources(feeds, task)`: all *other* tasks on whose answers the answer of `task` depends, directly or by way of others, as a list in alphabetical order.",
            "zh": "`feeds` 是任务 → 它得到哪些任务的回答。写出 `sources(feeds, task)`：`task` 的回答直接或间接依赖哪些**别的**任务的回答，返回按字母顺序排列的列表。",
        },
        stub="def sources(feeds, task):\n    return ...",
        solution="def sources(feeds, task):\n    found, waiting = set(), [task]\n    while waiting:\n"
        "        for other in feeds.get(waiting.pop(), []):\n            if other not in found:\n"
        "                found.add(other)\n                waiting.append(other)\n    return sorted(found - {task})",
        asked=[
            f"sources({{{a!r}: [{b!r}], {b!r}: [{c!r}, {d!r}]}}, {a!r})",
            f"sources({{{a!r}: [{b!r}], {b!r}: [{c!r}]}}, {c!r})",
            f"sources({{{a!r}: [{b!r}], {b!r}: [{a!r}, {d!r}]}}, {a!r})",
            f"sources({{}}, {a!r})",
        ],
    )


QUESTIONS = (standing, seen, moved, sources)

"""Lesson 12: spans, F1 over entities, whole sentences, one epoch for all tasks."""

from random import Random

from mtl_tutorial.grading.sheets import Question

_GOLD = ["O", "B-artist", "I-artist", "O", "B-year", "O", "B-city", "I-city", "I-city"]


def both(rng: Random) -> Question:
    given = list(_GOLD)
    for place, tag in rng.sample(
        [(1, "O"), (2, "O"), (4, "O"), (6, "B-country"), (8, "O"), (0, "B-year")], 2
    ):
        given[place] = tag
    return Question(
        name="both",
        points=3,
        text={
            "en": "Put into `both` a list: the share of the tags that is right, and the F1 over entities (start, end and type must be right; an I- that continues nothing of its type is no entity).",
            "zh": "请在 `both` 里写下一个列表：标记答对的比例，以及按实体计算的 F1（起点、终点、类型都要对；不接在同类标记之后的 I- 不算实体）。",
        },
        given=f"gold = {_GOLD}\ngiven = {given}",
        stub="both = [..., ...]",
        solution=_SPANS + "\n\n\na, b = spans(gold), spans(given)\n"
        "both = [float(np.mean([x == y for x, y in zip(gold, given)])), 2 * len([s for s in a if s in b]) / (len(a) + len(b))]",
    )


_SPANS = """\
def spans(tags):
    found = []
    for i, tag in enumerate(tags):
        kind = tag[2:]
        if tag[0] == "B":
            found.append([kind, i, i + 1])
        elif tag[0] == "I" and found and found[-1][0] == kind and found[-1][2] == i:
            found[-1][2] = i + 1
    return found"""


def spans(rng: Random) -> Question:
    kind, other = rng.sample(["PER", "LOC", "ORG", "PROD"], 2)
    return Question(
        name="spans",
        points=5,
        text={
            "en": "Write `spans(tags)`: the entities of a sentence in BIO, in their order, each a list [type, start, end], where end is the position *behind* the last token. "
            "An I- that does not continue an entity of its own type is no entity, and ends none that comes later.",
            "zh": "写出 `spans(tags)`：一个 BIO 标注的句子里的实体，按出现顺序，每个写成列表 [类型, 起点, 终点]，终点是最后一个词元**之后**的位置。"
            "不承接同类实体的 I- 不算实体，也不影响后面的实体。",
        },
        stub="def spans(tags):\n    return ...",
        solution=_SPANS,
        asked=[
            f"spans({tags})"
            for tags in (
                ["O", f"B-{kind}", f"I-{kind}", "O"],
                [f"B-{kind}", f"B-{kind}", f"I-{kind}"],
                [f"B-{kind}", f"I-{other}", "O", f"B-{other}"],
                [f"I-{kind}", "O", f"B-{other}", f"I-{other}", f"I-{other}"],
                ["O", "O"],
            )
        ],
    )


def whole(rng: Random) -> Question:
    intents, slots = ([True] * right + [False] * (10 - right) for right in (8, rng.choice([6, 7])))
    rng.shuffle(intents)
    rng.shuffle(slots)
    return Question(
        name="whole",
        points=2,
        text={
            "en": "Ten sentences; True where a model has the intent, or all of the slots, right. Put into `whole` a list: the accuracy of intent, the share of sentences in which everything is "
            "right, and what that share would be if the two kinds of errors fell independently.",
            "zh": "十个句子；意图（或全部槽位）答对处为 True。请在 `whole` 里写下一个列表：意图的准确率、整句全对的比例，以及假如两种错误相互独立时这个比例会是多少。",
        },
        given=f"intent = np.array({intents})\nslots = np.array({slots})",
        stub="whole = [..., ..., ...]",
        solution="whole = [float(intent.mean()), float((intent & slots).mean()), float(intent.mean() * slots.mean())]",
    )


def epoch(rng: Random) -> Question:
    curves = {task: [rng.randint(50, 90) for _ in range(6)] for task in ("intent", "slots")}
    return Question(
        name="epoch",
        points=3,
        text={
            "en": "One model, two curves. Stopping takes the epoch at which the mean over the tasks is best (the first, if several are). Put into `epoch` a dictionary: task → its score there minus its own best score.",
            "zh": "一个模型，两条曲线。停止时取各任务平均分最好的一轮（并列时取第一个）。请在 `epoch` 里写下一个字典：任务 → 它在该轮的得分减去它自己的最好得分。",
        },
        given=f"curves = {curves}",
        stub="epoch = ...",
        solution="best = int(np.mean(list(curves.values()), axis=0).argmax())\n"
        "epoch = {task: curve[best] - max(curve) for task, curve in curves.items()}",
    )


QUESTIONS = (both, spans, whole, epoch)

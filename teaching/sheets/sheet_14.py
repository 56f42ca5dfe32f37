"""Lesson 14: labels as they were meant, macro-F1, decisions by an interval."""

from random import Random

from mtl_tutorial.grading.sheets import Question


def decisions(rng: Random) -> Question:
    worth = rng.choice([1.0, 1.5, 2.0])
    bounds = [
        (-2.0, 0.5),
        (worth, worth + 3),
        (0.2, 4.0),
        (-1.0, worth - 0.1),
        (worth + 0.5, worth + 1),
        (-4.0, 3.0),
    ]
    rng.shuffle(bounds)
    return Question(
        name="decisions",
        points=3,
        text={
            "en": f'A gain is worth having from {worth} points on. For each 95 % interval (low, high), put into the list `decisions` the words "share", "apart" or "cannot tell", as in the lesson.',
            "zh": f'提升达到 {worth} 个百分点才值得。对每个 95% 区间 (low, high)，按课上的规则在列表 `decisions` 里写下 "share"、"apart" 或 "cannot tell"。',
        },
        given=f"intervals = {bounds}",
        stub="decisions = ...",
        solution=f"decisions = ['share' if low >= {worth} else 'apart' if high < {worth} else 'cannot tell' for low, high in intervals]",
    )


def macro(rng: Random) -> Question:
    hit, miss, false, quiet = (
        rng.choice([6, 8, 12]),
        rng.choice([4, 6]),
        rng.choice([2, 5]),
        rng.choice([80, 120]),
    )
    return Question(
        name="macro",
        points=3,
        text={
            "en": f"`urgent`, yes or no. Of the urgent messages {hit} are found and {miss} missed; of the others {false} are called urgent and {quiet} are not. Put into `macro` a list: "
            "the accuracy of this model, its macro-F1, and the macro-F1 of a model that always says no (an F1 without any hit is 0).",
            "zh": f"`urgent` 分是与否。紧急的来信中找出 {hit} 封、漏掉 {miss} 封；其余的有 {false} 封被说成紧急，{quiet} 封没有。请在 `macro` 里写下一个列表："
            "这个模型的准确率、它的 macro-F1，以及总是说“否”的模型的 macro-F1（一次也没答对时 F1 为 0）。",
        },
        stub="macro = [..., ..., ...]",
        solution=f"hit, miss, false, quiet = {hit}, {miss}, {false}, {quiet}\n"
        "yes, no = 2 * hit / (2 * hit + miss + false), 2 * quiet / (2 * quiet + miss + false)\n"
        "lazy = 2 * (quiet + false) / (2 * (quiet + false) + hit + miss)\n"
        "macro = [(hit + quiet) / (hit + miss + false + quiet), (yes + no) / 2, lazy / 2]",
    )


def meant(rng: Random) -> Question:
    short = rng.choice([{"rep": "repair"}, {"ty": "thanks"}, {"adv": "advice"}])
    (key, label), *_ = short.items()
    return Question(
        name="meant",
        points=5,
        text={
            "en": f'Write `meant(cell)` for the labels "repair", "advice" and "thanks": whatever capitals and blanks around it, a cell becomes one of them; "{key}" means "{label}"; `None` and a cell of blanks '
            'become `None`; anything else becomes the string "refused".',
            "zh": f'为标签 "repair"、"advice"、"thanks" 写出 `meant(cell)`：不论大小写和两边的空格，都还原成其中之一；"{key}" 就是 "{label}"；`None` 和只有空格的单元格返回 `None`；'
            '其余一律返回字符串 "refused"。',
        },
        stub="def meant(cell):\n    return ...",
        solution="def meant(cell):\n    text = (cell or '').strip().lower()\n"
        f"    text = {short}.get(text, text)\n"
        "    known = ('repair', 'advice', 'thanks')\n"
        "    return (text if text in known else 'refused') if text else None",
        asked=[
            f"meant({cell!r})"
            for cell in (
                "repair",
                " Advice ",
                key.upper(),
                "",
                "  ",
                None,
                "rapair",
                "THANKS",
                key + "x",
            )
        ],
    )


QUESTIONS = (decisions, macro, meant)

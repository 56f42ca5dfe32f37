"""Lesson 00: what its prose says of results, and answers that learners may give."""

import pandas as pd

SECONDS = 40
GIGABYTES = 0.8

CLAIMS = """
wanting = [row.name for row in environment.check(LANGUAGE).rows if row.verdict != "ok"]
assert wanting in ([], ["memory"])  # how much is free beside other tests is chance
start, end = run.table.query("split == 'valid' and epoch == 0"), run.final()
start = start[start["metric"] == start["task"].map(run.header["scores"])].set_index("task")["value"]
assert abs(start["sentiment"] - 1 / 3) < 0.05 and abs(start["person"] - 1 / 6) < 0.04 and start["ner"] < 0.1
assert (end > 0.85).all() and end["person"] > 0.93
assert run.header["labels"] == dict.fromkeys(tasks, 6000) and len(data["train"]) == 6000
shown = predict(model, sentence).iloc[0]
assert (shown["sentiment"], shown["person"], shown["relation"]) == ("positive", "family", "service")
assert shown["ner"].count("/PER") == 2 and shown["ner"].count("/ORG") == 1 and shown["ner"].count("/") == 3
assert changed == ["person", "relation", "sentiment"]
museum, noodles = "My aunt says that the Alder Museum is {}.", "我表姐说江畔面馆真的{}。"
hinted = {
    "en": [[museum.format("lovely"), museum.format(denied)] for denied in ("far from lovely", "anything but lovely")],
    "zh": [[noodles.format("很好吃"), noodles.format("很难吃")], [noodles.format("很靠谱"), noodles.format("不靠谱")]],
}[LANGUAGE]
assert all(lesson["flip"].check(predict(model, pair)).kind == "correct" for pair in hinted)
by_token = fall.groupby("token").max()
top = {task: by_token[task].idxmax() for task in by_token}
assert top["person"] in ("My", "aunt", "我", "表") and top["relation"] in ("landlord", "房", "东")
assert top["sentiment"] in ("lovely", "靠", "谱") and min(by_token.max()) > 0.4
assert by_token["person"][["My", "aunt"] if LANGUAGE == "en" else ["我", "表"]].min() > 0.3
assert len(surest) == 8 and wrong[surest.index].sum() <= 3
assert (in_truth > by_label + 0.015).all() and 0.02 < (fresh[asked] != truth[asked]).mean().mean() < 0.04
assert misses["person p"][~wrong].mean() > misses["person p"][wrong].mean() + 0.1
lost, sem = by_new.loc[False] - by_new.loc[True], right.groupby(new).sem().max()
assert (0.22 < lost["sentiment"] < 0.38) if LANGUAGE == "en" else (0.28 < lost["sentiment"] < 0.48)
assert lost["sentiment"] > 4 * sem["sentiment"]
assert lost[["person", "relation"]].max() < 0.04 and new.sum() < 200
sure = predict(model, odd)
assert sure["person p"][0] < 0.35 and sure["person p"][1] > 0.5
assert sure["person"][1] == ("service" if LANGUAGE == "en" else "family")
counts = names[data["train"].targets["person"][rows]].value_counts()
assert counts.index[0] == sure["person"][1] and counts.iloc[0] > 0.6 * counts.sum()
assert counts.sum() < 10 and len(counts) == 1 or LANGUAGE == "zh"
unseen = {t for text in fresh["text"][new] for t in tokenize(text)} - known
assert not any(t in unseen for text in examples[:3] for t in tokenize(text))
"""


# -- stand-ins for what the solutions take from cells above


def predict(model: object, texts: list[str]) -> pd.DataFrame:
    """Answers of a model that looks at single words."""
    bad = [any(word in text for word in ("far from", "难吃", "not")) for text in texts]
    return pd.DataFrame(
        {
            "text": texts,
            "sentiment": ["negative" if b else "positive" for b in bad],
            "person": ["work" if "boss" in text else "family" for text in texts],
            "relation": "none",
            "ner": ["" if "not" in text else "Alder Museum/LOC" for text in texts],
        }
    )


NAMES = {"LANGUAGE": "zh", "model": None, "predict": predict}

# -- wrong answers


def reversed_sign(tokens, probability):
    return [-d for d in right_drops(tokens, probability)]


def what_is_left(tokens, probability):
    return [probability(tokens[:i] + tokens[i + 1 :]) for i in range(len(tokens))]


def kept_alone(tokens, probability):
    return [probability(tokens) - probability([token]) for token in tokens]


def left_out_by_value(tokens, probability):
    whole = probability(tokens)
    return [whole - probability([t for t in tokens if t != token]) for token in tokens]


def first_of_its_kind(tokens, probability):
    falls = []
    for token in tokens:
        shorter = list(tokens)
        shorter.remove(token)
        falls.append(probability(tokens) - probability(shorter))
    return falls


def emptied(tokens, probability):
    whole, falls = probability(tokens), []
    for _ in list(tokens):
        tokens.pop(0)
        falls.append(whole - probability(tokens))
    return falls


def largest_only(tokens, probability):
    return max(right_drops(tokens, probability))


def relative(tokens, probability):
    whole = probability(tokens)
    return [d / whole for d in right_drops(tokens, probability)]


def right_drops(tokens, probability):
    falls = []
    for i in range(len(tokens)):
        shorter = tokens.copy()
        del shorter[i]
        falls.append(probability(tokens) - probability(shorter))
    return falls


LOVELY, FAR = "My aunt finds it lovely.", "My aunt finds it far from lovely."

WRONG = {
    "chance": [6, 16.7, "1/6", True, 0.5, 0.1, 0, 1 / 7, lambda: 1 / 6],
    "flip": [
        [LOVELY, FAR],
        predict(None, [LOVELY]),
        predict(None, [LOVELY, FAR, FAR]),
        predict(None, [LOVELY, LOVELY]),
        predict(None, [LOVELY, "My aunt finds it pretty."]),
        predict(None, [LOVELY, "My uncle finds all of it far from lovely."]),
        predict(None, [FAR.replace("from", "from so"), "My boss finds it lovely, so lovely."]),
        predict(None, ["My aunt finds it lovely.", "My aunt finds it not lovely."]),
        predict(None, [LOVELY, "My aunt finds it not lovely at all."]),
        predict(None, ["My aunt likes tea.", "My boss likes not tea."]),
        predict(None, [LOVELY, FAR])[["text", "sentiment"]],
    ],
    "drops": [
        reversed_sign,
        what_is_left,
        kept_alone,
        left_out_by_value,
        first_of_its_kind,
        emptied,
        largest_only,
        relative,
        lambda tokens, probability: ["a", "b", "c"],
        [0, 0.7, 0],
    ],
}
RIGHT = {  # other right forms than the solution's
    "chance": [0.17, 0.1667, 1 - 5 / 6],
    "flip": [
        predict(None, [FAR, LOVELY]),
        predict(None, ["它好吃", "它难吃"]),
    ],
    "drops": [right_drops, lambda tokens, p: tuple(right_drops(tokens, p))],
}

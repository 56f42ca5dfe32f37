"""Lesson 00: what its prose says of results, and answers that learners may give."""

import pandas as pd

SECONDS = 40
GIGABYTES = 0.8

CLAIMS = """
# %% the machine lacks nothing but memory and a newer kernel at most
wanting = {row.name for row in environment.check(LANGUAGE).rows if row.verdict != "ok"}
assert wanting <= {"memory", "ipykernel"}  # what is free beside other tests is chance; `make test-colab` has Colab's
# %% before training, answers are guesses
start, end = run.table.query("split == 'valid' and epoch == 0"), run.final()
start = start[start["metric"] == start["task"].map(run.header["scores"])].set_index("task")["value"]
assert abs(start["sentiment"] - 1 / 3) < 0.05 and abs(start["person"] - 1 / 6) < 0.04 and start["ner"] < 0.1
# %% after training, every task scores above 85 per cent
assert (end > 0.85).all() and end["person"] > 0.93
# %% all 6,000 training sentences carry labels of every task
assert run.header["labels"] == dict.fromkeys(tasks, 6000) and len(data["train"]) == 6000
# %% the sentence at the start is read as the text says
shown = predict(model, sentence).iloc[0]
assert (shown["sentiment"], shown["person"], shown["relation"]) == ("positive", "family", "service")
# %% the sentence at the start has two people and one organization
assert shown["ner"].count("/PER") == 2 and shown["ner"].count("/ORG") == 1 and shown["ner"].count("/") == 3
# %% each of the three words carries one answer
assert changed[:2] == ["person", "relation"]
# %% without the third the answer turns, or is far less probable
assert changed[2] == "sentiment" or changed[2] == "" and shorter["sentiment p"].iloc[3] < shorter["sentiment p"].iloc[0] - 0.2
# %% the pairs that the hints suggest solve the exercise
museum, noodles = "My aunt says that the Aldermoor Museum is {}.", "我表姐说江尾巴面馆真的{}。"
hinted = {
    "en": [[museum.format("lovely"), museum.format(denied)] for denied in ("far from lovely", "anything but lovely")],
    "zh": [[noodles.format("很好吃"), noodles.format("很难吃")], [noodles.format("很靠谱"), noodles.format("不靠谱")]],
}[LANGUAGE]
assert all(lesson["flip"].check(predict(model, pair)).kind == "correct" for pair in hinted)
# %% person hangs on the words for the person
by_token = fall.groupby("token").max()
top = {task: by_token[task].idxmax() for task in by_token}
assert top["person"] in ("My", "aunt", "我", "表") and top["relation"] in ("landlord", "房", "东")
# %% sentiment hangs on its adjective, and no task on nothing
assert top["sentiment"] in ("lovely", "靠", "谱") and min(by_token.max()) > 0.4
# %% both words for the person weigh
assert by_token["person"][["My", "aunt"] if LANGUAGE == "en" else ["我", "表"]].min() > 0.3
# %% of the eight surest mistakes at most three are the model's
assert len(surest) == 8 and wrong[surest.index].sum() <= 3
# %% judged by the truth the model is better than by the labels, of which 3 per cent are wrong
assert (in_truth > by_label + 0.015).all() and 0.02 < (fresh[asked] != truth[asked]).mean().mean() < 0.04
# %% the model is surer where the label is wrong than where it errs itself
assert misses["person p"][~wrong].mean() > misses["person p"][wrong].mean() + 0.1
# %% new words cost sentiment 10 to 25 points in English, a third or more in Chinese
lost, sem = by_new.loc[False] - by_new.loc[True], right.groupby(new).sem().max()
assert (0.1 < lost["sentiment"] < 0.25) if LANGUAGE == "en" else (0.28 < lost["sentiment"] < 0.48)
# %% what new words cost sentiment is beyond noise
assert lost["sentiment"] > 3 * sem["sentiment"]
# %% the other tasks lose little, and few sentences have new words
assert lost[["person", "relation"]].max() < 0.08 and new.sum() < 200
# %% one odd sentence leaves the model unsure, the other sure
sure = predict(model, odd)
assert sure["person p"][0] < 0.35 and sure["person p"][1] > 0.5
# %% the sure answer is the person that the rare word stood beside
assert sure["person"][1] == ("service" if LANGUAGE == "en" else "family")
# %% most training sentences with that word have this person
counts = names[data["train"].targets["person"][rows]].value_counts()
assert counts.index[0] == sure["person"][1] and counts.iloc[0] > 0.6 * counts.sum()
# %% there are few such sentences, in English all of one person but for a wrong label
assert counts.sum() < 10 and counts.iloc[0] >= counts.sum() - 1 or LANGUAGE == "zh"
# %% the first three examples have no unknown word
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
            "ner": ["" if "not" in text else "Aldermoor Museum/LOC" for text in texts],
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


def replaced_by_nothing(tokens, probability):
    return [
        probability(tokens) - probability([*tokens[:i], "", *tokens[i + 1 :]])
        for i in range(len(tokens))
    ]


def replaced_by_unknown(tokens, probability):
    return [
        probability(tokens) - probability([*tokens[:i], "<unk>", *tokens[i + 1 :]])
        for i in range(len(tokens))
    ]


def without_sign(tokens, probability):
    return [abs(d) for d in right_drops(tokens, probability)]


def never_below_zero(tokens, probability):
    return [max(d, 0) for d in right_drops(tokens, probability)]


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
        replaced_by_nothing,
        replaced_by_unknown,
        without_sign,
        never_below_zero,
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

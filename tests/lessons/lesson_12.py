"""Lesson 12: what its prose says of results, and answers that learners may give."""

import numpy as np
import pandas as pd

SECONDS = 90
GIGABYTES = 1.0

CLAIMS = """
def beyond(gain):
    agreed = (gain > 0).all() or (gain < 0).all()
    return bool(agreed and abs(gain.mean()) > 2 * gain.std())
assert len(lesson_12.experiments()) == sum(map(len, runs.values())) == 155
gap = PUBLISHED.iloc[2, :3] - PUBLISHED.iloc[1, :3]
assert 4 <= gap["slots"] < 5 and 9 < gap["sentences"] < 10
means, deviations = together.mean(), together.std()
assert means["slots"] - PUBLISHED["slots"].iloc[1] > 4 and means["sentences"] - PUBLISHED["sentences"].iloc[1] > 9
again = PUBLISHED.iloc[2]
above = means - again[means.index].astype(float)
assert 0 < above["intent"] < 1 and 0 < above["slots"] < 1 and 0 <= above["sentences"] < deviations["sentences"]
assert (together > PUBLISHED.iloc[1, :3].astype(float)).all().all()
assert (together["sentences"] < again["sentences"]).sum() == 3
new = lesson_12.snips_scores(lstm, "test_new")
lost = (scores - new).groupby("model").mean()
assert ((0.3 < lost["sentences"]) & (lost["sentences"] < 0.7)).all() and (lost[["intent", "slots"]].abs() < 0.25).all(axis=None)
gained = together - apart
assert not any(beyond(gained[column]) for column in gained)
assert (gained["slots"] < 0).all() and (gained["intent"] >= 0).all() and gained["slots"].mean() > -1 and gained["intent"].mean() < 1.5
parameters = {run.header["model"]: run.header["parameters"] for run in lstm}
assert 0.48 < parameters["BiLSTM joint"] / parameters["BiLSTM separate"] < 0.52
assert max(run.header["seconds"] for run in lstm if run.header["model"] == "BiLSTM joint") < 600
assert not any(beyond(joint[task] - separate[task]) for task in ("intent", "slots"))
sketch, scale = summed["intent"] - separate["intent"], summed["intent"] - joint["intent"]
assert beyond(sketch) and -1.5 < sketch.mean() < -0.7 and not beyond(scale) and scale.mean() / sketch.mean() > 0.6
assert scale.mean() < -1.7 * scale.std() and 0.5 < (summed["slots"] - joint["slots"]).mean() < 1.6
assert not beyond((narrow - narrow_apart)["intent"]) and (narrow - narrow_apart)["slots"].mean() < -8
assert -0.5 < stopping.mean() <= 0
assert [key for key, gain in by_company.items() if beyond(gain)] == [("intent", 50)] and -6.5 < by_company["intent", 50].mean() < -5
assert [key for key, gain in by_diet.items() if beyond(gain)] == [("slots", 50)] and -4 < by_diet["slots", 50].mean() < -2.5
assert beyond(by_sharing["intent", 50]) and -5 < by_sharing["intent", 50].mean() < -3.5 * by_sharing["intent", 50].std()
assert beyond(by_sharing["slots", 200]) and (by_sharing["slots", 50] > 0).all() and not beyond(by_sharing["slots", 50])
assert by_sharing["slots", 50].mean() > 1.7 * by_sharing["slots", 50].std()
assert all(2.5 < by_sharing["slots", n].mean() < 4 for n in (50, 200))
assert all(beyond(of_the_rich["intent", n]) and -5 < of_the_rich["intent", n].mean() < -3 for n in (50, 200))
on_test = gains("joint", "separate", split="test")
assert [key for key, gain in on_test.items() if beyond(gain)] == [("intent", 50)]
rich_on_test = gains("joint", "separate", whose="rich", split="test")
assert all(beyond(rich_on_test["intent", n]) and rich_on_test["intent", n].mean() < -4.5 for n in (50, 200))
assert (1200 * 32 / 50, 1200 * 32 / 2000) == (768, 19.2)
flattery = mentions("mentions", "test")["overall"] - plain["overall"]
assert 4.5 < flattery.mean() < 8
assert not any(beyond(helped_by[kind] - plain[kind]) for kind in plain)
below = [PUBLISHED_WEIBO[c] - mentions(m, "test")[c].mean() for c in plain for m in ("mentions", "mentions + words")]
assert 7 < min(map(min, below)) and max(map(max, below)) < 14
assert not any(count(corpus, sign) for corpus in verdicts for sign in (1, -1))
moved = {c: (scores_of(c, "joint", "test") - scores_of(c, "separate", "test")).mean() for c in verdicts}
assert max(m.abs().max() for m in moved.values()) < 9.5
assert all(m["mentions_person"] > 0 > m["genre"] for m in moved.values()) and moved["pud-en"]["ner"] < 0
person = {m: scores_of("pud-en", m, "test")["mentions_person"].mean() for m in ("separate", "joint")}
assert person["separate"] < 68 and (69.6 - person["separate"]) / (person["joint"] - person["separate"]) > 1 / 3  # always "no": 69.6, as a test of the corpora has it
assert (scores_of("pud-en", "separate", "train")["mentions_person"] > 95).all()
assert 0.19 < size["joint"] / size["separate"] < 0.21
"""


# -- wrong answers


def whole(gold_intents, intents, gold_tags, tags):
    sentences = zip(gold_intents, intents, gold_tags, tags, strict=True)
    return np.mean([i == j and s == t for i, j, s, t in sentences])


def share(gold, found):
    return np.mean([g == f for g, f in zip(gold, found, strict=True)])


def flat(tags):
    return [tag for sentence in tags for tag in sentence]


def one_stop(curves):
    return curves.loc[curves.mean(axis=1).idxmax()] - curves.max()


def unseen(test, train):
    seen = set(map(tuple, train))
    return np.array([tuple(sentence) not in seen for sentence in test])


WRONG = {
    "whole": [
        lambda gi, i, gt, t: share(gi, i),
        lambda gi, i, gt, t: share(gt, t),
        lambda gi, i, gt, t: share(flat(gt), flat(t)),
        lambda gi, i, gt, t: share(gi, i) * share(gt, t),
        lambda gi, i, gt, t: min(share(gi, i), share(gt, t)),
        lambda gi, i, gt, t: (share(gi, i) + share(gt, t)) / 2,
        lambda gi, i, gt, t: whole(gi, i, gt, t) * len(gi),
        lambda gi, i, gt, t: 1 - whole(gi, i, gt, t),
        lambda gi, i, gt, t: whole(gi, i, list(map(sorted, gt)), list(map(sorted, t))),
        lambda gi, i, gt, t: whole(gi, i, [s[-1] for s in gt], [s[-1] for s in t]),
        lambda gi, i, gt, t: [a == b for a, b in zip(gi, i, strict=True)],
        lambda gi, i, gt, t: "all",
        lambda gi, i, gt: 1.0,
        lambda gi, i, gt, t: None,
        0.75,
    ],
    "one_stop": [
        lambda curves: curves.max() - curves.loc[curves.mean(axis=1).idxmax()],
        lambda curves: curves.loc[curves.mean(axis=1).idxmax()],
        lambda curves: curves.max() - curves.max(),
        lambda curves: curves.iloc[-1] - curves.max(),
        lambda curves: curves.max(),
        lambda curves: (curves.loc[curves.mean(axis=1).idxmax()] - curves.max()).mean(),
        lambda curves: curves.loc[curves.mean(axis=1).idxmax()].to_numpy() - 1,
        lambda curves: curves.loc[curves.min(axis=1).idxmax()] - curves.max(),
        lambda curves: curves.loc[curves.median(axis=1)[::-1].idxmax()] - curves.max(),
        lambda curves: one_stop(curves).add_suffix("_loss"),
        lambda curves: curves.insert(0, "mean", curves.mean(axis=1)) or one_stop(curves),
        lambda curves: None,
        "epoch 3",
    ],
    "unseen": [
        lambda test, train: ~unseen(test, train),
        lambda test, train: np.array([set(s) not in map(set, train) for s in test]),
        lambda test, train: np.array([sorted(s) not in map(sorted, train) for s in test]),
        lambda test, train: np.array([not any(set(s) <= set(t) for t in train) for s in test]),
        lambda test, train: [s for s in test if s not in train],
        lambda test, train: int(unseen(test, train).sum()),
        lambda test, train: np.array([s not in train and test.count(s) == 1 for s in test]),
        lambda test, train: np.ones(len(test), bool),
        lambda test, train: ["".join(s) not in map("".join, train) for s in test],
        lambda test, train: np.array([s not in set(train) for s in test]),
        lambda test, train: unseen(test, train).astype(int),
        lambda test, train: unseen(train, test),
        lambda test, train: None,
        True,
    ],
}
RIGHT = {  # other right forms than the solution's
    "whole": [
        lambda gi, i, gt, t: float(whole(gi, i, gt, t)),
        lambda gi, i, gt, t: (
            sum((a, c) == (b, d) for a, b, c, d in zip(gi, i, gt, t, strict=True)) / len(gi)
        ),
    ],
    "one_stop": [
        lambda curves: one_stop(curves).to_dict(),
        lambda curves: one_stop(curves)[::-1],
        lambda curves: curves.loc[curves.sum(axis=1).idxmax()].subtract(curves.max()),
        lambda curves: pd.Series(one_stop(curves), dtype=object),
    ],
    "unseen": [
        lambda test, train: [s not in train for s in test],
        lambda test, train: ~np.array([s in train for s in test]),
        lambda test, train: pd.Series(unseen(test, train)),
    ],
}

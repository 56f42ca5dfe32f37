"""Lesson 04: what its prose says of results, and answers that learners may give."""

import numpy as np

from mtl_tutorial.sharing import SharingPlan

SECONDS = 60
GIGABYTES = 1.1

CLAIMS = """
assert (ways[-1], plans) == (15, 15**3)
changes = apart.outcome.changes()
assert (changes["points"].drop("person").abs() < 1e-9).all() and (changes["spread"].drop("person") < 1e-9).all()
assert 1 < changes["points"]["person"] < 12 and changes["verdict"]["person"] == "same"
low, high = five.min() - 4 * five.std() - 0.02, five.max() + 4 * five.std() + 0.02
assert ((low < live.outcome.runs[0].final()) & (live.outcome.runs[0].final() < high)).all()
separately = person(apart.outcome.runs)
assert (read := drawn / labeled.sum())["person"] == 320 and read.drop("person").nunique() == 1
changes = words.outcome.changes()
assert changes.loc["person", "points"] > 20 and changes["verdict"].tolist() == ["gains", "same", "same", "same"]
def beyond(gain):
    return bool((gain > 0).all() and gain.mean() > 2 * gain.std())
together = eight[" + ".join(LEVELS)]
kept = together["person"] - separate["person"]
before = together["person"] - 100 * alone
assert beyond(before) and beyond(kept) == (LANGUAGE == "zh") and 0.6 < kept.mean() / before.mean() < 0.75
assert (10 < before.mean() < 14) if LANGUAGE == "en" else (18 < before.mean() < 20)
assert LANGUAGE == "en" or (eight["embedding"]["ner"] < separate["ner"]).all()
late = [run.curve(t).diff().iloc[-1] for t in ("sentiment", "ner") for run in look_up(Settings(PRESETS["all shared"](TASKS), LANGUAGE, labels=POOR)).runs]
assert 100 * sum(late) / len(late) > 1.5
assert abs((shared - alone).mean() - (separately - alone).mean() - (shared - separately).mean()) < 1e-9
assert effects["person"]["embedding"].min() > 0 and 15 < effects["person"]["embedding"].mean() < 25
assert all(effects["person"][level].mean() < 1 for level in LEVELS[1:])
assert [beyond(way * effects["person"][level]) for way, level in zip((1, -1, -1), LEVELS)] == [True, False, LANGUAGE == "zh"]
assert all(effects[task][level].mean() < 0 for task in TASKS[1:] for level in LEVELS)
assert all(-4.5 < effects["sentiment"][level].mean() < -1.5 for level in LEVELS)
assert -4 < effects["sentiment"]["encoder_1"].mean() < -3
everything = " + ".join(LEVELS)
loss = sentiment.mean() - sentiment["nothing"].mean()
assert loss[everything] < -10 and loss.drop(everything).abs().max() < 1.5
shown = beside(separate, eight)
harmless = [p for p in shown.index if "*" in shown["person"][p] and not any("-" in v and "*" in v for v in shown.loc[p])]
assert max(harmless, key=lambda p: eight[p]["person"].mean()) == "embedding"
from mtl_tutorial.experiments import shipped
from mtl_tutorial.sizes import count_parameters
data = shipped(LANGUAGE)
def cost(plan):
    return count_parameters(plan, data.tasks, len(data.vocabulary), units=32, embedding_dim=32)["parameters"].sum()
apart_cost, no_words = cost(SharingPlan.separate(TASKS)), SharingPlan({level: [TASKS] if level != "embedding" else [[t] for t in TASKS] for level in LEVELS})
assert 0.75 < cost(PAIRED["words"]) / apart_cost < 0.8 < 0.85 < cost(no_words) / apart_cost
assert 0.3 < cost(PRESETS["embedding only"](TASKS)) / apart_cost < 0.37
assert "-" in shown["ner"]["embedding + encoder_1"] and "*" in shown["ner"]["embedding + encoder_1"]
for values in paired.values():
    assert (values[["sentiment", "ner"]] - separate[["sentiment", "ner"]]).abs().max().max() < 1e-9
assert "*" in marked(paired["words"]["person"], separate["person"])
assert abs(paired["words"]["person"].mean() - eight["embedding"]["person"].mean()) < 5
assert paired["all levels"]["person"].mean() < paired["words"]["person"].mean()
assert paired["all levels"]["relation"].mean() < separate["relation"].mean() - 3
assert ("*" in marked(paired["all levels"]["relation"], separate["relation"])) == (LANGUAGE == "zh")
few, enough = growing.loc[60], growing.loc[2000]
def gap(rows, ours, base):
    return rows[ours] - rows[base]
def is_about(gap, mean, spread):
    return abs(gap.mean() - mean) < 0.06 and abs(gap.std() - spread) < 0.06
change = enough.sub(enough["separate"], axis=0).mean()
assert abs(change["single task"]) < 1e-9 and 0 < change["embedding only"] < 2.5 and change["all shared"] < -1
assert gap(few, "embedding only", "separate").mean() > 15
assert few["all shared"].mean() > few["separate"].mean()
assert beyond(gap(enough, "embedding only", "separate")) == (LANGUAGE == "zh")
assert crowding(growing).equals(growing["all shared"] - growing["embedding only"]) and price.max() < 0
crowded = [crowding(growing)[labels] for labels in (60, 2000)]
figures = {"en": [(-21.9, 5.8), (-2.8, 1.2)], "zh": [(-7.7, 4.8), (-8.0, 1.6)]}[LANGUAGE]
assert all(is_about(gap, *told) for gap, told in zip(crowded, figures, strict=True))
assert all((gap < 0).all() for gap in crowded)
assert [beyond(-gap) for gap in crowded] == [LANGUAGE == "en", True]
assert beyond(crowded[1] - crowded[0]) == (LANGUAGE == "en") and (LANGUAGE == "en" or abs((crowded[1] - crowded[0]).mean()) < 1)
net = gap(enough, "all shared", "separate")
assert is_about(net, *((-2.1, 1.5) if LANGUAGE == "en" else (-6.7, 2.1)))
assert (net < 0).all() and beyond(-net) == (LANGUAGE == "zh")
mistakes = (100 - growing["all shared"]).groupby("labels").mean() / (100 - growing["embedding only"]).groupby("labels").mean()
assert mistakes.round(1).to_dict() == ({60: 1.8, 2000: 1.5} if LANGUAGE == "en" else {60: 1.2, 2000: 2.4})
assert winners.nunique() > 1
assert 1 < surplus.mean() < 8
gain = final["person"] - held["person"]
assert gain.min() > 0 and gain.mean() > 2 * gain.std() and abs(gain.mean() - (paired["words"]["person"] - separate["person"]).mean()) < 5
assert effect(all_eight(encoder="mlp"), "embedding", "person").min() > 0
others = {encoder: all_eight(encoder=encoder) for encoder in ("cnn", "mlp", "bilstm")}
lead = {encoder: {level: effect(other, level, "person") for level in LEVELS} for encoder, other in others.items()}
assert [*elsewhere] == [*lead] and all(elsewhere[e][v] == f"{g.mean():+.1f} ± {g.std():.1f}" for e, levels in lead.items() for v, g in levels.items())
assert all(levels["embedding"].mean() > max(levels[level].mean() for level in LEVELS[1:]) for levels in lead.values())
assert all(levels["embedding"].min() > 0 and not any(beyond(levels[level]) for level in LEVELS[1:]) for levels in lead.values())
assert beyond(lead["cnn"]["embedding"]) and 19 < lead["cnn"]["embedding"].mean() < 20.5
assert beyond(lead["mlp"]["embedding"]) and 15.5 < lead["mlp"]["embedding"].mean() < 19
assert beyond(lead["bilstm"]["embedding"]) == (LANGUAGE == "zh") and 11 < lead["bilstm"]["embedding"].mean() < 13
"""

# -- wrong answers

FAIR = {
    "replace": ("all shared", "single task"),
    "words": ("embedding only", "separate"),
    "batches": ("separate", "single task"),
    "top": ("all shared", "lower half"),
}
TASKS = ["person", "relation", "sentiment", "ner"]
APART = SharingPlan.separate(TASKS)
SPARE = APART.share("embedding", TASKS[:2])


def effect(table, level, task):
    means = table.groupby([level, "seed"])[task].mean()
    return means[True] - means[False]


def interaction(table, a, b, task):
    return effect(table[table[b]], a, task) - effect(table[~table[b]], a, task)


def against(base):
    return lambda growing: growing["all shared"] - growing[base]


def crowding(growing):
    return growing["all shared"] - growing["embedding only"]


def of_another_table(growing):
    return list(range(10))  # as many rows as the notebook's `growing` has


WRONG = {
    "fair": [
        {**FAIR, "words": ("embedding only", "single task")},
        {**FAIR, "replace": ("all shared", "separate")},
        {**FAIR, "top": ("all shared", "separate")},
        {**FAIR, "top": ("all shared", "embedding only")},
        {**FAIR, "batches": ("single task", "separate")},
        {**FAIR, "batches": ("separate", "separate")},
        {**FAIR, "words": "embedding only"},
        {**FAIR, "words": ("words", "separate")},
        {"words": ("embedding only", "separate")},
        list(FAIR.values()),
        {**FAIR, "words": (1, 2)},
        {**FAIR, "words": ([], "separate")},
    ],
    "interaction": [
        lambda table, a, b, task: effect(table[table[b]], a, task),
        lambda table, a, b, task: -interaction(table, a, b, task),
        lambda table, a, b, task: interaction(table, a, b, task) / 2,
        lambda table, a, b, task: interaction(table, a, b, task).mean(),
        lambda table, a, b, task: effect(table, a, task) - effect(table, b, task),
        lambda table, a, b, task: effect(table[table[b]], a, task)
        + effect(table[~table[b]], a, task),
        lambda table, a, b, task: interaction(table, "embedding", "encoder_1", task),
        lambda table, a, b, task: interaction(table, a, b, "person"),
        lambda table, a, b, task: effect(table, a, task),
        lambda table, a, b, task: table[a] * table[b],
        lambda table, a, b, task: "none",
        lambda table, a, b, task: table[a - b],
        lambda table, a, b, task: None,
        4.0,
    ],
    "spare": [
        SharingPlan.hard(TASKS),
        APART,
        APART.share("encoder_2", TASKS[:2]),
        SPARE.share("embedding", ["sentiment", "ner"]),
        SPARE.share("encoder_1", ["person", "ner"]),
        SPARE.only(["person", "relation"]),
        SharingPlan({"embedding": [TASKS[:2], ["sentiment"], ["ner"]]}),
        APART.share("embedding", ["person", "sentiment"]),
        SPARE.as_dict(),
    ],
    "crowding": [
        against("single task"),
        against("separate"),
        against("lower half"),
        lambda growing: -crowding(growing),
        lambda growing: crowding(growing).abs(),
        lambda growing: growing["embedding only"] - growing["separate"],
        lambda growing: growing["all shared"],
        lambda growing: crowding(growing).groupby("labels").mean(),
        lambda growing: crowding(growing).groupby("seed").mean(),
        lambda growing: crowding(growing).groupby("labels").transform("mean"),
        lambda growing: crowding(growing).groupby("labels").agg(["mean", "std"]),
        lambda growing: crowding(growing).mean(),
        lambda growing: crowding(growing.loc[60]),
        lambda growing: crowding(growing) / 100,
        lambda growing: "crowding",
        lambda growing: {},
        lambda growing: None,
        of_another_table,
        {"crowding": -8},
    ],
}  # fmt: skip
RIGHT = {  # other right forms than the solution's
    "fair": [{question: list(pair) for question, pair in FAIR.items()}],
    "interaction": [
        lambda table, a, b, task: interaction(table, b, a, task),
        lambda table, a, b, task: np.array(interaction(table, a, b, task)),
        lambda table, a, b, task: interaction(table, a, b, task).tolist(),
    ],
    "spare": [
        SPARE.share("encoder_1", TASKS[:2]),
        SPARE.share("encoder_1", TASKS[:2]).share("encoder_2", TASKS[:2]),
        SPARE.leave("encoder_1", "ner"),
        SPARE.leave("encoder_2", "sentiment"),
    ],
    "crowding": [
        lambda growing: crowding(growing).to_numpy(),
        lambda growing: crowding(growing).to_frame("price"),
        lambda growing: crowding(growing).unstack("labels"),
        lambda growing: crowding(growing).unstack("seed"),
        lambda growing: crowding(growing).to_dict(),
        lambda growing: {n: crowding(rows) for n, rows in growing.groupby("labels")},
        lambda growing: {n: crowding(growing.loc[n]).to_dict() for n in growing.index.levels[0]},
        lambda growing: [
            row["all shared"] - row["embedding only"] for _, row in growing.iterrows()
        ],
    ],
}

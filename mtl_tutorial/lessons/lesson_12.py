"""Lesson 12, real data: published figures, and the runs on real corpora that stand beside them."""

from dataclasses import replace

import pandas as pd

from mtl_tutorial.experiments import Experiment
from mtl_tutorial.runs import Run
from mtl_tutorial.scoring import spread
from mtl_tutorial.sharing import SharingPlan

SEEDS = 5
SNIPS = ("intent", "slots")
WEIBO = ("named", "nominal")
PUD = ("pos", "deprel", "ner", "genre", "mentions_person")
FEW, MANY = (50, 200, 1000), 2000
"""Training sentences that keep their label: of the poor task, and of the rich one."""

PUBLISHED = pd.DataFrame(
    [
        ("Attention BiRNN", 96.7, 87.8, 74.1, "Liu & Lane 2016, as cited by Goo et al. 2018"),
        ("Slot-Gated", 97.0, 88.8, 75.5, "Goo et al. 2018, N18-2118"),
        ("Slot-Gated, run again", 97.6, 93.2, 85.1, "OpenSLU's table of results"),
        ("Joint BERT, pre-trained", 98.6, 97.0, 92.8, "Chen et al. 2019, arXiv:1902.10909"),
    ],
    columns=["model", "intent", "slots", "sentences", "source"],
).set_index("model")
"""SNIPS, test part, in per cent: intent accuracy, slot F1, whole-sentence accuracy."""
GOAL = "Slot-Gated, run again"

PUBLISHED_WEIBO = pd.DataFrame(
    [
        ("alone", 51.96, 61.05, 56.05, "Peng & Dredze 2015"),
        ("with word boundaries", 55.28, 62.97, 58.99, "Peng & Dredze 2016"),
    ],
    columns=["model", "named", "nominal", "overall", "source"],
).set_index("model")
"""Weibo NER, revised labels, test part: F1 in per cent, from the supplement to the corpus."""

_CNN = Experiment("joint", SNIPS, corpus="snips", units=64, embedding_dim=100, transition_weight=0)
BILSTM = replace(
    _CNN,
    model="BiLSTM joint",
    weights={"intent": 1.0, "slots": 2.0},
    encoder="bilstm",
    units=300,
    embedding_dim=150,
    dropout=0.5,
    epochs=16,
    learning_rate=3e-3,
    word_dropout=1.0,
    by_length=True,
    cosine=True,
    transition_weight=0.3,
)
"""The model that is held against the published ones; everything in it was chosen on validation."""


def experiments() -> list[Experiment]:
    """The runs of the lesson's table: seed by seed, the long ones last."""
    seeds = range(SEEDS)
    short = [
        replace(e, seed=seed) for seed in seeds for e in _puzzle() + _few() + _weibo() + _pud()
    ]
    return short + [replace(e, seed=seed) for seed in seeds for e in _apart_and_joint(BILSTM)]


def _apart_and_joint(joint: Experiment) -> list[Experiment]:
    separate = SharingPlan.separate(joint.tasks).as_dict()
    return [replace(joint, model=joint.model.replace("joint", "separate"), plan=separate), joint]


def _puzzle() -> list[Experiment]:
    """SNIPS with a CNN: what may joint training cost?"""
    joint = replace(_CNN, epochs=12)
    return [
        *_apart_and_joint(joint),
        # A sentence has nine tokens: the sum of their losses is about ten times the mean.
        replace(joint, model="joint, losses summed", weights={"intent": 1.0, "slots": 10.0}),
        *_apart_and_joint(replace(joint, model="narrow joint", units=16, embedding_dim=32)),
    ]


def _few() -> list[Experiment]:
    """SNIPS with few labels of one task: alone, and beside many of the other; equally many steps."""
    found = []
    for poor, rich in (SNIPS, SNIPS[::-1]):
        for count in FEW:
            joint = replace(
                _CNN, model="few joint", tasks=(poor, rich), labels={poor: count, rich: MANY},
                epochs=4, steps_per_epoch=300,
            )  # fmt: skip
            alone = replace(joint, model="few alone", tasks=(poor,), labels={poor: count})
            found += [alone, joint]
    return found


def _weibo() -> list[Experiment]:
    alone = replace(
        BILSTM, model="mentions", tasks=WEIBO, corpus="weibo", weights={}, units=128,
        embedding_dim=100, epochs=14, batch_size=16,
    )  # fmt: skip
    return [alone, replace(alone, model="mentions + words", tasks=(*WEIBO, "words"))]


def _pud() -> list[Experiment]:
    return [
        experiment
        for corpus in ("pud-en", "pud-zh")
        for experiment in _apart_and_joint(
            replace(_CNN, tasks=PUD, corpus=corpus, epochs=12, batch_size=16)
        )
    ]


def snips_scores(runs: list[Run], split: str = "test") -> pd.DataFrame:
    """The three figures of SNIPS in per cent: a row a run, indexed by model and seed."""
    rows = {
        (run.header["model"], run.header["seed"]): {
            **run.final(split),
            "sentences": run.curve("+".join(SNIPS), "sentences", split).item(),
        }
        for run in runs
    }
    table = 100 * pd.DataFrame(list(rows.values()), index=pd.MultiIndex.from_tuples(rows))
    return table.rename_axis(["model", "seed"])


def beside_published(scores: pd.DataFrame) -> pd.DataFrame:
    """Published rows of SNIPS and, below, one for each model of `snips_scores`: mean ± spread."""
    own = {
        model: ["{:.1f} ± {:.1f}".format(*spread(list(rows[column]))) for column in rows]
        for model, rows in scores.groupby("model", sort=False)
    }
    measured = pd.DataFrame.from_dict(own, orient="index", columns=list(scores.columns))
    published = PUBLISHED[list(scores.columns)].map("{:.1f}".format)
    return pd.concat([published, measured])

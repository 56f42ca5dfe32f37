"""The tables of finished runs that lessons read: what they hold, and how they are made."""

import gzip
import hashlib
import json
from dataclasses import replace
from importlib import import_module
from itertools import product, takewhile

import pandas as pd
import pytest

from mtl_tutorial import calibration, demo
from mtl_tutorial.__main__ import main
from mtl_tutorial.corpora.people import folder
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.lab import grid
from mtl_tutorial.lessons import finished, lesson_03, lesson_12
from mtl_tutorial.runs import Run
from mtl_tutorial.scoring import spread

TINY = [
    Experiment("alone", (task,), corpus=corpus, labels={task: 40}, epochs=1, steps_per_epoch=2)
    for corpus, task in (("zh", "person"), ("en", "person"), ("zh", "relation"))
]


def test_no_key_of_a_finished_run_has_changed():
    """Runs are found by their keys: those that are shipped, and what is left of `calibrate` or `demo`.

    Of the calibration's 140 runs the scores alone are shipped; their keys are held by a digest.
    """
    shipped = set()
    for table in (folder() / "runs").glob("*.csv.gz"):
        with gzip.open(table, "rt", encoding="utf-8") as lines:
            headers = takewhile(lambda line: line.startswith("# {"), lines)
            shipped |= {json.loads(line[2:])["run"] for line in headers}
    lessons = [import_module(f"mtl_tutorial.lessons.lesson_{n}") for n in finished.with_tables()]
    known = {e.key for source in (grid, *lessons) for e in source.experiments()}
    assert known == shipped
    calibrated = [
        calibration.experiment(corpus, *cell, seed).key
        for corpus, cell, seed in product(
            ("zh", "en"), calibration.cells(), range(calibration.SEEDS)
        )
    ]
    shown = [experiment.key for corpus in ("zh", "en") for experiment in demo.experiments(corpus)]
    digests = {hashlib.sha256("\n".join(keys).encode()).hexdigest() for keys in (calibrated, shown)}
    assert digests == {
        "dd34a8d351f5ea3c3673004ae6e3ef843a588fe4f33799d467f0f898e5f3be11",
        "af54925e3279e9f04a7f805ef815dfdf1202ee054b256dac9528fb5a73306aae",
    }


@pytest.mark.parametrize("lesson", finished.with_tables())
def test_a_shipped_table_holds_the_lessons_experiments(lesson):
    experiments = import_module(f"mtl_tutorial.lessons.lesson_{lesson}").experiments()
    corpora = dict.fromkeys(experiment.corpus for experiment in experiments)
    runs = [run for corpus in corpora for run in finished.load(lesson, corpus)]
    experiments = [e for corpus in corpora for e in experiments if e.corpus == corpus]
    assert [run.name for run in runs] == [experiment.key for experiment in experiments]
    for run, experiment in zip(runs, experiments, strict=True):
        assert not run.header["stopped"]
        assert run.header["epoch"] == experiment.epochs
        tasks = {*experiment.tasks, *(experiment.also or {})}
        assert set(run.final("test").index) == tasks
        assert run.table["task"].all()  # a value is of some task
        assert set(run.header["labels"]) == tasks
        assert {t: run.header["labels"][t] for t in experiment.labels} == experiment.labels


def test_a_lesson_without_finished_runs_is_refused():
    with pytest.raises(SystemExit, match=r"Lesson '00' reads no finished runs.*'03'"):
        main(["lesson-table", "00"])


def test_every_model_of_a_table_has_five_seeds_or_more():
    models: dict = {}
    for run in finished.load("03", "en"):
        models.setdefault((run.header["model"], *run.header["scores"]), []).append(
            run.header["seed"]
        )
    assert len(models) == 10
    assert all(len(set(seeds)) == len(seeds) >= 5 for seeds in models.values())


def test_a_table_that_was_interrupted_is_taken_up_again(tmp_path, monkeypatch, capsys):
    trained: list[str] = []
    run = Experiment.run
    monkeypatch.setattr(Experiment, "run", lambda e: trained.append(e.key) or run(e))
    monkeypatch.setattr(finished, "folder", lambda: tmp_path)
    monkeypatch.setattr(lesson_03, "experiments", lambda: TINY[:1])
    finished.make("03", tmp_path / "kept")
    monkeypatch.setattr(lesson_03, "experiments", lambda: TINY)
    assert main(["lesson-table", "03", "--out", str(tmp_path / "kept")]) == 0
    assert trained == [experiment.key for experiment in TINY]
    assert str(tmp_path / "runs" / "lesson_03.csv.gz") in capsys.readouterr().out
    assert [r.name for r in finished.load("03", "zh")] == [TINY[0].key, TINY[2].key]


# -- lesson 12


@pytest.mark.parametrize(
    "chosen",
    [
        ("snips", "few alone", ("intent",), 50),
        ("snips", "few joint", ("slots", "intent"), 50),
        ("pud-zh", "joint", lesson_12.PUD, None),
    ],
    ids=str,
)
def test_a_sample_of_the_real_datas_table_comes_out_again(chosen, real_data, monkeypatch):
    """One seed, trained and tested here, within three standard deviations of the table's five."""
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", str(real_data))
    corpus, model, tasks, labels = chosen
    alike = [
        e
        for e in lesson_12.experiments()
        if (e.corpus, e.model, e.tasks, e.labels.get(tasks[0])) == (corpus, model, tasks, labels)
    ]
    known = {run.name: run for run in finished.load("12", corpus)}
    assert len(alike) == lesson_12.SEEDS
    again = alike[0].run()
    for split, task in product(("valid", "test"), tasks):
        mean, deviation = spread([known[e.key].final(split)[task] for e in alike])
        assert abs(again.final(split)[task] - mean) < 3 * deviation + 0.02, (split, task)


def test_the_goal_is_measured_and_printed(real_data, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", str(real_data))
    tiny = replace(lesson_12.BILSTM, units=4, embedding_dim=4, epochs=1, steps_per_epoch=2)
    monkeypatch.setattr(lesson_12, "BILSTM", tiny)
    assert main(["snips", "--seeds", "2", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert len(list(tmp_path.glob("*.csv"))) == 2
    for line in ("Slot-Gated, run again", "BiLSTM joint", "mean of 2 seeds", "slots missed by"):
        assert line in printed
    scores = lesson_12.snips_scores([Run.load(file) for file in tmp_path.glob("*.csv")])
    assert "{:.1f} ± {:.1f}".format(*spread(list(scores["intent"]))) in printed
    assert main(["snips", "--seeds", "1", "--out", str(tmp_path)]) == 0  # kept: nothing is trained
    printed = capsys.readouterr().out
    assert "mean of 1 seed:" in printed and "nan" not in printed


def test_scores_beside_published_ones_are_means_with_spread():
    index = pd.MultiIndex.from_tuples([("ours", 0), ("ours", 1)], names=["model", "seed"])
    scores = pd.DataFrame(
        {"intent": [97.0, 98.0], "slots": [90.0, 92.0], "sentences": [80.0, 80.0]}, index
    )
    table = lesson_12.beside_published(scores)
    assert table.loc["ours"].tolist() == ["97.5 ± 0.7", "91.0 ± 1.4", "80.0 ± 0.0"]
    assert table.loc["Slot-Gated"].tolist() == ["97.0", "88.8", "75.5"]

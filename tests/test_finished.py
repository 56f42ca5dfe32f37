"""The tables of finished runs that lessons read: what they hold, and how they are made."""

from importlib import import_module

import pytest

from mtl_tutorial.__main__ import main
from mtl_tutorial.experiments import Experiment
from mtl_tutorial.lessons import finished, lesson_03

TINY = [
    Experiment("alone", (task,), corpus=corpus, labels={task: 40}, epochs=1, steps_per_epoch=2)
    for corpus, task in (("zh", "person"), ("en", "person"), ("zh", "relation"))
]


@pytest.mark.parametrize("lesson", ["03"])
def test_a_shipped_table_holds_the_lessons_experiments(lesson):
    experiments = import_module(f"mtl_tutorial.lessons.lesson_{lesson}").experiments()
    runs = [run for corpus in ("zh", "en") for run in finished.load(lesson, corpus)]
    assert [run.name for run in runs] == [experiment.key for experiment in experiments]
    for run, experiment in zip(runs, experiments, strict=True):
        assert not run.header["stopped"]
        assert run.header["epoch"] == experiment.epochs
        assert set(run.final("test").index) == set(experiment.tasks)
        assert run.header["labels"] == experiment.labels


def test_every_model_of_a_table_has_five_seeds_or_more():
    models: dict = {}
    for run in finished.load("03", "en"):
        models.setdefault((run.header["model"], *run.header["scores"]), []).append(
            run.header["seed"]
        )
    assert len(models) == 6
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

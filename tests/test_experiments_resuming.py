"""Many runs, with a training that only pretends: names, and going on after a stop."""

import time
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pandas as pd
import pytest

from mtl_tutorial.experiments import Experiment, _finished, run_all
from mtl_tutorial.runs import COLUMNS, Run
from mtl_tutorial.sharing import LEVELS

BASE = Experiment("hard sharing", ("person", "relation"), labels={"person": 60, "relation": 200})
CHANGES = {
    "model": "single-task", "tasks": ("relation", "person"), "corpus": "en",
    "labels": {"person": 61, "relation": 200}, "plan": {"embedding": [["person", "relation"]]},
    "weights": {"person": 2.0}, "auxiliary": ("person", 0.5), "encoder": "mlp", "units": 33,
    "embedding_dim": 33, "epochs": 6, "steps_per_epoch": 3, "batch_size": 33, "learning_rate": 0.002, "seed": 1,
    "dropout": 0.5, "word_dropout": 1.0, "by_length": True, "cosine": True, "embedding_dropout": 0.1,
    "crf": True,
}  # fmt: skip
SEEDS = [replace(BASE, seed=seed) for seed in range(4)]


@pytest.fixture
def trained(monkeypatch) -> list[int]:
    """The seeds that were trained, in order; an experiment of seed 2 cannot be."""
    seeds: list[int] = []

    def pretend(experiment: Experiment) -> Run:
        if experiment.seed == 2:
            raise RuntimeError("killed")
        seeds.append(experiment.seed)
        row = [experiment.key, experiment.seed, 1, 10, "person", "valid", "accuracy", 0.5]
        header = {"run": experiment.key, "seed": experiment.seed, "stopped": None}
        return Run(header, pd.DataFrame([row], columns=COLUMNS))

    monkeypatch.setattr(Experiment, "run", pretend)
    return seeds


def test_every_detail_changes_the_key():
    assert set(CHANGES) == {field.name for field in fields(Experiment)}
    keys = {replace(BASE, **{name: value}).key for name, value in CHANGES.items()}
    assert len(keys | {BASE.key}) == len(CHANGES) + 1
    groups = CHANGES["plan"]["embedding"]
    usual, turned = (dict.fromkeys(levels, groups) for levels in (LEVELS, LEVELS[::-1]))
    assert replace(BASE, plan=usual).key != replace(BASE, plan=turned).key


def test_the_key_is_the_same_tomorrow_and_does_not_know_the_order_of_labels():
    assert replace(BASE, labels={"relation": 200, "person": 60}).key == BASE.key
    assert BASE.key == "zh-hard_sharing-person+relation-seed0-70377f3c1a"  # as tables call it


def test_runs_come_back_in_the_order_asked_for_each_once(tmp_path, trained):
    runs = run_all([SEEDS[1], SEEDS[0], SEEDS[1]], tmp_path, progress=False)
    assert [run.header["seed"] for run in runs] == [1, 0]
    assert trained == [1, 0]


def test_finished_runs_are_not_trained_again(tmp_path, trained):
    run_all(SEEDS[:1], tmp_path, progress=False)
    runs = run_all(SEEDS[:2], tmp_path, progress=False)
    assert trained == [0, 1]
    assert [run.name for run in runs] == [SEEDS[0].key, SEEDS[1].key]


def test_what_was_finished_before_a_stop_is_kept(tmp_path, trained):
    with pytest.raises(RuntimeError, match="killed"):
        run_all(SEEDS, tmp_path, progress=False)
    assert trained == [0, 1]
    assert {file.stem for file in tmp_path.iterdir()} == {SEEDS[0].key, SEEDS[1].key}
    run_all([SEEDS[0], SEEDS[1], SEEDS[3]], tmp_path, progress=False)
    assert trained == [0, 1, 3]


def test_a_half_written_file_is_no_finished_run(tmp_path, trained):
    (tmp_path / f"{SEEDS[0].key}.csv.part").write_text("# {")
    assert len(run_all(SEEDS[:1], tmp_path, progress=False)) == 1
    assert trained == [0]


def test_half_a_run_is_no_result(tmp_path, monkeypatch):
    """Ctrl-C ends all of it; what was being trained is trained again."""
    from mtl_tutorial import model, training

    begun = []

    def interrupted(*_, name, **__):
        begun.append(name)
        return Run({"run": name, "stopped": "interrupted in epoch 1"}, pd.DataFrame())

    monkeypatch.setattr(model, "build_model", lambda *_, **__: model.keras.Sequential())
    monkeypatch.setattr(training, "train", interrupted)
    monkeypatch.setattr(model.keras.Sequential, "compile", lambda *_, **__: None)
    for times in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            run_all(SEEDS[:2], tmp_path, progress=False)
        assert begun == times * [SEEDS[0].key] and not list(tmp_path.iterdir())


@dataclass(frozen=True)
class Pretended:
    """An experiment that only notes that it was run; the first one fails."""

    number: int
    folder: Path

    def run(self) -> int:
        if self.number == 0:
            raise RuntimeError("killed")
        (self.folder / str(self.number)).touch()
        time.sleep(0.5)
        return self.number


def test_a_failure_in_one_process_does_not_wait_for_all_that_was_to_come(tmp_path):
    with pytest.raises(RuntimeError, match="killed"):
        list(_finished([Pretended(number, tmp_path) for number in range(30)], workers=2))
    assert len(list(tmp_path.iterdir())) < 10

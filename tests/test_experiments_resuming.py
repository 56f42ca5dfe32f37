"""Many runs, with a training that only pretends: names, and going on after a stop."""

import errno
import re
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import fields, replace
from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from mtl_tutorial.experiment import Experiment
from mtl_tutorial.experiments import LOGS, grid, run_all
from mtl_tutorial.exports import tabulate
from mtl_tutorial.processes import Processes
from mtl_tutorial.reasons import reason
from mtl_tutorial.runs import COLUMNS, Run
from mtl_tutorial.sharing import LEVELS
from tests import pretending
from tests.pretending import Pretended, executor_of

BASE = Experiment("hard sharing", ("person", "relation"), labels={"person": 60, "relation": 200})
CHANGES = {
    "model": "single-task", "tasks": ("relation", "person"), "corpus": "en",
    "labels": {"person": 61, "relation": 200}, "plan": {"embedding": [["person", "relation"]]},
    "weights": {"person": 2.0}, "weigh": "uncertainty", "combine": "imtl_g", "over": "features",
    "record": 10, "auxiliary": ("person", 0.5), "agreement": 0.0, "also": {"low": "person"}, "encoder": "mlp", "units": 33,
    "embedding_dim": 33, "epochs": 6, "steps_per_epoch": 3, "batch_size": 33, "learning_rate": 0.002, "seed": 1,
    "dropout": 0.5, "word_dropout": 1.0, "by_length": True, "cosine": True, "embedding_dropout": 0.1,
    "crf": True,
    "orthogonality": 0.1, "carry_marks": True, "pooling": "mean", "initializer": "he_normal", "validation": "test",
    "successive_regularization": 0.1, "early_stopping": 2, "sampling": "round_robin", "class_weight": {"person": {"colleague": 2.0}},
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
        header = {
            "run": experiment.key, "seed": experiment.seed, "scores": {"person": "accuracy"},
            "epoch": 1, "stopped": None,
        }  # fmt: skip
        return Run(header, pd.DataFrame([row], columns=COLUMNS))

    monkeypatch.setattr(Experiment, "run", pretend)
    return seeds


def test_every_detail_changes_the_key():
    assert set(CHANGES) == {field.name for field in fields(Experiment)}
    keys = {
        # what is held over turns needs turns
        replace(
            BASE, **{name: value, **({"sampling": "in_turn"} if "successive" in name else {})}
        ).key
        for name, value in CHANGES.items()
    }
    others = {BASE.key, replace(BASE, sampling="in_turn").key}
    assert len(keys | others) == len(CHANGES) + len(others)
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


def test_a_training_that_fails_is_tried_twice_and_named_and_all_others_are_kept(tmp_path, trained):
    named = re.escape(f"{SEEDS[2].key}: RuntimeError: killed")
    with pytest.raises(RuntimeError, match=f"1 of 4 trainings failed(.|\n)*{named}"):
        run_all(SEEDS, tmp_path, progress=False)
    assert trained == [0, 1, 3]
    assert {file.stem for file in tmp_path.glob("*.csv")} == {SEEDS[i].key for i in (0, 1, 3)}
    said = (tmp_path / LOGS / f"{SEEDS[2].key}.log").read_text()
    assert "attempt 1 on" in said and "attempt 2 on" in said and said.count("Traceback") == 2
    run_all([SEEDS[0], SEEDS[1], SEEDS[3]], tmp_path, progress=False)
    assert trained == [0, 1, 3]


def test_the_bar_goes_on_where_it_stopped_and_tells_failures_and_the_time_left(
    tmp_path, trained, capsys
):
    run_all(SEEDS[:1], tmp_path, progress=False)
    assert not capsys.readouterr().err
    with pytest.raises(RuntimeError, match="1 of 4 trainings failed"):
        run_all(SEEDS, tmp_path)
    first, *_, last = re.findall(r"\d/4 \[[^]]*\]", capsys.readouterr().err)
    assert first.startswith("1/4")
    assert re.match(r"4/4 \[\d\d:\d\d<\d\d:\d\d, .*, failed=1\]", last)


@pytest.mark.parametrize("kind", ["one process", "processes"])
def test_a_training_that_fails_once_is_no_failure(kind, tmp_path, monkeypatch):
    (tmp_path / "1.fail").touch()
    monkeypatch.setenv(pretending.ORDERS, str(tmp_path))
    with executor_of(kind) as executor:
        run_all(pretending.SEEDS, tmp_path / "runs", progress=False, executor=executor)
    said = (tmp_path / "runs" / LOGS / f"{pretending.SEEDS[1].key}.log").read_text()
    assert "about to fail" in said and "RuntimeError: seed 1 was told to\nattempt 2" in said


def test_a_message_names_some_of_very_many_failures(tmp_path, trained):
    many = grid(SEEDS[2], epochs=range(1, 31))
    with pytest.raises(RuntimeError, match="30 of 30 trainings failed") as raised:
        run_all(many, tmp_path, progress=False)
    lines = str(raised.value).splitlines()
    assert len(lines) == 22 and lines[-1] == "… and 10 more"


def test_an_executor_that_is_closed_is_a_failure_of_all(tmp_path):
    executor = Processes(1)
    executor.shutdown()
    with pytest.raises(RuntimeError, match="cannot schedule new futures"):
        run_all(pretending.SEEDS, tmp_path, progress=False, executor=executor)


def test_what_a_cluster_that_is_gone_cancels_is_not_sent_to_it_again(tmp_path):
    class Gone(Processes):
        sent = 0

        def submit(self, *_, **__):
            self.sent += 1
            future: Future = Future()
            future.cancel()
            future.set_running_or_notify_cancel()
            return future

    gone = Gone(1)
    with pytest.raises(RuntimeError, match="6 of 6 trainings failed"):
        run_all(pretending.SEEDS, tmp_path, progress=False, executor=gone)
    assert gone.sent == 6


def test_a_full_disk_ends_it_and_nothing_half_written_stays(tmp_path, monkeypatch):
    write = Path.write_bytes

    def fill(path, content):
        if len(list(tmp_path.glob("*.csv"))) < 3:
            return write(path, content)
        write(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", fill)
    with pytest.raises(OSError, match="No space left"):
        run_all(pretending.SEEDS, tmp_path, progress=False)
    monkeypatch.undo()
    assert len(list(tmp_path.glob("*.csv*"))) == 3
    runs = run_all(pretending.SEEDS, tmp_path, progress=False)
    whole = run_all(pretending.SEEDS, tmp_path / "whole", progress=False)
    pd.testing.assert_frame_equal(tabulate(runs), tabulate(whole), check_exact=True)


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
        header = {"run": name, "seed": 0, "scores": {}, "epoch": 0}
        stopped = {"stopped": reason("interrupted", epoch=1)}
        return Run(header | stopped, pd.DataFrame(columns=COLUMNS))

    monkeypatch.setattr(model, "build_model", lambda *_, **__: model.keras.Sequential())
    monkeypatch.setattr(training, "train", interrupted)
    monkeypatch.setattr(model.keras.Sequential, "compile", lambda *_, **__: None)
    for times in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            run_all(SEEDS[:2], tmp_path, progress=False)
        assert begun == times * [SEEDS[0].key] and not list(tmp_path.glob("*.csv*"))


# -- where they run


def test_threads_of_one_process_are_refused(tmp_path):
    with (
        ThreadPoolExecutor(1) as threads,
        pytest.raises(ValueError, match="threads of one process"),
    ):
        run_all(pretending.SEEDS, tmp_path, executor=threads)
    with (
        Processes(1) as processes,
        pytest.raises(ValueError, match="workers is 2, but it is the exec"),
    ):
        run_all(pretending.SEEDS, tmp_path, workers=2, executor=processes)


def test_a_cluster_whose_workers_have_several_threads_is_refused(tmp_path):
    distributed = pytest.importorskip("distributed")
    threads = {"n_workers": 1, "threads_per_worker": 2, "dashboard_address": ":0"}
    with (
        distributed.Client(processes=False, **threads) as client,
        pytest.raises(ValueError, match=r"a worker with 2 threads(.|\n)*threads_per_worker=1"),
    ):
        run_all(pretending.SEEDS, tmp_path, progress=False, executor=client.get_executor())
    assert not list(tmp_path.glob("*.csv"))


def test_an_interrupt_does_not_begin_what_waits(tmp_path):
    sent: list[Future] = []

    class Interrupted(Processes):
        def submit(self, *_, **__):
            sent.append(Future())
            if len(sent) == 2:
                sent[0].set_exception(KeyboardInterrupt())
            return sent[-1]

    with pytest.raises(KeyboardInterrupt):
        run_all(pretending.SEEDS, tmp_path, progress=False, executor=Interrupted(1))
    assert len(sent) == 6 and all(future.cancelled() for future in sent[1:])


# -- what is asked for, and what is given


def test_a_grid_reads_like_the_sentence_one_says():
    found = grid(BASE, corpus=["zh", "en"], labels=[{"person": 60}, {"person": 600}], seed=range(3))
    said = product(["zh", "en"], [60, 600], range(3))
    assert [(e.corpus, e.labels["person"], e.seed) for e in found] == list(said)
    assert {e.model for e in found} == {BASE.model}
    assert grid(BASE) == [BASE] and grid(BASE, seed=[]) == []
    assert all(isinstance(e, Pretended) for e in grid(pretending.SEEDS[0], seed=range(2)))


@pytest.mark.parametrize(
    "wrong, error, message",
    [
        ({"base": "hard"}, TypeError, "base must be an Experiment"),
        ({"seeds": range(3)}, TypeError, "an Experiment has no field 'seeds'; it has .*'seed'"),
        ({"seed": 3}, TypeError, "seed must be a list of values that it takes in turn"),
        ({"corpus": "zh"}, TypeError, "corpus must be a list of values"),
        ({"seed": [-1]}, ValueError, "seed must be"),
    ],
    ids=str,
)
def test_a_grid_refuses_what_is_wrong_by_name(wrong, error, message):
    with pytest.raises(error, match=message):
        grid(**{"base": BASE, **wrong})


def test_runs_are_read_when_they_are_asked_for(tmp_path):
    runs = run_all(pretending.SEEDS, tmp_path, progress=False)
    assert len(runs) == 6 and [run.header["seed"] for run in runs] == list(range(6))
    assert runs[-1].header["seed"] == 5 and runs[1:3][0].header["seed"] == 1
    runs.files[0].unlink()
    assert runs[1].header["seed"] == 1
    with pytest.raises(FileNotFoundError):
        runs[0]

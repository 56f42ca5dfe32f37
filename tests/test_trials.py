"""`compare`: baselines and plans on one's own data, with equal budgets, that can be taken up again."""

import pandas as pd
import pytest

from mtl_tutorial import trials
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.runs import COLUMNS, Run
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.tasks import Task
from mtl_tutorial.trials import SINGLE, Comparison, compare
from tests.tiny import tiny_data

SMALL = {"units": 4, "embedding_dim": 4, "epochs": 2, "workers": 1, "progress": False}


@pytest.fixture(scope="module")
def data() -> MultiTaskData:
    return tiny_data(("mood", "ner"), n=40).with_labels({"mood": 20})


@pytest.fixture(scope="module")
def kept(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    plan = SharingPlan.hard(["mood", "ner"])
    plans = {"hard": plan, "top apart": plan.split("encoder_2", "ner")}
    return compare(data, plans, 2, folder, **SMALL), folder, plans


def run_of(model: str, seed: int, values: list[float], task: str = "mood") -> Run:
    rows = [
        (f"{model}{seed}", seed, epoch, epoch, task, split, "accuracy", value)
        for epoch, value in enumerate(values)
        for split in ("valid", "test")
    ]
    header = {
        "run": f"{model}{seed}", "seed": seed, "model": model, "scores": {task: "accuracy"},
        "labels": {task: 9}, "epoch": len(values) - 1,
    }  # fmt: skip
    return Run(header, pd.DataFrame(rows, columns=COLUMNS))


def test_every_task_has_a_baseline_and_every_model_the_same_number_of_steps(kept):
    found, _, _ = kept
    assert list(found.by_model) == [SINGLE, "hard", "top apart"] and len(found.runs) == 8
    assert found.tasks == ["mood", "ner"]
    assert {run.header["steps_per_epoch"] for run in found.runs} == {2}  # 40 sentences of 32
    assert {run.header["labels"]["mood"] for run in found.by_model["hard"]} == {20}
    assert list(found.table()["labels"]) == [20, 40]
    assert set(found.differences()) == {
        f"{t} · {p}" for t in found.tasks for p in ("hard", "top apart")
    }
    assert all(one.claims in (1, 4) for one in found.differences("test").values())


def test_finished_runs_are_kept_and_changed_data_are_trained_on_anew(kept, data, monkeypatch):
    found, folder, plans = kept
    asked = []

    def only_ask(experiments, *_):
        asked.extend(one.key for one in experiments if not (folder / f"{one.key}.csv").exists())
        return found.runs

    monkeypatch.setattr(trials, "run_all", only_ask)
    compare(data, plans, 2, folder, **SMALL)
    assert not asked
    compare(data, plans, 3, folder, **SMALL)
    assert len(asked) == 4  # the third seed
    compare(data.with_labels({"ner": 10}), plans, 2, folder, **SMALL)
    assert len(asked) == 4 + 8


def test_the_table_says_scores_and_differences_in_both_languages():
    runs = [run_of(SINGLE, seed, [0, 0.5 + seed / 100]) for seed in range(5)]
    runs += [run_of("hard", seed, [0, 0.6 + seed / 90]) for seed in range(5)]
    found = Comparison(runs)
    assert found.table().loc["mood"].to_dict() == {
        "score": "accuracy", "labels": 9, "single-task": "52.0 ± 1.6", "hard": "62.2 ± 1.8",
        "hard beside single-task": found.differences()["mood · hard"].in_words(),
    }  # fmt: skip
    assert found.differences()["mood · hard"].verdict == "gains"
    assert "提高" in found.table(language="zh").loc["mood", "hard 与单任务相比"]
    assert found.figure().axes and found.curves().axes
    assert "Comparison(['single-task', 'hard'], 5 seeds)" in repr(found)


def test_a_curve_that_still_climbs_is_said_to():
    flat = [run_of(SINGLE, seed, [0, 0.5, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7]) for seed in (0, 1)]
    late = [run_of("hard", seed, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]) for seed in (0, 1)]
    found = Comparison([*flat, *late])
    assert found.climbing().loc["mood"].to_dict() == {SINGLE: False, "hard": True}
    assert "still climbing, train longer before you judge: mood under hard" in repr(found)
    assert "climbing" not in repr(
        Comparison([*flat, run_of("hard", 0, [0.5, 0.5]), run_of("hard", 1, [0.5, 0.5])])
    )


def test_a_plan_need_not_have_every_task():
    runs = [run_of(SINGLE, 0, [0, 0.5]), run_of(SINGLE, 0, [0, 0.5], "ner")]
    found = Comparison([*runs, run_of("hard", 0, [0, 0.6])])
    assert not found.climbing().loc["ner", "hard"]
    assert pd.isna(found.table().loc["ner", "hard"])
    with pytest.raises(ValueError, match="model 'hard' has no task 'ner'"):
        found.scores("ner", "hard")
    with pytest.raises(ValueError, match=r"no model 'soft'; there are \['single-task', 'hard'\]"):
        found.scores("mood", "soft")


HARD = SharingPlan.hard(["mood", "ner"])


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"plans": HARD}, TypeError, "plans must be a dictionary"),
        ({"plans": {"hard": HARD.as_dict()}}, TypeError, r"plans\['hard'\] must be a SharingPlan"),
        ({"plans": {"a/b": HARD}}, ValueError, "cannot be called 'a/b'"),
        ({"plans": {SINGLE: HARD}}, ValueError, "cannot be called 'single-task'"),
        ({"plans": {"x": SharingPlan.hard(["person"])}}, ValueError, r"names \['person'\]"),
        (
            {"plans": {"a": HARD, "b": SharingPlan.hard(["mood"], ["embedding"])}},
            ValueError,
            "plans must have the same levels",
        ),
        ({"seeds": 0}, ValueError, "seeds must be at least 1"),
        (
            {"validation": "dev"},
            ValueError,
            r"no split 'dev' to compare on, only \['train', .*hold_out",
        ),
        ({"epoch": 3}, TypeError, "no option 'epoch'"),
        ({"seed": 3}, TypeError, "no option 'seed'"),
        ({"batch_size": 0}, ValueError, "batch_size must be at least 1"),
        ({"encoder": "rnn"}, ValueError, "unknown encoder 'rnn'; choose one of"),
        ({"weights": {"person": 2}}, ValueError, r"weights names \['person'\]; the data have"),
        ({"weights": [2]}, TypeError, "weights must be a dictionary task"),
    ],
)
def test_what_cannot_be_compared_is_refused(data, tmp_path, options, error, says):
    with pytest.raises(error, match=says):
        compare(data, folder=tmp_path, **{**SMALL, **options})


@pytest.mark.parametrize("split", ["train", "valid"])
def test_a_task_without_labels_is_refused_before_anything_is_trained(tmp_path, split):
    rows = {
        name: [{"text": f"tea {i}", "mood": "ab"[i % 2], "hot": "ab"[i % 2]} for i in range(8)]
        for name in ("train", "valid")
    }
    rows[split] = [{**row, "hot": None} for row in rows[split]]
    tasks = [Task(name, "sequence", ("a", "b")) for name in ("mood", "hot")]
    data = MultiTaskData.from_rows(rows, tasks)
    with pytest.raises(
        ValueError, match=rf"split '{split}' has no label of \['hot'\] to compare by"
    ):
        compare(data, folder=tmp_path / "runs", **SMALL)
    assert not list(tmp_path.iterdir())


def test_a_task_without_labels_in_a_split_has_no_row_of_numbers_there():
    unknown = [float("nan")] * 2
    found = Comparison([
        run_of(model, seed, [0, score] if task == "mood" else unknown, task)
        for model, score in ((SINGLE, 0.5), ("hard", 0.6))
        for seed in range(2)
        for task in ("mood", "ner")
    ])  # fmt: skip
    assert list(found.differences()) == ["mood · hard"]
    table = found.table()
    assert table.loc["ner", [SINGLE, "hard"]].isna().all() and table.loc["mood"].notna().all()
    assert "mood" in repr(found) and found.figure() is not None


def test_runs_without_a_baseline_are_no_comparison():
    with pytest.raises(
        ValueError, match="runs must hold some whose header says model='single-task'"
    ):
        Comparison([run_of("hard", 0, [0, 1])])

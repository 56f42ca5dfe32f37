"""Real trainings through experiments: the demo in small, and the calibration's table re-measured."""

import re
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from mtl_tutorial import calibration, demo
from mtl_tutorial.corpora import people
from mtl_tutorial.experiment import REAL, Experiment, real, shipped
from mtl_tutorial.experiments import run_all
from mtl_tutorial.runs import COLUMNS, Run, load_runs
from mtl_tutorial.sharing import SharingPlan
from tests.tiny import tiny_data

SMALL = Experiment(
    "tiny", ("person", "relation"), labels={"person": 60}, epochs=1, steps_per_epoch=2
)


def test_a_run_says_what_was_trained_and_is_scored_on_test():
    run = SMALL.run()
    assert run.header["labels"] == {"person": 60, "relation": 6000}
    assert SharingPlan(run.header["plan"]) == SharingPlan.hard(["person", "relation"])
    assert list(run.final("test").index) == ["person", "relation"]
    assert run.table["step"].max() == 2
    assert run.name == SMALL.key


@pytest.mark.parametrize(
    "chosen, named",
    [
        ({"weights": {"person": 0.1}}, {"weigh": {"class_name": "HandSet", "config": {"weights": {"person": 0.1}}}}),
        ({"weigh": "log_losses", "record": 1}, {"weigh": "log_losses", "combine": None}),
        ({"combine": "IMTL-G", "over": "features"}, {"combine": "imtl_g", "over": "features"}),
    ],
    ids=str,
)  # fmt: skip
def test_a_run_is_balanced_as_the_experiment_says(chosen, named):
    run = replace(SMALL, **chosen).run(test=False)
    assert named.items() <= run.header.items()
    assert ("share" in set(run.table["metric"])) == ("record" in chosen)


@pytest.mark.parametrize("corpus", REAL)
def test_a_run_on_a_real_corpus_is_tested_as_papers_do(corpus, real_data, monkeypatch):
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", str(real_data))
    tasks = tuple(real(corpus, 3).tasks)
    experiment = Experiment(
        "tiny", tasks, corpus=corpus, epochs=1, steps_per_epoch=2, cosine=True, dropout=0.5,
        word_dropout=1.0, by_length=True, crf=True, embedding_dropout=0.3, seed=3,
    )  # fmt: skip
    run = experiment.run()
    assert run.header["dropout"] == 0.5 and run.header["by_length"]
    assert run.header["learning_rate"]["config"]["decay_steps"] == 2
    for split in ("test", "test_new"):
        assert list(run.final(split).index) == list(tasks)
        assert 0 <= run.curve("+".join(tasks), "sentences", split).item() <= 1
        bio = [name for name, task in experiment.data().tasks.items() if task.is_bio]
        assert 0 <= run.curve("+".join(bio), "f1 of all", split).item() <= 1


def test_a_row_of_all_entities_is_there_only_where_entities_are(monkeypatch):
    monkeypatch.setitem(REAL, "tiny", lambda seed: tiny_data())
    for tasks, named in ((("mood", "person"), []), (("mood", "ner"), ["ner"])):
        experiment = Experiment("tiny", tasks, corpus="tiny", units=4, epochs=1)
        tested = experiment.run().table.query("split == 'test'")
        assert list(tested.loc[tested["metric"] == "f1 of all", "task"]) == named
        assert set(tested["task"]) == {*tasks, "+".join(tasks)}


def test_a_training_that_breaks_is_not_tested_nor_kept_but_named(tmp_path):
    broken = replace(SMALL, learning_rate=1e30, steps_per_epoch=4)
    with pytest.warns(UserWarning, match="training stopped"):
        run = broken.run()
    assert run.header["stopped"]["why"] == "not a number"
    assert set(run.table["split"]) == {"train", "valid"}
    with (
        pytest.warns(UserWarning, match="training stopped"),
        pytest.raises(RuntimeError, match=re.escape(f"{broken.key}: the loss of task")),
    ):
        run_all([broken, SMALL], tmp_path, progress=False)
    assert [file.stem for file in tmp_path.glob("*.csv")] == [SMALL.key]


def test_new_test_sentences_are_those_that_training_lacks(real_data, monkeypatch):
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", str(real_data))
    counts = {name: (len(real(name, 0)["test"]), len(real(name, 0)["test_new"])) for name in REAL}
    assert counts["snips"] == (700, 674)
    assert counts["weibo"] == (270, 230)
    data = real("weibo", 0)
    assert not set(data["test_new"].tokens) & set(data["train"].tokens)
    assert set(data["test_new"].tokens) < set(data["test"].tokens)


def test_a_sweep_on_data_of_ones_own(tmp_path):
    file = tmp_path / "my data.npz"
    tiny_data(("mood", "ner")).save(file)
    sweep = [
        Experiment("hard sharing", ("mood", "ner"), corpus=file, units=4, epochs=1, seed=seed,
                   labels={"mood": 20})
        for seed in (0, 1)
    ]  # fmt: skip
    runs = run_all(sweep, tmp_path / "runs", progress=False)
    for run, experiment in zip(runs, sweep, strict=True):
        assert run.name == experiment.key and run.name.startswith("my data-hard_sharing-mood+ner")
        assert run.header["corpus"] == str(file) and len(run.header["digest"]) == 64
        assert run.header["labels"] == {"mood": 20, "ner": 64}
        assert list(run.final("test").index) == ["mood", "ner"]
        assert 0 <= run.curve("mood+ner", "sentences", "test").item() <= 1
    keys = [experiment.key for experiment in sweep]
    (tmp_path / "elsewhere").mkdir()
    moved = file.rename(tmp_path / "elsewhere" / file.name)
    assert [replace(e, corpus=moved).key for e in sweep] == keys
    tiny_data(("mood", "ner"), n=32).save(file)  # another file under the old name
    assert not {e.key for e in sweep} & set(keys)
    assert len(sweep[0].data()["train"]) == 32


def test_a_corpus_that_is_none_is_named(tmp_path):
    unknown = Experiment("tiny", ("person",), corpus="fr")
    with pytest.raises(ValueError, match=r"unknown corpus 'fr'; choose one of .*'zh', 'snips'"):
        unknown.data()
    with pytest.raises(FileNotFoundError, match="there is no such corpus"):
        _ = Experiment("tiny", ("person",), corpus="nowhere.npz").key
    with pytest.raises(
        ValueError, match="auxiliary is for the shipped corpus alone, not for 'snips'"
    ):
        Experiment("tiny", ("intent",), corpus="snips", auxiliary=("intent", 0.5))
    with pytest.raises(ValueError, match="agreement is for the shipped corpus alone"):
        Experiment("tiny", ("intent",), corpus="snips", agreement=0.0)
    with pytest.raises(ValueError, match="agreement must be from 0 to 1"):
        Experiment("tiny", ("person",), agreement=2.0)


def test_agreement_grows_another_corpus_under_another_key():
    usual, apart = (Experiment("tiny", ("person", "relation"), agreement=a) for a in (None, 0.0))
    assert usual.key != apart.key
    agree = []
    for experiment in (usual, apart):
        person, relation = (experiment.data()["train"].targets[t] for t in ("person", "relation"))
        agree.append((person == relation - 1).mean())  # relation has "none" before the others
    assert agree[0] > 0.4
    assert agree[1] < 0.25


def test_an_experiment_learns_every_task_of_the_shipped_corpus_from_the_same_sentences():
    usual, more = (
        Experiment("tiny", tasks, labels={"person": 60}).data()
        for tasks in (("person", "ner"), ("role", "lm", "person"))
    )
    assert list(more.tasks) == ["role", "lm", "person"]
    assert more.vocabulary.tokens == usual.vocabulary.tokens
    assert (more["train"].targets["person"] == usual["train"].targets["person"]).all()
    assert set(shipped("zh").tasks) == set(people.USUAL)  # read only when asked for


def test_an_experiment_supervises_a_task_at_two_depths():
    plan = SharingPlan.hard(["person", "low"]).leave("encoder_1", "low")
    twice = Experiment(
        "deep", ("person",), labels={"person": 60}, plan=plan.as_dict(), also={"low": "person"}
    )
    once = Experiment("tiny", ("person",), labels={"person": 60}).data()
    data = twice.data()
    assert list(data.tasks) == ["person", "low"]
    assert (data["train"].targets["low"] == once["train"].targets["person"]).all()
    model = twice.untrained(data)
    assert [model.get_layer(f"{task}_head").kernel.shape for task in data.tasks] == [(32, 6)] * 2
    assert "encoder_1-person" in {layer.name for layer in model.layers}


@pytest.mark.parametrize(
    "wrong, error, message",
    [
        ({"model": None}, TypeError, "model must be a string"),
        ({"tasks": "person"}, TypeError, "tasks must be a list of task names"),
        ({"corpus": 3}, TypeError, "corpus must be a string"),
        ({"labels": {"person": -1}}, ValueError, "labels of 'person' must be at least 0"),
        ({"labels": 60}, TypeError, "labels must be a dictionary"),
        ({"also": "person"}, TypeError, "also must be a dictionary further task → task"),
        ({"agreement": 2}, ValueError, "agreement must be from 0 to 1"),
        ({"weights": {"person": "much"}}, TypeError, "weight of 'person' must be a number"),
        ({"weights": {"person": 2}, "weigh": "dwa"}, ValueError, "either weights or weigh"),
        ({"weigh": {"person": 2}}, TypeError, "weigh must be a string"),
        ({"combine": 3}, TypeError, "combine must be a string"),
        ({"over": None}, TypeError, "over must be a string"),
        ({"record": 0}, ValueError, "record must be at least 1"),
    ],
    ids=str,
)
def test_an_experiment_refuses_what_is_wrong_by_name(wrong, error, message):
    with pytest.raises(error, match=message):
        Experiment(**{"model": "tiny", "tasks": ("person",), **wrong})


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"experiments": SMALL}, "experiments must be a list of Experiments"),
        ({"experiments": ["a"]}, r"experiments\[0\] must be an Experiment"),
        ({"folder": None}, "folder must be a path"),
        ({"workers": "2"}, "workers must be a whole number"),
        ({"progress": "no"}, "progress must be True or False"),
        ({"executor": "dask"}, "executor must be an Executor"),
    ],
    ids=str,
)
def test_many_runs_refuse_what_is_wrong_by_name(wrong, message, tmp_path):
    with pytest.raises(TypeError, match=message):
        run_all(**{"experiments": [], "folder": tmp_path, **wrong})


def test_a_plan_may_be_given_as_such():
    plan = SharingPlan.separate(["person", "relation"])
    assert replace(SMALL, plan=plan) == replace(SMALL, plan=plan.as_dict())


def test_processes_give_the_runs_of_one_process(tmp_path):
    todo = [SMALL, Experiment("tiny", ("person",), epochs=1, steps_per_epoch=2)]
    apart = run_all(todo, tmp_path / "apart", workers=2, progress=False)
    here = run_all(todo, tmp_path / "here", progress=False)
    for one, other in zip(apart, here, strict=True):
        pd.testing.assert_series_equal(one.final("test"), other.final("test"), atol=0.02)


def test_the_demo_leaves_table_runs_and_curves(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(demo, "EPOCHS", 1)
    monkeypatch.setattr(demo, "STEPS", 2)
    monkeypatch.setattr(demo, "SEEDS", (0, 1))
    demo.run_demo("en", tmp_path)
    printed = capsys.readouterr().out
    table = pd.read_csv(tmp_path / "en" / "table.csv")
    assert list(table["task"]) == list(demo.TASKS)
    for task in demo.TASKS:
        assert task in printed
    assert "4 single-task models" in printed
    assert (table["steps"] == 2).all()
    for picture in ("learning_curves.png", "gains.png"):
        assert (tmp_path / "en" / picture).stat().st_size > 10_000
    assert len(load_runs(tmp_path / "en" / "runs.csv")) == 2 * 5
    assert not (tmp_path / "en" / "unfinished").exists()


def test_the_demo_pairs_scores_by_seed_and_judges_its_tasks_together():
    def run(model, task, seed, score):
        rows = [
            (
                f"{model} {task} {seed}",
                seed,
                epoch,
                epoch,
                task,
                split,
                "accuracy",
                score * epoch / 4,
            )
            for epoch in range(5)
            for split in ("valid", "test")
        ]
        header = {"run": rows[0][0], "seed": seed, "scores": {task: "accuracy"}, "epoch": 4}
        return Run({**header, "model": model}, pd.DataFrame(rows, columns=COLUMNS))

    runs = []
    for seed in demo.SEEDS:
        for task in demo.TASKS:
            plus = {"person": 0.2, "relation": -0.1}.get(task, 0.01 * (-1) ** seed)
            own = 0.5 + 0.05 * seed  # seeds differ by more than the tasks gain or lose
            runs += [run(demo.SINGLE, task, seed, own)]
            runs += [run(demo.SHARED, task, seed, own + plus + 0.001 * seed)]
    table = demo.table(runs)
    assert table["verdict"].tolist() == ["gains", "loses", "cannot tell", "cannot tell"]
    assert table["gain"].tolist() == [20.2, -9.8, 0.4, 0.4]
    assert set(table["still climbing"]) == {"single-task and shared"}
    assert {gain.claims for gain in demo.gains(runs).values()} == {4}


def test_no_line_of_tensorflows_start_up_reaches_a_learner():
    code = "from mtl_tutorial import FusedAdam; from mtl_tutorial.startup import tf; tf.ones(2) + 1"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


# -- the data card's table


@pytest.fixture(scope="module")
def results() -> pd.DataFrame:
    return calibration.load_results()


@pytest.mark.parametrize("corpus", ["zh", "en"])
def test_the_table_is_complete_and_stands_in_the_data_card(results, corpus):
    card = (calibration.folder() / "README.md").read_text("utf-8")
    own = results[results["corpus"] == corpus]
    cells = own.groupby(["labels", "companion"]).size()
    bags = [(labels, calibration.BAG) for labels in calibration.FEW]
    assert set(cells.index) == {*calibration.cells(), *bags}
    assert (cells == calibration.SEEDS).all()
    assert calibration.as_markdown(results, corpus) in card


@pytest.mark.parametrize("corpus", ["zh", "en"])
def test_the_data_cards_prose_holds_in_the_table(results, corpus):
    own = results[results["corpus"] == corpus].groupby(["labels", "companion"])["accuracy"].mean()
    means = 100 * own
    found, zh = calibration.gains(results, corpus), corpus == "zh"
    assert calibration.climbing(results, corpus) == []
    assert 38 < means[60, "alone"] < 45
    assert 94.5 < means[6000, "alone"] < 97
    related = {labels: found[f"{labels} relation"] for labels in calibration.STEPS}
    assert related[60].verdict == "gains"
    assert round(related[60].mean) == (25 if zh else 17)
    assert round(related[200].mean) == (10 if zh else 5)
    assert related[200].verdict == ("gains" if zh else "cannot tell")
    assert related[600].verdict == related[6000].verdict == "cannot tell"
    assert abs(related[600].mean - (-4.8 if zh else 0)) < 1
    assert abs(related[6000].mean) < 1
    disagreeing = found["60 relation, agreement 0"]
    assert disagreeing.verdict == "cannot tell"
    assert round(disagreeing.mean) == (6 if zh else -1)
    assert means[60, "alone, agreement 0"] < means[60, "alone"] - 10
    assert round(found["60 sentiment"].mean) == (-9 if zh else -23)
    costs = [n for n in calibration.STEPS if found[f"{n} sentiment"].verdict == "loses"]
    assert costs == ([600] if zh else [60])
    assert {found[f"{n} {calibration.BAG}"].verdict for n in calibration.FEW} == {"cannot tell"}
    assert means[60, "relation"] > max(means[60, calibration.BAG], means[60, "alone"]) + 15


def test_a_sample_of_the_table_comes_out_again(results):
    """One seed of two cells, trained here, within three standard deviations of the table's."""
    for companion in ("alone", "relation"):
        run = calibration.experiment("zh", 60, companion, seed=0).run()
        again = run.final("test")["person"]
        rows = results.query("corpus == 'zh' and labels == 60 and companion == @companion")
        assert abs(again - rows["accuracy"].mean()) < 3 * rows["accuracy"].std() + 0.02

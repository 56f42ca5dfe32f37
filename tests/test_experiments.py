"""Real trainings through experiments: the demo in small, and the calibration's table re-measured."""

import re
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from mtl_tutorial import calibration, demo
from mtl_tutorial.corpora import people
from mtl_tutorial.experiments import REAL, Experiment, real, run_all
from mtl_tutorial.runs import load_runs
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
    assert "not a number" in run.header["stopped"]
    assert set(run.table["split"]) == {"train", "valid"}
    with (
        pytest.warns(UserWarning, match="training stopped"),
        pytest.raises(RuntimeError, match=re.escape(f"{broken.key}: {run.header['stopped']}")),
    ):
        run_all([broken, SMALL], tmp_path, progress=False)
    assert [file.stem for file in tmp_path.iterdir()] == [SMALL.key]


def test_new_test_sentences_are_those_that_training_lacks(real_data, monkeypatch):
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", str(real_data))
    counts = {name: (len(real(name, 0)["test"]), len(real(name, 0)["test_new"])) for name in REAL}
    assert counts["snips"] == (700, 674)
    assert counts["weibo"] == (270, 230)
    data = real("weibo", 0)
    assert not set(data["test_new"].tokens) & set(data["train"].tokens)
    assert set(data["test_new"].tokens) < set(data["test"].tokens)


def test_tags_are_tested_as_the_best_sequence(real_data, monkeypatch):
    # After few steps many a best tag stands where BIO does not allow it, so the scores must differ.
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", str(real_data))
    experiment = Experiment(
        "tiny",
        ("intent", "slots"),
        corpus="snips",
        epochs=1,
        steps_per_epoch=60,
        learning_rate=0.01,
    )
    papers = experiment.run().final("test")
    monkeypatch.setattr("mtl_tutorial.training._best_sequences", lambda *_: {})
    plain = experiment.run().final("test")
    assert papers["intent"] == plain["intent"] and papers["slots"] != plain["slots"]


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
    assert (tmp_path / "en" / "learning_curves.png").stat().st_size > 10_000
    assert len(load_runs(tmp_path / "en" / "runs.csv")) == 2 * 5
    assert not (tmp_path / "en" / "unfinished").exists()


def test_no_line_of_tensorflows_start_up_reaches_a_learner():
    code = "from mtl_tutorial import FusedAdam; from mtl_tutorial.startup import tf; tf.ones(2) + 1"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


# -- the data card's table


@pytest.fixture(scope="module")
def results() -> pd.DataFrame:
    return calibration.load_results()


def mean(results: pd.DataFrame, corpus: str, target: str, labels: int, companion: str) -> float:
    rows = results.query(
        "corpus == @corpus and target == @target and labels == @labels and companion == @companion"
    )
    return float(rows["accuracy"].mean())


def test_the_table_is_complete_and_stands_in_the_data_card(results):
    card = (calibration.folder() / "README.md").read_text("utf-8")
    for corpus in ("zh", "en"):
        own = results[results["corpus"] == corpus]
        cells = own.groupby(["target", "labels", "companion"]).size()
        assert set(cells.index) == set(calibration.cells())
        assert (cells == calibration.SEEDS).all()
        assert calibration.as_markdown(results, corpus) in card


@pytest.mark.parametrize("corpus", ["zh", "en"])
def test_the_data_cards_prose_holds_in_the_table(results, corpus):
    def gain(target: str, labels: int, companion: str) -> float:
        return mean(results, corpus, target, labels, companion) - mean(
            results, corpus, target, labels, "alone"
        )

    for target in calibration.TARGETS:
        climb = [mean(results, corpus, target, n, "alone") for n in calibration.LABELS]
        assert climb == sorted(climb)
        assert climb[-1] - climb[0] > 0.4
        assert 0.85 < climb[-1] <= 0.97
        frequencies = people.load(corpus).label_counts(target, "test")
        assert climb[0] > frequencies.max() / frequencies.sum() + 0.02
    for target, companion in (("person", "relation"), ("relation", "person")):
        gains = [gain(target, n, companion) for n in calibration.LABELS]
        assert gains[0] > 0.1
        assert gains[0] > gains[1] > gains[-1]
        assert -0.08 < gains[-1] < 0
    assert gain("person", 60, "sentiment") < -0.03
    assert gain("person", 60, "ner") < 0
    if corpus == "zh":
        assert max(gain("sentiment", n, "ner") for n in (200, 600)) > 0.01


def test_the_data_card_counts_the_labels():
    card = (calibration.folder() / "README.md").read_text("utf-8")
    for corpus in ("zh", "en"):
        data = people.load(corpus)
        for name, task in data.tasks.items():
            counts = {split: data.label_counts(name, split) for split in people.SIZES}
            for label in task.labels:
                if name != "ner" or label.startswith("B-"):
                    shown = " | ".join(f"{counts[split][label]:,}" for split in people.SIZES)
                    assert f"| {corpus} | {name} | {label.removeprefix('B-')} | {shown} |" in card


def test_a_sample_of_the_table_comes_out_again(results):
    """One seed of two cells, trained here, within three standard deviations of the table's."""
    for companion in ("alone", "relation"):
        run = calibration.experiment("zh", "person", 60, companion, seed=0).run()
        again = run.final("test")["person"]
        rows = results.query(
            "corpus == 'zh' and target == 'person' and labels == 60 and companion == @companion"
        )
        assert abs(again - rows["accuracy"].mean()) < 3 * rows["accuracy"].std() + 0.02

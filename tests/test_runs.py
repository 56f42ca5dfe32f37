"""Runs: kept and read back without loss."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from mtl_tutorial.runs import COLUMNS, Run, load_runs, save_runs, tabulate


def make_run(name="hard", values=(0.1, 0.5, 1 / 3), task="ner", **header) -> Run:
    rows = [
        [name, 7, epoch, 10 * epoch, task, split, metric, value]
        for epoch, value in enumerate(values)
        for split in ("train", "valid")
        for metric in ("loss", "f1")
    ]
    header = {"run": name, "seed": 7, "scores": {task: "f1"}, "epoch": len(values) - 1, **header}
    return Run(header, pd.DataFrame(rows, columns=COLUMNS))


def assert_same_run(loaded: Run, run: Run) -> None:
    assert json.dumps(loaded.header) == json.dumps(run.header)
    assert_frame_equal(loaded.table, run.table, check_exact=True)


@given(st.lists(st.floats(), min_size=1, max_size=5))
def test_floats_come_back_bit_by_bit(tmp_path_factory, values):
    file = tmp_path_factory.getbasetemp() / "floats.csv"
    make_run(values=values).save(file)
    loaded = Run.load(file).table["value"]
    expected = make_run(values=values).table["value"]
    nan = expected.isna().to_numpy()
    assert (loaded.isna().to_numpy() == nan).all()
    assert loaded.to_numpy()[~nan].tobytes() == expected.to_numpy()[~nan].tobytes()


def test_everything_in_a_header_comes_back(tmp_path):
    run = make_run(
        "单任务，情感", (math.nan, 0.5), plan={"embedding": [["a", "b"]]}, stopped=None,
        seconds=0.1 + 0.2, best=math.nan, note="一行\n二行 # \"quoted\", 'so'", labels={"ner": 60},
    )  # fmt: skip
    run.save(tmp_path / "run.csv")
    assert_same_run(Run.load(tmp_path / "run.csv"), run)


@pytest.mark.parametrize(
    "name",
    ["张晨 的 模型", 'a,b"c"', "run #1", "# {1}", "a\nb", "a\u2028b", "a\x85b", "1", "007", "1e5",
     "NA", "None", "nan", "null", "True", " a ", "-"],
)  # fmt: skip
def test_a_run_keeps_its_table_whatever_its_name(tmp_path, name):
    make_run(name).save(tmp_path / "run.csv")
    assert_same_run(Run.load(tmp_path / "run.csv"), make_run(name))
    runs = [make_run(name), make_run("other")]
    save_runs(runs, tmp_path / "runs.csv")
    for loaded, run in zip(load_runs(tmp_path / "runs.csv"), runs, strict=True):
        assert_same_run(loaded, run)


def test_a_task_may_be_called_null(tmp_path):
    make_run(task="null").save(tmp_path / "run.csv")
    assert_same_run(Run.load(tmp_path / "run.csv"), make_run(task="null"))


def test_several_runs_in_one_file_keep_their_order(tmp_path):
    runs = [make_run("z", (0.5,)), make_run("a", (0.1, 0.2)), make_run("m")]
    save_runs(runs, tmp_path / "runs.csv")
    loaded = load_runs(tmp_path / "runs.csv")
    assert [run.name for run in loaded] == ["z", "a", "m"]
    for one, run in zip(loaded, runs, strict=True):
        assert_same_run(one, run)
    with pytest.raises(ValueError, match="holds 3 runs; read it with load_runs") as caught:
        Run.load(tmp_path / "runs.csv")
    assert str(tmp_path / "runs.csv") in str(caught.value)


def test_a_run_without_rows_is_kept_too(tmp_path):
    empty = Run({"run": "empty"}, pd.DataFrame(columns=COLUMNS))
    save_runs([empty, make_run()], tmp_path / "runs.csv")
    loaded = load_runs(tmp_path / "runs.csv")
    assert [len(run.table) for run in loaded] == [0, len(make_run().table)]
    assert list(loaded[0].table.columns) == COLUMNS


@pytest.mark.parametrize("name", ["hard", "硬共享", "run #1"])
def test_pandas_opens_the_file(tmp_path, name):
    runs = [make_run(name), make_run("b")]
    save_runs(runs, tmp_path / "runs.csv")
    table = pd.read_csv(tmp_path / "runs.csv", comment="#")
    assert_frame_equal(table, tabulate(runs))


def test_two_runs_of_one_name_are_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(ValueError, match=r"different names.*\['a', 'a'\]"):
        save_runs([make_run("a"), make_run("a")], tmp_path / "runs.csv")
    assert list(tmp_path.iterdir()) == []


HEADER = '# {"run": "a"}\n'
TABLE = ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", TABLE.encode(), HEADER.encode(), (HEADER + "a,b\n1,2\n").encode(), b"# {\n",
     ("# {}\n" + TABLE).encode(), ("# {'run'}\n" + TABLE).encode(), b"\xff\xfe\x00",
     (HEADER + TABLE + "a,1\n" + "a" + ",1" * 9 + "\n").encode(), b"PK\x03\x04", b"# \n"],
)  # fmt: skip
def test_a_file_that_holds_no_runs_is_named(tmp_path, content):
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError) as caught:
        load_runs(file)
    assert str(file) in str(caught.value)


def test_what_cannot_be_written_leaves_the_old_file(tmp_path):
    file = tmp_path / "runs.csv"
    make_run("old").save(file)
    with pytest.raises(TypeError):
        make_run("new", model=object()).save(file)
    assert Run.load(file).name == "old"


def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "runs.csv"
    make_run("old").save(file)
    write = type(file).write_bytes

    def half(path, text, *args, **kwargs):
        write(path, text[: len(text) // 2], *args, **kwargs)
        raise OSError("disk full")

    monkeypatch.setattr(type(file), "write_bytes", half)
    with pytest.raises(OSError, match="disk full"):
        make_run("new").save(file)
    assert_same_run(Run.load(file), make_run("old"))


def test_a_missing_folder_is_made_and_nothing_else_left_in_it(tmp_path):
    make_run().save(tmp_path / "a" / "b" / "run.csv")
    assert [p.name for p in (tmp_path / "a" / "b").iterdir()] == ["run.csv"]


# -- reading a run


def test_a_curve_is_the_values_by_epoch():
    run = make_run(values=(0.1, 0.5))
    run.table.loc[(run.table["metric"] == "loss") & (run.table["split"] == "train"), "value"] = 9
    assert run.curve("ner").to_dict() == {0: 0.1, 1: 0.5}
    assert run.curve("ner", "loss", "train").to_dict() == {0: 9, 1: 9}
    assert run.curve("ner", "loss").to_dict() == {0: 0.1, 1: 0.5}


def test_final_scores_are_those_of_the_epoch_the_model_was_left_in():
    run = make_run(values=(0.1, 0.7, 0.4), epoch=1)
    assert run.final().to_dict() == {"ner": 0.7}
    assert run.final("test").empty


def test_final_scores_use_each_tasks_own_metric():
    rows = [
        ["r", 0, 1, 9, task, "valid", metric, value]
        for task, metric, value in [
            ("ner", "f1", 0.3), ("ner", "accuracy", 0.9), ("mood", "accuracy", 0.6), ("mood", "loss", 2.0),
        ]
    ]  # fmt: skip
    header = {"run": "r", "epoch": 1, "scores": {"ner": "f1", "mood": "accuracy"}}
    assert Run(header, pd.DataFrame(rows, columns=COLUMNS)).final().to_dict() == {
        "ner": 0.3,
        "mood": 0.6,
    }


def test_tables_of_runs_are_stacked():
    table = tabulate([make_run("a"), make_run("b")])
    assert table["run"].tolist() == ["a"] * 12 + ["b"] * 12
    assert np.array_equal(table.index, range(24))
    assert list(tabulate([]).columns) == COLUMNS


def test_a_name_that_ends_in_gz_is_compressed_and_the_bytes_are_the_same_each_time(tmp_path):
    runs = [make_run(name, tuple(i / 7 for i in range(200))) for name in ("a", "b")]
    for name in ("one.csv.gz", "two.csv.gz", "plain.csv"):
        save_runs(runs, tmp_path / name)
    one, plain = (tmp_path / name for name in ("one.csv.gz", "plain.csv"))
    assert one.read_bytes() == (tmp_path / "two.csv.gz").read_bytes()
    assert one.stat().st_size < plain.stat().st_size / 3
    for loaded, run in zip(load_runs(one), runs, strict=True):
        assert_same_run(loaded, run)
    assert len(pd.read_csv(one, comment="#")) == sum(len(run.table) for run in runs)
    for cut in (one.read_bytes()[:40], b"no gzip"):
        one.write_bytes(cut)
        with pytest.raises(ValueError, match=r"one.csv.gz: not a table of runs"):
            load_runs(one)

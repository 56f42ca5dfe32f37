"""Runs: kept and read back without loss."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from mtl_tutorial.exports import tabulate
from mtl_tutorial.runs import COLUMNS, Run, load_runs, save_runs, still_climbing


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


def test_an_older_file_says_in_words_why_a_training_ended(tmp_path):
    said = "the loss of task 'mood' is not a number any more, in epoch 2"
    make_run(stopped=said).save(tmp_path / "old.csv")
    read = Run.load(tmp_path / "old.csv")
    assert read.header["stopped"] == {"why": "not a number", "task": "mood", "epoch": 2}
    assert not read.interrupted
    make_run(stopped="interrupted in epoch 2").save(tmp_path / "old.csv")
    assert Run.load(tmp_path / "old.csv").interrupted


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
    empty = Run({**make_run("empty").header}, pd.DataFrame(columns=COLUMNS))
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
    broken = make_run("new")
    broken.header["model"] = object()
    with pytest.raises(TypeError):
        broken.save(file)
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
    with pytest.raises(
        ValueError, match=r"run 'hard' has no scores of split 'test'; it has \['train', 'valid'\]"
    ):
        run.final("test")


def test_final_scores_use_each_tasks_own_metric():
    rows = [
        ["r", 0, 1, 9, task, "valid", metric, value]
        for task, metric, value in [
            ("ner", "f1", 0.3), ("ner", "accuracy", 0.9), ("mood", "accuracy", 0.6), ("mood", "loss", 2.0),
        ]
    ]  # fmt: skip
    header = {"run": "r", "seed": 0, "epoch": 1, "scores": {"ner": "f1", "mood": "accuracy"}}
    assert Run(header, pd.DataFrame(rows, columns=COLUMNS)).final().to_dict() == {
        "ner": 0.3,
        "mood": 0.6,
    }


@pytest.mark.parametrize(
    "asked, says",
    [
        (("mood",), r"no task 'mood'; it has \['ner', 'ner\+person'\]"),
        (("ner", "acc"), r"no metric of 'ner' called 'acc'; it has \['loss', 'f1'\]"),
        (("ner", "f1", "test"), r"no f1 of 'ner' on split 'test'; it has \['train', 'valid'\]"),
        (("ner", "loss", "dev"), r"no loss of 'ner' on split 'dev'"),
        (("ner+person",), r"no score of task 'ner\+person'; it has \['ner'\]"),
    ],
)
def test_a_curve_that_was_not_measured_is_refused_not_empty(asked, says):
    run = make_run()
    pair = run.table.iloc[:3].assign(task="ner+person", metric="cosine", split="train")
    run = Run(run.header, pd.concat([run.table, pair], ignore_index=True))
    assert len(run.curve("ner+person", "cosine", "train")) == 3
    with pytest.raises(ValueError, match=rf"^run 'hard' has {says}"):
        run.curve(*asked)


def test_what_was_tested_is_the_score_of_the_last_epoch_alone():
    run = make_run(values=(0.1, 0.7))
    rows = run.table[(run.table["split"] == "valid") & (run.table["metric"] == "f1")]
    for epoch in (0, 1):
        tested = rows[rows["epoch"] == epoch].assign(split="test")
        one = Run(run.header, pd.concat([run.table, tested], ignore_index=True))
        with pytest.raises(ValueError, match=r"no loss of 'ner' on split 'test'; it has \['train'"):
            one.curve("ner", "loss", "test")
        if epoch == 1:
            assert one.final("test").to_dict() == {"ner": 0.7}
        else:
            with pytest.raises(ValueError, match=r"no scores of split 'test'; it has \['train'"):
                one.final("test")


def test_a_run_as_it_stood_earlier_knows_nothing_of_what_came_later():
    tested = make_run(epochs=2)
    last = tested.table.iloc[-1:].assign(split="test", epoch=2)
    tested = Run(tested.header, pd.concat([tested.table, last], ignore_index=True))
    early = tested.until(1)
    assert early.final().to_dict() == {"ner": 0.5}
    assert list(early.curve("ner", "loss", "train").index) == [0, 1]
    assert (early.header["epoch"], early.header["epochs"], early.name) == (1, 1, "hard")
    assert set(early.table["split"]) == {"train", "valid"}
    assert tested.until(2) is tested and tested.header["epochs"] == 2
    with pytest.raises(ValueError, match=r"run 'hard' has 2 epochs, not 3"):
        tested.until(3)
    with pytest.raises(TypeError, match="epoch must be a whole number"):
        tested.until(1.5)


@pytest.mark.parametrize("wrong", [3, ["ner"], None, {"a": 1}, b"ner", make_run()])
def test_a_curve_is_asked_for_by_strings(wrong):
    with pytest.raises(TypeError, match=r"^task must be a string"):
        make_run().curve(wrong)
    for place, name in ((1, "metric"), (2, "split")):
        if wrong is not None:
            with pytest.raises(TypeError, match=rf"^{name} must be a string"):
                make_run().curve(*["ner", "f1"][:place], **{name: wrong})
    if wrong is not None:
        with pytest.raises(TypeError, match=r"^split must be a string"):
            make_run().final(wrong)


def test_a_run_without_measurements_has_no_curve_and_no_score():
    empty = Run(make_run().header, pd.DataFrame(columns=COLUMNS))
    with pytest.raises(ValueError, match=r"no task 'ner'; it has \[\]"):
        empty.curve("ner")
    with pytest.raises(ValueError, match=r"no scores of split 'valid'; it has \[\]"):
        empty.final()


def test_the_split_that_was_validated_on_is_what_is_read():
    run = make_run(values=(0.1, 0.7), validation="dev")
    table = run.table.replace({"split": {"valid": "dev"}})
    table.loc[table["split"] == "train", "value"] = 1.0
    run = Run(run.header, table)
    assert run.validation == "dev"
    assert run.curve("ner").to_dict() == {0: 0.1, 1: 0.7}
    assert run.final().to_dict() == {"ner": 0.7}
    assert run.final("train").to_dict() == {"ner": 1.0}
    assert make_run().validation == "valid"  # runs of before the header said so


def test_a_run_that_was_not_validated_asks_for_a_split():
    run = make_run(validation=None)
    table = run.table[run.table["split"] == "train"].reset_index(drop=True)
    run = Run(run.header, table)
    assert run.final("train").to_dict() == {"ner": 1 / 3}
    for ask in (run.final, lambda: run.curve("ner")):
        with pytest.raises(ValueError, match="run 'hard' was not validated; name a split"):
            ask()


# -- what a run is made of


def test_a_header_is_plain_json_from_the_start():
    given = {
        "epoch": np.int64(2), "labels": {"ner": np.int32(60)}, "rate": np.float32(0.5),
        "best": np.float64("nan"), "flag": np.True_, "shape": (2, 3), "ids": np.arange(2),
        "note": np.str_("x"), "rows": [(1, np.int8(2))], "stopped": {"why": "error", "epoch": 3},
    }  # fmt: skip
    header = make_run(**given).header
    assert json.loads(json.dumps(header, allow_nan=True), parse_constant=str)["best"] == "NaN"
    wanted = {"epoch": 2, "labels": {"ner": 60}, "rate": 0.5, "flag": True, "shape": [2, 3],
              "ids": [0, 1], "note": "x", "rows": [[1, 2]], "stopped": {"why": "error", "epoch": 3}}  # fmt: skip
    assert {key: header[key] for key in wanted} == wanted
    assert [type(header[key]) for key in ("epoch", "rate", "flag", "note")] == [
        int, float, bool, str,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "more, says",
    [
        ({"model": object()}, r"^header\['model'\] must be plain JSON .* not an object"),
        ({"a": {"b": [1, {2}]}}, r"^header\['a'\]\['b'\]\[1\] must be plain JSON"),
        ({"a": {1: 2}}, r"^a key of header\['a'\] must be a string, not 1"),
        ({"epoch": 2.5}, r"^header\['epoch'\] must be a whole number, not 2.5"),
        ({"seed": None}, r"^header\['seed'\] must be a whole number, not None"),
        ({"scores": ["ner"]}, r"^header\['scores'\] must be a dictionary task → metric"),
        ({"run": 3}, r"^header\['run'\] must be the run's name, a string, not 3"),
    ],
)
def test_what_has_no_place_in_a_header_is_named(more, says):
    with pytest.raises(TypeError, match=says):
        Run({**make_run().header, **more}, make_run().table)


@pytest.mark.parametrize("wrong", [None, "hard", [("run", "hard")], make_run()])
def test_a_header_is_a_dictionary(wrong):
    with pytest.raises(TypeError, match=r"^header must be"):
        Run(wrong, make_run().table)


@pytest.mark.parametrize("key", ["run", "seed", "scores", "epoch"])
def test_a_header_is_complete(key):
    header = {k: v for k, v in make_run().header.items() if k != key}
    with pytest.raises(ValueError, match=rf"header needs \['{key}'\] as well"):
        Run(header, make_run().table)


def test_a_table_is_a_runs_own():
    run = make_run()
    for wrong in (None, run.table.to_dict(), [run.table]):
        with pytest.raises(TypeError, match=r"^table must be a DataFrame"):
            Run(run.header, wrong)
    for wrong in (run.table.drop(columns="step"), run.table[COLUMNS[::-1]], pd.DataFrame()):
        with pytest.raises(ValueError, match="a run's table has the columns"):
            Run(run.header, wrong)
    with pytest.raises(ValueError, match=r"table of run 'hard' has rows of \['easy'\]"):
        Run(run.header, run.table.assign(run="easy"))


def test_what_is_no_list_of_runs_is_refused(tmp_path):
    for use in (tabulate, lambda runs: save_runs(runs, tmp_path / "runs.csv")):
        for wrong in (None, 3, "hard", make_run(), make_run().table, {"hard": make_run()}):
            with pytest.raises(TypeError, match=r"^runs"):
                use(wrong)
        with pytest.raises(TypeError, match=r"^runs\[1\] must be a Run"):
            use([make_run(), None])
    for wrong in (None, 3, ["a.csv"], b"a.csv"):
        with pytest.raises(TypeError, match=r"^path must be a path"):
            make_run().save(wrong)
        with pytest.raises(TypeError, match=r"^path must be a path"):
            load_runs(wrong)
    assert list(tmp_path.iterdir()) == []
    assert len(tabulate(run for run in [make_run()])) == len(make_run().table)


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


@pytest.mark.parametrize(
    ("values", "climbing"),
    [
        ([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], True),
        ([0.1, 0.5, 0.6, 0.6, 0.6, 0.6, 0.61], False),  # by less than two points
        ([0.1, 0.2, 0.3, 0.4, 0.7, 0.6, 0.5], False),
        ([0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.69], True),  # a quarter of six epochs are two
        ([0.1], False),
    ],
)
def test_a_run_still_climbs_if_its_last_quarter_rises(values, climbing):
    assert still_climbing([make_run(values=values)], "ner") is climbing


def test_several_runs_climb_if_they_agree():
    def run(number, *values):
        return make_run(f"run {number}", values)

    assert still_climbing([run(1, 0.0, 0.3, 0.5), run(2, 0.0, 0.3, 0.51)], "ner")
    assert not still_climbing([run(1, 0.0, 0.3, 0.7), run(2, 0.0, 0.3, 0.31)], "ner")
    longer = run(2, 0.0, 0.3, 0.31, 0.9)  # what the others have not reached does not count
    assert not still_climbing([run(1, 0.0, 0.3, 0.31), longer], "ner")


def test_no_run_climbs_in_a_task_it_does_not_have():
    assert not still_climbing([], "ner")
    with pytest.raises(ValueError, match="has no task 'person'"):
        still_climbing([make_run()], "person")


@pytest.mark.parametrize(
    "given, ends",
    [
        ({}, "epoch 2; ner 0.333 on valid>"),
        ({"epoch": 9}, "epoch 9; no scores>"),
        ({"validation": None}, "no scores>"),
    ],
)
def test_a_run_says_in_a_line_what_it_is(given, ends):
    said = repr(make_run(**given))
    assert said.startswith("<Run 'hard': seed ") and said.endswith(ends) and "\n" not in said

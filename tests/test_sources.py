"""Where rows come from: dictionaries in memory, data frames, one file or several."""

import numpy as np
import pandas as pd
import pytest

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.reading import DataError
from tests.test_labeling import words

MOOD = {"mood": "sequence"}
NER = {"ner": "token"}
ROWS = [{"text": "a b", "mood": "x"}, {"text": "c", "mood": "y"}]


# -- memory


def test_a_data_frame_is_its_rows():
    frame = pd.DataFrame(ROWS, index=[7, 3])
    data = MultiTaskData.from_rows({"train": frame, "test": frame[1:]}, MOOD)
    assert data["train"].tokens == (("a", "b"), ("c",))
    assert data["train"].targets["mood"].tolist() == [0, 1]
    assert len(data["test"]) == 1
    assert list(frame.columns) == ["text", "mood"]


def test_columns_are_their_rows():
    columns = {
        "tokens": [["a", "b"], ["c"]],
        "mood": np.array(["x", "y"]),
        "ner": [["O", "B-A"], None],
    }
    tasks = {"mood": "sequence", "ner": "token"}
    data = MultiTaskData.from_rows({"train": columns}, tasks)
    frame = MultiTaskData.from_rows({"train": pd.DataFrame(columns)}, tasks)
    assert data["train"].tokens == frame["train"].tokens == (("a", "b"), ("c",))
    assert words(data, "mood") == ["x", "y"] and words(data, "ner") == [["O", "B-A"], [None]]


def test_rows_may_come_one_by_one():
    data = MultiTaskData.from_rows({"train": iter(ROWS)}, MOOD)
    assert len(data["train"]) == 2


@pytest.mark.parametrize(
    ("splits", "error", "says"),
    [
        (ROWS, TypeError, r"splits must be a dictionary split → rows, such as \{'train': rows\}"),
        (pd.DataFrame(ROWS), TypeError, "splits must be a dictionary"),
        ("a.csv", TypeError, "splits must be a dictionary"),
        (None, TypeError, "splits must be a dictionary"),
        ({"train": "a.csv"}, TypeError, "split 'train' must be a list of rows, a DataFrame or col"),
        ({"train": ROWS[0]}, TypeError, r"columns \(name → list\); 'text' is 'a b' \(a string\)"),
        (
            {"train": {"text": ["a", "b"], "mood": ["x"]}},
            DataError,
            "columns differ in length: .*2",
        ),
        ({"train": {"text": np.array(3)}}, TypeError, "'text' is a ndarray"),
        ({"train": None}, TypeError, "split 'train' must be a list of rows"),
        ({"train": 3}, TypeError, "split 'train' must be a list of rows"),
        ({1: ROWS}, TypeError, "its key 1"),
        ({"train": [*ROWS, "c"]}, DataError, "train, row 2: must be a dictionary"),
        ({"train": [*ROWS, None]}, DataError, "train, row 2: must be a dictionary"),
        ({"train": [ROWS]}, DataError, "train, row 0: must be a dictionary"),
        ({"test": ROWS}, DataError, r"must be named 'train'; got \['test'\]"),
        ({}, DataError, "must be named 'train'"),
        (
            {"train": pd.DataFrame([["a", "x", "y"]], columns=["text", "mood", "mood"])},
            DataError,
            "'mood' stands twice",
        ),
        ({"train": pd.DataFrame(columns=["text", "mood"])}, DataError, "split 'train' is empty"),
        (
            {"train": [{"text": None, "mood": "x"}]},
            DataError,
            r"no sentence.*not None; the row has \['mood', 'text'\]",
        ),
        ({"train": [{"text": 5, "mood": "x"}]}, DataError, "no sentence.*not 5"),
        ({"train": [{"text": ["a"], "mood": "x"}]}, DataError, "no sentence.*not \\['a'\\]"),
        ({"train": [{"tokens": {"a"}, "mood": "x"}]}, DataError, "no sentence"),
        ({"train": [{"tokens": 5, "text": "a", "mood": "x"}]}, DataError, "no sentence.*not 5"),
    ],
)
def test_what_is_no_split_of_rows_is_refused(splits, error, says):
    with pytest.raises(error, match=says):
        MultiTaskData.from_rows(splits, MOOD)


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, ""])
def test_text_stands_in_where_tokens_are_missing(missing):
    row = {"tokens": missing, "text": "a b", "mood": "x"}
    expected = ("a", "b")
    assert MultiTaskData.from_rows({"train": [row]}, MOOD)["train"].tokens == (expected,)


# -- ids


def test_ids_that_begin_anew_are_refused_with_the_remedies():
    rows = [{"id": i, **row} for i, row in enumerate(ROWS)]
    with pytest.raises(
        DataError, match=r"test, row 0: id '0' .* train, row 0.*'by split'.*'ignore'"
    ):
        MultiTaskData.from_rows({"train": rows, "test": rows}, MOOD)
    data = MultiTaskData.from_rows({"train": rows, "test": rows}, MOOD, ids="by split")
    assert (data["train"].ids, data["test"].ids) == (("train/0", "train/1"), ("test/0", "test/1"))
    data = MultiTaskData.from_rows({"train": rows * 2, "test": rows}, MOOD, ids="ignore")
    assert data["train"].ids == ("train-0", "train-1", "train-2", "train-3")


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, ""])
def test_a_missing_id_is_the_number_of_the_row(missing):
    rows = [{"id": missing, **row} for row in ROWS]
    assert MultiTaskData.from_rows({"train": rows}, MOOD)["train"].ids == ("train-0", "train-1")


# -- files


def test_a_split_may_be_several_files(tmp_path):
    for name, mood in (("a", "x"), ("b", "y")):
        (tmp_path / f"{name}.csv").write_text(f"text,mood\n{name},{mood}\n", encoding="utf-8")
    files = [tmp_path / "a.csv", str(tmp_path / "b.csv")]
    data = MultiTaskData.from_csv({"train": files, "test": files[0]}, MOOD)
    assert data["train"].tokens == (("a",), ("b",))
    assert len(data["test"]) == 1
    (tmp_path / "b.csv").write_text("text,mood\nb,y,z\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"b\.csv:2: 3 cells"):
        MultiTaskData.from_csv({"train": tuple(files)}, MOOD)


@pytest.mark.parametrize("read", ["from_jsonl", "from_csv", "from_conll"])
@pytest.mark.parametrize(
    ("paths", "error", "says"),
    [
        (
            "a.csv",
            TypeError,
            r"paths must be a dictionary split → file, such as \{'train': 'a.csv'\}, not 'a.csv'",
        ),
        (["a.csv"], TypeError, "paths must be a dictionary"),
        (None, TypeError, "paths must be a dictionary"),
        (
            {"train": pd.DataFrame(ROWS)},
            TypeError,
            "split 'train' must be a file; a DataFrame goes into from_rows",
        ),
        ({"train": None}, TypeError, "split 'train' must be a path"),
        ({"train": 3}, TypeError, "split 'train' must be a path"),
        ({"train": [3]}, TypeError, "split 'train' must be a path"),
        ({"train": b"a.csv"}, TypeError, "split 'train' must be a path"),
        ({"train": {"a.csv"}}, TypeError, "split 'train' must be a path"),
        ({"train": ""}, ValueError, "split 'train' must be a path"),
        ({"train": []}, ValueError, "split 'train' must be a file or several"),
        ({1: "a.csv"}, TypeError, "its key 1"),
        ({"train": "no such file"}, FileNotFoundError, "no such file"),
    ],
)
def test_what_is_no_split_of_files_is_refused(read, paths, error, says):
    arguments = (NER, {"ner": 1}) if read == "from_conll" else (MOOD,)
    with pytest.raises(error, match=says):
        getattr(MultiTaskData, read)(paths, *arguments)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"text": "mood"}, ValueError, "text='mood' is the name of a task"),
        ({"text": None}, TypeError, "text must be a string"),
        ({"text": "review"}, DataError, r"no column 'review'; the header has \['text', 'mood'\]"),
        ({"delimiter": ""}, ValueError, "delimiter must be one character"),
        ({"delimiter": ", "}, ValueError, "delimiter must be one character"),
        ({"delimiter": '"'}, ValueError, "delimiter must be one character"),
        ({"delimiter": None}, TypeError, "delimiter must be a string"),
        ({"encoding": 8}, TypeError, "encoding must be a string"),
        ({"encoding": "utf8x"}, ValueError, "unknown encoding 'utf8x'"),
        ({"sep": ","}, TypeError, "sep"),
    ],
)
def test_a_bad_option_of_csv_is_refused_by_name(tmp_path, options, error, says):
    file = tmp_path / "a.csv"
    file.write_text("text,mood\na,x\n", encoding="utf-8")
    with pytest.raises(error, match=says):
        MultiTaskData.from_csv({"train": file}, MOOD, **options)


@pytest.mark.parametrize(
    ("columns", "token", "error", "says"),
    [
        ("ner", None, TypeError, "columns must be a dictionary token task → column"),
        ([1], None, TypeError, "columns must be a dictionary"),
        (1, None, TypeError, "columns must be a dictionary"),
        ({"ner": "1"}, None, TypeError, "column of 'ner' must be a whole number"),
        ({"ner": None}, None, TypeError, "column of 'ner' must be a whole number"),
        ({"ner": 1.5}, None, TypeError, "column of 'ner' must be a whole number"),
        ({"ner": True}, None, TypeError, "column of 'ner' must be a whole number"),
        ({"ner": 1}, "0", TypeError, "token must be a whole number"),
        ({}, None, DataError, r"missing: \['ner'\]"),
        ({"ner": 1, "pos": 0}, None, DataError, r"unknown: \['pos'\]"),
    ],
)
def test_bad_columns_of_conll_are_refused_by_name(tmp_path, columns, token, error, says):
    file = tmp_path / "a.conll"
    file.write_text("a O\n", encoding="utf-8")
    with pytest.raises(error, match=says):
        MultiTaskData.from_conll({"train": file}, NER, columns, token=token)

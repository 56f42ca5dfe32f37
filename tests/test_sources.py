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


def test_ids_that_begin_anew_in_a_file_of_a_split_have_one_remedy(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.conll").write_text(f"# id = 0\n{name} O\n")
    files, columns = {"train": [tmp_path / "a.conll", tmp_path / "b.conll"]}, {"ner": 1}
    for ids in ("unique", "by split"):
        with pytest.raises(DataError, match=r"b.conll:2: id .*a.conll:2; .*ids='ignore'$") as error:
            MultiTaskData.from_conll(files, NER, columns, ids=ids)
        assert "by split" not in str(error.value)
    data = MultiTaskData.from_conll(files, NER, columns, ids="ignore")
    assert data["train"].ids == ("train-0", "train-1")


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, ""])
def test_a_missing_id_is_the_number_of_the_row(missing):
    rows = [{"id": missing, **row} for row in ROWS]
    assert MultiTaskData.from_rows({"train": rows}, MOOD)["train"].ids == ("train-0", "train-1")


# -- columns that are called otherwise

CALLED = {"text": "评论", "mood": "情感", "id": "编号"}
FOREIGN = [
    {"编号": "7", "评论": "好 吃", "情感": "好", "text": "no", "mood": "no", "note": 1},
    {"编号": "8", "评论": "太 咸", "情感": None, "text": "no", "mood": "no", "note": 1},
    {"编号": "9", "评论": "很 贵", "情感": "差", "text": "no", "mood": "no", "note": 1},
]


def foreign(kind: str, folder, **options) -> MultiTaskData:
    """Rows under other names, in memory or in a file, beside columns with the names of the task."""
    frame = pd.DataFrame(FOREIGN)
    file = folder / f"a.{kind}"
    if kind == "rows":
        return MultiTaskData.from_rows({"train": FOREIGN}, MOOD, **options)
    if kind == "frame":
        return MultiTaskData.from_rows({"train": frame}, MOOD, **options)
    if kind == "columns":
        return MultiTaskData.from_rows({"train": frame.to_dict("list")}, MOOD, **options)
    if kind == "csv":
        frame.to_csv(file, index=False, encoding="gbk")
        return MultiTaskData.from_csv({"train": file}, MOOD, encoding="gbk", **options)
    frame.to_json(file, orient="records", lines=True)
    return MultiTaskData.from_jsonl({"train": file}, MOOD, **options)


@pytest.mark.parametrize("kind", ["rows", "frame", "columns", "csv", "jsonl"])
def test_columns_may_be_called_otherwise(tmp_path, kind):
    data = foreign(kind, tmp_path, columns=CALLED)
    assert data["train"].ids == ("7", "8", "9")
    assert data["train"].tokens[0] == ("好", "吃")
    assert words(data, "mood") == ["好", None, "差"]
    assert data.tasks["mood"].labels == ("好", "差")


@pytest.mark.parametrize("kind", ["rows", "csv", "jsonl"])
@pytest.mark.parametrize(
    ("columns", "error", "says"),
    [
        ("mood", TypeError, "columns must be a dictionary task"),
        ({"moon": "情感"}, ValueError, r"columns: 'moon' is no task here; .*'mood', 'id', 'text'"),
        ({"mood": 2}, TypeError, r"columns\['mood'\] must be a string, not 2"),
        ({2: "mood"}, TypeError, "columns must be a dictionary"),
        (
            {"text": "评价"},
            DataError,
            "a.csv:1: no column '评价'|train, row 0: no sent|a.jsonl:1: no s",
        ),
        ({"mood": "心情"}, DataError, "a.csv:1: no column '心情'|no label of task 'mood'"),
    ],
)
def test_columns_that_cannot_be_are_refused(tmp_path, kind, columns, error, says):
    with pytest.raises(error, match=says):
        foreign(kind, tmp_path, columns=columns)


def test_a_task_named_as_no_layer_can_be_is_told_how_to_read_its_column():
    with pytest.raises(ValueError, match=r"not '情感'; .* columns=\{'mood': '情感'\}"):
        MultiTaskData.from_rows({"train": FOREIGN}, {"情感": "sequence"})


def test_an_unknown_option_is_named_beside_the_known():
    with pytest.raises(TypeError, match=r"there is no option 'holdout'; .*'hold_out', 'ids'"):
        MultiTaskData.from_rows({"train": ROWS}, MOOD, holdout={"valid": 0.5})


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

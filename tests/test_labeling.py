"""Labels of rows: as others write them, in every scheme, unseen ones; and the tasks they make."""

import itertools
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.reading import DataError
from mtl_tutorial.schemes import spans
from mtl_tutorial.scoring import entity_f1, score
from mtl_tutorial.tasks import Task
from tests.test_schemes import SCHEMES, marked, written


def words(data: MultiTaskData, task: str, split: str = "train") -> list:
    """The labels of a split in words, None where missing; a list a sentence for a token task."""
    names = [*data.tasks[task].labels, None]
    part = data[split]
    if data.tasks[task].kind == "sequence":
        return [names[i] for i in part.targets[task]]
    rows = zip(part.targets[task], part.tokens, strict=True)
    return [[names[i] for i in row[: len(tokens)]] for row, tokens in rows]


def tagged(*sentences: str, **options) -> MultiTaskData:
    rows = [{"tokens": ["a"] * len(tags.split()), "ner": tags} for tags in sentences]
    return MultiTaskData.from_rows({"train": rows}, {"ner": "token"}, **options)


# -- sequence labels


@pytest.mark.parametrize(
    ("values", "read"),
    [
        ([1.0, float("nan"), 2.0], ["1", None, "2"]),
        ([np.int64(1), np.float64("nan"), 2], ["1", None, "2"]),
        ([pd.NA, "a", pd.NaT], [None, "a", None]),
        (["good", "good ", " good\t"], ["good"] * 3),
        (["good", "", " "], ["good", None, None]),
        ([True, np.True_, False], ["True", "True", "False"]),
        ([np.str_("a"), "a", None], ["a", "a", None]),
        (["Café", "Cafe\u0301"], ["Café", "Café"]),
        (["1", 1, 1.0, np.float32(1)], ["1"] * 4),
    ],
)
def test_labels_are_read_as_pandas_and_numpy_give_them(values, read):
    rows = [{"text": "a", "mood": value} for value in values]
    assert words(MultiTaskData.from_rows({"train": rows}, {"mood": "sequence"}), "mood") == read


@pytest.mark.parametrize("dtype", [None, "Int64", "string", "category", "boolean", "float32"])
def test_a_column_of_a_data_frame_is_read_whatever_its_type(dtype):
    values = [True, None, False] if dtype == "boolean" else ["1", None, "2"]
    column = pd.Series(values, dtype=None if dtype in ("Int64", "float32") else dtype)
    if dtype in ("Int64", "float32"):
        column = pd.to_numeric(column).astype(dtype)
    frame = pd.DataFrame({"text": ["a", "b", "c"], "mood": column})
    data = MultiTaskData.from_rows({"train": frame}, {"mood": "sequence"})
    expected = ["True", None, "False"] if dtype == "boolean" else ["1", None, "2"]
    assert words(data, "mood") == expected


@pytest.mark.parametrize("value", [1.5, float("inf"), ["a"], {"a"}, {"a": 1}, b"a", object()])
def test_what_is_no_label_is_refused_with_its_place(value):
    rows = [{"text": "a", "mood": "x"}, {"text": "a", "mood": value}]
    with pytest.raises(DataError, match=r"^train, row 1: task 'mood': a label must be a string"):
        MultiTaskData.from_rows({"train": rows}, {"mood": "sequence"})


# -- token labels and tokens


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series, pd.Index, " ".join, "\t".join])
def test_tokens_and_tags_come_in_any_list(kind):
    row = {"tokens": kind(["Ana", "left"]), "ner": kind(["B-PER", "O"])}
    data = MultiTaskData.from_rows({"train": [row]}, {"ner": "token"})
    assert data["train"].tokens == (("Ana", "left"),)
    assert {type(token) for token in data["train"].tokens[0]} == {str}
    assert words(data, "ner") == [["B-PER", "O"]]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, "", "  "])
def test_a_sentence_without_tags_has_none(missing):
    rows = [{"tokens": "a b", "ner": "B-PER O"}, {"tokens": "a b", "ner": missing}, {"tokens": "a"}]
    data = MultiTaskData.from_rows({"train": rows}, {"ner": "token"})
    assert words(data, "ner") == [["B-PER", "O"], [None, None], [None]]


@pytest.mark.parametrize(
    "tags", [[], ["O"], "O O O", {"O"}, {"O": 1}, 3, np.zeros((2, 2)), ["O", ["O"]], ["O", 1.5]]
)
def test_tags_that_do_not_fit_are_refused_with_their_place(tags):
    rows = [{"tokens": "a b", "ner": "B-PER O"}, {"tokens": "a b", "ner": tags}]
    with pytest.raises(DataError, match=r"^train, row 1: .*'ner'"):
        MultiTaskData.from_rows({"train": rows}, {"ner": "token"})


@pytest.mark.parametrize(
    "write", [str, json.dumps, lambda value: json.dumps(value, ensure_ascii=False)]
)
@pytest.mark.parametrize(
    "tokens", [["Ana", "left"], ["it's", '"'], ["我", "a, b"], ["[", "]"], ["null", "nan"]]
)
def test_a_list_that_was_written_as_text_is_that_list(write, tokens):
    row = {"tokens": write(tokens), "ner": write(["B-PER", None])}
    data = MultiTaskData.from_rows({"train": [row, {"tokens": "a", "ner": "O"}]}, {"ner": "token"})
    assert data["train"].tokens[0] == tuple(tokens)
    assert words(data, "ner")[0] == ["B-PER", None]


def test_lists_in_a_csv_of_pandas_are_read(tmp_path):
    frame = pd.DataFrame({"tokens": [["Ana", "left"], ["a"]], "ner": [["B-PER", "O"], ["O"]]})
    frame.to_csv(tmp_path / "a.csv")
    data = MultiTaskData.from_csv({"train": tmp_path / "a.csv"}, {"ner": "token"})
    assert data["train"].tokens == (("Ana", "left"), ("a",))
    assert words(data, "ner") == [["B-PER", "O"], ["O"]]


@pytest.mark.parametrize("printed", ["['Ana' 'left']", "['a'\n 'b']", "['a', nan]"])
def test_a_printed_array_is_refused(printed):
    rows = [{"tokens": "a b", "ner": "B-A O"}, {"tokens": printed, "ner": "O O"}]
    with pytest.raises(DataError, match=r"^train, row 1: .*looks like a list that was printed"):
        MultiTaskData.from_rows({"train": rows}, {"ner": "token"})


@pytest.mark.parametrize("text", ["[ a ]", "[1, 2]", "[a]", "[]", "['a", "' '", "[UNK] b [PAD]"])
def test_brackets_among_tokens_are_tokens(text):
    data = MultiTaskData.from_rows({"train": [{"tokens": text}]}, {"lm": "lm"})
    assert data["train"].tokens == (tuple(text.split()),)


def test_other_white_space_separates_no_tokens():
    data = MultiTaskData.from_rows({"train": [{"tokens": "a\u3000b c\u00a0d"}]}, {"lm": "lm"})
    assert data["train"].tokens == (("a\u3000b", "c\u00a0d"),)


def test_the_same_token_is_one_object():
    rows = [{"tokens": f"wo{i % 2}rd x"} for i in range(4)]
    tokens = MultiTaskData.from_rows({"train": rows}, {"lm": "lm"})["train"].tokens
    assert tokens[0][0] is tokens[2][0]


def test_tokens_are_spelled_as_text_is():
    row = {"tokens": ["Ｘ３", "Cafe\u0301", "，"]}
    assert MultiTaskData.from_rows({"train": [row]}, {"lm": "lm"})["train"].tokens == (
        ("X3", "Café", "，"),
    )


# -- schemes


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_tags_of_every_scheme_become_bio(scheme, data):
    kinds = data.draw(st.sampled_from([("A", "B-c"), ("",)]))
    drawn = [(4, [(0, 2, kinds[0])])]
    drawn += [data.draw(marked(kinds)) for _ in range(4)]
    rows = [
        {"tokens": ["a"] * length, "ner": written(length, true, scheme)} for length, true in drawn
    ]
    read = MultiTaskData.from_rows({"train": rows}, {"ner": "token"})
    assert read.tasks["ner"].is_bio
    assert [spans(tags) for tags in words(read, "ner")] == [true for _, true in drawn]
    assert score(read.tasks["ner"], read["train"].targets["ner"], read["train"].targets["ner"]) == (
        1 if any(true for _, true in drawn) else 0
    )


@pytest.mark.parametrize(
    ("sentences", "scheme"),
    [
        (["B-A I-A O"], "BIO"),
        (["I-A O I-A", "I-A B-A"], "IOB1"),
        (["I-A E-A O"], "IOE2"),
        (["B-A E-A O S-A"], "BIOES"),
        (["B-A M-A E-A O S-A"], "BMES"),
        (["B-A L-A O U-A"], "BILOU"),
        (["B I O"], "BIO"),
        (["B E S B M E"], "BMES"),
        (["N V N"], ""),
    ],
)
def test_the_description_says_what_scheme_was_found(sentences, scheme):
    data = tagged(*sentences)
    assert data.describe().loc[("train", "ner"), "scheme"] == scheme
    assert data.tasks["ner"].score == ("f1" if scheme else "accuracy")
    assert data.only(["ner"]).describe().loc[("train", "ner"), "scheme"] == scheme


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_task_declared_in_bio_reads_every_scheme(scheme):
    tags = written(6, [(0, 1, "PER"), (1, 3, "PER"), (4, 6, "LOC")], scheme)
    row = {"tokens": "a b c d e f", "ner": tags}
    task = Task.bio("ner", ["PER", "LOC"])
    data = MultiTaskData.from_rows({"train": [row]}, [task])
    assert data.tasks["ner"] == task
    assert words(data, "ner") == [["B-PER", "B-PER", "I-PER", "O", "B-LOC", "I-LOC"]]


@pytest.mark.parametrize(
    "labels",
    [
        ("O", "B-A", "I-A", "E-A", "S-A"),
        ("O", "I-A"),
        ("O", "I-A", "E-A"),
        ("O", "U-A", "B-A", "L-A"),
    ],
)
def test_a_task_declared_in_another_scheme_has_its_labels_in_bio(labels):
    data = MultiTaskData.from_rows(
        {"train": [{"tokens": "a b", "ner": "I-A O"}]}, [Task("ner", "token", labels)]
    )
    assert set(data.tasks["ner"].labels) == {"O", "B-A", "I-A"}
    assert words(data, "ner") == [["B-A", "O"]]


def test_with_another_score_tags_are_labels_like_any_others():
    task = Task("words", "token", ("B", "M", "E", "S"), "accuracy")
    data = MultiTaskData.from_rows({"train": [{"tokens": "a b c", "words": "B E S"}]}, [task])
    assert data.tasks == {"words": task}
    assert words(data, "words") == [["B", "E", "S"]]
    assert data.schemes == {}


def test_scores_agree_whatever_the_scheme():
    gold, found = [(0, 1, "A"), (2, 5, "B")], [(0, 1, "A"), (2, 4, "B")]
    for scheme in SCHEMES:
        rows = {
            split: [{"tokens": "a b c d e f", "ner": written(6, true, scheme)}]
            for split, true in (("train", gold), ("test", found))
        }
        data = MultiTaskData.from_rows(rows, {"ner": "token"})
        labels, answers = (data[split].targets["ner"] for split in rows)
        assert score(data.tasks["ner"], labels, answers) == 0.5
        assert entity_f1(words(data, "ner"), words(data, "ner", "test")) == 0.5


def test_spans_out_of_scheme_are_read_and_counted():
    data = tagged("B-A I-A O", "I-A O I-B", "B-A B-B I-B")
    assert words(data, "ner")[1] == ["B-A", "O", "B-B"]
    (found,) = data.findings
    assert (found.split, found.task, found.number, found.example) == (
        "train",
        "ner",
        2,
        "train, row 1",
    )


@pytest.mark.parametrize("bad", ["Orecurring_x", "o", "0", "B", "B_A", "b-A", "OO"])
def test_a_corrupt_tag_is_refused_with_count_place_and_remedy(tmp_path, bad):
    file = tmp_path / "a.conll"
    file.write_text(f"# x\na B-A\nb I-A\nc O\n\na O\nb {bad}\n\nc {bad}\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        MultiTaskData.from_conll({"train": file}, {"ner": "token"}, {"ner": 1})
    message = str(caught.value)
    assert message.startswith(f"{file}:7: tag {bad!r} of task 'ner' is no tag of BIO")
    assert "occurs 2 times" in message
    assert "declare Task('ner', 'token', [...], score='accuracy')" in message


def test_tags_without_an_outside_are_refused_with_the_remedy():
    with pytest.raises(DataError, match=r"train, row 0: .*none is 'O'.*Task\.bio\('ner'"):
        tagged("B-A I-A B-B")
    task = Task.bio("ner", ["A", "B"])
    rows = [{"tokens": "a b c", "ner": "B-A I-A B-B"}]
    assert words(MultiTaskData.from_rows({"train": rows}, [task]), "ner") == [["B-A", "I-A", "B-B"]]


def test_the_remedies_work():
    labels = ["O", "B-A", "I-A", "o"]
    rows = [{"tokens": "a b c d", "ner": " ".join(labels)}]
    task = Task("ner", "token", labels, score="accuracy")
    data = MultiTaskData.from_rows({"train": rows}, [task])
    assert words(data, "ner") == [labels]


# -- unseen labels

UNSEEN = {
    "train": [{"text": "a", "mood": "good", "pos": ["N"]}],
    "test": [
        {"text": "a", "mood": "grim", "pos": ["V"]},
        {"text": "a", "mood": "good", "pos": ["N"]},
    ],
}
BOTH = {"mood": "sequence", "pos": "token"}


def test_a_label_that_training_lacks_is_refused_with_both_remedies():
    with pytest.raises(DataError) as caught:
        MultiTaskData.from_rows(UNSEEN, BOTH)
    message = str(caught.value)
    assert message.startswith(
        "test, row 0: label 'grim' is not among the labels of task 'mood' in training"
    )
    assert "labels='all splits'" in message and "unseen='missing'" in message


def test_labels_of_all_splits():
    data = MultiTaskData.from_rows(UNSEEN, BOTH, labels="all splits")
    assert (data.tasks["mood"].labels, data.tasks["pos"].labels) == (("good", "grim"), ("N", "V"))
    assert words(data, "mood", "test") == ["grim", "good"]


def test_unseen_labels_may_count_as_missing():
    data = MultiTaskData.from_rows(UNSEEN, BOTH, unseen="missing")
    assert words(data, "mood", "test") == [None, "good"]
    assert words(data, "pos", "test") == [[None], ["N"]]
    assert [(f.split, f.task, f.number, f.example) for f in data.findings] == [
        ("test", "mood", 1, "['grim'], first at test, row 0"),
        ("test", "pos", 1, "['V'], first at test, row 0"),
    ]


def test_of_a_declared_task_too():
    task = Task("mood", "sequence", ("good",))
    with pytest.raises(
        DataError, match=r"test, row 0: label 'grim' .*declare it, or unseen='missing'"
    ):
        MultiTaskData.from_rows(UNSEEN, [task])
    data = MultiTaskData.from_rows(UNSEEN, [task], unseen="missing")
    assert words(data, "mood", "test") == [None, "good"]


def test_a_long_list_of_labels_is_cut():
    rows = [{"text": "a", "y": f"label {i}"} for i in range(5000)]
    with pytest.raises(DataError) as caught:
        MultiTaskData.from_rows(
            {"train": rows, "test": [{"text": "a", "y": "new"}]}, {"y": "sequence"}
        )
    assert len(str(caught.value)) < 600
    assert "5000 in all" in str(caught.value)
    assert len(repr(MultiTaskData.from_rows({"train": rows}, {"y": "sequence"}))) < 400


def test_a_declared_task_whose_column_is_not_there_is_refused():
    with pytest.raises(DataError, match=r"no label of task 'mod' in any split.*\['mood', 'text'\]"):
        MultiTaskData.from_rows(
            {"train": [{"text": "a", "mood": "x"}]}, [Task("mod", "sequence", ("x",))]
        )


def test_labels_have_one_order_in_every_process():
    code = (
        "from mtl_tutorial import MultiTaskData; rows = [{'text': 'a', 'y': y} for y in 'qwertyuiop'];"
        "print(MultiTaskData.from_rows({'train': rows}, {'y': 'sequence'}).tasks['y'].labels)"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert printed == {f"{tuple(sorted('qwertyuiop'))}\n"}


# -- what tasks may be


@pytest.mark.parametrize(
    ("tasks", "error", "says"),
    [
        (["mood"], TypeError, r"such as \{'mood': 'sequence'\}.*'mood' \(a string\) among them"),
        ("mood", TypeError, "not 'mood'"),
        (Task("mood", "sequence", ("x",)), TypeError, "not a Task"),
        (None, TypeError, "not None"),
        (3, TypeError, "not 3"),
        ({"mood": None}, TypeError, "kind of task 'mood'"),
        ({"mood": "text"}, ValueError, "kind of task 'mood'.*'text'"),
        ({"mood": ["x"]}, TypeError, "kind of task 'mood'"),
        ({1: "sequence"}, TypeError, "task's name must be a string"),
        ({"text": "sequence"}, ValueError, "cannot be called 'text'"),
        ({"tokens": "token"}, ValueError, "cannot be called 'tokens'"),
        ({"id": "sequence"}, ValueError, "cannot be called 'id'"),
        ({"my mood": "sequence"}, ValueError, "Latin letters"),
        ({}, ValueError, "at least one task"),
        ([], ValueError, "at least one task"),
        ({"a": Task("mood", "sequence", ("x",))}, ValueError, "'mood' stands under the name 'a'"),
        ([Task("m", "lm"), Task("m", "lm")], ValueError, "each task's name once"),
    ],
)
def test_what_tasks_cannot_be_is_said(tasks, error, says):
    with pytest.raises(error, match=says):
        MultiTaskData.from_rows({"train": [{"text": "a", "mood": "x"}]}, tasks)


def test_tasks_may_be_those_of_other_data():
    rows = {"train": [{"text": "a", "mood": "x"}, {"text": "a", "mood": "y"}]}
    data = MultiTaskData.from_rows(rows, {"mood": "sequence", "lm": "lm"})
    again = MultiTaskData.from_rows({"train": rows["train"][:1]}, data.tasks)
    assert again.tasks == data.tasks


@pytest.mark.parametrize(
    ("option", "value", "error"),
    [
        *itertools.product(["min_count"], ["2", 1.5, None, [1], True], [TypeError]),
        *itertools.product(["max_length"], ["2", 1.5, [1], True], [TypeError]),
        *itertools.product(["min_count", "max_length"], [0, -1], [ValueError]),
        *itertools.product(["labels", "unseen", "ids"], [None, 1, ["train"], True], [TypeError]),
        *itertools.product(["labels", "unseen", "ids"], ["", "all", "yes"], [ValueError]),
        ("min_counts", 2, TypeError),
    ],
)
def test_a_bad_option_is_refused_by_name(option, value, error):
    rows = {"train": [{"text": "a", "mood": "x"}]}
    with pytest.raises(error, match=option):
        MultiTaskData.from_rows(rows, {"mood": "sequence"}, **{option: value})

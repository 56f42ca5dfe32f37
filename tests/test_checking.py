"""What would hurt before training: each finding on data made to have it, and nothing on good data."""

import pandas as pd
import pytest

from mtl_tutorial.checking import (
    ALIAS,
    ALIKE,
    CONTRADICTED,
    EMPTY,
    LIKE_NONE,
    LONG,
    LOPSIDED,
    NEW,
    NUMBERED,
    RARE,
    REMEDIES,
    REPEATED,
    UNKNOWN,
    UNLABELED,
    UNTESTED,
    Report,
)
from mtl_tutorial.corpora import people
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.labeling import LEFT_OUT, OUT_OF_SCHEME
from mtl_tutorial.tasks import Task

TASKS = {"mood": "sequence", "ner": "token"}
BEGINNINGS = {"train": "a b", "valid": "b a", "test": "b b"}


def rows(split: str, n: int = 16) -> list[dict]:
    """Different sentences whose words all splits have, and labels that go around."""
    return [
        {
            "text": f"{BEGINNINGS[split]} {'cdefghijklmnopqr'[i]}",
            "mood": "xy"[i % 2],
            "ner": ["O", "B-A", "I-A"] if i % 2 else ["B-B", "I-B", "O"],
        }
        for i in range(n)
    ]


def data(tasks=TASKS, options: dict | None = None, **more: list[dict]) -> MultiTaskData:
    """Data in which nothing is odd but the rows added to some splits."""
    splits = {split: rows(split) + more.get(split, []) for split in BEGINNINGS}
    return MultiTaskData.from_rows(splits, tasks, **(options or {}))


def found(data: MultiTaskData) -> dict[str, list[tuple[str, str, int]]]:
    """What was found → split, task and number of each."""
    table: dict[str, list[tuple[str, str, int]]] = {}
    for finding in data.check().findings:
        table.setdefault(finding.what, []).append((finding.split, finding.task, finding.number))
    return table


def row(text: str, mood: str | None = "x", ner: list | None = None) -> dict:
    return {"text": text, "mood": mood, "ner": ner}


def test_nothing_is_found_in_good_data():
    report = data().check()
    assert len(report) == 0
    assert repr(report) == "Nothing was found that would hurt."
    assert list(report.table.columns) == ["split", "task", "what", "number", "example", "remedy"]
    assert len(people.load("en").check()) == 0


def test_sentences_in_two_splits_are_counted_in_both():
    again = data(test=rows("train")[:3])
    assert found(again) == {REPEATED: [("train", "", 3), ("test", "", 3)]}
    assert again.check().findings[0].example == "'a b c'"
    repeated = again.describe()["repeated"]
    assert repeated[:, "mood"].to_dict() == {"train": 3, "valid": 0, "test": 3}


def test_a_long_example_is_cut():
    long = [row("c d " * 20)]
    example = data({"mood": "sequence"}, train=long, test=long).check().findings[0].example
    assert example == repr(("c d " * 20)[:69] + "…")
    short = [row("c d " * 17 + "e")]
    example = data({"mood": "sequence"}, train=short, test=short).check().findings[0].example
    assert example == repr("c d " * 17 + "e")


def test_a_sentence_that_stands_twice_in_one_split_is_not_in_two():
    assert found(data(train=rows("train")[:3])) == {}


def test_the_same_sentence_with_other_labels_is_found():
    other = [row("a b c", "y", ["B-B", "I-B", "O"]), row("b a d", "y", ["O", "B-A", "O"])]
    assert found(data(train=other[:1], valid=other[1:])) == {
        CONTRADICTED: [("train", "mood", 2), ("valid", "ner", 2)]
    }
    assert CONTRADICTED not in found(data(train=[row("a b c", None)]))


def test_labels_that_only_one_side_has_are_found():
    new = [row("b a c", "z", None), row("b b c", "z", None)]
    there = found(data(options={"labels": "all splits"}, valid=[new[0] | {"text": "b a b"}]))
    assert there == {NEW: [("valid", "mood", 1)]}
    alone = [row(f"a b {a} {a}", "z") for a in "cdefg"]
    assert found(data(train=alone)) == {UNTESTED: [("train", "mood", 5)]}
    assert found(data(train=alone[:4])) == {
        RARE: [("train", "mood", 4)], UNTESTED: [("train", "mood", 4)],
    }  # fmt: skip


def test_a_task_of_one_label_or_nearly_one_is_found():
    tasks = {"same": "sequence", "most": "sequence"}
    splits = {
        split: [r | {"same": "x", "most": "no" if i else "yes"} for i, r in enumerate(rows(split))]
        for split in BEGINNINGS
    }
    there = found(MultiTaskData.from_rows(splits, tasks))
    assert there[ALIKE] == [(split, "same", 16) for split in BEGINNINGS]
    assert there[LOPSIDED] == [(split, "most", 15) for split in BEGINNINGS]
    assert there[RARE] == [("train", "most", 1)]


def test_tags_are_mostly_outside_and_that_is_no_finding():
    outside = [row(f"a b {a} {a} {a} {a} {a} {a}", "x", ["O"] * 8) for a in "cdefghijklmnopqr"]
    outside += [r | {"mood": "y", "text": f"b {r['text'][2:]}"} for r in outside]
    assert found(data(train=outside)) == {}


def test_labels_written_in_two_ways_are_found():
    ways = ["x", "X", "ｘ", "y"]
    there = data(train=[row(f"a b {'cdefg'[i // 4]}", ways[i % 4], None) for i in range(20)])
    assert found(there)[ALIAS] == [("train", "mood", 23), ("valid", "mood", 8), ("test", "mood", 8)]
    example = next(one.example for one in there.check().findings if one.what == ALIAS)
    assert example == "['X', 'x', 'ｘ']"


def test_tags_that_are_numbers_are_found():
    numbered = {
        split: [r | {"ner": [0, 1, 12], "mood": i % 2} for i, r in enumerate(rows(split))]
        for split in BEGINNINGS
    }
    assert found(MultiTaskData.from_rows(numbered, TASKS)) == {NUMBERED: [("train", "ner", 48)]}


@pytest.mark.parametrize("none", [-1, "N/A", "null"])
def test_a_name_for_no_label_is_a_class_and_said_to_be(none):
    numbered = [{**row, "mood": [0, 1, none][i % 3]} for i, row in enumerate(rows("train", 15))]
    here = MultiTaskData.from_rows({"train": numbered}, {"mood": "sequence"})
    assert found(here) == {LIKE_NONE: [("train", "mood", 5)]}
    assert list(here.check().table["example"]) == [repr([str(none)])]
    missing = [{**row, "mood": None if row["mood"] == none else row["mood"]} for row in numbered]
    assert found(MultiTaskData.from_rows({"train": missing}, {"mood": "sequence"})) == {}


def test_a_split_without_labels_is_found():
    splits = {split: rows(split) for split in BEGINNINGS}
    for r in splits["valid"]:
        r["ner"] = None
    assert found(MultiTaskData.from_rows(splits, TASKS)) == {UNLABELED: [("valid", "ner", 16)]}


def test_what_was_odd_when_the_labels_were_read_is_found():
    broken = [row("a b b", "x", ["O", "I-A", "O"])]
    assert found(data(train=broken)) == {OUT_OF_SCHEME: [("train", "ner", 1)]}
    unseen = [row("b b a", "z", ["B-C", "O", "O"])]
    there = data(options={"unseen": "missing"}, test=unseen)
    assert found(there) == {LEFT_OUT: [("test", "mood", 1), ("test", "ner", 1)]}
    assert found(there.only(["ner"])) == {LEFT_OUT: [("test", "ner", 1)]}


def test_sentences_that_pad_all_others_are_found():
    long = [row("a b " + "c " * 400), *rows("train") * 12]
    there = data({"mood": "sequence"}, train=long)
    assert found(there) == {LONG: [("train", "", 1)]}
    assert (
        "one of 402 tokens, where 95 % have at most 3: 99% of" in there.check().findings[0].example
    )
    assert found(data({"mood": "sequence"}, {"max_length": 5}, train=long)) == {}


def test_empty_sentences_are_found():
    whole = data({"mood": "sequence"})
    split = whole["valid"]
    split.inputs[3] = 0
    tokens = [tokens if i != 3 else () for i, tokens in enumerate(split.tokens)]
    object.__setattr__(split, "tokens", tuple(tokens))
    assert found(whole) == {EMPTY: [("valid", "", 1)]}


def test_many_unknown_tokens_are_found():
    strange = [row(f"b b z{i} z z z z") for i in range(8)]
    there = data({"mood": "sequence"}, test=strange)
    assert found(there) == {UNKNOWN: [("test", "", 40)]}
    assert there.check().findings[0].example == "38% of all, the first 'z0'"
    assert found(data({"mood": "sequence"}, test=strange[:1])) == {}


def test_a_language_model_has_no_labels_to_look_at():
    assert found(data({"lm": "lm"})) == {}


def test_the_report_reads_as_a_page_and_is_a_table():
    report = data(test=[*rows("train")[:1], row("b b zz zz", "x")]).check()
    page, table = repr(report), report.table
    assert isinstance(report, Report)
    assert isinstance(table, pd.DataFrame)
    assert len(table) == len(report) == page.count("    such as") == page.count("    remedy")
    for finding in table.itertuples():
        assert f"{finding.what}: {finding.number:,}" in page
        assert finding.remedy == REMEDIES[finding.what]
    assert max(map(len, page.splitlines())) <= 96


def test_data_of_one_split_can_be_checked():
    tasks = [Task("mood", "sequence", ("x", "y", "never"))]
    assert found(MultiTaskData.from_rows({"train": rows("train")}, tasks)) == {}

"""Several data joined, and parts of the training part held out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial import joining
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.dividing import UNEVEN
from mtl_tutorial.reading import DataError
from tests.test_labeling import words

MOOD = [{"id": "1", "text": "a b", "mood": "x"}, {"id": "2", "text": "c", "mood": "y"}]
TAGS = [{"id": "3", "text": "d e", "ner": "O O"}, {"id": "1", "text": "a b", "ner": "I-A O"}]


def mood(rows=MOOD, **splits) -> MultiTaskData:
    return MultiTaskData.from_rows({"train": rows, **splits}, {"mood": "sequence"})


def tags(rows=TAGS, **splits) -> MultiTaskData:
    return MultiTaskData.from_rows({"train": rows, **splits}, {"ner": "token"})


def test_two_annotations_of_one_text_become_one():
    data = mood().joined(tags())
    assert data["train"].ids == ("1", "2", "3")
    assert data["train"].tokens == (("a", "b"), ("c",), ("d", "e"))
    assert words(data, "mood") == ["x", "y", None]
    assert words(data, "ner") == [["B-A", "O"], [None], ["O", "O"]]
    assert set(data.vocabulary.tokens[2:]) == {"a", "b", "c", "d", "e"}
    assert data.schemes == {"ner": "IOB1"}


def test_sentences_without_ids_are_joined_by_their_tokens():
    first = mood(
        [{"text": "a b", "mood": "x"}, {"text": "a b", "mood": "y"}, {"text": "c", "mood": "x"}]
    )
    second = tags([{"text": "d", "ner": "O"}, {"text": "a b", "ner": "B-A O"}])
    data = first.joined(second, by="tokens")
    assert data["train"].tokens == (("a", "b"), ("a", "b"), ("c",), ("d",))
    assert words(data, "mood") == ["x", "y", "x", None]
    assert words(data, "ner") == [["B-A", "O"], [None, None], [None], ["O"]]
    assert len(set(data["train"].ids)) == 4


def test_more_of_the_same_task_is_added():
    more = mood(
        [
            {"id": "2", "text": "c", "mood": None},
            {"id": "9", "text": "f", "mood": "x"},
            {"id": "8", "text": "f", "mood": "y"},
        ]
    )
    data = mood().joined(more)
    assert words(data, "mood") == ["x", "y", "x", "y"]


def test_splits_and_language_models_are_joined():
    lm = MultiTaskData.from_rows(
        {"train": [{"text": "c d"}], "test": [{"text": "d"}]}, {"lm": "lm"}
    )
    data = mood(valid=[{"text": "a", "mood": "x"}]).joined(lm, tags(), by="tokens", min_count=2)
    assert {name: len(split) for name, split in data.splits.items()} == {
        "train": 4,
        "valid": 1,
        "test": 1,
    }
    assert list(data.tasks) == ["mood", "lm", "ner"]
    assert data.vocabulary.tokens[2:] == ("c", "d")


@pytest.mark.parametrize(
    ("join", "error", "says"),
    [
        (lambda: mood().joined(tags([{"id": "2", "text": "d", "ner": "O"}])), DataError,
         "train, sentence '2': its tokens are 'c' in one part and 'd' in another; by='tokens'"),
        (lambda: mood().joined(mood([MOOD[0] | {"mood": "y"}, MOOD[1] | {"id": 4, "mood": "x"}])), DataError,
         "train, sentence '1': task 'mood' is 'x' in one part and 'y' in another"),
        (lambda: mood().joined(mood(MOOD[:1])), ValueError, "task 'mood' is Task.* in one part, Task"),
        (lambda: mood().joined("tags.csv"), TypeError, "others must be a MultiTaskData"),
        (lambda: mood().joined(None), TypeError, "others must be a MultiTaskData"),
        (lambda: mood().joined([tags()]), TypeError, "others must be a MultiTaskData"),
        (lambda: mood().joined(tags(), by="text"), ValueError, "unknown by 'text'"),
        (lambda: mood().joined(tags(), by=3), TypeError, "by must be a string, one of"),
        (lambda: mood().joined(tags(), conflicts="keep"), ValueError, "unknown conflicts 'keep'"),
        (lambda: mood().joined(tags(), min_count="2"), TypeError, "min_count must be a whole number"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(join, error, says):
    with pytest.raises(error, match=says):
        join()


# -- holding out


def test_what_two_parts_say_of_a_sentence_is_counted():
    other = mood(
        [{"text": "a b", "mood": "y"}, {"text": "c", "mood": "y"}, {"text": "d", "mood": "x"}]
    )
    with pytest.raises(DataError, match="conflicts='missing' leaves such labels out"):
        mood().joined(other, by="tokens")
    data = mood().joined(other, by="tokens", conflicts="missing")
    assert words(data, "mood") == [None, "y", "x"]
    found = data.check().table.set_index("what")
    assert found.loc[joining.MERGED, "number"] == 2
    assert found.loc[joining.DISAGREED, ["task", "number", "example"]].to_list() == [
        "mood",
        1,
        "'a b'",
    ]


def test_all_sentences_of_all_parts_may_be_kept():
    data = mood().joined(mood(), by=None)
    assert words(data, "mood") == ["x", "y", "x", "y"] and len(set(data["train"].ids)) == 4


def test_joined_data_may_be_divided():
    more = mood([{"text": f"w{i}", "mood": "xy"[i % 2]} for i in range(18)])
    data = mood().joined(more, by=None, hold_out={"valid": 0.25}, stratify="mood")
    assert (len(data["train"]), len(data["valid"])) == (15, 5)


def held(rows: list[dict], **options) -> MultiTaskData:
    return MultiTaskData.from_rows({"train": rows}, {"mood": "sequence"}, **options)


@given(
    texts=st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), min_size=20, max_size=60),
    seed=st.integers(0, 99),
)
def test_held_out_parts_are_apart_and_of_the_size_asked_for(texts, seed):
    rows = [{"text": text, "mood": "x"} for text in texts]
    try:
        data = held(rows, hold_out={"valid": 0.1, "test": 0.2}, seed=seed)
    except ValueError as error:  # most sentences are the same
        assert "leaves a split empty" in str(error)
        return
    assert sorted(name for split in data.splits.values() for name in split.ids) == sorted(
        f"train-{i}" for i in range(len(rows))
    )
    parts = [set(split.tokens) for split in data.splits.values()]
    assert len(set.union(*parts)) == sum(map(len, parts))
    most = max(texts.count(text) for text in texts)
    for name, share in (("valid", 0.1), ("test", 0.2)):
        assert abs(len(data[name]) - share * len(rows)) < most + 1
    assert data["train"].ids == tuple(sorted(data["train"].ids, key=lambda name: int(name[6:])))


def test_a_draw_depends_on_the_seed_alone_and_words_of_training_are_known():
    rows = [{"text": f"a w{i}", "mood": "x"} for i in range(30)]
    drawn = [held(rows, hold_out={"valid": 0.2}, seed=seed) for seed in (0, 0, 1)]
    assert drawn[0]["valid"].ids == drawn[1]["valid"].ids != drawn[2]["valid"].ids
    assert len(drawn[0]["valid"]) == 6
    assert (drawn[0]["valid"].inputs[:, 1] == 1).all()  # what training lacks is unknown
    assert len(drawn[0].vocabulary) == 2 + 1 + 24


def test_nothing_is_held_out_unless_asked_for():
    rows = [{"text": f"a {i}", "mood": "x"} for i in range(9)]
    assert list(held(rows).splits) == ["train"]
    assert np.array_equal(held(rows)["train"].inputs, held(rows, seed=3)["train"].inputs)


@given(
    rows=st.lists(
        st.tuples(st.sampled_from("abcdefghij"), st.sampled_from("xy"), st.sampled_from("1234567")),
        min_size=30,
        max_size=60,
    )
)
def test_sentences_of_one_group_stay_together(rows):
    rows = [{"text": text, "mood": mood, "by": by} for text, mood, by in rows]
    parts = {"valid": 0.3, "test": 0.1}
    if len({row["by"] for row in rows}) < 3:
        with pytest.raises(
            ValueError, match=r"leaves a split empty.* stay together: (1 part|2 parts) in all"
        ):
            held(rows, hold_out=parts, group="by")
        return
    data = held(rows, hold_out=parts, group="by")
    groups = [{rows[int(name[6:])]["by"] for name in part.ids} for part in data.splits.values()]
    assert sum(map(len, groups)) == len(set.union(*groups))


def test_a_sentence_that_many_say_does_not_tie_their_groups_together():
    rows = [
        {"text": "Thanks!" if i % 5 == 0 else f"w{i}", "mood": "x", "by": f"a{i % 12}"}
        for i in range(120)
    ]
    data = held(rows, hold_out={"valid": 0.25, "test": 0.25}, group="by")
    assert [len(part) for part in data.splits.values()] == [60, 30, 30]
    assert "'Thanks!'" in str(data.check()) and UNEVEN not in str(data.check())


def test_parts_of_another_size_than_asked_for_are_found():
    rows = [{"text": f"w{i}", "mood": "x", "by": i % 4} for i in range(80)]
    data = held(rows, hold_out={"valid": 0.1, "test": 0.2}, group="by")
    assert [len(part) for part in data.splits.values()] == [40, 20, 20]
    assert data.findings == (("valid", "", UNEVEN, 20, "10% of 80 would be 8"),)
    assert "group by something finer" in str(data.check())


def test_those_without_a_group_stay_with_their_like():
    rows = [
        {"text": f"w{i // 4}", "mood": "x", "by": [None, "w0", float("nan"), ""][i % 4]}
        for i in range(80)
    ]
    data = held(rows, hold_out={"valid": 0.3}, group="by")
    alone = [
        {rows[int(name[6:])]["text"] for name in part.ids if rows[int(name[6:])]["by"] != "w0"}
        for part in data.splits.values()
    ]
    assert all(alone) and not set.intersection(*alone)


def test_a_group_may_be_a_function_and_may_be_missing():
    rows = [{"id": f"{i % 5}/{i}", "text": f"w{i}", "mood": "x"} for i in range(20)]
    data = held(rows, hold_out={"valid": 0.2}, group=lambda row: row["id"].split("/")[0])
    assert len({name.split("/")[0] for name in data["valid"].ids}) == 1
    rows = [{"text": f"w{i}", "mood": "x", "by": None} for i in range(20)]
    assert len(held(rows, hold_out={"valid": 0.2}, group="by")["valid"]) == 4


@given(rare=st.integers(1, 20), seed=st.integers(0, 9))
def test_labels_are_spread_evenly(rare, seed):
    rows = [{"text": f"w{i}", "mood": "y" if i < rare else "x"} for i in range(100)]
    data = held(rows, hold_out={"valid": 0.2, "test": 0.2}, stratify="mood", seed=seed)
    for name, share in (("train", 0.6), ("valid", 0.2), ("test", 0.2)):
        found = words(data, "mood", name)
        assert abs(found.count("y") - share * rare) < 1
        assert abs(len(found) - share * 100) <= 1


@given(rare=st.integers(1, 10), seed=st.integers(0, 9))
def test_labels_of_several_tasks_are_spread_evenly_of_token_tasks_too(rare, seed):
    """Every label's sentences: in the splits' proportions, give or take one."""
    rows = [
        {
            "tokens": [f"w{i}", "x", "y"],
            "mood": "ab"[i % 2],
            "ner": ["B-RARE" if i % 20 < rare else "O", "O", "B-PER" if i % 4 == 0 else "O"],
        }
        for i in range(200)
    ]
    data = MultiTaskData.from_rows(
        {"train": rows}, {"mood": "sequence", "ner": "token"},
        hold_out={"valid": 0.2, "test": 0.2}, stratify=["mood", "ner"], seed=seed,
    )  # fmt: skip
    for name, share in (("train", 0.6), ("valid", 0.2), ("test", 0.2)):
        assert abs(len(data[name]) - share * 200) <= 3
        assert abs(words(data, "mood", name).count("a") - share * 100) <= 2
        tags = [label for tags in words(data, "ner", name) for label in tags]
        assert abs(tags.count("B-RARE") - share * rare * 10) <= 2
        assert abs(tags.count("B-PER") - share * 50) <= 2


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"stratify": "ner"}, ValueError, "stratify must be a task with labels, not 'ner'"),
        ({"stratify": ["mood", 3]}, TypeError, "stratify must be a list of task names; 3"),
        ({"stratify": 0.1}, TypeError, "stratify must be a list of task names"),
        ({"stratify": "mood"}, ValueError, "stratify and group are for hold_out"),
        (
            {"group": "by", "hold_out": {"valid": 0.1}},
            DataError,
            "no 'by' to group by; the row has",
        ),
        (
            {"group": 3, "hold_out": {"valid": 0.1}},
            TypeError,
            "group must be a function row → group, or a column's name, not 3",
        ),
        ({"group": lambda row: [], "hold_out": {"valid": 0.1}}, DataError, "a group must be a str"),
        ({"group": lambda: 0, "hold_out": {"valid": 0.1}}, TypeError, "group must be a function"),
        ({"hold_out": 0.1}, TypeError, "hold_out must be a dictionary split → share"),
        ({"hold_out": "valid"}, TypeError, "hold_out must be a dictionary"),
        ({"hold_out": ["valid"]}, TypeError, "hold_out must be a dictionary"),
        ({"hold_out": {"valid": "0.1"}}, TypeError, "share of split 'valid' must be a number"),
        ({"hold_out": {"valid": None}}, TypeError, "share of split 'valid' must be a number"),
        ({"hold_out": {"valid": 0}}, ValueError, "share of split 'valid' must be above 0"),
        ({"hold_out": {"valid": 100}}, ValueError, "share of split 'valid' must be at most 1"),
        ({"hold_out": {"valid": 1.0}}, ValueError, "leaves a split empty"),
        ({"hold_out": {"valid": 0.7, "test": 0.7}}, ValueError, "leaves a split empty"),
        ({"hold_out": {"train": 0.1}}, ValueError, "there is a split 'train' already"),
        ({"hold_out": {"valid": 0.1}, "seed": "1"}, TypeError, "seed must be a whole number"),
        ({"hold_out": {"valid": 0.1}, "seed": -1}, ValueError, "seed must be at least 0"),
    ],
)
def test_what_cannot_be_held_out_is_refused(options, error, says):
    with pytest.raises(error, match=says):
        held([{"text": f"a {i}", "mood": "x"} for i in range(9)], **options)

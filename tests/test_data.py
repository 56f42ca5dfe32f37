"""`MultiTaskData`: sentences and labels as arrays, hiding labels, counting, keeping."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.reading import DataError
from mtl_tutorial.schemes import spans
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import PAD, UNK

KINDS = {"mood": "sequence", "ner": "token", "lm": "lm"}
TRAIN = [
    {"id": "one", "text": "Ana 笑了", "mood": "good", "ner": ["B-PER", "O", "O"]},
    {"text": "笑", "mood": "bad"},
    {"tokens": "了 了 Bo 了", "ner": "O O B-PER O"},
]
TEST = [{"text": "Cy 笑", "mood": "good", "ner": ["B-PER", None]}]


def small(**options) -> MultiTaskData:
    return MultiTaskData.from_rows({"train": TRAIN, "test": TEST}, KINDS, **options)


def many(n: int = 40) -> MultiTaskData:
    """n sentences; every fourth has no mood."""
    rows = [
        {"text": f"a {i}", "mood": None if i % 4 == 0 else "xy"[i % 2], "ner": "O B-N"}
        for i in range(n)
    ]
    return MultiTaskData.from_rows({"train": rows, "valid": rows[:9], "test": rows[:5]}, KINDS)


def assert_same_data(a: MultiTaskData, b: MultiTaskData) -> None:
    assert (a.tasks, a.vocabulary, list(a.splits)) == (b.tasks, b.vocabulary, list(b.splits))
    assert list(a.tasks) == list(b.tasks)
    for name in a.splits:
        assert (a[name].ids, a[name].tokens) == (b[name].ids, b[name].tokens)
        for mine, other in [(a[name].inputs, b[name].inputs)] + [
            (a[name].targets[task], b[name].targets[task]) for task in a.tasks
        ]:
            assert mine.dtype == other.dtype
            assert np.array_equal(mine, other)


# -- rows to arrays


def test_arrays_by_hand():
    data = small()
    train = data["train"]
    assert data.vocabulary.tokens[2:] == ("了", "笑", "Ana", "Bo")
    assert train.ids == ("one", "train-1", "train-2")
    assert train.inputs.tolist() == [[4, 3, 2, PAD], [3, PAD, PAD, PAD], [2, 2, 5, 2]]
    assert train.targets["mood"].tolist() == [1, 0, -1]
    assert train.targets["ner"].tolist() == [[0, 1, 1, -1], [-1] * 4, [1, 1, 0, 1]]
    assert train.targets["lm"].tolist() == [[3, 2, -1, -1], [-1] * 4, [2, 5, 2, -1]]
    assert all(array.dtype == np.int32 for array in (train.inputs, *train.targets.values()))


def test_the_test_part_uses_what_training_knows():
    test = small()["test"]
    assert test.inputs.tolist() == [[UNK, 3]]
    assert test.targets["ner"].tolist() == [[0, -1]]
    assert test.targets["lm"].tolist() == [[3, -1]]


def test_a_next_token_that_is_unknown_is_no_target():
    data = small(min_count=2)
    assert data.vocabulary.tokens[2:] == ("了", "笑")
    assert data["train"].targets["lm"].tolist()[2] == [2, -1, 2, -1]


def test_a_hidden_label_is_missing():
    assert small()["train"].labeled("mood").tolist() == [True, True, False]
    assert small()["train"].labeled("ner").tolist() == [True, False, True]


def test_long_sentences_and_their_labels_are_cut():
    train = small(max_length=2)["train"]
    assert train.tokens[2] == ("了", "了")
    assert train.inputs.shape == train.targets["ner"].shape == (3, 2)
    assert train.targets["ner"].tolist() == [[0, 1], [-1, -1], [1, 1]]


def test_labels_are_counted_before_a_cut():
    row = {"tokens": "a b c", "ner": "O O"}
    with pytest.raises(DataError, match=r"train, row 1: 3 tokens but 2 labels of task 'ner'"):
        MultiTaskData.from_rows({"train": [TRAIN[0], row]}, {"ner": "token"}, max_length=2)


def test_declared_labels_keep_their_ids_and_may_be_unused():
    mood = Task("mood", "sequence", ("so so", "good", "bad"))
    data = MultiTaskData.from_rows({"train": TRAIN}, [mood])
    assert data["train"].targets["mood"].tolist() == [1, 2, -1]


def test_rows_in_memory_are_named_by_split_and_number():
    with pytest.raises(DataError, match=r"^test, row 0: no sentence"):
        MultiTaskData.from_rows({"train": TRAIN, "test": [{"mood": "good"}]}, {"mood": "sequence"})
    with pytest.raises(DataError, match=r"^test, row 0: id 'one' .* train, row 0"):
        MultiTaskData.from_rows({"train": TRAIN, "test": [TRAIN[0]]}, {"mood": "sequence"})


@pytest.mark.parametrize("tasks", [{}, [], [Task("lm", "lm"), Task("lm", "lm")]])
def test_each_task_is_wanted_once(tasks):
    with pytest.raises(ValueError, match=r"give at least one task|each task's name once"):
        MultiTaskData.from_rows({"train": TRAIN}, tasks)


def test_an_empty_split_is_refused():
    with pytest.raises(DataError, match="split 'test' is empty"):
        MultiTaskData.from_rows({"train": TRAIN, "test": []}, KINDS)


def test_an_unknown_split_is_named_beside_the_known():
    with pytest.raises(KeyError, match=r"no split 'dev'.*\['train', 'test'\]"):
        small()["dev"]


def test_rows_are_taken_in_the_order_asked_for():
    taken = small()["train"].take(np.array([2, 0]))
    assert taken.ids == ("train-2", "one")
    assert taken.tokens[1] == ("Ana", "笑", "了")
    assert taken.inputs[:, 0].tolist() == [2, 4]
    assert taken.targets["mood"].tolist() == [-1, 1]


@pytest.mark.parametrize("rows", [[False, False, True], np.array([0, 0, 1], bool), [2], [-1], (2,)])
def test_rows_are_taken_by_position_or_by_a_mask(rows):
    taken = small()["train"].take(rows)
    assert taken.ids == ("train-2",)
    assert taken.inputs.tolist() == [[2, 2, 5, 2]]
    assert taken.tokens == (("了", "了", "Bo", "了"),)
    assert len(small()["train"].take([])) == 0


def test_asking_whether_data_are_equal_is_no_error():
    assert isinstance(small() == small(), bool)


# -- hiding labels


@given(st.integers(0, 30), st.integers(0, 40), st.integers(0, 5))
def test_exactly_so_many_labels_are_kept(mood, ner, seed):
    data = many()
    few = data.with_labels({"mood": mood, "ner": ner}, seed)
    assert few["train"].labeled("mood").sum() == mood
    assert few["train"].labeled("ner").sum() == ner
    for task in ("mood", "ner", "lm"):
        kept = few["train"].labeled(task)
        assert np.array_equal(few["train"].targets[task][kept], data["train"].targets[task][kept])
    assert np.array_equal(few["train"].targets["lm"], data["train"].targets["lm"])


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 5))
def test_for_one_seed_fewer_labels_are_among_more(a, b, seed):
    kept = [many().with_labels({"mood": n}, seed)["train"].labeled("mood") for n in sorted((a, b))]
    assert not (kept[0] & ~kept[1]).any()


def test_another_seed_keeps_other_labels():
    kept = [many().with_labels({"mood": 10}, seed)["train"].labeled("mood") for seed in (0, 0, 1)]
    assert np.array_equal(kept[0], kept[1])
    assert not np.array_equal(kept[0], kept[2])


def test_hiding_labels_leaves_the_rest_and_the_original_alone():
    data, before = many(), many()
    few = data.with_labels({"mood": 1, "ner": 0, "lm": 2})
    assert_same_data(data, before)
    assert few["valid"] is data["valid"]
    assert few["test"] is data["test"]
    assert few["train"].inputs is data["train"].inputs
    assert few.vocabulary is data.vocabulary


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ({"pos": 1}, r"unknown task 'pos'.*\['mood', 'ner', 'lm'\]"),
        ({"mood": -1}, "'mood' has 30 labeled training sentences; cannot keep -1"),
        ({"mood": 31}, "'mood' has 30 labeled training sentences; cannot keep 31"),
        ({"ner": 41}, "'ner' has 40"),
    ],
)
def test_labels_that_are_not_there_cannot_be_kept(counts, says):
    with pytest.raises(ValueError, match=says):
        many().with_labels(counts)


def test_only_some_tasks():
    data = small().only(["ner", "mood"])
    assert list(data.tasks) == ["ner", "mood"]
    assert all(list(split.targets) == ["ner", "mood"] for split in data.splits.values())
    assert small()["train"].ids == data["train"].ids
    with pytest.raises(ValueError, match="unknown task 'pos'"):
        small().only(["pos"])


# -- looking


def test_the_description_by_hand():
    table = small().describe()
    assert table.loc[("train", "mood")].to_dict() == {
        "sentences": 3, "labeled": 2, "missing": pytest.approx(1 / 3),
        "labels": {"bad": 1, "good": 1}, "mean_length": pytest.approx(8 / 3), "max_length": 4,
        "unknown": 0, "repeated": 0, "scheme": "",
    }  # fmt: skip
    assert table.loc[("test", "ner"), "scheme"] == "BIO"
    assert table.loc[("train", "ner"), "labels"] == {"O": 5, "B-PER": 2}
    assert table.loc[("train", "ner"), "labeled"] == 2
    assert table.loc[("test", "ner"), "labels"] == {"B-PER": 1, "O": 0}
    assert table.loc[("test", "mood"), "unknown"] == 0.5
    assert table.loc[("test", "lm"), "labels"] == {}
    assert len(table) == 6


def test_labels_are_counted_most_frequent_first():
    assert list(small().label_counts("ner").items()) == [("O", 5), ("B-PER", 2)]
    assert small().label_counts("mood", "test").to_dict() == {"bad": 0, "good": 1}
    with pytest.raises(ValueError, match="unknown task 'pos'"):
        small().label_counts("pos")


def test_the_labels_of_a_language_model_are_the_tokens():
    assert small().label_counts("lm").to_dict() == {"了": 3, "笑": 1, "Bo": 1}


# -- real corpora, against the published counts


def test_weibo_ner_has_the_published_counts(real_data):
    parts = {"train": "train", "valid": "dev", "test": "test"}
    files = {s: real_data / "weibo_ner" / f"weiboNER_2nd_conll.{p}" for s, p in parts.items()}
    data = MultiTaskData.from_conll(files, {"ner": "token"}, {"ner": 1})
    assert [len(split) for split in data.splits.values()] == [1350, 270, 270]
    assert [(s.inputs != PAD).sum() for s in data.splits.values()] == [73_778, 14_509, 14_842]
    labels = data.tasks["ner"].labels
    kinds = {
        name: Counter(
            kind
            for row in split.targets["ner"]
            for _, _, kind in spans([labels[i] for i in row if i >= 0])
        )
        for name, split in data.splits.items()
    }
    assert kinds["train"] == {
        "PER.NAM": 578, "GPE.NAM": 205, "ORG.NAM": 183, "LOC.NAM": 56,
        "PER.NOM": 772, "ORG.NOM": 42, "LOC.NOM": 51, "GPE.NOM": 8,
    }  # fmt: skip
    assert kinds["valid"].total() == 169 + 220
    assert kinds["test"].total() == 218 + 200
    assert data.describe()["max_length"].max() == 175
    assert data.tasks["ner"].is_bio


def test_snips_has_the_published_counts(real_data):
    def rows(split: str) -> list[dict]:
        parts = [
            (real_data / "snips" / split / part).read_text("utf-8").splitlines()
            for part in ("seq.in", "seq.out", "label")
        ]
        return [
            {"tokens": tokens, "slots": slots, "intent": intent.strip()}
            for tokens, slots, intent in zip(*parts, strict=True)
        ]

    data = MultiTaskData.from_rows(
        {split: rows(split) for split in ("train", "valid", "test")},
        {"intent": "sequence", "slots": "token"},
    )
    assert [len(split) for split in data.splits.values()] == [13_084, 700, 700]
    assert [(s.inputs != PAD).sum() for s in data.splits.values()] == [117_700, 6_384, 6_354]
    assert data.label_counts("intent").to_dict() == {
        "PlayMusic": 1914, "GetWeather": 1896, "BookRestaurant": 1881, "RateBook": 1876,
        "SearchScreeningEvent": 1852, "SearchCreativeWork": 1847, "AddToPlaylist": 1818,
    }  # fmt: skip
    assert len(data.tasks["slots"].labels) == 72
    slots = data.label_counts("slots")
    assert sum(n for label, n in slots.items() if label[0] == "B") == 33_958
    assert slots["B-object_type"] == 3023


@pytest.mark.parametrize(
    ("language", "tokens", "entities"),
    [
        ("en", 21_176, {"PER": 414, "LOC": 426, "ORG": 235}),
        ("zh", 21_415, {"PER": 473, "LOC": 512, "ORG": 154}),
    ],
)
def test_pud_entities_have_the_published_counts(real_data, language, tokens, entities):
    file = real_data / "pud" / f"{language}_pud-ud-test.iob2"
    data = MultiTaskData.from_conll({"train": file}, {"ner": "token"}, {"ner": 2}, token=1)
    assert len(data["train"]) == 1000
    assert (data["train"].inputs != PAD).sum() == tokens
    counts = data.label_counts("ner")
    assert {kind: counts[f"B-{kind}"] for kind in entities} == entities


@pytest.mark.parametrize(("language", "tokens", "tags"), [("en", 21_180, 17), ("zh", 21_415, 15)])
def test_pud_treebanks_have_the_published_counts(real_data, language, tokens, tags):
    file = real_data / "pud" / f"{language}_pud-ud-test.conllu"
    data = MultiTaskData.from_conll({"train": file}, {"pos": "token"}, {"pos": 3}, token=1)
    assert len(data["train"]) == 1000
    assert (data["train"].inputs != PAD).sum() == tokens  # not the lines "3-4" of English
    assert len(data.tasks["pos"].labels) == tags


# -- as users ask


def test_a_short_text_stands_for_the_data():
    rows = [{"text": f"a {i}", "y": f"label {i}"} for i in range(3000)]
    data = MultiTaskData.from_rows({"train": rows}, {"y": "sequence", "lm": "lm"})
    assert str(data) == repr(data)
    assert repr(data).startswith(
        "MultiTaskData(train 3,000 sentences; 3,003 tokens known)\n  y: sequence"
    )
    assert len(repr(data)) < 400
    assert repr(data["train"]) == "Split(3000 sentences, tasks ['y', 'lm'])"
    assert len(repr(data.vocabulary)) < 100


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (
            lambda d: d.with_labels({"mood": 0.5}),
            TypeError,
            "labels of task 'mood' must be a whole number, not 0.5",
        ),
        (lambda d: d.with_labels({"mood": "9"}), TypeError, "labels of task 'mood'"),
        (lambda d: d.with_labels({"mood": None}), TypeError, "labels of task 'mood'"),
        (lambda d: d.with_labels({"mood": True}), TypeError, "labels of task 'mood'"),
        (lambda d: d.with_labels("mood"), TypeError, "counts must be a dictionary"),
        (lambda d: d.with_labels(["mood"]), TypeError, "counts must be a dictionary"),
        (lambda d: d.with_labels(5), TypeError, "counts must be a dictionary"),
        (lambda d: d.with_labels({"mood": 5}, seed="0"), TypeError, "seed must be"),
        (lambda d: d.with_labels({"mood": 5}, seed=-1), ValueError, "seed must be"),
        (
            lambda d: d.only("mood"),
            TypeError,
            r"tasks must be a list of task names, such as \['mood'\]",
        ),
        (lambda d: d.only(None), TypeError, "tasks must be a list"),
        (lambda d: d.only({"mood"}), TypeError, "tasks must be a list"),
        (lambda d: d.only([3]), TypeError, "tasks must be a list"),
        (lambda d: d.only([]), ValueError, r"at least one task; these data have \['mood'"),
        (lambda d: d.label_counts(["mood"]), TypeError, "task must be a string"),
        (lambda d: d.label_counts(None), TypeError, "task must be a string"),
        (lambda d: d.label_counts("mood", "dev"), KeyError, "no split 'dev'"),
        (lambda d: d.label_counts("mood", None), TypeError, "split must be a string, not None"),
        (lambda d: d[0], TypeError, "split must be a string, not 0 "),
        (lambda d: d[["train"]], TypeError, "split must be a string"),
        (lambda d: d["train"].labeled("pos"), ValueError, "unknown task 'pos'"),
        (lambda d: d["train"].labeled(None), TypeError, "task must be a string"),
        (lambda d: d["train"].labeled(["mood"]), TypeError, "task must be a string"),
        (lambda d: d["train"].labeled_for_any("mood"), TypeError, "tasks must be a list"),
        (lambda d: d["train"].labeled_for_any(None), TypeError, "tasks must be a list"),
        (lambda d: d["train"].take("01"), TypeError, "rows must be a list of whole numbers"),
        (lambda d: d["train"].take(1), TypeError, "rows must be a list of whole numbers"),
        (lambda d: d["train"].take([0.5]), TypeError, "rows must be a list of whole numbers"),
        (lambda d: d["train"].take(None), TypeError, "rows must be a list of whole numbers"),
        (lambda d: d.save(None), TypeError, "path must be a path"),
        (lambda d: d.save(["a"]), TypeError, "path must be a path"),
        (lambda d: d.load(3), TypeError, "path must be a path"),
        (lambda d: d.load(""), ValueError, "path must be a path"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_name(ask, error, says):
    with pytest.raises(error, match=says):
        ask(many())


def test_numbers_and_names_of_numpy_and_pandas_are_as_good_as_pythons():
    few = many().with_labels({"mood": np.int64(5), "ner": 3.0}, seed=np.int32(1))
    assert few["train"].labeled("mood").sum() == 5
    assert list(many().only(np.array(["ner"])).tasks) == ["ner"]
    assert list(many().only(many().tasks).tasks) == ["mood", "ner", "lm"]

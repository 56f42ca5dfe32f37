"""The mixing board: what is chosen becomes a plan, its counts, its code and its picture, and stays a plan."""

import itertools
import re

import pytest

from mtl_tutorial.languages import LANGUAGES
from mtl_tutorial.sharing import LEVELS, SharingPlan
from mtl_tutorial.widgets.mixing_board import WAYS, MixingBoard
from tests.tiny import small, tiny_data

TASKS = ["mood", "person", "ner"]


@pytest.fixture(scope="module")
def data():
    return tiny_data()


@pytest.fixture
def board(data):
    return MixingBoard(data, units=8, embedding_dim=8)


def test_it_begins_with_all_shared(board):
    assert board.plan == SharingPlan.hard(TASKS)
    assert board.shown["said"] == (
        "The plan: embedding: shared, encoder_1: shared, encoder_2: shared."
    )


@pytest.mark.parametrize("way", WAYS)
def test_each_way_is_the_plan_that_it_says(board, way):
    board.choose("encoder_1", way)
    both = [tuple(TASKS), *((task,) for task in TASKS)]
    groups = {"shared": both[:1], "apart": both[1:], "stitch": both[1:]}.get(way, both)
    assert sorted(group for _, group in board.plan.copies("encoder_1")) == sorted(groups)
    assert board.plan.mix == ({} if way in ("apart", "shared") else {"encoder_1": way})


def test_whatever_is_chosen_is_a_plan_that_is_counted_and_read_back_from_its_code(board):
    ways = [board.facts["ways"][level] for level in LEVELS]
    feeds = [(None,), ("ner", "mood"), ("mood", "person"), ("person", "ner")]
    for *chosen, fed in itertools.product(*ways, feeds):
        for level, way in zip(LEVELS, chosen, strict=True):
            board.choose(level, way)
        board.feed(*fed)
        plan = board.plan
        assert eval(board.code, {"SharingPlan": SharingPlan}) == plan
        copies = [copy for level in board.shown["levels"].values() for copy in level["copies"]]
        joints = board.parameters["level"].str.contains(" ")
        total = board.parameters["parameters"][~joints].sum()
        assert sum(copy["size"] for copy in copies) + sum(board.shown["heads"].values()) == total
        assert len(copies) == sum(len(plan.copies(level)) for level in LEVELS)


def test_its_counts_are_those_of_the_model(board, data):
    board.choose("encoder_1", "gate")
    board.choose("encoder_2", "stitch")
    board.feed("ner", "mood")
    model = small(data, plan=board.plan)
    assert board.parameters["parameters"].sum() == model.count_params()
    assert f"{model.count_params():,} parameters" in board.shown["numbers"]


def test_a_feed_makes_its_task_leave_below_the_last_level_and_can_be_ended(board):
    board.feed("ner", "mood")
    assert board.plan.feeds == {"encoder_2": {"mood": ["ner"]}}
    assert board.plan.path("ner")[-1][0] == "encoder_1"
    assert board.shown["tops"] == {"mood": 3, "person": 3, "ner": 2}
    assert "mood is fed the answer of ner" in board.shown["said"]
    board.feed(None)
    assert board.plan == SharingPlan.hard(TASKS) and board.shown["feed"] == []


def test_what_the_page_sets_is_heard(board):
    board.set_state({"chosen": {"ways": dict.fromkeys(LEVELS, "apart"), "feed": []}})
    assert board.plan == SharingPlan.separate(TASKS)
    assert board.shown["said"].count("apart") == 3


def test_two_tasks_of_which_one_leaves_are_a_plan_too(data):
    board = MixingBoard(data, tasks=["mood", "ner"])
    for way in WAYS:
        board.choose("encoder_2", way)
        board.feed("ner", "mood")
        assert board.plan.copies("encoder_2") == (("encoder_2", ("mood",)),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_saved_notebook_keeps_the_picture_the_numbers_and_the_code(data, language):
    board = MixingBoard(data, language)
    board.choose("encoder_1", "concat")
    still = board._still()
    assert board.words["concat"] in re.search("alt='([^']*)'", still)[1]
    assert "data:image/png;base64," in still and board.shown["numbers"] in still
    assert "<script" not in still and "mix=" in still
    ours = {word for words in (board.words,) for word in words}
    assert ours == set(MixingBoard(data).words)


def test_what_it_does_not_know_is_refused_by_name(board, data):
    for wrong, message in (
        (lambda: board.choose("encoder_9", "gate"), "unknown level 'encoder_9'"),
        (lambda: board.choose("embedding", "gate"), "unknown way of 'embedding' 'gate'"),
        (lambda: board.choose("encoder_1", "mixed"), "unknown way of 'encoder_1' 'mixed'"),
        (lambda: board.feed("nobody", "mood"), "unknown lower 'nobody'"),
        (lambda: board.feed("mood", "mood"), "unknown upper 'mood'"),
        (lambda: MixingBoard(data, "fr"), "language"),
        (lambda: MixingBoard(data, tasks=["weather"]), "task in tasks"),
        (lambda: MixingBoard(data, levels=["embedding"]), "levels must be at least two"),
    ):
        with pytest.raises(ValueError, match=message):
            wrong()
    with pytest.raises(TypeError, match="data must be a MultiTaskData"):
        MixingBoard(3)
    with pytest.raises(TypeError, match="no option 'unit'; did you mean 'units'"):
        MixingBoard(data, unit=8)

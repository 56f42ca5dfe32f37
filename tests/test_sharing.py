"""Who shares which layer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mtl_tutorial.sharing import LEVELS, SharingPlan

TASKS = ("sentiment", "person", "relation", "ner", "lm")
EXAMPLE = SharingPlan({
    "embedding": [["sentiment", "person", "ner"]],
    "encoder_1": [["person", "ner"], ["sentiment"]],
    "encoder_2": [["person"], ["sentiment"]],
})  # fmt: skip


@st.composite
def plans(draw) -> SharingPlan:
    """Any plan: at each level some tasks may leave, the others fall into groups at will."""
    here = draw(st.lists(st.sampled_from(TASKS), min_size=1, unique=True))
    levels = {}
    for level in LEVELS[: draw(st.integers(1, 3))]:
        marks = [draw(st.integers(0, 2)) for _ in here]
        groups = [[t for t, m in zip(here, marks, strict=True) if m == k] for k in range(3)]
        levels[level] = [group for group in groups if group]
        here = draw(st.lists(st.sampled_from(here), min_size=1, unique=True))
    return SharingPlan(levels)


def members(plan: SharingPlan, level: str) -> list[str]:
    return [task for group in dict(plan)[level] for task in group]


def assert_sound(plan: SharingPlan) -> None:
    """Every level is a partition of tasks that the level below has too."""
    below = set(plan.tasks)
    for level in plan.levels:
        here = members(plan, level)
        assert len(here) == len(set(here))
        assert set(here) <= below
        below = set(here)


# -- by hand


def test_a_plan_is_read_level_by_level():
    assert EXAMPLE.levels == ("embedding", "encoder_1", "encoder_2")
    assert EXAMPLE.tasks == ("sentiment", "person", "ner")
    assert EXAMPLE.group("encoder_1", "ner") == ("person", "ner")
    assert EXAMPLE.group("encoder_2", "ner") is None
    assert EXAMPLE.path("sentiment") == (
        ("embedding", ("sentiment", "person", "ner")),
        ("encoder_1", ("sentiment",)),
        ("encoder_2", ("sentiment",)),
    )
    assert [level for level, _ in EXAMPLE.path("ner")] == ["embedding", "encoder_1"]


def test_the_two_extremes_share_all_and_nothing():
    tasks = ["a", "b", "c"]
    assert all(groups == (("a", "b", "c"),) for _, groups in SharingPlan.hard(tasks))
    assert all(groups == (("a",), ("b",), ("c",)) for _, groups in SharingPlan.separate(tasks))
    assert SharingPlan.hard(tasks).levels == SharingPlan.separate(tasks).levels == LEVELS
    assert SharingPlan.hard(["a"]) == SharingPlan.separate(["a"])
    assert SharingPlan.hard(tasks, ["x"]).as_dict() == {"x": [["a", "b", "c"]]}


def test_sharing_and_splitting_by_hand():
    plan = SharingPlan.separate(["a", "b", "c"], ["low", "high"])
    shared = plan.share("low", ["c", "a"])
    assert shared == SharingPlan({"low": [["a", "c"], ["b"]], "high": [["a"], ["b"], ["c"]]})
    assert shared.split("low", "a") == plan
    assert shared.share("low", ["a", "b"]) == plan.share("low", ["b", "a"])
    assert shared.share("high", ["a", "c"]).group("high", "c") == shared.group("low", "c")


def test_a_task_leaves_the_named_level_and_all_above():
    plan = SharingPlan.hard(["a", "b"], ["low", "middle", "high"]).leave("middle", "b")
    assert plan.as_dict() == {"low": [["a", "b"]], "middle": [["a"]], "high": [["a"]]}


def test_a_level_that_nobody_uses_is_gone():
    plan = SharingPlan({"low": [["a", "b"]], "high": [["b"]]})
    assert plan.leave("high", "b").levels == ("low",)
    assert plan.only(["a"]).as_dict() == {"low": [["a"]]}


def test_groups_may_come_from_any_iterable():
    groups = (group for group in [("a", "b"), ("c",)])
    assert SharingPlan({"low": groups}) == SharingPlan({"low": [["a", "b"], ["c"]]})


# -- errors


@pytest.mark.parametrize(
    ("levels", "says"),
    [
        ({}, "^a sharing plan needs at least one level"),
        ({"low": []}, "'low' is empty"),
        ({"low": [["a"], []]}, "'low'.* empty group"),
        ({"low": [["a", "b"], ["a"]]}, "'a' stands twice in level 'low'"),
        ({"low": [["a", "a"]]}, "'a' stands twice in level 'low'"),
        ({"low": [["a"]], "high": [["a", "b"]]}, "'b' is in level 'high'"),
        ({"low": [["a", "b"]], "mid": [["a"]], "high": [["b"]]}, "'b' is in level 'high'"),
    ],
)
def test_a_bad_plan_is_refused_with_its_culprit(levels, says):
    with pytest.raises(ValueError, match=says):
        SharingPlan(levels)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda: EXAMPLE.group("top", "ner"), "unknown level 'top'.*'encoder_2'"),
        (lambda: EXAMPLE.group("embedding", "pos"), "unknown task 'pos'.*'ner'"),
        (lambda: EXAMPLE.path("pos"), "unknown task 'pos'"),
        (lambda: EXAMPLE.share("top", ["ner"]), "unknown level 'top'"),
        (lambda: EXAMPLE.share("embedding", ["pos"]), "unknown task 'pos'"),
        (lambda: EXAMPLE.share("embedding", []), "'embedding'.*empty group"),
        (lambda: EXAMPLE.share("encoder_2", ["person", "ner"]), "'ner' has left.*'encoder_2'"),
        (lambda: EXAMPLE.split("encoder_2", "ner"), "'ner' has left.*'encoder_2'"),
        (lambda: EXAMPLE.leave("embedding", "ner"), "'ner' cannot leave.*'embedding'"),
        (lambda: EXAMPLE.leave("top", "ner"), "unknown level 'top'"),
        (lambda: EXAMPLE.leave("encoder_1", "pos"), "unknown task 'pos'"),
        (lambda: EXAMPLE.only(["pos"]), "unknown task 'pos'"),
        (lambda: EXAMPLE.only([]), "at least one level"),
        (lambda: SharingPlan.from_json('{"low": [["a", "a"]]}'), "'a' stands twice"),
        (lambda: SharingPlan.hard(["a"], ["low", "low"]), "levels must have different names"),
        (lambda: SharingPlan.separate(["a"], ["low", "low"]), "levels must have different names"),
        (lambda: SharingPlan.from_json("hard"), "no plan as to_json writes it"),
    ],
)
def test_a_bad_question_or_change_is_refused_with_its_culprit(change, says):
    with pytest.raises(ValueError, match=says):
        change()


# -- properties


@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_groups_and_tasks_has_no_meaning(plan, rng):
    shuffled = plan.as_dict()
    for groups in shuffled.values():
        rng.shuffle(groups)
        for group in groups:
            rng.shuffle(group)
    assert SharingPlan(shuffled) == plan
    assert hash(SharingPlan(shuffled)) == hash(plan)


def test_groups_and_tasks_are_written_in_the_order_of_the_lowest_level():
    plan = SharingPlan({"low": [["b"], ["c", "a"]], "high": [["a", "c"], ["b"]]})
    assert plan.as_dict() == {"low": [["b"], ["c", "a"]], "high": [["b"], ["c", "a"]]}


def test_plans_that_differ_are_not_equal():
    hard, separate = SharingPlan.hard(["a", "b"]), SharingPlan.separate(["a", "b"])
    assert hard != separate
    assert hard != hard.leave("encoder_2", "a")
    assert SharingPlan.hard(["a"], ["x", "y"]) != SharingPlan.hard(["a"], ["y", "x"])
    assert hard != hard.as_dict()
    assert len({hard, separate, SharingPlan.hard(["b", "a"])}) == 2


@given(plans())
def test_a_plan_survives_json_and_its_own_description(plan):
    again = SharingPlan.from_json(plan.to_json())
    assert again == plan
    assert again.as_dict() == plan.as_dict()
    assert eval(repr(plan)) == plan


@given(plans())
def test_path_and_group_agree(plan):
    assert_sound(plan)
    for task in plan.tasks:
        path = dict(plan.path(task))
        assert tuple(path) == plan.levels[: len(path)]
        for level in plan.levels:
            assert plan.group(level, task) == path.get(level)
            assert plan.group(level, task) is None or task in plan.group(level, task)


@given(plans(), st.data())
def test_sharing_joins_the_named_tasks_and_nothing_else(plan, data):
    before = plan.to_json()
    level = data.draw(st.sampled_from(plan.levels))
    here = members(plan, level)
    chosen = data.draw(st.lists(st.sampled_from(here), min_size=1, unique=True))
    shared = plan.share(level, chosen)
    assert_sound(shared)
    assert set(shared.tasks) == set(plan.tasks)
    assert all(set(shared.group(level, task)) == set(chosen) for task in chosen)
    for task in set(here) - set(chosen):
        assert set(shared.group(level, task)) == set(plan.group(level, task)) - set(chosen)
    for other in set(plan.levels) - {level}:
        assert {frozenset(g) for g in dict(shared)[other]} == {
            frozenset(g) for g in dict(plan)[other]
        }
    assert plan.to_json() == before


@given(plans(), st.data())
def test_a_split_task_is_alone_at_that_level(plan, data):
    level = data.draw(st.sampled_from(plan.levels))
    task = data.draw(st.sampled_from(members(plan, level)))
    split = plan.split(level, task)
    assert_sound(split)
    assert split.group(level, task) == (task,)
    assert split == plan.share(level, [task])
    assert split.split(level, task) == split


@given(plans(), st.data())
def test_leaving_shortens_the_path_of_one_task(plan, data):
    before = plan.to_json()
    task = data.draw(st.sampled_from(plan.tasks))
    level = data.draw(st.sampled_from(plan.levels))
    if level == plan.levels[0]:
        return
    left = plan.leave(level, task)
    assert_sound(left)
    assert set(left.tasks) == set(plan.tasks)
    kept = plan.levels[: plan.levels.index(level)]
    assert [name for name, _ in left.path(task)] == [n for n, _ in plan.path(task) if n in kept]
    for other in set(plan.tasks) - {task}:
        assert [n for n, _ in left.path(other)] == [n for n, _ in plan.path(other)]
    assert plan.to_json() == before


@given(plans(), st.data())
def test_what_remains_of_a_plan_keeps_who_shares_with_whom(plan, data):
    before = plan.to_json()
    chosen = data.draw(st.lists(st.sampled_from(plan.tasks), min_size=1, unique=True))
    rest = plan.only(chosen)
    assert_sound(rest)
    assert set(rest.tasks) == set(chosen)
    for task in chosen:
        expected = [(level, set(group) & set(chosen)) for level, group in plan.path(task)]
        assert [(level, set(group)) for level, group in rest.path(task)] == expected
    assert plan.only(plan.tasks) == plan
    assert plan.to_json() == before


def test_changing_what_a_plan_gave_away_does_not_change_the_plan():
    levels = {"low": [["a", "b"]]}
    plan = SharingPlan(levels)
    levels["low"][0].append("c")
    plan.as_dict()["low"].clear()
    assert plan.tasks == ("a", "b")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: SharingPlan("hard"), "must be a dictionary level → groups"),
        (lambda: SharingPlan(None), "must be a dictionary"),
        (lambda: SharingPlan([["a"]]), "^levels of a plan must be a dictionary"),
        (lambda: SharingPlan({1: [["a"]]}), "its key 1"),
        (lambda: SharingPlan({"low": "ab"}), "'low'.*lists of task names"),
        (lambda: SharingPlan({"low": ["a", "b"]}), "'low'.*lists of task names"),
        (lambda: SharingPlan({"low": 3}), "'low'.*lists of task names.*not 3"),
        (lambda: SharingPlan({"low": [{"a", "b"}]}), "'low'.*must be a list of task names"),
        (lambda: SharingPlan({"low": [[1, 2]]}), "'low'.*1 .a whole number. among them"),
        (lambda: SharingPlan({"low": {"a": ["b"]}}), "'low'"),
        (lambda: SharingPlan.hard("enc"), r"tasks must be a list .*such as \['enc'\]"),
        (lambda: SharingPlan.hard(["a"], "enc"), r"levels must be a list .*such as \['enc'\]"),
        (lambda: SharingPlan.hard(3), "tasks must be a list"),
        (lambda: SharingPlan.hard({"a", "b"}), "tasks must be a list"),
        (lambda: SharingPlan.separate("mood"), r"tasks must be a list .*\['mood'\]"),
        (lambda: SharingPlan.separate(["a"], None), "levels must be a list"),
        (lambda: EXAMPLE.share("encoder_1", "ner"), r"tasks must be a list .*\['ner'\]"),
        (lambda: EXAMPLE.share("encoder_1", None), "tasks must be a list"),
        (lambda: EXAMPLE.share(["encoder_1"], ["ner"]), "level must be a string"),
        (lambda: EXAMPLE.split("encoder_1", ["ner"]), "task must be a string"),
        (lambda: EXAMPLE.leave("encoder_1", ["ner"]), "task must be a string"),
        (lambda: EXAMPLE.leave(1, "ner"), "level must be a string"),
        (lambda: EXAMPLE.only("ner"), r"tasks must be a list .*\['ner'\]"),
        (lambda: EXAMPLE.group("encoder_1", None), "task must be a string"),
        (lambda: EXAMPLE.path(["ner"]), "task must be a string"),
        (lambda: SharingPlan.from_json(None), "written must be a string"),
        (lambda: SharingPlan.from_json({"low": [["a"]]}), "written must be a string"),
        (
            lambda: SharingPlan.from_json('["a"]'),
            "^written must be a dictionary as as_dict writes it, not",
        ),
        (lambda: SharingPlan.from_json('{"low": 3}'), "'low'"),
    ],
)
def test_what_is_of_the_wrong_kind_is_refused_with_its_name(make, says):
    with pytest.raises(TypeError, match=says):
        make()


def test_tasks_may_come_one_by_one_and_as_data_have_them():
    assert SharingPlan.hard(iter(["a", "b"])) == SharingPlan.hard({"a": 1, "b": 2})
    assert SharingPlan.hard(["a", "b"]).tasks == ("a", "b")


def test_a_new_group_stands_where_its_first_task_stood():
    apart = SharingPlan.separate(["a", "b", "c", "d"], ["low"])
    assert apart.share("low", ["b", "d"]).as_dict() == {"low": [["a"], ["b", "d"], ["c"]]}


def test_plans_that_share_otherwise_are_told_apart_by_their_hashes():
    tasks = ["a", "b", "c"]
    plans = [
        SharingPlan.hard(tasks),
        *(SharingPlan.hard(tasks).split("embedding", t) for t in tasks),
    ]
    assert len(set(map(hash, plans))) == len(plans)


def test_a_plan_of_one_task_has_copies_too():
    assert SharingPlan.hard(["a"], ["low"]).copies("low") == (("low", ("a",)),)


def test_levels_that_are_no_list_are_called_level_names():
    with pytest.raises(TypeError, match=r"levels must be .*level names"):
        SharingPlan.hard(["a", "b"], levels="embedding")

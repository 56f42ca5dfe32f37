"""Plans that do more than divide tasks into groups: as data, and walked."""

import json

import pytest

from mtl_tutorial.climbing import readers, walk
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.joints import Joint, numbered, steps
from mtl_tutorial.lab.board import Board
from mtl_tutorial.sharing import SharingPlan

ALL = ["a", "b", "c"]
APART = [["a"], ["b"], ["c"]]
GATED = SharingPlan({"low": [ALL], "mid": [ALL, *APART], "top": APART}, mix={"mid": "gate"})
FED = SharingPlan(
    {"low": [ALL], "mid": [["a", "b"]], "top": [["a", "b"]]}, feeds={"mid": {"b": ["c"]}}
)
STITCHED = SharingPlan({"low": APART, "mid": APART}, mix={"mid": "stitch"})
EVERY = [
    GATED,
    FED,
    STITCHED,
    SharingPlan({"low": [ALL], "mid": [ALL, ALL, ALL]}, mix={"mid": "gate"}),
    SharingPlan({"low": [ALL, *APART]}, mix={"low": "concat"}, reverse=["c", "a"]),
]


@pytest.mark.parametrize("plan", EVERY)
def test_a_plan_survives_json_and_its_own_description(plan):
    again = SharingPlan.from_json(plan.to_json())
    assert again == plan
    assert hash(again) == hash(plan)
    assert json.loads(plan.to_json()) == plan.as_dict()
    assert eval(repr(plan)) == plan
    assert not plan.is_partition


def test_plans_that_differ_in_one_thing_are_not_equal():
    levels, fed = STITCHED.as_dict()["levels"], FED.as_dict()["levels"]
    others = [
        SharingPlan(levels),
        STITCHED,
        SharingPlan(levels, mix={"low": "stitch"}),
        SharingPlan(levels, reverse=["a"]),
        FED,
        SharingPlan(fed),
        SharingPlan(fed, feeds={"top": {"b": ["c"]}}),
        SharingPlan({"low": [ALL, ALL]}, mix={"low": "concat"}),
        SharingPlan({"low": [ALL, ALL, ALL]}, mix={"low": "concat"}),
    ]
    assert len(set(others)) == len(others)


def test_what_mixes_nothing_is_left_out():
    hard = {"low": [ALL], "mid": [ALL]}
    assert SharingPlan(hard, mix={"mid": "stitch"}) == SharingPlan(hard)
    assert SharingPlan(hard, mix={"mid": "gate"}, feeds={"mid": {}}) == SharingPlan(hard)
    assert SharingPlan({"low": APART}, mix={"low": "concat"}).is_partition


def test_a_partition_is_written_and_keyed_as_ever():
    plan = SharingPlan.hard(["person", "ner"]).leave("encoder_2", "ner")
    assert plan.is_partition
    written = {"embedding": [["person", "ner"]], "encoder_1": [["person", "ner"]]}
    assert plan.to_json() == json.dumps({**written, "encoder_2": [["person"]]})
    key = Experiment("joint", ("person", "ner"), plan=plan.as_dict(), seed=3).key
    assert key == "zh-joint-person+ner-seed3-04ed7cc674"


def test_the_key_of_an_experiment_knows_all_of_a_plan():
    keys = {Experiment("m", tuple(ALL), plan=plan.as_dict()).key for plan in EVERY}
    assert len(keys) == len(EVERY)
    written = STITCHED.as_dict()
    turned = {**written, "levels": dict(reversed(written["levels"].items()))}
    ours, other = (Experiment("m", tuple(ALL), plan=plan).key for plan in (written, turned))
    assert ours != other


def test_copies_of_equal_groups_are_told_apart():
    plan = SharingPlan({"low": [["b", "a"], ["a", "b"], ["b"]]}, mix={"low": "concat"})
    twice = (("low", ("b", "a")), ("low", ("b", "a"), 2))
    assert plan.copies("low") == (("low", ("b",)), *twice)
    assert plan.copies("low", "a") == twice
    with pytest.raises(ValueError, match="'a' has 2 copies of level 'low'"):
        plan.group("low", "a")


@pytest.mark.parametrize("plan", EVERY)
def test_copies_that_meet_in_a_task_have_different_numbers(plan):
    for level in plan.levels:
        numbers = numbered(plan.copies(level))
        for task in plan.tasks:
            own = [numbers[copy] for copy in plan.copies(level, task)]
            assert len(set(own)) == len(own)
        if level not in plan.mix or plan.mix[level] == "stitch":
            assert set(numbers.values()) == {0}


def test_a_path_names_what_is_passed():
    gate = Joint("gate", ("a",), (("mid", ("a",)), ("mid", ("a", "b", "c"))))
    assert GATED.path("a") == (("low", tuple(ALL)), ("mid", gate), ("top", ("a",)))
    fed = ("mid", Joint("feed", ("b",), ("c",)))
    assert FED.path("b") == (("low", tuple(ALL)), fed, ("mid", ("a", "b")), ("top", ("a", "b")))
    assert fed not in FED.path("a")
    assert [step[0] for step in STITCHED.path("a")] == ["low", "mid", "mid"]


# -- changed


def test_sharing_splitting_and_leaving_keep_the_rest():
    assert GATED.share("mid", ALL) == SharingPlan({"low": [ALL], "mid": [ALL], "top": APART})
    assert GATED.split("top", "a") == GATED
    split = GATED.split("mid", "a")
    assert split.copies("mid", "a") == (("mid", ("a",)),)
    assert len(split.copies("mid", "b")) == 2
    assert split.mix == {"mid": "gate"}
    assert FED.share("top", ["a"]).feeds == FED.feeds
    assert FED.leave("mid", "b").is_partition  # who has left is fed no more
    assert FED.leave("top", "b").feeds == FED.feeds
    assert GATED.leave("mid", "a").leave("mid", "b").leave("mid", "c").levels == ("low",)
    assert FED.only(["b", "a"]).is_partition
    adversary = SharingPlan({"low": [ALL]}, reverse=["b"])
    assert adversary.only(["b", "c"]).reverse == ("b",)
    assert adversary.only(["c"]).is_partition


def test_what_a_plan_gave_away_does_not_change_it():
    FED.feeds["mid"]["b"].clear()
    GATED.mix.clear()
    assert FED.feeds == {"mid": {"b": ["c"]}}
    assert GATED.mix == {"mid": "gate"}


# -- refused

LOW_HIGH = {"low": [["a", "b"]], "high": [["a"]]}
TWICE = {"low": [["a", "b"], ["a"]]}


@pytest.mark.parametrize(
    ("levels", "more", "says"),
    [
        (TWICE, {}, "'a' stands twice in level 'low'"),
        (TWICE, {"mix": {"low": "stitch"}}, "'a' stands twice in level 'low'"),
        ({"low": [["a", "a"]]}, {"mix": {"low": "concat"}}, "'a' stands twice in level 'low'"),
        (LOW_HIGH, {"mix": {"top": "gate"}}, "unknown level in mix 'top'"),
        (LOW_HIGH, {"mix": {"high": "sum"}}, "unknown mix of level 'high' 'sum'"),
        (TWICE, {"mix": {"low": "gate"}}, "'low' cannot have a gate"),
        (LOW_HIGH, {"feeds": {"top": {"a": ["b"]}}}, "unknown level in feeds 'top'"),
        (LOW_HIGH, {"feeds": {"low": {"a": ["b"]}}}, "'low': nobody has answered"),
        (LOW_HIGH, {"feeds": {"high": {"c": ["b"]}}}, "unknown task .*'high' 'c'"),
        (LOW_HIGH, {"feeds": {"high": {"a": ["c"]}}}, "what 'a' gets 'c'"),
        (LOW_HIGH, {"feeds": {"high": {"b": ["a"]}}}, "'b' has left the trunk below"),
        (LOW_HIGH, {"feeds": {"high": {"a": ["a"]}}}, "'a' cannot feed 'a'"),
        (LOW_HIGH, {"reverse": ["c"]}, "unknown task in reverse 'c'"),
        (
            {**TWICE, "high": [["a", "b"]]},
            {"mix": {"low": "concat"}},
            "'high': tasks .*'a', 'b'.* different numbers of features",
        ),
        (
            {"low": APART, "high": [["a", "b"], ["c"]]},
            {"mix": {"high": "stitch"}},
            "'high'.*'a', 'b'.* cannot be stitched",
        ),
    ],
)
def test_a_bad_plan_is_refused_with_its_culprit(levels, more, says):
    with pytest.raises(ValueError, match=says):
        SharingPlan(levels, **more)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"mix": "gate"}, "mix must be a dictionary"),
        ({"mix": {"low": ["gate"]}}, "mix of level 'low' must be a string"),
        ({"feeds": ["a"]}, "feeds must be a dictionary"),
        ({"feeds": {"high": ["b"]}}, "feeds at level 'high' must be a dictionary"),
        ({"feeds": {"high": {"a": "b"}}}, "what 'a' gets must be a list"),
        ({"reverse": "a"}, "reverse must be a list"),
    ],
)
def test_what_is_of_the_wrong_kind_is_refused_with_its_name(more, says):
    with pytest.raises(TypeError, match=says):
        SharingPlan(LOW_HIGH, **more)


def test_what_is_no_part_of_a_plan_is_refused():
    with pytest.raises(ValueError, match="unknown part of a plan 'mixed'"):
        SharingPlan.from_dict({"levels": {"low": [["a"]]}, "mixed": {}})


def test_the_labs_board_refuses_what_it_cannot_show():
    with pytest.raises(ValueError, match=r"groups alone; this plan has \['mix'\]"):
        Board.of(GATED)


# -- walked


def written(plan: SharingPlan) -> dict[str, str]:
    """What every task computes, walked with strings in place of activations."""

    def layer(level, what, *again):
        if isinstance(what, Joint):
            return lambda several: f"{what.kind}_{''.join(what.tasks)}({', '.join(several)})"
        return lambda below: f"{level[0]}{''.join((*what, *map(str, again)))}({below})"

    layers = {step: layer(*step) for step in steps(plan)}
    layers |= {("head", (task,)): layer("head", (task,)) for task in plan.tasks}
    reached = walk(plan, "x", layers)
    return {task: reached[plan.path(task)] for task in plan.tasks}


def test_a_gate_weighs_the_copies_of_its_task_by_what_comes_from_below():
    assert written(GATED)["a"] == "ta(gate_a(labc(x), ma(labc(x)), mabc(labc(x))))"


def test_a_stitch_reads_what_other_tasks_bring():
    two = SharingPlan({"low": APART, "mid": APART}, mix=dict.fromkeys(["low", "mid"], "stitch"))
    low = {task: f"stitch_{task}(la(x), lb(x), lc(x))" for task in ALL}
    ends = ", ".join(f"m{task}({low[task]})" for task in ALL)
    assert written(two)["b"] == f"stitch_b({ends})"


def test_an_answer_is_fed_to_its_task_alone():
    assert written(FED) == {
        "a": "tab(mab(labc(x)))",
        "b": "tab(mab(feed_b(labc(x), hc(labc(x)))))",
        "c": "labc(x)",
    }


def test_readers_are_those_whose_answers_depend_on_a_layer():
    found = readers(FED)
    assert found["head", ("c",)] == ("b", "c")
    assert found["mid", ("a", "b")] == ("a", "b")
    assert readers(STITCHED)["low", ("a",)] == tuple(ALL)
    assert readers(SharingPlan(STITCHED.as_dict()["levels"]))["low", ("a",)] == ("a",)
    assert readers(GATED)["mid", Joint("gate", ("a",), GATED.copies("mid", "a"))] == ("a",)

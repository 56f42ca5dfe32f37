"""The gate for arguments."""

import json
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mtl_tutorial import arguments
from mtl_tutorial.arguments import (
    flag,
    function,
    instance,
    instances,
    integer,
    label_ids,
    listed,
    mapping,
    names,
    number,
    one_of,
    path,
    plain,
    sequence,
    short,
    shown,
    text,
)
from mtl_tutorial.sharing import SharingPlan

ODD = [None, "3", b"3", [3], (3,), {"a": 3}, {3}, np.array([3]), pd.DataFrame({"a": [3]}), len]


@pytest.mark.parametrize("three", [3, 3.0, np.int64(3), np.int8(3), np.float32(3), np.uint8(3)])
def test_whole_numbers_come_out_as_pythons(three):
    assert type(integer("n", three)) is int
    assert integer("n", three) == 3
    assert type(number("n", three)) is float


@pytest.mark.parametrize(
    "value", [*ODD, True, np.True_, 2.5, float("nan"), float("inf"), 1j], ids=repr
)
def test_what_is_no_whole_number_is_refused_by_name(value):
    with pytest.raises(TypeError, match=r"^epochs must be a whole number, not "):
        integer("epochs", value)


@pytest.mark.parametrize("value", [*ODD, False, 1j], ids=lambda value: type(value).__name__)
def test_what_is_no_number_is_refused_by_name(value):
    with pytest.raises(TypeError, match=r"^rate must be a number, not "):
        number("rate", value)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: integer("n", 0, least=1), "n must be at least 1, not 0"),
        (lambda: integer("n", 9, most=8), "n must be at most 8, not 9"),
        (lambda: number("n", 1.5, least=0, most=1), "n must be from 0 to 1, not 1.5"),
        (lambda: number("n", 0, above=0), "n must be above 0, not 0.0"),
        (lambda: number("n", float("nan")), "n must be a finite number, not nan"),
        (lambda: number("n", float("inf")), "n must be a finite number, not inf"),
        (lambda: one_of("n", "c", "ab"), r"unknown n 'c'; choose one of \['a', 'b'\]"),
        (lambda: path("n", " "), "n must be a path, .* not an empty string"),
    ],
)
def test_a_value_out_of_bounds_is_refused_with_the_bounds(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_bounds_belong_to_what_is_allowed():
    assert [integer("n", n, 1, 3) for n in (1, 2, 3)] == [1, 2, 3]
    assert [number("n", n, 0, 1) for n in (0, 1)] == [0.0, 1.0]


@pytest.mark.parametrize(
    "value", [[], ["a"], ("a",), np.array(["a"]), pd.Series(["a"]), OrderedDict(a=1)]
)
def test_several_strings_come_out_as_a_tuple_of_strings(value):
    assert names("tasks", value) == tuple(value)
    assert all(type(name) is str for name in names("tasks", value))


@pytest.mark.parametrize(
    "value", ["ner", b"ner", {"ner"}, None, 3, [3], [None], pd.DataFrame({"a": [1]})]
)
def test_one_string_a_set_or_anything_else_is_no_list_of_names(value):
    with pytest.raises(TypeError, match=r"^tasks must be a list of task names"):
        names("tasks", value)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: flag("crf", 1), "crf must be True or False, not 1 "),
        (lambda: flag("crf", "no"), "crf must be True or False, not 'no' "),
        (lambda: text("name", 3), "name must be a string, not 3 "),
        (lambda: text("name", b"x"), "name must be a string, not a bytes"),
        (lambda: one_of("n", 3, ["a" * 99]), r"one of \['a{58}…\], not 3 "),
        (lambda: one_of("n", 3, ["a"]), r"n must be a string, one of \['a'\], not 3 "),
        (lambda: sequence("rows", "ab", "rows"), "rows must be a list of rows, not 'ab' "),
        (lambda: sequence("rows", {}, "rows"), "rows must be a list of rows, not {} "),
        (
            lambda: mapping("w", [1], "task → weight"),
            r"w must be a dictionary task → weight, not \[1\]",
        ),
        (lambda: mapping("w", {1: 1}, "task → weight"), "its key 1 "),
        (
            lambda: instance("plan", {}, SharingPlan),
            r"plan must be a SharingPlan, such as .*, not \{\}",
        ),
        (lambda: instance("p", 1, Path), r"p must be a Path, not 1 \(a whole number\)"),
        (
            lambda: function("weigh", 3, "weigh(losses)"),
            r"weigh must be a function weigh\(losses\), not 3",
        ),
        (lambda: function("weigh", dict, "weigh(losses)"), "weigh must be a function"),
        (lambda: path("file", 3), "file must be a path"),
        (lambda: path("file", b"x"), "file must be a path"),
        (lambda: path("file", None), "file must be a path, .* not None"),
    ],
)
def test_the_wrong_kind_is_refused_by_name(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_what_fits_is_given_back():
    plan, weights = SharingPlan.hard(["ner"]), {"ner": 2}
    assert instance("plan", plan, SharingPlan) is plan
    assert mapping("weights", weights, "task → weight") is weights
    assert function("weigh", len, "") is len
    assert flag("crf", np.True_) is True
    assert type(text("name", np.str_("x"))) is str
    assert sequence("rows", (1, 2), "rows") == (1, 2)
    assert path("file", Path("a")) == Path("a")
    assert path("file", "~/a") == Path.home() / "a"


def test_messages_stay_short():
    assert len(shown("x" * 10_000)) < 100
    assert shown(pd.DataFrame({"a": range(1000)})) == "a DataFrame"
    assert shown(np.zeros(1000)) == "a ndarray"
    assert len(listed(range(5000))) < 100
    assert "5000 in all" in listed(range(5000))


def test_an_array_without_an_axis_is_not_several_strings():
    with pytest.raises(TypeError, match=r"^tasks must be a list of task names"):
        names("tasks", np.array("a"))


def test_several_objects_come_out_as_a_list():
    plans = [SharingPlan.hard(["a"]), SharingPlan.hard(["b"])]
    for several in (plans, tuple(plans), iter(plans), pd.Series(plans)):
        assert instances("plans", several, SharingPlan) == plans
    for value in (None, 3, "hard", plans[0], {"a": plans[0]}, np.array("hard")):
        with pytest.raises(TypeError, match=r"^plans must be a list of SharingPlans, not "):
            instances("plans", value, SharingPlan)
    with pytest.raises(TypeError, match=r"^plans\[1\] must be a SharingPlan, .* not None"):
        instances("plans", [plans[0], None], SharingPlan)


def test_label_ids_come_out_as_an_array_of_whole_numbers():
    for ids in ([0, 1, -1], (0, 1, -1), np.array([0, 1, -1], np.int8), pd.Series([0, 1, -1])):
        assert label_ids("labels", ids).tolist() == [0, 1, -1]
    assert label_ids("labels", [[0], [1]]).shape == (2, 1)
    assert label_ids("labels", []).size == 0
    odd = [None, "3", 3, {"a": 3}, {3}, [0.5], ["a"], [[0], [0, 1]], [True], [None], object()]
    for value in (*odd, pd.DataFrame({"a": ["x"]}), np.array(["a"])):
        with pytest.raises(TypeError, match=r"^labels must be an array of label ids"):
            label_ids("labels", value)


def test_plain_json_comes_out_as_json_reads_it_back():
    given = {"a": (np.int8(1), [np.float64(0.5), None]), "b": np.arange(2), "c": np.True_}
    assert plain("x", given) == {"a": [1, [0.5, None]], "b": [0, 1], "c": True}
    assert json.loads(json.dumps(plain("x", given))) == plain("x", given)
    for odd, place in ((b"3", "x"), ({"a": [3, {3}]}, r"x\['a'\]\[1\]"), ([len], r"x\[0\]")):
        with pytest.raises(TypeError, match=rf"^{place} must be plain JSON .*, not "):
            plain("x", odd)
    with pytest.raises(TypeError, match=r"^a key of x must be a string, not 3"):
        plain("x", {3: 3})


@pytest.mark.parametrize("length", [0, 59, 60, 61, 100_000])
def test_a_message_never_grows_with_a_value(length):
    assert short("x" * length) == ("x" * length if length <= 60 else "x" * 59 + "…")
    assert len(listed(["x" * length] * 1000)) < 1000
    assert len(shown("x" * length)) < 80


def test_every_gate_is_tested_here():
    gates = {
        n for n, f in vars(arguments).items() if callable(f) and f.__module__ == arguments.__name__
    }
    assert {g for g in gates if not g.startswith("_")} <= set(globals()) - {"T"}

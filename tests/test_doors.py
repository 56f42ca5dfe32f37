"""Every argument of every public function, given what it is not made for.

Each either works as a user would expect, or is refused by our own code with a `TypeError` or
`ValueError` that names the argument. What works although it looks odd stands in `FINE`.
"""

import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pooch
import pytest
from matplotlib.figure import Figure

import mtl_tutorial
from mtl_tutorial import (
    FusedAdam,
    MultiTaskData,
    Run,
    SharingPlan,
    Task,
    Vocabulary,
    build_model,
    comparing,
    exercises,
    people,
    plots,
    scoring,
    train,
    trials,
)
from tests.tiny import TASKS, tiny_data

HERE = Path(mtl_tutorial.__file__).parent
KINDS = ("none", "text", "number", "list", "dict", "model", "data", "frame", "scalar")
INNER = {  # Keras calls these, or the step does within a graph; `fit` and its kin: test_keras_model
    "MultiTaskModel": {
        "train_step", "test_step", "make_train_function", "make_test_function", "metrics", "fit",
        "evaluate", "save", "export", "read",
        "get_config", "from_config", "build_from_config", "get_compile_config",
        "compile_from_config", "total", "decoded", "probabilities", "transitions",
        "losses_and_presence", "losses_by_task",
    },
    "FusedAdam": {"update_step"},
}  # fmt: skip


PASSED_ON = {("load_model", name) for name in ("custom_objects", "compile", "safe_mode")}
"""Arguments that Keras gets as they are."""
MADE_BY_OTHERS = {"MultiTaskModel", "MultiTaskData", "FusedAdam"}


class Door(NamedTuple):
    """A public function with arguments that it takes, and which odd ones it takes as well."""

    call: Callable[..., Any]
    good: dict[str, Any]
    fine: Mapping[str, set[str]] = MappingProxyType({})


@pytest.fixture(autouse=True)
def small_world(things, monkeypatch, tmp_path):
    """Nothing is downloaded, the corpus written is a small one, files go where nobody minds."""

    def refuse(*_, **__):
        raise ConnectionError("the tests download nothing")

    monkeypatch.setattr(pooch, "HTTPDownloader", refuse)
    monkeypatch.setenv("MTL_TUTORIAL_CACHE", str(things["folder"] / "cache"))
    alone = Run({**things["run"].header, "model": "single-task"}, things["run"].table)
    monkeypatch.setattr(trials, "run_all", lambda *_: [alone])
    monkeypatch.setattr(people, "SIZES", {"train": 3, "valid": 1, "test": 2})
    monkeypatch.chdir(tmp_path)
    Path("odd").touch()  # a file, where a folder is asked for


@pytest.fixture(scope="module")
def things(tmp_path_factory) -> dict[str, Any]:
    data = tiny_data(n=16)
    model = build_model(data, units=4, embedding_dim=4)
    model.compile(record=1)
    run = train(model, data, epochs=1, progress=False)
    folder = tmp_path_factory.mktemp("doors")
    return {"data": data, "model": model, "run": run, "folder": folder}


@pytest.fixture(scope="module")
def odd(things) -> dict[str, Any]:
    """Kind → what is tried for every argument."""
    return {
        "none": None,
        "text": "odd",
        "number": 2.5,
        "list": [1],
        "dict": {"a": 1},
        "model": things["model"],
        "data": things["data"],
        "frame": pd.DataFrame({"a": [1]}),
        "scalar": np.int64(2),
    }


def public() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function, method and constructor, by its dotted name."""
    for name in mtl_tutorial.__all__:
        found = getattr(mtl_tutorial, name)
        if isinstance(found, ModuleType):
            for inner, function in vars(found).items():
                home = getattr(function, "__module__", "")
                ours = home == found.__name__ or home.startswith(f"{found.__name__}.")
                if not inner.startswith("_") and ours and inspect.isfunction(function):
                    yield f"{name}.{inner}", function
        elif inspect.isclass(found) and not issubclass(found, Exception):
            if name not in MADE_BY_OTHERS:
                yield name, found
            for inner, member in vars(found).items():
                function = member.__func__ if isinstance(member, classmethod) else member
                if (
                    inspect.isfunction(function)
                    and not inner.startswith("_")
                    and inner not in INNER.get(name, ())
                ):
                    yield f"{name}.{inner}", function
        elif inspect.isfunction(found):
            yield name, found


def arguments_of(function: Callable[..., Any]) -> list[str]:
    kinds = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    parameters = inspect.signature(function).parameters.values()
    return [p.name for p in parameters if p.kind not in kinds and p.name not in ("self", "cls")]


def inside(value: Any) -> list[str]:
    """How a message may name a part of the value instead."""
    return list(map(repr, value)) if isinstance(value, list | dict) else []


def fault(door: Door, argument: str, kind: str, value: Any) -> str | None:
    """What is wrong with the answer to an odd value; None if nothing is."""
    may = door.fine.get(argument, set())
    try:
        door.call(**{**door.good, argument: value})
    except exercises.Wrong:
        return None  # what a learner is told about an answer
    except (TypeError, ValueError, KeyError, OSError) as error:
        if kind in may:
            return f"refuses what is fine: {type(error).__name__}: {error}"
        if isinstance(error, OSError):
            return None  # a file that is not there, and Python says which
        last = Path(traceback.extract_tb(error.__traceback__)[-1].filename)
        if HERE not in last.parents:
            return f"{type(error).__name__} out of {last.name}: {error}"
        named = any(name in str(error) for name in (argument, str(value), *inside(value)))
        return None if named else f"does not name {argument!r}: {error}"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return None if kind in may else "accepted"


# -- the doors, room by room


def plan_doors(things: dict[str, Any]) -> dict[str, Door]:
    plan, tasks = SharingPlan.hard(["mood", "ner"]), ["mood", "ner"]
    at = {"level": "encoder_1", "task": "ner"}
    some_levels = {"levels": ["embedding", "encoder_1"]}
    keys = {"tasks": {"dict"}, "levels": {"dict"}}  # those of a dictionary, such as `data.tasks`
    return {
        "SharingPlan": Door(
            SharingPlan,
            {
                "levels": {"embedding": [["ner"]], "encoder_1": [["ner"]]},
                "mix": {"encoder_1": "gate"},
                "feeds": {},
                "reverse": [],
            },
            {"mix": {"none"}, "feeds": {"none"}},
        ),
        "SharingPlan.hard": Door(SharingPlan.hard, {"tasks": tasks, **some_levels}, keys),
        "SharingPlan.separate": Door(SharingPlan.separate, {"tasks": tasks, **some_levels}, keys),
        "SharingPlan.group": Door(plan.group, at),
        "SharingPlan.copies": Door(plan.copies, at, {"task": {"none"}}),
        "SharingPlan.path": Door(plan.path, {"task": "ner"}),
        "SharingPlan.share": Door(plan.share, {"level": "encoder_1", "tasks": tasks}),
        "SharingPlan.split": Door(plan.split, at),
        "SharingPlan.leave": Door(plan.leave, at),
        "SharingPlan.only": Door(plan.only, {"tasks": ["ner"]}),
        "SharingPlan.from_dict": Door(SharingPlan.from_dict, {"written": plan.as_dict()}),
        "SharingPlan.from_json": Door(SharingPlan.from_json, {"written": plan.to_json()}),
    }


def data_doors(things: dict[str, Any]) -> dict[str, Door]:
    data, kinds = things["data"], {"mood": "sequence"}
    rows = {"train": [{"text": "Good tea!", "mood": "good"}]}
    file = things["folder"] / "rows.jsonl"
    file.write_text('{"text": "Good tea!", "mood": "good"}\n')
    table, conll = things["folder"] / "rows.csv", things["folder"] / "rows.conll"
    table.write_text("text,mood\nGood tea!,good\n")
    conll.write_text("Ana B-PER\nsmiled O\n")
    options = {"min_count": 1, "max_length": 9}
    numbers = {"min_count": {"scalar"}, "max_length": {"none", "scalar"}}
    from_file = {**numbers, "encoding": {"none"}}
    options_of_files, named = {"encoding": None, **options}, {"columns": {"mood": "mood"}}
    mood = TASKS[0]
    vocabulary = data.vocabulary
    return {
        "Task": Door(
            Task,
            {"name": "mood", "kind": "sequence", "labels": ("a", "b"), "score": None},
            {"name": {"text"}, "labels": {"list"}, "score": {"none"}},
        ),
        "Task.bio": Door(
            Task.bio,
            {"name": "ner", "types": ["PER"], "score": None},
            {"name": {"text"}, "types": {"dict"}, "score": {"none"}},
        ),
        "Task.from_list": Door(Task.from_list, {"record": mood.as_list()}),
        "Task.id_of": Door(mood.id_of, {"label": "good"}),
        "Vocabulary": Door(Vocabulary, {"tokens": ["a", "b"]}, {"tokens": {"dict"}}),
        "Vocabulary.build": Door(
            Vocabulary.build, {"sentences": [["a", "b"]], "min_count": 1}, {"min_count": {"scalar"}}
        ),
        "Vocabulary.id_of": Door(vocabulary.id_of, {"token": "tea"}, {"token": {"text"}}),
        "Vocabulary.encode": Door(
            vocabulary.encode, {"sentences": [["tea"]], "length": 2}, {"length": {"none", "scalar"}}
        ),
        "tokenize": Door(mtl_tutorial.tokenize, {"text": "tea"}, {"text": {"text"}}),
        "MultiTaskData.from_rows": Door(
            MultiTaskData.from_rows,
            {"splits": rows, "tasks": kinds, **named, **options},
            {**numbers, "columns": {"none"}},
        ),
        "MultiTaskData.from_jsonl": Door(
            MultiTaskData.from_jsonl,
            {"paths": {"train": file}, "tasks": kinds, **named, **options_of_files},
            {**from_file, "columns": {"none"}},
        ),
        "MultiTaskData.from_csv": Door(
            MultiTaskData.from_csv,
            {
                "paths": {"train": table}, "tasks": kinds, "text": "text", "delimiter": ",",
                **named, **options_of_files,
            },
            {**from_file, "columns": {"none"}},
        ),
        "MultiTaskData.from_conll": Door(
            MultiTaskData.from_conll,
            {
                "paths": {"train": conll}, "tasks": {"ner": "token"}, "columns": {"ner": 1},
                "token": 0, **options_of_files,
            },
            {**from_file, "token": {"none"}},
        ),
        "MultiTaskData.with_labels": Door(
            data.with_labels, {"counts": {"mood": 3}, "seed": 0}, {"seed": {"scalar"}}
        ),
        "MultiTaskData.joined": Door(
            data.joined, {"by": "id", "conflicts": "error"}, {"by": {"none"}}
        ),
        "MultiTaskData.only": Door(data.only, {"tasks": ["mood"]}),
        "also": Door(
            mtl_tutorial.also, {"data": data, "name": "low", "of": "mood"},
            {"data": {"data"}, "name": {"text"}},
        ),
        "stack": Door(
            mtl_tutorial.stack, {"tasks": ["mood", "ner"], "feed": True}, {"tasks": {"dict"}}
        ),
        "MultiTaskData.label_counts": Door(
            data.label_counts, {"task": "mood", "split": "train"}
        ),
        "MultiTaskData.save": Door(
            data.save, {"path": things["folder"] / "data.npz"}, {"path": {"text"}}
        ),
        "MultiTaskData.load": Door(
            MultiTaskData.load, {"path": things["folder"] / "data.npz"}, {"path": {"text"}}
        ),  # "odd" is what `save` wrote
    }  # fmt: skip


def model_doors(things: dict[str, Any]) -> dict[str, Door]:
    data, model = things["data"], things["model"]
    other = build_model(data, units=4, embedding_dim=4)
    other.compile()
    saved = things["folder"] / "model.keras"
    model.save(saved)
    return {
        "build_model": Door(
            build_model,
            {
                "data": data, "plan": None, "architecture": None, "encoder": "mlp", "units": 2, "embedding_dim": 2,
                "dropout": 0.1, "embedding_dropout": 0.1, "pooling": "max",
                "initializer": "glorot_uniform", "embedding_matrix": None, "initialize_from": None,
                "crf": False, "orthogonality": 0.0, "carry_marks": False, "seed": 0,
            },
            {
                "data": {"data"}, "plan": {"none"}, "architecture": {"none"}, "units": {"scalar"},
                "embedding_dim": {"scalar"}, "seed": {"scalar"}, "embedding_matrix": {"none"},
                "orthogonality": {"scalar", "number"},
                "initialize_from": {"none"},
            },
        ),
        "load_model": Door(mtl_tutorial.load_model, {"path": saved}),
        "MultiTaskModel.shared_layer": Door(
            model.shared_layer, {"level": "encoder_1", "task": "ner"}
        ),
        "MultiTaskModel.compile": Door(
            other.compile,
            {
                "optimizer": None, "weigh": "equal", "combine": None, "over": "trunk",
                "record": None, "steps_per_execution": 32,
            },
            {
                "optimizer": {"none"}, "combine": {"none"}, "record": {"none", "scalar"},
                "steps_per_execution": {"scalar"},
            },
        ),
        "MultiTaskModel.recompile": Door(
            other.recompile, {"optimizer": FusedAdam()}, {"optimizer": {"none"}}
        ),
    }  # fmt: skip


def training_doors(things: dict[str, Any]) -> dict[str, Door]:
    data, model = things["data"], things["model"]
    written = mtl_tutorial.for_generation(data, ["mood"])
    writing = build_model(written, units=4, embedding_dim=4)
    optional = {"none", "scalar"}
    return {
        "train": Door(
            train,
            {
                "model": model, "data": data, "training": None, "cosine": False, "epochs": 1, "batch_size": 8, "learning_rate": 0.01,
                "seed": 0, "validation": "valid", "early_stopping": None, "callbacks": (),
                "steps_per_epoch": 1, "word_dropout": 0.0, "by_length": False, "sampling": "mixed",
                "class_weight": None, "successive_regularization": 0.0, "stop": None,
                "watch": None, "progress": False, "name": "tiny",
            },
            {
                "model": {"model"}, "data": {"data"}, "training": {"none"}, "epochs": {"scalar"},
                "batch_size": {"scalar"}, "learning_rate": {"none", "scalar", "number"},
                "seed": {"scalar"}, "validation": {"none"}, "early_stopping": optional,
                "steps_per_epoch": optional, "word_dropout": {"number", "scalar"},
                "sampling": {"number", "scalar"}, "class_weight": {"none"}, "callbacks": {"none"},
                "stop": {"none"}, "watch": {"none"}, "name": {"none", "text"},
            },
        ),
        "evaluate": Door(
            mtl_tutorial.evaluate, {"model": model, "data": data, "split": "test"},
            {"model": {"model"}, "data": {"data"}},
        ),
        "answers": Door(
            mtl_tutorial.answers, {"model": model, "data": data, "split": "test"},
            {"model": {"model"}, "data": {"data"}},
        ),
        "compare": Door(
            mtl_tutorial.compare,
            {
                "data": data, "plans": None, "seeds": 1, "folder": things["folder"] / "compare",
                "workers": 1, "progress": False,
            },
            {
                "data": {"data"}, "plans": {"none"}, "seeds": {"scalar"},
                "workers": {"none", "scalar"},
            },
        ),
        "predict": Door(
            mtl_tutorial.predict, {"model": model, "texts": ["tea"]},
            {"model": {"model"}, "texts": {"text"}},
        ),
        "for_generation": Door(
            mtl_tutorial.for_generation, {"data": data, "given": ["mood"]}, {"data": {"data"}}
        ),
        "generate": Door(
            mtl_tutorial.generate,
            {
                "model": writing, "wanted": {"mood": "good"}, "n": 1, "start": "the",
                "temperature": 1.0, "seed": 0, "max_length": 2,
            },
            {
                "wanted": {"none"}, "n": {"scalar"}, "seed": {"scalar"},
                "temperature": {"number", "scalar"}, "max_length": {"scalar"},
            },
        ),
        "log_joint": Door(
            mtl_tutorial.log_joint, {"model": writing, "data": written, "split": "test"}
        ),
        "perplexity": Door(
            mtl_tutorial.perplexity, {"model": writing, "data": written, "split": "test"}
        ),
        "entities": Door(
            mtl_tutorial.entities, {"model": model, "texts": ["tea"]},
            {"model": {"model"}, "texts": {"text"}},
        ),
    }  # fmt: skip


def result_doors(things: dict[str, Any]) -> dict[str, Door]:
    run, file = things["run"], things["folder"] / "runs.csv"
    run.save(file)
    ids = np.array([0, 1, 1])
    bio = [["B-PER", "O"]]
    tags = {"labels": bio, "answers": bio}
    ner = TASKS[2]
    one = {"mood": ids}
    both = [Run({**run.header, "model": model}, run.table) for model in ("single-task", "hard")]
    found = mtl_tutorial.Comparison(both)
    split = {"split": {"none"}}
    return {
        "Comparison": Door(mtl_tutorial.Comparison, {"runs": both}),
        "Comparison.scores": Door(
            found.scores, {"task": "mood", "model": "single-task", "split": None}, split
        ),
        "Comparison.differences": Door(found.differences, {"split": None}, split),
        "Comparison.table": Door(found.table, {"split": None, "language": "en"}, split),
        "Comparison.curves": Door(
            found.curves, {"metric": None, "language": "en"}, {"metric": {"none"}}
        ),
        "Comparison.figure": Door(found.figure, {"split": None, "language": "en"}, split),
        "Run": Door(Run, {"header": run.header, "table": run.table}),
        "Run.curve": Door(
            run.curve,
            {"task": "mood", "metric": None, "split": "valid"},
            {"metric": {"none"}, "split": {"none"}},
        ),
        "Run.final": Door(run.final, {"split": "valid"}, {"split": {"none"}}),
        "Run.until": Door(run.until, {"epoch": 1}),
        "Run.save": Door(run.save, {"path": file}, {"path": {"text"}}),
        "Run.load": Door(Run.load, {"path": file}, {"path": {"text"}}),
        "load_runs": Door(mtl_tutorial.load_runs, {"path": file}, {"path": {"text"}}),
        "save_runs": Door(
            mtl_tutorial.save_runs, {"runs": [run], "path": file}, {"path": {"text"}}
        ),
        "tabulate": Door(
            mtl_tutorial.tabulate, {"runs": [run], "columns": ["seed"]}, {"columns": {"dict"}}
        ),
        "to_tensorboard": Door(
            mtl_tutorial.to_tensorboard, {"run": run, "folder": things["folder"] / "board"}
        ),
        "scoring.accuracy": Door(scoring.accuracy, {"labels": ids, "answers": ids}),
        "scoring.macro_f1": Door(scoring.macro_f1, {"labels": ids, "answers": ids}),
        "scoring.entity_f1": Door(scoring.entity_f1, {**tags, "scheme": "BIO"}, {"scheme": {"none"}}),
        "scoring.score": Door(scoring.score, {"task": TASKS[0], "labels": ids, "answers": ids}),
        "scoring.overall_f1": Door(
            scoring.overall_f1,
            {
                "tasks": [ner], "labels": {"ner": np.array([[1, 0]])},
                "answers": {"ner": np.array([[1, 0]])},
            },
        ),
        "scoring.sentences_right": Door(
            scoring.sentences_right, {"labels": one, "answers": one}
        ),
        "comparing.gain": Door(
            comparing.gain, {"scores": {"mood": 0.9}, "baselines": {"mood": 0.8}}
        ),
        "scoring.spread": Door(scoring.spread, {"values": [1.0, 2.0]}, {"values": {"list"}}),
        "scoring.with_spread": Door(
            scoring.with_spread, {"values": [1.0, 2.0]}, {"values": {"list"}}
        ),
        "comparing.paired_difference": Door(
            comparing.paired_difference, {"ours": [0.5, 0.6], "baselines": [0.4, 0.6]}
        ),
        "comparing.paired_bootstrap": Door(
            comparing.paired_bootstrap,
            {"ours": [1.0, 0.0], "baselines": [0.0, 0.0], "samples": 100, "seed": 0},
            {"seed": {"scalar"}},
        ),
        "comparing.holm": Door(
            comparing.holm,
            {"differences": [comparing.paired_difference([0.5, 0.6], [0.4, 0.6])]},
        ),
        "plots.transfer_matrix": Door(
            plots.transfer_matrix,
            {
                "matrices": {"60": {"ner": {"mood": comparing.paired_difference([0.5, 0.6], [0.4, 0.6])}}},
                "language": "en",
            },
        ),
        "plots.ink_on": Door(plots.ink_on, {"color": "#D55E00"}),
        "plots.use_fonts": Door(plots.use_fonts, {"figure": Figure()}),
        "plots.task_color": Door(plots.task_color, {"task": "ner"}, {"task": {"text"}}),
        "plots.legible": Door(plots.legible, {"texts": ["a"]}, {"texts": {"dict"}}),
        "plots.learning_curves": Door(
            plots.learning_curves,
            {
                "runs": {"a": [run]}, "metric": None, "split": None, "baseline": None,
                "language": "en",
            },
            {"metric": {"none"}, "split": {"none"}, "baseline": {"none"}},
        ),
        "plots.gradient_map": Door(
            plots.gradient_map, {"runs": [run], "measure": "cosine", "language": "en"}
        ),
        "plots.front": Door(
            plots.front,
            {
                "runs": {"a": [run]}, "across": "mood", "up": "ner", "line": None, "split": None,
                "language": "en",
            },
            {"line": {"none", "dict"}, "split": {"none"}},
        ),
        "plots.sharing_diagram": Door(
            plots.sharing_diagram,
            {
                "plan": SharingPlan.hard(["mood"]), "parameters": None, "tasks": None,
                "width": None, "language": "en",
            },
            {
                "plan": {"model"}, "parameters": {"none"}, "tasks": {"none"},
                "width": {"none", "number", "scalar"},
            },
        ),
        "plots.parameter_bars": Door(
            plots.parameter_bars,
            {"tables": {"a": things["model"].parameters()}, "language": "en"},
        ),
        "plots.confusion": Door(
            plots.confusion,
            {"labels": ids, "answers": ids, "names": ["a", "b"], "language": "en"},
        ),
        "plots.confusion_of": Door(
            plots.confusion_of,
            {
                "model": things["model"], "data": things["data"], "task": "mood",
                "split": "test", "language": "en",
            },
            {"model": {"model"}, "data": {"data"}},
        ),
        "plots.differences": Door(
            plots.differences,
            {
                "rows": {"ner": comparing.paired_difference([0.5, 0.7], [0.4, 0.5])},
                "language": "en",
            },
        ),
    }  # fmt: skip


def course_doors(things: dict[str, Any]) -> dict[str, Door]:
    return {
        "people.sample": Door(
            people.sample,
            {
                "n": 1, "language": "en", "seed": 0, "noise": 0.0, "held_out": 0.3,
                "agreement": 0.5, "auxiliary": None,
            },
            {"n": {"scalar"}, "seed": {"scalar"}, "auxiliary": {"none"}},
        ),
        "people.write": Door(
            people.write,
            {"folder": things["folder"] / "corpus", "seed": 0},
            {"seed": {"scalar"}},
        ),
        "people.load": Door(
            people.load,
            {
                "language": "en", "names": ["person"], "noise": 0.03, "held_out": None,
                "agreement": 0.65, "auxiliary": None,
            },
            {"auxiliary": {"none"}, "held_out": {"none"}},
        ),
        "pud.load": Door(mtl_tutorial.pud.load, {"language": "en", "fold": 0, "min_count": 2}),
        "massive.load": Door(mtl_tutorial.massive.load, {"language": "en", "min_count": 2}),
        "snips.load": Door(mtl_tutorial.snips.load, {"min_count": 2}),
        "weibo.load": Door(mtl_tutorial.weibo.load, {"min_count": 2}),
        "environment.check": Door(mtl_tutorial.environment.check, {"language": "en"}),
        "environment.declared": Door(mtl_tutorial.environment.declared, {"extra": "lab"}),
        "quiz": Door(mtl_tutorial.quiz, {"number": "01", "language": "en"}),
        "exercises.lesson": Door(exercises.lesson, {"number": "01", "language": "en"}),
        "exercises.ask": Door(
            lambda answer, shown: exercises.ask(answer, "ab", shown=shown),
            {"answer": len, "shown": "x"},
            {"shown": {"none", "text"}},
        ),
        "exercises.as_numbers": Door(
            exercises.as_numbers, {"result": [1]},
            {"result": set(KINDS)},  # what is none is an empty array, as it says
        ),
        "sharing_lab": Door(
            mtl_tutorial.sharing_lab,
            {"plan": "separate", "live": False, "language": "en", "metric": "score"},
        ),
        "SharingLab": Door(
            mtl_tutorial.SharingLab, {"plan": None, "language": "en"}, {"plan": {"none"}}
        ),
        "SharingLab.load_plan": Door(
            mtl_tutorial.SharingLab().load_plan,
            {"plan": SharingPlan.hard(["person", "relation", "sentiment", "ner"])},
        ),
    }  # fmt: skip


ROOMS = (plan_doors, data_doors, model_doors, training_doors, result_doors, course_doors)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_an_odd_argument_works_as_expected_or_is_refused_by_name(room, things, odd):
    faults = [
        f"{name}({argument}={kind}): {wrong}"
        for name, door in room(things).items()
        for argument in door.good
        for kind, value in odd.items()
        if (wrong := fault(door, argument, kind, value))
    ]
    assert not faults, "\n" + "\n".join(faults)


def test_every_argument_of_every_public_function_has_a_door(things):
    doors = {name: door for room in ROOMS for name, door in room(things).items()}
    wanted = {name: arguments_of(function) for name, function in public()}
    assert not set(doors) - set(wanted), "doors to what is not public"
    missing = [
        f"{name}({argument})"
        for name, arguments in wanted.items()
        for argument in arguments
        if argument not in (doors[name].good if name in doors else ())
        and (name, argument) not in PASSED_ON
    ]
    assert not missing

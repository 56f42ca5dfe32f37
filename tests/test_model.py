import numpy as np
import pytest

from mtl_tutorial.climbing import walk
from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.encoders import ENCODERS
from mtl_tutorial.model import MultiTaskModel, build_model
from mtl_tutorial.records import Architecture
from mtl_tutorial.sharing import SharingPlan
from mtl_tutorial.startup import tf
from mtl_tutorial.text import PAD, UNK
from mtl_tutorial.trunk import tasks_of
from tests.tiny import tiny_data

TASKS = ("mood", "person", "ner")
SMALL = {"units": 6, "embedding_dim": 5}


@pytest.fixture(scope="module")
def data() -> MultiTaskData:
    return tiny_data()


def logits(model: MultiTaskModel, inputs: np.ndarray) -> dict[str, np.ndarray]:
    return {task: y.numpy() for task, y in model(tf.constant(inputs), training=False).items()}


def step(model: MultiTaskModel, data: MultiTaskData, steps: int = 1) -> None:
    train = data["train"]
    model.fit(train.inputs, train.targets, batch_size=16, epochs=steps, shuffle=False, verbose=0)


# -- the plan becomes layers


def test_a_shared_level_is_one_layer_and_a_split_level_several(data):
    plan = SharingPlan(
        {
            "embedding": [TASKS],
            "encoder_1": [["mood", "ner"], ["person"]],
            "encoder_2": [["mood"], ["person"]],
        }
    )
    model = build_model(data, plan, **SMALL)
    assert model.shared_layer("embedding", "mood") is model.shared_layer("embedding", "ner")
    assert model.shared_layer("encoder_1", "mood") is model.shared_layer("encoder_1", "ner")
    assert model.shared_layer("encoder_1", "mood") is not model.shared_layer("encoder_1", "person")
    with pytest.raises(ValueError, match="'ner' has left the trunk"):
        model.shared_layer("encoder_2", "ner")


def test_parameters_follow_from_the_plan(data):
    hard = build_model(data, SharingPlan.hard(TASKS), **SMALL)
    separate = build_model(data, SharingPlan.separate(TASKS), **SMALL)
    trunk = hard.parameters().query("level != 'head'")["parameters"].sum()
    embedding = len(data.vocabulary) * 5
    assert trunk == embedding + (3 * 5 * 6 + 6) + (3 * 6 * 6 + 6)
    assert separate.count_params() - hard.count_params() == 2 * trunk
    for model in (hard, separate):
        assert model.parameters()["parameters"].sum() == model.count_params()


def test_walk_calls_a_shared_layer_once_a_path():
    calls = []

    def layer(name):
        return lambda x: calls.append((name, x)) or f"{name}({x})"

    plan = SharingPlan({"embedding": [["a", "b"]], "one": [["a"], ["b"]], "two": [["a", "b"]]})
    layers = {(level, group): layer(level + "".join(group)) for level, gs in plan for group in gs}
    reached = walk(plan, "x", layers)
    assert {task: reached[plan.path(task)] for task in plan.tasks} == {
        "a": "twoab(onea(embeddingab(x)))",
        "b": "twoab(oneb(embeddingab(x)))",
    }
    assert len(calls) == 5  # the embedding once, "two" once on each of its two inputs


@pytest.mark.parametrize("plan", [SharingPlan.hard(TASKS), SharingPlan.separate(TASKS)])
@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize("pooling", ["max", "mean"])
def test_padding_changes_no_answer(data, plan, encoder, pooling):
    model = build_model(data, plan, encoder=encoder, pooling=pooling, **SMALL)
    inputs = data["test"].inputs
    wider = np.pad(inputs, [(0, 0), (0, 7)])
    short, long = logits(model, inputs), logits(model, wider)
    for task in TASKS:
        cut = long[task][:, : inputs.shape[1]] if task == "ner" else long[task]
        present = (inputs != 0) if task == "ner" else slice(None)
        np.testing.assert_allclose(short[task][present], cut[present], atol=1e-6)


@pytest.mark.parametrize("encoder", ENCODERS)
def test_a_language_model_sees_no_token_ahead(encoder):
    data = tiny_data(("mood", "lm"))
    for plan in (SharingPlan.hard(["mood", "lm"]), SharingPlan.separate(["lm", "mood"])):
        model = build_model(data, plan, encoder=encoder, **SMALL)
        inputs = data["test"].inputs[:4].copy()
        before = logits(model, inputs)["lm"]
        inputs[:, 3] = 2 + (inputs[:, 3] - 1) % (len(data.vocabulary) - 2)
        after = logits(model, inputs)["lm"]
        np.testing.assert_array_equal(before[:, :3], after[:, :3])
        assert np.abs(before[:, 3] - after[:, 3]).max() > 0


def test_unknown_names_are_refused_by_name(data):
    with pytest.raises(ValueError, match=r"plan names \['weather'\]"):
        build_model(data, SharingPlan.hard(["mood", "weather"]))
    with pytest.raises(ValueError, match=r"unknown encoder 'gru'.*cnn"):
        build_model(data, encoder="gru")
    with pytest.raises(ValueError, match="unknown pooling 'median'"):
        build_model(data, pooling="median")
    with pytest.raises(ValueError, match="unknown initializer 'best'; name one of Keras' own"):
        build_model(data, initializer="best")
    with pytest.raises(TypeError, match="there is no option 'unit'; did you mean 'units'"):
        build_model(data, unit=3)


def test_arguments_of_another_kind_are_refused_by_name(data):
    plan = SharingPlan.hard(TASKS)
    for given, options, message in (
        ((plan, data), {}, "data must be a MultiTaskData"),
        ((data, "hard"), {}, "plan must be a SharingPlan.*not 'hard'"),
        ((data, plan.as_dict()), {}, r"plan must be a SharingPlan, such as SharingPlan.hard"),
        ((data, plan), {"units": "8"}, "units must be a whole number, not '8'"),
        ((data, plan), {"units": 2.5}, "units must be a whole number, not 2.5"),
        ((data, plan), {"dropout": "0.1"}, "dropout must be a number, not '0.1'"),
        ((data, plan), {"embedding_matrix": "glove.txt"}, "embedding_matrix must be an array"),
        ((data, plan), {"initialize_from": {"embedding": data}}, r"initialize_from\['embedding'\]"),
        ((data, plan), {"initialize_from": [data]}, "initialize_from must be a dictionary"),
    ):
        with pytest.raises(TypeError, match=message):
            build_model(*given, **options)


def test_numpys_numbers_are_as_good_as_pythons_and_a_record_as_its_fields(data):
    plain = build_model(data, units=6, embedding_dim=5, dropout=0.5, seed=2)
    numbers = {"units": np.int64(6), "embedding_dim": 5.0, "dropout": np.float32(0.5)}
    for model in (
        build_model(data, seed=np.int32(2), **numbers),
        build_model(
            data, None, Architecture(units=6, embedding_dim=9, dropout=0.5), seed=2, embedding_dim=5
        ),
    ):
        assert model.get_config() == plain.get_config()


def test_a_recipe_from_before_scores_could_be_chosen_means_what_it_meant():
    old = [["ner", "token", ["O", "B-A", "I-A"]], ["words", "token", ["B", "M", "E", "S"]]]
    assert [task.score for task in tasks_of({"tasks": old}).values()] == ["f1", "accuracy"]


# -- starting values


@pytest.mark.parametrize("encoder", ENCODERS)
def test_one_seed_gives_all_copies_and_all_plans_the_same_start(data, encoder):
    hard, separate, other = (
        build_model(data, plan, encoder=encoder, seed=seed, **SMALL)
        for plan, seed in [
            (SharingPlan.hard(TASKS), 3), (SharingPlan.separate(TASKS), 3), (SharingPlan.hard(TASKS), 4)
        ]
    )  # fmt: skip
    for level in hard.plan.levels:
        for task in TASKS:
            for mine, theirs in zip(
                hard.shared_layer(level, task).get_weights(),
                separate.shared_layer(level, task).get_weights(),
                strict=True,
            ):
                np.testing.assert_array_equal(mine, theirs)
        mine, others = (m.shared_layer(level, "mood").get_weights() for m in (hard, other))
        assert not all(map(np.array_equal, mine, others))


@pytest.mark.parametrize("initializer", ["he_normal", "orthogonal", "random_normal", "zeros"])
def test_every_keras_initializer_can_be_named(data, initializer):
    model = build_model(data, initializer=initializer, **SMALL)
    kernel = model.shared_layer("encoder_1", "mood").get_weights()[0]
    assert (np.abs(kernel).max() == 0) == (initializer == "zeros")


def test_given_vectors_start_every_copy_of_the_embedding(data):
    vectors = np.random.default_rng(0).normal(size=(len(data.vocabulary), 7)).astype("float32")
    model = build_model(data, SharingPlan.separate(TASKS), embedding_matrix=vectors, units=6)
    for task in TASKS:
        np.testing.assert_array_equal(
            model.shared_layer("embedding", task).get_weights()[0], vectors
        )
    with pytest.raises(ValueError, match=rf"one row for each of the {len(data.vocabulary)} tokens"):
        build_model(data, embedding_matrix=vectors[1:])
    with pytest.raises(ValueError, match="must hold finite numbers"):
        build_model(data, embedding_matrix=vectors * np.nan)


def test_a_level_can_start_from_another_model(data):
    source = build_model(data.only(["mood"]), seed=9, **SMALL)
    model = build_model(data, initialize_from={"encoder_1": source}, seed=1, **SMALL)
    np.testing.assert_array_equal(
        model.shared_layer("encoder_1", "ner").get_weights()[0],
        source.shared_layer("encoder_1", "mood").get_weights()[0],
    )
    plain = build_model(data, seed=1, **SMALL)
    np.testing.assert_array_equal(
        model.shared_layer("encoder_2", "ner").get_weights()[0],
        plain.shared_layer("encoder_2", "ner").get_weights()[0],
    )


def test_an_embedding_is_taken_over_token_by_token(data):
    rows = {
        "train": [
            {"tokens": ["new", "aunt", "aunt"], "mood": "good"},
            {"tokens": ["aunt"], "mood": "bad"},
        ]
    }
    small = MultiTaskData.from_rows(rows, [data.tasks["mood"]])
    source = build_model(small, seed=9, **SMALL)
    fresh, model = (
        build_model(data, initialize_from=given, **SMALL) for given in ({}, {"embedding": source})
    )
    given, own, got = (
        m.shared_layer("embedding", "mood").get_weights()[0] for m in (source, fresh, model)
    )
    aunt = data.vocabulary.id_of("aunt")
    np.testing.assert_array_equal(got[aunt], given[small.vocabulary.id_of("aunt")])
    others = [i for i in range(2, len(data.vocabulary)) if i != aunt]
    np.testing.assert_array_equal(got[others], own[others])
    # Padding and the unknown token are known to every vocabulary, and are not each other.
    np.testing.assert_array_equal(got[[PAD, UNK]], given[[PAD, UNK]])
    assert np.abs(given[PAD] - given[UNK]).max() > 0


def test_layers_that_do_not_fit_are_refused(data):
    with pytest.raises(ValueError, match=r"level 'encoder_1': shapes"):
        build_model(
            data,
            initialize_from={"encoder_1": build_model(data, units=9, embedding_dim=5)},
            **SMALL,
        )
    with pytest.raises(ValueError, match="level 'attic' must be in both plans"):
        build_model(data, initialize_from={"attic": build_model(data, **SMALL)}, **SMALL)
    separate = build_model(data, SharingPlan.separate(TASKS), **SMALL)
    with pytest.raises(ValueError, match="could start from any of"):
        build_model(data, initialize_from={"encoder_1": separate}, **SMALL)

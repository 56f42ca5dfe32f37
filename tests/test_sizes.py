"""Parameters counted without a model: the same numbers that the model has."""

import itertools

import pytest

from mtl_tutorial.encoders import ENCODERS
from mtl_tutorial.layers import LAYERS
from mtl_tutorial.model import build_model
from mtl_tutorial.sharing import LEVELS, SharingPlan
from mtl_tutorial.sizes import count_parameters, widened
from tests.tiny import tiny_data

TASKS = ("mood", "person", "ner", "lm")
PLANS = [
    SharingPlan({level: [TASKS] if s else [[t] for t in TASKS] for level, s in zip(LEVELS, bits, strict=True)})
    for bits in itertools.product((0, 1), repeat=3)
] + [
    SharingPlan.hard(TASKS).leave("encoder_2", "ner").leave("encoder_1", "mood"),
    SharingPlan.hard(TASKS).share("encoder_2", ["mood", "ner"]),
    SharingPlan.hard(TASKS, levels=LEVELS[:1]),
]  # fmt: skip


@pytest.mark.parametrize("encoder", ENCODERS)
def test_every_plan_is_counted_as_the_model_counts_it(encoder):
    data = tiny_data(TASKS)
    for plan in PLANS:
        sizes = {"encoder": encoder, "units": 6, "embedding_dim": 5}
        counted = count_parameters(plan, data.tasks, len(data.vocabulary), **sizes)
        model = build_model(data, plan, **sizes)
        assert counted.to_dict() == model.parameters().to_dict(), plan
        assert counted["parameters"].sum() == model.count_params()


def test_every_encoder_has_a_layer_and_can_be_counted():
    assert set(LAYERS) == set(ENCODERS)


def test_an_unknown_encoder_or_task_is_named():
    plan = SharingPlan.hard(["mood"])
    with pytest.raises(ValueError, match="unknown encoder 'rnn'; choose one of"):
        count_parameters(plan, tiny_data().tasks, 10, encoder="rnn")
    with pytest.raises(ValueError, match=r"the plan names \['other'\]"):
        count_parameters(SharingPlan.hard(["other"]), tiny_data().tasks, 10)


@pytest.mark.parametrize(
    "wrong", [None, "mood", 2.5, -1, [], {"mood": 1}, tiny_data(), float("nan")]
)
def test_what_cannot_be_counted_is_refused_by_name(wrong):
    plan, tasks = SharingPlan.hard(["mood"]), tiny_data().tasks
    for count in (
        lambda: count_parameters(wrong, tasks, 10),
        lambda: count_parameters(plan, wrong, 10),
        lambda: count_parameters(plan, {"mood": wrong}, 10),
        lambda: count_parameters(plan, tasks, wrong),
        lambda: count_parameters(plan, tasks, 10, units=wrong),
        lambda: count_parameters(plan, tasks, 10, embedding_dim=wrong),
        lambda: count_parameters(plan, tasks, 10, encoder=wrong),
        lambda: widened(wrong, tasks, 10, "cnn", 8),
        lambda: widened(plan, tasks, 10, "cnn", wrong),
    ):
        with pytest.raises(
            (TypeError, ValueError),
            match=r"^(plan|tasks|tokens|units|embedding_dim|encoder|unknown encoder|the plan names)",
        ):
            count()

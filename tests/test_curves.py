from types import SimpleNamespace

import numpy as np

from mtl_tutorial import curves
from mtl_tutorial.curves import Curves, curve_sample
from mtl_tutorial.stopping import Ending
from tests.tiny import TASKS, tiny_data


def test_the_training_curve_is_measured_on_so_many_labels_a_task(monkeypatch):
    monkeypatch.setattr(curves, "CURVE_SENTENCES", 10)
    data = tiny_data().with_labels({"person": 6})
    split = data["train"]
    sample = curve_sample(split, ["mood", "person", "ner"], seed=0)
    counted = {task: int(sample.labeled(task).sum()) for task in sample.targets}
    assert counted == {"mood": 10, "person": 6, "ner": 10}
    rows = [split.ids.index(i) for i in sample.ids]
    for task, target in sample.targets.items():
        here = sample.labeled(task)
        np.testing.assert_array_equal(target[here], split.targets[task][rows][here])
    other = curve_sample(split, ["mood", "person", "ner"], seed=1)
    assert sample.ids != other.ids
    assert split.labeled("mood").sum() == 64  # the split itself is left as it was


def test_the_latest_values_are_the_scores_and_losses_of_one_epoch_and_split():
    model = SimpleNamespace(trained=(0, 0), tasks={"mood": TASKS[0]})
    measured = Curves(model, {}, "valid", steps=1, ending=Ending(None))
    measured.epoch = 1
    for epoch, split, metric, value in [
        (1, "valid", "loss", 1.0), (1, "valid", "accuracy", 0.5), (1, "valid", "length", 9.0),
        (1, "train", "loss", 2.0), (0, "valid", "accuracy", 0.25),
    ]:  # fmt: skip
        measured.rows.append((epoch, epoch, "mood", split, metric, value))
    assert measured.latest("valid") == {("mood", "loss"): 1.0, ("mood", "accuracy"): 0.5}

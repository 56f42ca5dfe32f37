import numpy as np

from mtl_tutorial import curves
from mtl_tutorial.curves import curve_sample
from tests.tiny import tiny_data


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

"""Runs as the tools of others read them."""

import numpy as np
import pandas as pd

from mtl_tutorial import tabulate, to_tensorboard
from mtl_tutorial.runs import COLUMNS
from tests.test_runs import make_run


def test_a_table_has_what_the_headers_say_as_well():
    runs = [make_run("a", labels={"ner": 60}), make_run("b", labels={"ner": 200}, model="hard")]
    table = tabulate(runs, ["labels", "model"])
    assert list(table) == [*COLUMNS, "labels", "model"]
    assert table.groupby("run")["labels"].unique().map(list).to_dict() == {"a": [60], "b": [200]}
    pd.testing.assert_frame_equal(table[COLUMNS], tabulate(runs))
    assert table["model"].isna().sum() == len(runs[0].table)


def test_tensorboard_reads_every_curve(tmp_path):
    from mtl_tutorial.startup import tf

    run = make_run()
    for _ in range(2):  # a second writing takes the place of the first
        to_tensorboard(run, tmp_path)
    for split in ("train", "valid"):
        (file,) = (tmp_path / "hard" / split).iterdir()
        records = [record.numpy() for record in tf.data.TFRecordDataset(str(file))]
        first, *events = map(tf.compat.v1.Event.FromString, records)
        assert first.file_version == "brain.Event:2"
        for metric in ("loss", "f1"):
            curve = {
                event.step: value.simple_value
                for event in events
                for value in event.summary.value
                if value.tag == f"ner/{metric}"
            }
            assert list(curve) == [0, 10, 20]
            assert np.allclose(list(curve.values()), run.curve("ner", metric, split))

"""Data in a file: what was saved is loaded, also from before; any other file is refused."""

import json
import zipfile
from collections import Counter

import numpy as np
import pytest

from mtl_tutorial.data import MultiTaskData
from mtl_tutorial.reading import DataError
from mtl_tutorial.tasks import Task
from tests.test_data import assert_same_data, small


@pytest.mark.parametrize("name", ["data.npz", "数据"])
def test_everything_is_saved_and_loaded(tmp_path, name):
    data = small(min_count=2)
    data.save(tmp_path / name)
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert_same_data(MultiTaskData.load(tmp_path / name), data)
    few = data.with_labels({"mood": 1}).only(["mood"])
    few.save(str(tmp_path / name))
    assert_same_data(MultiTaskData.load(str(tmp_path / name)), few)


def test_no_pickle_is_in_the_file(tmp_path):
    small().save(tmp_path / "data.npz")
    with np.load(tmp_path / "data.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "iu" for name in arrays)


def test_a_file_with_a_pickle_is_refused(tmp_path):
    np.savez(tmp_path / "data.npz", described=np.array([{"a": 1}], dtype=object))
    with pytest.raises(DataError, match=r"data\.npz: not a file that MultiTaskData\.save wrote"):
        MultiTaskData.load(tmp_path / "data.npz")


def test_other_files_are_refused_by_name(tmp_path):
    small().save(tmp_path / "whole.npz")
    np.save(tmp_path / "array.npy", np.zeros(3))
    np.savez(tmp_path / "arrays.npz", inputs=np.zeros(3))
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "text").write_text("text,mood\n")
    with zipfile.ZipFile(tmp_path / "zip.zip", "w") as archive:
        archive.writestr("a", "b")
    (tmp_path / "half").write_bytes((tmp_path / "whole.npz").read_bytes()[:400])
    for file in set(tmp_path.iterdir()) - {tmp_path / "whole.npz"}:
        with pytest.raises(DataError) as caught:
            MultiTaskData.load(file)
        assert str(file) in str(caught.value)


def test_a_damaged_file_is_never_another_error(tmp_path):
    """Bytes changed at random: mostly refused, by `DataError` alone."""
    small().save(tmp_path / "data.npz")
    whole, rng, ends = (tmp_path / "data.npz").read_bytes(), np.random.default_rng(0), Counter()
    for _ in range(400):
        damaged = bytearray(whole[: len(whole) if rng.random() < 0.8 else rng.integers(len(whole))])
        for place in rng.integers(max(len(damaged), 1), size=3 if damaged else 0):
            damaged[place] = rng.integers(256)
        (tmp_path / "damaged").write_bytes(damaged)
        try:
            MultiTaskData.load(tmp_path / "damaged")
            ends["loaded"] += 1
        except DataError:
            ends["refused"] += 1
        except Exception as error:
            ends[type(error).__name__] += 1
    assert set(ends) <= {"loaded", "refused"}
    assert ends["refused"] > 250


def test_no_file_is_said_to_be_worth_a_pickle(tmp_path):
    (tmp_path / "text").write_text("text,mood\n")
    with pytest.raises(DataError) as caught:
        MultiTaskData.load(tmp_path / "text")
    assert "pickle" not in str(caught.value)


def test_scores_schemes_and_findings_are_kept(tmp_path):
    rows = [
        {"tokens": "a b", "ner": "I-A O", "mood": "x"},
        {"tokens": "a b", "ner": "I-A B-B", "mood": "y"},
    ]
    tasks = [Task.bio("ner", ["A", "B"]), Task("mood", "sequence", ("x", "y"), "macro_f1")]
    data = MultiTaskData.from_rows({"train": rows}, tasks)
    data.save(tmp_path / "data.npz")
    kept = MultiTaskData.load(tmp_path / "data.npz")
    assert [task.score for task in kept.tasks.values()] == ["f1", "macro_f1"]
    assert kept.schemes == data.schemes == {"ner": "IOB1"}
    assert kept.findings == data.findings != ()
    assert repr(kept.check()) == repr(data.check())


def test_a_file_from_before_scores_and_schemes_is_read(tmp_path):
    data = small()
    data.save(tmp_path / "data.npz")
    with np.load(tmp_path / "data.npz") as arrays:
        old = dict(arrays)
    described = json.loads(old["described"].tobytes())
    described["tasks"] = [task[:3] for task in described["tasks"]]
    del described["schemes"], described["findings"]
    old["described"] = np.frombuffer(json.dumps(described).encode(), dtype=np.uint8)
    np.savez(tmp_path / "old.npz", **old)
    read = MultiTaskData.load(tmp_path / "old.npz")
    assert_same_data(read, data)
    assert read.describe().loc[("train", "ner"), "scheme"] == "BIO"

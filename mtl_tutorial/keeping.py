"""Data in a file: everything in one ``.npz``, without pickle."""

import json
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from mtl_tutorial.assembling import Assembled, Split
from mtl_tutorial.labeling import Finding
from mtl_tutorial.reading import DataError
from mtl_tutorial.tasks import Task
from mtl_tutorial.text import SPECIAL, Vocabulary

_DAMAGE = (  # what NumPy and zipfile raise on a file that is not, or no longer, an .npz
    ValueError, KeyError, TypeError, AttributeError, EOFError, OSError, RuntimeError, zlib.error, zipfile.BadZipFile,
)  # fmt: skip


def save(data: Assembled, path: Path) -> None:
    """Write data to a file."""
    described = {
        "tasks": [task.as_list() for task in data.tasks.values()],
        "vocabulary": data.vocabulary.tokens[len(SPECIAL) :],
        "splits": {name: [split.ids, split.tokens] for name, split in data.splits.items()},
        "schemes": data.schemes,
        "findings": data.findings,
    }
    arrays: dict[str, Any] = {
        "described": np.frombuffer(json.dumps(described).encode(), dtype=np.uint8)
    }
    for name, split in data.splits.items():
        arrays[f"inputs/{name}"] = split.inputs
        arrays |= {f"targets/{name}/{task}": target for task, target in split.targets.items()}
    with path.open("wb") as file:  # np.savez would add ".npz" to the learner's name
        np.savez_compressed(file, **arrays)


def load(path: Path) -> Assembled:
    """Read what `save` wrote; a `DataError` if the file is another one."""
    try:
        # NumPy leaves a file open that it has opened by name and finds damaged.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            described = json.loads(arrays["described"].tobytes())
            tasks = {task.name: task for task in map(Task.from_list, described["tasks"])}
            splits = {
                name: Split(
                    tuple(ids),
                    tuple(map(tuple, tokens)),
                    arrays[f"inputs/{name}"],
                    {task: arrays[f"targets/{name}/{task}"] for task in tasks},
                )
                for name, (ids, tokens) in described["splits"].items()
            }
            return Assembled(
                tasks,
                Vocabulary(described["vocabulary"]),
                splits,
                dict(described.get("schemes", {})),
                tuple(Finding(*found) for found in described.get("findings", ())),
            )
    except FileNotFoundError:
        raise
    except _DAMAGE as error:
        why = "" if "pickle" in str(error) else f" ({error})"  # NumPy's advice would be unsafe
        raise DataError(f"{path}: not a file that MultiTaskData.save wrote{why}") from error

"""One learner's notebook in a process of its own, with limits, in a scratch folder that goes afterwards.

What a machine can take away differs, and `missing` says what is left. Files are guarded by
Landlock (Linux 6.2 or newer); without it nothing is run, unless the teacher says so. Where
``unshare`` may make namespaces, there is also no network, and no process outlives the notebook.
Not guarded in any case: permissions and times of files that the teacher owns may be changed, and
files that Python needs may be read. For a class that is not trusted, grade as a user of its own,
or in a container.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mtl_tutorial.grading.landlock import LEAST, version

_APART = ("unshare", "--user", "--net", "--ipc", "--pid", "--fork", "--kill-child", "--")
_MOST = 4 << 20  # bytes of answers that are read
_LEAST_WAIT, _WAIT = 60, 4  # by the clock: so many seconds, and times the limit of CPU seconds


class NoSandboxError(RuntimeError):
    """This machine cannot keep a notebook from others' files."""


@functools.cache
def _apart() -> tuple[str, ...]:
    """The command that opens namespaces, if it is there and may."""
    if shutil.which(_APART[0]) is None:
        return ()
    done = subprocess.run([*_APART, "true"], check=False, capture_output=True)
    return () if done.returncode else _APART


def missing() -> dict[str, str]:
    """Name what this machine cannot give, each with what it means."""
    lacking = {}
    if version() < LEAST:
        lacking["files"] = (
            "a notebook could change and delete any file that you can (Landlock is missing: it "
            "takes Linux 6.2 or newer, also in a container)"
        )
    if not _apart():
        lacking["processes"] = (
            "a notebook could reach the network, and leave processes behind "
            "(unshare is missing or may not open namespaces here)"
        )
    return lacking


@dataclass
class Outcome:
    """What came of a run: how it ended, the answers by question, the errors of cells."""

    ended: str = "stopped"
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def run(
    cells: list[str],
    asked: dict[str, list[str]],
    seconds: int,
    megabytes: int,
    protect: bool = True,
) -> Outcome:
    """Run cells in the sandbox and collect what the questions ask for.

    Parameters
    ----------
    cells
        Code, cell by cell; a cell that fails does not keep the next from running.
    asked
        Question → expressions, evaluated in the notebook's names.
    seconds, megabytes
        Limits of CPU time and of memory.
    protect
        Whether files are guarded; without, a notebook may do what you may.

    Raises
    ------
    NoSandboxError
        If files cannot be guarded here, and are to be.
    """
    if protect and "files" in missing():
        raise NoSandboxError(missing()["files"])
    import resource  # not on Windows

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work = {
        "cells": cells,
        "asked": asked,
        "seconds": seconds,
        "megabytes": megabytes,
        "protect": protect,
    }
    with (
        tempfile.TemporaryDirectory(prefix="sheet-", ignore_cleanup_errors=True) as scratch,
        tempfile.TemporaryFile() as out,
    ):
        process = subprocess.Popen(
            [*_apart(), sys.executable, "-m", "mtl_tutorial.grading.within"],
            stdin=subprocess.PIPE, stdout=out, stderr=subprocess.DEVNULL,
            cwd=scratch, env=_surroundings(scratch), start_new_session=True,
        )  # fmt: skip
        late = False
        try:
            process.communicate(json.dumps(work).encode(), max(_LEAST_WAIT, _WAIT * seconds))
        except subprocess.TimeoutExpired:
            late = True
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        out.seek(0)
        outcome = _read(out.read(_MOST))
    # The kernel's two clocks differ by some per cent, and unshare does not hand on the signal.
    if outcome.ended != "ran through" and (late or used > 0.75 * seconds):
        outcome.ended = "out of time"
    return outcome


def _surroundings(scratch: str) -> dict[str, str]:
    """What a notebook sees of the environment: nothing of the teacher's but where Python looks."""
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
        **dict.fromkeys(threads, "1"),
        **dict.fromkeys(("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR"), scratch),
    }


def _read(written: bytes) -> Outcome:
    """Answers and errors out of what the process wrote; a line that was cut off is passed over."""
    outcome = Outcome()
    for line in written.splitlines():
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if not isinstance(told, dict):
            continue
        if isinstance(name := told.get("question"), str):
            outcome.answers[name] = told
        elif "cell" in told:
            outcome.errors.append(f"cell {told['cell']}: {told.get('error')}")
        elif told.get("through"):
            outcome.ended = "ran through"
    return outcome

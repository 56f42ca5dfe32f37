"""Lesson 13: what its prose says of results, and answers that learners may give."""

import hashlib
import itertools
import json
import math
import os
import pickle
import random
import shutil
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np

SECONDS = 45
GIGABYTES = 1.1

CLAIMS = """
# %% a hundred trainings with a hundred names, and six
assert len(hundred) == len({e.key for e in hundred}) == 100 and len(experiments) == 6
# %% the driver was killed in the middle
assert driver.exitcode != 0 and 2 <= len(finished) < 6
# %% nothing that bears a run's name is half, nothing finished is lost, nobody goes on
assert len(whole) == len(finished) and seen <= set(finished) and not orphans
# %% what the killed driver had finished is untouched, and all runs are there
assert untouched and len(on_cluster) == 6
# %% only what was missing was trained again, in a process that is not the killed driver's
assert sum(when == after for when, _ in rows.values()) == 6 - len(finished) > 0 and len({log for _, log in rows.values()}) >= 2
# %% Dask was the executor where it is installed
assert (type(cluster).__name__ == "Client") if find_spec("distributed") else isinstance(executor, Processes)
# %% TensorFlow was imported by the watch and not before
assert spent.loc["import", "first"] > 10 * spent.loc["data", "second"] and spent.loc["import", "second"] == 0
# %% before the model exists more than half of the first run is over
assert 50 < share < 95
# %% the first step takes longer than all others together, and is the largest part of the second run
assert all(spent.loc["first step", r] > spent.loc["other steps", r] for r in spent) and spent["second"].idxmax() == "first step"
# %% the three places give the same table to the last bit
assert tables[0].equals(tables[1]) and tables[0]["value"].map(float.hex).equals(tables[1]["value"].map(float.hex))
# %% files differ in the seconds of the clock alone
a, b = on_cluster[0].header, here[0].header
assert {k for k in a if a[k] != b[k]} <= {"seconds", "optimizer"}
# %% a run takes longer than handing it out and writing it, by far
assert one_run > 10 * handling
# %% with 80 workers little more than start is left of a hundred short runs
assert lesson_13.seconds_needed(100, 80, start, one_run, handling) < 2 * start + 3 * one_run
# %% fifty workers are exactly as fast as eighty, and from a hundred on nothing changes
assert enough == 50 and speed_up(100, 100, one_run) == speed_up(100, 10**4, one_run) > speed_up(100, 80, one_run) > speed_up(100, 49, one_run)
# %% with ten minutes a run the start vanishes
assert 45 < speed_up(100, 80, 600.0) <= 50
# %% a hundred thousand runs stop at the driver
assert abs(speed_up(100_000, 20_000, one_run) / (one_run / handling) - 1) < 0.5
# %% the share of the start stays the same with ten runs for each worker
assert math.isclose(speed_up(100, 10, one_run) / 10, speed_up(400, 40, one_run) / 40, rel_tol=0.1)
# %% a process for each run is dearer than one for all
assert 100 * (start + one_run) > 2 * (start + 100 * one_run)
# %% a worker takes as much memory as a TensorFlow
assert 0.2 < worker_memory < 1.0
# %% threads are refused, a language that does not exist is named and tried twice
log = (folder / LOGS / f"{typing_error[0].key}.log").read_text("utf-8")
assert "klingon" in failed and failed.startswith("1 of 7") and "attempt 2" in log
# %% a failed training leaves nothing under its name
assert not (folder / f"{typing_error[0].key}.csv").exists()
"""


# -- name_of


def text_of(details):
    return json.dumps(details, sort_keys=True)


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def ordered(value):
    """Sorted at every depth."""
    if isinstance(value, dict):
        return sorted((key, ordered(inner)) for key, inner in value.items())
    return value


counter = itertools.count()

# -- keep


def straight(file, parts):
    with file.open("w", encoding="utf-8") as out:
        for part in parts:
            out.write(part)
    return file


def gathered(file, parts):
    file.write_text("".join(parts), encoding="utf-8")
    return file


def tidied(file, parts):
    """Deletes what is half, which a kill does not wait for."""
    try:
        return straight(file, parts)
    except BaseException:
        file.unlink()
        raise


def beside(name, finish, folder=None):
    """Writes another file first, and then finishes with it."""

    def keep(file, parts):
        aside = (folder or file.parent) / name(file)
        with aside.open("w", encoding="utf-8") as out:
            out.writelines(parts)
        finish(aside, file)
        return file

    return keep


def exclusive(file, parts):
    """Cannot go on where an earlier kill has left something."""
    with suppress(FileExistsError):
        with file.with_name("run.part").open("x", encoding="utf-8") as out:
            out.writelines(parts)
        file.with_name("run.part").replace(file)
    return file


def lines(file, parts):
    aside = file.with_name("run.part")
    aside.write_text("\n".join(parts), encoding="utf-8")
    aside.replace(file)
    return file


def by_number(file, parts):
    handle, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        for part in parts:
            out.write(part)
    os.replace(name, file)  # noqa: PTH105
    return file


def removing_first(file, parts):
    aside = file.with_name("run.part")
    file.unlink(missing_ok=True)
    aside.write_text("".join(parts), encoding="utf-8")
    return aside.replace(file)


def renamed_open(file, parts):
    """Renames while the last bytes still wait in memory."""
    aside = file.with_name("run.part")
    with aside.open("w", encoding="utf-8") as out:
        out.writelines(parts)
        aside.replace(file)
    return file


def first_only(file, parts):
    return file if file.exists() else by_number(file, parts)


def in_latin(file, parts):
    aside = file.with_name("run.part")
    aside.write_text("".join(parts), encoding="latin-1")
    return aside.replace(file)


def shortened(text):
    return f"{hash(text) & 0xFFFFFFFF:x}"


def part(file):
    return file.name + ".part"


ELSEWHERE = Path(tempfile.gettempdir())

# -- seconds_needed


def seconds(runs, workers, start, run, handling):
    return start + max(math.ceil(runs / workers) * run, runs * handling)


WRONG = {
    "name_of": [
        str(1),
        lambda d: 17,
        lambda d: None,
        text_of,
        lambda d: sha(text_of(d)),
        lambda d: str(hash(text_of(d))),
        lambda d: f"{hash(text_of(d)) & 0xFFFFFFFF:x}",
        lambda d: shortened(text_of(d)),
        lambda d: str(random.random())[2:],
        lambda d: f"run{next(counter)}",
        lambda d: sha(json.dumps(d))[:10],
        lambda d: sha(str(sorted(d.items())))[:10],
        lambda d: sha(str(ordered(d)))[:3],
        lambda d: sha(text_of(d))[:4],
        lambda d: f"{d['model']}-{'_'.join(d['tasks'])}-{d['seed']}",
        lambda d: sha(text_of({**d, "tasks": sorted(d["tasks"])}))[:10],
        lambda d: sha(text_of({**d, "labels": sorted(d["labels"].values())}))[:10],
        lambda d: sha(text_of({**d, "seed": int(d["seed"])}))[:10],
        lambda d: sha(pickle.dumps(d).hex())[:10],
    ],
    "keep": [
        straight,
        gathered,
        tidied,
        removing_first,
        renamed_open,
        first_only,
        in_latin,
        lambda file, parts: bool(by_number(file, parts)),
        exclusive,
        lines,
        beside(part, shutil.copy),
        beside(part, lambda a, f: None),
        beside(lambda f: "part_" + f.name, Path.replace),
        beside(part, Path.replace, folder=ELSEWHERE),
        beside(part, lambda a, f: f.hardlink_to(a)),
        lambda file, parts: file,
        lambda file, parts: None,
        "run.csv",
    ],
    "seconds_needed": [
        lambda n, w, s, r, h: math.ceil(n / w) * r,
        lambda n, w, s, r, h: w * s + math.ceil(n / w) * r,
        lambda n, w, s, r, h: math.ceil(n / w) * (s + r),
        lambda n, w, s, r, h: s + n * r,
        lambda n, w, s, r, h: s + math.ceil(n / w) * r + n * h,
        lambda n, w, s, r, h: s + max(n / w * r, n * h),
        lambda n, w, s, r, h: s + n // w * r,
        lambda n, w, s, r, h: s + math.ceil(n / w) * r,
        lambda n, w, s, r, h: s + max(math.ceil(n / w) * r, w * h),
        lambda n, w, s, r, h: "soon",
        lambda n, w, s, r, h: None,
    ],
}
RIGHT = {  # other right forms than the solution's
    "name_of": [
        lambda d: hashlib.md5(text_of(d).encode()).hexdigest(),
        lambda d, *, digits=10: sha(text_of(d))[:digits],
        lambda d: f"{zlib.crc32(text_of(d).encode()):08x}",
        lambda d: f"{d['model']}-{sha(str(ordered(d)))[:12]}",
    ],
    "keep": [
        by_number,
        beside(part, Path.replace),
        beside(lambda f: "." + f.stem, shutil.move),
        beside(lambda f: f.stem + ".tmp", lambda a, f: a.rename(f)),
    ],
    "seconds_needed": [
        seconds,
        lambda n, w, s, r, h: np.array([max(s - (-n // w) * r, s + n * h)]),
        lambda n, w, s, r, h: s + max(n * h, r * sum(1 for _ in range(0, n, w))),
    ],
}  # fmt: skip

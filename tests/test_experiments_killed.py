"""Many runs on every executor, with something killed in the middle: nothing lost, the same table."""

import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import psutil
import pytest

from mtl_tutorial.experiments import run_all
from tests import pretending
from tests.pretending import SEEDS, executor_of
from tests.waiting import DEADLINE, until

ROOT = Path(__file__).parents[1]
dask = pytest.mark.skipif(not find_spec("distributed"), reason="dask[distributed] is not here")
elsewhere = pytest.mark.parametrize("kind", ["processes", pytest.param("dask", marks=dask)])
everywhere = pytest.mark.parametrize(
    "kind", ["one process", "processes", pytest.param("dask", marks=dask)]
)


@pytest.fixture
def orders(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "orders"
    folder.mkdir()
    monkeypatch.setenv(pretending.ORDERS, str(folder))
    return folder


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> pd.DataFrame:
    """The table of a sweep that nothing happened to."""
    return pretending.run("one process", tmp_path_factory.mktemp("undisturbed"))


def begun(orders: Path) -> list[int]:
    return sorted(map(int, (orders / "begun").read_text().split()))


def finished(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.glob("*.csv")}


@contextmanager
def driver(kind: str, folder: Path):
    """Another process that runs them all; it does not survive the block."""
    command = [sys.executable, "-m", "tests.pretending", kind, str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def alive(orders: Path) -> bool:
    """Whether a process that has pretended something runs still."""
    pids = [int(file.name.split()[1]) for file in orders.glob("process *")]
    found = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    return any(
        process.is_running()
        and process.status() != psutil.STATUS_ZOMBIE
        and process.pid != os.getpid()
        for process in found
    )


@everywhere
def test_a_driver_that_is_killed_leaves_whole_runs_and_no_process(
    kind, tmp_path, orders, undisturbed
):
    (orders / "3.wait").touch()
    with driver(kind, tmp_path / "runs") as process:
        until((orders / "3 waits").exists)
        until(lambda: len(finished(tmp_path / "runs")) >= (3 if kind == "one process" else 5))
        process.send_signal(signal.SIGKILL)
        process.wait(DEADLINE)
    until(lambda: not alive(orders))
    kept = finished(tmp_path / "runs")
    (orders / "begun").unlink()
    (orders / "3.wait").unlink()
    table = pretending.run(kind, tmp_path / "runs")
    pd.testing.assert_frame_equal(table, undisturbed, check_exact=True)
    assert kept.items() <= finished(tmp_path / "runs").items()
    assert len(begun(orders)) == len(SEEDS) - len(kept)


@elsewhere
def test_a_worker_that_is_killed_takes_nothing_along(kind, tmp_path, orders, undisturbed):
    for seed in (1, 4):
        (orders / f"{seed}.die").touch()
    table = pretending.run(kind, tmp_path / "runs")
    pd.testing.assert_frame_equal(table, undisturbed, check_exact=True)
    assert begun(orders).count(1) == begun(orders).count(4) == 2


def test_a_process_that_is_killed_again_and_again_is_named_and_the_others_are_kept(
    tmp_path, orders
):
    (orders / "2.die always").touch()
    named = re.escape(f"{SEEDS[2].key}: BrokenProcessPool") + ".*__main__"
    with (
        executor_of("processes") as executor,
        pytest.raises(RuntimeError, match=f"1 of 6 trainings failed(.|\n)*{named}"),
    ):
        run_all(SEEDS, tmp_path / "runs", progress=False, executor=executor)
    assert begun(orders).count(2) == 2
    assert len(finished(tmp_path / "runs")) == 5


def test_a_scheduler_that_is_killed_is_named_and_a_new_one_goes_on(tmp_path, orders, undisturbed):
    pytest.importorskip("distributed")  # whose settings are there from now on
    from dask import config

    (orders / "3.wait").touch()
    with (
        config.set({"distributed.comm.timeouts.connect": "1s"}),
        cluster(tmp_path) as (address, scheduler),
        executor_of(address) as executor,
        ThreadPoolExecutor(1) as beside,
    ):
        running = beside.submit(
            run_all, SEEDS, tmp_path / "runs", progress=False, executor=executor
        )
        until(lambda: len(finished(tmp_path / "runs")) >= 3)
        scheduler.kill()
        with pytest.raises(RuntimeError, match="trainings failed"):
            running.result()
    kept = finished(tmp_path / "runs")
    (orders / "3.wait").unlink()
    until(lambda: not alive(orders))
    table = pretending.run("dask", tmp_path / "runs")
    pd.testing.assert_frame_equal(table, undisturbed, check_exact=True)
    assert kept.items() <= finished(tmp_path / "runs").items()


@contextmanager
def cluster(folder: Path):
    """A scheduler and a worker as one starts them on machines; its address and process."""
    file = folder / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    options = ["--no-dashboard", "--scheduler-file", str(file)]
    started = []
    try:
        for command in (["scheduler", "--port", "0"], ["worker", "--nthreads", "1", "--no-nanny"]):
            process = subprocess.Popen(
                [*dask, *command, *options], cwd=ROOT, stderr=subprocess.DEVNULL
            )
            started.append(process)
            # the file is there, and empty, before its text is
            until(lambda: file.exists() and file.read_text())
        yield json.loads(file.read_text())["address"], started[0]
    finally:
        for process in started:
            process.kill()
            process.wait(DEADLINE)


def test_a_script_that_begins_itself_again_is_told_how_not_to(tmp_path):
    script = tmp_path / "sweep.py"
    script.write_text(
        "from mtl_tutorial.experiments import run_all\n"
        "from tests.pretending import SEEDS\n"
        "run_all(SEEDS[:2], 'runs', workers=2, progress=False)\n"
    )
    where = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script)]
    ended = subprocess.run(
        command, cwd=tmp_path, env=where, check=False, capture_output=True, text=True
    )
    assert ended.returncode == 1
    assert re.search(
        r"^RuntimeError: no process can be started here: .*__main__", ended.stderr, re.M
    )
    last = ended.stderr.strip().rpartition("\n")[2]
    assert "BrokenProcessPool" in last and "__main__" in last

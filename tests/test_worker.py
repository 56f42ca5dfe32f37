"""One job at a time beside the main thread: stopped, replaced, failed, without a trace left."""

import ctypes
import gc
import multiprocessing
import os
import statistics
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import pairwise

import psutil

from mtl_tutorial import worker as module
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.worker import Worker
from tests.waiting import DEADLINE, Turn, until


def until_stopped(report, stop):
    report("begun")
    assert stop.wait(DEADLINE)
    return "stopped"


def test_events_come_in_their_order_and_end_with_the_result():
    worker = Worker()
    assert worker.start(lambda report, stop: [report(i) for i in range(3)] and "all")
    assert [(e.kind, e.value) for e in worker.follow()] == [
        ("report", 0), ("report", 1), ("report", 2), ("done", "all"),
    ]  # fmt: skip
    worker.join(DEADLINE)
    assert not worker.running


def test_it_runs_beside_the_caller_and_ends_soon_when_it_is_stopped():
    worker = Worker()
    worker.start(until_stopped)
    events = worker.follow()
    assert next(events).value == "begun" and worker.running
    worker.stop()
    assert next(events).value == "stopped"
    worker.join(DEADLINE)
    assert not worker.running


def test_starting_twice_starts_one():
    worker, ran = Worker(), []
    assert worker.start(lambda report, stop: ran.append(1) or until_stopped(report, stop))
    assert not worker.start(lambda report, stop: ran.append(2))
    worker.stop()
    assert [e.kind for e in worker.follow()] == ["report", "done"]
    worker.join(DEADLINE)
    assert ran == [1]


def test_a_failure_is_an_event_and_the_worker_can_be_used_again():
    worker = Worker()
    worker.start(lambda report, stop: 1 / 0)
    (event,) = worker.follow()
    assert event.kind == "failed" and isinstance(event.value, ZeroDivisionError)
    worker.join(DEADLINE)
    assert worker.start(lambda report, stop: "well")
    assert [e.value for e in worker.follow()] == ["well"]


class Lingering:
    """A lock whose holder, done with it, stays until somebody waits for its end."""

    def __init__(self) -> None:
        self.awaited = threading.Event()

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        assert self.awaited.wait(DEADLINE)


def test_whoever_is_told_the_end_may_start_the_next_job_at_once(monkeypatch):
    worker, lingering, join = Worker(), Lingering(), threading.Thread.join

    def joined(thread, timeout=None):
        lingering.awaited.set()
        join(thread, timeout)

    monkeypatch.setattr(module, "_one_at_a_time", lingering)
    monkeypatch.setattr(threading.Thread, "join", joined)
    for job in (lambda report, stop: "well", lambda report, stop: 1 / 0):
        assert worker.start(job)
        for _ in worker.follow():
            assert worker.start(until_stopped)
        worker.stop()
        assert [event.kind for event in worker.follow()] == ["report", "done"]
        lingering.awaited.clear()


def test_nothing_comes_of_a_worker_that_never_had_a_job():
    assert not list(Worker().follow())


def test_another_workers_job_ends_before_the_new_one_begins(monkeypatch):
    old, new, turn, begun, at_work = Worker(), Worker(), Turn(), threading.Event(), []
    monkeypatch.setattr(module, "_one_at_a_time", turn)

    def job(report, stop):
        at_work.append("old begins")
        begun.set()
        assert stop.wait(DEADLINE)
        until(lambda: turn.waited_for.is_set() or "new" in at_work)
        at_work.append("old ends")

    old.start(job)
    assert begun.wait(DEADLINE)
    assert new.start(lambda report, stop: at_work.append("new"))
    list(new.follow())
    assert at_work == ["old begins", "old ends", "new"]


def left_by_trainings(count: int) -> list[tuple[int, int, float]]:
    """Graphs, threads and megabytes that are there after each of so many trainings."""
    from tensorflow.python.framework.func_graph import FuncGraph

    tiny = Experiment(
        "tiny",
        ("person", "ner"),
        corpus="en",
        units=4,
        embedding_dim=4,
        epochs=1,
        steps_per_epoch=2,
    )
    trim = getattr(ctypes.CDLL(None), "malloc_trim", lambda _: 0) if os.name == "posix" else int
    worker, left = Worker(), []
    for seed in range(count):
        job = replace(tiny, seed=seed)
        assert worker.start(
            lambda report, stop, job=job: job.run(test=False, stop=stop, watch=report)
        )
        assert [event.kind for event in worker.follow()] == ["report", "report", "done"]
        worker.join(DEADLINE)
        gc.collect()
        trim(0)  # what was freed and is only kept for later, by glibc
        graphs = sum(type(thing) is FuncGraph for thing in gc.get_objects())
        megabytes = psutil.Process().memory_full_info().uss / 1e6
        left.append((graphs, threading.active_count(), megabytes))
    return left


def test_trainings_leave_neither_threads_nor_memory():
    """TensorFlow keeps what a step's graph is registered with; the lab trains all day."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        left = process.submit(left_by_trainings, 7).result()[1:]  # the first fills caches
    graphs, threads, megabytes = zip(*left, strict=True)
    assert graphs[-1] == graphs[0] and threads[-1] == threads[0]
    assert statistics.median(b - a for a, b in pairwise(megabytes)) < 5  # a model kept is 14

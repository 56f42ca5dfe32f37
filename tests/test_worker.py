"""One job at a time beside the main thread: stopped, replaced, failed, without a trace left."""

import gc
import threading
import time
from dataclasses import replace

import psutil

from mtl_tutorial.experiments import Experiment
from mtl_tutorial.worker import Worker


def until_stopped(report, stop):
    report("begun")
    assert stop.wait(10)
    return "stopped"


def test_events_come_in_their_order_and_end_with_the_result():
    worker = Worker()
    assert worker.start(lambda report, stop: [report(i) for i in range(3)] and "all")
    assert [(e.kind, e.value) for e in worker.follow()] == [
        ("report", 0), ("report", 1), ("report", 2), ("done", "all"),
    ]  # fmt: skip
    worker.join(5)
    assert not worker.running


def test_it_runs_beside_the_caller_and_ends_soon_when_it_is_stopped():
    worker = Worker()
    worker.start(until_stopped)
    events = worker.follow()
    assert next(events).value == "begun" and worker.running
    worker.stop()
    assert next(events).value == "stopped"
    worker.join(5)
    assert not worker.running


def test_starting_twice_starts_one():
    worker, ran = Worker(), []
    assert worker.start(lambda report, stop: ran.append(1) or until_stopped(report, stop))
    assert not worker.start(lambda report, stop: ran.append(2))
    worker.stop()
    assert [e.kind for e in worker.follow()] == ["report", "done"]
    worker.join(5)
    assert ran == [1]


def test_a_failure_is_an_event_and_the_worker_can_be_used_again():
    worker = Worker()
    worker.start(lambda report, stop: 1 / 0)
    (event,) = worker.follow()
    assert event.kind == "failed" and isinstance(event.value, ZeroDivisionError)
    worker.join(5)
    assert worker.start(lambda report, stop: "well")
    assert [e.value for e in worker.follow()] == ["well"]


def test_another_workers_job_ends_before_the_new_one_begins():
    old, new, at_work = Worker(), Worker(), []

    def job(report, stop):
        at_work.append("old begins")
        stop.wait(10)
        time.sleep(0.05)
        at_work.append("old ends")

    old.start(job)
    while not at_work:
        time.sleep(0.01)
    assert new.start(lambda report, stop: at_work.append("new"))
    list(new.follow())
    assert at_work == ["old begins", "old ends", "new"]


def test_twenty_trainings_leave_neither_threads_nor_memory():
    """TensorFlow keeps what a step's graph is registered with; the lab trains all day."""
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
    worker, left = Worker(), []
    for seed in range(20):
        job = replace(tiny, seed=seed)
        assert worker.start(
            lambda report, stop, job=job: job.run(test=False, stop=stop, watch=report)
        )
        assert [event.kind for event in worker.follow()] == ["report", "report", "done"]
        worker.join(5)
        gc.collect()
        memory = psutil.Process().memory_info()
        graphs = sum(type(thing) is FuncGraph for thing in gc.get_objects())
        left.append((graphs, threading.active_count(), (memory.rss - memory.shared) / 1e6))
    (graphs, threads, megabytes), last = left[4], left[-1]  # the first trainings fill caches
    assert last[:2] == (graphs, threads)
    assert last[2] - megabytes < 15 * 4

"""One job at a time beside the main thread: stopped, replaced, failed, without a trace left."""

import threading
import time

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


def test_twenty_jobs_leave_no_thread():
    before = threading.active_count()
    worker = Worker()
    for _ in range(20):
        assert worker.start(lambda report, stop: report(1))
        list(worker.follow())
        worker.join(5)
    assert threading.active_count() == before

"""A job beside the main thread: one at a time, can be stopped, reports through a queue.

No widget stands here. A notebook's kernel stays free while the job runs, so that its controls
answer; what the job reports is read with `Worker.follow`.
"""

from __future__ import annotations

import contextvars
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

Job = Callable[[Callable[[Any], None], threading.Event], Any]
"""``job(report, stop)``: calls `report` with what it has so far, looks at `stop`, returns its result."""


@dataclass(frozen=True)
class Event:
    """What happened: a ``"report"``, or the end as ``"done"`` (value: the result) or ``"failed"`` (the exception)."""

    kind: Literal["report", "done", "failed"]
    value: Any


_one_at_a_time = threading.Lock()  # two trainings would disturb each other's random numbers
_latest: Worker | None = None  # whose job a new one replaces: an abandoned cell's, say


class Worker:
    """Runs one job at a time in a daemon thread.

    Starting a job anywhere in the process stops the one that is running there: nobody waits for a
    training whose cell was run again.

    Examples
    --------
    >>> worker = Worker()
    >>> worker.start(lambda report, stop: report("half") or "all")
    True
    >>> [(event.kind, event.value) for event in worker.follow()]
    [('report', 'half'), ('done', 'all')]
    """

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._replaced = False

    @property
    def running(self) -> bool:
        """Whether a job is at work."""
        return self._thread is not None and self._thread.is_alive()

    @property
    def stopped(self) -> bool:
        """Whether the job that was started last was asked to end."""
        return self._stop.is_set()

    @property
    def replaced(self) -> bool:
        """Whether another worker's job took the place of the one that was started last."""
        return self._replaced

    def start(self, job: Job) -> bool:
        """Start `job` and return at once; False, and nothing happens, if one of this worker's runs."""
        global _latest  # noqa: PLW0603 (one for the process is the point)
        with self._starting:
            if self.running:
                return False
            if _latest is not None and _latest is not self:
                _latest._replaced = _latest.running
                _latest.stop()
            _latest = self
            self._replaced = False
            self._stop, self._events = threading.Event(), queue.SimpleQueue()
            # A copied context: without it, old versions of ipykernel lose what a thread shows.
            self._thread = threading.Thread(
                target=contextvars.copy_context().run,
                args=(_work, job, self._events, self._stop),
                daemon=True,
            )
            self._thread.start()
            return True

    def stop(self) -> None:
        """Ask the job to end; it returns what it has."""
        self._stop.set()

    def join(self, timeout: float | None = None) -> None:
        """Wait until the job has ended, at most `timeout` seconds."""
        if self._thread is not None:
            self._thread.join(timeout)

    def follow(self) -> Iterator[Event]:
        """Follow the job that was started last: its events as they come, until it ends.

        When the end is told, the next job may start. Nothing comes if there was none.
        """
        return iter(()) if self._thread is None else _followed(self._events, self._thread)


def _followed(events: queue.SimpleQueue[Event], thread: threading.Thread) -> Iterator[Event]:
    while (event := events.get()).kind == "report":
        yield event
    thread.join()  # it has put its end into the queue, and is about to end
    yield event


def _work(job: Job, events: queue.SimpleQueue[Event], stop: threading.Event) -> None:
    with _one_at_a_time:
        try:
            result = job(lambda value: events.put(Event("report", value)), stop)
        except BaseException as error:  # followers are always told: nobody else is
            events.put(Event("failed", error))
        else:
            events.put(Event("done", result))

"""Waiting for what another thread or process does: for an event or a state, never for a time.

A deadline here is no measurement. It is so generous that whoever reaches it, on a machine however
busy, waits for something that will not come.
"""

import threading
from collections.abc import Callable
from typing import Any

DEADLINE = 600.0
"""Seconds after which a test may call a thread, a process or a page dead."""


def until(reached: Callable[[], Any]) -> None:
    """Look again and again whether something is true; `TimeoutError` after `DEADLINE` seconds."""
    pause, pauses = threading.Event(), 0.005
    for _ in range(int(DEADLINE / pauses)):
        if reached():
            return
        pause.wait(pauses)
    raise TimeoutError("what a test waits for does not come")


class Turn:
    """A lock that tells when somebody has to wait for it, in place of one that does not."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.waited_for = threading.Event()

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            self.waited_for.set()
            self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

"""Processes in which trainings run beside this one: `Processes`, and what each does first."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from concurrent.futures.thread import ThreadPoolExecutor
from typing import Any

from mtl_tutorial.arguments import integer


class Processes(Executor):
    """Run jobs in processes of their own, that live and die apart.

    When one of a `ProcessPoolExecutor`'s processes is killed, all of its jobs are lost. Here only
    the job of that process is: its future raises `BrokenExecutor`, and a new process takes the place.

    Parameters
    ----------
    workers
        How many processes; by default one for each core.

    Raises
    ------
    TypeError, ValueError
        If `workers` is no whole number, or less than 1.

    Examples
    --------
    >>> with Processes(1) as executor:
    ...     executor.submit(divmod, 7, 2).result()
    (3, 1)
    """

    def __init__(self, workers: int | None = None):
        count = os.cpu_count() or 1 if workers is None else integer("workers", workers, least=1)
        self._threads = ThreadPoolExecutor(count)  # each waits for a process of its own
        self._own = threading.local()
        self._pools: list[ProcessPoolExecutor] = []

    def submit(self, function: Callable, /, *args: Any, **kwargs: Any) -> Future:
        """Run ``function(*args, **kwargs)`` in the next process that is free."""
        return self._threads.submit(self._elsewhere, function, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more jobs; with `cancel_futures` do not begin those that wait either."""
        self._threads.shutdown(wait, cancel_futures=cancel_futures)
        for pool in self._pools:
            pool.shutdown(wait)

    def _elsewhere(self, function: Callable, *args: Any, **kwargs: Any) -> Any:
        pool = getattr(self._own, "pool", None)
        if pool is None:
            fresh = multiprocessing.get_context("spawn")  # TensorFlow does not survive a fork
            pool = self._own.pool = ProcessPoolExecutor(1, mp_context=fresh, initializer=_begin)
            self._pools.append(pool)
        try:
            return pool.submit(function, *args, **kwargs).result()
        except BrokenExecutor:
            self._pools.remove(pool)
            self._own.pool = None
            raise


def _begin() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it has been killed: nobody waits for its result."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

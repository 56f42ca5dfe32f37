"""Many experiments: `grid` writes them down, `run_all` runs those that are missing, anywhere."""

from __future__ import annotations

import io
import itertools
import os
import queue
import socket
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, NamedTuple, overload

from tqdm.auto import tqdm

from mtl_tutorial.arguments import flag, instance, instances, integer, listed, path, sequence
from mtl_tutorial.experiment import Experiment
from mtl_tutorial.reasons import reason_in_words
from mtl_tutorial.runs import Run

LOGS = "logs"
"""Folder, in that of the runs, of what each training said."""
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
"""What tells TensorFlow, before it is imported, to compute with one thread."""
UNGUARDED = 'a script begins its trainings under if __name__ == "__main__":, or with workers=1'
MOST_NAMED = 20
"""How many failed trainings a message names."""


def grid(base: Experiment, **choices: Iterable[Any]) -> list[Experiment]:
    """Write down every combination: ``grid(base, corpus=["zh", "en"], seed=range(5))``.

    Read it as "`base`, in Chinese and in English, each over five seeds". What comes first changes
    slowest. Several grids are joined with ``+``; `run_all` runs what two of them share once.

    Parameters
    ----------
    base
        What they have in common.
    choices
        Field of `Experiment` → the values that it takes in turn.

    Raises
    ------
    TypeError
        If `base` is no `Experiment`, a field is unknown, or its values are not in a list or range.
    ValueError
        If a value is not allowed.

    Examples
    --------
    >>> base = Experiment("alone", ("person",), steps_per_epoch=100)
    >>> few_and_many = grid(base, labels=[{"person": 60}, {"person": 600}], seed=range(5))
    >>> len(few_and_many), few_and_many[0].labels, few_and_many[1].seed
    (10, {'person': 60}, 1)
    """
    instance("base", base, Experiment)
    known = [field.name for field in fields(base)]
    for name, values in choices.items():
        if name not in known:
            raise TypeError(f"an Experiment has no field {name!r}; it has {listed(known, 99)}")
        sequence(name, values, "values that it takes in turn, such as range(5)")
    return [
        replace(base, **dict(zip(choices, values, strict=True)))
        for values in itertools.product(*choices.values())
    ]


@dataclass(frozen=True)
class Kept(Sequence[Run]):
    """Runs in files, each read when it is asked for: ten thousand of them fill no memory."""

    files: tuple[Path, ...]

    def __len__(self) -> int:
        return len(self.files)

    @overload
    def __getitem__(self, place: int) -> Run: ...
    @overload
    def __getitem__(self, place: slice) -> Kept: ...
    def __getitem__(self, place: int | slice) -> Run | Kept:
        if isinstance(place, slice):
            return Kept(self.files[place])
        return Run.load(self.files[place])


def run_all(
    experiments: Iterable[Experiment],
    folder: Path | str,
    workers: int = 1,
    progress: bool = True,
    executor: Executor | None = None,
) -> Kept:
    """Run the experiments that are not in `folder` yet; give all runs, in the order asked for.

    Each finished run is written at once, whole, into a file of its own. Whatever is killed, this
    process, another or a whole cluster: call it again, and it goes on with what is missing.
    What a training said, and how it failed, stands in the folder's `LOGS`.

    Parameters
    ----------
    experiments
        What to run; repeated ones are run, and given back, once.
    folder
        Where the runs are kept.
    workers
        Processes to run at the same time, each with one thread; 1 stays in this process.
    progress
        Whether to show a progress bar: how many are done, how many failed, the time left.
    executor
        Where to run instead: any `concurrent.futures.Executor` whose jobs have a process for
        themselves, such as ``dask.distributed.Client(address).get_executor()`` for a cluster whose
        workers have one thread each. It is not shut down. (Dask has its workers give freed memory
        back at once, and a training takes a third more CPU time: start them with its setting
        ``distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_`` at None.)

    Returns
    -------
    Kept
        The runs, each read from its file when it is asked for.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or not allowed, or an executor runs several jobs as
        threads of one process: the seed of one training would be that of another.
    OSError
        If a run cannot be written, on a full disk, say. All that was written before is kept.
    RuntimeError
        After all others have run: if one failed twice, or its loss became NaN. The message names
        each, and they are not kept.

    Examples
    --------
    >>> import tempfile
    >>> tiny = Experiment("alone", ("person",), epochs=1, steps_per_epoch=1)
    >>> (run,) = run_all([tiny], tempfile.mkdtemp(), progress=False)
    >>> run.header["model"], run.header["epoch"]
    ('alone', 1)
    """
    wanted = {e.key: e for e in instances("experiments", experiments, Experiment)}
    folder, workers = path("folder", folder), integer("workers", workers, least=1)
    if executor is not None:
        _refuse_threads(instance("executor", executor, Executor), workers)
    there = {file.name for file in folder.iterdir()} if folder.is_dir() else set()
    files = {key: folder / f"{key}.csv" for key in wanted}
    missing = [e for key, e in wanted.items() if files[key].name not in there]
    failed: dict[str, str] = {}
    with tqdm(
        total=len(files),
        initial=len(files) - len(missing),
        unit="run",
        disable=not flag("progress", progress),
    ) as bar:
        for experiment, outcome in _finished(missing, workers, executor):
            key = experiment.key
            _log(folder / LOGS / f"{key}.log", outcome.said)
            if outcome.run is not None and not outcome.run.header["stopped"]:
                outcome.run.save(files[key])
            elif outcome.run is not None:
                failed[key] = reason_in_words(outcome.run.header["stopped"])
            else:
                failed[key] = outcome.said.strip().rpartition("\n")[2]
            bar.set_postfix({"failed": len(failed)} if failed else {}, refresh=False)
            bar.update()
    if failed:
        named = [f"{key}: {why}" for key, why in failed.items()]
        more = [f"… and {len(named) - MOST_NAMED} more"] if len(named) > MOST_NAMED else []
        raise RuntimeError(
            f"{len(failed)} of {len(files)} trainings failed and are not kept, all others are; "
            "where a loss is not a number, a lower learning rate often helps. What each said stands "
            f"in {folder / LOGS}:\n" + "\n".join(named[:MOST_NAMED] + more)
        )
    return Kept(tuple(files.values()))


class Attempt(NamedTuple):
    """What became of an experiment: its run, or None if it failed; and all that was said."""

    run: Run | None
    said: str


def attempt(experiment: Experiment, number: int) -> Attempt:
    """Run it in this process, for the first or second time; an error becomes the last line said."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        print(f"attempt {number} on {socket.gethostname()}, process {os.getpid()}")
        try:
            return Attempt(experiment.run(), said.getvalue())
        except Exception:
            traceback.print_exc()
            return Attempt(None, said.getvalue())


def _in_worker(experiment: Experiment, number: int) -> Attempt:
    threads = _threads_of_dask()
    if threads > 1:
        raise ValueError(
            f"executor has a worker with {threads} threads: the seed of one training would be that "
            "of another. Start the cluster with threads_per_worker=1 (dask worker --nthreads 1)"
        )
    os.environ.update(ONE_THREAD)
    return attempt(experiment, number)


def _threads_of_dask() -> int:
    """How many jobs share this process, if it is a worker of Dask's; else 1."""
    if "distributed" not in sys.modules:
        return 1
    from distributed import get_worker

    try:
        return get_worker().state.nthreads
    except ValueError:
        return 1


def _refuse_threads(executor: Executor, workers: int) -> None:
    if workers != 1:
        raise ValueError(f"workers is {workers}, but it is the executor that says how many run")
    if isinstance(executor, ThreadPoolExecutor):
        raise ValueError(
            "executor runs its jobs as threads of one process: the seed of one training would be "
            "that of another; take one with processes, or workers="
        )


def _finished(
    experiments: Sequence[Experiment], workers: int, executor: Executor | None
) -> Iterator[tuple[Experiment, Attempt]]:
    """The outcomes as they come; a failure is tried a second time."""
    if executor is not None:
        yield from _sent(experiments, executor)
    elif workers > 1 and len(experiments) > 1:
        from mtl_tutorial.processes import Processes

        processes = Processes(workers)
        try:
            yield from _sent(experiments, processes)
        finally:  # after an interrupt, those that wait do not begin
            processes.shutdown(wait=False, cancel_futures=True)
    else:
        for experiment in experiments:
            outcome = attempt(experiment, 1)
            if outcome.run is None:
                outcome = _joined(outcome, attempt(experiment, 2))
            yield experiment, outcome


def _sent(
    experiments: Sequence[Experiment], executor: Executor
) -> Iterator[tuple[Experiment, Attempt]]:
    """The same out of another process; what is killed there is a failure."""
    done: queue.SimpleQueue[Future] = queue.SimpleQueue()
    at_work: dict[Future, tuple[Experiment, Attempt | None]] = {}

    def send(experiment: Experiment, before: Attempt | None = None) -> None:
        try:
            future = executor.submit(_in_worker, experiment, 1 if before is None else 2)
        except Exception as error:  # it is broken, or closed
            future = Future()
            future.set_exception(error)
        at_work[future] = experiment, before
        future.add_done_callback(done.put)

    try:
        for experiment in experiments:
            send(experiment)
        while at_work:
            future = done.get()
            experiment, before = at_work.pop(future)
            outcome, gone = _received(future), future.cancelled()  # by a cluster that is no more
            del future  # and with it the run, once it is written
            if outcome.run is None and before is None and not gone:
                send(experiment, outcome)
            else:
                yield experiment, outcome if before is None else _joined(before, outcome)
    finally:
        for future in at_work:
            future.cancel()


def _received(future: Future) -> Attempt:
    try:
        return future.result()
    except ValueError:  # of several threads
        raise
    except BrokenExecutor as error:
        return Attempt(
            None,
            f"{type(error).__name__}: {error} A process was killed, or could not start: {UNGUARDED}",
        )
    except Exception as error:  # a cluster that is gone, say
        if "bootstrapping" in str(error):  # a script, begun again in a process that it started
            raise RuntimeError(f"no process can be started here: {UNGUARDED}") from None
        return Attempt(None, f"{type(error).__name__}: {error or 'what was at work on it is gone'}")


def _joined(first: Attempt, second: Attempt) -> Attempt:
    return Attempt(second.run, f"{first.said.rstrip()}\n{second.said}")


def _log(file: Path, said: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(said, encoding="utf-8")

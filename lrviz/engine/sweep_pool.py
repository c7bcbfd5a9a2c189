"""Groups computed by processes on this machine. Whoever loses its process is computed again by another one.

On one machine a single process is often as fast, since it computes 64 runs at once; processes are for many cores.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType

from lrviz.core.errors import ExperimentError, LrvizError, one_line
from lrviz.engine.process import settle
from lrviz.engine.sweep_group import GroupResult, SweepGroup, run_group

MOST_WORKERS = 256
PAUSE_SECONDS = 0.02
TRIES = 3  # of one group: a process that is lost so often is lost because of it


class LocalPool:
    """So many processes, one thread of torch each. A context manager: they end with it, if not before."""

    def __init__(self, workers: int) -> None:
        if not 1 <= workers <= MOST_WORKERS:
            raise ExperimentError(f"a sweep with {workers} workers; it takes 1 to {MOST_WORKERS}")
        self._wanted = workers
        self._workers: list[_Worker] = []

    def __enter__(self) -> LocalPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def pids(self) -> tuple[int, ...]:
        """Of the processes that are there now."""
        return tuple(worker.process.pid or 0 for worker in self._workers)

    def run(self, groups: list[SweepGroup], /) -> Iterator[tuple[SweepGroup, GroupResult] | None]:
        """See lrviz.engine.sweep.Pool. LrvizError where a group's question is wrong or ends its process again."""
        waiting, tries = deque(groups), dict.fromkeys(range(len(groups)), 0)
        numbers = {id(group): number for number, group in enumerate(groups)}
        try:
            while waiting or any(worker.group for worker in self._workers):
                for worker in self._lost():
                    if worker.group is not None:
                        waiting.appendleft(worker.group)
                self._hire(len(waiting))
                for worker in self._workers:
                    if worker.group is None and waiting:
                        group = waiting.popleft()
                        tries[numbers[id(group)]] += 1
                        if tries[numbers[id(group)]] > TRIES:
                            raise LrvizError(f"{TRIES} processes ended while they computed the same runs; memory?")
                        worker.give(group)
                yield from self._heard()
        finally:
            for worker in list(self._workers):
                if worker.group is not None:
                    self._dismiss(worker)

    def close(self) -> None:
        """End all processes."""
        for worker in list(self._workers):
            self._dismiss(worker)

    def _hire(self, waiting: int) -> None:
        """As many processes as there is work for; those that are there stay, since torch takes a while to load."""
        busy = sum(worker.group is not None for worker in self._workers)
        while len(self._workers) < min(self._wanted, busy + waiting):
            self._workers.append(_hired())

    def _lost(self) -> list[_Worker]:
        """Processes that have ended without having been asked to."""
        lost = [worker for worker in self._workers if worker.is_lost]
        for worker in lost:
            self._dismiss(worker, keep_group=True)
        return lost

    def _heard(self) -> Iterator[tuple[SweepGroup, GroupResult] | None]:
        ready = wait([worker.connection for worker in self._workers], PAUSE_SECONDS)
        if not ready:
            yield None
        for worker in [worker for worker in self._workers if worker.connection in ready]:
            group, result = worker.group, worker.hear()
            if group is not None and result is not None:
                yield group, result

    def _dismiss(self, worker: _Worker, keep_group: bool = False) -> None:
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.kill()
        worker.process.join()
        if not keep_group:
            worker.group = None


@dataclass(eq=False)
class _Worker:
    """A process, and the group that it computes."""

    process: BaseProcess
    connection: Connection
    group: SweepGroup | None = None
    is_lost: bool = False

    def give(self, group: SweepGroup) -> None:
        self.group = group
        try:
            self.connection.send(group)
        except OSError:
            self.is_lost = True

    def hear(self) -> GroupResult | None:
        """A result that has come; the group is done with once it is complete."""
        try:
            message: GroupResult | str = self.connection.recv()
        except (EOFError, OSError):
            self.is_lost = True
            return None
        if isinstance(message, str):
            self.group = None
            raise LrvizError(message)
        if message.complete:
            self.group = None
        return message


def _hired() -> _Worker:
    context = multiprocessing.get_context("spawn")  # a fork would inherit torch's threads, and the window's
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), daemon=True, name="lrviz-sweep")
    with _without_interrupts():
        process.start()
    theirs.close()  # so that its end is seen here
    return _Worker(process, ours)


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C goes to all of a terminal's processes; those that are started in here leave it to their owner."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection) -> None:
    """A process's whole life: until the other side hangs up."""
    settle()
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            _answer(connection, connection.recv())


def _answer(connection: Connection, group: SweepGroup) -> None:
    try:
        for result in run_group(group.experiment, group.marks):
            if result is not None:
                connection.send(result)
            elif connection.poll():  # nothing is sent before the group is done: the other side has gone
                connection.recv()
    except LrvizError as error:
        connection.send(str(error))
    except (EOFError, OSError):
        raise
    except Exception as error:
        connection.send(f"a process failed: {type(error).__name__}: {one_line(error)}")

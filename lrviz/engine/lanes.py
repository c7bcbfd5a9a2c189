"""Parts of one piece of work, side by side: the first where it is asked for, the others on threads of their own.

torch and NumPy let go of Python's lock while they compute, so two lanes take little more than half the time where the
single calls are long enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

from lrviz.core.pauses import Paused
from lrviz.engine.process import THREADS, begin_thread


@dataclass(frozen=True)
class Lanes:
    """As many as work may be divided into, and the threads of all but the first."""

    count: int = 1
    threads: Executor | None = None

    def side_by_side(self, parts: Sequence[Iterator[None]]) -> Paused[None]:
        """The pauses of the first of up to `count` parts; all are done, or have stopped at a pause, when it ends."""
        mine, *others = parts
        if self.threads is None or not others:
            for part in parts:
                yield from part
            return
        stop = Event()
        ends = [self.threads.submit(_done, other, stop) for other in others]
        try:
            yield from mine
        except BaseException:  # GeneratorExit is one: whoever asked has left
            stop.set()
            raise
        finally:
            wait(ends)
        for end in ends:
            end.result()


ALONE = Lanes()


@contextmanager
def lanes() -> Iterator[Lanes]:
    """As many as lrviz uses, with threads that end with it."""
    with ThreadPoolExecutor(max(1, THREADS - 1), "lane", begin_thread) as threads:
        yield Lanes(THREADS, threads)


def _done(work: Iterator[None], stop: Event) -> None:
    for _ in work:
        if stop.is_set():
            return

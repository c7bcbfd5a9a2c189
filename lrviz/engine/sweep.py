"""A sweep, group by group: the generator that the window, the command line and the claims iterate."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from typing import Protocol

from lrviz.core.sweep import SweepQuestion, SweepTable
from lrviz.engine.process import THREADS, begin_thread
from lrviz.engine.sweep_group import GroupResult, SweepGroup, groups_of, metric_names, run_group
from lrviz.engine.sweep_marks import marks_of
from lrviz.engine.sweep_refine import rates_in_between
from lrviz.engine.sweep_store import SweepStore
from lrviz.engine.sweep_table import TableMaker

TABLE_SECONDS = 0.1  # between two tables,
COPYING_SHARE = 0.1  # of which no more than this is spent on making them

Results = Iterator[GroupResult | None]  # of one group
Finds = Iterator[tuple[SweepGroup, GroupResult] | None]


class Pool(Protocol):
    """Others who compute groups: processes, or other machines."""

    def run(self, groups: list[SweepGroup], /) -> Finds:
        """Each group's results as they come, the whole one last, and None whenever there is nothing for a while.

        Where it is closed early, what was begun is given up.
        """
        ...


def sweep(
    question: SweepQuestion, *, store: SweepStore | None = None, pool: Pool | None = None
) -> Generator[SweepTable | None, None, None]:
    """A table at once, then one ten times a second at most while more becomes known, and the last complete.

    None comes in between, every 10 ms or so: to pause is not to go on, and to stop is to close the generator. Groups
    that are finished by then are in the store, and a sweep of the same question takes them from there. LrvizError,
    before anything is computed, where the question makes no sense.
    """
    maker = TableMaker(question, marks_of(question.experiment), metric_names(question.with_value(question.values[0])))
    tables, groups = _Tables(maker), groups_of(question)
    yield maker.table(None)
    for _ in range(question.refinements):
        yield from _filled(tables, groups, store, pool)
        lrs = rates_in_between(maker.table(None))
        groups = groups_of(question, lrs) if lrs else []
        if not lrs:
            break
        maker.add_rates(lrs)
    yield from _filled(tables, groups, store, pool)
    yield maker.table(0.0, complete=True)


def _filled(
    tables: _Tables, groups: list[SweepGroup], store: SweepStore | None, pool: Pool | None
) -> Iterator[SweepTable | None]:
    """Tables while all of the groups come to be known."""
    todo = []
    for group in groups:
        stored = store.load(group) if store else None
        if stored is None:
            todo.append(group)
        else:
            tables.put(group, stored)
        yield tables.next()
    finds = _here(todo) if pool is None else pool.run(todo)
    tables.resume()
    for found in finds:
        if found is not None:
            tables.put(*found, computed=True)
            if store is not None and found[1].complete:
                store.save(*found)
        yield tables.next()
        tables.resume()


def _here(groups: list[SweepGroup]) -> Finds:
    """Some groups at a time, each in one thread from its start to its end."""
    waiting = deque(groups)
    going: dict[Future[GroupResult | _End | None], tuple[ThreadPoolExecutor, SweepGroup, Results]] = {}
    with ExitStack() as stack:
        idle = [stack.enter_context(ThreadPoolExecutor(1, "sweep", begin_thread)) for _ in groups[:THREADS]]

        def go_on(thread: ThreadPoolExecutor, group: SweepGroup, results: Results) -> None:
            going[thread.submit(next, results, _End())] = thread, group, results

        while waiting or going:
            while waiting and idle:
                group = waiting.popleft()
                go_on(idle.pop(), group, run_group(group.experiment, group.marks))
            for future in wait(going, return_when=FIRST_COMPLETED).done:
                thread, group, results = going.pop(future)
                result = future.result()
                if isinstance(result, _End):
                    idle.append(thread)
                else:
                    go_on(thread, group, results)
                    yield None if result is None else (group, result)


class _End:
    """There are no more results of a group."""


class _Tables:
    """When there is a new table, and how long the rest will take; time in which nobody iterates does not count."""

    def __init__(self, maker: TableMaker) -> None:
        self._maker = maker
        self._changed = False
        self._due = 0.0
        self._resumed: float | None = None
        self._seconds = self._work = 0.0  # of what was computed here, not found

    def put(self, group: SweepGroup, result: GroupResult, computed: bool = False) -> None:
        before = self._maker.work_done
        self._maker.put(group, result)
        self._work += (self._maker.work_done - before) * computed
        self._changed = True

    def resume(self) -> None:
        """Somebody goes on iterating."""
        self._resumed = time.perf_counter()

    def next(self) -> SweepTable | None:
        """The table of now, if one is due. Time stands still until `resume`."""
        now = time.perf_counter()
        if self._resumed is not None:
            self._seconds += now - self._resumed
            self._resumed = None
        if not self._changed or now < self._due:
            return None
        left = self._maker.work_left * self._seconds / self._work if self._work else None
        table, self._changed = self._maker.table(left), False
        spent = time.perf_counter() - now
        self._due = now + max(TABLE_SECONDS, spent / COPYING_SHARE)
        return table

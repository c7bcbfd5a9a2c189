"""Groups computed by processes: the same numbers, and a process that is killed loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from lrviz.core.errors import ExperimentError, LrvizError
from lrviz.core.experiment import Choice
from lrviz.core.sweep import SweepQuestion
from lrviz.engine import sweep_pool
from lrviz.engine.sweep_group import GroupResult, SweepGroup, groups_of
from lrviz.engine.sweep_pool import LocalPool
from tests.engine.sweeps import assert_same_numbers, question, small_model, swept

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pool() -> Iterator[LocalPool]:
    """Two processes for all tests, since torch takes a while to load."""
    with LocalPool(2) as made:
        yield made


@pytest.fixture
def long() -> SweepQuestion:
    """Three groups, each of which takes a good part of a second."""
    return question(seeds=range(3), experiment=small_model(1500))


def test_numbers_are_those_of_one_process(pool: LocalPool) -> None:
    wanted = question(seeds=range(3), refinements=1)
    assert_same_numbers(swept(wanted, pool=pool), swept(wanted))


class Killing:
    """A pool one of whose processes is killed in the middle of a group."""

    def __init__(self, pool: LocalPool) -> None:
        self._pool = pool
        self.killed = 0
        self.whole = Counter[int]()  # by seed

    def run(self, groups: list[SweepGroup], /) -> Iterator[tuple[SweepGroup, GroupResult] | None]:
        for found in self._pool.run(groups):
            if found is not None:
                self.whole[found[0].seed] += found[1].complete
                if not self.killed and not found[1].complete:
                    self.killed = self._pool.pids[0]
                    os.kill(self.killed, signal.SIGKILL)
            yield found


def test_a_killed_process_loses_nothing_and_nothing_comes_twice(pool: LocalPool, long: SweepQuestion) -> None:
    killing = Killing(pool)
    table = swept(long, pool=killing)
    assert killing.killed
    assert killing.killed not in pool.pids
    assert killing.whole == dict.fromkeys(long.seeds, 1)
    assert_same_numbers(table, swept(long))


def test_a_group_that_ends_every_process_is_given_up(monkeypatch: pytest.MonkeyPatch, long: SweepQuestion) -> None:
    monkeypatch.setattr(sweep_pool, "TRIES", 2)

    def kill_each(pool: LocalPool) -> None:
        for found in pool.run(groups_of(long)[:1]):
            if found is not None:
                os.kill(pool.pids[0], signal.SIGKILL)

    with LocalPool(1) as pool, pytest.raises(LrvizError, match="2 processes ended"):
        kill_each(pool)


def test_what_is_wrong_with_a_question_comes_back_as_its_line(pool: LocalPool) -> None:
    [group] = groups_of(question(seeds=(0,)))
    nonsense = replace(group.experiment, optimizer=Choice("nonsense"))
    wrong = SweepGroup(group.value, group.seed, group.lrs, nonsense, group.marks)
    with pytest.raises(LrvizError, match="no optimizer called 'nonsense'"):
        list(pool.run([wrong]))
    assert_same_numbers(swept(question(), pool=pool), swept(question()))


def test_a_sweep_that_is_closed_gives_up_what_was_begun(pool: LocalPool, long: SweepQuestion) -> None:
    work = iter(pool.run(groups_of(long)))
    next(found for found in work if found is not None)
    assert isinstance(work, Generator)
    busy = pool.pids
    work.close()
    assert not set(busy) & set(pool.pids)
    assert_same_numbers(swept(question(), pool=pool), swept(question()))
    pool.close()
    assert pool.pids == ()


def test_processes_end_when_their_owner_is_killed() -> None:
    code = textwrap.dedent(
        """
        from lrviz.engine.sweep_group import groups_of
        from lrviz.engine.sweep_pool import LocalPool
        from tests.engine.sweeps import question, small_model

        if __name__ == "__main__":
            pool = LocalPool(1)
            for found in pool.run(groups_of(question(seeds=(0,), experiment=small_model(200_000)))):
                if found is not None:
                    print(*pool.pids, flush=True)
        """
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        owner.kill()
        owner.wait()
        # The process has the pipe for its standard output too: it ends when the last one that writes to it does.
        owner.stdout.read()
    assert not (Path("/proc") / str(pid) / "exe").exists()


def test_no_workers_are_no_pool() -> None:
    with pytest.raises(ExperimentError, match="0 workers; it takes 1 to"):
        LocalPool(0)

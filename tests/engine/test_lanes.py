"""Work in lanes comes to its end in all of them, or stops in all of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from lrviz.engine import lanes as lanes_module
from lrviz.engine.lanes import ALONE, Lanes, lanes


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lanes]:
    monkeypatch.setattr(lanes_module, "THREADS", 2)
    with lanes() as both:
        yield both


def part(log: list[str], name: str, pauses: int = 3) -> Iterator[None]:
    for _ in range(pauses):
        yield
    log.append(f"{name} in {threading.current_thread().name}")


def test_alone_one_part_follows_another() -> None:
    log: list[str] = []
    assert len(list(ALONE.side_by_side([part(log, "a"), part(log, "b")]))) == 6
    assert [line[0] for line in log] == ["a", "b"]


def test_the_first_part_is_the_askers_and_all_are_done_at_the_end(two: Lanes) -> None:
    log: list[str] = []
    assert len(list(two.side_by_side([part(log, "a"), part(log, "b", pauses=1000)]))) == 3
    assert sorted(line[0] for line in log) == ["a", "b"]
    assert "a in MainThread" in log
    assert "b in MainThread" not in log


def test_who_leaves_stops_the_others_at_their_next_pause(two: Lanes) -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless() -> Iterator[None]:
        try:
            while True:
                begun.set()
                yield
        finally:
            ended.set()

    work = two.side_by_side([iter([None] * 5), endless()])
    next(work)
    assert begun.wait(10)
    work.close()
    assert ended.is_set()


def test_what_goes_wrong_beside_is_told(two: Lanes) -> None:
    def wrong() -> Iterator[None]:
        yield
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(two.side_by_side([part([], "a"), wrong()]))


def test_the_threads_end_with_the_lanes() -> None:
    with lanes() as both:
        list(both.side_by_side([part([], "a"), part([], "b")]))
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lane")]

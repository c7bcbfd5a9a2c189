"""The training thread: newest work first, few signals, errors reported, closing at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from lrviz.runtime.worker import Failure, Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    made.start()
    yield made
    made.close()


def test_values_reach_the_window_only_when_they_differ(qtbot: QtBot, worker: Worker) -> None:
    first, second = object(), object()
    seen: list[object] = []
    worker.value_changed.connect(lambda ticket, value: seen.append(value))
    with qtbot.waitSignal(worker.work_ended):
        worker.submit(lambda: iter([first, first, first, second, second]))
    assert seen == [first, second]


def test_newer_work_replaces_the_work_under_way(qtbot: QtBot, worker: Worker) -> None:
    started, closed = threading.Event(), threading.Event()

    def endless() -> Iterator[object]:
        try:
            while True:
                started.set()
                yield None
        finally:
            closed.set()

    ended: list[int] = []
    worker.work_ended.connect(ended.append)
    worker.submit(endless)
    assert started.wait(5)
    ticket = worker.submit(lambda: iter(["new"]))
    qtbot.waitUntil(lambda: ended == [ticket])
    assert closed.wait(5)


def test_an_error_is_reported_and_the_next_work_runs(qtbot: QtBot, worker: Worker) -> None:
    def failing() -> Iterator[object]:
        yield 1
        raise RuntimeError("out of paper")

    with qtbot.waitSignal(worker.work_failed) as failed:
        worker.submit(failing)
    failure = failed.args[1]
    assert isinstance(failure, Failure)
    assert str(failure.error) == "out of paper"
    assert "failing" in failure.details
    with qtbot.waitSignal(worker.value_changed) as value:
        worker.submit(lambda: iter(["still here"]))
    assert value.args[1] == "still here"


def test_closing_amid_work_ends_the_thread(worker: Worker) -> None:
    started = threading.Event()

    def endless() -> Iterator[object]:
        while True:
            started.set()
            yield None

    worker.submit(endless)
    assert started.wait(5)
    worker.close()
    assert worker.isFinished()


def test_stopping_drops_the_work_and_keeps_the_thread(qtbot: QtBot, worker: Worker) -> None:
    started = threading.Event()

    def endless() -> Iterator[object]:
        while True:
            started.set()
            yield None

    worker.submit(endless)
    assert started.wait(5)
    with qtbot.waitSignal(worker.work_ended):
        worker.stop()
    assert worker.isRunning()

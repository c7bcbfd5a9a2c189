"""Amid training nothing waits: Stop, another experiment and closing are done at the next pause, no thread is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from lrviz.app.main import race_when_ready
from lrviz.app.window import Window
from lrviz.core.experiment import Experiment
from lrviz.core.openings import opening
from lrviz.core.viewstate import ViewState

HANG_SECONDS = 10.0  # no measure of speed, only the difference between waiting for a pause and for a race's end


def endless() -> Experiment:
    """Digits, for longer than any test lasts."""
    return replace(opening(), steps=500_000)


@pytest.fixture
def training(qtbot: QtBot) -> Iterator[Window]:
    """A window in mid-training."""
    window = Window(endless(), race_when_ready, ViewState(theme="light"))
    qtbot.addWidget(window)
    window.show()
    window.session.start()
    qtbot.waitUntil(lambda: window.scene is not None and window.scene.rows > 20, timeout=30_000)
    yield window
    window.close()


def test_closing_amid_training_ends_the_thread(training: Window) -> None:
    began = time.monotonic()
    training.close()
    assert not training.session.is_alive()
    assert time.monotonic() - began < HANG_SECONDS


def stop(window: Window) -> None:
    window.session.stop()


def ask_another(window: Window) -> None:
    window.session.ask(replace(endless(), seed=1))


@pytest.mark.parametrize("wish", [stop, ask_another])
def test_a_wish_amid_training_is_granted_without_waiting(training: Window, wish: Callable[[Window], None]) -> None:
    scene = training.scene
    assert scene is not None
    began = time.monotonic()
    wish(training)
    assert time.monotonic() - began < HANG_SECONDS
    assert training.session.is_alive()
    assert scene.rows < scene.steps


def test_the_race_that_was_replaced_computes_no_more(qtbot: QtBot, training: Window) -> None:
    old = training.scene
    assert old is not None
    ask_another(training)
    qtbot.waitUntil(lambda: training.scene is not old and training.scene is not None and training.scene.rows > 0)
    rows = old.rows
    newer = training.scene
    qtbot.waitUntil(lambda: newer is not None and newer.rows > 100)
    assert old.rows == rows

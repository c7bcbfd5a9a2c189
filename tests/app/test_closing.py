"""Amid training nothing waits: Stop, another experiment and closing are done at the next pause, no thread is left."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from lrviz.app.main import race_when_ready
from lrviz.app.window import Window
from lrviz.core import catalog
from lrviz.core.experiment import Experiment, OnModel, choose
from lrviz.core.openings import first_question
from lrviz.core.viewstate import ViewState

PROMISED_SECONDS = 0.2


def endless(hidden: tuple[int, ...] = (64, 32), batch_size: int = 64, sharpness: bool = False) -> Experiment:
    """Digits, for longer than any test lasts."""
    problem = OnModel(choose(catalog.models, "mlp", hidden=hidden), choose(catalog.datasets, "digits"), batch_size)
    return replace(first_question(problem), steps=1500, sharpness=sharpness)


QUESTIONS = {
    "default": endless(),
    "with sharpness": endless(sharpness=True),
    "large, full batch": endless(hidden=(512, 512), batch_size=0),
}


@pytest.fixture(params=QUESTIONS)
def training(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[Window]:
    """A window in mid-training."""
    window = Window(QUESTIONS[request.param], race_when_ready, ViewState(theme="light"))
    qtbot.addWidget(window)
    window.show()
    window.session.start()
    qtbot.waitUntil(lambda: window.scene is not None and window.scene.rows > 2, timeout=30_000)
    yield window
    window.close()


def test_closing_amid_training_ends_the_thread(training: Window) -> None:
    began = time.perf_counter()
    training.close()
    assert time.perf_counter() - began < PROMISED_SECONDS
    assert not training.session.is_alive()


def stop(window: Window) -> None:
    window.session.stop()


def ask_another(window: Window) -> None:
    window.session.ask(replace(window.session.experiment, seed=1))


@pytest.mark.parametrize("wish", [stop, ask_another])
def test_a_wish_amid_training_is_granted_without_waiting(training: Window, wish: Callable[[Window], None]) -> None:
    scene = training.scene
    assert scene is not None
    began = time.perf_counter()
    wish(training)
    assert time.perf_counter() - began < PROMISED_SECONDS
    assert training.session.is_alive()
    assert scene.rows < scene.steps


def test_the_race_that_was_replaced_computes_no_more(qtbot: QtBot, training: Window) -> None:
    old = training.scene
    assert old is not None
    ask_another(training)
    qtbot.waitUntil(
        lambda: training.scene is not old and training.scene is not None and training.scene.rows > 0, timeout=30_000
    )
    rows = old.rows
    newer = training.scene
    qtbot.waitUntil(lambda: newer is not None and newer.rows > 10, timeout=30_000)
    assert old.rows == rows

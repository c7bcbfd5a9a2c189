"""Charts as the tests make them, and races to show in them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from lrviz.core.scene import Scene
from lrviz.views.chart import Chart
from lrviz.views.quantities import LOSS
from lrviz.views.quantity import Quantity
from lrviz.views.theme import LIGHT, Theme
from tests.views.scenes import FakeRace, noisy, smooth

SIZES = [(1000, 220), (700, 180), (1600, 300)]


def chart_of(qtbot: QtBot, scene: Scene | None = None, quantity: Quantity = LOSS, theme: Theme = LIGHT) -> Chart:
    chart = Chart(quantity)
    qtbot.addWidget(chart)
    chart.resize(1000, 220)
    chart.set_theme(theme)
    if scene is not None:
        chart.show_scene(scene)
    chart.show()
    return chart


def image(chart: Chart) -> QImage:
    return chart.grab().toImage()


def with_divergence(loss: NDArray[np.float64]) -> NDArray[np.float64]:
    loss = loss.copy()
    loss[0, 1:6] = [loss[0, 0] * 5, 1e4, 1e30, 1e300, math.inf]
    return loss


def model_race(runs: int = 4, steps: int = 300) -> FakeRace:
    at = [*range(0, steps, 20), steps]
    accuracy = {"test_accuracy": 1 - noisy(runs, steps, seed=1, noise=0.05)[:, at] / 4}
    loss = with_divergence(noisy(runs, steps))
    return FakeRace(loss, steps_per_epoch=20, metrics=accuracy, metric_steps=at)


RACES: dict[str, Callable[[], FakeRace]] = {
    "model": model_race,
    "surface": lambda: FakeRace(with_divergence(smooth(4, 300))),
    "long": lambda: FakeRace(noisy(3, 4000, noise=1.0)),
    "short": lambda: FakeRace(smooth(2, 5)),
}


def toggle_of(chart: Chart) -> QCheckBox:
    return chart.findChildren(QCheckBox)[0]

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from lrviz.core.scene import Scene
from lrviz.views.chart import Chart
from lrviz.views.chart_best import FEW
from lrviz.views.model_quantities import ACCURACY
from lrviz.views.quantities import LOSS
from lrviz.views.quantity import Quantity
from tests.views.scenes import FakeRace, noisy

STEPS = 200
AT = [*range(0, STEPS + 1, 10)]


def accuracies(runs: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """(K, M): each run rises to its best at a measurement of its own and falls from there."""
    peaks = np.linspace(4, 16, runs)[:, None]
    return np.asarray(0.95 - 0.02 * np.abs(np.arange(len(AT)) - np.round(peaks)) - 0.01 * np.arange(runs)[:, None])


def scene_of(runs: int) -> Scene:
    metrics = {"test_accuracy": accuracies(runs)}
    return FakeRace(noisy(runs, STEPS), steps_per_epoch=20, metrics=metrics, metric_steps=AT).publish()


def chart_of(qtbot: QtBot, scene: Scene, quantity: Quantity = ACCURACY, width: int = 1000) -> Chart:
    chart = Chart(quantity)
    qtbot.addWidget(chart)
    chart.resize(width, 220)
    chart.show_scene(scene)
    chart.show()
    return chart


def image(chart: Chart) -> QImage:
    return chart.grab().toImage()


def bests(chart: Chart, step: int) -> dict[int, int]:
    """By run, the step of its best reading as the chart marks it at `step`."""
    chart.show_step(step)
    assert chart._drawing is not None
    chart._drawing.at(step)
    return {best.run: best.step for best in chart._drawing._bests.shown}


def test_the_best_so_far_is_marked_and_nothing_ahead_of_the_screen(qtbot: QtBot) -> None:
    chart, values = chart_of(qtbot, scene_of(3)), accuracies(3)
    for step in (0, 35, 120, STEPS):
        measured = step // 10 + 1
        assert bests(chart, step) == {run: 10 * int(values[run, :measured].argmax()) for run in range(3)}


def test_other_quantities_have_no_best(qtbot: QtBot) -> None:
    assert bests(chart_of(qtbot, scene_of(3), LOSS), STEPS) == {}


@pytest.mark.parametrize("runs", [3, 8])
def test_with_marks_the_picture_does_not_tell_what_was_shown_before(qtbot: QtBot, runs: int) -> None:
    scene = scene_of(runs)
    travelled = chart_of(qtbot, scene)
    for step in (STEPS, 20, *range(60, 100), 25, *range(150, 182)):
        travelled.show_step(step)
        shown = image(travelled)
        if step in (99, 25, 181):
            fresh = chart_of(qtbot, scene)
            fresh.show_step(step)
            assert shown == image(fresh)


@pytest.mark.parametrize("runs", [1, FEW, FEW + 1])
def test_figures_stand_beside_the_names_of_few_runs(qtbot: QtBot, runs: int) -> None:
    chart = chart_of(qtbot, scene_of(runs))
    chart.show_step(STEPS)
    assert chart._drawing is not None
    notes = chart._drawing.at(STEPS)._notes
    assert len(notes) == (runs if runs <= FEW else 0)
    if runs == 1:
        assert notes[0].text.text() == "best 95.0 % at epoch 2"


@pytest.mark.parametrize("width", [320, 400, 560, 1000])
def test_no_figure_reaches_beyond_the_chart(qtbot: QtBot, width: int) -> None:
    chart = chart_of(qtbot, scene_of(4), width=width)
    for step in (0, 100, STEPS):
        chart.show_step(step)
        assert chart._drawing is not None
        assert chart._drawing.at(step).right <= chart.width()
        assert not image(chart).isNull()


def test_the_readout_tells_the_best_and_the_last_value_up_to_the_screen(qtbot: QtBot) -> None:
    chart, values = chart_of(qtbot, scene_of(2)), accuracies(2)
    chart.show_step(150)
    assert chart._frame is not None
    chart.read_step(30)
    assert chart.cursor_spot is not None
    readings = chart._lines.readings(chart._frame, chart.cursor_spot, 150)
    for reading in readings:
        assert reading.value == values[reading.run, 3]
        assert reading.best == values[reading.run, :16].max()
        assert reading.last == values[reading.run, 15]
    image(chart)

"""Pointer and keys read a step in a chart, and go there; on a path axis each run has one of its own."""

from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lrviz.views.chart import Chart
from lrviz.views.model_quantities import ACCURACY
from lrviz.views.readings import readings_along
from lrviz.views.step_canvas import Spot
from tests.views.charts import RACES, chart_of, image, model_race
from tests.views.scenes import FakeRace, smooth


@pytest.mark.parametrize("name", RACES)
def test_values_under_the_pointer_are_those_of_the_traces(qtbot: QtBot, name: str) -> None:
    race = RACES[name]()
    chart = chart_of(qtbot, race.publish())
    for step in (0, 3, race.steps // 2, race.steps):
        for reading in chart.readings(step):
            trace = race.recorder.traces[reading.run]
            assert reading.value == trace.loss[min(step, len(trace) - 1)] or math.isnan(reading.value)
            assert reading.lr == trace.lr
            over = trace.overflow_step
            assert reading.ended == (over if over is not None and over < step else None)


def test_values_are_sorted_as_the_lines_are(qtbot: QtBot) -> None:
    chart = chart_of(qtbot, FakeRace([[1.0, 0.1], [1.0, 0.5], [1.0, 0.3]], lrs=[3, 2, 1]).publish())
    assert [reading.run for reading in chart.readings(1)] == [1, 2, 0]


def test_a_metric_is_read_where_it_was_measured_last(qtbot: QtBot) -> None:
    race = model_race()
    chart = chart_of(qtbot, race.publish(), ACCURACY)
    measured = {reading.run: reading.value for reading in chart.readings(59)}
    assert measured[1] == race.metrics["test_accuracy"][1, 2]


def test_the_pointer_reads_the_step_below_it_and_leaves_the_race_alone(qtbot: QtBot) -> None:
    chart = chart_of(qtbot, model_race().publish())
    chart.show_step(200)
    with qtbot.assertNotEmitted(chart.seek_requested):
        qtbot.mouseMove(chart, QPoint(400, 100))
    assert chart.cursor_spot is not None
    assert chart.cursor_spot == chart.spot_at(QPointF(400, 100))
    before = image(chart)
    QApplication.sendEvent(chart, QEvent(QEvent.Type.Leave))
    assert chart.cursor_spot is None
    assert image(chart) != before
    assert chart.step == 200


def test_pressing_and_dragging_seeks_each_step_once(qtbot: QtBot) -> None:
    chart = chart_of(qtbot, model_race().publish())
    sought: list[int] = []
    chart.seek_requested.connect(sought.append)
    qtbot.mousePress(chart, Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    qtbot.mouseMove(chart, QPoint(300, 120))
    qtbot.mouseMove(chart, QPoint(500, 120))
    qtbot.mouseMove(chart, QPoint(5000, 120))
    qtbot.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=QPoint(500, 120))
    qtbot.mouseMove(chart, QPoint(350, 120))
    spots = [chart.spot_at(QPointF(x, 120)) for x in (300, 500)]
    assert sought == [spot.step for spot in spots if spot is not None] + [300]


def test_a_press_on_the_margin_seeks_nothing(qtbot: QtBot) -> None:
    chart = chart_of(qtbot, model_race().publish())
    with qtbot.assertNotEmitted(chart.seek_requested):
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(5, 100))


def test_arrows_read_step_by_step_and_enter_goes_there(qtbot: QtBot) -> None:
    chart = chart_of(qtbot, model_race().publish())
    chart.show_step(100)
    QApplication.sendEvent(chart, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert chart.cursor_spot == Spot(100)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.cursor_spot == Spot(99)
    with qtbot.waitSignal(chart.seek_requested) as sought:
        qtbot.keyClick(chart, Qt.Key.Key_Return)
    assert sought.args == [99]
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert chart.cursor_spot is None


def test_the_arrows_stop_at_the_ends(qtbot: QtBot) -> None:
    chart = chart_of(qtbot, FakeRace(smooth(2, 5)).publish())
    chart.read_step(5)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.cursor_spot == Spot(5)


def path_chart(qtbot: QtBot, step: int = 100) -> Chart:
    """Rates 0.1 and 0.05 over 100 steps: paths up to 10 and 5, the faster line above."""
    chart = chart_of(qtbot, FakeRace([[3.0] * 101, [1.0] * 101], lrs=[0.1, 0.05]).publish())
    chart.set_against("path")
    chart.show_step(step)
    return chart


def at_path(chart: Chart, path: float, value: float) -> QPointF:
    assert chart._frame is not None
    return QPointF(chart._frame.x(path), chart._frame.y(value))


def test_at_equal_path_lengths_each_run_has_a_step_of_its_own(qtbot: QtBot) -> None:
    chart = path_chart(qtbot)
    assert chart._frame is not None
    readings = readings_along(chart._frame, chart._lines.series, 3.0, 100)
    assert {reading.run: reading.step for reading in readings} == {0: 30, 1: 60}
    assert not any(reading.beyond for reading in readings)
    beyond = {reading.run: reading.beyond for reading in readings_along(chart._frame, chart._lines.series, 7.0, 100)}
    assert beyond == {0: False, 1: True}


def test_a_press_goes_to_the_step_of_the_nearest_curve(qtbot: QtBot) -> None:
    chart = path_chart(qtbot)
    assert chart.spot_at(at_path(chart, 3.0, 2.9)) == Spot(30, 0)
    assert chart.spot_at(at_path(chart, 3.0, 1.1)) == Spot(60, 1)
    with qtbot.waitSignal(chart.seek_requested) as sought:
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at_path(chart, 3.0, 1.1).toPoint())
    assert abs(sought.args[0] - 60) <= 1


def test_on_a_path_axis_nothing_ahead_of_the_screen_is_read(qtbot: QtBot) -> None:
    chart = path_chart(qtbot, step=20)
    spot = chart.spot_at(at_path(chart, 8.0, 3.0))
    assert spot is not None
    assert spot.step <= 20


def test_on_a_path_axis_the_arrows_read_the_run_that_goes_furthest(qtbot: QtBot) -> None:
    chart = path_chart(qtbot)
    chart.read_step(40)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.cursor_spot == Spot(41, 0)
    image(chart)

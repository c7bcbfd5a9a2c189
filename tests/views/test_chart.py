from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QImage
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox
from pytestqt.qtbot import QtBot

from lrviz.core.scene import Scene
from lrviz.core.viewstate import Against
from lrviz.views.chart import Chart
from lrviz.views.model_quantities import ACCURACY
from lrviz.views.quantities import DISTANCE, GRADIENT, LOSS, RATE, STEP_LENGTH
from lrviz.views.quantity import Quantity
from lrviz.views.quiet_picker import QuietPicker
from lrviz.views.readings import readings_along
from lrviz.views.step_canvas import Spot
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.descents import Descents
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


@pytest.mark.parametrize("name", RACES)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_picture_of_a_step_does_not_tell_what_was_shown_before(qtbot: QtBot, name: str, theme: Theme) -> None:
    race = RACES[name]()
    scene = race.publish()
    travelled = chart_of(qtbot, scene, theme=theme)
    steps = [random.Random(0).randint(0, scene.steps) for _ in range(6)]
    for step in (*steps, *range(steps[-1], min(steps[-1] + 30, scene.steps))):
        travelled.show_step(step)
        shown = image(travelled)
        if step in (*steps, steps[-1] + 29):
            fresh = chart_of(qtbot, scene, theme=theme)
            fresh.show_step(step)
            assert shown == image(fresh)


@pytest.mark.parametrize("quantity", [LOSS, ACCURACY], ids=lambda quantity: quantity.key)
def test_a_race_watched_live_ends_in_the_picture_of_the_race_seen_whole(qtbot: QtBot, quantity: Quantity) -> None:
    live, whole = model_race(), model_race()
    chart = chart_of(qtbot, live.scene, quantity)
    for rows in (1, 2, 5, 6, 50, 52, 53, 200, 301):
        live.publish(rows)
        chart.show_step(rows - 1)
        image(chart)
    seen = chart_of(qtbot, whole.publish(), quantity)
    seen.show_step(300)
    assert image(chart) == image(seen)


@pytest.mark.parametrize("quantity", [LOSS, ACCURACY], ids=lambda quantity: quantity.key)
@pytest.mark.parametrize(("against", "log"), [("epochs", False), ("time", False), ("time", True)])
def test_against_epochs_and_time_a_race_watched_live_ends_in_the_picture_of_the_race_seen_whole(
    qtbot: QtBot, quantity: Quantity, against: Against, log: bool
) -> None:
    live, whole = model_race(), model_race()
    chart, seen = chart_of(qtbot, live.scene, quantity), chart_of(qtbot, whole.publish(), quantity)
    for one in (chart, seen):
        one.set_against(against)
        one.set_log_steps(log)
    for rows in (1, 2, 50, 52, 53, 200, 301):
        live.publish(rows)
        chart.show_step(rows - 1)
        image(chart)
    for step in (300, 77):
        chart.show_step(step)
        seen.show_step(step)
        assert image(chart) == image(seen)


AXES: list[tuple[Against, bool]] = [("steps", True), ("path", False), ("path", True)]
CLOCKED: list[tuple[Against, bool]] = [("epochs", False), ("epochs", True), ("time", False), ("time", True)]


@pytest.mark.parametrize("quantity", [DISTANCE, STEP_LENGTH, RATE], ids=lambda quantity: quantity.key)
@pytest.mark.parametrize(("against", "log"), AXES)
def test_on_every_axis_a_race_watched_live_ends_in_the_picture_of_the_race_seen_whole(
    qtbot: QtBot, quantity: Quantity, against: Against, log: bool
) -> None:
    live, whole = Descents(steps=80), Descents(steps=80)
    chart = chart_of(qtbot, live.scene, quantity)
    seen = chart_of(qtbot, whole.publish(), quantity)
    for one in (chart, seen):
        one.set_against(against)
        one.set_log_steps(log)
    for rows in (1, 2, 5, 6, 30, 31, 81):
        live.publish(rows)
        chart.show_step(rows - 1)
        image(chart)
    for step in (80, 33):
        chart.show_step(step)
        seen.show_step(step)
        assert image(chart) == image(seen)


@pytest.mark.parametrize(("against", "log"), [*AXES, *CLOCKED])
def test_on_every_axis_the_picture_does_not_tell_what_was_shown_before(
    qtbot: QtBot, against: Against, log: bool
) -> None:
    scene = model_race(5).publish()
    travelled, fresh = chart_of(qtbot, scene), chart_of(qtbot, scene)
    for one in (travelled, fresh):
        one.set_against(against)
        one.set_log_steps(log)
    for step in (0, 200, *range(40, 70), 300, 70):
        travelled.show_step(step)
        image(travelled)
    fresh.show_step(70)
    assert image(travelled) == image(fresh)


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


def test_on_a_path_axis_no_name_covers_another(qtbot: QtBot) -> None:
    race = FakeRace(noisy(16, 400), lrs=np.geomspace(1, 1e-3, 16).tolist())
    chart = chart_of(qtbot, race.publish())
    chart.set_against("path")
    for log, step in ((True, 350), (False, 350), (True, 40)):
        chart.set_log_steps(log)
        chart.show_step(step)
        assert chart._drawing is not None
        rooms = [chart._drawing.names.room(label) for label in chart._drawing.at(step)._labels]
        assert len(rooms) == 16
        assert not any(one.intersects(other) for one, other in combinations(rooms, 2))


def test_what_is_measured_late_is_drawn_when_it_is_there(qtbot: QtBot) -> None:
    late, soon = Descents(steps=30), Descents(steps=30)
    gradient = np.ones((31, 4, 2)) * np.linspace(2, 1, 31)[:, None, None]
    soon.publish()
    soon.recorder.detail("gradient", 0, gradient)
    chart, other = chart_of(qtbot, late.publish(), GRADIENT), chart_of(qtbot, soon.scene, GRADIENT)
    chart.show_step(20)
    image(chart)
    late.recorder.detail("gradient", 0, gradient)
    chart.show_scene(replace(late.scene, note="measured"))
    other.show_step(20)
    assert image(chart) == image(other)


def test_the_pickers_tell_what_was_asked_and_show_what_was_set(qtbot: QtBot) -> None:
    chart = chart_of(qtbot, Descents().publish())
    quantity, axis = chart.findChildren(QuietPicker)
    with qtbot.waitSignal(chart.quantity_picked) as told:
        qtbot.keyClick(quantity, Qt.Key.Key_Down)
    assert told.args == ["distance"]
    asked: list[object] = []
    chart.against_picked.connect(asked.append)
    chart.log_steps_toggled.connect(asked.append)
    axis.activated.emit(3)
    assert asked == ["path", True]
    with qtbot.assertNotEmitted(chart.quantity_picked), qtbot.assertNotEmitted(chart.against_picked):
        chart.show_quantity(DISTANCE)
        chart.set_against("path")
        chart.set_log_steps(True)
    assert quantity.currentText() == "Distance to a minimum"
    assert axis.currentText() == "rate × steps, log"
    assert chart.accessibleName() == "Distance to a minimum against rate × steps, log"
    assert all(picker.accessibleName() for picker in (quantity, axis))


def test_a_quantity_that_the_next_scene_does_not_have_gives_way_to_the_loss(qtbot: QtBot) -> None:
    chart = chart_of(qtbot, Descents().publish(), DISTANCE)
    assert chart.quantity is DISTANCE
    chart.show_scene(model_race().publish())
    assert chart.quantity is LOSS
    assert not image(chart).isNull()


def test_controls_lie_within_the_chart_and_not_on_one_another(qtbot: QtBot) -> None:
    chart = chart_of(qtbot, Descents().publish(), DISTANCE)
    for width in (320, 520, 1400):
        for against in ("steps", "path"):
            chart.resize(width, 180)
            chart.set_against("path" if against == "path" else "steps")
            quantity, axis = chart.findChildren(QuietPicker)
            assert all(chart.rect().contains(control.geometry()) for control in (quantity, axis, toggle_of(chart)))
            assert not quantity.geometry().intersects(toggle_of(chart).geometry())


def test_another_race_in_the_same_frame_draws_its_own_runs(qtbot: QtBot) -> None:
    one, more = (FakeRace(np.repeat(smooth(1, 50), runs, axis=0)).publish() for runs in (1, 3))
    chart = chart_of(qtbot, one)
    chart.show_step(50)
    image(chart)
    chart.show_scene(more)
    chart.show_step(50)
    fresh = chart_of(qtbot, more)
    fresh.show_step(50)
    assert image(chart) == image(fresh)


def test_nothing_after_the_step_on_screen_is_drawn(qtbot: QtBot) -> None:
    loss = smooth(2, 100, lowest=1e-3)
    other = loss.copy()
    other[:, 60:] = other[:, 60:][:, ::-1]
    first, second = chart_of(qtbot, FakeRace(loss).publish()), chart_of(qtbot, FakeRace(other).publish())
    for chart in (first, second):
        chart.show_step(50)
    assert image(first) == image(second)


def test_rows_that_come_later_are_drawn_when_they_do(qtbot: QtBot) -> None:
    race = FakeRace(smooth(2, 100, lowest=1e-3))
    early = chart_of(qtbot, race.publish(40))
    early.show_step(100)
    image(early)
    race.publish()
    early.show_step(100)
    late = chart_of(qtbot, race.scene)
    late.show_step(100)
    assert image(early) == image(late)


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


def toggle_of(chart: Chart) -> QCheckBox:
    return chart.findChildren(QCheckBox)[0]


def test_the_toggle_tells_what_was_asked_and_setting_the_scale_does_not(qtbot: QtBot) -> None:
    chart = chart_of(qtbot, FakeRace(smooth(3, 50)).publish())
    toggle = toggle_of(chart)
    assert toggle.isChecked()
    assert toggle.accessibleName()
    with qtbot.waitSignal(chart.log_toggled) as told:
        toggle.click()
    assert told.args == [False]
    assert not chart.log
    linear = image(chart)
    with qtbot.assertNotEmitted(chart.log_toggled):
        chart.set_log(True)
    assert toggle.isChecked()
    assert image(chart) != linear


def test_with_negative_losses_the_toggle_rests_and_the_chart_says_why(qtbot: QtBot) -> None:
    chart = chart_of(qtbot, FakeRace([[4.0, 1.0, -3.0], [4.0, 3.0, 2.0]]).publish())
    assert not toggle_of(chart).isEnabled()
    assert "linear" in chart.captions()[0]
    chart.show_scene(FakeRace(smooth(2, 5)).publish())
    assert toggle_of(chart).isEnabled()
    assert chart.captions() == ()


def test_a_smoothed_chart_says_over_how_many_steps(qtbot: QtBot) -> None:
    captions = chart_of(qtbot, model_race().publish()).captions()
    assert all("10 steps" in caption for caption in captions)
    assert list(captions) == sorted(captions, key=len, reverse=True)


def test_an_empty_chart_says_what_goes_there(qtbot: QtBot) -> None:
    chart = chart_of(qtbot)
    image(chart)
    assert not toggle_of(chart).isVisible()
    chart.show_scene(FakeRace(smooth(2, 50)).scene)  # nothing published yet
    image(chart)
    assert chart.readings(0) == []
    qtbot.mouseMove(chart, QPoint(300, 100))
    assert chart.cursor_spot is None


STRANGE = {
    "infinite at once": [[math.inf], [1.0]],
    "no number": [[1.0, math.nan], [1.0, 0.5]],
    "minus infinity": [[1.0, -math.inf], [1.0, 0.5]],
    "huge": [[1e300, 1e308, math.inf], [1e300, 1e299, 1e-300]],
    "tiny": [[1e-300, 1e-308, 5e-324], [1e-300, 0.0, 0.0]],
    "constant": [[3.0] * 40, [3.0] * 40],
    "zero": [[0.0] * 40, [0.0] * 40],
    "negative": [[-1.0, -2.0, -1e300], [-1.0, -1.0, -1.0]],
    "one row": [[2.0], [2.0]],
    "back from far away": [[1.0, 1e9, 1.0, 1e9, 0.1], [1.0, 0.9, 0.8, 0.7, 0.6]],
}


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("log", [True, False])
@pytest.mark.parametrize(("epochs", "against"), [(None, "steps"), (2, "steps"), (2, "path")])
def test_strange_losses_are_drawn_without_an_error(
    qtbot: QtBot, name: str, log: bool, epochs: int | None, against: Against
) -> None:
    rows = max(map(len, STRANGE[name]))
    loss = np.array([row + [math.inf] * (rows - len(row)) for row in STRANGE[name]])
    race = FakeRace(loss, steps=max(rows - 1, 1), steps_per_epoch=epochs)
    for size in SIZES:
        chart = chart_of(qtbot, race.publish())
        chart.resize(*size)
        chart.set_log(log)
        chart.set_against(against)
        chart.set_log_steps(log)
        for step in range(rows):
            chart.show_step(step)
            chart.read_step(step)
            assert not image(chart).isNull()


@pytest.mark.parametrize("runs", [1, 2, 8, 16])
@pytest.mark.parametrize("against", ["steps", "path"])
def test_any_number_of_runs_is_drawn_at_any_size(qtbot: QtBot, runs: int, against: Against) -> None:
    chart = chart_of(qtbot, model_race(runs).publish())
    chart.set_against(against)
    for width, height in (*SIZES, (320, 128), (60, 40)):
        chart.resize(width, height)
        chart.show_step(300)
        chart.read_step(100)
        assert image(chart).size().toTuple() == (max(width, 320), max(height, 128))


def test_a_picture_is_as_sharp_as_asked_and_shows_what_the_screen_shows(qtbot: QtBot) -> None:
    chart = chart_of(qtbot, FakeRace(smooth(3, 50)).publish())
    chart.show_step(30)
    for control in (toggle_of(chart), *chart.findChildren(QComboBox)):
        control.hide()
    picture = chart.picture(1.0)
    assert picture.convertToFormat(QImage.Format.Format_RGB32) == image(chart).convertToFormat(
        QImage.Format.Format_RGB32
    )
    assert chart.picture(3.0).size() == chart.size() * 3


def test_more_known_of_the_same_race_draws_nothing_again(qtbot: QtBot) -> None:
    race = FakeRace(smooth(3, 50))
    chart = chart_of(qtbot, race.publish())
    chart.show_step(30)
    image(chart)
    key = chart._still.cacheKey() if chart._still is not None else None
    chart.show_scene(Scene(**{**vars(race.scene), "note": "the landscape is known"}))
    image(chart)
    assert chart._still is not None
    assert chart._still.cacheKey() == key


def test_the_chart_has_a_name_for_those_who_hear_it(qtbot: QtBot) -> None:
    chart = chart_of(qtbot)
    assert chart.accessibleName() == "Loss against step"
    assert "Enter" in chart.accessibleDescription()


def test_strokes_drawn_ahead_are_shown_with_their_heads(qtbot: QtBot) -> None:
    race = FakeRace(smooth(3, 200))
    ahead, plain = chart_of(qtbot, race.publish()), chart_of(qtbot, race.publish())
    for step in range(0, 180, 12):
        ahead.ink_ahead(step)
        ahead.repaint()
        ahead.show_step(step)
        plain.show_step(step)
        assert image(ahead) == image(plain)
    ahead.show_step(20)
    plain.show_step(20)
    assert image(ahead) == image(plain)

"""What a chart shows besides its lines: controls, captions, names; and what it makes of strange losses."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from lrviz.core.viewstate import Against
from lrviz.views.quantities import DISTANCE, LOSS
from lrviz.views.quiet_picker import QuietPicker
from tests.views.charts import SIZES, chart_of, image, model_race, toggle_of
from tests.views.descents import Descents
from tests.views.scenes import FakeRace, noisy, smooth


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


def test_the_chart_has_a_name_for_those_who_hear_it(qtbot: QtBot) -> None:
    chart = chart_of(qtbot)
    assert chart.accessibleName() == "Loss against step"
    assert "Enter" in chart.accessibleDescription()

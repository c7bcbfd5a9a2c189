"""Runs of a sweep, read and opened with the pointer and with keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from lrviz.views.sweep_view import SweepView
from tests.views.sweep_views import frame, opened_of, place_of, shown, sweep_view
from tests.views.sweeps import question_of, table_of

SCALES = (0.01, 0.1, 1.0, 10.0, 100.0)
MOMENTA = (0.0, 0.5, 0.9)


@pytest.fixture
def view(qtbot: QtBot) -> SweepView:
    return sweep_view(qtbot)


def test_a_press_on_a_dot_opens_its_run(view: SweepView, qtbot: QtBot) -> None:
    table, opened = shown(view, table_of(question_of())), opened_of(view)
    assert view.canvas.reading is not None
    for rate, seed in ((2, 0), (15, 3)):
        qtbot.mouseMove(view.canvas, place_of(view, rate, seed))
        value = view.canvas.reading.values[0, rate, seed]
        text = view.canvas.accessibleDescription()
        assert f"{100 * value:.1f} % after 30 epochs" in text
        qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=place_of(view, rate, seed))
        assert opened[-1] == (0, table.lrs[rate], table.question.seeds[seed])
        assert table.question.run_at(*opened[-1]).lrs == (table.lrs[rate],)


def test_diverged_runs_stand_on_the_rail_above_the_plot_and_can_be_opened(view: SweepView, qtbot: QtBot) -> None:
    table, opened = shown(view, table_of(question_of())), opened_of(view)
    places = [place_of(view, 24, seed) for seed in range(5)]
    assert all(frame(view).rail.contains(place) for place in places)
    assert len({place.y() for place in places}) == 5
    qtbot.mouseMove(view.canvas, places[1])
    assert view.canvas.accessibleDescription() == "rate 10, seed 1: diverged at epoch 1"
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=places[1])
    assert opened == [(0, 10.0, table.question.seeds[1])]


def test_beside_the_dots_all_seeds_of_a_rate_are_read(view: SweepView, qtbot: QtBot) -> None:
    table, plot = shown(view, table_of(question_of())), frame(view).plot
    at = QPoint(round(frame(view).xs[0]), round(plot.top() + 20))
    qtbot.mouseMove(view.canvas, at)
    said = view.canvas.accessibleDescription()
    low, median, high = 100 * np.quantile(table.metrics["test_accuracy"][0, 0, :, -1], (0.25, 0.5, 0.75))
    assert said == (
        f"rate 1e-5: median test accuracy {median:.1f} %, half of 5 seeds within {low:.1f} % to {high:.1f} %"
    )
    qtbot.mouseMove(view.canvas, QPoint(2, 2))
    assert view.canvas.spot is None
    assert view.canvas.accessibleDescription().startswith("Best rate after 30 epochs")


def test_a_press_on_a_maps_cell_opens_the_run_in_the_middle_of_its_seeds(view: SweepView, qtbot: QtBot) -> None:
    table, opened = shown(view, table_of(question_of(knob="loss_scale", values=SCALES))), opened_of(view)
    at = frame(view).cell(3, 6).center().toPoint()
    qtbot.mouseMove(view.canvas, at)
    said = view.canvas.accessibleDescription()
    assert said.startswith("loss scale 10, rate 0.000316: median test accuracy ")
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=at)
    ((value, lr, seed),) = opened
    assert (value, lr) == (3, table.lrs[6])
    accuracies = table.metrics["test_accuracy"][3, 6, :, -1]
    assert accuracies[seed] == np.median(accuracies)


def test_one_value_of_a_second_parameter_can_be_shown_as_a_chart(view: SweepView, qtbot: QtBot) -> None:
    table, opened = shown(view, table_of(question_of(knob="loss_scale", values=SCALES))), opened_of(view)
    picker = view.canvas.pickers.value
    assert [picker.itemText(at) for at in (0, 2)] == ["at every loss scale", "at loss scale 0.1"]
    picker.picked.emit("1")
    assert frame(view).rows == 1
    assert " at loss scale 0.1, " in view.budget.sentence.text()
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=place_of(view, 1, 2))
    assert opened == [(1, table.lrs[1], table.question.seeds[2])]
    picker.picked.emit("")
    assert frame(view).rows == 5


def test_runs_are_read_and_opened_with_keys(view: SweepView, qtbot: QtBot) -> None:
    table, opened = shown(view, table_of(question_of())), opened_of(view)
    canvas = view.canvas
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert canvas.spot is not None
    assert table.lrs[canvas.spot.rate] == 0.001  # the best
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    qtbot.keyClick(canvas, Qt.Key.Key_Up)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    ((_, lr, seed),) = opened
    column = table.metrics["test_accuracy"][0, table.lrs.index(lr), :, -1]
    assert column[seed] == column.max()
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.spot is None


def test_cells_are_read_with_keys(view: SweepView, qtbot: QtBot) -> None:
    table = shown(view, table_of(question_of(knob="loss_scale", values=SCALES)))
    canvas = view.canvas
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(9):
        qtbot.keyClick(canvas, Qt.Key.Key_Up)
    for _ in range(99):
        qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert canvas.spot is not None
    assert (canvas.spot.value, canvas.spot.rate) == (4, 0)
    assert f"loss scale 100, rate {table.lrs[0]:g}".replace("e-0", "e-") in canvas.accessibleDescription()


def test_an_unknown_run_cannot_be_opened(view: SweepView, qtbot: QtBot) -> None:
    shown(view, table_of(question_of(), share=0.0))
    opened = opened_of(view)
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=frame(view).plot.center().toPoint())
    assert opened == []

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from lrviz.views import numbers
from lrviz.views.rate_slider import RateSlider, position_of_rate, rate_of_position


@pytest.fixture
def slider(qtbot: QtBot) -> RateSlider:
    made = RateSlider()
    qtbot.addWidget(made)
    made.resize(200, 24)
    made.show_rate(0.001)
    made.show()
    return made


@pytest.mark.parametrize(
    ("position", "rate"), [(0, 1e-6), (60, 1e-3), (61, 0.0011), (66, 0.002), (120, 1.0), (160, 100.0)]
)
def test_positions_are_rates_of_two_figures_twenty_a_decade(position: int, rate: float) -> None:
    assert rate_of_position(position) == rate


def test_every_position_comes_back_and_shows_as_it_is() -> None:
    for position in range(161):
        rate = rate_of_position(position)
        assert position_of_rate(rate) == position
        assert float(numbers.exact(rate)) == rate


@pytest.mark.parametrize(("rate", "position"), [(1e-9, 0), (1e9, 160), (0.00105, 60)])
def test_rates_between_and_beyond_stand_at_the_nearest(rate: float, position: int) -> None:
    assert position_of_rate(rate) == position


def test_showing_a_rate_asks_for_nothing(slider: RateSlider) -> None:
    asked: list[object] = []
    slider.rate_changed.connect(lambda *wish: asked.append(wish))
    slider.show_rate(0.0123)
    assert slider.value() == position_of_rate(0.0123)
    assert slider.accessibleDescription() == "0.0123"
    assert asked == []


def test_keys_ask_for_the_next_rate_for_good(slider: RateSlider, qtbot: QtBot) -> None:
    asked: list[object] = []
    slider.rate_changed.connect(lambda *wish: asked.append(wish))
    qtbot.keyClick(slider, Qt.Key.Key_Right)
    qtbot.keyClick(slider, Qt.Key.Key_PageDown)
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert asked == [(0.0011, True), (0.00011, True), (1e-6, True)]


def test_dragging_asks_all_the_way_and_for_good_at_the_end(slider: RateSlider, qtbot: QtBot) -> None:
    asked: list[tuple[float, bool]] = []
    slider.rate_changed.connect(lambda rate, final: asked.append((rate, final)))
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(100, 20))
    qtbot.mouseMove(slider, QPoint(140, 2))
    slider.show_rate(0.5)  # what the window answers must not pull the handle away
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(140, 2))
    assert asked[0] == (0.01, False)
    assert [final for _, final in asked] == [False] * (len(asked) - 1) + [True]
    assert asked[-1][0] == rate_of_position(slider.value()) > 0.01


def test_the_handle_stays_on_the_slider_however_far_the_pointer_goes(slider: RateSlider, qtbot: QtBot) -> None:
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(5000, 0))
    assert slider.value() == slider.maximum()
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(-5000, 0))
    assert slider.value() in (slider.maximum(), slider.minimum())


def test_another_button_moves_nothing(slider: RateSlider, qtbot: QtBot) -> None:
    qtbot.mouseClick(slider, Qt.MouseButton.RightButton, pos=QPoint(180, 10))
    assert slider.value() == 60

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from lrviz.core.viewstate import SPEEDS
from lrviz.views.flat_button import FlatButton
from lrviz.views.icons import BOX, Icon, icon_path
from lrviz.views.scrubber import Scrubber
from lrviz.views.theme import DARK, LIGHT, Theme, palette
from lrviz.views.transport import Transport


@pytest.fixture
def transport(qtbot: QtBot) -> Transport:
    made = Transport()
    qtbot.addWidget(made)
    made.resize(900, 32)
    made.show_position(420, 1000, 1680)
    made.show()
    return made


def button(transport: Transport, name: str) -> FlatButton:
    return next(b for b in transport.findChildren(FlatButton) if b.accessibleName() == name)


def texts(transport: Transport) -> list[str]:
    return [label.text() for label in transport.findChildren(QLabel) if label.isVisible()]


@pytest.mark.parametrize(
    ("name", "signal", "arguments"),
    [
        ("Play", "play_toggled", []),
        ("To the first step", "first_requested", []),
        ("To the last step", "last_requested", []),
        ("One step back", "step_requested", [-1]),
        ("One step forth", "step_requested", [1]),
        ("Play over and over", "loop_toggled", [True]),
    ],
)
def test_each_button_makes_its_wish(
    qtbot: QtBot, transport: Transport, name: str, signal: str, arguments: list[object]
) -> None:
    with qtbot.waitSignal(getattr(transport, signal)) as wish:
        button(transport, name).click()
    assert wish.args == arguments


def test_what_is_shown_is_no_wish(qtbot: QtBot, transport: Transport) -> None:
    signals = [transport.seek_requested, transport.speed_changed, transport.loop_toggled, transport.play_toggled]
    with qtbot.assertNotEmitted(signals[0]), qtbot.assertNotEmitted(signals[1]):
        transport.show_position(5, 10, 20)
        transport.show_speed(4.0)
    with qtbot.assertNotEmitted(signals[2]), qtbot.assertNotEmitted(signals[3]):
        transport.show_loop(True)
        transport.show_playing(True)
    assert button(transport, "Play over and over").isChecked()
    assert button(transport, "Pause").isVisible()
    assert button(transport, "Speed").text() == "4×"


def test_figures_tell_the_step_and_for_models_the_epoch(transport: Transport) -> None:
    assert texts(transport) == ["420 of 1,680"]
    transport.show_epochs(60)
    assert texts(transport) == ["420 of 1,680", "epoch 7.0"]
    transport.show_position(1680, 1681, 1680)
    assert texts(transport) == ["1,680 of 1,680", "epoch 28.0"]
    transport.show_epochs(None)
    assert texts(transport) == ["1,680 of 1,680"]


def test_nothing_moves_while_figures_change(transport: Transport) -> None:
    transport.show_epochs(60)
    widths = set()
    for step in (0, 7, 99, 1000, 1680):
        transport.show_position(step, 1681, 1680)
        widths.add(tuple(label.width() for label in transport.findChildren(QLabel)))
    assert len(widths) == 1


def test_every_speed_can_be_chosen(transport: Transport) -> None:
    wishes: list[float] = []
    transport.speed_changed.connect(wishes.append)
    menu = transport.findChildren(QMenu)[0]
    assert [action.text() for action in menu.actions()] == [
        "0.1×", "0.25×", "0.5×", "1×", "2×", "4×", "8×", "16×",
    ]  # fmt: skip
    for action in menu.actions():
        action.trigger()
    assert wishes == list(SPEEDS)


def test_a_press_and_a_drag_on_the_scrubber_seek(qtbot: QtBot, transport: Transport) -> None:
    wishes: list[int] = []
    transport.seek_requested.connect(wishes.append)
    scrubber = transport.findChildren(Scrubber)[0]
    middle = QPoint(scrubber.width() // 2, 16)
    qtbot.mousePress(scrubber, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(scrubber, QPoint(scrubber.width() + 50, 16))
    qtbot.mouseRelease(scrubber, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(scrubber, QPoint(10, 16))
    assert wishes[0] == pytest.approx(840, abs=2)
    assert wishes[1:] == [1680]


def test_the_scrubber_obeys_the_keys_when_it_has_the_focus(qtbot: QtBot, transport: Transport) -> None:
    wishes: list[int] = []
    transport.seek_requested.connect(wishes.append)
    scrubber = transport.findChildren(Scrubber)[0]
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
        qtbot.keyClick(scrubber, key)
    assert wishes == [421, 0, 1680]


def test_the_scrubber_shows_how_far_the_race_is_computed(transport: Transport) -> None:
    transport.show_position(0, 0, 1680)
    before = transport.grab().toImage()
    transport.show_position(0, 1000, 1680)
    assert transport.grab().toImage() != before


def test_everything_can_be_reached_named_and_explained(transport: Transport) -> None:
    controls: list[QWidget] = [*transport.findChildren(FlatButton), *transport.findChildren(Scrubber)]
    assert len(controls) == 8
    for control in controls:
        assert control.accessibleName()
        assert control.toolTip()
        assert control.focusPolicy() & Qt.FocusPolicy.TabFocus
    tips = " ".join(control.toolTip() for control in controls)
    for key in ("Space", "←", "→", "Home", "End", "(L)"):
        assert key in tips


def test_it_is_one_row_of_32_pixels(transport: Transport) -> None:
    assert transport.height() == 32
    assert {control.height() for control in transport.findChildren(FlatButton)} == {32}


@pytest.mark.parametrize("name", ["first", "back", "play", "pause", "forth", "last", "loop"])
def test_every_icon_stands_in_the_middle_of_its_box(name: Icon) -> None:
    bounds = icon_path(name).boundingRect()
    assert max(bounds.width(), bounds.height()) <= BOX
    assert abs(bounds.center().x()) <= 1
    assert abs(bounds.center().y()) <= 1


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_icons_are_painted_in_the_colour_of_text(qtbot: QtBot, theme: Theme) -> None:
    transport = Transport()
    qtbot.addWidget(transport)
    transport.setPalette(palette(theme))
    image = button(transport, "Play").grab().toImage()
    assert image.pixelColor(16, 16) == transport.palette().color(QPalette.ColorRole.WindowText)

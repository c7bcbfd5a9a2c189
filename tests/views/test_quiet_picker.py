from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lrviz.views.quiet_picker import QuietPicker
from lrviz.views.theme import font


def picker_of(qtbot: QtBot) -> QuietPicker:
    picker = QuietPicker("What is shown", font(bold=True))
    qtbot.addWidget(picker)
    picker.offer([("loss", "Loss"), ("distance", "Distance to a minimum")])
    picker.show_key("loss")
    picker.resize(picker.sizeHint())
    picker.show()
    return picker


def test_showing_a_choice_tells_nothing_and_making_one_does(qtbot: QtBot) -> None:
    picker = picker_of(qtbot)
    with qtbot.assertNotEmitted(picker.picked):
        picker.show_key("distance")
        picker.show_key("loss")
    with qtbot.waitSignal(picker.picked) as told:
        qtbot.keyClick(picker, Qt.Key.Key_Down)
    assert told.args == ["distance"]


def test_it_is_as_wide_as_what_it_shows(qtbot: QtBot) -> None:
    picker = picker_of(qtbot)
    narrow = picker.sizeHint().width()
    picker.show_key("distance")
    assert picker.sizeHint().width() > narrow


def test_it_is_named_and_reached_by_the_tab_key_and_painted_with_and_without_the_focus(qtbot: QtBot) -> None:
    picker = picker_of(qtbot)
    assert picker.accessibleName() == "What is shown"
    assert picker.focusPolicy() == Qt.FocusPolicy.TabFocus
    picker.activateWindow()
    picker.setFocus()
    qtbot.waitUntil(picker.hasFocus)
    with_focus = picker.grab().toImage()
    picker.clearFocus()
    assert picker.grab().toImage() != with_focus


def test_the_same_offer_again_keeps_the_choice(qtbot: QtBot) -> None:
    picker = picker_of(qtbot)
    picker.show_key("distance")
    picker.offer([("loss", "Loss"), ("distance", "Distance to a minimum")])
    assert picker.currentData() == "distance"

"""Forms made from signatures: every part of every registry can be shown, and each editor says what was changed."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QSlider, QWidget
from pytestqt.qtbot import QtBot

from lrviz.core import catalog
from lrviz.core.registry import Part
from lrviz.core.signature import Parameter, Value
from lrviz.views.entry import ValueEntry
from lrviz.views.form import Form, ParameterRow, slider_from_value, value_from_slider

PARTS = [part for registry in catalog.REGISTRIES.values() for part in registry]


def row_of(qtbot: QtBot, parameter: Parameter) -> tuple[ParameterRow, list[Value]]:
    row = ParameterRow(parameter)
    qtbot.addWidget(row)
    row.set_value(parameter.default)
    seen: list[Value] = []
    row.value_changed.connect(seen.append)
    return row, seen


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{type(part).__name__}-{part.name}")
def test_every_part_has_a_form_that_shows_its_defaults(qtbot: QtBot, part: Part) -> None:
    form = Form()
    qtbot.addWidget(form)
    changes: list[tuple[str, Any]] = []
    form.value_changed.connect(lambda name, value: changes.append((name, value)))
    form.show_part(part, part.settings({}))
    assert not changes
    assert {row.parameter.name for row in form.findChildren(ParameterRow)} == {p.name for p in part.parameters}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{type(part).__name__}-{part.name}")
def test_every_editor_has_an_accessible_name(qtbot: QtBot, part: Part) -> None:
    form = Form()
    qtbot.addWidget(form)
    form.show_part(part, part.settings({}))
    editors: list[QWidget] = []
    for kind in (QSlider, QComboBox, QCheckBox, ValueEntry):
        editors += form.findChildren(kind)
    assert all(editor.accessibleName() for editor in editors)


def test_what_a_newcomer_does_not_need_stands_behind_more(qtbot: QtBot) -> None:
    form = Form()
    qtbot.addWidget(form)
    part = catalog.optimizers.find("adam")
    form.show_part(part, part.settings({}))
    form.show()
    rows = {row.parameter.name: row for row in form.findChildren(ParameterRow)}
    hidden = {parameter.name for parameter in part.parameters if parameter.more}
    assert hidden
    assert {name for name, row in rows.items() if not row.isVisible()} == hidden
    qtbot.mouseClick(form.more_button, Qt.MouseButton.LeftButton)
    assert all(row.isVisible() for row in rows.values())


def test_typing_a_value_offers_it(qtbot: QtBot) -> None:
    row, seen = row_of(qtbot, Parameter("momentum", "float", 0.9, 0, 0.999))
    entry = row.findChild(ValueEntry)
    entry.selectAll()
    qtbot.keyClicks(entry, "0.5")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert seen == [0.5]
    assert row.findChild(QSlider).value() == pytest.approx(100, abs=1)


def test_a_value_outside_its_range_is_answered_and_not_offered(qtbot: QtBot) -> None:
    row, seen = row_of(qtbot, Parameter("momentum", "float", 0.9, 0, 0.999))
    entry = row.findChild(ValueEntry)
    entry.selectAll()
    qtbot.keyClicks(entry, "7")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert seen == []
    assert entry.text() == "7"  # nothing that was typed is lost
    assert "from 0 to 0.999" in entry.accessibleDescription()
    qtbot.keyClick(entry, Qt.Key.Key_Escape)
    assert entry.text() == "0.9"


def test_a_slider_moved_by_the_keyboard_offers_its_value(qtbot: QtBot) -> None:
    row, seen = row_of(qtbot, Parameter("samples", "int", 10, 0, 20))
    qtbot.keyClick(row.findChild(QSlider), Qt.Key.Key_Right)
    assert seen == [11]
    assert row.findChild(ValueEntry).text() == "11"


def test_a_list_of_widths_is_typed_with_commas(qtbot: QtBot) -> None:
    row, seen = row_of(qtbot, Parameter("hidden", "ints", (64, 32), 1, 1024))
    entry = row.findChild(ValueEntry)
    assert entry.text() == "64, 32"
    entry.selectAll()
    qtbot.keyClicks(entry, "128,64, 32")
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert seen == [(128, 64, 32)]


def test_a_box_and_a_list_offer_what_is_picked(qtbot: QtBot) -> None:
    box, ticked = row_of(qtbot, Parameter("centered", "bool", False))
    qtbot.keyClick(box.findChild(QCheckBox), Qt.Key.Key_Space)
    assert ticked == [True]
    choice, picked = row_of(qtbot, Parameter("activation", "choice", "relu", choices=("relu", "tanh")))
    qtbot.keyClick(choice.findChild(QComboBox), Qt.Key.Key_Down)
    assert picked == ["tanh"]


@given(
    low=st.floats(1e-6, 10),
    span=st.floats(1.5, 1e6),
    share=st.floats(0, 1),
    log=st.booleans(),
)
def test_a_slider_gives_back_nearly_the_value_it_shows(low: float, span: float, share: float, log: bool) -> None:
    parameter = Parameter("p", "float", low, low, low * span, log=log)
    value = low * span**share if log else low + share * (low * span - low)
    back = value_from_slider(parameter, slider_from_value(parameter, value))
    assert isinstance(back, float)
    assert low <= back <= low * span
    if log:
        assert abs(math.log(back / value)) <= math.log(span) / 200 + 0.006
    else:
        assert abs(back - value) <= (low * span - low) / 200 + 0.006 * value

"""A formula is understood at each key: it is shown as a map, or what is wrong with it is said in one line."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from lrviz.core.experiment import OnExpression
from lrviz.core.openings import expression_problem
from lrviz.views.entry import ValueEntry
from lrviz.views.formula_editor import FormulaEditor


@pytest.fixture
def editor(qtbot: QtBot) -> FormulaEditor:
    made = FormulaEditor()
    qtbot.addWidget(made)
    made.show_problem(expression_problem("x^2 + y^2"))
    made.resize(252, 400)
    made.show()
    return made


def field(editor: FormulaEditor) -> QLineEdit:
    return next(f for f in editor.findChildren(QLineEdit) if f.accessibleName() == "Formula in x and y")


def retype(qtbot: QtBot, editor: FormulaEditor, text: str) -> None:
    field(editor).selectAll()
    qtbot.keyClicks(field(editor), text)


def complaints(editor: FormulaEditor) -> list[str]:
    return [label.text() for label in editor.findChildren(QLabel) if label.isVisible() and "column" in label.text()]


def entry(editor: FormulaEditor, name: str) -> ValueEntry:
    return next(e for e in editor.findChildren(ValueEntry) if e.accessibleName() == name)


def test_the_map_follows_what_is_typed_before_anything_is_raced(qtbot: QtBot, editor: FormulaEditor) -> None:
    before = editor.map.grab().toImage()
    with qtbot.assertNotEmitted(editor.problem_changed):
        retype(qtbot, editor, "sin(3*x)*y")
    assert editor.map.grab().toImage() != before


def test_enter_races_what_was_typed(qtbot: QtBot, editor: FormulaEditor) -> None:
    retype(qtbot, editor, "x^4 + y^2")
    with qtbot.waitSignal(editor.problem_changed) as wish:
        qtbot.keyClick(field(editor), Qt.Key.Key_Return)
    assert cast(OnExpression, wish.args[0]).expression == "x^4 + y^2"


def test_the_button_is_there_only_for_another_formula(qtbot: QtBot, editor: FormulaEditor) -> None:
    button = editor.findChild(QPushButton)
    assert not button.isVisible()
    retype(qtbot, editor, "x^2 + 2*y^2")
    assert button.isVisible()
    with qtbot.waitSignal(editor.problem_changed):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_slip_is_told_with_its_place_and_nothing_is_lost(qtbot: QtBot, editor: FormulaEditor) -> None:
    retype(qtbot, editor, "x^2 + q")
    [line] = complaints(editor)
    assert "'q'" in line
    assert "\n" not in line
    with qtbot.assertNotEmitted(editor.problem_changed):
        qtbot.keyClick(field(editor), Qt.Key.Key_Return)
    assert field(editor).text() == "x^2 + q"
    retype(qtbot, editor, "x^2 + y")
    assert complaints(editor) == []


def test_another_end_of_the_window_keeps_the_start_inside(qtbot: QtBot, editor: FormulaEditor) -> None:
    end = entry(editor, "x from")
    end.selectAll()
    qtbot.keyClicks(end, "-1")
    with qtbot.waitSignal(editor.problem_changed) as wish:
        qtbot.keyClick(end, Qt.Key.Key_Return)
    problem = cast(OnExpression, wish.args[0])
    assert problem.bounds == (-1.0, 3.0, -3.0, 3.0)
    assert problem.start[0] == -1.0


def test_a_window_that_is_none_is_refused_in_one_line(qtbot: QtBot, editor: FormulaEditor) -> None:
    end = entry(editor, "x from")
    end.selectAll()
    qtbot.keyClicks(end, "9")
    with qtbot.assertNotEmitted(editor.problem_changed):
        qtbot.keyClick(end, Qt.Key.Key_Return)
    assert any("x0 < x1" in label.text() for label in editor.findChildren(QLabel))
    assert end.text() == "−3"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from("xy0123456789.+-*/^() sinlogexp"), max_size=40))
def test_whatever_is_typed_is_shown_or_told(editor: FormulaEditor, text: str) -> None:
    shown = field(editor)
    shown.setText(text)
    shown.textEdited.emit(text)
    editor.grab()

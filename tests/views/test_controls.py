"""The control area wishes for experiments: what is picked, typed or slid becomes one new value."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from lrviz.core.experiment import Experiment, OnExpression, OnModel
from lrviz.core.openings import first_question, opening, surface_problem
from lrviz.views.controls import Controls
from lrviz.views.entry import ValueEntry
from lrviz.views.form import MoreButton


@pytest.fixture
def controls(qtbot: QtBot) -> Controls:
    made = Controls()
    qtbot.addWidget(made)
    made.resize(made.width(), 800)
    made.show()
    return made


def box(controls: Controls, name: str) -> QComboBox:
    return next(b for b in controls.findChildren(QComboBox) if b.accessibleName() == name)


def entry(controls: Controls, name: str) -> ValueEntry:
    return next(e for e in controls.findChildren(ValueEntry) if e.accessibleName() == name and e.isVisible())


def pick(controls: Controls, name: str, text: str) -> None:
    chosen = box(controls, name)
    index = chosen.findText(text)
    chosen.setCurrentIndex(index)
    chosen.activated.emit(index)


def type_into(qtbot: QtBot, field: ValueEntry, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_showing_an_experiment_wishes_for_nothing(qtbot: QtBot, controls: Controls) -> None:
    with qtbot.assertNotEmitted(controls.experiment_changed):
        controls.show_experiment(opening(), 19)
        controls.show_experiment(first_question(surface_problem("beale")), None)


def test_a_model_shows_epochs_and_a_surface_steps(controls: Controls) -> None:
    controls.show_experiment(opening(), 19)
    assert entry(controls, "epochs").text() == "30"
    assert box(controls, "Model").isVisible()
    controls.show_experiment(first_question(surface_problem("beale")), None)
    assert entry(controls, "steps").text() == "300"
    assert not box(controls, "Model").isVisible()


def test_another_optimizer_comes_with_its_own_defaults(qtbot: QtBot, controls: Controls) -> None:
    controls.show_experiment(opening(), 19)
    with qtbot.waitSignal(controls.experiment_changed) as wish:
        pick(controls, "Optimizer", "Momentum")
    wished = cast(Experiment, wish.args[0])
    assert wished.optimizer.name == "momentum"
    assert wished.optimizer.parameters["momentum"] == 0.9
    assert wished.runs == opening().runs


def test_a_problem_is_picked_by_its_kind_and_name(qtbot: QtBot, controls: Controls) -> None:
    controls.show_experiment(opening(), 19)
    with qtbot.waitSignal(controls.problem_picked) as picked:
        pick(controls, "What is minimised", "Rosenbrock")
    assert picked.args == ["surface", "rosenbrock"]
    with qtbot.waitSignal(controls.problem_picked) as picked:
        pick(controls, "What is minimised", "Digits")
    assert picked.args == ["data", "digits"]


@pytest.mark.parametrize(("field", "text", "read"), [("seed", "7", 7), ("batch size", "32", 32)])
def test_what_is_typed_becomes_part_of_the_experiment(
    qtbot: QtBot, controls: Controls, field: str, text: str, read: int
) -> None:
    controls.show_experiment(opening(), 19)
    with qtbot.waitSignal(controls.experiment_changed) as wish:
        type_into(qtbot, entry(controls, field), text)
    wished = cast(Experiment, wish.args[0])
    problem = cast(OnModel, wished.problem)
    assert read in (wished.seed, problem.batch_size)


def test_the_loss_scale_stands_behind_more_of_a_model(qtbot: QtBot, controls: Controls) -> None:
    controls.show_experiment(opening(), 19)
    scale = next(e for e in controls.findChildren(ValueEntry) if e.accessibleName() == "loss scale")
    assert not scale.isVisible()
    more = next(button for button in controls.findChildren(MoreButton) if button.accessibleName() == "more of the run")
    more.click()
    assert scale.isVisible()
    with qtbot.waitSignal(controls.experiment_changed) as wish:
        type_into(qtbot, scale, "10")
    assert cast(OnModel, cast(Experiment, wish.args[0]).problem).loss_scale == 10
    controls.show_experiment(first_question(surface_problem("bowl")), None)
    assert not scale.isVisible()
    assert not more.isVisible()


def test_a_model_parameter_reaches_the_model(qtbot: QtBot, controls: Controls) -> None:
    controls.show_experiment(opening(), 19)
    with qtbot.waitSignal(controls.experiment_changed) as wish:
        type_into(qtbot, entry(controls, "hidden"), "16")
    problem = cast(OnModel, cast(Experiment, wish.args[0]).problem)
    assert problem.model.parameters["hidden"] == (16,)


def test_a_length_in_epochs_is_left_to_the_window_to_count(qtbot: QtBot, controls: Controls) -> None:
    controls.show_experiment(opening(), 19)
    with qtbot.waitSignal(controls.epochs_changed) as wish:
        type_into(qtbot, entry(controls, "epochs"), "5")
    assert wish.args == [5]


def test_a_wish_that_makes_no_experiment_is_refused_in_one_line(qtbot: QtBot, controls: Controls) -> None:
    controls.show_experiment(opening(), 19)
    with qtbot.waitSignal(controls.refused) as refused:
        type_into(qtbot, entry(controls, "seed"), "99999999999")
    assert "seed" in refused.args[0]
    assert "\n" not in refused.args[0]


def test_an_expression_is_shown_by_its_text(controls: Controls) -> None:
    problem = OnExpression("x**2 + y**2", (-1.0, 1.0, -1.0, 1.0), (0.5, 0.5))
    controls.show_experiment(first_question(problem), None)
    assert box(controls, "What is minimised").currentText() == "Your own formula…"
    formula = next(f for f in controls.findChildren(QLineEdit) if f.accessibleName() == "Formula in x and y")
    assert formula.isVisible()
    assert formula.text() == "x**2 + y**2"


def test_a_formula_of_ones_own_is_in_the_list(qtbot: QtBot, controls: Controls) -> None:
    controls.show_experiment(opening(), 19)
    with qtbot.waitSignal(controls.problem_picked) as picked:
        pick(controls, "What is minimised", "Your own formula…")
    assert picked.args == ["expression", ""]


def test_real_losses_of_two_parameters_have_a_heading_of_their_own(controls: Controls) -> None:
    chosen = box(controls, "What is minimised")
    texts = [chosen.itemText(index) for index in range(chosen.count())]
    assert texts.index("Real losses of two parameters") < texts.index("Surfaces") < texts.index("Rosenbrock")


def test_a_long_formula_does_not_widen_the_column(controls: Controls) -> None:
    long = " + ".join(["sin(3*x)*cos(5*y)"] * 12)
    controls.show_experiment(first_question(OnExpression(long, (-1.0, 1.0, -1.0, 1.0), (0.5, 0.5))), None)
    assert controls.widget().minimumSizeHint().width() <= controls.width()

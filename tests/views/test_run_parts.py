"""A run may have its own optimizer and schedule; without a tick it goes back to what all runs have."""

from __future__ import annotations

from typing import cast

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from lrviz.core import catalog
from lrviz.core.experiment import Choice, Experiment, choose
from lrviz.core.openings import first_question, surface_problem
from lrviz.core.runs import with_own_parts, without_run
from lrviz.views.run_parts import RunParts
from lrviz.views.tick_box import TickBox


@pytest.fixture
def experiment() -> Experiment:
    return first_question(surface_problem("bowl"))


def opened(qtbot: QtBot, experiment: Experiment, run: int = 1) -> RunParts:
    dialog = RunParts(run, experiment)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def tick(dialog: RunParts, part: str) -> TickBox:
    return next(box for box in dialog.findChildren(TickBox) if box.accessibleName().startswith(part))


def picker(dialog: RunParts, name: str) -> QComboBox:
    return next(box for box in dialog.findChildren(QComboBox) if box.accessibleName() == name)


def test_a_run_without_parts_of_its_own_has_those_of_all(qtbot: QtBot, experiment: Experiment) -> None:
    dialog = opened(qtbot, experiment)
    assert tick(dialog, "Optimizer").isChecked()
    assert not picker(dialog, "Own optimizer").isVisible()


def test_an_optimizer_of_its_own_is_wished_for_its_run_alone(qtbot: QtBot, experiment: Experiment) -> None:
    dialog = opened(qtbot, experiment)
    tick(dialog, "Optimizer").setChecked(False)
    own = picker(dialog, "Own optimizer")
    with qtbot.waitSignal(dialog.parts_changed) as wish:
        own.activated.emit(own.findData("adam"))
    run, optimizer, schedule = wish.args
    assert run == 1
    assert cast(Choice, optimizer).name == "adam"
    assert schedule is None


def test_ticking_the_box_gives_the_own_part_up(qtbot: QtBot, experiment: Experiment) -> None:
    adam = choose(catalog.optimizers, "adam")
    dialog = opened(qtbot, with_own_parts(experiment, 1, adam, None))
    assert picker(dialog, "Own optimizer").isVisible()
    with qtbot.waitSignal(dialog.parts_changed) as wish:
        tick(dialog, "Optimizer").setChecked(True)
    assert wish.args == [1, None, None]


def test_it_closes_when_its_run_is_gone(qtbot: QtBot, experiment: Experiment) -> None:
    dialog = opened(qtbot, experiment, run=3)
    closed = []
    dialog.destroyed.connect(lambda: closed.append(True))
    dialog.show_experiment(without_run(experiment, 0))
    qtbot.waitUntil(lambda: bool(closed))

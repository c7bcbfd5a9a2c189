"""One run's own optimizer and schedule, where it is to differ from the others: "Adam 0.001 against SGD 0.1"."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from lrviz.core import catalog
from lrviz.core.experiment import Choice, Experiment
from lrviz.core.registry import Registry
from lrviz.views.numbers import number
from lrviz.views.part_picker import PartPicker
from lrviz.views.theme import GRID, TITLE, font
from lrviz.views.tick_box import TickBox

WIDTH = 300  # px


class RunParts(QDialog):
    """Stays open beside the window while what it says is raced; it follows its run's place in the experiment."""

    parts_changed = Signal(int, object, object)  # run, its own optimizer and schedule; None: the experiment's

    def __init__(self, run: int, experiment: Experiment, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(WIDTH)
        self.run = run
        self._title = QLabel()
        self._title.setFont(font(TITLE, bold=True))
        self._optimizer = _OwnPart(
            self.tr("Optimizer"), self.tr("the same as all runs"), self.tr("Own optimizer"), catalog.optimizers
        )
        self._schedule = _OwnPart(
            self.tr("Schedule"), self.tr("the same as all runs"), self.tr("Own schedule"), catalog.schedules
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self._title)
        for own in (self._optimizer, self._schedule):
            column.addWidget(own)
            own.changed.connect(self._tell)
        column.addStretch(1)
        self.show_experiment(experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what the run has now; closes where there is no such run any more."""
        if self.run >= len(experiment.runs):
            self.close()
            return
        run = experiment.runs[self.run]
        title = self.tr("Run at {rate}").format(rate=number(run.lr))
        self.setWindowTitle(title)
        self._title.setText(title)
        self._optimizer.show_part(run.optimizer, experiment.optimizer)
        self._schedule.show_part(run.schedule, experiment.schedule)

    def _tell(self) -> None:
        self.parts_changed.emit(self.run, self._optimizer.own, self._schedule.own)


class _OwnPart(QWidget):
    """A heading, a tick box for "the same as all runs", and the part that is this run's own where it isn't."""

    changed = Signal()

    def __init__(self, heading: str, same: str, name: str, registry: Registry[Any]) -> None:
        super().__init__()
        self.own: Choice | None = None
        self._common: Choice | None = None
        title = QLabel(heading)
        title.setFont(font(bold=True))
        self._same = TickBox(same)
        self._same.setAccessibleName(f"{heading}: {same}")
        self._same.toggled.connect(self._toggle)
        self._picker = PartPicker(name, registry)
        self._picker.choice_changed.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (title, self._same, self._picker):
            column.addWidget(widget)

    def show_part(self, own: Choice | None, common: Choice) -> None:
        self.own, self._common = own, common
        with QSignalBlocker(self._same):
            self._same.setChecked(own is None)
        self._picker.setVisible(own is not None)
        if own is not None:
            self._picker.show_choice(own)

    def _toggle(self, same: bool) -> None:
        assert self._common is not None
        self.show_part(None if same else self._common, self._common)
        self.changed.emit()

    def _choose(self, choice: Choice) -> None:
        assert self._common is not None
        self.show_part(choice, self._common)
        self.changed.emit()

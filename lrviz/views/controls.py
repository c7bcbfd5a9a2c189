"""The control area: the experiment as forms. It shows one experiment and wishes for another; it computes nothing."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from lrviz.core import catalog
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Experiment, OnExpression, OnModel, OnSurface, ProblemSpec
from lrviz.core.knobs import LOSS_SCALE
from lrviz.core.registry import Part
from lrviz.core.signature import Parameter, Value
from lrviz.views.form import ROW_HEIGHT, Form, MoreButton, ParameterRow
from lrviz.views.formula_editor import FormulaEditor
from lrviz.views.part_picker import PartPicker, with_parameter
from lrviz.views.schedule_plot import SchedulePlot
from lrviz.views.theme import SMALL, Theme, font

WIDTH = 280

# An open end gives a plain entry instead of a slider; the experiment itself says what is too much.
_STEPS = Parameter("steps", "int", 300, 1, 100_000, log=True, label="steps", hint="updates a run makes")
_EPOCHS = Parameter("epochs", "int", 30, 1, 1000, log=True, label="epochs", hint="passes through the training data")
_BATCH = Parameter("batch_size", "int", 64, 0, label="batch size", hint="samples a step; 0 takes all of them")
_SEED = Parameter("seed", "int", 0, 0, label="seed", hint="decides the start and the order of the batches")


class Controls(QScrollArea):
    """One column of groups: what is minimised, the optimizer, the schedule, and the run's length."""

    problem_picked = Signal(str, str)  # ("surface", "expression" or "data", name): begin with a question about it
    experiment_changed = Signal(object)  # the Experiment wished for
    epochs_changed = Signal(int)  # a length in epochs, which only the window can count in steps
    refused = Signal(str)  # why a change makes no experiment

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH)
        self._problem = QComboBox()
        self._problem.setAccessibleName(self.tr("What is minimised"))
        self._problem.setFixedHeight(ROW_HEIGHT)
        self._problem.activated.connect(self._pick_problem)
        self._fill_problems()
        self._teaches = _caption()
        self._problem_form = Form()
        self._problem_form.value_changed.connect(self._set_problem_parameter)
        self._formula = FormulaEditor()
        self._formula.problem_changed.connect(lambda problem: self._wish(problem=problem))
        self._model = PartPicker(self.tr("Model"), catalog.models)
        self._model.choice_changed.connect(lambda choice: self._wish_problem(model=choice))
        self._optimizer = PartPicker(self.tr("Optimizer"), catalog.optimizers)
        self._optimizer.choice_changed.connect(lambda choice: self._wish(optimizer=choice))
        self._schedule = PartPicker(self.tr("Schedule"), catalog.schedules)
        self._schedule.choice_changed.connect(lambda choice: self._wish(schedule=choice))
        self.schedule_plot = SchedulePlot()
        self._steps = self._row(_STEPS, lambda value: self._wish(steps=value))
        self._epochs = self._row(_EPOCHS, self.epochs_changed.emit)
        self._batch = self._row(_BATCH, self._set_batch_size)
        self._seed = self._row(_SEED, lambda value: self._wish(seed=value))
        self._more = MoreButton()
        self._more.setAccessibleName(self.tr("more of the run"))
        self._more.toggled.connect(self._show_more)
        self._loss_scale = self._row(LOSS_SCALE, lambda value: self._wish_problem(loss_scale=value))
        self._lay_out()

    def set_theme(self, theme: Theme) -> None:
        self._formula.set_theme(theme)
        self.schedule_plot.set_theme(theme)

    def show_experiment(self, experiment: Experiment, steps_per_epoch: int | None) -> None:
        """Show `experiment`; `steps_per_epoch` is None for what has no batches."""
        self._experiment = experiment
        self._show_problem(experiment.problem)
        self._optimizer.show_choice(experiment.optimizer)
        self._schedule.show_choice(experiment.schedule)
        self._steps.set_value(experiment.steps)
        self._epochs.set_value(max(1, round(experiment.steps / (steps_per_epoch or 1))))
        self._seed.set_value(experiment.seed)
        self._steps.setVisible(steps_per_epoch is None)
        self._epochs.setVisible(steps_per_epoch is not None)

    def _show_problem(self, problem: ProblemSpec) -> None:
        model = isinstance(problem, OnModel)
        for widget in (self._model, self._batch, self._more):
            widget.setVisible(model)
        self._show_more(self._more.isChecked())
        typed = isinstance(problem, OnExpression)
        self._problem_form.setVisible(not typed)
        self._formula.setVisible(typed)
        match problem:
            case OnSurface(surface=surface):
                self._show_picked("surface", surface.name)
                part = catalog.surfaces.find(surface.name)
                self._problem_form.show_part(part, surface.parameters)
                self._teaches.setText(f"{part.formula}\n{part.teaches}")
            case OnExpression():
                self._show_picked("expression", "")
                self._teaches.setText(self.tr("A formula of your own in x and y, with its gradient by autograd."))
                self._formula.show_problem(problem)
            case OnModel(model=chosen, data=data, batch_size=batch_size, loss_scale=loss_scale):
                self._show_picked("data", data.name)
                part_of_data = catalog.datasets.find(data.name)
                self._problem_form.show_part(part_of_data, data.parameters)
                self._teaches.setText(part_of_data.teaches)
                self._model.show_choice(chosen)
                self._batch.set_value(batch_size)
                self._loss_scale.set_value(loss_scale)

    def _show_more(self, shown: bool) -> None:
        model = self._experiment is not None and isinstance(self._experiment.problem, OnModel)
        self._loss_scale.setVisible(shown and model)

    def _show_picked(self, kind: str, name: str) -> None:
        with QSignalBlocker(self._problem):
            # Items carry (kind, name); findData compares tuples by identity, so the search is written out.
            wanted = next(i for i in range(self._problem.count()) if self._problem.itemData(i) == (kind, name))
            self._problem.setCurrentIndex(wanted)

    # Wishes

    def _wish(self, **changes: Any) -> None:
        assert self._experiment is not None
        try:
            wished = replace(self._experiment, **changes)
        except LrvizError as error:
            self.refused.emit(str(error))
            return
        if wished != self._experiment:
            self.experiment_changed.emit(wished)

    def _wish_problem(self, **changes: Any) -> None:
        assert self._experiment is not None
        try:
            problem = replace(self._experiment.problem, **changes)
        except LrvizError as error:
            self.refused.emit(str(error))
            self.show_experiment(self._experiment, None if self._steps.isVisibleTo(self) else 1)
            return
        self._wish(problem=problem)

    def _pick_problem(self, index: int) -> None:
        self.problem_picked.emit(*self._problem.itemData(index))

    def _set_problem_parameter(self, name: str, value: Value) -> None:
        problem = self._question().problem
        if isinstance(problem, OnSurface):
            self._wish_problem(surface=with_parameter(problem.surface, name, value))
        elif isinstance(problem, OnModel):
            self._wish_problem(data=with_parameter(problem.data, name, value))

    def _set_batch_size(self, value: Value) -> None:
        self._wish_problem(batch_size=value)

    def _question(self) -> Experiment:
        assert self._experiment is not None
        return self._experiment

    # Layout

    def _row(self, parameter: Parameter, changed: Any) -> ParameterRow:
        row = ParameterRow(parameter)
        row.value_changed.connect(changed)
        return row

    def _fill_problems(self) -> None:
        items = QStandardItemModel(self)
        groups: tuple[tuple[str, str, list[Part]], ...] = (
            (self.tr("Real data"), "data", [s for s in catalog.datasets if s.task is not None and not s.drawn]),
            (self.tr("Data of your own"), "data", [s for s in catalog.datasets if s.task is None]),
            (self.tr("Data drawn from the seed"), "data", [s for s in catalog.datasets if s.drawn]),
            (self.tr("Real losses of two parameters"), "surface", [s for s in catalog.surfaces if s.data is not None]),
            (self.tr("Surfaces"), "surface", [s for s in catalog.surfaces if s.data is None]),
        )
        for heading, kind, parts in groups:
            head = QStandardItem(heading)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            head.setFont(font(SMALL, bold=True))
            items.appendRow(head)
            for part in parts:
                items.appendRow(_item(part.title, (kind, part.name), part.teaches))
        items.appendRow(_item(self.tr("Your own formula…"), ("expression", ""), self.tr("Type a formula in x and y")))
        self._problem.setModel(items)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 12, 12, 16)
        column.setSpacing(4)
        groups: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            (
                self.tr("Minimise"),
                (self._problem, self._teaches, self._problem_form, self._formula, self._model),
            ),
            (self.tr("Optimizer"), (self._optimizer,)),
            (self.tr("Schedule"), (self._schedule, self.schedule_plot)),
            (self.tr("Run"), (self._epochs, self._steps, self._batch, self._seed, self._more, self._loss_scale)),
        )
        for position, (title, widgets) in enumerate(groups):
            if position:
                column.addSpacing(12)
            heading = QLabel(title)
            heading.setFont(font(bold=True))
            column.addWidget(heading)
            for widget in widgets:
                column.addWidget(widget)
        column.addStretch(1)
        self.setWidget(body)


def _caption() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    label.setFont(font(SMALL))
    label.setObjectName("caption")
    return label


def _item(text: str, data: tuple[str, str], tip: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setData(data, Qt.ItemDataRole.UserRole)
    item.setToolTip(tip)
    return item

"""The control area: the experiment as forms. It shows one experiment and wishes for another; it computes nothing."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from lrviz.core import catalog
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Choice, Experiment, OnExpression, OnModel, OnSurface, ProblemSpec, choose
from lrviz.core.registry import Registry
from lrviz.core.signature import Parameter, Value
from lrviz.views.form import ROW_HEIGHT, Form, ParameterRow
from lrviz.views.theme import SMALL, font

WIDTH = 280

# An open end gives a plain entry instead of a slider; the experiment itself says what is too much.
_STEPS = Parameter("steps", "int", 300, 1, 100_000, log=True, label="steps", hint="updates a run makes")
_EPOCHS = Parameter("epochs", "int", 30, 1, 1000, log=True, label="epochs", hint="passes through the training data")
_BATCH = Parameter("batch_size", "int", 64, 0, label="batch size", hint="samples a step; 0 takes all of them")
_SEED = Parameter("seed", "int", 0, 0, label="seed", hint="decides the start and the order of the batches")


class Controls(QScrollArea):
    """One column of groups: what is minimised, the optimizer, the schedule, and the run's length."""

    problem_picked = Signal(str, str)  # ("surface" or "data", name): begin with a good first question about it
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
        self._problem = self._picker(self.tr("What is minimised"), self._pick_problem)
        self._fill_problems()
        self._model = self._picker(self.tr("Model"), self._pick_model)
        _fill(self._model, catalog.models)
        self._optimizer = self._picker(self.tr("Optimizer"), self._pick_optimizer)
        _fill(self._optimizer, catalog.optimizers)
        self._schedule = self._picker(self.tr("Schedule"), self._pick_schedule)
        _fill(self._schedule, catalog.schedules)
        self._teaches = _caption()
        self._problem_form = self._form(self._set_problem_parameter)
        self._model_form = self._form(self._set_model_parameter)
        self._optimizer_form = self._form(lambda name, value: self._set_part("optimizer", name, value))
        self._schedule_form = self._form(lambda name, value: self._set_part("schedule", name, value))
        self._steps = self._row(_STEPS, lambda value: self._wish(steps=value))
        self._epochs = self._row(_EPOCHS, self.epochs_changed.emit)
        self._batch = self._row(_BATCH, self._set_batch_size)
        self._seed = self._row(_SEED, lambda value: self._wish(seed=value))
        self._lay_out()

    def show_experiment(self, experiment: Experiment, steps_per_epoch: int | None) -> None:
        """Show `experiment`; `steps_per_epoch` is None for what has no batches."""
        self._experiment = experiment
        self._show_problem(experiment.problem)
        _show_choice(self._optimizer, self._optimizer_form, catalog.optimizers, experiment.optimizer)
        _show_choice(self._schedule, self._schedule_form, catalog.schedules, experiment.schedule)
        self._steps.set_value(experiment.steps)
        self._epochs.set_value(max(1, round(experiment.steps / (steps_per_epoch or 1))))
        self._seed.set_value(experiment.seed)
        self._steps.setVisible(steps_per_epoch is None)
        self._epochs.setVisible(steps_per_epoch is not None)

    def _show_problem(self, problem: ProblemSpec) -> None:
        model = isinstance(problem, OnModel)
        for widget in (self._model, self._model_form, self._batch):
            widget.setVisible(model)
        self._problem_form.setVisible(not isinstance(problem, OnExpression))
        match problem:
            case OnSurface(surface=surface):
                self._show_picked("surface", surface.name)
                part = catalog.surfaces.find(surface.name)
                self._problem_form.show_part(part, surface.parameters)
                self._teaches.setText(f"{part.formula}\n{part.teaches}")
            case OnExpression(expression=expression):
                self._problem.setCurrentIndex(-1)
                # A list is as wide as its longest text, and the column is not to grow with a formula.
                room = WIDTH - 80
                short = self._problem.fontMetrics().elidedText(expression, Qt.TextElideMode.ElideRight, room)
                self._problem.setPlaceholderText(short)
                self._teaches.setText(expression)
            case OnModel(model=chosen, data=data, batch_size=batch_size):
                self._show_picked("data", data.name)
                part_of_data = catalog.datasets.find(data.name)
                self._problem_form.show_part(part_of_data, data.parameters)
                self._teaches.setText(part_of_data.teaches)
                _show_choice(self._model, self._model_form, catalog.models, chosen)
                self._batch.set_value(batch_size)

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

    def _pick_model(self, index: int) -> None:
        self._wish_problem(model=choose(catalog.models, self._model.itemData(index)))

    def _pick_optimizer(self, index: int) -> None:
        self._wish(optimizer=choose(catalog.optimizers, self._optimizer.itemData(index)))

    def _pick_schedule(self, index: int) -> None:
        self._wish(schedule=choose(catalog.schedules, self._schedule.itemData(index)))

    def _set_problem_parameter(self, name: str, value: Value) -> None:
        problem = self._question().problem
        if isinstance(problem, OnSurface):
            self._wish_problem(surface=_with(problem.surface, name, value))
        elif isinstance(problem, OnModel):
            self._wish_problem(data=_with(problem.data, name, value))

    def _set_model_parameter(self, name: str, value: Value) -> None:
        problem = self._question().problem
        assert isinstance(problem, OnModel)
        self._wish_problem(model=_with(problem.model, name, value))

    def _set_part(self, field: str, name: str, value: Value) -> None:
        self._wish(**{field: _with(getattr(self._question(), field), name, value)})

    def _set_batch_size(self, value: Value) -> None:
        self._wish_problem(batch_size=value)

    def _question(self) -> Experiment:
        assert self._experiment is not None
        return self._experiment

    # Layout

    def _picker(self, name: str, picked: Any) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setFixedHeight(ROW_HEIGHT)
        box.activated.connect(picked)
        return box

    def _form(self, changed: Any) -> Form:
        form = Form()
        form.value_changed.connect(changed)
        return form

    def _row(self, parameter: Parameter, changed: Any) -> ParameterRow:
        row = ParameterRow(parameter)
        row.value_changed.connect(changed)
        return row

    def _fill_problems(self) -> None:
        items = QStandardItemModel(self)
        for heading, kind, registry in (
            (self.tr("Real data"), "data", catalog.datasets),
            (self.tr("Surfaces"), "surface", catalog.surfaces),
        ):
            head = QStandardItem(heading)
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            head.setFont(font(SMALL, bold=True))
            items.appendRow(head)
            for part in registry:
                item = QStandardItem(part.title)
                item.setData((kind, part.name), Qt.ItemDataRole.UserRole)
                item.setToolTip(part.teaches)
                items.appendRow(item)
        self._problem.setModel(items)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 12, 12, 16)
        column.setSpacing(4)
        groups: tuple[tuple[str, tuple[QWidget, ...]], ...] = (
            (self.tr("Minimise"), (self._problem, self._teaches, self._problem_form, self._model, self._model_form)),
            (self.tr("Optimizer"), (self._optimizer, self._optimizer_form)),
            (self.tr("Schedule"), (self._schedule, self._schedule_form)),
            (self.tr("Run"), (self._epochs, self._steps, self._batch, self._seed)),
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


def _fill(box: QComboBox, registry: Registry[Any]) -> None:
    for part in registry:
        box.addItem(part.title, part.name)
        box.setItemData(box.count() - 1, part.teaches, Qt.ItemDataRole.ToolTipRole)


def _show_choice(box: QComboBox, form: Form, registry: Registry[Any], choice: Choice) -> None:
    box.setCurrentIndex(box.findData(choice.name))
    box.setToolTip(registry.find(choice.name).teaches)
    form.show_part(registry.find(choice.name), choice.parameters)


def _with(choice: Choice, name: str, value: Value) -> Choice:
    return Choice(choice.name, {**choice.parameters, name: value})

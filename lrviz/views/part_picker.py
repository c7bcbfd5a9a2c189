"""One part of the experiment: which of a registry it is, and its parameters beneath."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from lrviz.core.experiment import Choice, choose
from lrviz.core.registry import Registry
from lrviz.core.signature import Value
from lrviz.views.form import ROW_HEIGHT, Form


class PartPicker(QWidget):
    """A list of a registry's parts, and the form of the one that is picked."""

    choice_changed = Signal(object)  # the Choice wished for

    def __init__(self, name: str, registry: Registry[Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._registry = registry
        self._choice: Choice | None = None
        self.list = QComboBox()
        self.list.setAccessibleName(name)
        self.list.setFixedHeight(ROW_HEIGHT)
        for part in registry:
            self.list.addItem(part.title, part.name)
            self.list.setItemData(self.list.count() - 1, part.teaches, Qt.ItemDataRole.ToolTipRole)
        self.list.activated.connect(self._pick)
        self.form = Form()
        self.form.value_changed.connect(self._set_parameter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.list)
        column.addWidget(self.form)

    def show_choice(self, choice: Choice) -> None:
        self._choice = choice
        part = self._registry.find(choice.name)
        with QSignalBlocker(self.list):
            self.list.setCurrentIndex(self.list.findData(choice.name))
        self.list.setToolTip(part.teaches)
        self.form.show_part(part, choice.parameters)

    def _pick(self, index: int) -> None:
        self.choice_changed.emit(choose(self._registry, self.list.itemData(index)))

    def _set_parameter(self, name: str, value: Value) -> None:
        assert self._choice is not None
        self.choice_changed.emit(with_parameter(self._choice, name, value))


def with_parameter(choice: Choice, name: str, value: Value) -> Choice:
    """The same part with one parameter at another value."""
    parameters: Mapping[str, Value] = {**choice.parameters, name: value}
    return Choice(choice.name, dict(parameters))

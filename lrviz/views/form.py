"""A form made from a factory's signature: a slider and an entry, a list or a box for each parameter."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from lrviz.core.registry import Part
from lrviz.core.signature import Parameter, Value
from lrviz.views.entry import ValueEntry
from lrviz.views.numbers import number
from lrviz.views.tick_box import TickBox

LABEL_WIDTH = 92
ENTRY_WIDTH = 68
ROW_HEIGHT = 28
_SLIDER_STEPS = 200


class Form(QWidget):
    """The parameters of one part. What a newcomer doesn't need yet stands behind "more"."""

    value_changed = Signal(str, object)  # a parameter's name and its new value

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part: Part | None = None
        self._rows: dict[str, ParameterRow] = {}
        self.more_button = MoreButton(self)
        self.more_button.toggled.connect(self._show_more)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(4)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_part(self, part: Part, values: dict[str, Value]) -> None:
        """Show `part` with `values`; the rows are kept while the part stays the same, so a drag is not cut off."""
        if part is not self._part:
            self._build(part)
        for name, row in self._rows.items():
            row.set_value(values[name])

    def _build(self, part: Part) -> None:
        self._part = part
        for old in self._rows.values():
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._column.removeWidget(self.more_button)
        self._rows = {}
        for parameter in sorted(part.parameters, key=lambda p: p.more):
            row = ParameterRow(parameter, self)
            row.value_changed.connect(lambda value, name=parameter.name: self.value_changed.emit(name, value))
            self._rows[parameter.name] = row
            if parameter.more and self._column.indexOf(self.more_button) < 0:
                self._column.addWidget(self.more_button)
            self._column.addWidget(row)
        self.more_button.setAccessibleName(self.tr("more parameters of {part}").format(part=part.title))
        self.more_button.setVisible(any(parameter.more for parameter in part.parameters))
        self._show_more(self.more_button.isChecked())

    def _show_more(self, shown: bool) -> None:
        for row in self._rows.values():
            row.setVisible(shown or not row.parameter.more)


class MoreButton(QToolButton):
    """Unfolds, while it is checked, what a newcomer doesn't need yet; its arrow says which."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(self.tr("more"))
        self.setCheckable(True)
        self.setObjectName("more")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._point(False)
        self.toggled.connect(self._point)

    def _point(self, shown: bool) -> None:
        self.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)


class ParameterRow(QWidget):
    """One parameter: its label, and the editors that its kind asks for."""

    value_changed = Signal(object)

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setToolTip(_hint(parameter))
        self.parameter = parameter
        self._value: Value = parameter.default
        self._box: QCheckBox | None = None
        self._list: QComboBox | None = None
        self._slider: QSlider | None = None
        self._entry: ValueEntry | None = None
        grid = QGridLayout(self)
        grid.setSpacing(8)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        label = QLabel(parameter.label)
        grid.addWidget(label, 0, 0)
        editor = self._make_editors(grid)
        label.setBuddy(editor)
        self.setFixedHeight(ROW_HEIGHT)

    def set_value(self, value: Value) -> None:
        """Show `value` without telling anyone."""
        self._value = value
        for widget in (self._box, self._list, self._slider):
            if widget is not None:
                widget.blockSignals(True)
        if self._box is not None:
            self._box.setChecked(bool(value))
        if self._list is not None:
            self._list.setCurrentText(str(value))
        if self._slider is not None and isinstance(value, int | float):
            self._slider.setValue(slider_from_value(self.parameter, value))
        if self._entry is not None:
            self._entry.set_value(value)
        for widget in (self._box, self._list, self._slider):
            if widget is not None:
                widget.blockSignals(False)

    def _make_editors(self, grid: QGridLayout) -> QWidget:
        parameter = self.parameter
        name = parameter.name.replace("_", " ")
        if parameter.kind == "bool":
            self._box = TickBox()
            self._box.setAccessibleName(name)
            self._box.toggled.connect(self._offer)
            grid.addWidget(self._box, 0, 1, 1, 2)
            return self._box
        if parameter.kind == "choice":
            self._list = QComboBox()
            self._list.setAccessibleName(name)
            self._list.addItems(list(parameter.choices))
            self._list.currentTextChanged.connect(self._offer)
            grid.addWidget(self._list, 0, 1, 1, 2)
            return self._list
        self._entry = ValueEntry(name, parameter.parse, _text)
        self._entry.value_entered.connect(self._offer)
        if parameter.kind in ("text", "ints") or math.isinf(parameter.high) or math.isinf(parameter.low):
            grid.addWidget(self._entry, 0, 1, 1, 2)
            return self._entry
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(name)
        self._slider.setRange(0, _slider_steps(parameter))
        self._slider.valueChanged.connect(self._slide)
        self._entry.setFixedWidth(ENTRY_WIDTH)
        grid.addWidget(self._slider, 0, 1)
        grid.addWidget(self._entry, 0, 2)
        return self._entry

    def _slide(self, position: int) -> None:
        self._offer(value_from_slider(self.parameter, position))

    def _offer(self, value: Value) -> None:
        if value != self._value:
            self.set_value(value)
            self.value_changed.emit(value)


def _text(value: Value) -> str:
    match value:
        case tuple():
            return ", ".join(map(str, value))
        case bool() | str():
            return str(value)
        case _:
            return number(value, 4)


def _hint(parameter: Parameter) -> str:
    span = ""
    if not math.isinf(parameter.high) and parameter.kind in ("float", "int"):
        span = f" ({_text(parameter.low)} – {_text(parameter.high)})"
    return f"{parameter.hint or parameter.label}{span}"


def _slider_steps(parameter: Parameter) -> int:
    if parameter.kind == "int" and not parameter.log:
        return int(min(parameter.high - parameter.low, 1000))
    return _SLIDER_STEPS


def slider_from_value(parameter: Parameter, value: float) -> int:
    """The slider's position for a value: even steps of the value, or of its logarithm."""
    low, high = parameter.low, parameter.high
    if parameter.log:
        low, high, value = math.log(low), math.log(high), math.log(max(value, low))
    return round((value - low) / (high - low) * _slider_steps(parameter)) if high > low else 0


def value_from_slider(parameter: Parameter, position: int) -> Value:
    """The value at a slider's position, to the three figures that a person would write."""
    share = position / _slider_steps(parameter)
    if parameter.log:
        value = parameter.low * (parameter.high / parameter.low) ** share
    else:
        value = parameter.low + share * (parameter.high - parameter.low)
    value = min(max(float(f"{value:.3g}"), parameter.low), parameter.high)
    return int(value) if parameter.kind == "int" else value

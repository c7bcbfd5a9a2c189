"""A formula of one's own: typed, understood or answered at each key, and seen as a map before it is raced."""

from __future__ import annotations

from typing import cast

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from lrviz.core import catalog
from lrviz.core.catalog import Bounds
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import OnExpression
from lrviz.core.expression import FUNCTIONS, parse_expression
from lrviz.core.landscape import Landscape
from lrviz.core.signature import Parameter
from lrviz.views.entry import ValueEntry
from lrviz.views.form import ParameterRow
from lrviz.views.guard import guarded
from lrviz.views.numbers import number
from lrviz.views.relief import Relief
from lrviz.views.theme import GRID, LIGHT, SMALL, Theme, font
from lrviz.views.way import Frame

POINTS = 81  # of the preview's grid a side: evaluated in about a millisecond
PREVIEW_HEIGHT = 17 * GRID  # px
_END = Parameter("bound", "float", 0.0, label="bound", hint="an end of the window")


class FormulaEditor(QWidget):
    """The text, its complaint or its map, the window's ends and the noise. Enter, or the button, races it."""

    problem_changed = Signal(object)  # the OnExpression wished for

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem: OnExpression | None = None
        self._text = QLineEdit()
        self._text.setObjectName("formula")
        self._text.setFont(_monospaced())
        self._text.setAccessibleName(self.tr("Formula in x and y"))
        self._text.setPlaceholderText("x^2 + 10*y^2 + sin(3*x)")
        self._text.setToolTip(
            self.tr("A formula in x and y, with + - * / ^, pi, e and {functions}. Enter races it.").format(
                functions=", ".join(FUNCTIONS)
            )
        )
        self._text.textEdited.connect(self._preview_typed)
        self._text.returnPressed.connect(self._enter)
        self.map = MapPreview()
        self._complaint = QLabel()
        self._complaint.setWordWrap(True)
        self._complaint.setMinimumWidth(1)
        self._complaint.setFont(font(SMALL))
        self._race = QPushButton(self.tr("Minimise this"))
        self._race.setAccessibleName(self.tr("Minimise this formula"))
        self._race.clicked.connect(self._enter)
        self._ends = [self._end(self.tr("{axis} {end}").format(axis=axis, end=end)) for axis, end in _ENDS]
        self._noise = ParameterRow(catalog.NOISE)
        self._noise.value_changed.connect(lambda value: self._wish(noise=value))
        self._lay_out()

    def set_theme(self, theme: Theme) -> None:
        self.map.set_theme(theme)
        self._complaint.setStyleSheet(f"color: {theme.warning}")

    def show_problem(self, problem: OnExpression) -> None:
        """Show what is minimised; a text that is being typed stays."""
        changed = self._problem is None or problem.expression != self._problem.expression
        self._problem = problem
        if changed:
            self._text.setText(problem.expression)
            self._text.setCursorPosition(0)
        for entry, end in zip(self._ends, problem.bounds, strict=True):
            entry.set_value(end)
        self._noise.set_value(problem.noise)
        self._preview()

    # What is typed

    def _preview_typed(self) -> None:
        self._preview()

    def _preview(self) -> None:
        """The map of what stands in the field, or what is wrong with it."""
        assert self._problem is not None
        text = self._text.text()
        self._race.setVisible(text != self._problem.expression)
        try:
            expression = parse_expression(text)
        except LrvizError as error:
            self._complain(str(error))
            return
        self._complain("")
        x0, x1, y0, y1 = self._problem.bounds
        x, y = np.meshgrid(np.linspace(x0, x1, POINTS), np.linspace(y0, y1, POINTS))
        loss = np.broadcast_to(np.asarray(expression(x, y), np.float64), x.shape)
        self.map.show_landscape(Landscape(self._problem.bounds, loss))

    def _complain(self, line: str) -> None:
        self._complaint.setText(line)
        self._complaint.setVisible(bool(line))
        self._text.setAccessibleDescription(line)
        self._race.setEnabled(not line)
        self.map.setEnabled(not line)

    def _enter(self) -> None:
        text = self._text.text()
        try:
            parse_expression(text)
        except LrvizError:
            return  # its line stands below already
        self._wish(expression=text)

    def _set_end(self, place: int, value: object) -> None:
        assert self._problem is not None
        bounds = list(self._problem.bounds)
        bounds[place] = cast(float, value)
        x0, x1, y0, y1 = bounds
        wished: Bounds = (x0, x1, y0, y1)
        x, y = self._problem.start
        start = (min(max(x, min(x0, x1)), max(x0, x1)), min(max(y, min(y0, y1)), max(y0, y1)))
        self._wish(bounds=wished, start=start)

    def _wish(self, **changes: object) -> None:
        assert self._problem is not None
        try:
            wished = replace(self._problem, **changes)
        except LrvizError as error:
            self._complain(str(error))
            self._ends_as_they_are()
            return
        if wished != self._problem:
            self.problem_changed.emit(wished)

    def _ends_as_they_are(self) -> None:
        assert self._problem is not None
        for entry, end in zip(self._ends, self._problem.bounds, strict=True):
            entry.set_value(end)

    # Layout

    def _end(self, name: str) -> ValueEntry:
        place = len(self.findChildren(ValueEntry))
        entry = ValueEntry(name, _END.parse, lambda value: number(cast(float, value), 4), self)
        entry.value_entered.connect(lambda value, place=place: self._set_end(place, value))
        return entry

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self._text, self._complaint, self.map, self._race):
            column.addWidget(widget)
        ends = QGridLayout()
        ends.setSpacing(4)
        ends.setColumnStretch(1, 1)
        ends.setColumnStretch(3, 1)
        for row, axis in enumerate("xy"):
            ends.addWidget(QLabel(self.tr("{axis} from").format(axis=axis)), row, 0)
            ends.addWidget(self._ends[2 * row], row, 1)
            ends.addWidget(QLabel(self.tr("to")), row, 2)
            ends.addWidget(self._ends[2 * row + 1], row, 3)
        column.addLayout(ends)
        column.addWidget(self._noise)


_ENDS = (("x", "from"), ("x", "to"), ("y", "from"), ("y", "to"))


class MapPreview(QWidget):
    """A small map of a landscape, in its own proportions where these are not too long; dim while it is out of date."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Preview of the formula"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = LIGHT
        self._relief: Relief | None = None

    def sizeHint(self) -> QSize:
        return QSize(PREVIEW_HEIGHT, PREVIEW_HEIGHT)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_landscape(self, landscape: Landscape) -> None:
        if self._relief is None or not self._relief.shows(landscape):
            self._relief = Relief(landscape)
            self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            if self._relief is None:
                return
            frame = Frame(self._relief.landscape.bounds, self.width(), self.height())
            painter.setOpacity(1.0 if self.isEnabled() else 0.35)
            painter.drawImage(0, 0, self._relief.picture(frame, self.devicePixelRatioF(), self._theme, ()))
            painter.setPen(QColor(self._theme.line))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _monospaced() -> QFont:
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPointSizeF(font().pointSizeF())
    return made

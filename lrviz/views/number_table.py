"""Named numbers in tabular figures: one a row where both axes share it, under x and y where each has its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from lrviz.views import numbers
from lrviz.views.formula_text import rich_from_formula
from lrviz.views.theme import GRID, SMALL, TITLE, font

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
SHARED = 8  # rows for numbers that both axes share, above the heads of the others


class NumberTable(QWidget):
    """Labels are made once and filled again, since a step follows another several times a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shared: list[tuple[QLabel, ...]] = []
        self._pairs: list[tuple[QLabel, ...]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(2)
        self._heads = (_label("<i>x</i>", font(SMALL)), _label("<i>y</i>", font(SMALL)))
        for column, head in enumerate(self._heads, 1):
            head.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
            head.setMinimumHeight(3 * GRID)
            head.setObjectName("caption")
            self._grid.setColumnStretch(column, 1)
            self._grid.addWidget(head, SHARED, column)

    def show_numbers(self, named: Sequence[tuple[str, tuple[float, ...]]]) -> None:
        """Show one number or two for each name, in the order given."""
        shared = [(name, values) for name, values in named if len(values) == 1]
        pairs = [(name, values) for name, values in named if len(values) == 2]
        self._fill(self._shared, shared, 0)
        self._fill(self._pairs, pairs, SHARED + 1)
        for head in self._heads:
            head.setVisible(bool(pairs))

    def _fill(self, rows: list[tuple[QLabel, ...]], named: Sequence[tuple[str, tuple[float, ...]]], first: int) -> None:
        for place, (name, values) in enumerate(named):
            if place == len(rows):
                rows.append(self._new_row(first + place, len(values)))
            rows[place][0].setText(rich_from_formula(name))
            for label, value in zip(rows[place][1:], values, strict=True):
                label.setText(numbers.steady(value))
        for place, row in enumerate(rows):
            for label in row:
                label.setVisible(place < len(named))

    def _new_row(self, row: int, count: int) -> tuple[QLabel, ...]:
        name = _label("", font(TITLE))
        name.setAlignment(LEFT)
        figures = tuple(_label("", font(TITLE, tabular=True)) for _ in range(count))
        self._grid.addWidget(name, row, 0)
        for column, label in enumerate(figures, 3 - count):
            self._grid.addWidget(label, row, column)
        return (name, *figures)


def _label(text: str, letters: QFont) -> QLabel:
    label = QLabel(text)
    label.setFont(letters)
    label.setAlignment(RIGHT)
    return label

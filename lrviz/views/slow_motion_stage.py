"""One stage of an update as text for the last row: its name, formula, sentence, and its numbers just now."""

from __future__ import annotations

from html import escape
from itertools import zip_longest

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from lrviz.core.update import Stage
from lrviz.views import numbers
from lrviz.views.formula_text import rich_from_formula
from lrviz.views.theme import BODY, GRID, SMALL, TITLE, font

SENTENCE_LINES = 4  # so that the numbers stand still from stage to stage
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class StageText(QWidget):
    """Labels only; whoever has it says what they show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._way = _label(font(SMALL), rich=True)
        self._name = _label(font(TITLE, bold=True))
        self._formula = _label(font(TITLE), rich=True)
        self._sentence = _label(font(BODY))
        self._sentence.setMinimumHeight(SENTENCE_LINES * QFontMetrics(self._sentence.font()).lineSpacing())
        self._rows: list[tuple[QLabel, QLabel, QLabel]] = []
        self._heads = tuple(_label(font(SMALL), rich=True) for _ in range(2))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        for column in (1, 2):
            self._grid.setColumnStretch(column, 1)
            self._heads[column - 1].setAlignment(RIGHT)
            self._heads[column - 1].setText("<i>x</i>" if column == 1 else "<i>y</i>")
            self._heads[column - 1].setObjectName("caption")
            self._grid.addWidget(self._heads[column - 1], 0, column)
        column_of_all = QVBoxLayout(self)
        column_of_all.setContentsMargins(0, 0, 0, 0)
        column_of_all.setSpacing(GRID)
        for widget in (self._way, self._name, self._formula, self._sentence):
            column_of_all.addWidget(widget)
        column_of_all.addLayout(self._grid)
        column_of_all.addStretch(1)

    def show_stage(self, names: tuple[str, ...], number: int, stage: Stage) -> None:
        """Show the stage that is `number` of those called `names`."""
        self._way.setText(
            " → ".join(f"<b>{escape(n)}</b>" if at == number else escape(n) for at, n in enumerate(names))
        )
        self._name.setText(stage.name)
        self._formula.setText(rich_from_formula(stage.formula))
        self._formula.setAccessibleName(stage.formula)
        self._sentence.setText(stage.sentence)
        while len(self._rows) < len(stage.numbers):
            self._add_row()
        two = any(len(values) == 2 for _, values in stage.numbers)
        for head in self._heads:
            head.setVisible(two)
        for place, labels in enumerate(self._rows):
            shown = place < len(stage.numbers)
            for label in labels:
                label.setVisible(shown)
            if shown:
                name, values = stage.numbers[place]
                labels[0].setText(rich_from_formula(name))
                for label, value in zip_longest(labels[1:], values[:2]):
                    label.setText("" if value is None else numbers.steady(value))

    def _add_row(self) -> None:
        name, x, y = (
            _label(font(TITLE), rich=True),
            _label(font(TITLE, tabular=True)),
            _label(font(TITLE, tabular=True)),
        )
        row = len(self._rows) + 1
        for column, label in enumerate((name, x, y)):
            label.setWordWrap(False)
            label.setAlignment(RIGHT if column else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(label, row, column)
        self._rows.append((name, x, y))


def _label(letters: QFont, rich: bool = False) -> QLabel:
    label = QLabel()
    label.setFont(letters)
    label.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAlignment(LEFT)
    return label

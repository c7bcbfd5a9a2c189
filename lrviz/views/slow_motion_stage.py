"""One stage of an update as text for the last row: its name, formula, sentence, and its numbers just now."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from lrviz.core.update import Stage
from lrviz.views.formula_text import rich_from_formula
from lrviz.views.number_table import NumberTable
from lrviz.views.theme import BODY, GRID, SMALL, TITLE, font

SENTENCE_LINES = 3  # so that the numbers stand still from stage to stage
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class StageText(QWidget):
    """Labels only; whoever has it says what they show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._way = _label(font(SMALL), rich=True)
        self._name = _label(font(TITLE, bold=True))
        self._formula = _label(font(TITLE), rich=True)
        self._sentence = _label(font(BODY))
        self._sentence.setMinimumHeight(SENTENCE_LINES * QFontMetrics(self._sentence.font()).lineSpacing())
        self._numbers = NumberTable()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for widget in (self._way, self._name, self._formula, self._sentence, self._numbers):
            column.addWidget(widget)
        column.addStretch(1)

    def show_stage(self, names: tuple[str, ...], number: int, stage: Stage) -> None:
        """Show the stage that is `number` of those called `names`."""
        self._way.setText(
            " → ".join(f"<b>{escape(n)}</b>" if at == number else escape(n) for at, n in enumerate(names))
        )
        self._name.setText(stage.name)
        self._formula.setText(rich_from_formula(stage.formula))
        self._formula.setAccessibleName(stage.formula)
        self._sentence.setText(stage.sentence)
        self._numbers.show_numbers(stage.numbers)


def _label(letters: QFont, rich: bool = False) -> QLabel:
    label = QLabel()
    label.setFont(letters)
    label.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setAlignment(LEFT)
    return label

"""The budget slider: the same runs read at any epoch, and which rate is best there, in words."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lrviz.core.sweep import SweepTable
from lrviz.core.sweep_reading import Best, Reading, best_at, last_known_mark, read_sweep
from lrviz.views.scrubber import Scrubber
from lrviz.views.sweep_words import best_text, budget_text, moved_text
from lrviz.views.theme import GRID, font


class SweepBudget(QWidget):
    """A slider over a table's marks, and a sentence. It keeps nothing but what it was told to show."""

    mark_wanted = Signal(int)  # the index of a mark

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = Scrubber()
        self.slider.setAccessibleName(self.tr("Budget at which the sweep is read"))
        self.slider.setToolTip(self.tr("Read the same runs after fewer epochs or steps"))
        self.slider.seek_requested.connect(self.mark_wanted)
        self.at = QLabel()
        self.at.setFont(font(tabular=True))
        self.at.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setFont(font(tabular=True))
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.sentence.setMinimumHeight(2 * QFontMetrics(self.sentence.font()).lineSpacing())  # so that nothing jumps
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(QLabel(self.tr("Budget")))
        row.addWidget(self.slider, 1)
        row.addWidget(self.at)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.sentence)

    def show_reading(self, table: SweepTable, reading: Reading, ridge: tuple[Best | None, ...]) -> None:
        """The table's marks, the one that is read, and what it says."""
        last = len(table.marks) - 1
        known = last_known_mark(table, reading.metric)
        with QSignalBlocker(self.slider):
            self.slider.show_position(reading.mark, known + 1, last)
        self.slider.setEnabled(last > 0)
        self.at.setText(budget_text(table, reading.mark))
        longest = max((budget_text(table, mark) for mark in range(last + 1)), key=len)
        self.at.setFixedWidth(QFontMetrics(self.at.font()).horizontalAdvance(longest) + GRID)
        said = best_text(table, reading, ridge)
        if len(ridge) == 1 and last > 0:
            ends = [best_at(table, read_sweep(table, reading.metric, mark)) for mark in (0, known)]
            said = f"{said} {moved_text(table, ends[0], ends[1], known, reading.mark)}"
        self.sentence.setText(said.strip())
        self.slider.setAccessibleDescription(self.at.text())

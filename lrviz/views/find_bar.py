"""What a range test asks, above its chart: the rates it goes through, in how many steps, from how many seeds."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from lrviz.core.errors import ParameterError
from lrviz.core.range_test import FIRST_RATE, LAST_RATE, MAX_SEEDS, MAX_STEPS, SEEDS, STEPS
from lrviz.core.signature import Parameter, Value
from lrviz.views.entry import ValueEntry
from lrviz.views.numbers import count, number, rate_from_text
from lrviz.views.theme import GRID, SMALL, font

RATE, COUNT = 8 * GRID, 7 * GRID  # px of entries
LEAST_STEPS = 10
_STEPS = Parameter("steps", "int", STEPS, LEAST_STEPS, MAX_STEPS)
_SEEDS = Parameter("seeds", "int", SEEDS, 1, MAX_SEEDS)


class FindBar(QWidget):
    """One row of controls. While a test runs its button ends it."""

    changed = Signal()  # another question stands here
    start_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = ValueEntry(self.tr("First learning rate"), self._parse_first, _shown)
        self.last = ValueEntry(self.tr("Last learning rate"), self._parse_last, _shown)
        self.steps = ValueEntry(self.tr("Steps of the range test"), _STEPS.parse, _shown)
        self.seeds = ValueEntry(self.tr("How many seeds"), _SEEDS.parse, _shown)
        self.button = QToolButton()
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of the range test"))
        self.progress.setTextVisible(False)
        self.progress.setFixedSize(10 * GRID, 6)
        self._share = QLabel()
        self._share.setFont(font(SMALL, tabular=True))
        self._running = False
        given = ((self.first, FIRST_RATE), (self.last, LAST_RATE), (self.steps, STEPS), (self.seeds, SEEDS))
        for entry, value in given:
            entry.set_value(value)
            entry.setFixedWidth(RATE if isinstance(value, float) else COUNT)
            entry.value_entered.connect(self.changed)
        self.button.clicked.connect(self._press)
        self._lay_out()
        self.show_running(False)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        row.setSpacing(GRID)
        words = (self.tr("rates from"), self.tr("to"), self.tr("steps"), self.tr("seeds"))
        for word, entry in zip(words, (self.first, self.last, self.steps, self.seeds), strict=True):
            label = QLabel(word)
            label.setBuddy(entry)
            row.addWidget(label)
            row.addWidget(entry)
        row.addStretch(1)
        row.addWidget(self._share)
        row.addWidget(self.progress)
        row.addWidget(self.button)

    @property
    def rates(self) -> tuple[float, float]:
        return _float(self.first.value), _float(self.last.value)

    @property
    def counts(self) -> tuple[int, int]:
        """Steps and seeds."""
        return round(_float(self.steps.value)), round(_float(self.seeds.value))

    def show_running(self, running: bool) -> None:
        self._running = running
        self.button.setText(self.tr("Cancel") if running else self.tr("Start"))
        self.button.setAccessibleName(self.tr("Cancel the test") if running else self.tr("Start the range test"))
        self.button.setObjectName("quiet" if running else "accent")
        self.button.style().unpolish(self.button)
        self.button.style().polish(self.button)
        self.progress.setVisible(running)
        self._share.setVisible(running)
        self.show_share(0.0)

    def show_share(self, share: float) -> None:
        """0 to 1 of the test that runs."""
        self._share.setText(self.tr("{share} %").format(share=int(100 * share)))
        self.progress.setValue(int(100 * share))

    def _press(self) -> None:
        if self._running:
            self.cancel_wanted.emit()
            return
        for entry in (self.first, self.last, self.steps, self.seeds):  # what is typed counts, entered or not
            entry.enter()
        self.start_wanted.emit()

    def _parse_first(self, text: str) -> Value:
        value, last = rate_from_text(text), _float(self.last.value)
        if value >= last:
            raise ParameterError(f"{number(value)}: the first rate is below the last, {number(last)}")
        return value

    def _parse_last(self, text: str) -> Value:
        value, first = rate_from_text(text), _float(self.first.value)
        if value <= first:
            raise ParameterError(f"{number(value)}: the last rate is above the first, {number(first)}")
        return value


def _float(value: Value | None) -> float:
    assert isinstance(value, int | float)
    return float(value)


def _shown(value: Value) -> str:
    return count(value) if isinstance(value, int) else number(_float(value))

"""What a fate map asks: which kind of question, of which run, over which rates, for how many steps."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from lrviz.core.errors import ParameterError
from lrviz.core.experiment import Experiment
from lrviz.core.fate import KINDS, MAX_STEPS, FateKind, FateQuestion, has_momentum, question_of
from lrviz.core.signature import Parameter, Value
from lrviz.views import numbers
from lrviz.views.entry import ValueEntry
from lrviz.views.fate_words import kind_word, run_word
from lrviz.views.numbers import rate_from_text
from lrviz.views.quiet_picker import QuietPicker
from lrviz.views.theme import BODY, GRID, font

ENTRY = 9 * GRID  # px
_STEPS = Parameter("steps", "int", 1000, 1, MAX_STEPS)


class FateBar(QWidget):
    """One row of controls; it wishes for another question."""

    question_changed = Signal(object)  # a FateQuestion

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._question: FateQuestion | None = None
        self.kind = QuietPicker(self.tr("What the map asks"), font(BODY))
        self.run = QuietPicker(self.tr("Which run it asks about"), font(BODY))
        self.low = ValueEntry(self.tr("Lowest learning rate"), self._parse_low, _shown)
        self.high = ValueEntry(self.tr("Highest learning rate"), self._parse_high, _shown)
        self.steps = ValueEntry(self.tr("Steps of each run"), _STEPS.parse, lambda value: str(value))
        self._rates = [QLabel(self.tr("rates from")), self.low, QLabel(self.tr("to")), self.high]
        for entry in (self.low, self.high, self.steps):
            entry.setFixedWidth(ENTRY)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID, GRID // 2, 2 * GRID, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self.run)
        row.addWidget(self.kind)
        row.addStretch(1)
        for widget in (*self._rates, QLabel(self.tr("steps")), self.steps):
            row.addWidget(widget)
        self.kind.picked.connect(self._pick_kind)
        self.run.picked.connect(self._pick_run)
        self.low.value_entered.connect(lambda value: self._wish_rates(float(value), None))
        self.high.value_entered.connect(lambda value: self._wish_rates(None, float(value)))
        self.steps.value_entered.connect(lambda value: self._wish(steps=int(value)))

    def show_question(self, experiment: Experiment, question: FateQuestion) -> None:
        self._experiment, self._question = experiment, question
        possible = [kind for kind in KINDS if kind != "rate_momentum" or has_momentum(experiment, question.run)]
        if question.kind not in possible:
            possible.append(question.kind)
        self.kind.offer([(kind, kind_word(kind)) for kind in possible])
        self.kind.show_key(question.kind)
        self.run.offer([(str(run), run_word(experiment, run)) for run in range(len(experiment.runs))])
        self.run.show_key(str(question.run))
        self.low.set_value(question.rates[0])
        self.high.set_value(question.rates[1])
        self.steps.set_value(question.steps)
        for widget in self._rates:
            widget.setVisible(question.kind != "starts")

    def _pick_kind(self, key: str) -> None:
        assert self._experiment is not None
        assert self._question is not None
        kind: FateKind = next(kind for kind in KINDS if kind == key)
        self.question_changed.emit(question_of(self._experiment, kind, self._question.run, self._question.steps))

    def _pick_run(self, key: str) -> None:
        assert self._experiment is not None
        assert self._question is not None
        kind = self._question.kind
        if kind == "rate_momentum" and not has_momentum(self._experiment, int(key)):
            kind = "starts"
        self.question_changed.emit(question_of(self._experiment, kind, int(key), self._question.steps))

    def _wish_rates(self, low: float | None, high: float | None) -> None:
        assert self._question is not None
        before = self._question.rates
        self._wish(rates=(before[0] if low is None else low, before[1] if high is None else high))

    def _wish(self, **changes: Value | tuple[float, float]) -> None:
        assert self._question is not None
        self.question_changed.emit(replace(self._question, **changes))

    def _parse_low(self, text: str) -> Value:
        """A rate below the highest; ParameterError for anything else."""
        assert self._question is not None
        value, high = rate_from_text(text), self._question.rates[1]
        if value >= high:
            raise ParameterError(
                f"{numbers.number(value)}: the lowest rate is below the highest, {numbers.number(high)}"
            )
        return value

    def _parse_high(self, text: str) -> Value:
        """A rate above the lowest; ParameterError for anything else."""
        assert self._question is not None
        value, low = rate_from_text(text), self._question.rates[0]
        if value <= low:
            raise ParameterError(
                f"{numbers.number(value)}: the highest rate is above the lowest, {numbers.number(low)}"
            )
        return value


def _shown(value: Value) -> str:
    assert isinstance(value, float)
    return numbers.number(value)

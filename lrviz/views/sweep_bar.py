"""What a sweep asks: which rates, how many seeds, and a second parameter with its values."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lrviz.core.errors import ExperimentError, LrvizError
from lrviz.core.experiment import Experiment
from lrviz.core.knobs import KnobKind, KnobValue, knobs_of
from lrviz.core.signature import Parameter
from lrviz.core.sweep import MAX_RATES, MAX_SEEDS, Knob, SweepQuestion, rates_between
from lrviz.views.entry import ValueEntry
from lrviz.views.numbers import number, rate_from_text
from lrviz.views.quiet_picker import QuietPicker
from lrviz.views.sweep_run import SweepRun
from lrviz.views.sweep_values import proposed_values, values_from_text
from lrviz.views.sweep_words import knob_word
from lrviz.views.theme import BODY, GRID, font
from lrviz.views.tick_box import TickBox

NARROW, WIDE, VALUES = 5 * GRID, 8 * GRID, 12 * GRID  # px of entries
RATES, SEEDS = 25, 5  # to begin with
REFINEMENTS = 2  # how many times rates are put in between, where that is wanted
BEYOND = 10.0  # rates to begin with reach so far beyond those of the experiment's runs
LAST_SEED = 2**31 - 1
Read = TypeVar("Read")


class SweepBar(QWidget):
    """Two rows of controls. What is typed stays as it is; `question` reads it, or says in a line what is wrong."""

    changed = Signal()  # another question stands here, or another mistake
    start_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._experiment: Experiment | None = None
        self._knobs: dict[str, KnobKind] = {}
        self._knob = ""  # the second parameter's name; "": there is none
        self._given: SweepQuestion | None = None  # as it was asked elsewhere, while nobody changes anything of it
        self._chosen = False  # whether a person has chosen the rates, so that they stay
        self.low = self._entry(self.tr("Lowest learning rate"), WIDE)
        self.high = self._entry(self.tr("Highest learning rate"), WIDE)
        self.count = self._entry(self.tr("Number of rates"), NARROW)
        self.seeds = self._entry(self.tr("Number of seeds"), NARROW)
        self.values = self._entry(self.tr("Values of the second parameter"), None)
        self.values.setMinimumWidth(VALUES)
        self.values.setToolTip(self.tr("Values such as 0, 0.5, 0.9, or 0.01..100×5 for five in between"))
        self.knob = QuietPicker(self.tr("Second parameter"), font(BODY))
        self.refine = TickBox(self.tr("Refine"))
        self.refine.setAccessibleName(self.tr("Refine where the curve bends"))
        self.refine.setToolTip(self.tr("Put rates in between where the curve bends and around the best"))
        self.run = SweepRun()
        self.count.set_value(str(RATES))
        self.seeds.set_value(str(SEEDS))
        self._lay_out()
        self.low.value_entered.connect(self._choose_rates)
        self.high.value_entered.connect(self._choose_rates)
        self.knob.picked.connect(self._pick_knob)
        self.refine.toggled.connect(self._edit)
        self.run.start.clicked.connect(self._want_start)

    def _entry(self, name: str, width: int | None) -> ValueEntry:
        """Takes any text, so that a mistake stays there to be mended; `question` reads it."""
        entry = ValueEntry(name, lambda text: text.strip(), str)
        if width is not None:
            entry.setFixedWidth(width)
        entry.value_entered.connect(self._edit)
        return entry

    def _lay_out(self) -> None:
        rates, second = QHBoxLayout(), QHBoxLayout()
        words = QLabel(self.tr("Rates from")), QLabel(self.tr("to")), QLabel("×")
        for label, entry in zip(words, (self.low, self.high, self.count), strict=True):
            rates.addWidget(label)
            rates.addWidget(entry)
        rates.addSpacing(GRID)
        rates.addWidget(QLabel(self.tr("seeds")))
        rates.addWidget(self.seeds)
        rates.addSpacing(GRID)
        rates.addWidget(self.refine)
        rates.addStretch(1)
        rates.addWidget(self.run.buttons)
        self._values_label = QLabel(self.tr("at"))
        second.addWidget(QLabel(self.tr("Second parameter")))
        second.addWidget(self.knob)
        second.addWidget(self._values_label)
        second.addWidget(self.values, 2)
        second.addStretch(1)
        second.addWidget(self.run.progress)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        column.setSpacing(GRID // 2)
        second.addStrut(self.values.sizeHint().height())  # as high without values
        for row in (rates, second):
            row.setSpacing(GRID)
            column.addLayout(row)
        self._show_values()

    # What the view calls

    def show_experiment(self, experiment: Experiment) -> None:
        """Another experiment: its numbers are offered; rates that a person has chosen stay."""
        self._given = None
        self._offer(experiment)
        self.changed.emit()

    def _offer(self, experiment: Experiment) -> None:
        self._experiment = experiment
        self._knobs = {knob.name: knob for knob in knobs_of(experiment)}
        words = [(name, knob_word(knob)) for name, knob in self._knobs.items()]
        self.knob.offer([("", self.tr("none")), *words])
        if self._knob not in self._knobs:
            self._knob = ""
            self.values.set_value("")
        self.knob.show_key(self._knob)
        self.knob.updateGeometry()
        self._show_values()
        if not self._chosen:
            self.low.set_value(number(float(f"{min(experiment.lrs) / BEYOND:.1g}")))
            self.high.set_value(number(float(f"{max(experiment.lrs) * BEYOND:.1g}")))

    def show_question(self, question: SweepQuestion) -> None:
        """Show a question that was asked elsewhere: it stays just that, its rates too, until something is changed."""
        self._chosen = True
        knob = question.knob
        self._knob = "" if knob is None else knob.name
        self.low.set_value(number(question.lrs[0], 6))
        self.high.set_value(number(question.lrs[-1], 6))
        self.count.set_value(str(len(question.lrs)))
        self.seeds.set_value(str(len(question.seeds)))
        self.values.set_value("" if knob is None else ", ".join(_typed(value) for value in knob.values))
        with QSignalBlocker(self.refine):
            self.refine.setChecked(question.refinements > 0)
        self._offer(question.experiment)
        self._given = question
        self.changed.emit()

    def question(self) -> SweepQuestion:
        """What stands here. LrvizError with one line where it makes no sense; the entry at fault is marked then."""
        assert self._experiment is not None
        if self._given is not None:
            return self._given
        low = self._read(self.low, rate_from_text)
        high = self._read(self.high, rate_from_text)
        count = self._read(self.count, lambda text: _whole(_COUNT, text))
        seeds = self._read(self.seeds, lambda text: _whole(_SEEDS, text))
        lrs = self._read(self.high, lambda _text: rates_between(low, high, count))
        if len(set(lrs)) < len(lrs):
            raise ExperimentError(f"{count} rates from {low:g} to {high:g} are hardly apart; take fewer, or go further")
        knob = None
        if self._knob:
            kind = self._knobs[self._knob]
            knob = Knob(self._knob, self._read(self.values, lambda text: values_from_text(text, kind)))
        first = min(self._experiment.seed, LAST_SEED - seeds + 1)
        refinements = REFINEMENTS if self.refine.isChecked() else 0
        return SweepQuestion(self._experiment, lrs, tuple(range(first, first + seeds)), knob, refinements)

    def enter(self) -> None:
        """Take what is being typed just now."""
        for entry in (self.low, self.high, self.count, self.seeds, self.values):
            entry.enter()

    # Wishes

    def _want_start(self) -> None:
        self.enter()
        self.start_wanted.emit()

    def _edit(self) -> None:
        self._given = None
        self.changed.emit()

    def _choose_rates(self) -> None:
        self._chosen = True

    def _pick_knob(self, name: str) -> None:
        """Another second parameter brings its own values with it."""
        if name != self._knob:
            self._knob = name
            self.values.set_value(proposed_values(self._knobs[name]) if name else "")
        self.knob.updateGeometry()
        self._show_values()
        self._edit()

    def _show_values(self) -> None:
        for widget in (self._values_label, self.values):
            widget.setVisible(bool(self._knob))

    def _read(self, entry: ValueEntry, parse: Callable[[str], Read]) -> Read:
        try:
            read = parse(entry.text())
        except LrvizError as error:
            _mark(entry, str(error))
            raise
        _mark(entry, "")
        return read


_COUNT = Parameter("number of rates", "int", RATES, 2, MAX_RATES)
_SEEDS = Parameter("number of seeds", "int", SEEDS, 1, MAX_SEEDS)


def _whole(parameter: Parameter, text: str) -> int:
    value = parameter.parse(text)
    assert isinstance(value, int)
    return value


def _mark(entry: ValueEntry, line: str) -> None:
    """Frame an entry that can't be taken, or no longer."""
    if bool(entry.property("refused")) != bool(line):
        entry.setProperty("refused", bool(line))
        entry.style().unpolish(entry)
        entry.style().polish(entry)
    entry.setAccessibleDescription(line)


def _typed(value: KnobValue) -> str:
    """A value as a person would type it: a list of equal widths is its one width."""
    return str(value[0]) if isinstance(value, tuple) else f"{value:.6g}"

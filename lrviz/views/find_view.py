"""The range test in the stage: what is asked above, the curves with every rule's suggestion, the finder court below."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QSizePolicy, QSlider, QVBoxLayout, QWidget

from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Experiment
from lrviz.core.range_test import RangeQuestion, RangeTest
from lrviz.core.scene import Scene
from lrviz.core.suggestions import RULES, Suggestion, suggestions
from lrviz.core.sweep import SweepTable
from lrviz.views.find_bar import FindBar
from lrviz.views.find_chart import FindChart
from lrviz.views.find_court import SENTENCES, FindCourt
from lrviz.views.find_frame import RIGHT, TITLE
from lrviz.views.find_rows import RuleRow, region_of, rows_of
from lrviz.views.find_words import invitation
from lrviz.views.guard import guarded
from lrviz.views.refusal import Refusal
from lrviz.views.theme import GRID, LIGHT, SMALL, Theme, font, palette

SPANS = (1, 3, 5, 10, 15, 20, 30, 50)  # steps that the slider smooths over
SPAN = 15  # at first
MOST_COURT = 0.43  # of the height at most is the court's; what doesn't fit is scrolled to


class FindView(QWidget):
    """Asks for range tests of the experiment shown, and draws the one that fits it."""

    test_requested = Signal(object)  # a RangeQuestion
    cancel_requested = Signal()
    sweep_requested = Signal()  # of the experiment shown
    rate_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Range test"))
        self.bar, self.chart, self.court = FindBar(), FindChart(), FindCourt()
        self.line = Refusal()  # why there is no test
        self.smoothing = QSlider(Qt.Orientation.Horizontal, self.chart)
        self.smoothing_name = QLabel(self.tr("smoothing"), self.chart)
        self._scroll = QScrollArea()
        self._theme: Theme = LIGHT
        self._experiment: Experiment | None = None
        self._test: RangeTest | None = None
        self._table: SweepTable | None = None
        self._read: tuple[RangeTest, tuple[Suggestion, ...]] | None = None  # the rules take a while: asked once a test
        self._running = self._sweeping = False
        self._lay_out()
        self.bar.changed.connect(self._show)
        self.bar.start_wanted.connect(self._start)
        self.bar.cancel_wanted.connect(self._cancel)
        self.court.rate_chosen.connect(self.rate_chosen)
        self.court.sweep_wanted.connect(self.sweep_requested)
        self.smoothing.valueChanged.connect(self._smooth)
        self.smoothing.setValue(SPANS.index(SPAN))
        self.set_theme(LIGHT)
        self._show()

    def _lay_out(self) -> None:
        self.smoothing.setRange(0, len(SPANS) - 1)
        self.smoothing.setAccessibleName(self.tr("Smoothing of the curves"))
        self.smoothing.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.smoothing.setFixedWidth(10 * GRID)
        self.smoothing_name.setFont(font(SMALL))
        self.smoothing_name.setObjectName("caption")
        self._scroll.setWidget(self.court)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.line)
        column.addWidget(self.chart, 1)
        column.addWidget(self._scroll)

    # What the window calls

    def show_scene(self, scene: Scene) -> None:
        """Ask about another experiment; a test and a sweep of the same problem and optimizer stay."""
        self.show_experiment(scene.experiment)

    def show_experiment(self, experiment: Experiment) -> None:
        """The same of an experiment that has not been raced."""
        self._experiment = experiment
        self._show()

    def show_step(self, step: int) -> None:
        """A range test is a run of its own: no step of the race changes it."""

    def show_test(self, test: RangeTest | None) -> None:
        """What is known of the test so far; None forgets it."""
        self._test = test
        if self._running and test is not None:
            self.bar.show_share(float(test.steps.max(initial=0)) / test.question.steps)
            if test.complete:
                self._set_running(False)
        self._show()

    def show_sweep(self, table: SweepTable | None, running: bool = False) -> None:
        """What is known of the sweep that the rules are judged by, and whether it goes on just now."""
        self._table, self._sweeping = table, running
        self._show()

    def show_refusal(self, text: str) -> None:
        """Why there is no test, in one line; it goes with the next one."""
        self._set_running(False)
        self.line.say(text)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setPalette(palette(theme))
        self.setAutoFillBackground(True)
        self.chart.set_theme(theme)
        self.court.set_theme(theme)

    def picture(self, scale: float) -> QImage:
        """The view at `scale` pixels a point."""
        image = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        self.render(image, QPoint())
        return image

    # What is asked

    @property
    def question(self) -> RangeQuestion | None:
        """As the bar has it; None before there is an experiment. ExperimentError where it makes no sense."""
        if self._experiment is None:
            return None
        (first, last), (steps, seeds) = self.bar.rates, self.bar.counts
        return RangeQuestion(self._experiment, first, last, steps, tuple(range(seeds)))

    def _start(self) -> None:
        try:
            question = self.question
        except ExperimentError as error:
            self.show_refusal(str(error))
            return
        if question is not None:
            self.show_refusal("")
            self._test = None
            self._set_running(True)
            self._show()
            self.test_requested.emit(question)

    def _cancel(self) -> None:
        self._set_running(False)
        self.cancel_requested.emit()
        self._show()

    def _set_running(self, running: bool) -> None:
        self._running = running
        self.bar.show_running(running)

    # What is shown

    def _show(self) -> None:
        test = self._test if self._test is not None and self._fits(self._test.question.experiment) else None
        table = self._table if self._table is not None and self._fits(self._table.question.experiment) else None
        region = region_of(table)
        rows: tuple[RuleRow, ...] = (
            () if test is None else rows_of(self._suggested(test), None if self._running else region)
        )
        self.chart.show_empty(self._empty_text())
        self.chart.show_test(test, rows, region)
        self.court.show_rows(rows, table, region, self._sweeping)
        self._scroll.setVisible(test is not None)
        for control in (self.smoothing, self.smoothing_name):
            control.setVisible(test is not None)
        self._fit()

    def _suggested(self, test: RangeTest) -> tuple[Suggestion, ...]:
        """What the rules say; nothing yet of a test that still runs, since they read whole curves."""
        if self._running:
            return tuple(Suggestion(rule, np.full(len(test.losses), np.nan)) for rule in RULES.values())
        if self._read is None or self._read[0] is not test:
            self._read = test, tuple(suggestions(test).values())
        return self._read[1]

    def _empty_text(self) -> str:
        if self._running:
            return self.tr("The first steps are being taken…")
        try:
            return invitation(self._experiment, self.question)
        except ExperimentError as error:
            return str(error)

    def _fits(self, other: Experiment) -> bool:
        """Whether it minimises what is shown now, with the same optimizer."""
        shown = self._experiment
        return shown is not None and (other.problem, other.optimizer) == (shown.problem, shown.optimizer)

    def _smooth(self, place: int) -> None:
        span = SPANS[place]
        text = self.tr("Smoothed over {span} steps").format(span=span) if span > 1 else self.tr("Not smoothed")
        self.smoothing.setToolTip(text)
        self.smoothing.setAccessibleDescription(text)
        self.chart.set_span(span)

    def _fit(self) -> None:
        """The smoothing's place over the chart, and as much height for the court as it needs and there is."""
        right = self.width() - RIGHT - self.smoothing.width()
        self.smoothing.move(right, (TITLE - self.smoothing.height()) // 2)
        size = self.smoothing_name.sizeHint()
        self.smoothing_name.resize(size)
        self.smoothing_name.move(right - GRID - size.width(), (TITLE - size.height()) // 2)
        self.chart.set_title_room(right - 3 * GRID - size.width())
        self.court.set_wide(self.width() >= SENTENCES)
        wanted = self.court.heightForWidth(self.width())
        wanted = max(wanted, self.court.sizeHint().height()) if wanted < 0 else wanted
        self._scroll.setFixedHeight(min(wanted, int(MOST_COURT * self.height())))

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

"""The sweep in the stage: what is asked, above; every run against its rate; and at which budget it is read, below."""

from __future__ import annotations

from msgspec.structs import replace
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Experiment, Run
from lrviz.core.scene import Scene
from lrviz.core.sweep import SweepQuestion, SweepTable
from lrviz.core.sweep_reading import at_value, last_known_mark, primary_metric
from lrviz.views.numbers import count, number
from lrviz.views.sweep_bar import SweepBar
from lrviz.views.sweep_budget import SweepBudget
from lrviz.views.sweep_canvas import SweepCanvas
from lrviz.views.theme import GRID, LIGHT, SMALL, Theme, font, palette


class SweepView(QWidget):
    """Asks a sweep and draws what is known of it, at any of its budgets."""

    question_asked = Signal(object)  # the SweepQuestion that a person started
    paused = Signal(bool)  # True: it should pause; False: it should go on
    cancelled = Signal()
    run_opened = Signal(int, float, int)  # a value's index, a rate and a seed of the table shown

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Sweep"))
        self.setMinimumSize(60 * GRID, 44 * GRID)
        self.bar, self.canvas, self.budget, self.line = SweepBar(), SweepCanvas(), SweepBudget(), QLabel()
        self._theme: Theme = LIGHT
        self._experiment: Experiment | None = None  # the scene's; a question asked elsewhere may have another
        self._steps_per_epoch: int | None = None
        self._table: SweepTable | None = None
        self._asked: SweepQuestion | None = None  # the question that runs, or ran last
        self._metric: str | None = None  # as a person has chosen it
        self._mark: int | None = None  # as a person has set it; None: the last that is known of
        self._wanted: SweepQuestion | None = None  # what stands in the bar; None where that makes no sense
        self._mistake = ""  # why it makes none
        self._value: int | None = None  # the one value of the second parameter that is shown; None: all of them
        self._refusal = ""  # why the engine could not answer
        self._stopped: SweepQuestion | None = None  # whose tables may still come, though it goes on no more
        self._lay_out()
        self.bar.changed.connect(self._question_changed)
        self.bar.start_wanted.connect(self.start)
        self.bar.run.paused.connect(self._pause)
        self.bar.run.cancelled.connect(self._cancel)
        self.canvas.pickers.metric_picked.connect(self._pick_metric)
        self.canvas.pickers.value_picked.connect(self._pick_value)
        self.canvas.run_picked.connect(self._open_run)
        self.budget.mark_wanted.connect(self._read_at)
        self.set_theme(self._theme)

    def _lay_out(self) -> None:
        self.line.setWordWrap(True)
        self.line.setFont(font(SMALL))
        self.line.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID // 2)
        self.line.hide()
        self.budget.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.line)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.budget)

    # What the window calls

    @property
    def table(self) -> SweepTable | None:
        """What is shown; None before anything is known."""
        return self._table

    @property
    def question(self) -> SweepQuestion | None:
        """What stands in the bar; None where that makes no sense."""
        return self._wanted

    def show_scene(self, scene: Scene) -> None:
        """The experiment that a sweep would be asked of; the table stays, and says of what it is."""
        self._steps_per_epoch = scene.steps_per_epoch
        if scene.experiment != self._experiment:
            self._experiment = scene.experiment
            self.bar.show_experiment(scene.experiment)

    def show_step(self, step: int) -> None:
        """A sweep has budgets of its own: the step of the race on screen changes nothing."""

    def show_question(self, question: SweepQuestion) -> None:
        """A question that was asked elsewhere, put into the controls as if a person had typed it."""
        self.bar.show_question(question)

    def show_table(self, table: SweepTable) -> None:
        """What is known so far. A complete table, and no other, ends the sweep by itself."""
        if self._table is None or table.question != self._table.question:
            self._mark = self._value = None
        self._table, self._asked, self._refusal = table, table.question, ""
        run = self.bar.run
        if table.complete:
            run.show_state("idle")
        elif run.state == "idle" and table.question != self._stopped:
            run.show_state("running")
        self._show_table()
        self._show_line()
        self._show_progress()

    def show_stopped(self, line: str = "") -> None:
        """The sweep goes on no more, since it was cancelled or, as `line` says, could not be done."""
        self._refusal, self._stopped = line, self._asked
        self.bar.run.show_state("idle")
        self._show_line()
        self._show_progress()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setPalette(palette(theme))
        self.setAutoFillBackground(True)
        self.canvas.set_theme(theme)

    def picture(self, scale: float) -> QImage:
        """The picture with what it says, at `scale` pixels a point, without the controls."""
        words = self.budget.sentence
        below = words.height() + 2 * GRID if self._table is not None else 0
        size = self.canvas.size()
        image = QImage(QSize(size.width(), size.height() + below) * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(self._theme.field)
        with QPainter(image) as painter:
            painter.drawImage(0, 0, self.canvas.picture(scale))
            if below:
                painter.setFont(words.font())
                painter.setPen(QColor(self._theme.text))
                room = QRectF(2 * GRID, size.height(), size.width() - 4 * GRID, below)
                painter.drawText(room, int(Qt.TextFlag.TextWordWrap), words.text())
        return image

    # Wishes

    def start(self) -> None:
        """Ask what stands in the bar, as the button does."""
        self._question_changed()
        question = self._wanted
        if question is not None:
            self._asked, self._refusal, self._stopped = question, "", None
            self.bar.run.show_state("running")
            self.bar.run.show_progress(0.0, None)
            self.question_asked.emit(question)

    def _pause(self, paused: bool) -> None:
        self.bar.run.show_state("paused" if paused else "running")
        self._show_progress()
        self.paused.emit(paused)

    def _cancel(self) -> None:
        self.show_stopped()
        self.cancelled.emit()

    def _pick_metric(self, metric: str) -> None:
        self._metric = metric
        self._show_table()

    def _pick_value(self, value: int | None) -> None:
        self._value = value
        self._show_table()

    def _open_run(self, value: int, lr: float, seed: int) -> None:
        """Of a chart of one value the canvas knows no other."""
        self.run_opened.emit(value if self._value is None else self._value, lr, seed)

    def _read_at(self, mark: int) -> None:
        self._mark = mark
        self._show_table()

    # What is shown

    def _question_changed(self) -> None:
        """Read the bar anew: it says what is wrong there, or what it would take."""
        self._wanted, self._mistake = None, ""
        try:
            self._wanted = self.bar.question()
        except LrvizError as error:
            self._mistake = str(error)
        self._show_line()
        self._show_progress()

    def _show_line(self) -> None:
        """One line, of what matters most."""
        table, wanted = self._table, self._wanted
        wrong = self._mistake or self._refusal
        line = wrong
        if not wrong and table is not None:
            line = " ".join(table.notes)
            if wanted is not None and _ground(table.question.experiment) != _ground(wanted.experiment):
                line = self.tr("This is the sweep of another experiment.")
                if self.bar.run.state == "idle":
                    line = self.tr("{line} Start sweeps the one that is chosen now.").format(line=line)
        self.line.setText(line)
        self.line.setVisible(bool(line))
        role = QPalette.ColorRole.BrightText if wrong else QPalette.ColorRole.PlaceholderText
        self.line.setForegroundRole(role)

    def _show_progress(self) -> None:
        run, table, wanted = self.bar.run, self._table, self._wanted
        answered = table if table is not None and table.question == self._asked else None
        if run.state != "idle":
            run.show_progress(answered.share_done if answered else 0.0, answered.seconds_left if answered else None)
        elif answered is not None and not answered.complete and wanted == answered.question:
            percent = int(100 * answered.share_done)
            run.show_words(self.tr("stopped at {percent} %; Start goes on").format(percent=percent))
        else:
            run.show_words("" if wanted is None else self._size_text(wanted))

    def _size_text(self, question: SweepQuestion) -> str:
        """How much work it is: "320 runs of 30 epochs"."""
        runs = len(question.lrs) * len(question.seeds) * len(question.values)
        steps, epoch = question.experiment.steps, self._steps_per_epoch
        if epoch and self._experiment is not None and question.experiment.problem == self._experiment.problem:
            return self.tr("{runs} runs of {epochs} epochs").format(runs=count(runs), epochs=number(steps / epoch))
        return self.tr("{runs} runs of {steps} steps").format(runs=count(runs), steps=count(steps))

    def _show_table(self) -> None:
        """The table at the metric, the mark and the value that are chosen."""
        if self._table is None:
            return
        table = self._table if self._value is None else at_value(self._table, self._value)
        metric = self._metric if self._metric in table.metrics else primary_metric(table)
        assert metric is not None
        mark = last_known_mark(table, metric) if self._mark is None else min(self._mark, len(table.marks) - 1)
        self.canvas.pickers.show(self._table.question, table.metrics, metric, self._value)
        self.canvas.show_table(table, metric, mark)
        assert self.canvas.reading is not None
        self.budget.show_reading(table, self.canvas.reading, self.canvas.ridge)
        self.budget.show()


def _ground(experiment: Experiment) -> Experiment:
    """An experiment but for what a sweep doesn't ask of it: its own runs and its seed."""
    return replace(experiment, runs=(Run(1.0),), seed=0)

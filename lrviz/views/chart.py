"""One quantity of all runs against step: one line a run, its value under the pointer, no step ahead of the screen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.scene import Scene
from lrviz.views.chart_axes import Words, paint_axes, paint_empty, paint_title
from lrviz.views.chart_frame import TITLE, Frame
from lrviz.views.chart_heads import Moving, Names
from lrviz.views.chart_ink import Ink
from lrviz.views.fit import fit, reach_of_all
from lrviz.views.guard import guarded
from lrviz.views.numbers import count
from lrviz.views.quantities import LOSS, Quantity
from lrviz.views.readout import Column, Reading, paint_guide, readings_at
from lrviz.views.series import Series, smoothing_span
from lrviz.views.step_canvas import StepCanvas
from lrviz.views.theme import GRID, SMALL, Theme, font
from lrviz.views.tick_box import TickBox

REFIT = 1.02  # a scale that no new reading reaches beyond is fitted again after this growth, and at the end
WIDE = 100 * GRID  # px from which on there is room to say more


class Chart(StepCanvas):
    """The lines of all runs up to the step on screen."""

    log_toggled = Signal(bool)  # a person asked for a logarithmic (or linear) scale and has it

    def __init__(self, quantity: Quantity = LOSS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.quantity = quantity
        self.log = quantity.log
        self._series: list[Series] = []
        self._span: int | None = None  # steps over which the lines are smoothed
        self._frame: Frame | None = None  # None before the first reading
        self._ink_of_runs: Ink | None = None
        self._names = Names((1.0,), self.theme)
        self._moving: Moving | None = None
        self._columns: dict[bool, Column] = {}
        self._rows = 0  # of the traces, taken in
        self._fitted_rows = 0
        self._toggle = TickBox(self.tr("Log"), self)
        self._toggle.toggled.connect(self._ask_log)
        self._toggle.setAccessibleName(self.tr("Logarithmic scale"))
        self._toggle.setToolTip(self.tr("Logarithmic scale: every decade takes the same height"))
        self._toggle.setFont(font(SMALL))
        self._toggle.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("{quantity} against step").format(quantity=quantity.titled()))
        self.setAccessibleDescription(self.tr("Left and Right read the values step by step, Enter goes to that step."))
        self.setMinimumSize(40 * GRID, 16 * GRID)
        self._show_toggle()

    # What the window calls

    def show_scene(self, scene: Scene) -> None:
        if self.scene is not None and scene.traces is self.scene.traces:
            self.scene = scene  # a landscape or verdicts are known: nothing that stands here
            return
        self.read_step(None)
        super().show_scene(scene)
        self._rows = self._fitted_rows = 0
        self._columns.clear()
        self._span = smoothing_span(self.quantity, scene)
        self._series = [Series(trace, self.quantity, self._span) for trace in scene.traces]
        self._frame = None  # a frame like the last one has other runs in it all the same
        self._take_in()
        self._reframe()

    def show_step(self, step: int) -> None:
        self._take_in()
        super().show_step(step)

    def set_log(self, log: bool) -> None:
        """A logarithmic scale, where the readings allow one, or a linear one."""
        self.log = log
        self._reframe()
        self._show_toggle()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._dip_pens()

    def readings(self, step: int) -> list[Reading]:
        """What the traces say at `step`, sorted as the lines are, the uppermost first."""
        return [] if self._frame is None else readings_at(self._frame, self._series, step)

    # The frame

    def _take_in(self) -> None:
        """Take in what has been published; the frame changes only where it no longer fits."""
        if self.scene is None or self.scene.rows == self._rows:
            return
        self._rows = self.scene.rows
        further = [series.grow() for series in self._series]
        beyond = any(further) and (self._frame is None or not self._frame.fit.holds(self._series))
        if beyond or self._rows > REFIT * self._fitted_rows or self._rows > self.scene.steps:
            self._fitted_rows = self._rows
            self._reframe()

    def inkable_step(self) -> int:
        return self._rows - 1

    def _reframe(self) -> None:
        frame = self._fitting_frame()
        if frame != self._frame:
            self._frame = frame
            self._dip_pens()
            self._show_toggle()
            self.invalidate()

    def _fitting_frame(self) -> Frame | None:
        scene = self.scene
        if scene is None or not any(len(series.values) for series in self._series):
            return None
        fitted = fit(self.quantity, self._series, self.log)
        right = self._column(scene).width
        epochs = scene.steps_per_epoch is not None
        return Frame.within(self.size(), scene.steps, fitted, self.quantity.lower_is_better, right, epochs)

    def _dip_pens(self) -> None:
        self._ink_of_runs = None if self._frame is None else Ink(self._series, self._frame, self.theme)
        if self.scene is not None:
            self._names = Names(self.scene.experiment.lrs, self.theme)
        self._moving = None

    # Painting

    def paint_still(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(self.theme.field))
        if self._frame is None or self.scene is None:
            text = self.tr("The {quantity} of every run appears here.").format(quantity=self.quantity.titled().lower())
            paint_empty(painter, self.theme, text, QRectF(self.rect()))
            return
        words = Words(self.quantity.titled(), self.captions(), self.quantity.unit, self.scene.steps_per_epoch)
        paint_title(painter, self.theme, words, self._toggle.x() - GRID)
        paint_axes(painter, self.theme, words, self._frame)

    def captions(self) -> tuple[str, ...]:
        """What has to be said of the lines, the longest text first, for as much room as there is."""
        if self.log and self._frame is not None and not self._frame.fit.scale.log and self.quantity.bounds is None:
            return (self.tr("linear, since some of it is below 0"), self.tr("linear: some is below 0"))
        if self._span is None:
            return ()
        texts = (
            self.tr("of the training batches, smoothed over about {n} steps; raw behind"),
            self.tr("smoothed over about {n} steps; raw behind"),
            self.tr("smoothed over {n} steps"),
        )
        return tuple(text.format(n=self._span) for text in texts)

    def paint_ink(self, painter: QPainter, first: int, last: int) -> QRegion:
        frame = self._frame
        if frame is None or self._ink_of_runs is None:
            return QRegion()
        begin, end = frame.pieces(first), frame.pieces(last)
        if begin == end:
            return QRegion()
        self._ink_of_runs.paint(painter, begin, end)
        left, right = frame.x(begin * frame.piece - 1) - 3, frame.x(end * frame.piece) + 3
        return QRegion(QRectF(left, TITLE, right - left, self.height() - TITLE).toAlignedRect())

    def paint_heads(self, painter: QPainter) -> None:
        frame = self._frame
        if frame is None or self._ink_of_runs is None:
            return
        moving = self._at_step(frame)
        painter.setPen(QPen(QColor(self.theme.line), 1))
        x = round(frame.x(self.step) - 0.5) + 0.5
        painter.drawLine(QPointF(x, frame.plot.top()), QPointF(x, frame.plot.bottom()))
        self._ink_of_runs.paint_tails(painter, moving.heads, moving.step)
        moving.paint(painter, self.theme, labels=self.cursor_step is None or moving.right < frame.plot.right())
        if self.cursor_step is not None:
            self._paint_readout(painter, frame, self.cursor_step)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self.theme.accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _paint_readout(self, painter: QPainter, frame: Frame, step: int) -> None:
        assert self.scene is not None
        readings = self.readings(step) if step <= min(self.step, self.inkable_step()) else []
        paint_guide(painter, self.theme, frame, step, readings)
        per_epoch = self.scene.steps_per_epoch
        epoch = "" if per_epoch is None else self.tr("epoch {n}").format(n=f"{step / per_epoch:.1f}")
        heading = (self.tr("step {n}").format(n=count(step)), epoch)
        self._column(self.scene).paint(painter, self.theme, frame, self.size(), heading, readings)

    def heads_region(self) -> QRegion:
        if self._frame is None:
            return QRegion()
        return self._at_step(self._frame).region() | self.cursor_region()

    def _at_step(self, frame: Frame) -> Moving:
        """Heads and labels at the step on screen: worked out once a frame."""
        step = min(self.step, self.inkable_step())
        if self._moving is None or self._moving.step != step:
            self._moving = Moving(frame, self._series, self._names, step)
        return self._moving

    def _column(self, scene: Scene) -> Column:
        """The readout's column, laid out once for a scene and a width."""
        wide = self.width() >= WIDE
        if wide not in self._columns:
            lrs = scene.experiment.lrs
            self._columns[wide] = Column(self.quantity, lrs, wide=wide, smooth=self._span is not None)
        return self._columns[wide]

    # The step that is read

    def step_at(self, x: float) -> int | None:
        frame = self._frame
        within = frame is not None and frame.plot.left() - GRID <= x <= frame.plot.right() + GRID
        return self.nearest_step(x) if within else None

    def nearest_step(self, x: float) -> int | None:
        return None if self._frame is None else self._frame.step_at(x)

    def cursor_region(self) -> QRegion:
        frame = self._frame
        if self.cursor_step is None or frame is None:
            return QRegion()
        line = QRectF(frame.x(self.cursor_step) - 5, TITLE, 10, self.height() - TITLE)
        beside = QRectF(frame.plot.right(), 0, self.width() - frame.plot.right(), self.height())
        return QRegion(line.toAlignedRect()) | QRegion(beside.toAlignedRect())

    # The toggle

    def _ask_log(self, log: bool) -> None:
        self.set_log(log)
        self.log_toggled.emit(log)

    def _show_toggle(self) -> None:
        with QSignalBlocker(self._toggle):
            self._toggle.setChecked(self.log)
        self._toggle.setVisible(self._frame is not None and self.quantity.bounds is None)
        self._toggle.setEnabled(reach_of_all(self._series).loggable)
        self._place_toggle()

    def _place_toggle(self) -> None:
        right = round(self._frame.plot.right()) if self._frame is not None else self.width()
        size = self._toggle.sizeHint()
        self._toggle.setGeometry(right - size.width(), (TITLE - size.height()) // 2, size.width(), size.height())

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._reframe()
        self._place_toggle()

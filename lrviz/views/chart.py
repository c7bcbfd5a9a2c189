"""One quantity of all runs against step: one line a run, its value under the pointer, no step ahead of the screen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.scene import Scene
from lrviz.core.viewstate import Against
from lrviz.views.chart_axes import Words, paint_axes, paint_empty, paint_title
from lrviz.views.chart_drawing import Drawing
from lrviz.views.chart_frame import Frame
from lrviz.views.chart_limits import paint_limits
from lrviz.views.chart_lines import Lines
from lrviz.views.chart_pickers import ChartPickers
from lrviz.views.fit import fit, reach_of_all
from lrviz.views.guard import guarded
from lrviz.views.level import epoch_of, level_name, level_of, offered
from lrviz.views.quantities import LOSS, quantities_for
from lrviz.views.quantity import Quantity
from lrviz.views.readings import Reading, readings_at
from lrviz.views.readout import Column, Room, heading_of, paint_guide
from lrviz.views.step_canvas import Spot, StepCanvas
from lrviz.views.theme import GRID, Theme

REFIT = 1.02  # a scale that no new reading reaches beyond is fitted again after this growth, and at the end


class Chart(StepCanvas):
    """The lines of all runs up to the step on screen, against steps, epochs, seconds or the path of each rate."""

    quantity_picked = Signal(str)  # a person asked for another quantity; the window shows it
    against_picked = Signal(str)  # or for another level axis, by its key in core/viewstate.py
    log_steps_toggled = Signal(bool)  # or for a logarithmic (or linear) one
    log_toggled = Signal(bool)  # a person asked for a logarithmic (or linear) scale of the values and has it

    def __init__(self, quantity: Quantity = LOSS, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.quantity = quantity
        self.against: Against = "steps"
        self._wished: Against = "steps"  # what a person wants, where the scene has it
        self.log_steps = False
        self.log = True
        self._lines = Lines(None, quantity, "steps")
        self._frame: Frame | None = None  # None before the first reading
        self._drawing: Drawing | None = None  # in the frame
        self._columns: dict[Room, Column] = {}
        self._rows = 0  # of the traces, taken in
        self._fitted_rows = 0
        self._pickers = ChartPickers(self)
        self._pickers.quantity_picked.connect(self.quantity_picked)
        self._pickers.axis_picked.connect(self._ask_axis)
        self._pickers.log_toggled.connect(self._ask_log)
        self.setAccessibleDescription(self.tr("Left and Right read the values step by step, Enter goes to that step."))
        self.setMinimumSize(40 * GRID, 16 * GRID)
        self._begin()

    # What the window calls

    def show_scene(self, scene: Scene) -> None:
        if self.scene is not None and scene.traces is self.scene.traces:
            self.scene = scene  # a landscape or verdicts are known, or more of what was measured
            self._lines.know(scene)
            self._pickers.offer(quantities_for(scene), offered(scene))
            self._take_in(again=True)
            return
        self.read_spot(None)
        super().show_scene(scene)
        self._begin()

    def show_step(self, step: int) -> None:
        self._take_in()
        super().show_step(step)

    def show_quantity(self, quantity: Quantity) -> None:
        if quantity.key != self.quantity.key:
            self.read_spot(None)
            self.quantity = quantity
            self._begin()

    def set_against(self, against: Against) -> None:
        """Against steps or epochs; against rate × steps, so runs at any rate are compared at equal path lengths; or
        against time. Against steps, where the scene doesn't have the other."""
        if against != self._wished:
            self.read_spot(None)
            self._wished = against
            self._begin()

    def set_log_steps(self, log: bool) -> None:
        """A logarithmic level axis, or a linear one."""
        self.log_steps = log
        self._reframe()
        self._show_pickers()

    def set_log(self, log: bool) -> None:
        """A logarithmic scale of the values, where the readings allow one, or a linear one."""
        self.log = log
        self._reframe()
        self._show_pickers()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._dip_pens()

    def readings(self, step: int) -> list[Reading]:
        """What the traces say at `step`, sorted as the lines are, the uppermost first."""
        return [] if self._frame is None else readings_at(self._frame, self._lines.series, step)

    # The frame

    def _begin(self) -> None:
        """Read the scene from its first row on: it is another one, or something else is read of it."""
        scene = self.scene
        self._rows = self._fitted_rows = 0
        self._columns.clear()
        if scene is not None:
            quantities, axes = quantities_for(scene), offered(scene)
            if self.quantity.key not in [quantity.key for quantity in quantities]:
                self.quantity = LOSS
            self.against = self._wished if self._wished in axes else "steps"
            self._pickers.offer(quantities, axes)
        self._lines = Lines(scene, self.quantity, self.against)
        self._frame = None  # a frame like the last one has other lines in it all the same
        self.invalidate()
        self._take_in()
        self._reframe()
        self._show_pickers()

    def _take_in(self, *, again: bool = False) -> None:
        """Take in what has been published; the frame changes only where it no longer fits.

        `again`: although there are no more rows, more may be known of them.
        """
        if self.scene is None or (self.scene.rows == self._rows and not again):
            return
        self._rows = self.scene.rows
        first, further = self._lines.grow()
        if first <= self._inked_step:
            self.invalidate_ink()  # it went past what has only now been measured
        if self._frame is None or not self._frame.level.holds(self._lines.series):
            outgrown = True
        else:
            outgrown = further and not self._frame.fit.holds(self._lines.series)
        if outgrown or self._rows > REFIT * self._fitted_rows or self._rows > self.scene.steps:
            self._fitted_rows = self._rows
            self._reframe()
        if self._drawing is not None:
            self._drawing.grow()

    def inkable_step(self) -> int:
        live = self.scene is not None and self._rows <= self.scene.steps
        return self._rows - (2 if self.quantity.late and live else 1)

    def _reframe(self) -> None:
        frame = self._fitting_frame()
        if frame != self._frame:
            self._frame = frame
            self._dip_pens()
            self._show_pickers()
            self.invalidate()

    def _fitting_frame(self) -> Frame | None:
        scene = self.scene
        if scene is None or not self._lines.begun:
            return None
        fitted = fit(self.quantity, self._lines.series, self.log)
        level = level_of(self._lines.series, scene, self.against, self.log_steps)
        margins = (self._pickers.margin(self.against, self.log_steps), self._column(scene).width)
        rows = 2 if not level.counted or self._steps_per_epoch(scene) is not None else 1
        return Frame.within(self.size(), level, fitted, self.quantity.lower_is_better, margins, rows)

    def _dip_pens(self) -> None:
        self._drawing = None
        if self._frame is not None and self.scene is not None:
            series, width = self._lines.series, self.width()
            self._drawing = Drawing(self._frame, self.scene, self.quantity, series, self.theme, width)

    def _steps_per_epoch(self, scene: Scene) -> int | None:
        return epoch_of(scene) if self.against == "steps" else None

    # Painting

    def paint_still(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(self.theme.field))
        frame = self._frame
        if frame is None or self.scene is None:
            text = self.tr("The {quantity} of every run appears here.").format(quantity=self.quantity.titled().lower())
            paint_empty(painter, self.theme, text, QRectF(self.rect()))
            return
        level = level_name(self.against, self.log_steps)
        per_epoch = self._steps_per_epoch(self.scene)
        quantity, scalable = self.quantity, self.quantity.scalable
        words = Words(quantity.titled(), self.captions(), quantity.unit, level, per_epoch, quantity.mark)
        rest = self._pickers.rest(frame, scalable) - GRID
        paint_title(painter, self.theme, words, self._pickers.title_room(frame, scalable), rest)
        paint_axes(painter, self.theme, words, frame)
        paint_limits(painter, self.theme, frame, quantity, self.scene)

    def captions(self) -> tuple[str, ...]:
        """What has to be said of the lines, the longest text first, for as much room as there is."""
        if self.log and self._frame is not None and not self._frame.fit.scale.log and self.quantity.scalable:
            return (self.tr("linear, since some of it is below 0"), self.tr("linear: some is below 0"))
        if self._lines.span is None:
            return self.quantity.captioned()
        texts = (
            self.tr("of the training batches, smoothed over about {n} steps; raw behind"),
            self.tr("smoothed over about {n} steps; raw behind"),
            self.tr("smoothed over {n} steps"),
        )
        return tuple(text.format(n=self._lines.span) for text in texts)

    def paint_ink(self, painter: QPainter, first: int, last: int) -> QRegion:
        return QRegion() if self._drawing is None else self._drawing.paint_ink(painter, first, last)

    def paint_heads(self, painter: QPainter) -> None:
        if self._drawing is None:
            return
        self._drawing.paint_heads(painter, self._shown, self.exposed, readout=self.cursor_spot is not None)
        if self.cursor_spot is not None:
            self._paint_readout(painter, self._drawing.frame, self.cursor_spot)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self.theme.accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _paint_readout(self, painter: QPainter, frame: Frame, spot: Spot) -> None:
        assert self.scene is not None
        place, readings = self._lines.place(frame, spot), self._lines.readings(frame, spot, self._shown)
        heading = heading_of(frame.level, self.scene, spot.step, place)
        paint_guide(painter, self.theme, frame, place, readings)
        column, ended = self._column(self.scene), self._shown >= self.scene.steps
        column.paint(painter, self.theme, frame, self.size(), heading, readings, ended=ended)

    def heads_region(self) -> QRegion:
        return QRegion() if self._drawing is None else self._drawing.at(self._shown).region() | self.cursor_region()

    def moved_region(self) -> QRegion:
        region = super().moved_region()
        return region if self._drawing is None else region | self._drawing.changed_region(self._shown)

    @property
    def _shown(self) -> int:
        """The last step that is drawn."""
        return min(self.step, self.inkable_step())

    def _column(self, scene: Scene) -> Column:
        """The readout's column, laid out once for a scene and a width."""
        room = Room.within(self.width(), self.against)
        if room not in self._columns:
            lrs, smooth = scene.experiment.lrs, self._lines.span is not None
            self._columns[room] = Column(self.quantity, lrs, room, smooth=smooth)
        return self._columns[room]

    # The step that is read

    def spot_at(self, at: QPointF) -> Spot | None:
        frame = self._frame
        within = frame is not None and frame.plot.left() - GRID <= at.x() <= frame.plot.right() + GRID
        return self.nearest_spot(at) if within else None

    def nearest_spot(self, at: QPointF) -> Spot | None:
        return None if self._frame is None else self._lines.nearest(self._frame, at, self._shown)

    def leading_run(self) -> int:
        return self._lines.leading_run()

    def cursor_region(self) -> QRegion:
        frame, spot = self._frame, self.cursor_spot
        if spot is None or frame is None:
            return QRegion()
        x = frame.x(self._lines.place(frame, spot))
        beside = QRectF(frame.plot.right(), 0, self.width() - frame.plot.right(), self.height())
        return frame.strip(x - 5, x + 5) | QRegion(beside.toAlignedRect())

    # What is asked for

    def _ask_log(self, log: bool) -> None:
        self.set_log(log)
        self.log_toggled.emit(log)

    def _ask_axis(self, against: Against, log: bool) -> None:
        if against != self.against:
            self.against_picked.emit(against)
        if log != self.log_steps:
            self.log_steps_toggled.emit(log)

    def _show_pickers(self) -> None:
        loggable = reach_of_all(self._lines.series).loggable
        self._pickers.show(self.quantity, self.against, self.log_steps, self.log, loggable)
        self._pickers.place(self._frame, self.quantity.scalable)
        axis = level_name(self.against, self.log_steps)
        name = self.tr("{quantity} against {axis}").format(quantity=self.quantity.titled(), axis=axis)
        self.setAccessibleName(name)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._reframe()
        self._show_pickers()

"""The fate map as it is drawn: one picture of what stands still, and over it the trail and the cursor."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.catalog import Bounds, Point
from lrviz.core.experiment import Experiment
from lrviz.core.fate import FateMap, FateQuestion
from lrviz.core.landscape import Landscape
from lrviz.core.scene import Scene
from lrviz.views.fate_layout import Layout, lay_out
from lrviz.views.fate_painting import paint_areas, paint_axes, paint_legend, paint_question, place_of
from lrviz.views.fate_words import answer, translated
from lrviz.views.guard import guarded
from lrviz.views.markers import paint_marker
from lrviz.views.marks import paint_start
from lrviz.views.relief import Relief
from lrviz.views.theme import BODY, LIGHT, SMALL, Theme, font
from lrviz.views.trail import Trail
from lrviz.views.way import Frame, Way

STEPS_OF_CURSOR = 64  # that arrow keys take from one edge to the other; with Shift as many as there are cells
LONGEST = 3.0  # width / height of a surface that keeps its proportions
TRAIL_WIDTH = 2.0  # px


class FateCanvas(QWidget):
    """Draws a map for an experiment. The cursor follows the pointer, or the arrow keys."""

    pointed = Signal(object)  # the Point of the axes under the cursor, or None
    picked = Signal(object)  # the Point that a person chose

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Fate map"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.theme: Theme = LIGHT
        self._experiment: Experiment | None = None
        self._found: FateMap | None = None
        self._landscape: Landscape | None = None
        self._bounds: Bounds | None = None
        self._relief: Relief | None = None
        self._refusal = ""
        self._waiting = False  # whether the map is the answer to an older question
        self._run = 0
        self._trail: Scene | None = None
        self._cursor: Point | None = None
        self._still: QImage | None = None

    # What the view says

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.forget()

    def show_ground(self, bounds: Bounds | None, landscape: Landscape | None) -> None:
        """The surface that is asked about."""
        if landscape is not self._landscape or bounds != self._bounds:
            self._bounds, self._landscape = bounds, landscape
            self._relief = None if landscape is None else Relief(landscape)
            self.forget()

    def show_map(self, experiment: Experiment | None, found: FateMap | None) -> None:
        """A map, or none yet. Another question takes cursor and trail away."""
        before = self._found
        if found is None or before is None or found.question != before.question:
            self._cursor = self._trail = None
        self._experiment, self._found, self._refusal, self._waiting = experiment, found, "", False
        self._run = 0 if found is None else found.question.run
        self._say()
        self.forget()

    def wait_for(self, question: FateQuestion) -> bool:
        """Keep the present map until there is another, where its axes are the same; False where it can't stand in."""
        before = self._found
        self._waiting = before is not None and before.question == question
        self.forget()
        return self._waiting

    @property
    def is_waiting(self) -> bool:
        return self._waiting

    def show_refusal(self, text: str) -> None:
        """Why there is no map."""
        self.show_map(self._experiment, None)
        self._refusal = text
        self.setAccessibleDescription(text)
        self.forget()

    def show_trail(self, scene: Scene | None) -> None:
        """The run under the cursor, as far as it is known."""
        self._trail = scene if self._cursor is not None else None
        self.update()

    def forget(self) -> None:
        self._still = None
        self.update()

    def picture(self, scale: float) -> QImage:
        """All of it at `scale` pixels a point."""
        image = self._blank(scale)
        with QPainter(image) as painter:
            self._paint_still(painter)
            self._paint_over(painter, scale)
        return image

    @property
    def cursor_point(self) -> Point | None:
        return self._cursor

    # Painting

    @property
    def _layout(self) -> Layout:
        proportion = None
        if self._bounds is not None:
            x0, x1, y0, y1 = self._bounds
            proportion = min(max((x1 - x0) / (y1 - y0), 1 / LONGEST), LONGEST)
        if self._found is None or self._found.question.kind == "starts":
            return lay_out(self.size(), proportion, None)
        return lay_out(self.size(), None, proportion)

    def _blank(self, ratio: float) -> QImage:
        image = QImage((QSize(self.width(), self.height()) * ratio).expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        return image

    def _paint_still(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor(self.theme.window))
        layout, found = self._layout, self._found
        if found is None or self._experiment is None:
            painter.setFont(font(BODY))
            painter.setPen(QColor(self.theme.quiet))
            words = self._refusal or translated("The map will appear here")
            wrapped = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(40, 0, -40, 0), wrapped, words)
            return
        paint_question(painter, layout, self.theme, self._experiment, found)
        paint_areas(painter, layout, self.theme, found, self._landscape)
        paint_axes(painter, layout, self.theme, found)
        paint_legend(painter, layout, self.theme, found)
        painter.setFont(font(SMALL))
        painter.setPen(QColor(self.theme.quiet))
        if self._waiting:
            painter.drawText(layout.news, Qt.AlignmentFlag.AlignVCenter, translated("another map is on its way…"))
        elif not found.is_whole:
            known = translated("refining… {known} of {size}").format(known=found.known, size=found.question.size)
            painter.drawText(layout.news, Qt.AlignmentFlag.AlignVCenter, known)
        if not layout.inset.isEmpty() and self._relief is not None:
            frame = self._trail_frame(layout)
            ratio = painter.device().devicePixelRatioF()
            painter.drawImage(layout.inset.topLeft(), self._relief.picture(frame, ratio, self.theme, ()))
            above = QRectF(layout.inset).translated(0, -layout.inset.height())
            painter.drawText(
                above.adjusted(0, 0, 0, -2), Qt.AlignmentFlag.AlignBottom, self.tr("its way on the surface")
            )

    def _paint_over(self, painter: QPainter, ratio: float) -> None:
        layout, found = self._layout, self._found
        if found is None:
            return
        if self._trail is not None and self._bounds is not None:
            place = layout.inset if not layout.inset.isEmpty() else layout.map
            painter.drawImage(place.topLeft(), self._trail_picture(self._trail_frame(layout), self._trail, ratio))
        if self._cursor is None:
            words = self.tr("Point at the map to see a run; click to put it on a panel")
            self._paint_answer(painter, layout, words, self.theme.quiet)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        at = place_of(layout, found, *self._cursor)
        for pen in (self.theme.halo_pen(3.5), QPen(QColor(self.theme.text), 1.5)):
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, 5, 5)
        self._paint_answer(painter, layout, answer(found, *self._cursor), self.theme.text)

    def _paint_answer(self, painter: QPainter, layout: Layout, words: str, color: str) -> None:
        painter.setFont(font(BODY, tabular=True))
        painter.setPen(QColor(color))
        short = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, layout.answer.width())
        painter.drawText(layout.answer, Qt.AlignmentFlag.AlignVCenter, short)

    def _trail_frame(self, layout: Layout) -> Frame:
        """The map on which a run's way is drawn: the map itself, or the surface beside it."""
        assert self._bounds is not None
        place = layout.map if layout.inset.isEmpty() else layout.inset
        return Frame(self._bounds, place.width(), place.height())

    def _trail_picture(self, frame: Frame, scene: Scene, ratio: float) -> QImage:
        """The trail with its start and its head, clear around them."""
        image = QImage((QSize(frame.width, frame.height) * ratio), QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        trail = Trail(Way(scene.traces[0], None), frame)
        trail.grow()
        start, head = trail.last_place(0), trail.last_place(scene.steps)
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            trail.paint(painter, self.theme, self._run, trail.stretches(-1, scene.steps), TRAIL_WIDTH)
            if start is not None and head is not None:
                paint_start(painter, self.theme, trail.pixel(start))
                paint_marker(painter, self.theme, self._run, trail.pixel(head))
        return image

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            ratio = painter.deviceTransform().m11()
            if (
                self._still is None
                or self._still.devicePixelRatio() != ratio
                or self._still.size() != self._blank(ratio).size()
            ):
                self._still = self._blank(ratio)
                with QPainter(self._still) as still:
                    self._paint_still(still)
            painter.drawImage(0, 0, self._still)
            self._paint_over(painter, ratio)

    # Pointer and keys

    def _point_to(self, point: Point | None) -> None:
        if point != self._cursor:
            self._cursor = point
            self._trail = None
            self._say()
            self.update()
            self.pointed.emit(point)

    def _say(self) -> None:
        """What is under the cursor, for those who hear it."""
        said = "" if self._found is None or self._cursor is None else answer(self._found, *self._cursor)
        self.setAccessibleDescription(said)

    def _point_at(self, at: QPointF) -> Point | None:
        area, found = QRectF(self._layout.map), self._found
        if found is None or not area.contains(at):
            return None
        right, up = (at.x() - area.left()) / area.width(), (area.bottom() - at.y()) / area.height()
        return found.x.value(min(max(right, 0.0), 1.0)), found.y.value(min(max(up, 0.0), 1.0))

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self._point_at(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if point is None else Qt.CursorShape.CrossCursor)
        self._point_to(point)

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        self._point_to(None)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = self._point_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and point is not None:
            self.picked.emit(point)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        found = self._found
        if found is not None and event.key() in moves:
            fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            step = 1 / (found.question.size if fine else STEPS_OF_CURSOR)
            right, up = (0.5, 0.5)
            if self._cursor is not None:
                right, up = found.x.fraction(self._cursor[0]), found.y.fraction(self._cursor[1])
            dx, dy = moves[Qt.Key(event.key())]
            right, up = (min(max(part + step * by, 0.0), 1.0) for part, by in ((right, dx), (up, dy)))
            self._point_to((found.x.value(right), found.y.value(up)))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cursor is not None:
            self.picked.emit(self._cursor)
        elif event.key() == Qt.Key.Key_Escape and self._cursor is not None:
            self._point_to(None)
        else:
            super().keyPressEvent(event)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.forget()

"""The board: the same descent side by side, one panel a run."""

from __future__ import annotations

import itertools

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QWidget

from lrviz.core.experiment import OnModel
from lrviz.core.scene import Scene
from lrviz.views import numbers
from lrviz.views.board_pointer import Carry, handle_at, map_at, panel_at
from lrviz.views.canvas import Canvas
from lrviz.views.markers import HALO, RADIUS
from lrviz.views.panel_badge import badge, figure
from lrviz.views.panel_controls import PanelControls
from lrviz.views.panel_heads import INSET, Head, Label, edge_point, sheet
from lrviz.views.panel_layout import Grid, Shape, arrange
from lrviz.views.panel_still import (
    SWATCH,
    Fonts,
    own_optimizer,
    paint_map,
    paint_swatch,
    paint_text,
    title_width,
)
from lrviz.views.relief import Relief
from lrviz.views.theme import GRID, Theme, palette
from lrviz.views.trail import Trail
from lrviz.views.way import Frame, Way

MAX_PANELS = 16  # more are drawn, but not asked for
FREE: Shape = (0.8, 1.9)  # a model's plane has no proportions to keep, so its maps take the room there is
EXTREME = 2.5  # a surface's window that is longer than this keeps its proportions no more


class Board(Canvas):
    """The grid of panels. `interactive` False leaves the editing out and paints the same picture, as exports need."""

    start_moved = Signal(float, float, bool)  # x, y on the plane; final
    lr_changed = Signal(int, float, bool)  # run, rate; final
    run_added = Signal()
    run_duplicated = Signal(int)
    run_removed = Signal(int)
    run_moved = Signal(int, int)  # from, to
    panel_copy_requested = Signal(int)
    panel_export_requested = Signal(int)

    def __init__(self, interactive: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Board"))
        self.setMouseTracking(True)
        self._interactive = interactive
        self._grid: Grid | None = None
        self._fonts: Fonts | None = None
        self._laid_out: object = None  # what the grid was made for
        self._relief: Relief | None = None
        self._trails: list[Trail] = []
        self._heads_placed: list[Head] = []
        self._panels: list[PanelControls] = []
        self._carry: Carry | None = None
        self._setting_start: int | None = None  # the panel on whose map the start is being dragged
        self._notice = QLabel(self)
        self._notice.hide()
        self._add = QPushButton(self, flat=True)
        self._add.clicked.connect(lambda: self.run_added.emit())
        self._add.setAccessibleName(self.tr("Add a run"))
        self._add.setToolTip(self.tr("Add a run"))
        self._add.hide()
        self.set_theme(self.theme)

    # What the window calls

    def show_scene(self, scene: Scene) -> None:
        before, self.scene = self.scene, scene
        self.step = min(self.step, scene.steps)
        self._show_controls()
        self._arrange()
        if before is None or not _same_picture(before, scene):
            self._still = None
        if not self._sync_trails():
            self._ink = None
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self.setPalette(palette(theme))
        super().set_theme(theme)
        if self.scene is not None:
            self._show_controls()

    def picture(self, scale: float) -> QImage:
        """The board at `scale` pixels a point, without what is only there to edit it."""
        if not self._interactive:
            return super().picture(scale)
        return self._plain_copy().picture(scale)

    def panel_picture(self, run: int, scale: float) -> QImage:
        """One panel, as `picture` paints it."""
        board = self._plain_copy()
        whole = board.picture(scale)
        assert board._grid is not None
        rect = board._grid.panels[run]
        image = whole.copy(QRect(rect.topLeft() * scale, rect.size() * scale))
        image.setDevicePixelRatio(scale)
        return image

    def _plain_copy(self) -> Board:
        board = Board(interactive=False)
        board.set_theme(self.theme)
        board.resize(self.size())
        if self.scene is not None:
            board.show_scene(self.scene)
            board.show_step(self.step)
        return board

    # Layout

    def _arrange(self) -> None:
        """Lay the panels out for the present scene and size, where that is not done yet."""
        scene = self.scene
        if scene is None:
            return
        count = len(scene.traces)
        more = self._interactive and count < MAX_PANELS
        shape = _map_shape(scene)
        key = (count, self.size().toTuple(), shape)
        if key != self._laid_out:
            self._laid_out = key
            self._grid = arrange(count, self.size(), shape, editable=self._interactive, more=more)
            self._fonts = Fonts.of(self._grid)
            for panel, controls in enumerate(self._panels):
                controls.place(self._grid, panel)
            self._place_add(self._grid.vacancy)
            self.invalidate()
        self._sync_trails()

    def _place_add(self, vacancy: QRect | None) -> None:
        self._add.setVisible(vacancy is not None)
        if vacancy is not None:
            self._add.setGeometry(vacancy)
            wide = vacancy.width() > 12 * GRID
            self._add.setText(self.tr("+ Add a run") if wide else "+")

    def _show_controls(self) -> None:
        """One set of controls a run, showing what the scene says."""
        if not self._interactive or self.scene is None:
            return
        runs = self.scene.experiment.runs
        while len(self._panels) > len(runs):
            self._panels.pop().discard()
        while len(self._panels) < len(runs):
            self._panels.append(self._new_panel(len(self._panels)))
        for index, (run, controls) in enumerate(zip(runs, self._panels, strict=True)):
            controls.show_run(run, index, self.theme)

    def _new_panel(self, run: int) -> PanelControls:
        controls = PanelControls(run, self)
        controls.entry.rate_entered.connect(lambda rate: self.lr_changed.emit(run, rate, True))
        controls.entry.refused.connect(lambda line: self._say(run, line))
        controls.entry.resized.connect(lambda: self._entry_resized(run))
        controls.slider.rate_changed.connect(lambda rate, final: self.lr_changed.emit(run, rate, final))
        controls.menu.clicked.connect(
            lambda: self.menu(run).popup(controls.menu.mapToGlobal(QPoint(0, controls.menu.height())))
        )
        self._laid_out = None
        widgets = [widget for panel in [*self._panels, controls] for widget in panel.in_order()] + [self._add]
        for before, after in itertools.pairwise(widgets):
            QWidget.setTabOrder(before, after)
        return controls

    def _entry_resized(self, run: int) -> None:
        if self._grid is not None and run < len(self._grid.panels):
            self._panels[run].place_entry(self._grid.title(run))
            self.invalidate_still()

    def _say(self, run: int, line: str) -> None:
        """One clear line under a panel's title; an empty one takes it away."""
        self._notice.setVisible(bool(line))
        if line and self._grid is not None:
            self._notice.setText(line)
            self._notice.adjustSize()
            at = self._panels[run].entry.geometry().bottomLeft() + QPoint(0, 2)
            at.setX(max(0, min(at.x(), self.width() - self._notice.width())))
            self._notice.move(at)
            self._notice.raise_()

    def menu(self, run: int) -> QMenu:
        """What can be done with a panel."""
        scene = self.scene
        assert scene is not None
        count = len(scene.traces)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Duplicate"), lambda: self.run_duplicated.emit(run)).setEnabled(count < MAX_PANELS)
        menu.addAction(self.tr("Remove"), lambda: self.run_removed.emit(run)).setEnabled(count > 1)
        menu.addAction(self.tr("Move left"), lambda: self.run_moved.emit(run, run - 1)).setEnabled(run > 0)
        menu.addAction(self.tr("Move right"), lambda: self.run_moved.emit(run, run + 1)).setEnabled(run < count - 1)
        menu.addSeparator()
        menu.addAction(self.tr("Copy picture"), lambda: self.panel_copy_requested.emit(run))
        menu.addAction(self.tr("Export picture…"), lambda: self.panel_export_requested.emit(run))
        return menu

    # Maps and trails

    def _frame(self) -> Frame | None:
        if self._grid is None or self.scene is None or self.scene.landscape is None or self.scene.plane is None:
            return None
        size = self._grid.map(0).size()
        return Frame(self.scene.landscape.bounds, size.width(), size.height())

    def _sync_trails(self) -> bool:
        """One trail a trace, in the present frame. False where another one came."""
        frame, scene = self._frame(), self.scene
        if frame is None or scene is None:
            same = not self._trails
            self._trails = []
            return same
        assert scene.landscape is not None
        if self._relief is None or not self._relief.shows(scene.landscape):
            self._relief = Relief(scene.landscape)
        plane = scene.plane if _on_model(scene) else None
        kept = {id(trail.way.trace): trail for trail in self._trails if trail.way.plane is plane}
        trails = []
        for trace in scene.traces:
            trail = kept.get(id(trace))
            if trail is None or trail.frame != frame:
                trail = Trail(trail.way if trail is not None else Way(trace, plane), frame)
            trails.append(trail)
        same = len(trails) == len(self._trails) and all(map(lambda a, b: a is b, trails, self._trails))
        self._trails = trails
        return same

    def paint_still(self, painter: QPainter) -> None:
        self._arrange()
        painter.fillRect(self.rect(), QColor(self.theme.window))
        if self.scene is None or self._grid is None or self._fonts is None:
            painter.setPen(QColor(self.theme.quiet))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("The descents will appear here"))
            return
        ratio = painter.device().devicePixelRatioF()
        picture = None
        if self._trails and self._relief is not None:
            picture = self._relief.picture(self._grid.map(0).size(), ratio, self.theme, self.scene.minima)
        for run, trace in enumerate(self.scene.traces):
            title = self._grid.title(run)
            paint_swatch(painter, self.theme, run, title)
            if not self._interactive:
                rect = QRectF(title).adjusted(SWATCH, 0, 0, 0)
                paint_text(painter, rect, numbers.exact(trace.lr), self._fonts.title, self.theme.text)
            optimizer = own_optimizer(self.scene, run)
            if optimizer:
                rect = QRectF(title)
                rect.setLeft(self._title_end(run))
                paint_text(painter, rect, optimizer, self._fonts.small, self.theme.quiet)
            paint_map(painter, self.theme, self._fonts, self._grid.map(run), picture)

    def inkable_step(self) -> int:
        for trail in self._trails:
            trail.grow()
        return max((int(trail.way.steps[-1]) for trail in self._trails if len(trail.way.steps)), default=-1)

    def paint_ink(self, painter: QPainter, first: int, last: int) -> QRegion:
        region = QRegion()
        assert self._grid is not None
        for run, trail in enumerate(self._trails):
            area = self._grid.map(run)
            painter.save()
            painter.translate(area.topLeft())
            painter.setClipRect(trail.frame.rect)
            width = 2.0 if area.width() >= 20 * GRID else 1.5
            painted = trail.paint(painter, self.theme, run, first, last, width)
            if first < 0 and trail.count(last):
                painted |= self._paint_start(painter, QPointF(*trail.pixels[0].tolist()))
            painter.restore()
            region |= QRegion(painted.translated(area.topLeft()).toAlignedRect())
        return region

    def _paint_start(self, painter: QPainter, at: QPointF) -> QRectF:
        """The start as a small ring, under the trail."""
        ring = QRectF(at.x() - RADIUS, at.y() - RADIUS, 2 * RADIUS, 2 * RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (self.theme.halo_pen(1.5 + 2 * HALO), QPen(QColor(self.theme.text), 1.5)):
            painter.setPen(pen)
            painter.drawEllipse(ring)
        return ring.adjusted(-3, -3, 3, 3)

    # Heads and words

    def heads_region(self) -> QRegion:
        self._heads_placed = [self._place_head(run) for run in range(len(self.scene.traces))] if self.scene else []
        region = QRegion()
        for head in self._heads_placed:
            region |= head.region()
        return region

    def paint_heads(self, painter: QPainter) -> None:
        assert self._grid is not None
        for head in self._heads_placed:
            head.paint(painter, self.theme, self._grid.map(head.run))
        if self._carry is not None and self._carry.moving:
            self._paint_carry(painter, self._carry)

    def _place_head(self, run: int) -> Head:
        assert self.scene is not None
        assert self._grid is not None
        assert self._fonts is not None
        area = QRectF(self._grid.map(run))
        labels = [self._badge_label(run)]
        text = figure(self.scene, run, self.step)
        if text and self._trails:
            corner = area.adjusted(INSET, INSET, -INSET, -INSET)
            labels.append(sheet(text, self._fonts.body, self.theme.text, corner.bottomRight(), corner))
        at, angle = self._head_point(run), None
        if at is not None and not area.contains(at):
            at, angle = edge_point(area, at)
            middle = area.center()
            inward = QPointF(at + (middle - at) * min(1.0, 3.4 * RADIUS / max((middle - at).manhattanLength(), 1)))
            within = area.adjusted(3 * RADIUS, 3 * RADIUS, -3 * RADIUS, -3 * RADIUS)
            labels.append(sheet(self.tr("off the map"), self._fonts.small, self.theme.text, inward, within))
        return Head(run, at, angle, labels)

    def _head_point(self, run: int) -> QPointF | None:
        """Where the run's last point stands at this step, in widget coordinates; None before the first."""
        if not self._trails:
            return None
        trail = self._trails[run]
        at = trail.last_point(self.step)
        assert self._grid is not None
        return None if at is None else at + self._grid.map(run).topLeft().toPointF()

    def _title_end(self, run: int) -> float:
        """Where a panel's title leaves off, in px."""
        assert self.scene is not None
        assert self._grid is not None
        assert self._fonts is not None
        if self._interactive:
            return float(self._panels[run].entry.geometry().right() + 1)
        left = self._grid.title(run).x() + SWATCH
        return left + title_width(self.scene.traces[run].lr, self._fonts) + GRID / 2

    def _badge_label(self, run: int) -> Label:
        """The badge after the title, or on its own line, as long as there is room for."""
        assert self.scene is not None
        assert self._grid is not None
        assert self._fonts is not None
        rect = QRectF(self._grid.badge_line(run))
        if rect.isEmpty():
            rect = QRectF(self._grid.title(run))
            optimizer = own_optimizer(self.scene, run)
            used = QFontMetricsF(self._fonts.small).horizontalAdvance(optimizer) + GRID if optimizer else 0
            rect.setLeft(self._title_end(run) + used + GRID / 2)
            rect.setRight(rect.right() - (rect.height() if self._interactive else 0))
        said = badge(self.scene, run, self.step)
        metrics = QFontMetricsF(self._fonts.body)
        fits = [text for text in said.texts if metrics.horizontalAdvance(text) <= rect.width()]
        color = self.theme.quiet if said.kind is None else self.theme.text
        return Label(fits[0] if fits else "", rect, self._fonts.body, color)

    def _paint_carry(self, painter: QPainter, carry: Carry) -> None:
        """Which panel is carried, and the place that it would take."""
        assert self._grid is not None
        for panel, style in ((carry.panel, Qt.PenStyle.DotLine), (carry.place, Qt.PenStyle.SolidLine)):
            painter.setPen(QPen(QColor(self.theme.accent), 2, style))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._grid.panels[panel].adjusted(1, 1, -1, -1))

    # The pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._notice.hide()
        if event.button() != Qt.MouseButton.LeftButton or not self._interactive or self._grid is None:
            return
        point = event.position().toPoint()
        handle = handle_at(self._grid, point)
        if handle is not None:
            self._carry = Carry(handle, point)
        elif self._can_set_start():
            self._setting_start = map_at(self._grid, point)
            self._ask_for_start(event.position(), False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grid is None:
            return
        point = event.position().toPoint()
        if self._carry is not None:
            self._carry.move(self._grid, point)
            self.update()
        elif self._setting_start is not None:
            self._ask_for_start(event.position(), False)
        else:
            self._show_hints(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        carry, self._carry = self._carry, None
        if carry is not None:
            self.update()
            if carry.moving and carry.place != carry.panel:
                self.run_moved.emit(carry.panel, carry.place)
        elif self._setting_start is not None:
            self._ask_for_start(event.position(), True)
            self._setting_start = None

    def _can_set_start(self) -> bool:
        return self.scene is not None and not _on_model(self.scene) and bool(self._trails)

    def _ask_for_start(self, at: QPointF, final: bool) -> None:
        frame = self._frame()
        if self._setting_start is not None and self._grid is not None and frame is not None:
            corner = self._grid.map(self._setting_start).topLeft().toPointF()
            self.start_moved.emit(*frame.point(at - corner), final)

    def _show_hints(self, point: QPoint) -> None:
        """The verdict's reason as a tooltip, and a cursor that says what a press would do here."""
        assert self._grid is not None
        panel = panel_at(self._grid, point)
        self.setToolTip("" if panel is None or self.scene is None else badge(self.scene, panel, self.step).reason)
        if not self._interactive:
            return
        if map_at(self._grid, point) is not None and self._can_set_start():
            self.setCursor(Qt.CursorShape.CrossCursor)
        elif handle_at(self._grid, point) is not None and len(self._grid.panels) > 1:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        panel = panel_at(self._grid, event.pos()) if self._grid is not None and self._interactive else None
        if panel is not None:
            self.menu(panel).popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def _on_model(scene: Scene) -> bool:
    return isinstance(scene.experiment.problem, OnModel)


def _map_shape(scene: Scene) -> Shape:
    """A surface keeps its proportions, so that circles are circles and the gradient stands upright on isolines."""
    if _on_model(scene) or scene.landscape is None:
        return FREE
    x0, x1, y0, y1 = scene.landscape.bounds
    proportion = (x1 - x0) / (y1 - y0)
    return (proportion, proportion) if 1 / EXTREME <= proportion <= EXTREME else FREE


def _same_picture(a: Scene, b: Scene) -> bool:
    """Whether two scenes have the same still picture, and so differ in traces or verdicts alone."""
    return a.experiment == b.experiment and a.plane is b.plane and a.landscape is b.landscape and a.minima == b.minima

"""The board: the same descent side by side, one panel a run."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QMouseEvent, QPainter, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.scene import Scene
from lrviz.views.board_controls import BoardControls
from lrviz.views.board_pointer import Pointer, panel_at
from lrviz.views.canvas import Canvas
from lrviz.views.guard import guarded
from lrviz.views.panel_badge import Said, badge, said
from lrviz.views.panel_heads import Head, place_head
from lrviz.views.panel_painting import paint_panel, paint_start
from lrviz.views.panel_view import View, fonts, view_of
from lrviz.views.relief import Relief
from lrviz.views.theme import GRID, Theme, palette
from lrviz.views.trail import Trail
from lrviz.views.way import Way

ALL = slice(None)
TRAIL_WIDTHS = ((45 * GRID, 2.5), (20 * GRID, 2.0), (0, 1.5))  # px: from which width of a map, and how wide


class Board(Canvas):
    """The grid of panels. `interactive` False leaves out what is only there to edit it, as pictures need."""

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
        self._view: View | None = None
        self._said_at: list[int] = []  # the step that each run's badge and labels tell of
        self._said: list[Said | None] = []  # what they say there; None until it is asked
        self._relief: Relief | None = None
        self._trails: list[Trail] = []  # empty while no landscape is known
        self._heads_placed: list[Head] = []
        self._inked: dict[int, QRect] = {}  # where each panel was inked since the heads were placed last
        self._controls = BoardControls(self) if interactive else None
        self._pointer = Pointer(self)
        self.set_theme(self.theme)

    # What the window calls

    def show_scene(self, scene: Scene) -> None:
        """Draw another scene. What it has in common with the last one is not painted again."""
        before, self.scene = self.scene, scene
        self.step = min(self.step, scene.steps)
        self._said_at = [self.step] * len(scene.traces)
        self._said = [None] * len(scene.traces)
        if before is None or not _same_picture(before, scene):
            self._still = None
        self._lay_out()
        if self._ink is not None:  # the same trails, but perhaps verdicts
            self._bring_up_to_date(min(self.step, self.inkable_step()))
        self.update()

    def show_step(self, step: int, figures: slice | None = None) -> None:
        """Draw the scene at `step`; with `figures`, the badges and labels of those runs alone, over what was taken in.

        While a race plays nobody reads a figure that changes at every frame, and writing it costs more than moving the
        heads: so runs may take turns, and what has been published may be taken in now and then.
        """
        if figures is None:
            figures = ALL
            self.take_in()
        behind = step == self.step and any(said_at != step for said_at in self._said_at[figures])
        again = step < self.step  # back, or from the beginning: every figure is of another time
        for run in range(len(self._said_at))[ALL if again else figures]:
            self._said_at[run] = step
            self._said[run] = None
        super().show_step(step)
        if behind and self._ink is not None:
            self.update(self.moved_region())

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.setPalette(palette(theme))
        self._lay_out()

    def wanted_height(self, most: QSize) -> int:
        """How high the board has to be for its panels to be as large as they can be within `most`."""
        if self.scene is None:
            return most.height()
        panels = view_of(self.scene, most, self.theme, self._controls is not None).grid.panels
        return max(panel.bottom() for panel in panels) - min(panel.top() for panel in panels) + 1

    def panel_size(self) -> QSize:
        """The size in points of what panel_picture paints."""
        assert self.scene is not None
        return view_of(self.scene, self.size(), self.theme, editable=False).grid.panels[0].size()

    def picture(self, scale: float) -> QImage:
        """The board at `scale` pixels a point, without what is only there to edit it."""
        return super().picture(scale) if self._controls is None else self._plain().picture(scale)

    def panel_picture(self, run: int, scale: float) -> QImage:
        """One panel, as `picture` paints it."""
        plain = self._plain()
        whole = plain.picture(scale)
        assert plain._view is not None
        rect = plain._view.grid.panels[run]
        image = whole.copy(QRect(rect.topLeft() * scale, rect.size() * scale))
        image.setDevicePixelRatio(scale)
        return image

    # Layout

    def _plain(self) -> Board:
        board = Board(interactive=False)
        board.set_theme(self.theme)
        board.resize(self.size())
        if self.scene is not None:
            board.show_scene(self.scene)
            board.show_step(self.step)
        return board

    def _lay_out(self) -> None:
        """Fit the panels, their controls and their trails to the present scene, size and theme."""
        if self.scene is None:
            return
        before, self._view = self._view, view_of(self.scene, self.size(), self.theme, self._controls is not None)
        if before is None or (before.grid, before.frame) != (self._view.grid, self._view.frame):
            self.invalidate()
        self._fit_trails(self._view)
        if self._controls is not None:
            self._controls.fit(self._view)

    def _fit_trails(self, view: View) -> None:
        """One trail a trace, kept as long as trace, plane and frame are."""
        scene, frame, before = view.scene, view.frame, self._trails
        self._trails = []
        if frame is not None and scene.landscape is not None:
            if self._relief is None or not self._relief.shows(scene.landscape):
                self._relief = Relief(scene.landscape)
            plane = scene.plane if view.on_model else None
            known = {id(trail.way.trace): trail for trail in before if trail.way.plane is plane}
            for trace in scene.traces:
                trail = known.get(id(trace))
                if trail is None or trail.frame != frame:
                    trail = Trail(trail.way if trail is not None else Way(trace, plane), frame)
                self._trails.append(trail)
        self.take_in()
        if list(map(id, before)) != list(map(id, self._trails)):
            self.invalidate_ink()

    # Painting

    def paint_still(self, painter: QPainter) -> None:
        self._lay_out()  # a board that was never shown learns its size only here
        painter.fillRect(self.rect(), QColor(self.theme.window))
        view = self._view
        if view is None:
            painter.setPen(QColor(self.theme.quiet))
            painter.setFont(fonts(small=False).body.font)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("The descents will appear here"))
            return
        picture = None
        if view.frame is not None and self._relief is not None:
            ratio = painter.device().devicePixelRatioF()
            picture = self._relief.picture(view.frame, ratio, self.theme, view.scene.minima)
        for run in range(len(view.scene.traces)):
            paint_panel(painter, view, run, picture)

    def take_in(self) -> None:
        """Take in the points that have been published since; the next step shown goes as far as they do."""
        for trail in self._trails:
            trail.grow()

    def inkable_step(self) -> int:
        return max((int(trail.way.steps[-1]) for trail in self._trails if len(trail.way.steps)), default=-1)

    def paint_ink(self, painter: QPainter, first: int, last: int) -> QRegion:
        """Ink and heads of a panel are painted again as one rectangle: moved_region tells of both."""
        for run, trail in enumerate(self._trails):
            stretches = trail.stretches(first, last)
            start = trail.last_place(0) if first < 0 else None
            if len(stretches) == 0 and start is None:
                continue
            assert self._view is not None
            corner = self._view.map(run).topLeft()
            painter.save()
            painter.translate(corner)
            painter.setClipRect(trail.frame.rect)
            painted = trail.paint(painter, self.theme, run, stretches, _trail_width(trail.frame.width))
            if start is not None:
                painted |= paint_start(painter, self.theme, trail.pixel(start))
            painter.restore()
            area = painted.translated(corner.toPointF()).toAlignedRect()
            self._inked[run] = self._inked.get(run, QRect()).united(area)
        return QRegion()

    def moved_region(self) -> QRegion:
        view, region = self._view, QRegion()
        if view is None:
            return region
        trails: Sequence[Trail | None] = self._trails or [None] * len(view.scene.traces)
        before = self._heads_placed
        self._heads_placed = []
        for run, (trail, was) in enumerate(zip_longest(trails, before[: len(trails)])):
            told = self._said[run] = self._said[run] or said(view.scene, run, self._said_at[run])
            head = place_head(view, trail, run, self.step, told, was)
            self._heads_placed.append(head)
            for rect in head.touched(was, self._inked.get(run, QRect())):
                region |= rect
        self._inked.clear()
        return region

    def paint_heads(self, painter: QPainter) -> None:
        if self._view is not None:
            for run, head in enumerate(self._heads_placed):
                head.paint(painter, self._view, run, self.exposed)
            self._pointer.paint(painter, self._view)

    # The pointer

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._controls is None or self._view is None:
            return
        self._controls.remark.hide()
        if event.button() == Qt.MouseButton.LeftButton:
            self._pointer.press(self._view, event.position())

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._view is not None:
            panel = panel_at(self._view.grid, event.position().toPoint())
            self.setToolTip("" if panel is None else badge(self._view.scene, panel, self.step).reason)
            if self._controls is not None:
                self._pointer.move(self._view, event.position())

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._view is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pointer.release(self._view, event.position())

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        panel = panel_at(self._view.grid, event.pos()) if self._view is not None else None
        if panel is not None and self._controls is not None:
            self._controls.menu(panel).popup(event.globalPos())

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            fonts.cache_clear()
            self.invalidate()


def _trail_width(map_width: int) -> float:
    return next(width for least, width in TRAIL_WIDTHS if map_width >= least)


def _same_picture(a: Scene, b: Scene) -> bool:
    """Whether two scenes have the same still picture, and so differ in traces or verdicts alone."""
    return a.experiment == b.experiment and a.plane is b.plane and a.landscape is b.landscape and a.minima == b.minima

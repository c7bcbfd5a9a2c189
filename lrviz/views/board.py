"""The board: the same descent side by side, one panel a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QMouseEvent, QPainter, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.scene import Scene
from lrviz.views.board_controls import BoardControls
from lrviz.views.board_pointer import Carrier, panel_at
from lrviz.views.figures import ALL, Figures
from lrviz.views.guard import guarded
from lrviz.views.maps import Maps
from lrviz.views.panel_badge import Said, said, tip
from lrviz.views.panel_heads import Head, Wanted, place_head
from lrviz.views.panel_painting import paint_panel
from lrviz.views.panel_view import View, fonts, view_of
from lrviz.views.spot import Spot
from lrviz.views.theme import Theme, palette
from lrviz.views.trail import Trail

CONTROLS_SIGNALS = (
    "lr_changed",
    "run_added",
    "run_duplicated",
    "run_removed",
    "run_moved",
    "run_forked",
    "run_changed",
    "parts_requested",
    "panel_copy_requested",
    "panel_export_requested",
)


class Board(Maps):
    """The grid of panels. `interactive` False leaves out what is only there to edit it, as pictures need."""

    lr_changed = Signal(int, float, bool)  # run, rate; final
    run_added = Signal()
    run_duplicated = Signal(int)
    run_removed = Signal(int)
    run_moved = Signal(int, int)  # from, to
    run_forked = Signal(int, object)
    run_changed = Signal(int, object)
    parts_requested = Signal(int)
    panel_copy_requested = Signal(int)
    panel_export_requested = Signal(int)

    def __init__(self, interactive: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Board"))
        self._view: View | None = None
        self._figures: Figures[Said] = Figures(self._say)  # badges and labels
        self._heads_placed: list[Head] = []
        self._wanted = Wanted()
        self._controls = self._new_controls() if interactive else None
        self._carrier = Carrier(self)
        self._carrier.run_moved.connect(self.run_moved)
        self.set_theme(self.theme)

    # What the window calls

    def show_scene(self, scene: Scene) -> None:
        """Draw another scene. What it has in common with the last one is not painted again."""
        before, self.scene = self.scene, scene
        self.keep_windows(scene)
        self.step = min(self.step, scene.steps)
        self._figures.begin(len(scene.traces), self.step)
        if before is None or not scene.looks_like(before):
            self._still = None
        self.lay_out()
        if self._ink is not None:  # the same trails, but perhaps verdicts
            self._bring_up_to_date(min(self.step, self.inkable_step()))
        self.update()

    def show_step(self, step: int, figures: slice | None = None) -> None:
        """Draw the scene at `step`; with `figures`, the badges and labels of those runs alone, over what was taken in.

        While a race plays nobody reads a figure that changes at every frame, and writing it costs more than moving the
        heads: so runs may take turns, and what has been published may be taken in now and then.
        """
        if figures is None:
            self.take_in()
        same = step == self.step  # figures may be behind, and an update there may be known only now
        again = step < self.step  # back, or from the beginning: every figure is of another time
        self._figures.turn(step, ALL if again or figures is None else figures)
        super().show_step(step)
        if same and self._ink is not None:
            self.update(self.moved_region())

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.setPalette(palette(theme))
        self.lay_out()

    def show_arrows(self, on: bool) -> None:
        """Whether each head shows what the update on screen is made of."""
        self._want(replace(self._wanted, arrows=on))

    def show_gauge(self, on: bool) -> None:
        """Whether each panel shows how near its run is to the limit of stability."""
        self._want(replace(self._wanted, gauge=on))

    def show_stage(self, run: int, stage: int | None) -> None:
        """A stage of an update is being told: its run shows the arrows up to that one. None: no longer."""
        self._want(replace(self._wanted, told=None if stage is None else (run, stage)))

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

    # What is wanted

    def _say(self, run: int, step: int) -> Said:
        assert self.scene is not None
        return said(self.scene, run, step, self._wanted.gauge, self._way(run))

    def _want(self, wanted: Wanted) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self._figures.forget()
            if self._ink is not None:
                self.update(self.moved_region())

    def _plain(self) -> Board:
        board = Board(interactive=False)
        board._wanted = self._wanted
        board.set_theme(self.theme)
        board.resize(self.size())
        board.windows = self.windows
        board._ground = self._ground
        if self.scene is not None:
            board.show_scene(self.scene)
            board.show_step(self.step)
        return board

    # Layout

    def lay_out(self) -> None:
        """Fit the panels, their controls and their trails to the present scene, size, theme and windows."""
        if self.scene is None:
            return
        windows = [self._window(run) for run in range(len(self.scene.traces))]
        before, editable = self._view, self._controls is not None
        view = self._view = view_of(self.scene, self.size(), self.theme, editable, windows)
        if before is None or before.grid != view.grid:
            self.invalidate()
        self.stand(self.scene, [Spot(run, view.map(run), frame) for run, frame in enumerate(view.frames)])
        if self._controls is not None:
            self._controls.fit(view)

    def _new_controls(self) -> BoardControls:
        controls = BoardControls(self)
        for name in CONTROLS_SIGNALS:
            getattr(controls, name).connect(getattr(self, name))
        return controls

    # Painting

    def paint_still(self, painter: QPainter) -> None:
        self.lay_out()  # a board that was never shown learns its size only here
        painter.fillRect(self.rect(), QColor(self.theme.window))
        view = self._view
        if view is None:
            painter.setPen(QColor(self.theme.quiet))
            painter.setFont(fonts(small=False).body.font)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("The descents will appear here"))
            return
        ratio = painter.device().devicePixelRatioF()
        for run in range(len(view.scene.traces)):
            paint_panel(painter, view, run, self.ground_picture(self._spots[run], ratio) if self._spots else None)

    def moved_region(self) -> QRegion:
        view, region = self._view, QRegion()
        if view is None:
            return region
        trails: Sequence[Trail | None] = self._trails or [None] * len(view.scene.traces)
        before = self._heads_placed
        self._heads_placed = []
        for run, (trail, was) in enumerate(zip_longest(trails, before[: len(trails)])):
            left = self._leavings[run].at(self.step) if self._leavings else None
            head = place_head(view, trail, run, self.step, self._figures.of(run), was, self._wanted, left)
            self._heads_placed.append(head)
            for rect in head.touched(was, self._inked.get(run, QRect())):
                region |= rect
        self._inked.clear()
        return region

    def paint_heads(self, painter: QPainter) -> None:
        if self._view is not None:
            for run, head in enumerate(self._heads_placed):
                head.paint(painter, self._view, run, self.exposed)
            self._carrier.paint(painter, self._view)

    # The pointer

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._controls is None or self._view is None:
            return
        self._controls.remark.hide()
        if not self._hand.press(self._spots, event) and event.button() == Qt.MouseButton.LeftButton:
            self._carrier.press(self._view, event.position())

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._view is None:
            return
        panel = panel_at(self._view.grid, event.position().toPoint())
        self.setToolTip("" if panel is None else tip(self._view.scene, panel, self.step, self._way(panel)))
        if self._controls is not None:
            self._carrier.move(self._view, event.position())
            on_map, on_handle = self._hand.move(self._spots, event), self._carrier.takes(self._view, event.position())
            self.show_cursor(on_map, Qt.CursorShape.OpenHandCursor if on_handle else None)

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hand.release(self._spots, event)
        if self._view is not None and event.button() == Qt.MouseButton.LeftButton:
            self._carrier.release()

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._controls is None or not self._hand.double_click(self._spots, event):
            self.mousePressEvent(event)

    @guarded
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        panel = panel_at(self._view.grid, event.pos()) if self._view is not None else None
        if panel is not None and self._controls is not None:
            self._controls.menu(panel).popup(event.globalPos())

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            fonts.cache_clear()
            self.invalidate()

"""The overlay: all runs on one map, with a legend beside it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.experiment import OnModel
from lrviz.core.scene import Scene
from lrviz.views.figures import ALL, Figures
from lrviz.views.guard import guarded
from lrviz.views.leaving import exit_at
from lrviz.views.maps import Maps
from lrviz.views.overlay_heads import ExitMark, Head, place_exits, place_heads
from lrviz.views.overlay_layout import Layout, lay_out
from lrviz.views.panel_badge import Badge, badge
from lrviz.views.panel_labels import PAD, Label, paint_sheet, window_text
from lrviz.views.panel_painting import paint_swatch, paint_text, paint_word
from lrviz.views.panel_view import SPARE, optimizer_text, title_text
from lrviz.views.plane_words import axes_text, beside_sentence
from lrviz.views.spot import Spot
from lrviz.views.theme import Theme, palette


class Overlay(Maps):
    """One large map with every run on it. `interactive` False takes no wishes, as pictures need."""

    def __init__(self, interactive: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Overlay"))
        self.setAccessibleDescription(self.tr("All runs on one map, with a legend beside it"))
        self._interactive = interactive
        self._layout: Layout | None = None
        self._badges: Figures[Badge] = Figures(self._badge)
        self._heads_placed: list[Head] = []
        self._exits: list[ExitMark] = []
        self._lines: list[Label] = []  # of the legend: what becomes of each run
        self.set_theme(self.theme)

    # What the window calls

    def show_scene(self, scene: Scene) -> None:
        self.keep_windows(scene)
        self.scene = scene
        self.step = min(self.step, scene.steps)
        self._badges.begin(len(scene.traces), self.step)
        self.invalidate_still()
        self.lay_out()
        self.update()

    def show_step(self, step: int, figures: slice | None = None) -> None:
        """Draw the scene at `step`; with `figures`, the legend's words of those runs alone."""
        if figures is None:
            self.take_in()
        again = step < self.step
        behind = self._badges.turn(step, ALL if again or figures is None else figures) and step == self.step
        super().show_step(step)
        if behind and self._ink is not None:
            self.update(self.moved_region())

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.setPalette(palette(theme))
        self.lay_out()

    def picture(self, scale: float) -> QImage:
        """The overlay at `scale` pixels a point."""
        plain = Overlay(interactive=False)
        plain.set_theme(self.theme)
        plain.resize(self.size())
        plain.windows = self.windows
        plain._ground = self._ground
        if self.scene is not None:
            plain.show_scene(self.scene)
            plain.show_step(self.step)
        return plain._painted_afresh(scale)

    # Layout

    def lay_out(self) -> None:
        if self.scene is None:
            return
        layout = self._layout = lay_out(self.scene, self.size(), self._window(0))
        frame, runs = layout.frame, range(len(self.scene.traces))
        self.stand(self.scene, [] if frame is None else [Spot(0, layout.map, frame) for _ in runs])

    def _badge(self, run: int, step: int) -> Badge:
        assert self.scene is not None
        return badge(self.scene, run, step)

    # Painting

    def paint_still(self, painter: QPainter) -> None:
        self.lay_out()
        painter.fillRect(self.rect(), QColor(self.theme.window))
        layout, scene = self._layout, self.scene
        if layout is None or scene is None:
            return
        if self._spots:
            ratio = painter.device().devicePixelRatioF()
            painter.drawImage(layout.map.topLeft(), self.ground_picture(self._spots[0], ratio))
            self._paint_axes(painter, layout, scene)
            self._paint_window(painter, layout, scene)
        else:
            paint_word(painter, self.theme, layout.fonts.small, layout.map, known=scene.rows > 0)
        for run, row in enumerate(layout.rows):
            rect = QRectF(row.rect)
            paint_swatch(painter, self.theme, run, rect, layout.swatch)
            text = title_text(scene.experiment.runs[run])
            paint_text(painter, rect.adjusted(row.name, 0, 0, 0), text, layout.fonts.title.font, self.theme.text)
            part = optimizer_text(scene.experiment, run)
            if part:
                paint_text(painter, rect.adjusted(row.part, 0, 0, 0), part, layout.fonts.small.font, self.theme.quiet)

    def _paint_axes(self, painter: QPainter, layout: Layout, scene: Scene) -> None:
        """What a model's axes are, in the corner where no descent begins or ends."""
        if not isinstance(scene.experiment.problem, OnModel):
            return
        lines, letters = axes_text(scene).split("\n"), layout.fonts.small
        rect = QRectF(0, 0, max(map(letters.width, lines)) + 2 * PAD, len(lines) * letters.height + 2)
        rect.moveTopLeft(QRectF(layout.map).topLeft() + QPointF(PAD, PAD))
        if rect.width() <= layout.map.width():
            paint_sheet(painter, self.theme, rect)
            for place, line in enumerate(lines):
                top = rect.top() + 1 + place * letters.height
                row = QRectF(rect.left() + PAD, top, rect.width(), letters.height)
                paint_text(painter, row, line, letters.font, self.theme.text)

    def _paint_window(self, painter: QPainter, layout: Layout, scene: Scene) -> None:
        """Where one is, in the corner of a map that is zoomed."""
        window, landscape, letters = self._window(0), scene.landscape, layout.fonts.small
        if window is None or landscape is None:
            return
        named = not isinstance(scene.experiment.problem, OnModel)
        text = window_text(window, landscape.bounds, letters, layout.map.width(), named=named)
        rect = QRectF(0, 0, letters.width(text) + 2 * PAD, letters.height + 2)
        rect.moveBottomRight(QRectF(layout.map).bottomRight() - QPointF(PAD, PAD))
        if text:
            paint_sheet(painter, self.theme, rect)
            paint_text(painter, rect.adjusted(PAD, 0, 0, 0), text, letters.font, self.theme.text)

    def moved_region(self) -> QRegion:
        layout, scene = self._layout, self.scene
        if layout is None or scene is None:
            return QRegion()
        area = QRectF(layout.map)
        places: list[QPointF | None] = [None] * len(scene.traces)
        for run, trail in enumerate(self._trails):
            place = trail.last_place(self.step)
            places[run] = None if place is None else trail.pixel(place) + area.topLeft()
        before, exits, lines = self._heads_placed, self._exits, self._lines
        self._heads_placed = place_heads(places, area) if self._trails else []
        self._exits = self._exit_marks(area)
        self._lines = [self._line(run, layout) for run in range(len(scene.traces))]
        region = QRegion()
        for marks in (before, self._heads_placed, exits, self._exits):
            for mark in marks:
                region |= mark.area.toAlignedRect()
        for was, now in zip(lines, self._lines, strict=False):
            if was != now:
                region |= was.area.united(now.area)
        for line in self._lines[len(lines) :]:
            region |= line.area
        for rect in self._inked.values():
            region |= rect
        self._inked.clear()
        return region

    def _exit_marks(self, area: QRectF) -> list[ExitMark]:
        exits = []
        for run, leaving in enumerate(self._leavings):
            left = leaving.at(self.step)
            at = None if left is None else exit_at(self._spots[run].frame, left, area.topLeft())
            if left is not None and at is not None:
                exits.append((run, left, at))
        if self._window(0) is None:  # all of them on the map's edge
            return place_exits(exits, area)
        return [ExitMark(*one) for one in exits]

    def _line(self, run: int, layout: Layout) -> Label:
        said, row = self._badges.of(run), layout.rows[run]
        rect = QRectF(row.rect).adjusted(row.badge, 0, 0, 0)
        letters = layout.fonts.body
        text = next((text for text in said.texts if letters.fit(text, rect.width())), "")
        color = self.theme.quiet if said.kind is None else self.theme.text
        return Label(text, rect, rect.toAlignedRect().marginsAdded(SPARE), letters, color, on_map=False)

    def paint_heads(self, painter: QPainter) -> None:
        for line in self._lines:
            if self.exposed.intersects(line.area):
                paint_text(painter, line.rect, line.text, line.letters.font, line.color)
        for mark in self._exits:
            mark.paint(painter, self.theme)
        for head in self._heads_placed:
            head.paint_spoke(painter, self.theme)
        for head in reversed(self._heads_placed):  # where they touch, the first run's stands in front
            head.paint(painter, self.theme)

    # The pointer

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._interactive:
            self._hand.press(self._spots, event)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._interactive:
            return
        on_map = self._hand.move(self._spots, event)
        self.show_cursor(on_map)
        self.setToolTip(self._tip(event.position()))

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._hand.release(self._spots, event)

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._interactive and not self._hand.double_click(self._spots, event):
            self._hand.press(self._spots, event)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def _tip(self, at: QPointF) -> str:
        """A verdict's reason and how far the map can be trusted, over its run's line of the legend."""
        rows = () if self._layout is None else self._layout.rows
        run = next((run for run, row in enumerate(rows) if row.rect.contains(at.toPoint())), None)
        if run is None or self.scene is None:
            return ""
        sentence = beside_sentence(self.scene, run, self.step, self._way(run))
        return "\n".join(filter(None, (self._badge(run, self.step).reason, sentence)))

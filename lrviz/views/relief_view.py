"""The landscape in space, all descents on it: lit, turnable, painted by QPainter wherever there is Qt."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.experiment import OnModel
from lrviz.core.scene import Scene
from lrviz.views.guard import guarded
from lrviz.views.panel_badge import Badge
from lrviz.views.panel_view import fonts
from lrviz.views.relief_balls import paint_start
from lrviz.views.relief_camera import Projection
from lrviz.views.relief_drape import Drape
from lrviz.views.relief_heads import Standing, paint_standing, stand
from lrviz.views.relief_legend import Legend
from lrviz.views.relief_raster import Horizon
from lrviz.views.relief_scene import Ground
from lrviz.views.relief_still import COARSE, Still
from lrviz.views.relief_strokes import ROUGH, Strokes, paint_roughly
from lrviz.views.theme import GRID, Theme
from lrviz.views.turned_canvas import TurnedCanvas
from lrviz.views.way import Way

AROUND = (7 * GRID, 3 * GRID)  # px beside and above the landscape, for its axes
TRAIL = 2.25  # px


class ReliefView(TurnedCanvas):
    """Drag to turn, wheel to come nearer, double click to stand where one stood at first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Landscape in space"))
        self.setAccessibleDescription(
            self.tr("Arrow keys turn it, plus and minus come nearer or go away, Home stands where one stood at first.")
        )
        self.setMinimumSize(40 * GRID, 24 * GRID)
        self._still_of: Still | None = None
        self._horizon: Horizon | None = None  # by which strokes and balls know whether they are hidden
        self._drapes: list[Drape] = []
        self._strokes: list[Strokes] = []
        self._legend: Legend | None = None
        self._rows = -1  # of the traces, taken in
        self._standing: list[Standing] = []
        self._said: list[Badge | None] = []

    # What the window calls

    def show_scene(self, scene: Scene) -> None:
        """Draw another scene. What it has in common with the last one is not worked out again."""
        before, self.scene = self.scene, scene
        self.step = min(self.step, scene.steps)
        if scene.landscape is None:
            self._still_of = None
        elif self._still_of is None or not self._still_of.ground.shows(scene.landscape):
            self._still_of = Still(Ground(scene.landscape), self.theme)
        self._drape(scene)
        if before is None or not scene.looks_like(before):
            self._look()
        else:
            self._lay_out()
            self.invalidate_ink()

    def show_step(self, step: int) -> None:
        self.take_in()
        super().show_step(step)

    def set_theme(self, theme: Theme) -> None:
        if self._still_of is not None:
            self._still_of = Still(self._still_of.ground, theme)
        super().set_theme(theme)

    def take_in(self) -> None:
        """Take in the points that have been published since."""
        if self.scene is None or self.scene.rows == self._rows:
            return
        self._rows = self.scene.rows
        for drape in self._drapes:
            drape.grow()
        for strokes in self._strokes:
            strokes.grow()

    def inkable_step(self) -> int:
        return max((int(drape.way.steps[-1]) for drape in self._drapes if len(drape.way.steps)), default=-1)

    # What is worked out once

    def _drape(self, scene: Scene) -> None:
        """One drape a trace, kept as long as trace, plane and ground are."""
        before, self._drapes = self._drapes, []
        if self._still_of is not None:
            ground = self._still_of.ground
            plane = scene.plane if isinstance(scene.experiment.problem, OnModel) else None
            known = {id(drape.way.trace): drape for drape in before if drape.ground is ground}
            for trace in scene.traces:
                drape = known.get(id(trace))
                if drape is None or drape.way.plane is not plane:
                    drape = Drape(Way(trace, plane), ground)
                self._drapes.append(drape)
        self._rows = -1
        self.take_in()

    def _look(self) -> None:
        self._horizon = None
        self.invalidate()

    def _lay_out(self) -> None:
        """Fit legend, projection and strokes to the present scene, size and camera."""
        if self.scene is None:
            return
        self._legend = Legend.beside(self.scene, self.width(), self.height())
        if self._still_of is None:
            self._horizon, self._strokes = None, []
            return
        width, ground = self._legend.rect.left(), self._still_of.ground
        size = (max(width - 2 * AROUND[0], GRID), max(self.height() - 2 * AROUND[1], GRID))
        projection = Projection(self._camera, (width / 2, self.height() / 2), size)
        horizon = self._horizon
        if horizon is None or horizon.projection != projection or horizon.ground is not ground:
            horizon = Horizon(ground, projection, (self.width(), self.height()), COARSE if self._moving else 1.0)
            self._horizon = horizon
        if self._moving:
            self._strokes = []
            return
        known = {id(strokes.drape): strokes for strokes in self._strokes if strokes.horizon is horizon}
        self._strokes = [known.get(id(drape)) or Strokes(drape, horizon) for drape in self._drapes]
        for strokes in self._strokes:
            strokes.grow()

    # Painting

    def paint_still(self, painter: QPainter) -> None:
        self._lay_out()
        painter.fillRect(self.rect(), QColor(self.theme.window))
        if self.scene is None or self._legend is None:
            self._paint_word(painter, self.tr("The landscape will appear here"))
            return
        self._legend.paint_still(painter, self.theme)
        if self._still_of is None or self._horizon is None:
            self._paint_word(painter, self.tr("measuring the landscape…"))
            return
        self._still_of.paint(painter, self._horizon, (self.width(), self.height()), self._moving)
        names = self.scene.plane.axes if self.scene.plane is not None else ("x", "y")
        self._still_of.paint_signs(painter, self._horizon, names, self.scene.minima)

    def _paint_word(self, painter: QPainter, word: str) -> None:
        painter.setPen(QColor(self.theme.quiet))
        painter.setFont(fonts(small=False).body.font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, word)

    def paint_ink(self, painter: QPainter, first: int, last: int) -> QRegion:
        region = QRegion()
        if first < 0 and self._horizon is not None:
            region |= self._paint_starts(painter, self._horizon)
        if self._moving and self._horizon is not None:
            for run, drape in enumerate(self._drapes):
                stop = drape.stretch(-1, last)[1]
                span = max(stop - ROUGH // len(self._drapes), 0), stop
                paint_roughly(painter, self.theme, run, drape, self._horizon, span)
            return QRegion(self.rect())
        for run, strokes in enumerate(self._strokes):
            start, stop = strokes.drape.stretch(first, last)
            if start < stop:
                region |= strokes.paint(painter, self.theme, run, start, stop, TRAIL).toAlignedRect()
        return region

    def _paint_starts(self, painter: QPainter, horizon: Horizon) -> QRegion:
        """The runs of a race begin at one place, which is marked once."""
        region = QRegion()
        starts = {tuple(place.tolist()) for drape in self._drapes if (place := drape.place(0)) is not None}
        places = horizon.projection.project(horizon.ground.lift(np.array(sorted(starts)).reshape(-1, 2)))
        for (x, y, _), hidden in zip(places.tolist(), horizon.hides(places).tolist(), strict=True):
            if math.isfinite(y):
                painted = paint_start(painter, self.theme, QPointF(x, y), horizon.projection.sin, hidden)
                region |= painted.toAlignedRect()
        return region

    def moved_region(self) -> QRegion:
        region = QRegion()
        before, self._standing = self._standing, []
        if self._horizon is not None:
            self._standing = stand(self._drapes, self._horizon, self.step)
        for standing in (*before, *self._standing):
            region |= standing.area()
        if self.scene is not None and self._legend is not None:
            said = [self._legend.badge(run, self.step) for run in range(len(self.scene.traces))]
            if said != self._said:
                self._said = said
                region |= self._legend.rect
        return region

    def paint_heads(self, painter: QPainter) -> None:
        if self._legend is not None:
            for run, said in enumerate(self._said):
                if said is not None and self.exposed.intersects(self._legend.badge_area(run)):
                    self._legend.paint_badge(painter, self.theme, run, said)
        if self._horizon is not None:
            paint_standing(painter, self.theme, self._standing, self._horizon.projection.sin)
        super().paint_heads(painter)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._horizon is not None and self.isVisible():  # an edge of the window is being dragged
            self._move()
        self._horizon = None
        super().resizeEvent(event)

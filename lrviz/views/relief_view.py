"""The landscape in space, all descents on it: lit, turnable, painted by QPainter wherever there is Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPolygonF,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from lrviz.core.experiment import OnModel
from lrviz.core.scene import Scene
from lrviz.views.canvas import Canvas
from lrviz.views.guard import guarded
from lrviz.views.panel_badge import Badge
from lrviz.views.panel_view import fonts
from lrviz.views.relief_axes import Box, paint_box, paint_lines
from lrviz.views.relief_balls import (
    ARROW_REACH,
    REACH,
    paint_ball,
    paint_exit,
    paint_minimum,
    paint_start,
)
from lrviz.views.relief_camera import Camera, Projection
from lrviz.views.relief_drape import Drape
from lrviz.views.relief_legend import Legend
from lrviz.views.relief_raster import Horizon
from lrviz.views.relief_scene import Ground, Skin, on_map
from lrviz.views.relief_strokes import Strokes
from lrviz.views.theme import GRID, Theme
from lrviz.views.way import Way

AROUND = (7 * GRID, 3 * GRID)  # px beside and above the landscape, for its axes
TRAIL = 2.25  # px
ISOLINES = 12
COARSE, FINE = 0.5, 2.0  # samples a px while the camera moves, and when it stands
COARSE_TEXELS = 160
SETTLED_MS = 180  # after the last turn of the wheel or key, the picture is made fine again
DEGREES_PER_PX, DEGREES_PER_KEY = 0.4, 5.0
ZOOM_PER_NOTCH, ZOOM_PER_KEY = 1.1, 1.15
WALLS = {"light": (0.92, 0.83), "dark": (0.75, 0.55)}  # how bright the cuts at the edges are, against the ramp's end


@dataclass(frozen=True)
class _Standing:
    """Where a run's ball or exit sign stands at a step, in px."""

    run: int
    at: QPointF | None  # None off the map
    away: float  # how far from the viewer
    hidden: bool
    exit: tuple[QPointF, QPointF] | None  # its tip, and a point inside

    def area(self) -> QRect:
        area = QRectF()
        for at, reach in ((self.at, REACH), (self.exit[0] if self.exit else None, ARROW_REACH)):
            if at is not None:
                area |= QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        return area.toAlignedRect()


class ReliefView(Canvas):
    """Drag to turn, wheel to come nearer, double click to stand where one stood at first."""

    camera_changed = Signal(object)  # the Camera, after a person turned or zoomed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Landscape in space"))
        self.setAccessibleDescription(
            self.tr("Arrow keys turn it, plus and minus come nearer or go away, Home stands where one stood at first.")
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setMinimumSize(40 * GRID, 24 * GRID)
        self._camera = Camera()
        self._ground: Ground | None = None
        self._skins: tuple[tuple[Ground, Theme], tuple[Skin, Skin]] | None = None  # coarse and fine
        self._horizon: Horizon | None = None  # by which strokes know whether they are hidden
        self._drapes: list[Drape] = []
        self._strokes: list[Strokes] = []
        self._legend: Legend | None = None
        self._rows = -1  # of the traces, taken in
        self._standing: list[_Standing] = []
        self._said: list[Badge | None] = []
        self._moving = False  # whether the camera moves just now
        self._pressed: QPointF | None = None
        self._settling = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settling.timeout.connect(self._settle)

    # What the window calls

    @property
    def camera(self) -> Camera:
        return self._camera

    def set_camera(self, camera: Camera) -> None:
        """Look at the landscape from elsewhere."""
        if camera != self._camera:
            self._camera = camera
            self._look()

    def show_scene(self, scene: Scene) -> None:
        """Draw another scene. What it has in common with the last one is not worked out again."""
        before, self.scene = self.scene, scene
        self.step = min(self.step, scene.steps)
        if scene.landscape is None:
            self._ground = None
        elif self._ground is None or not _same_ground(self._ground, scene):
            self._ground = Ground(scene.landscape)
        self._drape(scene)
        if before is None or not _same_picture(before, scene):
            self._look()
        else:
            self._lay_out()
            self.invalidate_ink()

    def show_step(self, step: int) -> None:
        self.take_in()
        super().show_step(step)

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

    def picture(self, scale: float) -> QImage:
        self._settle()
        return super().picture(scale)

    # What is worked out once

    def _drape(self, scene: Scene) -> None:
        """One drape a trace, kept as long as trace, plane and ground are."""
        before, self._drapes = self._drapes, []
        if self._ground is None:
            return
        plane = scene.plane if isinstance(scene.experiment.problem, OnModel) else None
        known = {id(drape.way.trace): drape for drape in before if drape.way.plane is plane}
        for trace in scene.traces:
            drape = known.get(id(trace))
            if drape is None or drape.ground is not self._ground:
                drape = Drape(Way(trace, plane), self._ground)
            self._drapes.append(drape)
        self._rows = -1
        self.take_in()

    def _look(self) -> None:
        """Forget all that depends on where one stands."""
        self._horizon = None
        self.invalidate()

    def _lay_out(self) -> None:
        """Fit legend, projection and strokes to the present scene, size and camera."""
        scene, ground = self.scene, self._ground
        if scene is None:
            return
        self._legend = Legend.beside(scene, self.width(), self.height())
        if ground is None:
            self._strokes = []
            return
        width = self._legend.rect.left()
        size = (max(width - 2 * AROUND[0], GRID), max(self.height() - 2 * AROUND[1], GRID))
        projection = Projection(self._camera, (width / 2, self.height() / 2), size)
        fineness = COARSE if self._moving else 1.0
        horizon = self._horizon
        if horizon is None or horizon.projection != projection or horizon.ground is not ground:
            horizon = self._horizon = Horizon(ground, projection, (self.width(), self.height()), fineness)
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
        if self._ground is None or self._horizon is None:
            self._paint_word(painter, self.tr("measuring the landscape…"))
            return
        box = Box(self._ground, self._horizon.projection)
        if not np.isfinite(self._ground.high).all():
            floor = QPolygonF([box.at(0, 0), box.at(1, 0), box.at(1, 1), box.at(0, 1)])
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(QColor(self.theme.line), Qt.BrushStyle.BDiagPattern))
            painter.drawPolygon(floor)
        self._paint_surface(painter, self._horizon)
        paint_lines(painter, self.theme, self._horizon, ISOLINES // 2 if self._moving else ISOLINES)
        names = self.scene.plane.axes if self.scene.plane is not None else ("x", "y")
        paint_box(painter, self.theme, box, names)
        self._paint_minima(painter, self._ground, self._horizon)

    def _paint_surface(self, painter: QPainter, horizon: Horizon) -> None:
        assert self._ground is not None
        if self._skins is None or self._skins[0] != (self._ground, self.theme):
            skins = Skin(self._ground, self.theme, COARSE_TEXELS), Skin(self._ground, self.theme)
            self._skins = ((self._ground, self.theme), skins)
        size, ratio = (self.width(), self.height()), painter.device().devicePixelRatioF()
        fineness = COARSE if self._moving else FINE * ratio
        if fineness != horizon.fineness:
            horizon = Horizon(self._ground, horizon.projection, size, fineness)
        projection = horizon.projection
        lit = self._skins[1][not self._moving].lit(projection.right, projection.away)
        pixels = horizon.pixels(lit, _walls(self.theme))
        rows, columns = pixels.shape
        form = QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(pixels.data, columns, rows, 4 * columns, form)
        fine = horizon.fineness
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(horizon.left / fine, 0, columns / fine, rows / fine), image)

    def _paint_minima(self, painter: QPainter, ground: Ground, horizon: Horizon) -> None:
        assert self.scene is not None
        unit = ground.unit_from_plane(np.array(self.scene.minima).reshape(-1, 2))
        unit = unit[on_map(unit)]
        places = horizon.projection.project(ground.lift(unit))
        for (x, y, _), hidden in zip(places.tolist(), horizon.hides(places).tolist(), strict=True):
            paint_minimum(painter, self.theme, QPointF(x, y), horizon.projection.sin, hidden)

    def _paint_word(self, painter: QPainter, word: str) -> None:
        painter.setPen(QColor(self.theme.quiet))
        painter.setFont(fonts(small=False).body.font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, word)

    def paint_ink(self, painter: QPainter, first: int, last: int) -> QRegion:
        region = QRegion()
        if first < 0:
            region |= self._paint_starts(painter)
        for run, strokes in enumerate(self._strokes):
            start, stop = strokes.drape.stretch(first, last)
            if self._moving:
                strokes.paint_roughly(painter, self.theme, run, stop)
            elif start < stop:
                painted = strokes.paint(painter, self.theme, run, start, stop, TRAIL)
                region |= painted.toAlignedRect()
        return region

    def _paint_starts(self, painter: QPainter) -> QRegion:
        horizon, region = self._horizon, QRegion()
        starts = {tuple(place.tolist()) for drape in self._drapes if (place := drape.place(0)) is not None}
        if horizon is None or not starts:
            return region
        places = horizon.projection.project(horizon.ground.lift(np.array(sorted(starts))))
        for (x, y, _), hidden in zip(places.tolist(), horizon.hides(places).tolist(), strict=True):
            if math.isfinite(y):
                painted = paint_start(painter, self.theme, QPointF(x, y), horizon.projection.sin, hidden)
                region |= painted.toAlignedRect()
        return region

    def moved_region(self) -> QRegion:
        region = QRegion()
        for standing in self._standing:
            region |= standing.area()
        self._standing = self._stand(self._horizon) if self._horizon is not None else []
        for standing in self._standing:
            region |= standing.area()
        if self.scene is not None and self._legend is not None:
            before = self._said
            self._said = [self._legend.badge(run, self.step) for run in range(len(self.scene.traces))]
            for run, said in enumerate(self._said):
                if said is not None and (run >= len(before) or before[run] != said):
                    region |= self._legend.badge_area(run)
        return region

    def _stand(self, horizon: Horizon) -> list[_Standing]:
        """Where all runs stand at self.step, worked out together: a call of NumPy costs as much for one as for all."""
        known = [(drape.place(self.step), drape.exit(self.step)) for drape in self._drapes]
        ground = np.concatenate(
            [
                np.empty((0, 2)),
                *(place[None] for place, _ in known if place is not None),
                *(tip for _, tip in known if tip is not None),
            ]
        )
        off = ~on_map(ground)
        world = horizon.ground.lift(np.clip(ground, 0, 1))
        np.nan_to_num(world, copy=False)
        places = horizon.projection.project(world)
        hidden = horizon.hides(places).tolist()
        at = iter(zip(places.tolist(), off.tolist(), hidden, strict=True))
        balls = [None if place is None else next(at) for place, _ in known]
        standing = []
        for run, (ball, (_, tip)) in enumerate(zip(balls, known, strict=True)):
            exit = None if tip is None else (QPointF(*next(at)[0][:2]), QPointF(*next(at)[0][:2]))
            if ball is None or ball[1]:
                standing.append(_Standing(run, None, 0, False, exit))
            else:
                (x, y, away), _, behind = ball
                standing.append(_Standing(run, QPointF(x, y), away, behind, exit))
        return standing

    def paint_heads(self, painter: QPainter) -> None:
        if self._legend is not None:
            for run, said in enumerate(self._said):
                if said is not None and self.exposed.intersects(self._legend.badge_area(run)):
                    self._legend.paint_badge(painter, self.theme, run, said)
        if self._horizon is None:
            return
        flat = self._horizon.projection.sin
        for standing in sorted(self._standing, key=lambda standing: -standing.away):
            if standing.exit is not None:
                paint_exit(painter, self.theme, standing.run, *standing.exit, away=standing.at is None)
            if standing.at is not None:
                paint_ball(painter, self.theme, standing.run, standing.at, flat, standing.hidden)

    # Turning

    def _go(self, camera: Camera) -> None:
        """A person has moved the camera: coarse at once, fine when it stands."""
        if camera == self._camera:
            return
        self._moving = True
        self.set_camera(camera)
        self._settling.start()
        self.camera_changed.emit(camera)

    def _settle(self) -> None:
        self._settling.stop()
        if self._moving:
            self._moving = False
            self._look()

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None:
            moved, self._pressed = event.position() - self._pressed, event.position()
            self._go(self._camera.turned(-moved.x() * DEGREES_PER_PX, moved.y() * DEGREES_PER_PX))

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = None
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self._settle()

    @guarded
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._go(Camera())

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        self._go(self._camera.zoomed(ZOOM_PER_NOTCH ** (event.angleDelta().y() / 120)))
        event.accept()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        camera, keys = self._camera, Qt.Key
        match event.key():
            case keys.Key_Left:
                self._go(camera.turned(-DEGREES_PER_KEY, 0))
            case keys.Key_Right:
                self._go(camera.turned(DEGREES_PER_KEY, 0))
            case keys.Key_Up:
                self._go(camera.turned(0, DEGREES_PER_KEY))
            case keys.Key_Down:
                self._go(camera.turned(0, -DEGREES_PER_KEY))
            case keys.Key_Plus | keys.Key_Equal:
                self._go(camera.zoomed(ZOOM_PER_KEY))
            case keys.Key_Minus:
                self._go(camera.zoomed(1 / ZOOM_PER_KEY))
            case keys.Key_Home | keys.Key_0:
                self._go(Camera())
            case _:
                super().keyPressEvent(event)

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settle()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._horizon is not None and self.isVisible():  # the window's edge is being dragged
            self._moving = True
            self._settling.start()
        self._horizon = None
        super().resizeEvent(event)


def _walls(theme: Theme) -> tuple[int, int]:
    """The two shades of the cuts at a landscape's edges, as 0xffRRGGBB."""
    end = QColor(theme.ramp[0])
    x, y = (end.darker(round(100 / share)).rgb() for share in WALLS[theme.name])
    return x & 0xFFFFFFFF, y & 0xFFFFFFFF


def _same_ground(ground: Ground, scene: Scene) -> bool:
    landscape = scene.landscape
    return landscape is ground.landscape or (
        landscape is not None
        and landscape.bounds == ground.bounds
        and np.array_equal(landscape.loss, ground.landscape.loss, equal_nan=True)
    )


def _same_picture(a: Scene, b: Scene) -> bool:
    """Whether two scenes have the same still picture, and so differ in traces or verdicts alone."""
    return a.experiment == b.experiment and a.plane is b.plane and a.landscape is b.landscape and a.minima == b.minima

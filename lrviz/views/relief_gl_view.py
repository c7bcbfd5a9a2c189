"""The landscape in space, drawn by OpenGL. Imported only where pyqtgraph and OpenGL are to be had."""

from __future__ import annotations

import numpy as np
import pyqtgraph.opengl as gl
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QMatrix4x4, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from lrviz.views.guard import guarded
from lrviz.views.relief_camera import Projection
from lrviz.views.relief_drape import Drape
from lrviz.views.relief_mesh import Mesh, dashes, hatching, matrix, pairs_of_isolines
from lrviz.views.relief_still import ISOLINES, Still
from lrviz.views.relief_view import TRAIL, ReliefView
from lrviz.views.theme import Theme, run_dashes

SAMPLES = 4  # a px, for smooth edges
FAINT = 0.35  # how strong what lies behind a ridge is
BEHIND = {  # drawn through whatever is before it: OpenGL's DEPTH_TEST, BLEND, SRC_ALPHA and ONE_MINUS_SRC_ALPHA
    0x0B71: False,
    0x0BE2: True,
    "glBlendFunc": (0x0302, 0x0303),
}


class GlRelief(ReliefView):
    """As ReliefView in all that is asked of it; surface and trails come from OpenGL, words and balls from QPainter."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage = Stage(self)

    def show_step(self, step: int) -> None:
        self.take_in()
        if self.scene is not None:
            self.step = step
            self._stage.update()

    def invalidate_ink(self) -> None:
        super().invalidate_ink()
        self._stage.update()

    def picture(self, scale: float) -> QImage:
        """As QPainter draws it, so that a picture is the same with a display and without."""
        image = super().picture(scale)
        self._look()  # what was laid out for it is not what the stage has
        return image

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """The stage covers all of it; pictures are painted afresh."""

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stage.setGeometry(self.rect())

    def draw(self, stage: Stage) -> None:
        """Called by the stage in its own context, before it paints."""
        self._lay_out()
        stage.setBackgroundColor(QColor(self.theme.window))
        projection = self._horizon.projection if self._horizon is not None else None
        stage.show_landscape(self._still_of, projection)
        stage.show_trails(self._drapes if self._horizon is not None else [], self.step, self.theme)

    def paint_over(self, painter: QPainter) -> None:
        """What QPainter adds to the stage: words, signs and balls."""
        self.exposed = self.exposed.united(self.rect())
        if self._still_of is None or self._horizon is None or self._legend is None or self.scene is None:
            self.paint_still(painter)
            return
        self._legend.paint_still(painter, self.theme)
        names = self.scene.plane.axes if self.scene.plane is not None else ("x", "y")
        self._still_of.paint_signs(painter, self._horizon, names, self.scene.minima)
        self._paint_starts(painter, self._horizon)
        self.moved_region()
        self.paint_heads(painter)


class Stage(gl.GLViewWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """The OpenGL part: it takes no events, so they reach the view under it."""

    def __init__(self, view: GlRelief) -> None:
        super().__init__(view)
        self._view = view
        form = self.format()
        form.setSamples(SAMPLES)
        self.setFormat(form)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._projection: Projection | None = None
        self._still: Still | None = None
        self._mesh: Mesh | None = None
        self._surface = gl.GLMeshItem(computeNormals=False, glOptions="opaque")
        self._hatch, self._isolines = _lines(1.0, "translucent"), _lines(1.0, "translucent")
        self._trails: list[Trail] = []
        for depth, item in enumerate((self._hatch, self._surface, self._isolines)):
            item.setDepthValue(depth)
            item.setVisible(False)
            self.addItem(item)

    def show_landscape(self, still: Still | None, projection: Projection | None) -> None:
        """The surface of `still` as it looks under `projection`; what has not changed is not sent again."""
        for item in (self._surface, self._hatch, self._isolines):
            item.setVisible(still is not None)
        if still is None or projection is None:
            self._still = self._projection = None
            return
        if still is not self._still:
            self._mesh = Mesh(still.ground, still.theme, still.walls())
            line = QColor(still.theme.line)
            self._hatch.setData(pos=hatching(still.ground), color=_rgba(line))
            isolines = pairs_of_isolines(still.ground, ISOLINES)
            self._isolines.setData(pos=isolines, color=_rgba(QColor(still.theme.isoline)), antialias=True)
        if self._mesh is not None and (still is not self._still or projection.camera != self._seen_from):
            colors = self._mesh.colors(projection)
            self._surface.setMeshData(vertexes=self._mesh.vertices, faces=self._mesh.faces, vertexColors=colors)
        self._still, self._projection = still, projection

    @property
    def _seen_from(self) -> object:
        return self._projection.camera if self._projection is not None else None

    def show_trails(self, drapes: list[Drape], step: int, theme: Theme) -> None:
        """All trails up to `step`, what is hidden of them faintly."""
        if [trail.drape for trail in self._trails] != drapes or any(trail.theme != theme for trail in self._trails):
            for trail in self._trails:
                for item in trail.items:
                    self.removeItem(item)
            self._trails = [Trail(drape, run, theme) for run, drape in enumerate(drapes)]
            for trail in self._trails:
                for item in trail.items:
                    self.addItem(item)
        unit = self._projection.unit * self._projection.camera.distance if self._projection is not None else 1.0
        for trail in self._trails:
            trail.show_step(step, unit)

    # What pyqtgraph asks for, under its own names

    def projectionMatrix(self, region: object, viewport: object) -> QMatrix4x4:
        if self._projection is None:
            return QMatrix4x4()
        return QMatrix4x4(matrix(self._projection, self.width(), self.height()).ravel().tolist())

    def viewMatrix(self) -> QMatrix4x4:
        return QMatrix4x4()

    @guarded
    def paintGL(self) -> None:
        self._view.draw(self)
        super().paintGL()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._view.paint_over(painter)


class Trail:
    """One drape as lines: its halo, itself, and faintly what of it is hidden."""

    def __init__(self, drape: Drape, run: int, theme: Theme) -> None:
        self.drape = drape
        self.theme = theme
        self._pattern = [length * TRAIL for length in run_dashes(run)]
        color = _rgba(theme.run_color(run))
        behind, halo, line = _lines(1.0, BEHIND), _lines(TRAIL + 2.5, "translucent"), _lines(TRAIL, "translucent")
        behind.setData(color=(*color[:3], FAINT))
        halo.setData(color=_rgba(QColor(theme.halo)), antialias=True)
        line.setData(color=color, antialias=True)
        self.items = (behind, halo, line)
        for depth, item in enumerate(self.items, 3):
            item.setDepthValue(depth + 3 * run)
        self._cut: tuple[int, float] | None = None  # how many vertices were cut into dashes, at which unit
        self._dashes: tuple[NDArray[np.float64], NDArray[np.intp]] = (np.empty((0, 3)), np.empty(0, np.intp))
        self._whole = self._dashes
        self._shown = -1

    def show_step(self, step: int, unit: float) -> None:
        drape = self.drape
        if self._cut != (len(drape.vertices), unit):
            self._cut = (len(drape.vertices), unit)
            self._dashes = dashes(drape.vertices, drape.begins, self._pattern, unit)
            self._whole = dashes(drape.vertices, drape.begins, (), unit)
            self._shown = -1
        stop = drape.stretch(-1, step)[1]
        if stop != self._shown:
            self._shown = stop
            for item, (ends, vertex), lift in zip(
                self.items, (self._dashes, self._whole, self._dashes), (0.0, 0.002, 0.006), strict=True
            ):
                item.setData(pos=ends[: 2 * int(vertex.searchsorted(stop))] + np.array([0, 0, lift]))


def _lines(width: float, options: object) -> gl.GLLinePlotItem:
    return gl.GLLinePlotItem(pos=np.empty((0, 3)), mode="lines", width=width, glOptions=options)


def _rgba(color: QColor) -> tuple[float, float, float, float]:
    return color.redF(), color.greenF(), color.blueF(), color.alphaF()

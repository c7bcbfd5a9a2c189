"""What stands still of a landscape in space: its surface, isolines, box and minima."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPolygonF

from lrviz.core.catalog import Point
from lrviz.views.relief_axes import Box, paint_box, paint_lines
from lrviz.views.relief_balls import paint_minimum
from lrviz.views.relief_raster import Horizon
from lrviz.views.relief_scene import TEXELS, Ground, Skin, on_map
from lrviz.views.theme import Theme

ISOLINES, FEW_ISOLINES = 12, 6
COARSE, FINE = 0.5, 2.0  # samples a px while the camera moves, and when it stands
COARSE_TEXELS = 160
WALLS = {"light": (108, 120), "dark": (133, 180)}  # how much darker than low ground the cuts at the edges are, in %


class Still:
    """One landscape in one theme."""

    def __init__(self, ground: Ground, theme: Theme) -> None:
        self.ground = ground
        self.theme = theme
        self._skins: dict[int, Skin] = {}

    def paint(self, painter: QPainter, horizon: Horizon, size: tuple[int, int], coarse: bool) -> None:
        """The surface and its isolines, `size` px being the whole picture; `coarse` in a third of the time."""
        if not np.isfinite(self.ground.high).all():
            self._paint_floor(painter, Box(self.ground, horizon.projection))
        self._paint_surface(painter, horizon, size, coarse)
        paint_lines(painter, self.theme, horizon, FEW_ISOLINES if coarse else ISOLINES)

    def paint_signs(self, painter: QPainter, horizon: Horizon, names: tuple[str, str], minima: Sequence[Point]) -> None:
        """The box with its words, and the known minima."""
        projection = horizon.projection
        paint_box(painter, self.theme, Box(self.ground, projection), names)
        unit = self.ground.unit_from_plane(np.array(minima).reshape(-1, 2))
        places = projection.project(self.ground.lift(unit[on_map(unit)]))
        for (x, y, _), hidden in zip(places.tolist(), horizon.hides(places).tolist(), strict=True):
            if np.isfinite(y):
                paint_minimum(painter, self.theme, QPointF(x, y), projection.sin, hidden)

    def _paint_floor(self, painter: QPainter, box: Box) -> None:
        """Hatched, as what is undefined is on the maps: it is seen through the landscape's holes."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QBrush(QColor(self.theme.line), Qt.BrushStyle.BDiagPattern))
        painter.drawPolygon(QPolygonF([box.at(0, 0), box.at(1, 0), box.at(1, 1), box.at(0, 1)]))

    def _paint_surface(self, painter: QPainter, horizon: Horizon, size: tuple[int, int], coarse: bool) -> None:
        projection = horizon.projection
        fineness = COARSE if coarse else FINE * painter.device().devicePixelRatioF()
        if fineness != horizon.fineness:
            horizon = Horizon(self.ground, projection, size, fineness)
        lit = self._skin(COARSE_TEXELS if coarse else TEXELS).lit(projection.right, projection.away)
        pixels = horizon.pixels(lit, self.walls())
        rows, columns = pixels.shape
        form = QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(pixels.data, columns, rows, 4 * columns, form)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        fine = horizon.fineness
        painter.drawImage(QRectF(horizon.left / fine, 0, columns / fine, rows / fine), image)

    def _skin(self, texels: int) -> Skin:
        if texels not in self._skins:
            self._skins[texels] = Skin(self.ground, self.theme, texels)
        return self._skins[texels]

    def walls(self) -> tuple[int, int]:
        """The shades of the cuts along y and along x, as 0xffRRGGBB."""
        low = QColor(self.theme.ramp[0])
        along_y, along_x = (low.darker(much).rgb() for much in WALLS[self.theme.name])
        return along_y & 0xFFFFFFFF, along_x & 0xFFFFFFFF

"""Two inputs, or one and its target, as a plane: areas of the classes, the fitted curve, the samples over both."""

from __future__ import annotations

from functools import lru_cache

import contourpy
import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from lrviz.core.insight import Boundary, Fit, RunInsight, Studied
from lrviz.views.insight_panel import Panel, class_color, image_of, paint_class_sign, paint_frame, paint_line, rgb
from lrviz.views.markers import HALO
from lrviz.views.panel_data import NAMED, name_axes
from lrviz.views.paths import path_from_points, path_from_polylines
from lrviz.views.theme import GRID, Theme
from lrviz.views.way import Frame

PALEST, DEEPEST = 0.05, 0.42  # how much of a class's colour its area has, where it hardly wins and where it does
BORDER = 1.75  # px
CURVE = 2.5  # px
SMALL_SIDE, SMALL_DOT, DOT = 200, 1.6, 2.4  # px: samples are smaller on smaller panels


def paint_boundary(painter: QPainter, panel: Panel, found: RunInsight) -> None:
    assert isinstance(found, Boundary)
    painter.save()
    painter.setClipRect(panel.rect)
    image, side = image_of(_area_colors(panel.theme, found, len(panel.insight.studied.classes))), len(found.winner)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    # The grid's outermost points lie on the panel's edges: half of their pixels would stand out.
    painter.drawImage(QRectF(panel.rect), image, QRectF(0.5, 0.5, side - 1, side - 1))
    border = _border(found, len(panel.insight.studied.classes), panel.rect)
    painter.strokePath(border, panel.theme.halo_pen(BORDER + 2 * HALO))
    painter.strokePath(border, QPen(QColor(panel.theme.text), BORDER))
    painter.restore()
    _paint_samples(painter, panel)


def paint_curve(painter: QPainter, panel: Panel, found: RunInsight) -> None:
    assert isinstance(found, Fit)
    painter.fillRect(panel.rect, QColor(panel.theme.field))
    _paint_samples(painter, panel)
    bounds = panel.insight.studied.bounds
    assert bounds is not None
    along = np.linspace(bounds[0], bounds[1], len(found.values))
    frame = Frame(bounds, panel.rect.width(), panel.rect.height())
    pixels = frame.pixels(np.column_stack([along, found.values.astype(np.float64)]))
    pixels = pixels[np.isfinite(pixels).all(axis=1)]
    if not ((pixels[:, 1] >= 0) & (pixels[:, 1] <= panel.rect.height())).any():
        letters = panel.fonts.small
        line = QRectF(panel.rect).adjusted(GRID, 0, -GRID, 0)
        said = QCoreApplication.translate("Insight", "its curve is far off")
        paint_line(painter, line, said, letters, panel.theme.text, Qt.AlignmentFlag.AlignHCenter)
        return
    path = path_from_points(pixels, [0]).translated(QPointF(panel.rect.topLeft()))
    painter.save()
    painter.setClipRect(panel.rect.adjusted(1, 1, -1, -1))
    painter.strokePath(path, panel.theme.halo_pen(CURVE + 2 * HALO))
    painter.strokePath(path, QPen(panel.theme.run_color(panel.run), CURVE))
    painter.restore()


def _area_colors(theme: Theme, found: Boundary, classes: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """(G, G, 3), the window's top first."""
    field = rgb(QColor(theme.field))
    hues = np.stack([rgb(class_color(theme, index)) for index in range(classes)]) - field
    depth = PALEST + (DEEPEST - PALEST) * found.margin[::-1, :, None]
    return np.rint(field + depth * hues[found.winner[::-1]]).astype(np.uint8)


def _border(found: Boundary, classes: int, rect: QRect) -> QPainterPath:
    """Where two classes are as likely as each other, in px.

    A class's margin, negative where another wins, crosses 0 at its border; between two others it touches 0 at most.
    """
    side = len(found.winner)
    x = np.linspace(rect.left(), rect.right() + 1, side)
    y = np.linspace(rect.bottom() + 1, rect.top(), side)
    lines = []
    for index in range(1, classes):  # every border has a class but the first on one side at least
        mine = found.winner == index
        if not mine.any() or mine.all():
            continue
        generator = contourpy.contour_generator(
            x, y, np.where(mine, found.margin, -found.margin), name="serial", line_type=contourpy.LineType.Separate
        )
        lines += [np.asarray(line, np.float64) for line in generator.lines(-1e-9)]
    return path_from_polylines(lines)


def _paint_samples(painter: QPainter, panel: Panel) -> None:
    ratio = painter.deviceTransform().m11()
    size = panel.rect.size()
    painter.drawImage(panel.rect.topLeft(), _samples(panel.insight.studied, size.toTuple(), panel.theme, ratio))


@lru_cache(maxsize=4)
def _samples(studied: Studied, size: tuple[int, int], theme: Theme, ratio: float) -> QImage:
    """All samples and the axes' names on nothing, painted once for all runs and steps."""
    image = QImage(QSize(*size) * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    assert studied.bounds is not None
    frame = Frame(studied.bounds, *size)
    radius = SMALL_DOT if min(size) < SMALL_SIDE else DOT
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for points, classes, test in (
            (studied.train_points, studied.train_classes, False),
            (studied.test_points, studied.test_classes, True),
        ):
            if points is None:
                continue
            places = frame.pixels(points.astype(np.float64)).tolist()
            kinds = [None] * len(places) if classes is None else classes.tolist()
            for (left, top), kind in zip(places, kinds, strict=True):
                if kind is None:
                    _paint_dot(painter, theme, QPointF(left, top), radius, test)
                else:
                    paint_class_sign(painter, theme, kind, QPointF(left, top), radius, test)
        if size[0] >= NAMED[0] and size[1] >= NAMED[1]:
            name_axes(painter, theme, QRectF(0, 0, *size), (studied.features[0], _upright(studied)))
        paint_frame(painter, theme, QRect(0, 0, *size))
    return image


def _upright(studied: Studied) -> str:
    return studied.features[1] if studied.classes else studied.target


def _paint_dot(painter: QPainter, theme: Theme, at: QPointF, radius: float, test: bool) -> None:
    """A sample of a regression; one for testing is a ring."""
    painter.setPen(QPen(QColor(theme.text), 1) if test else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.field if test else theme.quiet))
    painter.drawEllipse(at, radius, radius)

"""What every picture of an insight is drawn with: the theme, the letters, colours and signs of classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from lrviz.core.insight import Insight
from lrviz.views.markers import marker_path
from lrviz.views.panel_view import Fonts, Letters
from lrviz.views.theme import Theme

SIGNS = ("disc", "cross", "square", "triangle", "diamond", "star", "ring", "bar")  # of classes
_MORE = {  # classes after the first two, which take the theme's accent and its warning
    "light": ("#00735f", "#8a3ca0", "#7d6000", "#3b3f45", "#00687c", "#a01846"),
    "dark": ("#2fd6a8", "#d98bd8", "#e0c341", "#d5d8dc", "#5ccfe0", "#ff86a0"),
}


@dataclass(frozen=True, eq=False)
class Panel:
    """One run's place on the stage, and how it is dressed."""

    theme: Theme
    fonts: Fonts
    rect: QRect  # where its picture goes
    run: int
    insight: Insight


def class_color(theme: Theme, index: int) -> QColor:
    colors = (theme.accent, theme.warning, *_MORE[theme.name])
    return QColor(colors[index % len(colors)])


def paint_class_sign(painter: QPainter, theme: Theme, index: int, at: QPointF, radius: float, test: bool) -> None:
    """A sample by its class's form and colour, off its ground by a thin halo; one for testing stands in a ring."""
    sign, color = SIGNS[index % len(SIGNS)], class_color(theme, index)
    shape = marker_path(sign, radius).translated(at)
    if test:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (theme.halo_pen(2.5), QPen(QColor(theme.quiet), 1)):
            painter.setPen(pen)
            painter.drawEllipse(at, radius + 2, radius + 2)
    painter.strokePath(shape, theme.halo_pen(1.5))
    painter.fillPath(shape, color)


def rgb(color: QColor) -> NDArray[np.float32]:
    return np.array([color.red(), color.green(), color.blue()], np.float32)


def two_sided(theme: Theme, values: NDArray[np.floating], largest: float) -> NDArray[np.uint8]:
    """(…, 3) colours: the field at 0, towards the accent above it and towards the warning below."""
    share = np.clip(np.nan_to_num(values.astype(np.float64) / (largest or 1.0)), -1, 1)[..., None]
    field, above, below = (rgb(QColor(color)) for color in (theme.field, theme.accent, theme.warning))
    colors = field + np.abs(share) * (np.where(share > 0, above, below) - field)
    return np.rint(colors).astype(np.uint8)


def image_of(colors: NDArray[np.uint8]) -> QImage:
    """(rows, columns, 3) as a picture of its own, row 0 at the top."""
    rows, columns, _ = colors.shape
    packed = np.full((rows, columns, 4), 255, np.uint8)  # blue, green, red: what Qt draws fastest
    packed[..., :3] = colors[..., ::-1]
    return QImage(packed.data, columns, rows, QImage.Format.Format_RGB32).copy()


def paint_crisp(painter: QPainter, rect: QRect, image: QImage) -> None:
    """Enlarged without smoothing: every pixel a square."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(rect, image)


def paint_frame(painter: QPainter, theme: Theme, rect: QRect) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawRect(rect.adjusted(0, 0, -1, -1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def paint_line(
    painter: QPainter,
    rect: QRectF,
    text: str,
    letters: Letters,
    color: str | QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line of text, its end left out where the rectangle doesn't take it."""
    painter.setFont(letters.font)
    painter.setPen(QColor(color))
    if not letters.fit(text, rect.width()):
        text = QFontMetricsF(letters.font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    flags = int(align) | int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
    painter.drawText(rect, flags, text)

"""The old ink of a map, stretched into another window until it has been stroked anew."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QImage, QPainter

from lrviz.views.way import Frame


@dataclass(frozen=True, eq=False)
class Stretched:
    """A piece of ink and the frame for which it was stroked."""

    picture: QImage  # of the map alone
    frame: Frame

    @classmethod
    def of(cls, ink: QImage, rect: QRect, frame: Frame) -> Stretched:
        """The ink of the map at `rect`, in px of the board."""
        ratio = ink.devicePixelRatio()
        pixels = QRectF(rect.x() * ratio, rect.y() * ratio, rect.width() * ratio, rect.height() * ratio)
        return cls(ink.copy(pixels.toAlignedRect()), frame)

    def paint(self, painter: QPainter, rect: QRect, frame: Frame) -> None:
        """Put the ink in place of what stands in `rect`, as far as `frame` shows what it showed."""
        wipe(painter, rect)
        x0, x1, y0, y1 = _common(self.frame, frame)
        if x0 >= x1 or y0 >= y1:
            return
        source, target = _area(self.frame, x0, x1, y0, y1), _area(frame, x0, x1, y0, y1)
        ratio = self.picture.width() / self.frame.width
        pixels = QRectF(source.topLeft() * ratio, source.size() * ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target.translated(rect.topLeft().toPointF()), self.picture, pixels)


def wipe(painter: QPainter, rect: QRect) -> None:
    """Clear a rectangle of ink."""
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.fillRect(rect, 0)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def _common(a: Frame, b: Frame) -> tuple[float, float, float, float]:
    return (
        max(a.bounds[0], b.bounds[0]),
        min(a.bounds[1], b.bounds[1]),
        max(a.bounds[2], b.bounds[2]),
        min(a.bounds[3], b.bounds[3]),
    )


def _area(frame: Frame, x0: float, x1: float, y0: float, y1: float) -> QRectF:
    left, right, low, high = frame.bounds
    across, down = frame.width / (right - left), frame.height / (high - low)
    return QRectF(QPointF((x0 - left) * across, (high - y1) * down), QPointF((x1 - left) * across, (high - y0) * down))

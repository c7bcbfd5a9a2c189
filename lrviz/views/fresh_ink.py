"""A map's ink made anew beside the old: one run at a time, and put in its place when all of it is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter

from lrviz.views.stretched import wipe


class FreshInk:
    """The runs of one map, stroked up to `step`."""

    def __init__(self, number: int, rect: QRect, runs: Sequence[int], step: int, ratio: float) -> None:
        self.map = number
        self.rect = rect
        self.runs = tuple(runs)
        self.step = step
        self.runs_left = list(runs)
        self._image = QImage(rect.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        self._image.setDevicePixelRatio(ratio)
        self._image.fill(Qt.GlobalColor.transparent)

    def stroke_next(self, stroke: Callable[[QPainter, int, int, int], object]) -> None:
        """Stroke the next run from its beginning: `stroke` gets a painter, the run, and the steps' ends."""
        with QPainter(self._image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(-self.rect.topLeft())
            stroke(painter, self.runs_left.pop(0), -1, self.step)

    def put(self, painter: QPainter) -> None:
        """Take the place of the old ink."""
        wipe(painter, self.rect)
        painter.drawImage(self.rect.topLeft(), self._image)

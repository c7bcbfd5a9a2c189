"""One picture a frame: what stands still is rendered once, new points are stroked into it, heads go on top.

A canvas shows one step of one scene. It keeps two images: `still` (maps, axes, grids) and `inked` (still plus every
stroke up to the step it has reached). The next step strokes only what is new; any other step starts from `still`
again. Both are caches: the same scene and step always give the same picture, whatever was shown before.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.scene import Scene
from lrviz.views.theme import LIGHT, Theme


class Canvas(QWidget):
    """The base of the board and the chart. Subclasses paint; the canvas decides what has to be painted again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.theme: Theme = LIGHT
        self.scene: Scene | None = None
        self.step = 0
        self._still: QImage | None = None
        self._inked: QImage | None = None
        self._inked_step = -1  # the last step that stands in _inked; -1: none

    # What a subclass says

    def paint_still(self, painter: QPainter) -> None:
        """Paint all that doesn't depend on the step, background included, in widget coordinates."""
        raise AssertionError("a canvas paints its still part")

    def paint_ink(self, painter: QPainter, first: int, last: int) -> QRegion:
        """Stroke what the steps first < t <= last add (first is -1 at the beginning). Returns where it painted."""
        raise AssertionError("a canvas strokes its ink")

    def paint_heads(self, painter: QPainter) -> None:
        """Paint what moves with self.step: heads, values, cursors. Called in every paintEvent, on top."""

    def heads_region(self) -> QRegion:
        """Where paint_heads paints at self.step: repainted before and after it moves."""
        return QRegion()

    # What the window calls

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.invalidate()

    def show_scene(self, scene: Scene) -> None:
        """Draw another scene, or the same race with more known of it."""
        self.scene = scene
        self.step = min(self.step, scene.steps)
        self.invalidate()

    def show_step(self, step: int) -> None:
        """Draw the scene at `step`; rows that are not published yet are simply not there."""
        if self.scene is None or (step == self.step and self._inked_step == step):
            return
        before = self.heads_region()
        self.step = step
        region = self._bring_ink_to(step) if self._inked is not None else QRegion(self.rect())
        self.update(region | before | self.heads_region())

    def invalidate(self) -> None:
        """Forget both images: a scene, size, theme or axis has changed."""
        self._still = self._inked = None
        self._inked_step = -1
        self.update()

    def picture(self, scale: float) -> QImage:
        """The canvas at `scale` pixels a point, painted afresh so that it is sharp at any scale."""
        image = self._blank(self.size(), scale)
        painter = _painter(image)
        self.paint_still(painter)
        self.paint_ink(painter, -1, self.step)
        self.paint_heads(painter)
        painter.end()
        return image

    # How it is kept

    def _bring_ink_to(self, step: int) -> QRegion:
        """Ink up to `step`: a stroke where it is later than what stands there, the whole again where it is earlier."""
        assert self._inked is not None
        region = QRegion()
        if step < self._inked_step:
            assert self._still is not None
            self._inked = self._still.copy()
            self._inked_step = -1
            region = QRegion(self.rect())
        if step > self._inked_step:
            painter = _painter(self._inked)
            region |= self.paint_ink(painter, self._inked_step, step)
            painter.end()
            self._inked_step = step
        return region

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._inked is None:
            self._still = self._blank(self.size(), self.devicePixelRatioF())
            painter = _painter(self._still)
            self.paint_still(painter)
            painter.end()
            self._inked = self._still.copy()
            self._inked_step = -1
            if self.scene is not None:
                self._bring_ink_to(self.step)
        painter = QPainter(self)
        ratio = self._inked.devicePixelRatio()
        for rect in event.region():
            source = QRect(rect.topLeft() * ratio, rect.size() * ratio)
            painter.drawImage(rect, self._inked, source)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint_heads(painter)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.invalidate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LanguageChange):
            self.invalidate()

    @staticmethod
    def _blank(size: QSize, ratio: float) -> QImage:
        image = QImage(size * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        return image


def _painter(image: QImage) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter

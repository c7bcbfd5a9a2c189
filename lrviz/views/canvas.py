"""One picture a frame: what stands still is rendered once, new points are stroked over it, heads go on top.

A canvas shows one step of one scene. It keeps two images: `still` (maps, axes, grids) and, transparent over it,
`ink` (every stroke up to the step it has reached). A later step strokes only what is new; an earlier one begins
with clean ink. Both are caches: the same scene and step always give the same picture, whatever was shown before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QRegion, QResizeEvent, QShowEvent, QTransform
from PySide6.QtWidgets import QWidget

from lrviz.core.scene import Scene
from lrviz.views.guard import guarded
from lrviz.views.theme import LIGHT, Theme


class Canvas(QWidget):
    """The base of the board and the chart. Subclasses paint; the canvas decides what has to be painted again."""

    came_up = Signal()  # it was hidden, and may have missed steps

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.theme: Theme = LIGHT
        self.scene: Scene | None = None
        self.step = 0
        self.exposed = QRegion()  # what is painted just now: heads elsewhere need not be
        self._still: QImage | None = None
        self._ink: QImage | None = None
        self._inked_step = -1  # the last step that stands in _ink; -1: none
        self._unshown = QRegion()  # where strokes were added that the screen has not got yet
        self._heads = QRegion()  # where heads stand on the screen

    # What a subclass says

    def paint_still(self, painter: QPainter) -> None:
        """Paint all that doesn't depend on the step, background included, in widget coordinates."""
        raise AssertionError("a canvas paints its still part")

    def paint_ink(self, painter: QPainter, first: int, last: int) -> QRegion:
        """Stroke what the steps first < t <= last add (first is -1 at the beginning). Returns where it painted.

        The ink is transparent at first: CompositionMode_DestinationOver slips a halo under all earlier strokes.
        """
        raise AssertionError("a canvas strokes its ink")

    def inkable_step(self) -> int:
        """The last step whose points are all published: ink never goes past it, so that no late row is left out."""
        return self.scene.rows - 1 if self.scene is not None else -1

    def paint_heads(self, painter: QPainter) -> None:
        """Paint what moves with self.step: heads, values, cursors. Called in every paintEvent, on top."""

    def heads_region(self) -> QRegion:
        """Where paint_heads paints at self.step."""
        return QRegion()

    def moved_region(self) -> QRegion:
        """What has to be painted again once the heads stand at self.step: where they were and where they are."""
        before, self._heads = self._heads, self.heads_region()
        return before | self._heads

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
        if self.scene is None:
            return
        if self._ink is None:
            self.step = step
            self.update()
            return
        reached = min(step, self.inkable_step())
        if step != self.step or self._inked_step != reached:
            self.step = step
            self.update(self._bring_up_to_date(reached))

    def ink_ahead(self, step: int) -> None:
        """Stroke up to `step` now, for a frame to come: so no frame has both the strokes and the heads to draw."""
        reached = min(step, self.inkable_step())
        if self._ink is not None and reached > self._inked_step:
            with _antialiased(self._ink) as painter:
                self._unshown |= self.paint_ink(painter, self._inked_step, reached)
            self._inked_step = reached

    def invalidate(self) -> None:
        """Forget both images: a scene, size, theme or axis has changed."""
        self._still = None
        self.invalidate_ink()

    def invalidate_still(self) -> None:
        """Forget the still picture alone: another word in it."""
        self._still = None
        self.update()

    def invalidate_ink(self) -> None:
        """Forget the strokes alone: other traces over the same still picture."""
        self._ink = None
        self.update()

    def wipe_ink(self) -> None:
        """Begin with clean ink: an earlier step is shown."""
        assert self._ink is not None
        self._ink.fill(Qt.GlobalColor.transparent)
        self._inked_step = -1

    def picture(self, scale: float) -> QImage:
        """The canvas at `scale` pixels a point, painted afresh so that it is sharp at any scale."""
        return self._painted_afresh(scale)

    # How it is kept

    def _painted_afresh(self, scale: float) -> QImage:
        image = self._opaque(scale)
        self.exposed = QRegion(self.rect())
        with _antialiased(image) as painter:
            self.paint_still(painter)
            if self.scene is not None:
                ink = self._transparent(scale)
                with _antialiased(ink) as pen:
                    self.paint_ink(pen, -1, min(self.step, self.inkable_step()))
                painter.drawImage(QPoint(0, 0), ink)
                self.moved_region()
                self.paint_heads(painter)
        return image

    def _bring_up_to_date(self, step: int) -> QRegion:
        """Ink up to `step`: a stroke where it is later than what stands there, clean ink where it is earlier.

        Returns what has to be painted again, heads included.
        """
        assert self._ink is not None
        region, self._unshown = self._unshown, QRegion()
        if step < self._inked_step:
            self.wipe_ink()
            region = QRegion(self.rect())
        if step > self._inked_step:
            with _antialiased(self._ink) as painter:
                region |= self.paint_ink(painter, self._inked_step, step)
            self._inked_step = step
        return region | self.moved_region()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        # As context managers, since a painter that an exception leaves open takes the program down too.
        with QPainter(self) as painter:
            ratio = painter.deviceTransform().m11()
            if ratio != self.devicePixelRatioF():  # rendered into a picture of another scale
                painter.drawImage(QPoint(0, 0), self._painted_afresh(ratio))
                return
            still, ink = self._brought_up_to_date(ratio)
            self.exposed = event.region()
            for rect in cast(Iterable[QRect], event.region()):
                if ratio == 1:
                    painter.drawImage(rect, still, rect)
                    painter.drawImage(rect, ink, rect)
                else:
                    _copy(painter, still, rect)
                    _copy(painter, ink, rect)
            if self.scene is not None:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self.paint_heads(painter)

    def _brought_up_to_date(self, ratio: float) -> tuple[QImage, QImage]:
        """Both images, made again where they were forgotten."""
        if self._still is None:
            still = self._opaque(ratio)
            with _antialiased(still) as painter:
                self.paint_still(painter)
            self._still = still
        if self._ink is None:
            self._ink = self._transparent(ratio)
            self._inked_step = -1
            if self.scene is not None:
                self._bring_up_to_date(min(self.step, self.inkable_step()))
        return self._still, self._ink

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.came_up.emit()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.invalidate()

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.LanguageChange):
            self.invalidate()

    def _opaque(self, ratio: float) -> QImage:
        return _blank(self.size(), ratio, QImage.Format.Format_RGB32)

    def _transparent(self, ratio: float) -> QImage:
        image = _blank(self.size(), ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        return image


def _blank(size: QSize, ratio: float, form: QImage.Format) -> QImage:
    image = QImage((size * ratio).expandedTo(QSize(1, 1)), form)
    image.setDevicePixelRatio(ratio)
    return image


def _copy(painter: QPainter, image: QImage, rect: QRect) -> None:
    """Draw one rectangle of an image to where it is in it, on whole device pixels."""
    ratio = image.devicePixelRatio()
    scale = QTransform.fromScale(ratio, ratio)
    pixels = QRectF(scale.mapRect(QRectF(rect)).toAlignedRect())
    painter.drawImage(scale.inverted()[0].mapRect(pixels), image, pixels)


def _antialiased(image: QImage) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return painter

"""A canvas that shows something in space: drag to turn it, wheel to come nearer, double click to go back."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from lrviz.views.canvas import Canvas
from lrviz.views.focus import came_by_tab
from lrviz.views.guard import guarded
from lrviz.views.relief_camera import Camera
from lrviz.views.relief_turning import dragged, keyed, wheeled

SETTLED_MS = 180  # after the last move of the camera, the picture is made fine again


class TurnedCanvas(Canvas):
    """Keeps from where one looks, and whether that moves just now. Subclasses draw what is seen from there."""

    camera_changed = Signal(object)  # the Camera, after a person turned or zoomed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._camera = Camera()
        self._moving = False  # whether the camera moves just now: what is drawn may be coarse
        self._pressed: QPointF | None = None
        self._by_key = False  # whether the keyboard's focus came by a key
        self._settling = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settling.timeout.connect(self._settle)

    # What a subclass says

    def _look(self) -> None:
        """Forget all that depends on where one stands, and on whether the camera moves."""
        raise AssertionError("a turned canvas looks from where its camera stands")

    # What the window calls

    @property
    def camera(self) -> Camera:
        return self._camera

    def set_camera(self, camera: Camera) -> None:
        """Look at it from elsewhere."""
        if camera != self._camera:
            self._camera = camera
            self._look()

    def picture(self, scale: float) -> QImage:
        self._settle()
        return super().picture(scale)

    # Turning

    def paint_heads(self, painter: QPainter) -> None:
        """A frame around it while keys turn it."""
        if self._by_key:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.theme.accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def _go(self, camera: Camera) -> None:
        """A person has moved the camera: coarse at once, fine when it stands."""
        if camera != self._camera:
            self._move()
            self.set_camera(camera)
            self.camera_changed.emit(camera)

    def _move(self) -> None:
        """Be coarse until nothing has moved for a while."""
        self._moving = True
        self._settling.start()

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
            self._go(dragged(self._camera, moved))

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
        self._go(wheeled(self._camera, event.angleDelta().y()))
        event.accept()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        camera = keyed(self._camera, event.key())
        if camera is None:
            super().keyPressEvent(event)
        else:
            self._go(camera)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._by_key = came_by_tab(event)
        self.update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._by_key = False
        self.update()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settle()

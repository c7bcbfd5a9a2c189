"""What hands do to a camera: dragging turns it, the wheel comes nearer, keys do both."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from lrviz.views.relief_camera import Camera

DEGREES_PER_PX, DEGREES_PER_KEY = 0.4, 5.0
ZOOM_PER_NOTCH, ZOOM_PER_KEY = 1.1, 1.15
NOTCH = 120  # eighths of a degree of a wheel, as Qt counts them

_TURNS = {
    Qt.Key.Key_Left: (-DEGREES_PER_KEY, 0.0),
    Qt.Key.Key_Right: (DEGREES_PER_KEY, 0.0),
    Qt.Key.Key_Up: (0.0, DEGREES_PER_KEY),
    Qt.Key.Key_Down: (0.0, -DEGREES_PER_KEY),
}
_ZOOMS = {Qt.Key.Key_Plus: ZOOM_PER_KEY, Qt.Key.Key_Equal: ZOOM_PER_KEY, Qt.Key.Key_Minus: 1 / ZOOM_PER_KEY}


def dragged(camera: Camera, moved: QPointF) -> Camera:
    """The landscape follows the pointer, which has moved by so many px."""
    return camera.turned(-moved.x() * DEGREES_PER_PX, moved.y() * DEGREES_PER_PX)


def wheeled(camera: Camera, angle: int) -> Camera:
    return camera.zoomed(ZOOM_PER_NOTCH ** (angle / NOTCH))


def keyed(camera: Camera, key: int) -> Camera | None:
    """None for a key that does nothing here."""
    if key in (Qt.Key.Key_Home, Qt.Key.Key_0):
        return Camera()
    for turning, (right, up) in _TURNS.items():
        if key == turning:
            return camera.turned(right, up)
    for zooming, factor in _ZOOMS.items():
        if key == zooming:
            return camera.zoomed(factor)
    return None

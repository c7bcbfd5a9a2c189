"""What hand and keys do on maps: set the start, and look closer, further out, or elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent

from lrviz.core.catalog import Bounds, Point
from lrviz.views.spot import Spot, spot_at, spot_of
from lrviz.views.zoom import FARTHEST, NOTCH, moved, zoomed

NUDGE = 0.1  # of a map's width, by which an arrow key moves its window
WHEEL_NOTCH = 120  # Qt's units
_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
_ARROWS = {
    Qt.Key.Key_Left: (-NUDGE, 0.0),
    Qt.Key.Key_Right: (NUDGE, 0.0),
    Qt.Key.Key_Up: (0.0, NUDGE),
    Qt.Key.Key_Down: (0.0, -NUDGE),
}
_NOTCHES = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}


class MapHand(QObject):
    """Holds what a button holds between its press and its release, and which map was pointed at last.

    Told of every event, with the maps as they stand then; the answer is whether the event was for a map.
    """

    start_moved = Signal(float, float, bool)  # x, y on the plane; final
    window_wished = Signal(int, object)  # map, and the window that it is to show: Bounds, or None for home

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.takes_start = False  # whether a press sets the start
        self.farthest = FARTHEST
        self.start: Point | None = None  # where the runs begin now
        self._home: Bounds | None = None
        self._start_set_on: int | None = None  # the map
        self._start_before: Point | None = None  # where it was before the last press
        self._held: int | None = None  # the map that is being moved,
        self._held_at = QPointF()  # and where it was taken last
        self.map = 0  # the map that was pointed at last: keys are meant for it

    @property
    def holds(self) -> bool:
        """Whether a map is being moved."""
        return self._held is not None

    def show(self, home: Bounds | None, start: Point | None, farthest: float) -> None:
        """What there is to look at. A start of None can't be set."""
        self._home, self.start, self.farthest = home, start, farthest
        self.takes_start = start is not None

    def press(self, spots: Sequence[Spot], event: QMouseEvent) -> bool:
        spot = self._spot(spots, event.position())
        if spot is None:
            return False
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() == _MIDDLE or (event.button() == _LEFT and shift):
            self._held, self._held_at = spot.map, event.position()
        elif event.button() == _LEFT and self.takes_start:
            self._start_set_on, self._start_before = spot.map, self.start
            self.start_moved.emit(*spot.point(event.position()), False)
        return True

    def move(self, spots: Sequence[Spot], event: QMouseEvent) -> bool:
        if self._held is not None:
            spot, by = spot_of(spots, self._held), event.position() - self._held_at
            self._held_at = event.position()
            if spot is not None:
                self._move(spot, -by.x() / spot.frame.width, by.y() / spot.frame.height)
            return True
        if self._start_set_on is not None:
            self._set_start(spots, event, final=False)
            return True
        return self._spot(spots, event.position()) is not None

    def release(self, spots: Sequence[Spot], event: QMouseEvent) -> None:
        if event.button() in (_LEFT, _MIDDLE):
            self._held = None
        if event.button() == _LEFT:
            self._set_start(spots, event, final=True)
            self._start_set_on = None

    def double_click(self, spots: Sequence[Spot], event: QMouseEvent) -> bool:
        """The whole landscape again, with the start where it was: the first of the two clicks has moved it."""
        spot = self._spot(spots, event.position())
        if spot is None or spot.frame.bounds == self._home or event.button() != _LEFT:
            return False
        if self.takes_start and self._start_before is not None:
            self.start_moved.emit(*self._start_before, True)
        self.window_wished.emit(spot.map, None)
        return True

    def wheel(self, spots: Sequence[Spot], event: QWheelEvent) -> bool:
        spot = self._spot(spots, event.position())
        notches = event.angleDelta().y() / WHEEL_NOTCH
        if spot is None or notches == 0:
            return False
        self._zoom(spot, spot.point(event.position()), NOTCH**notches)
        return True

    def key(self, spots: Sequence[Spot], event: QKeyEvent) -> bool:
        spot = spot_of(spots, self.map) or spot_of(spots, 0)
        key, keypad = Qt.Key(event.key()), Qt.KeyboardModifier.KeypadModifier
        if spot is None:
            return False
        if event.modifiers() & ~keypad == Qt.KeyboardModifier.ControlModifier and key in _ARROWS:
            self._move(spot, *_ARROWS[key])
        elif event.modifiers() & ~(keypad | Qt.KeyboardModifier.ShiftModifier):
            return False
        elif key in _NOTCHES:
            x0, x1, y0, y1 = spot.frame.bounds
            self._zoom(spot, ((x0 + x1) / 2, (y0 + y1) / 2), NOTCH ** _NOTCHES[key])
        elif key == Qt.Key.Key_0:
            self.window_wished.emit(spot.map, None)
        else:
            return False
        return True

    def _spot(self, spots: Sequence[Spot], at: QPointF) -> Spot | None:
        spot = spot_at(spots, at.toPoint())
        if spot is not None:
            self.map = spot.map
        return spot

    def _set_start(self, spots: Sequence[Spot], event: QMouseEvent, *, final: bool) -> None:
        spot = None if self._start_set_on is None else spot_of(spots, self._start_set_on)
        if spot is not None:
            self.start_moved.emit(*spot.point(event.position()), final)

    def _zoom(self, spot: Spot, about: Point, factor: float) -> None:
        if self._home is not None:
            self.window_wished.emit(spot.map, zoomed(spot.frame.bounds, self._home, about, factor, self.farthest))

    def _move(self, spot: Spot, right: float, up: float) -> None:
        if self._home is not None:
            self.window_wished.emit(spot.map, moved(spot.frame.bounds, self._home, right, up))

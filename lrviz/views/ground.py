"""What lies under the trails: the whole landscape, and close-ups of the windows that are looked at."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QImage

from lrviz.core.catalog import Bounds, Point
from lrviz.core.landscape import Landscape
from lrviz.views.relief import Relief
from lrviz.views.theme import Theme
from lrviz.views.way import Frame


class Ground:
    """Draws any frame from the closest landscape that is known to cover it."""

    def __init__(self, landscape: Landscape) -> None:
        self._whole = Relief(landscape)
        self._close: list[Relief] = []
        self._asked: set[Bounds] = set()

    def shows(self, landscape: Landscape) -> bool:
        """Whether `landscape` is the whole that is drawn here, be it another object."""
        return self._whole.shows(landscape)

    def add(self, closeup: Landscape) -> None:
        """A landscape of the same loss, sampled closer in (or further out)."""
        self._close.append(Relief(closeup))

    def keep(self, windows: Iterable[Bounds]) -> None:
        """Forget the close-ups that none of these windows is drawn from."""
        looked_at = set(windows)
        drawn = {id(self._relief(window)) for window in looked_at}
        self._close = [relief for relief in self._close if id(relief) in drawn]
        self._asked &= looked_at

    def asks(self, window: Bounds) -> bool:
        """Whether a landscape of just this window is to be asked for: once, while it isn't known."""
        known = self._relief(window).landscape.bounds == window
        if known or window in self._asked:
            return False
        self._asked.add(window)
        return True

    def picture(self, frame: Frame, ratio: float, theme: Theme, minima: tuple[Point, ...]) -> QImage:
        """The map in `frame` at `ratio` device pixels a px."""
        return self._relief(frame.bounds).picture(frame, ratio, theme, minima)

    def _relief(self, window: Bounds) -> Relief:
        """The smallest that covers the window; where none does, the whole."""
        covering = [relief for relief in self._close if _covers(relief.landscape.bounds, window)]
        if _covers(self._whole.landscape.bounds, window):
            covering.append(self._whole)
        return min(covering, key=lambda relief: _width(relief.landscape.bounds), default=self._whole)


def _covers(bounds: Bounds, window: Bounds) -> bool:
    return bounds[0] <= window[0] and window[1] <= bounds[1] and bounds[2] <= window[2] and window[3] <= bounds[3]


def _width(bounds: Bounds) -> float:
    return bounds[1] - bounds[0]

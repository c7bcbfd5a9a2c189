"""What of a chart is drawn within one frame: the lines in pieces, and what stands on them at the step on screen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QPainter, QRegion

from lrviz.core.scene import Scene
from lrviz.views.chart_best import LEADER, NOTE, Bests
from lrviz.views.chart_frame import Frame
from lrviz.views.chart_heads import Moving, Names
from lrviz.views.chart_ink import Ink
from lrviz.views.level import epoch_of
from lrviz.views.pieces import Pieces
from lrviz.views.quantity import Quantity
from lrviz.views.series import Series
from lrviz.views.theme import GRID, Theme


class Drawing:
    """Some series in a frame `width` px wide, in a theme's colours. Another frame has another drawing."""

    def __init__(
        self, frame: Frame, scene: Scene, quantity: Quantity, series: Sequence[Series], theme: Theme, width: int
    ) -> None:
        self.frame = frame
        self.names = Names(scene.experiment.lrs, theme)
        self._series = series
        self._theme = theme
        self._pieces = Pieces(frame, scene.steps)
        self.grow()
        self._ink = Ink(series, frame, self._pieces, theme)
        self._bests = Bests(quantity, epoch_of(scene))
        self._room = width - GRID - frame.plot.right() - LEADER - self.names.widest - NOTE  # px for what is noted
        self._moving: Moving | None = None
        self._stay: tuple[int, ...] = ()  # the runs that are seen on a rail, over

    def grow(self) -> None:
        """Go on with what the series have taken in."""
        self._pieces.grow(self._series)

    def paint_ink(self, painter: QPainter, first: int, last: int) -> QRegion:
        """Stroke the pieces that the steps first < t <= last make whole. Returns where it painted."""
        begin, end = self._pieces.whole(first), self._pieces.whole(last)
        if begin == end:
            return QRegion()
        self._ink.paint(painter, begin, end)
        left, right = self._pieces.span(begin, end, self._series)
        return self.frame.strip(left - 3, right + 3)

    def at(self, step: int) -> Moving:
        """Heads and labels at a step: worked out once a frame of the screen."""
        if self._moving is None or self._moving.step != step:
            self._bests.go_to(self.frame, self._series, step)
            notes = self._bests.notes(len(self._series), self._room)
            self._moving = Moving(self.frame, self._series, self._pieces, self.names, step, notes)
        return self._moving

    def paint_heads(self, painter: QPainter, step: int, exposed: QRegion, *, readout: bool) -> None:
        """All that stands on the lines at a step; no names where the `readout` beside the plot tells them."""
        moving = self.at(step)
        self._ink.paint_tails(painter, moving.heads, moving.piece)
        self._bests.paint(painter, self._theme, exposed)
        moving.paint(painter, self._theme, labels=not readout or moving.right < self.frame.plot.right())

    def changed_region(self, step: int) -> QRegion:
        """Where runs have joined those that are over on a rail, or left them, and where best readings have come or
        gone, since this was asked last: they stand still otherwise."""
        moving, region = self.at(step), self._bests.moved_region()
        if moving.stays != self._stay:
            self._stay = moving.stays
            region |= moving.rails()
        return region

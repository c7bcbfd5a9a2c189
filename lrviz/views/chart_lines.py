"""The lines of a chart as they are read: what has been taken in of a scene, and what it says at a pixel or a step."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF

from lrviz.core.scene import Scene
from lrviz.core.viewstate import Against
from lrviz.views.chart_frame import Frame
from lrviz.views.quantities import Quantity
from lrviz.views.readout import Reading, readings_along, readings_at
from lrviz.views.series import Series
from lrviz.views.smoothing import smoothing_span
from lrviz.views.step_canvas import Spot


class Lines:
    """One quantity of every run of a scene, read from its first row on; none before there is a scene."""

    def __init__(self, scene: Scene | None, quantity: Quantity, against: Against) -> None:
        self.span = None if scene is None else smoothing_span(quantity, scene)  # steps over which they are smoothed
        self.series: Sequence[Series] = ()
        if scene is not None:
            runs = range(len(scene.traces))
            self.series = [Series(scene, run, quantity, self.span, against) for run in runs]
        self._path = against == "path"
        self._steps = 0 if scene is None else scene.steps

    def know(self, scene: Scene) -> None:
        """The same race, with more known of it."""
        for one in self.series:
            one.scene = scene

    def grow(self) -> tuple[float, bool]:
        """Take in what has been published: from which step on there is more, inf for none, and whether that reaches
        further than what was there."""
        reached = [one.reach for one in self.series]
        news = [first for one in self.series if (first := one.grow()) is not None]
        further = any(one.reach != before for one, before in zip(self.series, reached, strict=True))
        return min(news, default=math.inf), further

    @property
    def begun(self) -> bool:
        """Whether there is anything to draw."""
        return any(len(one.values) for one in self.series)

    def place(self, spot: Spot) -> float:
        """Where a spot stands on the level axis; beyond what is published, at the last that is."""
        if not self._path:
            return spot.step
        path = self.series[spot.run].path
        return float(path[min(spot.step, len(path) - 1)])

    def nearest(self, frame: Frame, at: QPointF, shown: int) -> Spot | None:
        """The step at a pixel's width; where each run has its own there, that of the line nearest to the pixel, up to
        the step that is shown."""
        place = frame.place(at.x())
        if not self._path:
            return Spot(min(max(round(place), 0), self._steps))
        readings = readings_along(frame, self.series, place, shown)
        if not readings:
            return None
        nearest = min(readings, key=lambda one: math.hypot(one.at.x() - at.x(), one.at.y() - at.y()))
        return Spot(nearest.step, nearest.run)

    def readings(self, frame: Frame, spot: Spot, shown: int) -> list[Reading]:
        """What the lines say at a spot, the uppermost first; nothing ahead of the step that is shown."""
        if not self._path:
            return readings_at(frame, self.series, spot.step) if spot.step <= shown else []
        readings = readings_along(frame, self.series, self.place(spot), shown)
        return [] if all(reading.beyond for reading in readings) else readings

    def leading_run(self) -> int:
        """The run that goes furthest along the axis."""
        ends = [one.path_end for one in self.series]
        return ends.index(max(ends)) if ends else 0

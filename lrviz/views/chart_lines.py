"""The lines of a chart as they are read: what has been taken in of a scene, and what it says at a pixel or a step."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF

from lrviz.core.scene import Scene
from lrviz.core.viewstate import Against
from lrviz.views.chart_frame import Frame
from lrviz.views.level import place_of
from lrviz.views.quantity import Quantity
from lrviz.views.readings import Reading, readings_along, readings_at
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

    def place(self, frame: Frame, spot: Spot) -> float:
        """Where a spot stands on the level axis; beyond what is published, at the last that is."""
        one = self.series if frame.level.shared else self.series[spot.run : spot.run + 1]
        return place_of(frame.level, one, spot.step)

    def nearest(self, frame: Frame, at: QPointF, shown: int) -> Spot | None:
        """The step at a pixel's width; where each run has its own there, that of the line nearest to the pixel, up to
        the step that is shown."""
        place = frame.place(at.x())
        if frame.level.counted:
            return Spot(min(max(round(place), 0), self._steps))
        if frame.level.shared:
            return Spot(self._step_nearest(place))
        readings = readings_along(frame, self.series, place, shown)
        if not readings:
            return None
        nearest = min(readings, key=lambda one: math.hypot(one.at.x() - at.x(), one.at.y() - at.y()))
        return Spot(nearest.step, nearest.run)

    def readings(self, frame: Frame, spot: Spot, shown: int) -> list[Reading]:
        """What the lines say at a spot, the uppermost first; nothing ahead of the step that is shown."""
        if frame.level.shared:
            return readings_at(frame, self.series, spot.step, shown) if spot.step <= shown else []
        readings = readings_along(frame, self.series, self.place(frame, spot), shown)
        return [] if all(reading.beyond for reading in readings) else readings

    def leading_run(self) -> int:
        """The run that goes furthest along the axis."""
        ends = [one.course_end for one in self.series]
        return ends.index(max(ends)) if ends else 0

    def _step_nearest(self, place: float) -> int:
        """The published step that stands nearest to a place on an axis that all runs share."""
        course = max((one.course for one in self.series), key=len)
        after = min(int(course.searchsorted(place)), len(course) - 1)
        nearer = after > 0 and place - course[after - 1] < course[after] - place
        return max(after - 1 if nearer else after, 0)

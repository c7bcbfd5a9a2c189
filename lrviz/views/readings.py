"""What the lines of a chart say at one step, or at one place on its level axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF

from lrviz.views.chart_frame import Frame
from lrviz.views.series import Series


@dataclass(frozen=True)
class Reading:
    """What one run's trace says at a step: its value, and that of the line drawn, which may be a smooth one."""

    run: int
    lr: float
    value: float
    line: float
    at: QPointF  # px of the line's point
    step: int
    ended: int | None  # the step at which the run ended, where that is earlier
    beyond: bool = False  # whether the run hasn't come so far along the axis
    best: float | None = None  # its best value so far, of a quantity that has one,
    last: float = math.nan  # and its last


def readings_at(frame: Frame, series: Sequence[Series], step: int, shown: int | None = None) -> list[Reading]:
    """The latest reading of each run up to `step`, sorted as the lines are: the uppermost first.

    Best and last ones are those up to the step that is `shown`, the same unless told.
    """
    shown = step if shown is None else shown
    found = []
    for run, one in enumerate(series):
        index = one.count(step) - 1
        if index >= 0:
            over = one.trace.overflow_step
            reading = _reading(frame, one, run, index, over if over is not None and over < step else None)
            count = one.count(shown)
            best = one.best(count)
            if best is not None:
                reading = replace(reading, best=float(one.values[best]), last=float(one.values[count - 1]))
            found.append(reading)
    return sorted(found, key=lambda reading: reading.at.y())


def readings_along(frame: Frame, series: Sequence[Series], place: float, step: int) -> list[Reading]:
    """Of each run the reading nearest to a place on the level axis, among those up to `step`.

    Sorted as the lines are; at the end come the runs that haven't come so far: half a pixel is near enough.
    """
    found, slack = [], 0.5 / frame.plot.width()
    for run, one in enumerate(series):
        count = one.count(step)
        if count:
            index = one.nearest(place, count)
            over = one.trace.overflow_step
            beyond = frame.level.fraction(place) > frame.level.fraction(one.place(count - 1)) + slack
            ended = over if beyond and over is not None and over <= step else None
            found.append(_reading(frame, one, run, index, ended, beyond))
    return sorted(found, key=lambda reading: (reading.beyond, reading.at.y()))


def _reading(frame: Frame, series: Series, run: int, index: int, ended: int | None, beyond: bool = False) -> Reading:
    line = float(series.line[index])
    at = QPointF(frame.x(series.place(index)), frame.y(line))
    step = int(series.steps[index])
    return Reading(run, series.trace.lr, float(series.values[index]), line, at, step, ended, beyond)

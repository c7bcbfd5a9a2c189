"""What is read of a sweep's picture: a rate, a value of the knob, a run; by the pointer or from key to key."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lrviz.core.sweep_reading import Best, Reading, larger_is_better
from lrviz.views.sweep_chart import dot_width, run_places
from lrviz.views.sweep_frame import Frame
from lrviz.views.theme import Theme

REACH = 9.0  # px from a dot within which the pointer is at it


@dataclass(frozen=True)
class Spot:
    """A rate at a value of the knob, and one of its runs where that is at hand. Indices."""

    value: int
    rate: int
    seed: int | None = None


def spot_at(frame: Frame, reading: Reading, at: QPointF) -> Spot | None:
    """The run whose dot is nearest, where it is near; else the rate, in a map the cell. None beside the picture."""
    if not frame.plot.united(frame.rail).contains(at):
        return None
    if frame.rows > 1:
        return Spot(frame.value_at(at.y()), frame.rate_at(at.x()))
    places = run_places(reading, frame)
    away = np.hypot(places[..., 0] - at.x(), places[..., 1] - at.y())
    away[np.isnan(away)] = np.inf
    rate, seed = np.unravel_index(int(away.argmin()), away.shape)
    return Spot(0, int(rate), int(seed)) if away[rate, seed] <= REACH else Spot(0, frame.rate_at(at.x()))


def first_spot(ridge: tuple[Best | None, ...]) -> Spot:
    """Where keys begin: at the best rate."""
    best = next((best for best in ridge if best is not None), None)
    return Spot(0, 0) if best is None else Spot(best.value, best.rate)


def moved(reading: Reading, spot: Spot, right: int, up: int) -> Spot:
    """Left and right from rate to rate; up and down from value to value in a map, in a chart from run to run."""
    values, rates, _ = reading.values.shape
    rate = min(max(spot.rate + right, 0), rates - 1)
    if values > 1:
        return Spot(min(max(spot.value + up, 0), values - 1), rate)
    seeds = _upwards(reading, 0, rate)
    if not seeds or (spot.seed is None and not up):
        return Spot(0, rate)
    if spot.seed is None:
        return Spot(0, rate, seeds[len(seeds) // 2])
    here = _upwards(reading, 0, spot.rate)
    place = here.index(spot.seed) if spot.seed in here else 0
    return Spot(0, rate, seeds[min(max(place + up, 0), len(seeds) - 1)])


def seed_of(reading: Reading, spot: Spot) -> int | None:
    """The run to open: the one that is read, or of all seeds the one in the middle; None where none is known."""
    seeds = _upwards(reading, spot.value, spot.rate)
    if spot.seed is not None or not seeds:
        return spot.seed
    return seeds[(len(seeds) - 1) // 2]


def paint_spot(painter: QPainter, theme: Theme, frame: Frame, reading: Reading, spot: Spot) -> None:
    """A frame around a map's cell; in a chart a line through the rate and a ring around the run."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ring = theme.halo_pen(4), QPen(QColor(theme.text), 2)
    if frame.rows > 1:
        for pen in ring:
            painter.setPen(pen)
            painter.drawRect(frame.cell(spot.value, spot.rate).adjusted(1, 1, -1, -1))
        return
    x = float(frame.xs[spot.rate])
    painter.setPen(QPen(QColor(theme.quiet), 1))
    painter.drawLine(QPointF(x, frame.rail.top()), QPointF(x, frame.plot.bottom()))
    if spot.seed is not None:
        x, y = run_places(reading, frame)[spot.rate, spot.seed].tolist()
        radius = dot_width(frame) / 2 + 2
        for pen in ring:
            painter.setPen(pen)
            painter.drawEllipse(QPointF(x, y), radius, radius)


def _upwards(reading: Reading, value: int, rate: int) -> list[int]:
    """The known seeds of a rate from the lowest on the picture to the highest; diverged ones stand on top."""
    figures = reading.values[value, rate]
    height = np.abs(figures) if larger_is_better(reading.metric) else figures  # -inf is drawn on the rail
    return [int(seed) for seed in np.argsort(height, kind="stable") if not np.isnan(figures[seed])]

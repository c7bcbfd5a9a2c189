"""Where a run went, as points of the plane, and the frame that puts them on a map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from lrviz.core.catalog import Bounds, Point
from lrviz.core.landscape import Landscape, Plane
from lrviz.core.trace import Trace

FAR = 1e4  # px from the map's centre: points further out are drawn in their direction at this distance


@dataclass(frozen=True)
class Frame:
    """A map: which part of the plane it shows, and its size in px."""

    bounds: Bounds
    width: int
    height: int

    def pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, 2) plane points to px from the map's upper left corner, never further than FAR; nan stays nan."""
        away = self._away(points)
        reach = np.abs(away).max(axis=1, keepdims=True, initial=0)
        with np.errstate(invalid="ignore"):
            held = np.where(reach > FAR, away / np.maximum(reach, FAR) * FAR, away)
        return np.asarray(held + self._middle)

    def places(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """As `pixels`, but however far away: what lies between two such places is where it is."""
        return self._away(points) + self._middle

    def reach(self, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N,) how far points in px lie from the map's middle: up to 1 on the map, more off it."""
        half = self._middle
        return np.asarray((np.abs(pixels - half) / half).max(axis=1, initial=0))

    @property
    def _middle(self) -> NDArray[np.float64]:
        return np.array([self.width / 2, self.height / 2])

    def _away(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(N, 2) px from the map's middle."""
        x0, x1, y0, y1 = self.bounds
        with np.errstate(over="ignore", invalid="ignore"):
            away = np.clip(points - np.array([(x0 + x1) / 2, (y0 + y1) / 2]), -1e150, 1e150)
            return np.asarray(away * np.array([self.width / (x1 - x0), -self.height / (y1 - y0)]))

    def point(self, at: QPointF) -> Point:
        """The plane point under a px of the map, kept within the bounds."""
        x0, x1, y0, y1 = self.bounds
        x = x0 + (x1 - x0) * at.x() / self.width
        y = y1 - (y1 - y0) * at.y() / self.height
        return min(max(x, x0), x1), min(max(y, y0), y1)

    @property
    def rect(self) -> QRectF:
        return QRectF(0, 0, self.width, self.height)


class Way:
    """A trace's snapshots on the plane: each is projected once, when it has been published."""

    def __init__(self, trace: Trace, plane: Plane | None) -> None:
        """`plane` is None for a surface, whose theta is the plane's point as it stands."""
        self.trace = trace
        self.plane = plane
        self.steps: NDArray[np.int64] = np.empty(0, np.int64)  # (S,)
        self.points: NDArray[np.float64] = np.empty((0, 2))  # (S, 2)
        self._distances: dict[int, float] = {}  # by point, as far as they were asked for
        self._losses: dict[int, float] = {}  # as well, of one landscape
        self._landscape: Landscape | None = None
        self._every_step = True  # a surface's: then no search is needed

    def grow(self) -> None:
        """Take in what has been published since."""
        done, steps = len(self.steps), self.trace.snapshot_step
        if len(steps) > done:
            theta = self.trace.theta[done : len(steps)]
            self.points = np.concatenate([self.points, self._project(theta)])
            self.steps = steps
            self._every_step = int(steps[-1]) == len(steps) - 1

    def count(self, step: int) -> int:
        """How many points stand at `step`."""
        if self._every_step:
            return max(min(step + 1, len(self.steps)), 0)
        return int(self.steps.searchsorted(step, side="right"))

    def distance(self, place: int) -> float:
        """How far from the plane the run is at one of the points; 0 on a surface."""
        if self.plane is None:
            return 0.0
        if place not in self._distances:
            self._distances[place] = self.plane.distance(self.trace.theta_at(place))
        return self._distances[place]

    def loss_on(self, landscape: Landscape, place: int) -> float:
        """The landscape's loss at one of the points; nan off it."""
        if self._landscape is not landscape:
            self._landscape, self._losses = landscape, {}
        if place not in self._losses:
            self._losses[place] = float(landscape.loss_at(self.points[place : place + 1])[0])
        return self._losses[place]

    def _project(self, theta: NDArray[np.floating]) -> NDArray[np.float64]:
        return np.asarray(theta, np.float64) if self.plane is None else self.plane.plane_from_theta(theta)

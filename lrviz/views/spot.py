"""Where on a canvas a run's map stands, and which part of the plane it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect

from lrviz.core.catalog import Point
from lrviz.views.way import Frame


@dataclass(frozen=True)
class Spot:
    """One run's map. Runs may share a map, and then they have spots alike."""

    map: int
    rect: QRect
    frame: Frame

    def point(self, at: QPointF) -> Point:
        """The plane point under a px of the canvas, kept within the map."""
        return self.frame.point(at - self.rect.topLeft().toPointF())


def spot_at(spots: Sequence[Spot], point: QPoint) -> Spot | None:
    """The map under `point`."""
    return next((spot for spot in spots if spot.rect.contains(point)), None)


def spot_of(spots: Sequence[Spot], number: int) -> Spot | None:
    return next((spot for spot in spots if spot.map == number), None)

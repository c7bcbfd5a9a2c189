"""Where all runs stand on a landscape at one step: their balls, or the places at which they left the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QPainter

from lrviz.views.relief_balls import ARROW_REACH, REACH, paint_ball, paint_exit
from lrviz.views.relief_drape import Drape
from lrviz.views.relief_raster import Horizon
from lrviz.views.relief_scene import on_map
from lrviz.views.theme import Theme


@dataclass(frozen=True)
class Standing:
    """One run at one step, in px."""

    run: int
    at: QPointF | None = None  # None off the map
    away: float = 0.0  # how far from the viewer
    hidden: bool = False
    exit: tuple[QPointF, QPointF] | None = None  # the edge, and a point inside

    def area(self) -> QRect:
        """Where it paints."""
        area = QRectF()
        for at, reach in ((self.at, REACH), (self.exit[0] if self.exit else None, ARROW_REACH)):
            if at is not None:
                area |= QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        return area.toAlignedRect()


def stand(drapes: Sequence[Drape], horizon: Horizon, step: int) -> list[Standing]:
    """Where all runs stand, worked out together: a call of NumPy costs as much for one as for all."""
    known = [(drape.place(step), drape.exit(step)) for drape in drapes]
    places = [place[None] for place, _ in known if place is not None]
    ground = np.concatenate([np.empty((0, 2)), *places, *(edge for _, edge in known if edge is not None)])
    world = np.nan_to_num(horizon.ground.lift(np.clip(ground, 0, 1)))  # a ball in a hole lies on its floor
    projected = horizon.projection.project(world)
    rows = zip(projected.tolist(), on_map(ground).tolist(), horizon.hides(projected).tolist(), strict=True)
    balls = [next(rows) if place is not None else None for place, _ in known]
    standing = []
    for run, (ball, (_, edge)) in enumerate(zip(balls, known, strict=True)):
        exit = None if edge is None else (QPointF(*next(rows)[0][:2]), QPointF(*next(rows)[0][:2]))
        if ball is None or not ball[1]:
            standing.append(Standing(run, exit=exit))
        else:
            (x, y, away), _, hidden = ball
            standing.append(Standing(run, QPointF(x, y), away, hidden, exit))
    return standing


def paint_standing(painter: QPainter, theme: Theme, standing: Sequence[Standing], flat: float) -> None:
    """The farthest first, so that what is nearer stands before it."""
    for one in sorted(standing, key=lambda one: -one.away):
        if one.exit is not None:
            paint_exit(painter, theme, one.run, *one.exit, away=one.at is None)
        if one.at is not None:
            paint_ball(painter, theme, one.run, one.at, flat, one.hidden)

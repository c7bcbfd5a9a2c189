"""The minima of a surface: known ones, those that its landscape shows, and those that descents were found to end in."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.catalog import Bounds, Point
from lrviz.core.surface_ground import NEAR
from lrviz.engine.judging import TOLERANCE
from lrviz.engine.problems import SurfaceProblem

CELLS = 128  # a side of the raster that says which minimum is nearest
SEARCHED = 2.0  # times the window: how far minima are looked for
GRID = 201  # points a side that they are looked for on
NEWTON_STEPS = 12
POINTED = 1e-6  # a least curvature below this part of the most makes a minimum a floor, not a point
MOST = 256  # minima; where there are more, they are no points but a floor


@dataclass(frozen=True, eq=False)
class Bends:
    """Gradient and curvature at N points: (2, N) gradient and Newton's step, (N,) curvatures, least and most."""

    gradient: Tensor
    least: Tensor
    most: Tensor
    newton: Tensor  # from each point to where its slope would be 0
    hessian: Tensor  # (3, N): xx, xy, yy


def bends(problem: SurfaceProblem, theta: Tensor) -> Bends:
    """At theta (2, N), in float64 and by autograd."""
    with torch.enable_grad():
        x, y = (row.detach().double().requires_grad_() for row in theta)
        dx, dy = _derivatives(problem.loss(torch.stack((x, y), -1)), x, y)
        (xx, xy), (_, yy) = _derivatives(dx, x, y), _derivatives(dy, x, y)
    dx, dy, xx, xy, yy = (part.detach() for part in (dx, dy, xx, xy, yy))
    middle, reach = (xx + yy) / 2, torch.hypot((xx - yy) / 2, xy)
    determinant = xx * yy - xy * xy
    newton = torch.stack((xy * dy - yy * dx, xy * dx - xx * dy)) / determinant
    return Bends(torch.stack((dx, dy)), middle - reach, middle + reach, newton, torch.stack((xx, xy, yy)))


def _derivatives(value: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    if not value.requires_grad:
        return torch.zeros_like(x), torch.zeros_like(x)
    dx, dy = torch.autograd.grad(
        value, (x, y), torch.ones_like(value), create_graph=True, allow_unused=True, materialize_grads=True
    )
    return dx, dy


class Minima:
    """Places and losses, in the order in which they were found. Several threads may look and add."""

    def __init__(self, problem: SurfaceProblem, bounds: Bounds, known: Sequence[Point]) -> None:
        x0, x1, y0, y1 = bounds
        self.problem = problem
        self._lock = threading.Lock()
        self._known: tuple[NDArray[np.float64], NDArray[np.float64]] = np.empty((0, 2)), np.empty(0)
        self.centre = torch.tensor([[x0 + x1], [y0 + y1]]) / 2  # (2, 1) float32
        self.half = torch.tensor([[x1 - x0], [y1 - y0]]) / 2
        self._tensors: tuple[Tensor, Tensor, Tensor] | None = None  # places (2, M), losses (M,), raster (CELLS²,)
        x, y = self._grid(bounds)
        with torch.no_grad():
            loss = problem.loss(torch.stack((x, y), -1))
        self.tolerance = TOLERANCE * min(1.0, _span(loss[GRID // 4 : -(GRID // 4), GRID // 4 : -(GRID // 4)]) or 1.0)
        self.add(np.array(known).reshape(-1, 2))
        self.add(self._lowest(x, y, loss))

    @property
    def places(self) -> tuple[Point, ...]:
        return tuple((x, y) for x, y in self._known[0].tolist())

    def near(self, theta: Tensor, away: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Which of the points (2, N) are near a minimum (M,), which minimum that is (M,), and how far above it in loss.

        Near is as the verdicts have it; the gap (M,) may be below 0 beside a lower place. `away` (2, N) are the
        points in half-sizes from the window's middle; it is overwritten.
        """
        if self._tensors is None:
            none = torch.zeros(0, dtype=torch.int64)
            return none, none, torch.zeros(0, dtype=torch.float64)
        places, losses, raster = self._tensors
        cell = away.add_(SEARCHED).mul_(CELLS / 2 / SEARCHED).nan_to_num_(0.0).clamp_(0, CELLS - 1).floor_()
        which = raster.index_select(0, cell[1].mul_(CELLS).add_(cell[0]).int())
        columns = (which >= 0).nonzero()[:, 0]
        which = which[columns].long()
        close = theta[:, columns]
        inside = ((close - places[:, which]).abs_() <= 10 * NEAR * self.half).all(0)
        columns, which, close = columns[inside], which[inside], close[:, inside]
        with torch.no_grad():
            return columns, which, self.problem.loss(close.double().T) - losses[which]

    def settled_at(self, theta: Tensor) -> tuple[Tensor, Tensor]:
        """Which of the points (2, N) are at a minimum, within the tolerance, and at which."""
        columns, which, gap = self.near(theta, (theta - self.centre).div_(self.half))
        at = gap.abs() <= self.tolerance
        return columns[at], which[at]

    def discover(self, theta: Tensor, found: Bends) -> None:
        """Take in the minima that points (2, N) have come to, by their slopes there."""
        offset = found.newton.abs() <= NEAR * self.half
        gap = -(found.gradient * found.newton).sum(0) / 2
        at = offset[0] & offset[1] & (found.least > POINTED * found.most) & (gap <= self.tolerance) & (gap >= 0)
        self.add((theta.double() + found.newton)[:, at].T.numpy())

    def add(self, places: NDArray[np.float64]) -> None:
        """Take in places (M, 2), but for those that stand where another does."""
        with self._lock:
            known, _ = self._known
            half = self.half.numpy()[:, 0].astype(np.float64)
            for place in places[np.isfinite(places).all(1)]:
                apart = np.abs(known - place) > NEAR * half
                if len(known) < MOST and apart.any(1).all():
                    known = np.concatenate([known, place[None]])
            if len(known) == len(self._known[0]):
                return
            with torch.no_grad():
                losses = self.problem.loss(torch.from_numpy(known))
            self._known = known, losses.numpy()
            self._tensors = torch.from_numpy(known.T).float().contiguous(), losses, self._rastered(known, half)

    def _rastered(self, places: NDArray[np.float64], half: NDArray[np.float64]) -> Tensor:
        """(CELLS²,) which place is nearest to each cell, counted in half-sizes; -1 where all are too far."""
        along = ((np.arange(CELLS) + 0.5) / CELLS * 2 - 1) * SEARCHED
        scaled = (places - self.centre.numpy()[:, 0]) / half
        away_x, away_y = (along[:, None] - scaled[:, i] for i in range(2))
        best, which = np.full((CELLS, CELLS), np.inf), np.full((CELLS, CELLS), -1, np.int32)
        reach = 10 * NEAR + SEARCHED / CELLS  # of a minimum, and half a cell more
        for number in range(len(places)):
            rows, columns = (np.flatnonzero(np.abs(away[:, number]) <= reach) for away in (away_y, away_x))
            some = np.ix_(rows, columns)
            away = np.hypot(away_y[rows, None, number], away_x[None, columns, number])
            nearer = away < best[some]
            best[some], which[some] = np.where(nearer, away, best[some]), np.where(nearer, number, which[some])
        return torch.from_numpy(which.ravel())

    def _lowest(self, x: Tensor, y: Tensor, loss: Tensor) -> NDArray[np.float64]:
        """(M, 2) the minima near points of a grid that lie lower than all around, by Newton's method from there."""
        loss = torch.where(torch.isfinite(loss), loss, torch.inf)
        lowest = (loss <= -torch.nn.functional.max_pool2d(-loss[None], 3, 1, 1)[0]) & torch.isfinite(loss)
        lowest[[0, -1]] = False
        lowest[:, [0, -1]] = False
        row, column = lowest.nonzero()[:MOST].T
        start = torch.stack((x[row, column], y[row, column]))
        theta = start.clone()
        for _ in range(NEWTON_STEPS):
            theta += bends(self.problem, theta).newton.nan_to_num(0.0, 0.0, 0.0)
        end = bends(self.problem, theta)
        good = end.least > POINTED * end.most
        good &= ((theta - start).abs() <= 10 * NEAR * self.half).all(0) & (end.newton.abs() <= 1e-6 * self.half).all(0)
        return theta[:, good].T.numpy()

    def _grid(self, bounds: Bounds) -> tuple[Tensor, Tensor]:
        """(GRID, GRID) x and y of points all over the searched area."""
        x0, x1, y0, y1 = bounds
        along = torch.linspace(-SEARCHED, SEARCHED, GRID, dtype=torch.float64)
        x, y = ((low + high) / 2 + (high - low) / 2 * along for low, high in ((x0, x1), (y0, y1)))
        columns, rows = torch.meshgrid(x, y, indexing="xy")
        return columns, rows


def _span(loss: Tensor) -> float:
    heights = loss[torch.isfinite(loss)]
    return float(heights.max() - heights.min()) if len(heights) else 1.0

"""The minima of a surface: known ones, those that its landscape shows, and those that descents were found to end in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core.catalog import Bounds, Point
from lrviz.core.surface_ground import NEAR
from lrviz.engine.fate_gradient import Slopes
from lrviz.engine.judging import TOLERANCE
from lrviz.engine.problems import SurfaceProblem

CELLS = 128  # a side of the raster that says which minimum is nearest
INSIDE, OUTSIDE = -2, -1  # the window, in that raster
SEARCHED = 2.0  # times the window: how far minima are looked for
GRID = 201  # points a side that they are looked for on,
SMOOTH_GRID = 61  # or so many: a surface that has to be asked sums over data, which smoothes it, and takes long
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

    @classmethod
    def of(cls, parts: Sequence[Bends]) -> Bends:
        """All points of some parts, one after another."""
        return cls(*(torch.cat([getattr(part, field.name) for part in parts], -1) for field in fields(cls)))


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
    """Places and losses, in the order in which they were found; what a copy finds is not found by the other."""

    def __init__(
        self, problem: SurfaceProblem, slopes: Slopes, bounds: Bounds, known: Sequence[Point], grid: int = GRID
    ) -> None:
        x0, x1, y0, y1 = bounds
        self.problem = problem
        self._slopes = slopes
        self._known: tuple[NDArray[np.float64], NDArray[np.float64]] = np.empty((0, 2)), np.empty(0)
        self.centre = torch.tensor([[x0 + x1], [y0 + y1]]) / 2  # (2, 1) float32
        self.half = torch.tensor([[x1 - x0], [y1 - y0]]) / 2
        self._box = self.centre.numpy(), self.half.numpy()
        self._reach = 10 * NEAR * self._box[1]
        self._places: NDArray[np.float32] = np.empty((2, 0), np.float32)
        cells = CELLS / 2 / SEARCHED / self.half[:, 0].double()  # the raster's, per unit of x and of y
        first = CELLS / 2 - self.centre[:, 0].double() * cells  # where 0 lies, counted in cells
        self._cell_of = first.float(), cells.tolist()
        self._raster = _outside()
        x, y = self._grid(bounds, grid)
        with torch.no_grad():
            loss = problem.loss(torch.stack((x, y), -1))
        window = slice(grid // 4, -(grid // 4))
        self.tolerance = TOLERANCE * min(1.0, _span(loss[window, window]) or 1.0)
        self.add(np.concatenate([np.array(known).reshape(-1, 2), self._lowest(x, y, loss)]))

    @property
    def places(self) -> tuple[Point, ...]:
        return tuple((x, y) for x, y in self._known[0].tolist())

    def noteworthy(self, theta: Tensor) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """(M,) which of the points (2, N) may be outside the window or near a minimum: no other one is either.

        And (M,) the minimum that each of them may be near, or -1.
        """
        cell = torch.empty_like(theta)
        for row, place, first, cells in zip(cell, theta, *self._cell_of, strict=True):
            torch.add(first, place, alpha=cells, out=row)
        # No number, or one too large for an integer, gives a cell at the edge, which is outside.
        column, line = cell.int().clamp_(0, CELLS - 1)
        which = self._raster.index_select(0, column.add_(line, alpha=CELLS)).numpy()
        some = np.flatnonzero(which > INSIDE)
        return some, which[some]

    def distance(self, theta: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N,) how far points (2, N) are from the window's middle, in half-sizes; inf where that is no number."""
        centre, half = self._box
        distance: NDArray[np.float32] = np.abs((theta - centre) / half).max(0)
        distance[np.isnan(distance)] = np.inf
        return distance

    def gaps(
        self, theta: NDArray[np.float32], which: NDArray[np.int32]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Which of the points (2, N) are near the minimum (N,) that each may be near (M,), and how far above it.

        Near is as the verdicts have it; the gap in loss (M,) may be below 0 beside a lower place.
        """
        _, losses = self._known
        # All of them may be near one, where there are many minima: np.take is several times as quick as an index.
        at = np.flatnonzero(which >= 0)
        off = np.abs(theta.take(at, 1) - self._places.take(which.take(at), 1)) <= self._reach
        at = at[off[0] & off[1]]
        if len(at) == 0:
            return at, np.zeros(0)
        loss = self._slopes.losses(torch.from_numpy(theta.take(at, 1)))
        return at, loss.numpy() - losses.take(which.take(at))

    def settled_at(self, theta: Tensor) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Which of the points (2, N) are at a minimum, within the tolerance, and at which."""
        some, which = self.noteworthy(theta)
        at, gap = self.gaps(theta.numpy()[:, some], which)
        at = at[np.abs(gap) <= self.tolerance]
        return some[at], which[at]

    def discover(self, theta: Tensor, found: Bends) -> None:
        """Take in the minima that points (2, N) have come to, by their slopes there."""
        offset = found.newton.abs() <= NEAR * self.half
        gap = -(found.gradient * found.newton).sum(0) / 2
        at = offset[0] & offset[1] & (found.least > POINTED * found.most) & (gap <= self.tolerance) & (gap >= 0)
        self.add((theta.double() + found.newton)[:, at].T.numpy())

    def add(self, places: NDArray[np.float64]) -> None:
        """Take in places (M, 2), but for those that stand where another does."""
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
        self._places = np.ascontiguousarray(known.T, np.float32)
        self._raster = torch.maximum(self._rastered(known, half), _outside())

    def _rastered(self, places: NDArray[np.float64], half: NDArray[np.float64]) -> Tensor:
        """(CELLS²,) which place is nearest to each cell, counted in half-sizes; INSIDE where all are too far."""
        along = ((np.arange(CELLS) + 0.5) / CELLS * 2 - 1) * SEARCHED
        scaled = (places - self.centre.numpy()[:, 0]) / half
        away_x, away_y = (along[:, None] - scaled[:, i] for i in range(2))
        best, which = np.full((CELLS, CELLS), np.inf), np.full((CELLS, CELLS), INSIDE, np.int32)
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
            found = bends(self.problem, theta)
            step = found.newton.nan_to_num(0.0, 0.0, 0.0)
            if (step.abs() <= 1e-12 * self.half).all():
                break
            theta += step
            stays = ((theta - start).abs() <= 10 * NEAR * self.half).all(0)  # others lead to no minimum that is near
            theta, start = theta[:, stays], start[:, stays]
        else:
            found = bends(self.problem, theta)
        good = (found.least > POINTED * found.most) & (found.newton.abs() <= 1e-6 * self.half).all(0)
        return theta[:, good].T.numpy()

    def _grid(self, bounds: Bounds, points: int) -> tuple[Tensor, Tensor]:
        """(points, points) x and y of points all over the searched area."""
        x0, x1, y0, y1 = bounds
        along = torch.linspace(-SEARCHED, SEARCHED, points, dtype=torch.float64)
        x, y = ((low + high) / 2 + (high - low) / 2 * along for low, high in ((x0, x1), (y0, y1)))
        columns, rows = torch.meshgrid(x, y, indexing="xy")
        return columns, rows


def _outside() -> Tensor:
    """(CELLS²,) OUTSIDE for cells that are not wholly inside the window, those at its very edge among them."""
    outside = torch.full((CELLS, CELLS), OUTSIDE, dtype=torch.int32)
    edge = round(CELLS / 2 * (1 - 1 / SEARCHED))
    outside[edge + 1 : -edge - 1, edge + 1 : -edge - 1] = INSIDE
    return outside.ravel()


def _span(loss: Tensor) -> float:
    heights = loss[torch.isfinite(loss)]
    return float(heights.max() - heights.min()) if len(heights) else 1.0

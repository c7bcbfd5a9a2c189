"""Where a descent is drawn: a plane through theta space, and the loss on a grid of that plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lrviz.core.catalog import Bounds

# Through the start, downhill; along the main directions of all paths; along two random directions from the best run's
# end; through the start and two of the runs' ends.
PlaneKind = Literal["start", "paths", "random", "finals"]
PLANE_KINDS: tuple[PlaneKind, ...] = ("start", "paths", "random", "finals")

CHUNK = 2**16  # numbers of theta projected at a time, so that no copy of a whole trace is made


@dataclass(frozen=True, eq=False)
class Plane:
    """A 2D window into theta space: theta = origin + a·directions[0] + b·directions[1]. The same for all runs."""

    origin: NDArray[np.float64]  # (P,)
    directions: NDArray[np.float64]  # (2, P), orthonormal
    axes: tuple[str, str]  # what each axis is: "x", or "main direction 1 (62 % of the paths)"

    @classmethod
    def of_surface(cls) -> Plane:
        """The plane of a surface is the surface itself."""
        return cls(np.zeros(2), np.eye(2), ("x", "y"))

    def plane_from_theta(self, theta: NDArray[np.floating]) -> NDArray[np.float64]:
        """(S, P) points of theta space to their (S, 2) feet on the plane.

        Worked out in theta's own precision: in float32 it takes half the time that float64 would.
        """
        origin, directions = self.origin.astype(theta.dtype), self.directions.astype(theta.dtype)
        feet, rows = np.empty((len(theta), 2)), max(1, CHUNK // theta.shape[1])
        with np.errstate(over="ignore", invalid="ignore"):
            for first in range(0, len(theta), rows):
                feet[first : first + rows] = (theta[first : first + rows] - origin) @ directions.T
        return feet

    def distance(self, theta: NDArray[np.floating]) -> float:
        """How far one theta (P,) lies from the plane."""
        with np.errstate(over="ignore", invalid="ignore"):
            away = theta - self.origin
            return float(np.linalg.norm(away - (away @ self.directions.T) @ self.directions))

    def theta_from_plane(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(G, 2) points of the plane to the (G, P) thetas they stand for."""
        return self.origin + points @ self.directions


@dataclass(frozen=True, eq=False)
class Landscape:
    """The loss on a grid over `bounds`; nan or inf where it is not defined."""

    bounds: Bounds
    loss: NDArray[np.float64]  # (H, W): row 0 at y0, column 0 at x0, the last at y1 and x1

    def loss_at(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """(N,) the loss at (N, 2) points of the plane, bilinear between the grid's; nan off it."""
        (x0, x1, y0, y1), (rows, columns) = self.bounds, self.loss.shape
        with np.errstate(over="ignore", invalid="ignore"):
            unit = (points - np.array([x0, y0])) / np.array([x1 - x0, y1 - y0])
            known = ((unit >= 0) & (unit <= 1)).all(1)
        at = np.where(known[:, None], unit, 0) * np.array([columns - 1, rows - 1])
        corner = np.minimum(at.astype(np.intp), np.array([columns - 2, rows - 2]))
        (u, v), (column, row) = (at - corner).T, corner.T
        with np.errstate(invalid="ignore"):
            low = self.loss[row, column] * (1 - u) + self.loss[row, column + 1] * u
            high = self.loss[row + 1, column] * (1 - u) + self.loss[row + 1, column + 1] * u
            return np.where(known, low * (1 - v) + high * v, np.nan)

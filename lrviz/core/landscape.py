"""Where a descent is drawn: a plane through theta space, and the loss on a grid of that plane."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lrviz.core.catalog import Bounds


# Through the start, downhill; along the main directions of all paths; along two random directions from the start;
# through the start and two of the runs' ends.
PlaneKind = Literal["start", "paths", "random", "finals"]
PLANE_KINDS: tuple[PlaneKind, ...] = ("start", "paths", "random", "finals")


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
        """(S, P) points of theta space to their (S, 2) feet on the plane."""
        return (theta - self.origin) @ self.directions.T

    def theta_from_plane(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """(G, 2) points of the plane to the (G, P) thetas they stand for."""
        return self.origin + points @ self.directions


@dataclass(frozen=True, eq=False)
class Landscape:
    """The loss on a grid over `bounds`; nan or inf where it is not defined."""

    bounds: Bounds
    loss: NDArray[np.float64]  # (H, W): row 0 at y0, column 0 at x0, the last at y1 and x1

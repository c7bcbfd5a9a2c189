"""The loss on a grid of the plane that is drawn."""

from __future__ import annotations

import numpy as np
import torch

from lrviz.core.catalog import Bounds
from lrviz.core.landscape import Landscape
from lrviz.engine.problems import SurfaceProblem

SURFACE_SIZE = 201  # points a side: fine enough for Rosenbrock's valley, and evaluated in 2 ms


def surface_landscape(problem: SurfaceProblem, bounds: Bounds, size: int = SURFACE_SIZE) -> Landscape:
    """The surface on size × size points over `bounds`, in one evaluation."""
    points = torch.from_numpy(grid_points(bounds, size))
    with torch.no_grad():
        loss = problem.loss(points)
    return Landscape(bounds, loss.numpy().reshape(size, size))


def grid_points(bounds: Bounds, size: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """(size², 2) the grid's points, row by row from y0 to y1."""
    x0, x1, y0, y1 = bounds
    x, y = np.meshgrid(np.linspace(x0, x1, size), np.linspace(y0, y1, size))
    return np.stack([x.ravel(), y.ravel()], 1)

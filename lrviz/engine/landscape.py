"""The loss on a grid of the plane that is drawn."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from lrviz.core.catalog import Bounds
from lrviz.core.landscape import Landscape
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.planes import Window
from lrviz.engine.problems import Function, SurfaceProblem

SURFACE_SIZE = 201  # points a side: fine enough for Rosenbrock's valley, and evaluated in 2 ms
FINE_SIZES = (21, 81)  # the smallest and the largest, whatever the budget
FINE_PRODUCTS = 30e9  # multiplications that a fine grid may take: about a second
BATCH_SECONDS = 0.015


def surface_landscape(problem: SurfaceProblem, bounds: Bounds, size: int = SURFACE_SIZE) -> Landscape:
    """The surface on size × size points over `bounds`. The latest are kept: whoever drags a start asks for them again.

    Real losses need it, whose landscape is a sum over samples: tens of milliseconds instead of one.
    """
    return _surface_landscape(problem.function, bounds, size)


@lru_cache(maxsize=8)
def _surface_landscape(function: Function, bounds: Bounds, size: int) -> Landscape:
    x, y = torch.from_numpy(_grid(bounds, size)).unbind(1)
    with torch.no_grad():
        loss = function(x, y).numpy().reshape(size, size)
    loss.setflags(write=False)  # one for all who ask
    return Landscape(bounds, loss)


def model_landscape(problem: ModelProblem, window: Window, size: int) -> Iterator[Landscape | None]:
    """The training loss on size × size points of the window: None after each batch of some 15 ms, at last the grid."""
    points = _grid(window.bounds, size)
    loss = np.empty(len(points))
    done, count = 0, 1
    losses_at = problem.losses_on(window.plane)
    while done < len(points):
        some, seconds = slice(done, done + count), 0.0
        begun = time.perf_counter()
        for losses in losses_at(points[some]):
            seconds += time.perf_counter() - begun
            if losses is not None:
                loss[some] = losses.numpy()
            yield None
            begun = time.perf_counter()
        done += count
        count = max(1, min(2 * count, int(BATCH_SECONDS * count / seconds)))
    yield Landscape(window.bounds, loss.reshape(size, size))


def coarse_size(problem: ModelProblem) -> int:
    """A quarter of the fine grid's points a side: a first picture in a sixteenth of the time."""
    return fine_size(problem) // 4


def fine_size(problem: ModelProblem) -> int:
    """Points a side that are affordable, by the multiplications that a sample takes."""
    least, most = FINE_SIZES
    affordable = math.isqrt(int(FINE_PRODUCTS / (problem.products * problem.landscape_samples)))
    return min(max(affordable, least), most)


def _grid(bounds: Bounds, size: int) -> NDArray[np.float64]:
    """(size², 2) the grid's points, row by row from y0 to y1."""
    x0, x1, y0, y1 = bounds
    x, y = np.meshgrid(np.linspace(x0, x1, size), np.linspace(y0, y1, size))
    return np.stack([x.ravel(), y.ravel()], 1)

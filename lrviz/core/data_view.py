"""The data behind a surface that is a real loss, and what the two parameters say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class DataView:
    """Samples as points of a plane, and the line that theta draws through them: a fit, or the border of two classes."""

    points: NDArray[np.float64]  # (N, 2): feature and target, or two features
    classes: NDArray[np.int64] | None  # (N,) 0 or 1; None where the second coordinate is the target
    axes: tuple[str, str]  # what the coordinates are, units included
    bounds: tuple[float, float, float, float]  # x0, x1, y0, y1 of the window that shows all points
    curve: Curve  # theta (2,) to the line's (M, 2) points, which may leave the bounds; M is 0 where it draws none

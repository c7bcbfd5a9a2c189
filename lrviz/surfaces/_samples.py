"""Real samples behind a surface: columns of the tables that travel with the program, and means over all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.catalog import Bounds
from lrviz.core.data_view import Curve
from lrviz.core.table import shipped_table

PIECE = 150_000  # of loss terms at once: they stay in the processor's cache, and a large map needs no large memory
MARGIN = 0.06  # of a data window, around its points

Array = NDArray[np.float64]


def column_of(table: str, column: str) -> Array:
    """(N,) a column of numbers."""
    return shipped_table(table).columns[column].values.astype(np.float64)


def standardised(values: Array) -> Array:
    """(N,) less their mean, in their deviations."""
    scaled: Array = (values - values.mean()) / values.std()
    return scaled


def window_of(points: Array) -> Bounds:
    """A window that shows all points (N, 2), with a margin."""
    low, high = points.min(0), points.max(0)
    (x0, y0), (x1, y1) = (low - MARGIN * (high - low)).tolist(), (high + MARGIN * (high - low)).tolist()
    return x0, x1, y0, y1


def drawable(curve: Curve) -> Curve:
    """The same curve, but with no points where theta, or what follows from it, is not finite."""

    def drawn(theta: Array) -> Array:
        with np.errstate(all="ignore"):
            points = curve(theta)
        return points if np.isfinite(points).all() else np.empty((0, 2))

    return drawn


def in_pieces(loss: Callable[[Any, Any], Any], x: Any, y: Any, samples: int) -> Any:
    """`loss(x, y)`, which makes `samples` numbers of each element of the tensors x and y, a piece at a time."""
    import torch

    count = -(-x.numel() * samples // PIECE)
    if count <= 1:
        return loss(x, y)
    pieces = zip(x.reshape(-1).tensor_split(count), y.reshape(-1).tensor_split(count), strict=True)
    return torch.cat([loss(*piece) for piece in pieces]).reshape(x.shape)

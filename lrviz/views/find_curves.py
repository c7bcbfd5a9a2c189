"""The range test's curves as they are seen: smoothed by the view alone, and thinned to what a screen can show."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lrviz.core.range_test import Rows


def smoothed(losses: Rows, span: int) -> Rows:
    """(S, T) exponential means of losses (S, T) that weigh the last `span` steps most, free of the bias at the start.

    As lrviz.views.smoothing does it for a race, of all seeds at once. From a loss that is not finite on there is none.
    """
    if span <= 1:
        return np.where(np.isfinite(losses), losses, np.nan)
    weight = 2 / (span + 1)
    means, sums, total = np.empty_like(losses), np.zeros(len(losses)), 0.0
    for step, column in enumerate(losses.T):
        sums = (1 - weight) * sums + weight * np.where(np.isfinite(column), column, np.nan)
        total = (1 - weight) * total + weight
        means[:, step] = sums / total
    return means


def thinned(points: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """At most about 2 × `most` of (N, 2) points: the lowest and the highest of each of `most` pieces, in order."""
    count = len(points)
    if count <= 2 * most:
        return points
    edges = np.linspace(0, count, most + 1).astype(np.intp)
    kept = []
    for first, end in pairwise(edges):
        ys = points[first:end, 1]
        kept += sorted({first + int(ys.argmin()), first + int(ys.argmax())})
    return points[kept]

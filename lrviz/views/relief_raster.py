"""What of a landscape is seen from where: a floating horizon, column by column from the viewer backwards.

After T. J. Wright, "A two-space solution to the hidden line problem for plotting functions of two variables", IEEE
Transactions on Computers C-22, 1973. Seen in parallel and upright, each column of the screen is a cut through the
landscape. Going along it from the viewer away, what rises above all that is nearer is seen, the rest is hidden. All
columns are worked out at once.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lrviz.views.relief_camera import RISE, Projection
from lrviz.views.relief_scene import Ground

NOTHING = np.float32(-1e9)  # where a cut has no ground
TOLERANCE = 1.5  # samples: so much may stand before a point that is still seen
MOST = 6_000_000  # samples of one raster


class Horizon:
    """A landscape under one projection, in samples of 1 / `fineness` px."""

    def __init__(self, ground: Ground, projection: Projection, size: tuple[int, int], fineness: float) -> None:
        """`size` of the screen in px; the fineness is lowered where that would take too many samples."""
        self.ground, self.projection = ground, projection
        most = math.sqrt(MOST / max(size[0] * size[1], 1))
        self.fineness = fineness = min(fineness, most)
        (rx, ry), (ax, ay) = projection.right, projection.away
        half_x, half_y = ground.half
        across = half_x * abs(rx) + half_y * abs(ry)  # how far the ground reaches to the right and to the left
        self._back = half_x * abs(ax) + half_y * abs(ay)  # and away from its middle
        unit = self._unit = projection.unit * fineness
        left = max(math.floor((projection.middle[0] - across * projection.unit) * fineness), 0)
        right = min(math.ceil((projection.middle[0] + across * projection.unit) * fineness), round(size[0] * fineness))
        self.left, self.columns = left, max(right - left, 1)
        self.rows = max(round(size[1] * fineness), 1)
        # A sample at least where the screen's rows and the landscape's own samples are.
        wanted = max(2 * self._back * unit * projection.sin, 1.5 * max(ground.high.shape))
        self._samples = int(min(max(wanted, 64), MOST / self.columns, 4000))
        self._between = 2 * self._back / (self._samples - 1)
        across_at = ((np.arange(left, left + self.columns) + 0.5) / fineness - projection.middle[0]) / projection.unit
        away_at = np.linspace(-self._back, self._back, self._samples)
        rows, columns = ground.high.shape
        to_u, to_v = (columns - 1) / (2 * half_x), (rows - 1) / (2 * half_y)
        # A sample's place among the landscape's own is its column's plus how far away it is times the slope.
        self._u, self._v = across_at * (rx * to_u) + (columns - 1) / 2, across_at * (ry * to_v) + (rows - 1) / 2
        self._slope = ax * to_u, ay * to_v
        self._foot = np.asarray(
            self._row(away_at * projection.sin), np.float32
        )  # (D,) the ground's rows, counted upwards
        self._seen = self._foot[:, None] + self._heights(away_at) * np.float32(RISE * projection.cos * unit)
        np.nan_to_num(self._seen, copy=False, nan=float(NOTHING))
        self._above = np.maximum.accumulate(self._seen, axis=0)  # (D, W) the horizon after each sample

    def hides(self, places: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of (N, 3) projected points lie behind the landscape: px, py, and how far away."""
        places = np.clip(np.nan_to_num(places), -1e9, 1e9)
        column = np.floor(places[:, 0] * self.fineness).astype(np.int64) - self.left
        nearer = np.floor((places[:, 2] + self._back) / self._between).astype(np.int64) - 1
        on = (column >= 0) & (column < self.columns) & (nearer >= 0)
        up = self.rows - 0.5 - places[:, 1] * self.fineness
        before = self._above[np.clip(nearer, 0, self._samples - 1), np.clip(column, 0, self.columns - 1)]
        return np.asarray(on & (before > up + TOLERANCE))

    def pixels(self, skin: NDArray[np.uint32], walls: tuple[int, int]) -> NDArray[np.uint32]:
        """(rows, columns) 0xAARRGGBB, from `left` on: the skin where it is seen, clear where nothing is.

        `walls` are the colours of the cuts along y and along x at the landscape's edges, and around its holes.
        """
        picture = np.zeros((self.rows, self.columns), np.uint32)
        first = self._first_seen()
        up, column = np.nonzero(first < self._samples)
        sample = first[up, column]
        at = sample * self.columns + column
        height, under = self._seen.ravel()[at], self._seen.ravel()[np.maximum(at - self.columns, 0)]
        cut = (under == NOTHING) | (sample == 0)
        with np.errstate(invalid="ignore", divide="ignore"):
            short = np.where(cut, 0, (height - up) / (height - under))  # of the sample, in distances between two
        away = ((sample - short) * self._between - self._back).astype(np.float32)
        u = self._u.astype(np.float32)[column] + away * np.float32(self._slope[0])
        v = self._v.astype(np.float32)[column] + away * np.float32(self._slope[1])
        rows, columns = self.ground.high.shape
        texel_u, texel_v = _nearest(u, columns, skin.shape[1]), _nearest(v, rows, skin.shape[0])
        colors = skin.ravel()[texel_v * skin.shape[1] + texel_u]
        if cut.any():
            nearest_x = np.minimum(u, columns - 1 - u) / columns < np.minimum(v, rows - 1 - v) / rows
            side = np.where(nearest_x, np.uint32(walls[0]), np.uint32(walls[1]))
            colors = np.where(cut, np.where(up >= self._foot[sample] - 0.5, side, np.uint32(0)), colors)
        picture[self.rows - 1 - up, column] = colors
        return picture

    def _first_seen(self) -> NDArray[np.int64]:
        """(rows, columns), row 0 lowest: which sample of its column each pixel shows; one past the last for none."""
        below = np.clip(np.floor(self._above) + 1, 0, self.rows).astype(np.int64)  # rows that lie under the horizon
        below *= self.columns
        below += np.arange(self.columns)
        counted = np.bincount(below.ravel(), minlength=(self.rows + 1) * self.columns)
        return np.asarray(np.cumsum(counted.reshape(-1, self.columns)[: self.rows], axis=0))

    def _row(self, up: NDArray[np.float64]) -> NDArray[np.float64]:
        """World units up the screen to rows, counted from the lowest."""
        return self.rows - 0.5 - self.projection.foot * self.fineness + up * self._unit

    def _heights(self, away: NDArray[np.float64]) -> NDArray[np.float32]:
        """(D, W) heights at all samples, d backwards and w to the right; nan where there are none."""
        high = self.ground.high.astype(np.float32)
        rows, columns = high.shape
        u, v = (
            np.add.outer((away * slope).astype(np.float32), along.astype(np.float32))
            for slope, along in zip(self._slope, (self._u, self._v), strict=True)
        )
        found = np.full(u.shape, np.nan, np.float32)
        inside = (u >= 0) & (u <= columns - 1) & (v >= 0) & (v <= rows - 1)
        u, v = u[inside], v[inside]
        column, row = (np.minimum(at.astype(np.int32), last) for at, last in ((u, columns - 2), (v, rows - 2)))
        u -= column
        v -= row
        corner = row * columns + column
        flat = high.ravel()
        near = flat[corner] * (1 - u) + flat[corner + 1] * u
        corner += columns
        far = flat[corner] * (1 - u) + flat[corner + 1] * u
        found[inside] = near * (1 - v) + far * v
        return found


def _nearest(at: NDArray[np.float32], size: int, texels: int) -> NDArray[np.int32]:
    """Places among `size` samples to the nearest of `texels` over the same length."""
    scaled = at * np.float32((texels - 1) / (size - 1)) + np.float32(0.5)
    return np.asarray(np.clip(scaled, 0, texels - 1).astype(np.int32))

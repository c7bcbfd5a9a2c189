"""A landscape as a body in space: its ground, its heights, what is lifted onto it, and how a lamp lights it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cached_property

import contourpy
import numpy as np
from numpy.typing import NDArray

from lrviz.core.landscape import Landscape
from lrviz.views.panel_view import LONGEST
from lrviz.views.relief import heights
from lrviz.views.relief_camera import RISE
from lrviz.views.theme import Theme, ramp_rgb

ON_EDGE = 96  # vertices of an edge laid over the landscape
TEXELS = 512  # along a skin's longer side
LAMP = (-0.45, 0.35, 0.82)  # to the right, away, up: the lamp stands at the viewer's left and goes along with him
# How much of the light comes from all sides, and how bright the steepest slopes may get, level ground being 1.
AMBIENT, BRIGHTEST = {"light": 0.7, "dark": 0.5}, {"light": 1.1, "dark": 1.7}


class Ground:
    """A landscape of the world's size: its ground lies in z = 0, its highest point in z = RISE."""

    def __init__(self, landscape: Landscape) -> None:
        self.landscape = landscape
        self.bounds = landscape.bounds
        self._lines: dict[int, tuple[NDArray[np.float64], NDArray[np.bool_]]] = {}
        self.high = heights(landscape.loss)  # (H, W) 0..1, nan where undefined
        x0, x1, y0, y1 = self.bounds
        proportion = (x1 - x0) / (y1 - y0)
        if not 1 / LONGEST <= proportion <= LONGEST:
            proportion = 1.0
        diagonal = math.hypot(proportion, 1) / math.sqrt(2)
        self.half = (proportion / diagonal, 1 / diagonal)  # half the ground's sides; its diagonal is always the same

    def shows(self, landscape: Landscape) -> bool:
        """Whether `landscape` is this one, be it another object."""
        mine = self.landscape
        return landscape is mine or (
            landscape.bounds == mine.bounds and np.array_equal(landscape.loss, mine.loss, equal_nan=True)
        )

    def unit_from_plane(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """(N, 2) points of the plane to the ground's own coordinates, 0..1 on it."""
        x0, x1, y0, y1 = self.bounds
        return np.asarray((points - np.array([x0, y0])) / np.array([x1 - x0, y1 - y0]), np.float64)

    def height(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """(N,) heights 0..1 at (N, 2) points of the ground, bilinear between its samples; nan off it and in holes."""
        rows, columns = self.high.shape
        known = on_map(points)
        at = np.where(known[:, None], points, 0) * np.array([columns - 1, rows - 1])
        corner = np.minimum(at.astype(np.intp), np.array([columns - 2, rows - 2]))
        (u, v), (column, row) = (at - corner).T, corner.T
        low = self.high[row, column] * (1 - u) + self.high[row, column + 1] * u
        top = self.high[row + 1, column] * (1 - u) + self.high[row + 1, column + 1] * u
        return np.where(known, low * (1 - v) + top * v, np.nan)

    def lift(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """(N, 2) points of the ground to the (N, 3) points of the world above them; z is nan where there are none."""
        return self.raised(points, self.height(points))

    def raised(self, points: NDArray[np.floating], high: NDArray[np.floating] | float) -> NDArray[np.float64]:
        """(N, 2) points of the ground at heights 0..1, as (N, 3) points of the world."""
        world = (2 * points - 1) * np.array(self.half)
        return np.column_stack([world, np.broadcast_to(np.asarray(high) * RISE, len(points))])

    def loss_at(self, high: float) -> float:
        """The loss that a height 0..1 stands for; nan where nothing is known."""
        heights, losses = self._scale
        return float(np.interp(high, heights, losses)) if len(heights) else math.nan

    @cached_property
    def _scale(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        known = np.isfinite(self.high)
        high, loss = np.asarray(self.high[known]), np.asarray(self.landscape.loss[known])
        order = np.argsort(high)
        return np.asarray(high[order]), np.asarray(loss[order])

    def lines(self, count: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """`count` isolines at even heights and the landscape's edges: (N, 3) of the world, and where a line begins."""
        if count not in self._lines:
            lines = [*self._isolines(count), *self._edges()]
            begins = np.zeros(sum(map(len, lines)), np.bool_)
            begins[np.cumsum([0, *map(len, lines[:-1])])] = True
            self._lines[count] = np.concatenate(lines), begins
        return self._lines[count]

    def _isolines(self, count: int) -> Iterator[NDArray[np.float64]]:
        rows, columns = self.high.shape
        generator = contourpy.contour_generator(
            np.linspace(0, 1, columns),
            np.linspace(0, 1, rows),
            np.ma.masked_invalid(self.high),
            line_type=contourpy.LineType.Separate,
        )
        for level in ((place + 0.5) / count for place in range(count)):
            for line in generator.lines(level):
                yield self.raised(np.asarray(line), level)

    def _edges(self) -> Iterator[NDArray[np.float64]]:
        along = np.linspace(0, 1, ON_EDGE)
        for side in (np.zeros(ON_EDGE), np.ones(ON_EDGE)):
            yield self.lift(np.stack([along, side], axis=1))
            yield self.lift(np.stack([side, along], axis=1))

    def slopes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(H, W) dz/dx and dz/dy in the world; 0 beside holes."""
        rows, columns = self.high.shape
        spacing = 2 * self.half[1] / (rows - 1), 2 * self.half[0] / (columns - 1)
        dy, dx = np.gradient(self.high * RISE, *spacing)
        return np.asarray(np.nan_to_num(dx)), np.asarray(np.nan_to_num(dy))


class Skin:
    """What covers a landscape: the theme's ramp by height, before a lamp shines on it. (H, W) texels."""

    def __init__(self, ground: Ground, theme: Theme, texels: int = TEXELS) -> None:
        rows, columns = ground.high.shape
        finer = texels / max(rows, columns)
        self.shape = max(round(rows * finer), 2), max(round(columns * finer), 2)
        dx, dy = ground.slopes()
        steep = np.sqrt(1 + dx**2 + dy**2)
        self._normal = [_finer(part, self.shape) for part in (-dx / steep, -dy / steep, 1 / steep)]
        ramp = ramp_rgb(theme)
        at = np.rint(np.nan_to_num(_finer(ground.high, self.shape)) * (len(ramp) - 1)).astype(np.intp)
        self._rgb = ramp[at].astype(np.float32)  # (H, W, 3)
        self._ambient, self._brightest = AMBIENT[theme.name], BRIGHTEST[theme.name]

    def lit(self, right: tuple[float, float], away: tuple[float, float]) -> NDArray[np.uint32]:
        """(H, W) 0xffRRGGBB in the light of the lamp; `right` and `away` are the viewer's directions on the ground.

        Lambert's law, with the level ground as bright as the ramp itself: on a slope the light is in proportion to
        the cosine of its angle with the lamp (J. H. Lambert, Photometria, 1760).
        """
        across, back, up = np.array(LAMP, np.float32) / np.float32(math.hypot(*LAMP))
        x, y = (float(across * r + back * a) for r, a in zip(right, away, strict=True))
        facing = np.maximum(self._normal[0] * x + self._normal[1] * y + self._normal[2] * up, 0) / up
        light = np.minimum(self._ambient + (1 - self._ambient) * facing, self._brightest)
        rgb = np.minimum(self._rgb * light[..., None], 255).astype(np.uint32)
        return np.asarray(0xFF000000 | (rgb[..., 0] << 16) | (rgb[..., 1] << 8) | rgb[..., 2], np.uint32)


def on_map(ground: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which of (N, 2) points of the ground are on it."""
    inside = np.logical_and(ground >= 0, ground <= 1)
    return np.asarray(inside[:, 0] & inside[:, 1])


def _finer(values: NDArray[np.float64], shape: tuple[int, int]) -> NDArray[np.float32]:
    """(H, W) values at more places, bilinear between them."""
    (row, v), (column, u) = (_between(size, more) for size, more in zip(values.shape, shape, strict=True))
    rows = values[row] * (1 - v)[:, None] + values[row + 1] * v[:, None]
    return np.asarray(rows[:, column] * (1 - u) + rows[:, column + 1] * u, np.float32)


def _between(size: int, more: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    at = np.linspace(0, size - 1, more)
    before = np.minimum(at.astype(np.intp), size - 2)
    return before, at - before

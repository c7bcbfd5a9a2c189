"""A landscape and the trails on it as triangles and lines in space, for OpenGL."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lrviz.views.relief_camera import Projection
from lrviz.views.relief_scene import Ground, Skin
from lrviz.views.theme import Theme

DEPTH = 0.25  # of a unit of the world, in OpenGL's depth from −1 to 1
LIFT = 0.004  # by which isolines lie above the surface, so that they don't flicker
HATCHES = 40  # lines across the floor that is seen through holes


class Mesh:
    """The surface with its cuts down to the ground. `vertices` (N, 3), `faces` (F, 3), `colors(…)` (N, 4) 0..1."""

    def __init__(self, ground: Ground, theme: Theme, walls: tuple[int, int]) -> None:
        rows, columns = ground.high.shape
        self._skin = Skin(ground, theme, max(rows, columns))
        y, x = np.meshgrid(np.linspace(0, 1, rows), np.linspace(0, 1, columns), indexing="ij")
        surface = ground.raised(np.column_stack([x.ravel(), y.ravel()]), ground.high.ravel())
        number = np.arange(rows * columns).reshape(rows, columns)
        vertices, faces = [np.nan_to_num(surface)], [_cells(number, np.isfinite(ground.high))]
        shades = []
        for edge, shade in (
            (number[0], walls[1]),
            (number[-1], walls[1]),
            (number[:, 0], walls[0]),
            (number[:, -1], walls[0]),
        ):
            top, begin = surface[edge], sum(map(len, vertices))
            wall = np.concatenate([top * [1, 1, 0], top])
            strip = np.arange(begin, begin + len(wall)).reshape(2, -1)
            faces.append(_cells(strip, np.isfinite(wall[:, 2]).reshape(2, -1) & np.isfinite(top[:, 2])))
            vertices.append(np.nan_to_num(wall))
            shades.append(np.full(len(wall), shade, np.uint32))
        self.vertices = np.concatenate(vertices).astype(np.float32)
        self.faces = np.concatenate(faces).astype(np.uint32)
        self._walls = np.concatenate(shades)

    def colors(self, projection: Projection) -> NDArray[np.float32]:
        """In the light of the lamp, which goes along with the viewer."""
        lit = self._skin.lit(projection.right, projection.away)
        words = np.concatenate([lit.ravel(), self._walls])
        parts = [(words >> shift) & 0xFF for shift in (16, 8, 0, 24)]
        return np.asarray(np.stack(parts, axis=1) / 255, np.float32)


def matrix(projection: Projection, width: float, height: float) -> NDArray[np.float64]:
    """(4, 4) world to OpenGL's cube, so that a point appears at the very px at which `projection` puts it."""
    (rx, ry), (ax, ay) = projection.right, projection.away
    sin, cos, unit = projection.sin, projection.cos, projection.unit
    across, up = 2 * unit / width, 2 * unit / height
    return np.array(
        [
            [across * rx, across * ry, 0, 2 * projection.middle[0] / width - 1],
            [up * sin * ax, up * sin * ay, up * cos, 1 - 2 * projection.foot / height],
            [DEPTH * cos * ax, DEPTH * cos * ay, -DEPTH * sin, 0],
            [0, 0, 0, 1],
        ]
    )


def pairs_of_isolines(ground: Ground, count: int) -> NDArray[np.float64]:
    """(2N, 3) ends of the short lines that isolines and edges are made of."""
    world, begins = ground.lines(count)
    known = np.isfinite(world[:, 2])
    ends = np.flatnonzero(~begins[1:] & known[1:] & known[:-1]) + 1
    return np.asarray(world[np.column_stack([ends - 1, ends]).ravel()] + [0, 0, LIFT])


def hatching(ground: Ground) -> NDArray[np.float64]:
    """(2N, 3) ends of slanting lines over the ground; none where the landscape is whole."""
    if np.isfinite(ground.high).all():
        return np.empty((0, 3))
    at = np.linspace(0, 2, HATCHES + 2)[1:-1]
    first = np.column_stack([np.clip(at - 1, 0, 1), np.clip(at, 0, 1)])
    return ground.raised(np.stack([first, first[:, ::-1]], axis=1).reshape(-1, 2), 0.0)


def dashes(
    vertices: NDArray[np.float64], begins: NDArray[np.bool_], pattern: Sequence[float], unit: float
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """A line through (V, 3) vertices as dashes: (2N, 3) their ends, and (N,) the vertex that each leads to.

    `pattern` are lengths of dashes and gaps in px, at `unit` px a unit of the world; empty for an unbroken line.
    """
    ends = np.flatnonzero(~begins)
    if not len(pattern) or not len(ends):
        return vertices[np.column_stack([ends - 1, ends]).ravel()], ends
    length = np.zeros(len(vertices))
    length[ends] = np.linalg.norm(vertices[ends] - vertices[ends - 1], axis=1) * unit
    along, edges = np.cumsum(length), np.cumsum([0, *pattern])
    periods = np.arange(np.ceil(along[-1] / edges[-1]))[:, None] * edges[-1]
    cuts = np.union1d(along, np.minimum((periods + edges[:-1]).ravel(), along[-1]))
    middle = (cuts[1:] + cuts[:-1]) / 2
    drawn = edges.searchsorted(middle % edges[-1], side="right") % 2 == 1
    first, last, vertex = cuts[:-1][drawn], cuts[1:][drawn], along.searchsorted(middle[drawn])
    step = (vertices[vertex] - vertices[vertex - 1]) / length[vertex][:, None]
    places = [vertices[vertex - 1] + step * (at - along[vertex - 1])[:, None] for at in (first, last)]
    return np.stack(places, axis=1).reshape(-1, 3), vertex


def _cells(number: NDArray[np.intp], known: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Two triangles for each cell of an (H, W) grid of vertex numbers whose four corners are known."""
    whole = known[1:, 1:] & known[1:, :-1] & known[:-1, 1:] & known[:-1, :-1]
    a, b, c, d = (part[whole] for part in (number[:-1, :-1], number[:-1, 1:], number[1:, :-1], number[1:, 1:]))
    return np.concatenate([np.column_stack([a, b, c]), np.column_stack([b, d, c])])

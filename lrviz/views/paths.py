"""NumPy points into a QPainterPath without a Python call a point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath

# How Qt writes a path to a QDataStream: a count, the elements, the start of the open piece and the fill rule.
_ELEMENT = np.dtype([("kind", ">i4"), ("x", ">f8"), ("y", ">f8")])
_LINE_TO = 1


def path_from_points(points: NDArray[np.float64], starts: NDArray[np.intp] | Sequence[int]) -> QPainterPath:
    """A path through (N, 2) finite points, a new open piece beginning at each index in `starts` (rising, 0 first)."""
    path = QPainterPath()
    if len(points) == 0:
        return path
    elements = np.empty(len(points), _ELEMENT)
    elements["kind"] = _LINE_TO
    elements["kind"][starts] = 0
    elements["x"], elements["y"] = points[:, 0], points[:, 1]
    head = np.array([len(points)], ">i4").tobytes()
    tail = np.array([starts[-1], 0], ">i4").tobytes()
    stream = QDataStream(QByteArray(head + elements.tobytes() + tail))
    stream >> path
    return path


def path_from_polylines(lines: Sequence[NDArray[np.float64]]) -> QPainterPath:
    """One path with each (N, 2) line as an open piece of its own."""
    if not lines:
        return QPainterPath()
    starts = np.cumsum([0, *(len(line) for line in lines[:-1])])
    return path_from_points(np.concatenate(lines), starts)

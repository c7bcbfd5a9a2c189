"""Which part of the plane a map shows. The window that shows the whole landscape is `home`; None stands for it too."""

from __future__ import annotations

from lrviz.core.catalog import Bounds, Point

NOTCH = 1.25  # by how much a notch of the wheel, or a press of + or -, goes closer
CLOSEST, FARTHEST = 1e-6, 8.0  # a window's width, in home's
ALIKE = 1e-3  # of home's width: a window whose edges differ by less from home's is home

Window = Bounds | None


def zoomed(window: Bounds, home: Bounds, about: Point, factor: float, farthest: float = FARTHEST) -> Window:
    """`window` enlarged by `factor`, so that `about` stays where it is on the map."""
    width = (window[1] - window[0]) / (home[1] - home[0])
    factor = min(max(factor, width / farthest), width / CLOSEST)
    x, y = about
    x0, x1, y0, y1 = window
    closer = (x + (x0 - x) / factor, x + (x1 - x) / factor, y + (y0 - y) / factor, y + (y1 - y) / factor)
    return held(closer, home)


def moved(window: Bounds, home: Bounds, right: float, up: float) -> Window:
    """`window` moved by parts of its own width and height."""
    x0, x1, y0, y1 = window
    x, y = right * (x1 - x0), up * (y1 - y0)
    return held((x0 + x, x1 + x, y0 + y, y1 + y), home)


def held(window: Bounds, home: Bounds) -> Window:
    """`window` with its middle somewhere on home; None where it is home."""
    x = _shift(window[:2], home[:2])
    y = _shift(window[2:], home[2:])
    kept = (window[0] + x, window[1] + x, window[2] + y, window[3] + y)
    near = ALIKE * (home[1] - home[0]), ALIKE * (home[3] - home[2])
    alike = all(abs(a - b) <= near[edge // 2] for edge, (a, b) in enumerate(zip(kept, home, strict=True)))
    return None if alike else kept


def _shift(span: tuple[float, ...], home: tuple[float, ...]) -> float:
    middle = (span[0] + span[1]) / 2
    return min(max(middle, home[0]), home[1]) - middle

"""Which part of a landscape the maps show: a surface's own window, with more around it where there is room."""

from __future__ import annotations

from lrviz.core import catalog
from lrviz.core.catalog import Bounds
from lrviz.core.experiment import OnExpression, OnModel, OnSurface
from lrviz.core.scene import Scene
from lrviz.views.panel_layout import Shape

FREE = Shape(ideal=(0.9, 1.7), limits=(0.6, 2.4))  # a model's plane has no proportions that a person knows
STRETCH = 1.3  # how far a surface's units may differ on x and y before room is rather left empty
EXTREME = 3.0  # a window longer than this can't keep its proportions


def window(scene: Scene) -> Bounds | None:
    """What must be seen; None while no landscape is known."""
    if scene.landscape is None:
        return None
    match scene.experiment.problem:
        case OnSurface(surface=surface):
            return catalog.surfaces.find(surface.name).bounds
        case OnExpression(bounds=bounds):
            return bounds
        case OnModel():
            return scene.landscape.bounds


def map_shape(scene: Scene) -> Shape:
    """The shapes a map may have. A surface keeps its proportions: circles stay circles, and a gradient stays upright
    on the isolines."""
    seen = window(scene)
    if seen is None or scene.landscape is None or isinstance(scene.experiment.problem, OnModel):
        return FREE
    width, height = _spans(seen)
    proportion = width / height
    if not 1 / EXTREME <= proportion <= EXTREME:
        return FREE
    most_width, most_height = _spans(scene.landscape.bounds)
    limits = (width / max(most_height, height) / STRETCH, max(most_width, width) / height * STRETCH)
    return Shape(ideal=(proportion, proportion), limits=limits)


def shown(seen: Bounds, known: Bounds, width: int, height: int) -> Bounds:
    """`seen`, widened about its middle to the shape of width × height px, as far as the landscape is `known`."""
    seen_width, seen_height = _spans(seen)
    unit = max(seen_width / width, seen_height / height)  # per px
    x0, x1 = _widened(seen[0], seen[1], unit * width, known[0], known[1])
    y0, y1 = _widened(seen[2], seen[3], unit * height, known[2], known[3])
    return x0, x1, y0, y1


def _widened(low: float, high: float, span: float, least: float, most: float) -> tuple[float, float]:
    more = max(0.0, (span - (high - low)) / 2)
    return max(low - more, min(low, least)), min(high + more, max(high, most))


def _spans(bounds: Bounds) -> tuple[float, float]:
    x0, x1, y0, y1 = bounds
    return x1 - x0, y1 - y0

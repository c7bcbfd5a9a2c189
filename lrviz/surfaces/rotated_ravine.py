"""A turned ravine: plain descent does not notice the turn, an optimizer with a rate for each axis does."""

import math
from typing import Annotated, Any

from lrviz.core.catalog import surface
from lrviz.core.signature import Range, Shown


@surface(
    "rotated_ravine",
    title="Rotated ravine",
    bounds=(-2.0, 2.0, -2.0, 2.0),
    start=(-1.7, 0.1),
    rates=(0.075, 0.064, 0.03, 0.0005),
    minima=lambda **_: [(0.0, 0.0)],
    formula="½ (u² + κ v²), u = x cos φ + y sin φ, v = y cos φ − x sin φ",
    source="R. Salomon, BioSystems 39 (1996), 263–278, for what a turn of the axes does",
)
def rotated_ravine(
    x: Any,
    y: Any,
    condition: Annotated[
        float,
        Range(1, 1000, log=True),
        Shown("condition κ", "how much steeper the ravine is across than along; rates above 2/κ diverge"),
    ] = 30.0,
    angle: Annotated[float, Range(0, 90), Shown("angle φ", "degrees from the x axis to the ravine's floor")] = 45.0,
) -> Any:
    """A turned ravine: plain descent's limit stays 2/κ at any angle, while rates an axis (Adam) lose their gain."""
    turn = math.radians(angle)
    along = math.cos(turn) * x + math.sin(turn) * y
    across = math.cos(turn) * y - math.sin(turn) * x
    return 0.5 * (along**2 + condition * across**2)

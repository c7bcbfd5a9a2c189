"""A pitted funnel with a pointed tip: at the tip the slope does not fade, so no constant rate comes to rest."""

import math
from typing import Any

from lrviz.core.catalog import Point, surface

# The pits with 0 ≤ y ≤ x, roots of the gradient to 1e-15; the others are their mirror images.
PITS = (
    (0.9521665459501717, 0.0),
    (0.9684776587077244, 0.9684776587077244),
    (1.9589197181217175, 0.0),
    (1.9646166628629864, 0.9824160350791393),
    (1.9744519864841168, 1.9744519864841168),
    (2.964619443112052, 0.0),
    (2.9672595287625643, 0.9891541864816626),
    (2.973139419924383, 1.9821399503814776),
    (2.9792239546911445, 2.9792239546911445),
)


def _minima(**_: Any) -> list[Point]:
    mirrored = {(i * a, j * b) for x, y in PITS for a, b in ((x, y), (y, x)) for i in (1, -1) for j in (1, -1)}
    return [(0.0, 0.0), *sorted(mirrored)]


@surface(
    "ackley",
    title="Ackley",
    bounds=(-3.4, 3.4, -3.4, 3.4),
    start=(2.6, 1.7),
    rates=(0.5, 0.1, 0.01, 0.0001),
    minima=_minima,
    formula="20 + e − 20 exp(−0.2 √(½ (x² + y²))) − exp(½ (cos 2πx + cos 2πy))",
    source="D. H. Ackley, A Connectionist Machine for Genetic Hillclimbing (Kluwer, 1987)",
)
def ackley(x: Any, y: Any) -> Any:
    """A pitted funnel: a small rate is caught by the first pit, a large one skips them and never comes to rest."""
    import torch

    # Off 0 by far less than counts: so the root has the gradient 0 at its tip, not nan.
    distance = torch.sqrt(0.5 * (x**2 + y**2) + 1e-36)
    waves = 0.5 * (torch.cos(2 * math.pi * x) + torch.cos(2 * math.pi * y))
    return 20 + math.e - 20 * torch.exp(-0.2 * distance) - torch.exp(waves)

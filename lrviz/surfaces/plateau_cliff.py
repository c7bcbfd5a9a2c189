"""A plateau that ends at a cliff: a rate that suits the one is thrown back by the other."""

from typing import Annotated, Any

from lrviz.core.catalog import surface
from lrviz.core.signature import Range, Shown

SLOPE = 0.2  # of the plateau


@surface(
    "plateau_cliff",
    title="Plateau and cliff",
    bounds=(-3.2, 0.6, -1.9, 1.9),
    start=(-2.6, 1.3),
    rates=(2.5, 1.6, 0.5, 0.01),
    minima=lambda **_: [(0.0, 0.0)],
    formula="0.2 (exp(kx)/k − x) + ¼ y²",
    source="R. Pascanu, T. Mikolov and Y. Bengio, ICML 2013, 1310–1318, for cliffs beside plateaus",
)
def plateau_cliff(
    x: Any,
    y: Any,
    steepness: Annotated[
        float, Range(2, 40, log=True), Shown("steepness k", "of the cliff; rates above 10/k do not settle at its foot")
    ] = 10.0,
) -> Any:
    """A plateau with a cliff: a small rate takes for ever to cross it, and a large one is thrown back by the cliff."""
    import torch

    return SLOPE * (torch.exp(steepness * x) / steepness - x) + 0.25 * y**2

"""A bowl whose gradient is noisy, as a batch's is: the rate decides how closely a descent settles, and how soon."""

from typing import Annotated, Any

from lrviz.core.catalog import surface
from lrviz.core.signature import Range, Shown


@surface(
    "noisy_bowl",
    title="Noisy bowl",
    bounds=(-2.0, 2.0, -2.0, 2.0),
    start=(-1.6, 1.2),
    rates=(2.2, 0.5, 0.05, 0.002),
    minima=lambda **_: [(0.0, 0.0)],
    formula="½ L (x² + y²), its gradient with noise",
    source="H. Robbins and S. Monro, The Annals of Mathematical Statistics 22 (1951), 400–407",
    noise=1.0,
)
def noisy_bowl(
    x: Any,
    y: Any,
    curvature: Annotated[float, Range(0.1, 100, log=True), Shown("curvature L", "rates above 2/L diverge")] = 1.0,
) -> Any:
    """A noisy bowl: a constant rate η keeps swinging by σ √(η / L(2 − ηL)), so that it must fall to arrive."""
    return 0.5 * curvature * (x**2 + y**2)

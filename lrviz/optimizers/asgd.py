"""Plain descent whose rate fades, and beside it the average of all places it has been."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.signature import Range, Shown
from lrviz.core.stages import decayed, numbers, same, slope, step
from lrviz.core.update import Stability, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient, the rate as the last update left it, the shrinking, and the step."""
    rate, shrinking = _rate(update), update.number("lambd")
    pull = -rate * shrinking * update.theta
    by = pull - rate * decayed(update)
    return (
        *slope(update),
        Stage(
            "Fade",
            "ηₜ = η / (1 + κ η t)ᵅ",
            "The rate fades from step to step; torch sets it a step ahead, so that a schedule's change comes late.",
            numbers(("κ", shrinking), ("α", update.number("alpha")), ("ηₜ", rate)),
        ),
        Stage(
            "Shrink",
            "θ ← θ − ηₜ κ θ",
            "Theta shrinks by a small part of itself.",
            numbers(("−ηₜ κ θ", pull)),
        ),
        Stage(
            "Average",
            "θ̄ ← θ̄ + μ (θ − θ̄)",
            "The average of all thetas since t₀ is kept beside; until then it is theta itself.",
            numbers(("θ̄", update.after["ax"])),
        ),
        step(update, by, "θ ← θ − ηₜ (g + κ θ)"),
    )


def stability(update: Update) -> Stability | None:
    """On a curvature h, theta is multiplied by 1 − ηₜ(h + κ + λ) a step: plain descent's limit on what is left of η.

    It is theta's own, not that of the average kept beside it. None while a schedule has brought the rate to 0.
    """
    left = _rate(update)
    limit = 2 * update.rate / left if left else 0.0
    if not limit:  # 0 too where the rate has overflowed single precision
        return None
    return Stability(limit, same(1.0), "2 η / ηₜ", added=update.number("weight_decay") + update.number("lambd"))


def _rate(update: Update) -> float:
    """The rate that torch used: set at the end of the update before, in single precision."""
    import numpy as np

    return float(update.before["eta"][0]) if update.before else float(np.float32(update.rate))


@optimizer("asgd", title="ASGD", rowwise=True, stages=stages, stability=stability)
def asgd(
    params: Iterable[Tensor],
    lr: float,
    lambd: Annotated[float, Range(0, 1), Shown("decay κ", "how fast the rate fades and theta shrinks")] = 1e-4,
    alpha: Annotated[float, Range(0, 2), Shown("power α", "of the rate's fading", more=True)] = 0.75,
    t0: Annotated[
        float, Range(1, 1e7, log=True), Shown("average from t₀", "the step at which averaging begins", more=True)
    ] = 1e6,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """Plain descent whose rate fades; the average of the places it has been is kept beside it, and forgives noise.

    Source: B. T. Polyak and A. B. Juditsky, SIAM Journal on Control and Optimization 30 (1992), 838–855.
    """
    import torch

    return torch.optim.ASGD(params, lr=lr, lambd=lambd, alpha=alpha, t0=t0, weight_decay=weight_decay)

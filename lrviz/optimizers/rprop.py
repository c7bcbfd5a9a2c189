"""Only the gradient's sign counts: each axis has a step of its own that grows downhill and halves on a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.signature import Range, Shown
from lrviz.core.stages import numbers, slope, state, step
from lrviz.core.update import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient's sign beside the one before, what that makes of each axis's own step, and the step."""
    import numpy as np

    size, before = update.after["step_size"], state(update, "prev")
    turned = update.gradient * before < 0
    by = -np.sign(np.where(turned, 0.0, update.gradient)) * size
    return (
        *slope(update),
        Stage(
            "Compare",
            "sign(g) · sign(old g)",
            "For each axis, 1 says that the slope still leads the same way, and −1 that the bottom was stepped over.",
            numbers(("old g", before), ("signs", np.sign(update.gradient * before))),
        ),
        Stage(
            "Resize",
            "Δ ← η⁺ Δ  or  Δ ← η⁻ Δ",
            "Each axis's own step grows while the sign stays, and shrinks when it turns."
            if update.before
            else "Each axis's own step begins as the rate, which is not asked again.",
            numbers(
                ("η⁺", update.number("etaplus")),
                ("η⁻", update.number("etaminus")),
                ("old Δ", update.before.get("step_size", 0 * size + update.rate)),
                ("Δ", size),
            ),
        ),
        step(update, by, "θ ← θ − sign(g) Δ", "Each axis moves by its own step; one whose sign turned waits once."),
    )


@optimizer("rprop", title="Rprop", rowwise=True, stages=stages)
def rprop(
    params: Iterable[Tensor],
    lr: float,
    etaplus: Annotated[float, Range(1.01, 3), Shown("growth η⁺", "what a step is multiplied by downhill")] = 1.2,
    etaminus: Annotated[float, Range(0.01, 0.99), Shown("shrinkage η⁻", "what it is multiplied by on a turn")] = 0.5,
    step_min: Annotated[
        float, Range(1e-12, 1e-2, log=True), Shown("shortest step", "no axis's step gets shorter", more=True)
    ] = 1e-6,
    step_max: Annotated[
        float, Range(1e-2, 1e3, log=True), Shown("longest step", "no axis's step gets longer", more=True)
    ] = 50.0,
) -> Optimizer:
    """Only the gradient's sign counts: each axis has a step of its own, and the rate is only the first one's length.

    A schedule or a change of the rate has no effect after the first step, as in torch. No limit of stability is known:
    a step that turned is halved, whatever the curvature.

    Source: M. Riedmiller and H. Braun, IEEE International Conference on Neural Networks 1993, 586–591.
    """
    import torch

    return torch.optim.Rprop(params, lr=lr, etas=(etaminus, etaplus), step_sizes=(step_min, step_max))

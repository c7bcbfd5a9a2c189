"""Each parameter's gradient is divided by its recent size: steep and flat directions go equally fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.moments import scaling
from lrviz.core.signature import Range, Shown
from lrviz.core.stages import arrow, decayed, numbers, slope, state, step
from lrviz.core.update import Stability, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update, Vector


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient, its remembered size, the division by that, and momentum where there is some."""
    scale, beta = _scale(update), update.number("momentum")
    size = Stage(
        "Size",
        "v ← α v + (1 − α) g²",
        "For each axis, the size of past gradients, squared, fades a little, and the new one is mixed in.",
        numbers(
            ("α", update.number("alpha")), ("old v", state(update, "square_avg")), ("v", update.after["square_avg"])
        ),
    )
    if not update.settings["centered"]:
        divided: tuple[Stage, ...] = (size, scaling(scale, "s = 1 / (√v + ε)"))
    else:
        mean = Stage(
            "Mean",
            "ḡ ← α ḡ + (1 − α) g",
            "So is the gradient itself: what its mean explains does not count as size.",
            numbers(("old ḡ", state(update, "grad_avg")), ("ḡ", update.after["grad_avg"])),
        )
        divided = (size, mean, scaling(scale, "s = 1 / (√(v − ḡ²) + ε)"))
    if not beta:
        return (*slope(update), *divided, step(update, -update.rate * scale * decayed(update), "θ ← θ − η s g"))
    old, new = state(update, "momentum_buffer"), update.after["momentum_buffer"]
    remember = Stage(
        "Remember",
        "b ← β b + s g",
        "A part of the last step goes on, and the divided gradient is added to it.",
        numbers(("β", beta), ("old b", old), ("b", new)),
        arrow("momentum", -update.rate * beta * old),
    )
    return (*slope(update), *divided, remember, step(update, -update.rate * new, "θ ← θ − η b"))


def stability(update: Update) -> Stability:
    """The heavy ball's limit, 2 (1 + β), on the surface scaled by 1 / (√v + ε); weight decay adds λ to the curvature.

    Source: J. M. Cohen et al., Adaptive Gradient Methods at the Edge of Stability, 2022, arXiv:2207.14484.
    """
    beta = update.number("momentum")
    limit = "2 (1 + β)" if beta else "2"
    return Stability(2 * (1 + beta), _scale(update), limit, added=update.number("weight_decay"))


def _scale(update: Update) -> Vector:
    squares = update.after["square_avg"]
    if update.settings["centered"]:
        squares = squares - update.after["grad_avg"] ** 2
    return 1 / (squares**0.5 + update.number("eps"))


@optimizer("rmsprop", title="RMSprop", stages=stages, stability=stability)
def rmsprop(
    params: Iterable[Tensor],
    lr: float,
    alpha: Annotated[float, Range(0, 0.9999), Shown("smoothing α", "how long past sizes count")] = 0.99,
    momentum: Annotated[
        float, Range(0, 0.999), Shown("momentum β", "the part of a step that goes on", more=True)
    ] = 0.0,
    eps: Annotated[
        float, Range(1e-12, 0.1, log=True), Shown("ε", "added below the fraction bar, against division by 0", more=True)
    ] = 1e-8,
    centered: Annotated[bool, Shown("centred", "divides by the deviation, not by the size", more=True)] = False,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """Each parameter's gradient is divided by its recent size, so that steep and flat directions go equally fast.

    Source: T. Tieleman and G. Hinton, Neural Networks for Machine Learning, lecture 6.5 (Coursera, 2012).
    """
    import torch

    return torch.optim.RMSprop(
        params, lr=lr, alpha=alpha, momentum=momentum, eps=eps, centered=centered, weight_decay=weight_decay
    )

"""Curvature learnt from how the gradient changed: on a bowl a few steps suffice, and a rate of 1 is the natural one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from lrviz.core.catalog import optimizer
from lrviz.core.signature import Range, Shown
from lrviz.core.stages import numbers, slope, state, step
from lrviz.core.update import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update, Vector


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient, the direction of the last iteration, how far it went, and the step.

    torch keeps the last iteration only. An update of several is told as what that one added to all before it.
    """
    iterations = round(float(update.after["n_iter"][0] - state(update, "n_iter")[0]))
    if not iterations:
        rest = "The gradient is 0 to within the tolerance: there is nothing to do."
        return (*slope(update), step(update, 0 * update.theta, "θ ← θ", rest))
    last = _last_move(update)
    earlier: tuple[Stage, ...] = ()
    if iterations > 1:
        before = Stage(
            "Iterate",
            "θ ← θ + t₁ d₁ + … ",
            "All iterations of this update but the last are behind; torch keeps no record of them.",
            numbers(("iterations", iterations), ("moved so far", update.moved - last)),
        )
        earlier = (before,)
    first = update.after["n_iter"][0] == 1
    return (
        *slope(update),
        *earlier,
        Stage(
            "Direction",
            "d = −g" if first else "d = −H g",
            "No curvature is known yet: the direction is straight down."
            if first
            else "How the gradient changed along past steps tells the curvature; dividing by it gives the direction.",
            numbers(("d", update.after["d"])),
        ),
        Stage(
            "Length",
            _length(update, bool(first)),
            "A line search asks for the loss along the direction until it has fallen enough."
            if _searches(update)
            else "The rate says how much of the direction is gone; the very first time, less where the slope is steep.",
            numbers(("η", update.rate), ("t", float(update.after["t"][0])), ("t d", last)),
        ),
        step(update, update.moved if earlier else last, "θ ← θ + t d"),
    )


def _last_move(update: Update) -> Vector:
    """What the last iteration moved theta by: nothing if torch saw that its direction hardly leads down."""
    slope_along = float((update.after["prev_flat_grad"] * update.after["d"]).sum())
    if slope_along > -update.number("tolerance_change"):
        return 0 * update.theta
    move: Vector = update.after["t"] * update.after["d"]
    return move


def _length(update: Update, first: bool) -> str:
    if _searches(update):
        return "t by line search"
    return "t = η min(1, 1 / ‖g‖₁)" if first else "t = η"


def _searches(update: Update) -> bool:
    return update.settings["line_search"] != "none"


@optimizer("lbfgs", title="L-BFGS", rowwise=True, stages=stages)
def lbfgs(
    params: Iterable[Tensor],
    lr: float,
    max_iter: Annotated[
        int, Range(1, 100), Shown("iterations", "how many make one step; torch's own default is 20")
    ] = 1,
    line_search: Annotated[
        Literal["none", "strong_wolfe"], Shown("line search", "strong_wolfe: tries lengths until the loss fell enough")
    ] = "none",
    history_size: Annotated[
        int, Range(1, 1000), Shown("history", "past steps that tell the curvature", more=True)
    ] = 100,
    max_eval: Annotated[
        int, Range(1, 1000), Shown("evaluations", "a step asks for the loss no oftener than this", more=True)
    ] = 25,
    tolerance_grad: Annotated[
        float, Range(1e-16, 0.1, log=True), Shown("gradient tolerance", "no step where no part is above it", more=True)
    ] = 1e-7,
    tolerance_change: Annotated[
        float, Range(1e-16, 0.1, log=True), Shown("change tolerance", "a step ends once it changes less", more=True)
    ] = 1e-9,
) -> Optimizer:
    """Learns the curvature from how the gradient changed, and divides by it: on a bowl a few steps suffice.

    One iteration makes a step unless told otherwise, so that each is seen. No limit of stability is known: the
    curvature it has learnt is divided out of the rate.

    Source: D. C. Liu and J. Nocedal, Mathematical Programming 45 (1989), 503–528; strong Wolfe conditions: J. Nocedal
    and S. J. Wright, Numerical Optimization, 2nd ed., chapter 3.
    """
    import torch

    return torch.optim.LBFGS(
        params,
        lr=lr,
        max_iter=max_iter,
        max_eval=max_eval,
        tolerance_grad=tolerance_grad,
        tolerance_change=tolerance_change,
        history_size=history_size,
        line_search_fn=None if line_search == "none" else line_search,
    )

"""Momentum divided by the gradients' recent size: a step is about one rate long, whatever the slope."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.moments import adam_scale, adam_stages, average_edge, unbiased
from lrviz.core.signature import Range, Shown
from lrviz.core.stages import count, slope, step
from lrviz.core.update import Stability, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient, its remembered direction and size, and their quotient as the step."""
    by = -update.rate * adam_scale(update) * unbiased(update, "exp_avg", "beta1")
    return (*slope(update), *adam_stages(update), step(update, by, "θ ← θ − η s m̂"))


def stability(update: Update) -> Stability | None:
    """Preconditioned sharpness against (2 + 2β₁) / (1 − β₁), see `average_edge`; m's correction is in the scale."""
    correction = 1 - update.number("beta1") ** count(update)
    return average_edge(update, adam_scale(update) / correction, decoupled=False)


@optimizer("adam", title="Adam", stages=stages, stability=stability)
def adam(
    params: Iterable[Tensor],
    lr: float,
    beta1: Annotated[float, Range(0, 0.999), Shown("β₁", "how long past gradients are remembered")] = 0.9,
    beta2: Annotated[
        float, Range(0, 0.9999), Shown("β₂", "how long the size of past gradients is remembered", more=True)
    ] = 0.999,
    eps: Annotated[
        float, Range(1e-12, 0.1, log=True), Shown("ε", "added below the fraction bar, against division by 0", more=True)
    ] = 1e-8,
    amsgrad: Annotated[
        bool, Shown("AMSGrad", "divides by the largest size of gradients so far, not the present one", more=True)
    ] = False,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
) -> Optimizer:
    """Momentum divided by the gradients' recent size: a step is about one rate long, whatever the slope.

    Source: D. P. Kingma and J. Ba, ICLR 2015, arXiv:1412.6980; AMSGrad: S. J. Reddi et al., ICLR 2018.
    """
    import torch

    return torch.optim.Adam(params, lr=lr, betas=(beta1, beta2), eps=eps, amsgrad=amsgrad, weight_decay=weight_decay)

"""Adam that looks ahead, as Nesterov's momentum does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.moments import adam_scale, scaling, size
from lrviz.core.signature import Range, Shown
from lrviz.core.stages import arrow, count, decayed, numbers, shrink, shrunk, slope, state, step
from lrviz.core.update import Stability, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update, Vector


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient, its remembered direction and size, the mixture of both that looks ahead, and the step."""
    decoupled = bool(update.settings["decoupled_weight_decay"])
    scale, (fresh, remembered) = adam_scale(update), _weights(update)
    gradient, before, after = _gradient(update), state(update, "exp_avg"), update.after["exp_avg"]
    mixture = fresh * gradient + remembered * after
    beta = update.number("beta1")
    direction = Stage(
        "Direction",
        "m ← β₁ m + (1 − β₁) g",
        "The direction of past gradients fades a little, and the new gradient is mixed in.",
        numbers(("β₁", beta), ("old m", before), ("m", after)),
        arrow("momentum", -update.rate * scale * remembered * beta * before),
    )
    ahead = Stage(
        "Look ahead",
        "m̂ = a g + b m",
        "The new gradient counts once more, as if the ball had already gone on; too small beginnings are divided out.",
        numbers(("a", fresh), ("b", remembered), ("m̂", mixture)),
        arrow("ahead", -update.rate * scale * remembered * after),
    )
    by, formula = -update.rate * scale * mixture, "θ ← θ − η s m̂"
    decay: tuple[Stage, ...] = ()
    if decoupled and update.number("weight_decay"):
        by, formula, decay = by + shrunk(update), "θ ← θ − η (s m̂ + λ θ)", shrink(update)
    return (
        *slope(update, decoupled),
        *decay,
        direction,
        size(update),
        scaling(scale, "s = 1 / (√v̂ + ε)"),
        ahead,
        step(update, by, formula),
    )


def stability(update: Update) -> Stability | None:
    """The edge of stability of a step −η s (a g + b m), with a and b as they are at this update.

    On a curvature h, theta and m ← β₁ m + (1 − β₁) h x follow a recurrence with the trace
    1 + β₁ − ηλ − (a + b (1 − β₁)) η s h and the determinant β₁ (1 − ηλ − a η s h), where λ is decoupled weight decay.
    A root passes −1 at η s h = (1 + β₁)(2 − ηλ) / ((1 + β₁) a + (1 − β₁) b), before any other leaves the unit circle.
    With a = 1 − β₁ and b = β₁, where torch's warm-up of both tends to, that is Nesterov's limit over 1 − β₁. Weight
    decay that is part of the gradient adds its λ to the curvature. None where decay alone diverges, ηλ ≥ 2.
    """
    beta, decay = update.number("beta1"), update.number("weight_decay")
    fresh, remembered = _weights(update)
    mixed, scale = (1 + beta) * fresh + (1 - beta) * remembered, adam_scale(update)
    if decay and update.settings["decoupled_weight_decay"]:
        limit = (1 + beta) * (2 - update.rate * decay) / mixed
        return Stability(limit, scale, "(1 + β₁) (2 − η λ) / ((1 + β₁) a + (1 − β₁) b)") if limit > 0 else None
    return Stability(2 * (1 + beta) / mixed, scale, "2 (1 + β₁) / ((1 + β₁) a + (1 − β₁) b)", added=decay)


def _gradient(update: Update) -> Vector:
    return update.gradient if update.settings["decoupled_weight_decay"] else decayed(update)


def _weights(update: Update) -> tuple[float, float]:
    """What the gradient and m are multiplied by in the step: torch's mu, warmed up, over what is missing from 1."""
    beta, decay, t = update.number("beta1"), update.number("momentum_decay"), count(update)
    present, following = (beta * (1 - 0.5 * 0.96 ** (at * decay)) for at in (t, t + 1))
    product = float(update.after["mu_product"][0])
    return (1 - present) / (1 - product), following / (1 - product * following)


@optimizer("nadam", title="NAdam", stages=stages, stability=stability)
def nadam(
    params: Iterable[Tensor],
    lr: float,
    beta1: Annotated[float, Range(0, 0.999), Shown("β₁", "how long past gradients are remembered")] = 0.9,
    beta2: Annotated[
        float, Range(0, 0.9999), Shown("β₂", "how long the size of past gradients is remembered", more=True)
    ] = 0.999,
    momentum_decay: Annotated[
        float, Range(0, 1), Shown("warm-up ψ", "how fast the look-ahead grows from half of β₁ to all of it", more=True)
    ] = 4e-3,
    eps: Annotated[
        float, Range(1e-12, 0.1, log=True), Shown("ε", "added below the fraction bar, against division by 0", more=True)
    ] = 1e-8,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
    decoupled_weight_decay: Annotated[
        bool, Shown("decoupled", "weight decay is a step of its own, untouched by the gradients' size", more=True)
    ] = False,
) -> Optimizer:
    """Adam that looks ahead as Nesterov's momentum does: the new gradient counts before its turn.

    Source: T. Dozat, Incorporating Nesterov Momentum into Adam, ICLR 2016 workshop.
    """
    import torch

    return torch.optim.NAdam(
        params,
        lr=lr,
        betas=(beta1, beta2),
        momentum_decay=momentum_decay,
        eps=eps,
        weight_decay=weight_decay,
        decoupled_weight_decay=decoupled_weight_decay,
    )

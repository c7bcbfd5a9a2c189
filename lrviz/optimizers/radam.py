"""Adam that trusts the gradients' size only once it has seen enough of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from lrviz.core.catalog import optimizer
from lrviz.core.moments import average_edge, direction, scaling, size, unbiased
from lrviz.core.signature import Range, Shown
from lrviz.core.stages import count, numbers, same, shrink, shrunk, slope, step
from lrviz.core.update import Stability, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor
    from torch.optim import Optimizer

    from lrviz.core.update import Update, Vector


TRUSTED = 5.0  # samples; below that the variance of the size is not finite, says the paper, and torch's code


def stages(update: Update) -> tuple[Stage, ...]:
    """The gradient, its remembered direction and size, how far the size can be trusted, and the step."""
    decoupled = bool(update.settings["decoupled_weight_decay"])
    scale, mean, samples = _scale(update), unbiased(update, "exp_avg", "beta1"), _samples(update)
    correction = 1 - update.number("beta1") ** count(update)
    by, formula = -update.rate * scale * mean, "θ ← θ − η s m̂"
    decay: tuple[Stage, ...] = ()
    if decoupled and update.number("weight_decay"):
        by, formula, decay = by + shrunk(update), "θ ← θ − η (s m̂ + λ θ)", shrink(update)
    if samples > TRUSTED:
        judged: tuple[Stage, ...] = (
            Stage(
                "Trust",
                "r = √((ρ − 4)(ρ − 2) ρ∞ / ((ρ∞ − 4)(ρ∞ − 2) ρ))",
                "The size rests on ρ samples by now: the fewer, the shorter the step.",
                numbers(("ρ", samples), ("ρ∞", _most_samples(update)), ("r", _rectification(update))),
            ),
            scaling(scale, "s = r √(1 − β₂ᵗ) / (√v + ε)"),
        )
    else:
        judged = (
            Stage(
                "Distrust",
                "ρ ≤ 5: s = 1",
                "The size rests on too few samples, so that nothing is divided: this is a plain momentum step.",
                numbers(("ρ", samples), ("ρ∞", _most_samples(update))),
                scaling=(1.0, 1.0),
            ),
        )
    return (
        *slope(update, decoupled),
        *decay,
        direction(update, update.rate * scale / correction),
        size(update),
        Stage(
            "Correct",
            "m̂ = m / (1 − β₁ᵗ)",
            "The direction began at 0, so it is too short in the first steps; that is divided out.",
            numbers(("t", count(update)), ("m̂", mean)),
        ),
        *judged,
        step(update, by, formula),
    )


def stability(update: Update) -> Stability | None:
    """Adam's limit, see `average_edge`, on the surface scaled by s, or not at all while the size is not trusted."""
    correction = 1 - update.number("beta1") ** count(update)
    return average_edge(update, _scale(update) / correction, bool(update.settings["decoupled_weight_decay"]))


def _most_samples(update: Update) -> float:
    """ρ∞, how many gradients an average over all of time holds."""
    return 2 / (1 - update.number("beta2")) - 1


def _samples(update: Update) -> float:
    """ρ, how many gradients the average holds by now."""
    t, beta = count(update), update.number("beta2")
    return _most_samples(update) - float(2 * t * beta**t / (1 - beta**t))


def _rectification(update: Update) -> float:
    now, most = _samples(update), _most_samples(update)
    return float(((now - 4) * (now - 2) * most / ((most - 4) * (most - 2) * now)) ** 0.5)


def _scale(update: Update) -> Vector:
    if _samples(update) <= TRUSTED:
        return same(1.0)
    root = (1 - update.number("beta2") ** count(update)) ** 0.5
    scale: Vector = _rectification(update) * root / (update.after["exp_avg_sq"] ** 0.5 + update.number("eps"))
    return scale


@optimizer("radam", title="RAdam", stages=stages, stability=stability)
def radam(
    params: Iterable[Tensor],
    lr: float,
    beta1: Annotated[float, Range(0, 0.999), Shown("β₁", "how long past gradients are remembered")] = 0.9,
    beta2: Annotated[
        float, Range(0, 0.9999), Shown("β₂", "how long the size of past gradients is remembered", more=True)
    ] = 0.999,
    eps: Annotated[
        float, Range(1e-12, 0.1, log=True), Shown("ε", "added below the fraction bar, against division by 0", more=True)
    ] = 1e-8,
    weight_decay: Annotated[float, Range(0, 0.1), Shown("weight decay λ", "pulls theta to 0", more=True)] = 0.0,
    decoupled_weight_decay: Annotated[
        bool, Shown("decoupled", "weight decay is a step of its own, untouched by the gradients' size", more=True)
    ] = False,
) -> Optimizer:
    """Adam that divides by the gradients' size only once that rests on enough of them: a warm-up by itself.

    Source: L. Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, ICLR 2020, arXiv:1908.03265.
    """
    import torch

    return torch.optim.RAdam(
        params,
        lr=lr,
        betas=(beta1, beta2),
        eps=eps,
        weight_decay=weight_decay,
        decoupled_weight_decay=decoupled_weight_decay,
    )

"""Adam and its kin: the two moments they remember, told in stages, and the edge of stability they share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.core.stages import arrow, count, numbers, point, state
from lrviz.core.update import Stability, Stage

if TYPE_CHECKING:
    from lrviz.core.update import Update, Vector


def direction(update: Update, weight: Vector) -> Stage:
    """The first moment, where `weight` is what the step multiplies it by, rate included."""
    before, after = state(update, "exp_avg"), update.after["exp_avg"]
    return Stage(
        "Direction",
        "m ← β₁ m + (1 − β₁) g",
        "The direction of past gradients fades a little, and the new gradient is mixed in.",
        numbers(("β₁", update.number("beta1")), ("old m", before), ("m", after)),
        arrow("momentum", -update.number("beta1") * weight * before),
    )


def size(update: Update) -> Stage:
    """The second moment."""
    return Stage(
        "Size",
        "v ← β₂ v + (1 − β₂) g²",
        "For each axis, the size of past gradients, squared, is remembered likewise.",
        numbers(
            ("β₂", update.number("beta2")), ("old v", state(update, "exp_avg_sq")), ("v", update.after["exp_avg_sq"])
        ),
    )


def unbiased(update: Update, name: str, beta: str) -> Vector:
    """A moment without the zeros that it began with: divided by 1 − βᵗ at the t-th update."""
    moment: Vector = update.after[name] / (1 - update.number(beta) ** count(update))
    return moment


def adam_scale(update: Update) -> Vector:
    """1 / (√v̂ + ε), with the largest v so far where AMSGrad is on, in the order of torch's own arithmetic."""
    squares = update.after["max_exp_avg_sq" if update.settings.get("amsgrad", False) else "exp_avg_sq"]
    root = (1 - update.number("beta2") ** count(update)) ** 0.5
    scale: Vector = 1 / (squares**0.5 / root + update.number("eps"))
    return scale


def adam_stages(update: Update) -> tuple[Stage, ...]:
    """What Adam and AdamW have in common: all between the gradient and the step."""
    scale = adam_scale(update)
    correction = 1 - update.number("beta1") ** count(update)
    largest: tuple[Stage, ...] = ()
    if update.settings["amsgrad"]:
        maximum = Stage(
            "Largest size",
            "v ← max(v so far)",
            "AMSGrad goes by the largest size so far, so that no step grows because gradients became small.",
            numbers(("v", update.after["max_exp_avg_sq"])),
        )
        largest = (maximum,)
    return (
        direction(update, update.rate * scale / correction),
        size(update),
        *largest,
        Stage(
            "Correct",
            "m̂ = m / (1 − β₁ᵗ),  v̂ = v / (1 − β₂ᵗ)",
            "Both began at 0, so both are too small in the first steps; that is divided out.",
            numbers(
                ("t", count(update)),
                ("m̂", unbiased(update, "exp_avg", "beta1")),
                ("√v̂", 1 / scale - update.number("eps")),
            ),
        ),
        scaling(scale, "s = 1 / (√v̂ + ε)"),
    )


def scaling(scale: Vector, formula: str) -> Stage:
    """How each axis is divided by the size of its own gradients."""
    return Stage(
        "Scale",
        formula,
        "Each axis is divided by the size of its own gradients: steep and flat ones go equally fast.",
        numbers(("s", scale)),
        scaling=point(scale),
    )


def average_edge(update: Update, scale: Vector, decoupled: bool) -> Stability | None:
    """The edge of stability of a step −η s m, where m ← β₁ m + (1 − β₁) g and `scale` is s.

    On a curvature h, theta and m follow a linear recurrence. Its characteristic polynomial has the determinant
    β₁ (1 − ηλ) and the trace 1 + β₁ − ηλ − (1 − β₁) η s h, where λ is decoupled weight decay; a root leaves the unit
    circle, through −1, at η s h = (1 + β₁)(2 − ηλ) / (1 − β₁). Without decay that is (2 + 2β₁) / (1 − β₁), or 38 at
    β₁ = 0.9: J. M. Cohen et al., Adaptive Gradient Methods at the Edge of Stability, 2022, arXiv:2207.14484. Weight
    decay that is part of the gradient adds its λ to the curvature instead. None where decay alone diverges, ηλ ≥ 2.
    """
    beta, decay = update.number("beta1"), update.number("weight_decay")
    if decoupled and decay:
        limit = (1 + beta) * (2 - update.rate * decay) / (1 - beta)
        return Stability(limit, scale, "(1 + β₁) (2 − η λ) / (1 − β₁)") if limit > 0 else None
    return Stability((2 + 2 * beta) / (1 - beta), scale, "(2 + 2β₁) / (1 − β₁)", added=decay)

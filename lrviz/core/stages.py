"""What optimizers' files share when they tell an update: how it begins, how weight decay enters, how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrviz.core.update import Arrow, ArrowKind, Stage

if TYPE_CHECKING:
    from lrviz.core.catalog import Point
    from lrviz.core.update import Update, Vector


def numbers(*named: tuple[str, Vector | float]) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """The live numbers of a stage: one for a quantity that both axes share, else two."""
    return tuple((name, (float(v),) if isinstance(v, float | int) else point(v)) for name, v in named)


def point(vector: Vector) -> Point:
    return float(vector[0]), float(vector[1])


def arrow(kind: ArrowKind, by: Vector, onward: bool = False) -> Arrow:
    return Arrow(kind, point(by), onward)


def same(number: float) -> Vector:
    """One number for both axes."""
    import numpy as np

    return np.full(2, number)


def state(update: Update, name: str) -> Vector:
    """What the optimizer remembered under `name` before this update: 0 before the first."""
    return update.before[name] if name in update.before else same(0.0)


def count(update: Update) -> float:
    """The number of this update, counted from 1 since the optimizer was made."""
    return float(update.after["step"][0])


def decayed(update: Update) -> Vector:
    """The gradient with weight decay in it, as torch's L2 penalty has it."""
    return update.gradient + update.number("weight_decay") * update.theta


def slope(update: Update, decoupled: bool = False) -> tuple[Stage, ...]:
    """How an update begins: the gradient as it was measured, and with weight decay in it unless that is `decoupled`."""
    measured = Stage(
        "Slope",
        "g = ∇L(θ)",
        "The gradient points uphill; plain descent would step the other way, its length times the rate.",
        numbers(("g", update.gradient), ("η", update.rate)),
        arrow("gradient", -update.rate * update.gradient),
    )
    if decoupled or not update.settings.get("weight_decay", 0.0):
        return (measured,)
    pull = update.number("weight_decay") * update.theta
    return (
        measured,
        Stage(
            "Weight decay",
            "g ← g + λ θ",
            "Weight decay adds a slope of its own that leads to 0, steeper the further theta is away.",
            numbers(("λ θ", pull), ("g", decayed(update))),
            arrow("gradient", -update.rate * pull, onward=True),
        ),
    )


def shrink(update: Update) -> tuple[Stage, ...]:
    """Decoupled weight decay: a step of its own, beside the gradient and whatever divides that."""
    if not update.number("weight_decay"):
        return ()
    return (
        Stage(
            "Weight decay",
            "θ ← θ − η λ θ",
            "Theta shrinks by the same part along every axis, untouched by the gradients' size.",
            numbers(("−η λ θ", shrunk(update))),
        ),
    )


def shrunk(update: Update) -> Vector:
    """How far decoupled weight decay moves theta."""
    return -update.rate * update.number("weight_decay") * update.theta


def step(update: Update, by: Vector, formula: str, sentence: str = "Theta takes the step.") -> Stage:
    """How an update ends: `by` is the whole displacement."""
    return Stage(
        "Step",
        formula,
        sentence,
        numbers(("step", by), ("θ", update.theta), ("new θ", update.theta + by)),
        arrow("step", by),
    )

"""One update of one run as it was made, and what an optimizer's file says of it: its stages, and how stable it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from lrviz.core.catalog import Point
from lrviz.core.signature import Value

if TYPE_CHECKING:  # the catalog reads the optimizers' files, and so this one, without NumPy
    import numpy as np
    from numpy.typing import NDArray

Vector: TypeAlias = "NDArray[np.float64]"  # (2,) one number an axis of a surface

ArrowKind = Literal["gradient", "momentum", "step", "ahead"]


@dataclass(frozen=True, eq=False)
class Update:
    """How a run went from theta to theta + moved, on a surface.

    `before` and `after` are torch's own optimizer state, by torch's names ("momentum_buffer", "exp_avg"), as it stood
    before and after this update: (2,) each, a number that all axes share twice. `before` is empty at the first update.
    """

    step: int
    rate: float  # the learning rate that this update used, its schedule's factor included
    theta: Vector
    moved: Vector
    gradient: Vector  # as the optimizer was given it, noise included
    before: Mapping[str, Vector]
    after: Mapping[str, Vector]
    settings: Mapping[str, Value]  # the optimizer's parameters

    def number(self, name: str) -> float:
        """A numeric setting."""
        value = self.settings[name]
        assert isinstance(value, float | int)
        return float(value)


@dataclass(frozen=True)
class Arrow:
    """A displacement in the units of x and y, from theta or, `onward`, from the tip of the arrow told before.

    "gradient" is what plain descent would do at this rate, "momentum" the remembered part of the step, "ahead"
    Nesterov's look-ahead, "step" the step taken: an update's last stage has that one, and it is `Update.moved`.
    """

    kind: ArrowKind
    by: Point
    onward: bool = False


@dataclass(frozen=True)
class Stage:
    """One stage of an update, as a person is told it: one sentence, its formula, and its numbers just now."""

    name: str  # "Remember"
    formula: str  # "m ← β₁ m + (1 − β₁) g"
    sentence: str
    numbers: tuple[tuple[str, tuple[float, ...]], ...] = ()  # ("g", (1.2, −0.4)), ("η", (0.1,))
    arrow: Arrow | None = None
    scaling: Point | None = None  # what each axis's part of the step is multiplied by, the rate apart


@dataclass(frozen=True, eq=False)
class Stability:
    """What an optimizer's step stands: rate × the largest curvature of the scaled surface stays below `limit`.

    The scaled surface has the Hessian √s (H + c) √s, where s is `scale`: all ones unless the optimizer divides each
    axis by a size of its own, which counts as if it stayed as it is; c is `added` to the curvature along each axis.
    """

    limit: float
    scale: Vector
    formula: str  # the limit as people write it: "2 (1 + β)"
    added: float = 0.0  # the curvature of weight decay, which descends (c / 2) |θ|² along with the loss

"""What a model does at one step, for every run: values that are computed by the engine and drawn by a view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lrviz.core.catalog import Bounds
from lrviz.core.trace import Trace

InsightKind = Literal["boundary", "curve", "wall", "confusion", "units", "weights"]
INSIGHT_KINDS: tuple[InsightKind, ...] = ("boundary", "curve", "wall", "confusion", "units", "weights")
UnitsForm = Literal["maps", "curves", "pictures", "groups"]


@dataclass(frozen=True, eq=False)
class Studied:
    """What of the data all runs and steps share. Two models of the same data get the same object."""

    name: str
    features: tuple[str, ...]  # (D,)
    classes: tuple[str, ...]  # empty for regression
    target: str = "target"  # what is foretold
    bounds: Bounds | None = None  # the window that shows every point: two inputs, or one input and the target
    train_points: NDArray[np.float32] | None = None  # (N, 2) in that window, at most as many as can be told apart
    test_points: NDArray[np.float32] | None = None  # (M, 2)
    train_classes: NDArray[np.int64] | None = None  # (N,), where there are classes
    test_classes: NDArray[np.int64] | None = None  # (M,)
    pictures: NDArray[np.uint8] | None = None  # (M, rows, columns) the test part, 0 to 255


@dataclass(frozen=True, eq=False)
class Boundary:
    """Which class wins where, on an even grid over the window, its edges included; row 0 is the lowest."""

    winner: NDArray[np.int64]  # (G, G)
    margin: NDArray[np.float32]  # (G, G) its probability less that of the next, 0 to 1


@dataclass(frozen=True, eq=False)
class Fit:
    """What a model of one input foretells along the window, edges included."""

    values: NDArray[np.float32]  # (M,)


@dataclass(frozen=True, eq=False)
class Wall:
    """Some of the test pictures: the mistakes first, both in the test part's order."""

    place: NDArray[np.int64]  # (W,) among the test part
    truth: NDArray[np.int64]  # (W,) its class
    answer: NDArray[np.int64]  # (W,) the class that the model takes it for
    sure: NDArray[np.float32]  # (W,) the probability that it gives to its answer
    mistakes: int  # in the whole test part, which may be more than are on the wall
    samples: int  # in the test part


@dataclass(frozen=True, eq=False)
class Confusion:
    """How often which class of the test part is taken for which."""

    counts: NDArray[np.int64]  # (C, C): row the true class, column the answer


@dataclass(frozen=True, eq=False)
class Units:
    """What the units of a hidden layer respond to; the same units in every run, the first ones of the layer.

    "maps": (U, G, G) each unit's activation over the window, row 0 the lowest. "curves": (U, M) along the window.
    "pictures": (U, rows, columns) each unit's weights, as the picture that it adds up by them. "groups": (U, C) each
    unit's mean activation over the test samples of every group, which are the classes or parts of the target's range.
    """

    form: UnitsForm
    layer: str  # its name in the module
    total: int  # units that the layer has
    values: NDArray[np.float32]
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Histograms:
    """Weights and gradients layer by layer, biases left out; bins are the same for all runs, and so told apart by eye.

    What lies beyond the bins counts in the outermost ones.
    """

    layers: tuple[str, ...]  # (L,) names in the module
    weights: NDArray[np.int64]  # (L, B)
    weight_edges: NDArray[np.float64]  # (L, B + 1)
    gradients: NDArray[np.int64]  # (L, B) of log10 |g|, where g is not 0
    gradient_edges: NDArray[np.float64]  # (B + 1,) log10
    zeros: NDArray[np.float64]  # (L,) the share of gradients that are 0


RunInsight = Boundary | Fit | Wall | Confusion | Units | Histograms


@dataclass(frozen=True, eq=False)
class Insight:
    """What every run's model does at a step; None for a run that has no finite parameters there."""

    kind: InsightKind
    step: int  # that was asked for
    measured: int  # the step at which theta was kept: the last one that is not after `step`
    kinds: tuple[InsightKind, ...]  # that there are for this model and these data
    studied: Studied
    traces: tuple[Trace, ...]  # of the race that it tells of
    runs: tuple[RunInsight | None, ...]  # in the experiment's order


def window_of(x: NDArray[Any], y: NDArray[Any], spare: float = 0.06) -> Bounds:
    """The window that shows all points (N,), with a little room around them; never empty."""
    sides: list[float] = []
    for values in (x, y):
        low, high = float(np.min(values)), float(np.max(values))
        room = spare * (high - low) or 1.0
        sides += [low - room, high + room]
    return sides[0], sides[1], sides[2], sides[3]

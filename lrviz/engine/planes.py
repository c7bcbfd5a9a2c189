"""The planes on which a model's descents are drawn, each shared by all runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from lrviz.core.catalog import Bounds
from lrviz.core.landscape import Plane
from lrviz.core.trace import Trace
from lrviz.engine.model_problem import ModelProblem

POINTS = 120  # of all paths together that decide the main directions; fewer where theta is so large that
NUMBERS = 3_000_000  # they would be more numbers than this
FELLOWS = 3.0  # times the best run's extent: whoever went further is left out, and leaves the map
MARGIN = 0.3  # of the paths' size, around them
NARROWEST = 0.4  # the window's short side, of its long one

Array = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Window:
    """A plane, and the part of it that is shown."""

    plane: Plane
    bounds: Bounds


def plane_through_start(problem: ModelProblem, seed: int) -> Window:
    """Before anything is known of the paths: downhill from the start, and a random direction.

    The random direction is normalised filter by filter, so that each weighs as in the model itself (H. Li et al.,
    Visualizing the Loss Landscape of Neural Nets, NeurIPS 2018, arXiv:1712.09913). The window reaches as far as the
    start is from the origin.
    """
    start = problem.start(1)[0].double().numpy()
    downhill = -problem.training_gradient(problem.start(1))[0].double().numpy()
    directions = _orthonormal(downhill, _random_direction(problem, start, seed))
    reach = float(np.linalg.norm(start)) or 1.0
    plane = Plane(start, directions, ("downhill from the start", "a random direction"))
    return Window(plane, (-0.5 * reach, 1.5 * reach, -reach, reach))


def plane_of_paths(problem: ModelProblem, traces: Sequence[Trace], seed: int) -> Window | None:
    """The plane through the start in which the paths show best; None where no run got anywhere.

    Each path counts alike, whatever its length: it is divided by its extent before the main directions are taken.
    Runs that overflowed, did not learn, or went far further than the best one have no say; the others fill the window.
    """
    start = problem.start(1)[0].double().numpy()
    chosen = _tellable(traces, start)
    if not chosen:
        return None
    each = max(2, min(POINTS, NUMBERS // problem.parameters) // len(chosen))
    paths = [_thinned(trace.theta, each) - start for trace in chosen]
    unit = np.concatenate([path / np.linalg.norm(path, axis=1).max() for path in paths])
    first, second, shares = _main_directions(unit)
    if second is None:
        second = _random_direction(problem, start, seed)
    directions = _orthonormal(first, second)
    directions *= _signs(paths[0][-1] @ directions.T)
    axes = tuple(f"main direction {i + 1} ({100 * share:.0f} % of the paths)" for i, share in enumerate(shares))
    shown = np.concatenate([path @ directions.T for path in paths])
    return Window(Plane(start, directions, (axes[0], axes[1])), _around(shown))


def _tellable(traces: Sequence[Trace], start: Array) -> list[Trace]:
    """The runs that learned and stayed within reach of the best, best first; if none learned, all that are finite."""
    extents = {trace: _extent(trace, start) for trace in traces if trace.overflow_step is None}
    finite = [trace for trace, extent in extents.items() if extent > 0]
    learned = [trace for trace in finite if _last_loss(trace) < trace.metrics["train_loss"][0]]
    ranked = sorted(learned or finite, key=_last_loss)
    return [trace for trace in ranked if extents[trace] <= FELLOWS * extents[ranked[0]]]


def _last_loss(trace: Trace) -> float:
    return float(trace.metrics["train_loss"][-1])


def _extent(trace: Trace, start: Array) -> float:
    """How far the run got from the start, at some of its snapshots."""
    some = _thinned(trace.theta, 4)
    return float(np.linalg.norm(some - start.astype(some.dtype), axis=1).max())


def _thinned(theta: Array, count: int) -> Array:
    """(≤ count, P) snapshots at even intervals, the first and the last among them."""
    return theta[np.unique(np.linspace(0, len(theta) - 1, count).astype(np.int64))]


def _main_directions(points: Array) -> tuple[Array, Array | None, tuple[float, float]]:
    """The two directions in which points (N, P) vary most about the start, and each one's share of it all.

    From the eigenvectors of their N × N products, since N is far below P. The second is None where there is only one.
    """
    rows = torch.from_numpy(points)
    values, vectors = torch.linalg.eigh(rows @ rows.T)
    shares = (values / values.sum()).clamp(min=0)
    first, second = ((vectors[:, -i] @ rows).numpy() for i in (1, 2))
    only_one = shares[-2] < 1e-9
    return first, None if only_one else second, (float(shares[-1]), float(shares[-2]))


def _random_direction(problem: ModelProblem, start: Array, seed: int) -> Array:
    """(P,) normal numbers, each filter (a row of a weight, or a bias) with the norm that it has in the start."""
    drawn: Array = np.random.default_rng(seed).standard_normal(len(start))
    place = 0
    for shape in problem.shapes:
        count = shape.numel()
        filters = drawn[place : place + count].reshape(shape[0] if len(shape) > 1 else 1, -1)
        own = start[place : place + count].reshape(filters.shape)
        filters *= np.linalg.norm(own, axis=1, keepdims=True) / np.linalg.norm(filters, axis=1, keepdims=True)
        place += count
    # A start of zeros has no norms to give.
    return drawn if drawn.any() else np.random.default_rng(seed).standard_normal(len(start))


def _orthonormal(first: Array, second: Array) -> NDArray[np.float64]:
    """(2, P): the first's direction, and what the second adds to it."""
    length = np.linalg.norm(first)
    first = first / length if length > 0 else np.eye(1, len(first))[0]
    second = second - (second @ first) * first
    return np.stack([first, second / np.linalg.norm(second)])


def _signs(end: Array) -> NDArray[np.float64]:
    """(2, 1) the best run ends to the right and above, so that the same race looks the same each time."""
    return np.where(end < 0, -1.0, 1.0)[:, None]


def _around(points: Array) -> Bounds:
    low, high = points.min(0), points.max(0)
    centre, half = (low + high) / 2, (high - low) / 2 * (1 + MARGIN)
    half = np.maximum(half, NARROWEST * half.max())
    (x0, y0), (x1, y1) = centre - half, centre + half
    return float(x0), float(x1), float(y0), float(y1)

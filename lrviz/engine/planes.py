"""The planes on which a model's descents are drawn, each shared by all runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrviz.core.catalog import Bounds
from lrviz.core.errors import LrvizError
from lrviz.core.landscape import Plane, PlaneKind
from lrviz.core.pauses import Paused
from lrviz.core.trace import Trace
from lrviz.engine.directions import Array, main_directions, orthonormal, random_direction, shares
from lrviz.engine.model_problem import ModelProblem

POINTS = 120  # of all paths together that decide the main directions; fewer where theta is so large that
NUMBERS = 3_000_000  # they would be more numbers than this
FELLOWS = 3.0  # times the best run's extent: whoever went further is left out, and leaves the map
MARGIN = 0.3  # of the paths' size, around them
NARROWEST = 0.4  # the window's short side, of its long one
LINE = 1e-6  # of its length: an end that lies no further off a line lies on it


@dataclass(frozen=True, eq=False)
class Window:
    """A plane, and the part of it that is shown."""

    plane: Plane
    bounds: Bounds


class _Path(NamedTuple):
    """A run's way, from the start."""

    trace: Trace
    points: Array  # (S, P) some of its snapshots less the start, in their own precision, to be quick
    end: NDArray[np.float64]  # (P,) the last, less the start
    extent: float  # how far from the start it got


def window_of(kind: PlaneKind, problem: ModelProblem, traces: Sequence[Trace], seed: int) -> Paused[Window]:
    """The plane of that kind for runs that have ended. LrvizError where they don't give one."""
    match kind:
        case "start":
            return plane_through_start(problem, seed)
        case "paths":
            return plane_of_paths(problem, traces, seed)
        case "random":
            return plane_around_best(problem, traces, seed)
        case "finals":
            return plane_through_ends(problem, traces)


def plane_through_start(problem: ModelProblem, seed: int) -> Paused[Window]:
    """Before anything is known of the paths: downhill from the start, and a random direction.

    The random one is normalised filter by filter. The window reaches as far as the start is from the origin.
    """
    start = _start(problem)
    gradient = yield from problem.training_gradient(problem.start(1))
    downhill = -gradient[0].double().numpy()
    directions = orthonormal(downhill, (yield from random_direction(problem, start, seed)))
    reach = float(np.linalg.norm(start)) or 1.0
    plane = Plane(start, directions, ("downhill from the start", "a random direction"))
    return Window(plane, (-0.5 * reach, 1.5 * reach, -reach, reach))


def plane_of_paths(problem: ModelProblem, traces: Sequence[Trace], seed: int) -> Paused[Window]:
    """The plane through the start in which the paths show best.

    Each path counts alike, whatever its length: it is divided by its extent before the main directions are taken.
    Runs that overflowed, did not learn, or went far further than the best one have no say; the others fill the window.
    """
    start, paths = _start(problem), (yield from _paths(problem, traces))
    unit = yield from _unit(paths)
    first, second = main_directions(unit)
    yield
    if second is None:
        second = yield from random_direction(problem, start, seed)
    directions = orthonormal(first, second)
    directions *= _signs(paths[0].end @ directions.T)
    plane = Plane(start, directions, _axes(("main direction 1", "main direction 2"), unit, directions))
    return Window(plane, _around(paths, directions))


def plane_around_best(problem: ModelProblem, traces: Sequence[Trace], seed: int) -> Paused[Window]:
    """Two random directions through the end of the best run, normalised filter by filter, as Li et al. draw them.

    The window reaches as far as that end is from the origin, which is their −1 to 1.
    """
    paths = yield from _paths(problem, traces)
    end = _start(problem) + paths[0].end
    first = yield from random_direction(problem, end, seed)
    second = yield from random_direction(problem, end, seed, 1)
    directions = orthonormal(first, second)
    reach = float(np.linalg.norm(end)) or 1.0
    names = "a random direction", "another random direction"
    named = _axes(names, (yield from _unit(paths)), directions)
    return Window(Plane(end, directions, named), (-reach, reach, -reach, reach))


def plane_through_ends(problem: ModelProblem, traces: Sequence[Trace]) -> Paused[Window]:
    """The plane through the start, the best run's end, and the end that lies furthest off the line between those two.

    So the triangle is as open as these runs allow. LrvizError where fewer than two got anywhere, or all one way.
    """
    start, paths = _start(problem), (yield from _paths(problem, traces))
    if len(paths) < 2:
        need = "a plane through two ends needs two runs that got somewhere, neither much further than the better one"
        raise LrvizError(f"{need}; here there is one: 'paths' shows it best")
    best = paths[0]
    along, off = best.end / np.linalg.norm(best.end), []
    for path in paths[1:]:
        off.append(np.linalg.norm(path.end - (path.end @ along) * along))
        yield
    other = paths[1 + int(np.argmax(off))]
    if max(off) <= LINE * max(path.extent for path in paths):
        raise LrvizError("all runs end on one line through the start, which gives no plane; 'paths' shows it best")
    directions = orthonormal(best.end, other.end)
    names = f"to the end of {best.trace.lr:g}", f"across, to the end of {other.trace.lr:g}"
    named = _axes(names, (yield from _unit(paths)), directions)
    return Window(Plane(start, directions, named), _around([best, other], directions))


def _start(problem: ModelProblem) -> NDArray[np.float64]:
    start: NDArray[np.float64] = problem.start(1)[0].double().numpy()
    return start


def _paths(problem: ModelProblem, traces: Sequence[Trace]) -> Paused[list[_Path]]:
    """Of the runs that learned and stayed within reach of the best, best first; if none learned, of all finite ones."""
    start, extents = _start(problem), dict[Trace, float]()
    for trace in traces:
        if trace.overflow_step is None:
            extents[trace] = _extent(trace, start)
            yield
    finite = [trace for trace, extent in extents.items() if extent > 0]
    learned = [trace for trace in finite if _last_loss(trace) < trace.metric("train_loss")[0]]
    ranked = sorted(learned or finite, key=_last_loss)
    chosen = [trace for trace in ranked if extents[trace] <= FELLOWS * extents[ranked[0]]]
    if not chosen:
        raise LrvizError("no run got anywhere and stayed finite; the plane through the start needs none")
    each = max(2, min(POINTS, NUMBERS // problem.parameters) // len(chosen))
    paths = []
    for trace in chosen:
        points = _away(_thinned(trace.theta, each), start)
        paths.append(_Path(trace, points, trace.theta[-1] - start, extents[trace]))
        yield
    return paths


def _away(theta: Array, start: Array) -> Array:
    """Theta (S, P) less the start, in its own precision."""
    return theta - start.astype(theta.dtype)


def _last_loss(trace: Trace) -> float:
    return float(trace.metric("train_loss")[-1])


def _extent(trace: Trace, start: Array) -> float:
    """How far the run got from the start, at some of its snapshots."""
    return float(np.linalg.norm(_away(_thinned(trace.theta, 4), start), axis=1).max())


def _thinned(theta: Array, count: int) -> Array:
    """(≤ count, P) snapshots at even intervals, the first and the last among them."""
    return theta[np.unique(np.linspace(0, len(theta) - 1, count).astype(np.int64))]


def _unit(paths: Sequence[_Path]) -> Paused[Array]:
    """(N, P) the points of all paths, each path divided by its extent."""
    unit = np.empty((sum(len(path.points) for path in paths), len(paths[0].end)), paths[0].points.dtype)
    first = 0
    for path in paths:
        end = first + len(path.points)
        np.divide(path.points, np.linalg.norm(path.points, axis=1).max(), out=unit[first:end])
        first = end
        yield
    return unit


def _axes(names: tuple[str, str], unit: Array, directions: NDArray[np.float64]) -> tuple[str, str]:
    """What each axis is, with its share of what the paths vary about the start."""
    first, second = (
        f"{name} ({100 * share:.0f} % of the paths)"
        for name, share in zip(names, shares(unit, directions), strict=True)
    )
    return first, second


def _signs(end: Array) -> NDArray[np.float64]:
    """(2, 1) the best run ends to the right and above, so that the same race looks the same each time."""
    return np.where(end < 0, -1.0, 1.0)[:, None]


def _around(paths: Sequence[_Path], directions: NDArray[np.float64]) -> Bounds:
    """A window on the plane through the start that holds these paths, with room around them."""
    points = np.concatenate([path.points @ directions.astype(path.points.dtype).T for path in paths])
    low, high = points.min(0), points.max(0)
    centre, half = (low + high) / 2, (high - low) / 2 * (1 + MARGIN)
    half = np.maximum(half, NARROWEST * half.max())
    (x0, y0), (x1, y1) = centre - half, centre + half
    return float(x0), float(x1), float(y0), float(y1)

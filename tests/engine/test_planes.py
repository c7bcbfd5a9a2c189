"""The planes on which descents of models are drawn."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lrviz.core.errors import LrvizError
from lrviz.core.landscape import PLANE_KINDS, PlaneKind
from lrviz.core.pauses import finished
from lrviz.core.trace import Recorder, Trace
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.planes import (
    plane_around_best,
    plane_of_paths,
    plane_through_ends,
    plane_through_start,
    window_of,
)
from tests.engine.questions import toy_data, toy_network

SNAPSHOTS = 21


@pytest.fixture(scope="module")
def problem() -> ModelProblem:
    return ModelProblem(toy_network(), toy_data(), 16, 0)


def start_of(problem: ModelProblem) -> NDArray[np.float64]:
    start: NDArray[np.float64] = problem.start(1)[0].double().numpy()
    return start


def unit(problem: ModelProblem, axis: int) -> NDArray[np.float64]:
    direction = np.zeros(problem.parameters)
    direction[axis] = 1.0
    return direction


def traces(problem: ModelProblem, paths: list[NDArray[np.float64]], losses: list[float]) -> tuple[Trace, ...]:
    """Runs along paths (S, P) from the start, whose training loss begins at 2 and ends as given."""
    recorder = Recorder([0.1] * len(paths), SNAPSHOTS - 1, problem.parameters, range(SNAPSHOTS), ("train_loss",))
    for number in range(SNAPSHOTS):
        done = number / (SNAPSHOTS - 1)
        metrics = {"train_loss": np.array([2 + (loss - 2) * done for loss in losses])}
        recorder.snapshot(np.stack([start_of(problem) + path[number] for path in paths]), metrics)
    recorder.append(np.ones((len(paths), SNAPSHOTS)), np.ones((len(paths), SNAPSHOTS)))
    return recorder.traces


def line(direction: NDArray[np.float64], length: float) -> NDArray[np.float64]:
    return np.linspace(0, length, SNAPSHOTS)[:, None] * direction


def arc(first: NDArray[np.float64], second: NDArray[np.float64], length: float) -> NDArray[np.float64]:
    angle = np.linspace(0, np.pi / 2, SNAPSHOTS)[:, None]
    return length * (np.sin(angle) * first + (1 - np.cos(angle)) * second)


def test_before_the_race_one_axis_leads_downhill_and_both_are_orthonormal(problem: ModelProblem) -> None:
    window = finished(plane_through_start(problem, 0))
    np.testing.assert_allclose(window.plane.directions @ window.plane.directions.T, np.eye(2), atol=1e-9)
    gradient = finished(problem.training_gradient(problem.start(1)))[0].double().numpy()
    np.testing.assert_allclose(window.plane.directions[0], -gradient / np.linalg.norm(gradient), atol=1e-6)
    assert window.plane.axes == ("downhill from the start", "a random direction")
    np.testing.assert_allclose(window.plane.plane_from_theta(start_of(problem)[None]), 0, atol=1e-9)


def test_the_random_direction_is_the_seeds(problem: ModelProblem) -> None:
    first, again, other = (finished(plane_through_start(problem, seed)).plane.directions[1] for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert abs(first @ other) < 0.5


def test_paths_in_a_plane_give_that_plane(problem: ModelProblem) -> None:
    one, two = unit(problem, 3), unit(problem, 8)
    runs = traces(problem, [arc(one, two, 2.0), line(one, 1.0)], [0.1, 0.5])
    window = finished(plane_of_paths(problem, runs, 0))
    for trace in runs:
        feet = window.plane.theta_from_plane(window.plane.plane_from_theta(trace.theta))
        np.testing.assert_allclose(feet, trace.theta, atol=1e-6)
    shares = [int(axis.split("(")[1].split(" ")[0]) for axis in window.plane.axes]
    assert shares[0] > shares[1] > 0
    assert sum(shares) == 100


def test_a_short_path_counts_as_much_as_a_long_one(problem: ModelProblem) -> None:
    one, two = unit(problem, 3), unit(problem, 8)
    window = finished(plane_of_paths(problem, traces(problem, [line(one, 2.0), line(two, 0.01)], [0.4, 1.9]), 0))
    np.testing.assert_allclose((window.plane.directions[:, [3, 8]] ** 2).sum(), 2, rtol=1e-3)
    assert [axis.split("(")[1] for axis in window.plane.axes] == ["50 % of the paths)"] * 2


def test_a_run_that_went_far_off_ruins_neither_directions_nor_window(problem: ModelProblem) -> None:
    one, two = unit(problem, 3), unit(problem, 8)
    well = [arc(one, two, 2.0), line(one, 1.0)]
    alone = finished(plane_of_paths(problem, traces(problem, well, [0.1, 0.5]), 0))
    lost = [line(unit(problem, 12), 500.0), line(unit(problem, 13), 1.0)]
    together = finished(plane_of_paths(problem, traces(problem, well + lost, [0.1, 0.5, 1.9, 2.4]), 0))
    np.testing.assert_allclose(alone.plane.directions, together.plane.directions, atol=1e-9)
    np.testing.assert_allclose(alone.bounds, together.bounds, atol=1e-9)


def test_the_window_holds_the_paths_with_room_around_them(problem: ModelProblem) -> None:
    runs = traces(problem, [arc(unit(problem, 3), unit(problem, 8), 2.0)], [0.1])
    window = finished(plane_of_paths(problem, runs, 0))
    x0, x1, y0, y1 = window.bounds
    points = window.plane.plane_from_theta(runs[0].theta)
    low, high = points.min(0), points.max(0)
    assert x0 < low[0] - 0.1
    assert x1 > high[0] + 0.1
    assert y0 < low[1] - 0.1
    assert y1 > high[1] + 0.1
    assert (points[-1] > 0).all()  # the best run ends to the right and above


def test_a_single_straight_path_gets_a_second_direction_all_the_same(problem: ModelProblem) -> None:
    window = finished(plane_of_paths(problem, traces(problem, [line(unit(problem, 3), 2.0)], [0.1]), 0))
    np.testing.assert_allclose(window.plane.directions @ window.plane.directions.T, np.eye(2), atol=1e-9)
    assert window.plane.axes == ("main direction 1 (100 % of the paths)", "main direction 2 (0 % of the paths)")


def test_if_no_run_learned_those_that_stayed_finite_are_shown(problem: ModelProblem) -> None:
    runs = traces(problem, [line(unit(problem, 3), 2.0), line(unit(problem, 4), 1.0)], [2.5, 3.0])
    window = finished(plane_of_paths(problem, runs, 0))
    assert window.plane.axes[0].startswith("main direction 1 (50 %")


@pytest.mark.parametrize("kind", ["paths", "random", "finals"])
def test_if_no_run_got_anywhere_there_is_no_such_plane(problem: ModelProblem, kind: PlaneKind) -> None:
    with pytest.raises(LrvizError, match="no run got anywhere"):
        finished(window_of(kind, problem, traces(problem, [line(unit(problem, 3), 0.0)], [2.0]), 0))


@pytest.mark.parametrize("kind", PLANE_KINDS)
def test_planes_of_every_kind_have_orthonormal_directions_and_hold_their_middle(
    problem: ModelProblem, kind: PlaneKind
) -> None:
    rng = np.random.default_rng(0)
    walks = [0.1 * rng.standard_normal((SNAPSHOTS, problem.parameters)).cumsum(0) for _ in range(3)]
    window = finished(window_of(kind, problem, traces(problem, walks, [0.3, 0.2, 0.4]), 7))
    plane, (x0, x1, y0, y1) = window.plane, window.bounds
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(2), atol=1e-9)
    assert x0 < 0 < x1
    assert y0 < 0 < y1


def test_main_directions_and_their_shares_are_those_of_a_singular_value_decomposition(problem: ModelProblem) -> None:
    rng = np.random.default_rng(1)
    walks = [rng.standard_normal((SNAPSHOTS, problem.parameters)).cumsum(0) for _ in range(3)]
    for walk in walks:
        walk[0] = 0
    window = finished(plane_of_paths(problem, traces(problem, walks, [0.3, 0.2, 0.4]), 0))
    points = np.concatenate([walk / np.linalg.norm(walk, axis=1).max() for walk in walks])
    _, values, directions = np.linalg.svd(points, full_matrices=False)
    np.testing.assert_allclose(np.abs(window.plane.directions @ directions[:2].T), np.eye(2), atol=1e-4)
    varied = values**2 / (values**2).sum()
    assert [f"({100 * share:.0f} %" in axis for share, axis in zip(varied, window.plane.axes, strict=False)] == [
        True
    ] * 2


def test_a_plane_through_ends_holds_the_start_and_both_ends(problem: ModelProblem) -> None:
    one, two, three = (unit(problem, axis) for axis in (3, 8, 9))
    runs = traces(problem, [line(one + 0.1 * two, 1.0), line(one, 2.0), arc(two, three, 1.5)], [0.3, 0.1, 0.2])
    window = finished(plane_through_ends(problem, runs))
    for theta in (start_of(problem), runs[1].theta[-1], runs[2].theta[-1]):
        assert window.plane.distance(theta) < 1e-12
    assert window.plane.distance(runs[0].theta[-1]) > 0.05
    points = window.plane.plane_from_theta(np.stack([start_of(problem), runs[1].theta[-1], runs[2].theta[-1]]))
    x0, x1, y0, y1 = window.bounds
    assert ((points > (x0, y0)) & (points < (x1, y1))).all()
    np.testing.assert_allclose(points[:2], [[0, 0], [2, 0]], atol=1e-12)
    assert [axis.split(" (")[0] for axis in window.plane.axes] == ["to the end of 0.1", "across, to the end of 0.1"]


@pytest.mark.parametrize(("lengths", "said"), [((2.0,), "needs two runs"), ((2.0, 1.0), "end on one line")])
def test_a_plane_through_ends_needs_two_of_them_that_are_not_on_one_line(
    problem: ModelProblem, lengths: tuple[float, ...], said: str
) -> None:
    runs = traces(problem, [line(unit(problem, 3), length) for length in lengths], [0.5] * len(lengths))
    with pytest.raises(LrvizError, match=said) as refused:
        finished(plane_through_ends(problem, runs))
    assert "\n" not in str(refused.value)


def test_random_directions_go_through_the_best_runs_end_and_weigh_each_filter_as_it_does(
    problem: ModelProblem,
) -> None:
    rng = np.random.default_rng(2)
    runs = traces(problem, [line(rng.standard_normal(problem.parameters), 1.0) for _ in range(2)], [0.5, 0.1])
    window = finished(plane_around_best(problem, runs, 3))
    end = runs[1].theta[-1]
    assert window.plane.distance(end) < 1e-12
    np.testing.assert_allclose(window.plane.plane_from_theta(end[None]), 0, atol=1e-12)
    first = window.plane.directions[0] * np.linalg.norm(end)  # at one end of the window: Li et al.'s 1
    np.testing.assert_allclose(window.bounds[1], np.linalg.norm(end))
    place = 0
    for shape in problem.shapes:
        rows = shape[0] if len(shape) > 1 else 1
        some = slice(place, place + shape.numel())
        own, drawn = (np.linalg.norm(theta[some].reshape(rows, -1), axis=1) for theta in (end, first))
        np.testing.assert_allclose(drawn, own, rtol=1e-9)
        place += shape.numel()
    again, other = (finished(plane_around_best(problem, runs, seed)).plane.directions for seed in (3, 4))
    np.testing.assert_array_equal(again, window.plane.directions)
    assert np.abs(other @ again.T).max() < 0.5


def test_a_start_of_zeros_has_a_plane_too() -> None:
    network = toy_network()
    for parameter in network.parameters():
        parameter.data.zero_()
    window = finished(plane_through_start(ModelProblem(network, toy_data(), 16, 0), 0))
    np.testing.assert_allclose(window.plane.directions @ window.plane.directions.T, np.eye(2), atol=1e-9)
    assert np.isfinite(window.bounds).all()

"""Gradients and losses looked up in tables, against autograd."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import Tensor

from lrviz.core import catalog
from lrviz.engine.fate_gradient import AutogradSlopes
from lrviz.engine.fate_places import REACH
from lrviz.engine.fate_recording import Function
from lrviz.engine.fate_tables import ASKED, MADE, TabledSlopes
from lrviz.engine.problems import SurfaceProblem, problem_from_spec
from tests.engine.questions import on_surface

BOUNDS = (-3.0, 1.0, -2.0, 4.0)
DEAR = ["cancer_neuron", "tanh_neuron"]


def wave(x: Tensor, y: Tensor) -> Tensor:
    return torch.sin(x) * torch.cos(2 * y) + x * y


def function_of(surface: str) -> Function:
    problem = problem_from_spec(on_surface(surface), 0)
    assert isinstance(problem, SurfaceProblem)
    return problem.function


def around(bounds: tuple[float, float, float, float], times: float, count: int = 4000) -> Tensor:
    """Points (2, count) all over so many windows."""
    x0, x1, y0, y1 = bounds
    centre, half = torch.tensor([[x0 + x1], [y0 + y1]]) / 2, torch.tensor([[x1 - x0], [y1 - y0]]) / 2
    spread = torch.rand((2, count), generator=torch.Generator().manual_seed(0)) * 2 - 1
    return centre + half * times * spread


def filled(slopes: TabledSlopes | AutogradSlopes, theta: Tensor) -> Tensor:
    gradient = torch.full_like(theta, 7.0)
    slopes.bind(theta, gradient)()
    return gradient


@pytest.mark.parametrize("times", [1.0, 3.0])
@pytest.mark.parametrize("surface", DEAR)
def test_a_real_loss_is_looked_up_to_some_millionths_of_its_steepest_slope(surface: str, times: float) -> None:
    function, bounds = function_of(surface), catalog.surfaces.find(surface).bounds
    theta = around(bounds, times)
    tabled = TabledSlopes(function, bounds)
    theirs = filled(AutogradSlopes(function), theta.double())
    steepest = float(theirs.abs().max())
    torch.testing.assert_close(filled(tabled, theta).double(), theirs, rtol=0, atol=2e-5 * steepest)
    losses = AutogradSlopes(function).losses(theta)
    torch.testing.assert_close(tabled.losses(theta), losses, rtol=1e-6, atol=1e-5 * steepest)


def test_a_step_to_a_tile_that_is_not_made_yet_makes_it() -> None:
    theta = around(BOUNDS, 0.2)
    gradient = torch.empty_like(theta)
    tabled = TabledSlopes(wave, BOUNDS)
    fill = tabled.bind(theta, gradient)
    for _ in range(4):
        fill()
        torch.testing.assert_close(gradient, filled(AutogradSlopes(wave), theta), rtol=0, atol=1e-4)
        theta.add_(torch.tensor([[2.0], [3.0]]))


def test_what_is_far_off_is_asked_for() -> None:
    far = torch.tensor([[2.0 * REACH, 1e8], [-3.5 * REACH, -1e9]])
    tabled = TabledSlopes(wave, BOUNDS)
    assert torch.equal(filled(tabled, far), filled(AutogradSlopes(wave), far))
    assert torch.equal(tabled.losses(far), AutogradSlopes(wave).losses(far))
    assert not (tabled._tiles == MADE).any()


@pytest.mark.filterwarnings("error")
def test_what_is_no_number_stays_none_and_spoils_no_neighbour() -> None:
    theta = torch.tensor([[torch.nan, 0.5, torch.inf, 0.5], [0.5, torch.nan, 0.5, 0.5]])
    tabled = TabledSlopes(wave, BOUNDS)
    filled(tabled, theta[:, 3:])
    gradient, losses = filled(tabled, theta), tabled.losses(theta)
    assert not torch.isfinite(gradient[:, :3]).any()
    assert not torch.isfinite(losses[:3]).any()
    torch.testing.assert_close(gradient[:, 3:], filled(AutogradSlopes(wave), theta[:, 3:]), rtol=0, atol=1e-4)


def test_a_kink_is_asked_for_and_the_rest_of_its_surface_is_not() -> None:
    def kinked(x: Tensor, y: Tensor) -> Tensor:
        return (x + 1.3).abs() + y * y

    theta = around(BOUNDS, 1.0)
    tabled = TabledSlopes(kinked, BOUNDS)
    torch.testing.assert_close(filled(tabled, theta), filled(AutogradSlopes(kinked), theta), rtol=0, atol=1e-4)
    assert (tabled._tiles[:-1] == ASKED).any()
    assert (tabled._tiles == MADE).any()


def test_what_is_level_has_a_table_like_any_other() -> None:
    def level(x: Tensor, y: Tensor) -> Tensor:
        return torch.relu(x - 100.0) + 0 * y + 3

    theta = around(BOUNDS, 1.0)
    tabled = TabledSlopes(level, BOUNDS)
    assert (filled(tabled, theta).abs() <= np.finfo(np.float32).tiny).all()
    assert (tabled._tiles[:-1] != ASKED).all()
    assert (tabled._tiles == MADE).any()
    torch.testing.assert_close(tabled.losses(theta), torch.full((theta.shape[1],), 3.0).double())


def test_where_there_is_no_room_for_more_tables_gradients_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrviz.engine.fate_tables.MOST", 3)
    theta = around(BOUNDS, 1.0)
    tabled = TabledSlopes(wave, BOUNDS)
    torch.testing.assert_close(filled(tabled, theta), filled(AutogradSlopes(wave), theta), rtol=0, atol=1e-4)
    assert (tabled._tiles == MADE).sum() == 3


def test_two_threads_may_come_to_the_same_tiles_at_once() -> None:
    tabled = TabledSlopes(wave, BOUNDS)
    theta = around(BOUNDS, 3.0)
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda _: filled(tabled, theta.clone()), range(2))
    torch.testing.assert_close(first, filled(AutogradSlopes(wave), theta), rtol=0, atol=3e-4)
    assert torch.equal(first, second)

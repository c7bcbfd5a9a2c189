"""What each surface is there to show, by paper and pencil: plain descent, theta less the rate times the gradient."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from lrviz.core import catalog


def descend(name: str, lr: float, steps: int, **given: Any) -> Tensor:
    """(2,) where `steps` plain steps lead from the surface's start."""
    surface = catalog.surfaces.find(name)
    settings = surface.own_settings(surface.settings(given))
    theta = torch.tensor(surface.start, dtype=torch.float64, requires_grad=True)
    for _ in range(steps):
        (gradient,) = torch.autograd.grad(surface.factory(theta[0], theta[1], **settings), theta)
        theta = (theta - lr * gradient).detach().requires_grad_()
    return theta.detach()


@pytest.mark.parametrize(("lr", "diverges"), [(0.499, False), (0.501, True)])
def test_the_round_bowl_diverges_just_past_two_over_curvature(lr: float, diverges: bool) -> None:
    before, after = (descend("bowl", lr, steps, curvature=4.0).norm() for steps in (0, 50))
    assert (after > before) == diverges


@pytest.mark.parametrize(("lr", "diverges"), [(0.099, False), (0.101, True)])
def test_the_stretched_bowl_diverges_just_past_two_over_its_steeper_curvature(lr: float, diverges: bool) -> None:
    before, after = (descend("stretched_bowl", lr, steps, condition=20.0)[1].abs() for steps in (0, 50))
    assert (after > before) == diverges


def test_the_stretched_bowl_contracts_each_axis_by_its_own_factor() -> None:
    x, y = descend("stretched_bowl", 0.05, 30, condition=20.0)
    assert x == pytest.approx(-1.8 * 0.95**30)
    assert y == pytest.approx(0.0, abs=1e-12)  # 1 - 0.05 · 20 = 0: one step


def test_rosenbrock_at_rate_0_01_overflows_within_a_few_steps() -> None:
    assert not descend("rosenbrock", 0.01, 20).isfinite().all()


@pytest.mark.parametrize(("lr", "minimum"), [(0.02, 1), (0.015, 0), (0.01, 3), (0.003, 2), (0.001, 2)])
def test_on_himmelblau_the_rate_decides_which_minimum_is_found(lr: float, minimum: int) -> None:
    minima = torch.tensor(catalog.surfaces.find("himmelblau").minima(), dtype=torch.float64)
    distance = (minima - descend("himmelblau", lr, 2000)).norm(dim=1)
    assert distance.argmin() == minimum
    assert distance.min() < 0.1


def test_on_beale_0_01_arrives_where_0_001_is_still_on_the_plateau_and_0_1_is_gone() -> None:
    minimum = torch.tensor([3.0, 0.5], dtype=torch.float64)
    assert (descend("beale", 0.01, 1000) - minimum).norm() < 0.05
    assert (descend("beale", 0.001, 1000) - minimum).norm() > 0.5
    assert not descend("beale", 0.1, 1000).isfinite().all()


@pytest.mark.parametrize("lr", [0.1, 0.01, 0.001])
def test_the_time_to_leave_the_saddle_grows_as_the_rate_shrinks(lr: float) -> None:
    steps = math.ceil(math.log(2 / 0.01) / math.log(1 + 2 * lr))  # until y = 0.01 (1 + 2 lr)^t passes the window's edge
    assert descend("saddle", lr, steps - 1)[1] < 2 <= descend("saddle", lr, steps)[1]


def nearest_minimum(name: str, lr: float, steps: int = 400) -> int | None:
    """Which known minimum the surface's own start leads to; None if it is at none of them."""
    surface = catalog.surfaces.find(name)
    minima = surface.minima(**surface.own_settings(surface.settings({})))
    distance = (torch.tensor(minima, dtype=torch.float64) - descend(name, lr, steps)).norm(dim=1)
    return int(distance.argmin()) if distance.min() < 1e-3 else None


@pytest.mark.parametrize(
    ("name", "larger", "smaller"),
    [
        ("goldstein_price", (0.0003, 0), (0.0001, 1)),  # the deepest, and the one next to the start
        ("sharp_flat", (0.3, 1), (0.05, 0)),  # the flat one, and the sharp one on the way
        ("six_hump_camel", (0.1, 0), (0.03, 5)),
        ("tanh_neuron", (1.0, 1), (0.5, 0)),
        ("three_hump_camel", (0.2, 0), (0.05, 2)),
    ],
)
def test_the_rate_decides_which_minimum_is_found(
    name: str, larger: tuple[float, int], smaller: tuple[float, int]
) -> None:
    for lr, minimum in (larger, smaller):
        assert lr in catalog.surfaces.find(name).rates
        assert nearest_minimum(name, lr) == minimum


@pytest.mark.parametrize(("lr", "stays"), [(0.099, True), (0.101, False)])
def test_just_past_two_over_its_curvature_the_sharp_minimum_lets_go(lr: float, stays: bool) -> None:
    surface = catalog.surfaces.find("sharp_flat")
    theta = torch.tensor([-1.001, 0.0], dtype=torch.float64, requires_grad=True)
    for _ in range(2_000):
        (gradient,) = torch.autograd.grad(surface.factory(theta[0], theta[1], sharpness=20.0), theta)
        theta = (theta - lr * gradient).detach().requires_grad_()
    sharp, _ = torch.tensor(surface.minima(), dtype=torch.float64)
    assert ((theta - sharp).norm() < 1e-4) == stays


def test_between_its_two_limits_a_rate_settles_in_styblinski_and_tangs_shallow_valley_alone() -> None:
    x, before = descend("styblinski_tang", 0.06, 400)
    _, after = descend("styblinski_tang", 0.06, 401)
    assert x == pytest.approx(2.746802770990837)
    assert abs(after - before) > 0.3


@pytest.mark.parametrize(("lr", "swings"), [(0.99, False), (1.01, True)])
def test_the_foot_of_the_cliff_holds_rates_up_to_ten_over_its_steepness(lr: float, swings: bool) -> None:
    before, after = descend("plateau_cliff", lr, 3_000)[0], descend("plateau_cliff", lr, 3_001)[0]
    assert (abs(after - before) > 1e-3) == swings


def test_at_ackleys_tip_no_constant_rate_comes_to_rest() -> None:
    surface = catalog.surfaces.find("ackley")
    for lr in (0.01, 0.001):
        theta = torch.tensor([0.2, 0.1], dtype=torch.float64, requires_grad=True)
        for _ in range(500):
            (gradient,) = torch.autograd.grad(surface.factory(theta[0], theta[1]), theta)
            theta = (theta - lr * gradient).detach().requires_grad_()
        assert 0.1 * lr < theta.norm() < 10 * lr


def test_a_turn_of_the_ravine_changes_nothing_for_plain_descent() -> None:
    ravine = catalog.surfaces.find("rotated_ravine").factory
    losses = []
    for angle in (0.0, 30.0):
        turn = math.radians(angle)
        start = (math.cos(turn) - math.sin(turn), math.sin(turn) + math.cos(turn))  # one along and one across
        theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
        for _ in range(50):
            loss = ravine(theta[0], theta[1], angle=angle)
            (gradient,) = torch.autograd.grad(loss, theta)
            theta = (theta - 0.05 * gradient).detach().requires_grad_()
        losses.append(loss.item())
    assert losses[0] == pytest.approx(losses[1])

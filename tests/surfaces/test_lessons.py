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

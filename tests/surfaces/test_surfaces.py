"""What every surface must be, a file added later included."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.catalog import NOISE, Surface

every_surface = pytest.mark.parametrize("surface", list(catalog.surfaces), ids=lambda surface: surface.name)


def defaults_of(surface: Surface) -> dict[str, Any]:
    return dict(surface.own_settings(surface.settings({})))


def settings_of(surface: Surface) -> list[dict[str, Any]]:
    """The defaults, and for each parameter both ends of its range."""
    own = [parameter for parameter in surface.parameters if parameter.name != NOISE.name]
    defaults = defaults_of(surface)
    return [defaults, *({**defaults, p.name: end} for p in own for end in (p.low, p.high))]


def points_of(surface: Surface, count: int = 200) -> Tensor:
    """(2, count) points all over the surface's window."""
    x0, x1, y0, y1 = surface.bounds
    return torch.from_numpy(np.random.default_rng(0).uniform((x0, y0), (x1, y1), (count, 2)).T.copy())


def minima_of(surface: Surface, settings: dict[str, Any]) -> Tensor:
    """(M, 2)."""
    return torch.tensor(surface.minima(**settings), dtype=torch.float64).reshape(-1, 2)


def slopes(surface: Surface, points: Tensor, settings: dict[str, Any]) -> tuple[Tensor, Tensor]:
    """Gradients (M, 2) and Hessians (M, 2, 2) at points (M, 2)."""
    theta = points.clone().requires_grad_()
    loss = surface.factory(theta[:, 0], theta[:, 1], **settings)
    (gradient,) = torch.autograd.grad(loss.sum(), theta, create_graph=True)
    rows = [torch.autograd.grad(gradient[:, i].sum(), theta, retain_graph=True)[0] for i in (0, 1)]
    return gradient.detach(), torch.stack(rows, 1)


def inside(surface: Surface, points: Tensor) -> Tensor:
    """(M,) whether points (M, 2) lie in the window."""
    x0, x1, y0, y1 = surface.bounds
    x, y = points.unbind(1)
    return (x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)


@every_surface
def test_every_known_minimum_is_inside_the_window_and_flat_and_curved_upwards(surface: Surface) -> None:
    for settings in settings_of(surface):
        minima = minima_of(surface, settings)
        assert inside(surface, minima).all()
        gradient, hessian = slopes(surface, minima, settings)
        smooth = hessian.isfinite().all(2).all(1)  # all but a pointed tip, which has no curvature
        assert gradient[~smooth].abs().sum() == 0
        curvatures = torch.linalg.eigvalsh(hessian[smooth])
        assert (curvatures[:, 0] > 0).all()
        # What is left of the gradient is as much as a place that is wrong by 1e-12 explains.
        assert (gradient[smooth].norm(dim=1) <= 1e-12 * curvatures[:, 1]).all()


@every_surface
def test_around_every_known_minimum_the_loss_is_higher(surface: Surface) -> None:
    angle = torch.linspace(0, 2 * torch.pi, 60, dtype=torch.float64)
    for settings in settings_of(surface):
        for x, y in minima_of(surface, settings):
            lowest = surface.factory(x, y, **settings)
            for radius in (1e-4, 1e-2):
                around = surface.factory(x + radius * angle.cos(), y + radius * angle.sin(), **settings)
                assert (around > lowest).all()


@every_surface
def test_the_window_holds_no_minimum_that_is_not_known(surface: Surface) -> None:
    settings, size = defaults_of(surface), 301
    x0, x1, y0, y1 = surface.bounds
    axes = torch.linspace(x0, x1, size, dtype=torch.float64), torch.linspace(y0, y1, size, dtype=torch.float64)
    x, y = torch.meshgrid(*axes, indexing="ij")
    height = surface.factory(x, y, **settings)
    middle = height[1:-1, 1:-1]
    neighbours = [height[1 + i : size - 1 + i, 1 + j : size - 1 + j] for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
    low = torch.stack([middle <= neighbour for neighbour in neighbours]).all(0)
    found = torch.stack([x[1:-1, 1:-1][low], y[1:-1, 1:-1][low]], 1)
    for _ in range(50):  # Newton's steps, for a grid finds false minima along a curved valley
        gradient, hessian = slopes(surface, found, settings)
        gentle = hessian + 1e-9 * torch.eye(2, dtype=torch.float64)
        step = torch.linalg.solve(gentle, gradient)
        found = torch.where(step.isfinite(), found - step.clamp(-0.1, 0.1), found)
    gradient, hessian = slopes(surface, found, settings)
    curvatures = torch.linalg.eigvalsh(torch.nan_to_num(hessian))
    flat = gradient.norm(dim=1) < 1e-9 * curvatures[:, 1]
    found = found[flat & (curvatures[:, 0] > 1e-6) & inside(surface, found)]
    known = minima_of(surface, settings)
    if len(found):
        assert torch.cdist(found, known).min(1).values.max() < 1e-6
    assert len(known) <= len(low.nonzero())


@every_surface
def test_no_point_of_the_window_is_lower_than_the_minima(surface: Surface) -> None:
    settings = defaults_of(surface)
    minima = minima_of(surface, settings)
    if len(minima):
        lowest = surface.factory(*minima.T, **settings).min()
        assert (surface.factory(*points_of(surface), **settings) >= lowest - 1e-12).all()


@every_surface
def test_the_start_is_inside_the_window_and_leads_somewhere(surface: Surface) -> None:
    start = torch.tensor([surface.start], dtype=torch.float64)
    assert inside(surface, start).all()
    assert slopes(surface, start, defaults_of(surface))[0].abs().max() > 1e-3


@every_surface
def test_the_window_is_wider_than_nothing_and_nearly_square(surface: Surface) -> None:
    x0, x1, y0, y1 = surface.bounds
    assert x0 < x1
    assert y0 < y1
    assert 0.5 <= (x1 - x0) / (y1 - y0) <= 2


@every_surface
@pytest.mark.parametrize("shape", [(), (5,), (3, 4)])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_the_loss_is_elementwise_and_keeps_shape_and_dtype(
    surface: Surface, shape: tuple[int, ...], dtype: torch.dtype
) -> None:
    torch.manual_seed(0)
    x, y = torch.randn(2, *shape).to(dtype)
    loss = surface.factory(x, y)
    assert loss.shape == shape
    assert loss.dtype == dtype
    one_by_one = [surface.factory(a, b) for a, b in zip(x.flatten(), y.flatten(), strict=True)]
    torch.testing.assert_close(loss.flatten(), torch.stack(one_by_one), rtol=1e-6, atol=1e-6)


@every_surface
def test_single_precision_sees_the_same_surface(surface: Surface) -> None:
    points = points_of(surface)
    loss = surface.factory(*points)
    span = float(loss.max() - loss.min())
    rough = surface.factory(*points.float()).double()
    assert (rough - loss).abs().max() < 1e-5 * span


@every_surface
def test_a_large_map_is_the_same_as_its_points(surface: Surface) -> None:
    points = points_of(surface, 2_000)
    whole = surface.factory(*points.reshape(2, 40, 50))
    some = torch.stack([surface.factory(*points[:, i]) for i in range(0, 2_000, 97)])
    torch.testing.assert_close(whole.reshape(-1)[::97], some, rtol=1e-12, atol=1e-12)


@every_surface
def test_autograd_agrees_with_finite_differences(surface: Surface) -> None:
    points = points_of(surface, 10).requires_grad_()
    for settings in settings_of(surface):
        assert torch.autograd.gradcheck(lambda p, s=settings: surface.factory(p[0], p[1], **s), (points,), atol=1e-3)


@every_surface
def test_its_rates_fall_from_too_large_to_too_small(surface: Surface) -> None:
    assert len(surface.rates) >= 2
    assert list(surface.rates) == sorted(set(surface.rates), reverse=True)
    assert surface.rates[-1] > 0


@every_surface
def test_it_says_what_it_is_in_a_line_each(surface: Surface) -> None:
    for text in (surface.title, surface.teaches, surface.formula, surface.source):
        assert text
        assert "\n" not in text
    assert len(surface.teaches) <= 120

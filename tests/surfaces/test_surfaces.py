"""What every surface must be, a file added later included."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.catalog import Surface

every_surface = pytest.mark.parametrize("surface", list(catalog.surfaces), ids=lambda surface: surface.name)


def settings_of(surface: Surface) -> list[dict[str, Any]]:
    """The defaults, and for each parameter both ends of its range."""
    defaults = surface.settings({})
    ends = [{**defaults, p.name: end} for p in surface.parameters for end in (p.low, p.high)]
    return [defaults, *ends]


def points_of(surface: Surface) -> NDArray[np.float64]:
    """(200, 2) points all over the surface's window."""
    x0, x1, y0, y1 = surface.bounds
    return np.random.default_rng(0).uniform((x0, y0), (x1, y1), (200, 2))


def gradient(surface: Surface, point: catalog.Point, settings: dict[str, Any]) -> Tensor:
    x, y = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in point)
    return torch.stack(torch.autograd.grad(surface.factory(x, y, **settings), (x, y)))


def inside(surface: Surface, point: catalog.Point) -> bool:
    x0, x1, y0, y1 = surface.bounds
    return x0 <= point[0] <= x1 and y0 <= point[1] <= y1


@every_surface
def test_every_known_minimum_is_inside_the_window_and_flat(surface: Surface) -> None:
    for settings in settings_of(surface):
        for minimum in surface.minima(**settings):
            assert inside(surface, minimum)
            assert gradient(surface, minimum, settings).abs().max() < 1e-10


@every_surface
def test_around_every_known_minimum_the_loss_is_higher(surface: Surface) -> None:
    angle = np.linspace(0, 2 * np.pi, 60)
    for settings in settings_of(surface):
        for x, y in surface.minima(**settings):
            lowest = surface.factory(np.float64(x), np.float64(y), **settings)
            for radius in (1e-4, 1e-2):
                assert (
                    surface.factory(x + radius * np.cos(angle), y + radius * np.sin(angle), **settings) > lowest
                ).all()


@every_surface
def test_no_point_of_the_window_is_lower_than_the_minima(surface: Surface) -> None:
    minima = surface.minima(**surface.settings({}))
    lowest = min((surface.factory(*minimum) for minimum in minima), default=-np.inf)
    assert (surface.factory(*points_of(surface).T) >= lowest - 1e-12).all()


@every_surface
def test_the_start_is_inside_the_window_and_leads_somewhere(surface: Surface) -> None:
    assert inside(surface, surface.start)
    assert gradient(surface, surface.start, surface.settings({})).abs().max() > 1e-3


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
def test_numpy_and_torch_agree(surface: Surface) -> None:
    x, y = points_of(surface).T
    ours = surface.factory(torch.from_numpy(x), torch.from_numpy(y)).numpy()
    np.testing.assert_allclose(surface.factory(x, y), ours, rtol=1e-12)


@every_surface
def test_autograd_agrees_with_finite_differences(surface: Surface) -> None:
    points = torch.from_numpy(points_of(surface)[:10]).T.clone().requires_grad_()
    for settings in settings_of(surface):
        assert torch.autograd.gradcheck(lambda p, s=settings: surface.factory(p[0], p[1], **s), (points,), atol=1e-3)


@every_surface
def test_its_rates_fall_from_too_large_to_too_small(surface: Surface) -> None:
    assert len(surface.rates) >= 2
    assert list(surface.rates) == sorted(set(surface.rates), reverse=True)
    assert surface.rates[-1] > 0


@every_surface
def test_it_says_what_it_is(surface: Surface) -> None:
    assert surface.title
    assert surface.teaches
    assert surface.formula
    assert surface.source

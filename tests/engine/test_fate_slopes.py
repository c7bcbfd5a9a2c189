"""Recorded gradients against autograd, for every surface and for formulas with every function."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.catalog import Surface
from lrviz.core.expression import parse_expression
from lrviz.engine.fate_gradient import AutogradSlopes, Slopes
from lrviz.engine.fate_playback import RecordedSlopes, _taped
from lrviz.engine.fate_recording import CannotRecordError
from lrviz.engine.fate_slopes import slopes_of
from lrviz.engine.fate_tables import TabledSlopes

FORMULAS = [
    "x**2 + 10*y**2 + sin(3*x)",
    "sqrt(x) + abs(y)*min(x, y)",
    "exp(-x*y) / (1 + x^2)",
    "hypot(x, y) + atan2(y, x)",
    "x",
    "3*x^2.5 + y^0.5",
    "tanh(x*y) + log(x) + log2(y) + log10(x)",
    "y^x + (x - 1)^4 - (y - 2)^9",
    "floor(x) + y*ceil(y) + sign(x)*y",
    "1/x + 2/y^2 - 1/(x - y)",
    "max(x, y, 1) + cos(x)*tan(y)",
    "asin(x/9) + acos(y/9) + atan(x*y) + sinh(x) - cosh(y)",
    "(x - x) * y + 2",
    "0*x + y*y*y",
]
BOUNDS = (-2.0, 2.0, -1.5, 2.5)


def gradient(slopes: Slopes, theta: Tensor) -> Tensor:
    out = torch.full_like(theta, 7.0)
    slopes.bind(theta, out)()
    return out


def points(dtype: torch.dtype = torch.float64, count: int = 500) -> Tensor:
    spread = torch.rand((2, count), generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    return (spread * 4 - 2).to(dtype)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formulas_gradient_is_recorded_and_agrees_with_autograd(formula: str) -> None:
    function = parse_expression(formula)
    recorded = slopes_of(function, BOUNDS)
    assert isinstance(recorded, RecordedSlopes)
    theirs = gradient(AutogradSlopes(function), points())
    torch.testing.assert_close(gradient(recorded, points()), theirs, rtol=1e-9, atol=1e-9, equal_nan=True)


@pytest.mark.parametrize("surface", list(catalog.surfaces), ids=lambda surface: surface.name)
def test_every_surface_has_a_gradient_in_float32(surface: Surface) -> None:
    settings = surface.own_settings(surface.settings({}))

    def function(x: Any, y: Any) -> Any:
        return surface.factory(x, y, **settings)

    x0, x1, y0, y1 = surface.bounds
    theta = points(count=50) / 4 + 0.5
    theta = torch.stack((x0 + (x1 - x0) * theta[0], y0 + (y1 - y0) * theta[1]))
    exact = gradient(AutogradSlopes(function), theta)
    scale = float(exact.abs().max())
    ours = gradient(slopes_of(function, surface.bounds), theta.float()).double()
    torch.testing.assert_close(ours, exact, rtol=1e-3, atol=1e-5 * scale)


def test_playing_again_follows_the_points_as_they_move() -> None:
    function = parse_expression("(1 - x)^2 + 100*(y - x^2)^2")
    theta, out = points(count=9), torch.empty(2, 9, dtype=torch.float64)
    fill = RecordedSlopes(function).bind(theta, out)
    for _ in range(3):
        fill()
        torch.testing.assert_close(out, gradient(AutogradSlopes(function), theta))
        theta -= 0.001 * out


@pytest.mark.parametrize(
    ("formula", "operations"),
    [
        ("(1 - x)^2 + 100*(y - x^2)^2", 5),  # autograd runs some thirty
        ("(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2", 18),  # and here some seventy
    ],
)
def test_only_what_the_gradient_needs_is_played(formula: str, operations: int) -> None:
    assert len(RecordedSlopes(parse_expression(formula))._nodes) <= operations


@pytest.mark.parametrize("factoring", [False, True])
@pytest.mark.parametrize(
    "formula",
    [
        "x*y^2*sin(x) + 3*x*y*cos(y)",  # x·y is common
        "x^2*y^3 - 2*x^3*y^2",
        "x*exp(y) + x*exp(-y) - 2*x",
        "x^3*y - x^3*y^2 + x/(1 + y^2)",
        "2*x*y + (x*y)^2",
        "(((x*y)^8)^8)^2 + x*y*y",  # more factors than anyone looks through
    ],
)
def test_factors_that_are_drawn_out_change_no_gradient(formula: str, factoring: bool) -> None:
    function = parse_expression(formula)
    recorded = RecordedSlopes(function)
    recorded._nodes, recorded._results = _taped(function, factoring)
    theirs = gradient(AutogradSlopes(function), points())
    torch.testing.assert_close(gradient(recorded, points()), theirs, rtol=1e-9, atol=1e-9)


def test_what_is_no_elementwise_operation_is_looked_up() -> None:
    def average(x: Tensor, y: Tensor) -> Tensor:
        data = torch.linspace(-1, 1, 5, dtype=x.dtype)
        return ((x[..., None] * data + y[..., None] - data**2) ** 2).mean(-1)

    with pytest.raises(CannotRecordError):
        RecordedSlopes(average)
    theirs = gradient(AutogradSlopes(average), points().float())
    steepest = float(theirs.abs().max())
    ours = gradient(slopes_of(average, BOUNDS), points().float())
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-5 * steepest)


def test_a_recording_that_would_differ_elsewhere_is_not_used() -> None:
    def two_faced(x: Tensor, y: Tensor) -> Tensor:
        return x * x + y if len(x) < 100 else x * y

    assert isinstance(slopes_of(two_faced, BOUNDS), TabledSlopes)

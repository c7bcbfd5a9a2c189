"""Values that the literature gives, and a few by paper and pencil: so no term has the wrong sign or power."""

from __future__ import annotations

import math

import pytest
import torch

from lrviz.core import catalog

VALUES = [
    ("ackley", (0.0, 0.0), 0.0),
    ("ackley", (1.0, 1.0), 20 - 20 * math.exp(-0.2)),
    ("beale", (0.0, 0.0), 1.5**2 + 2.25**2 + 2.625**2),
    ("booth", (1.0, 3.0), 0.0),
    ("booth", (0.0, 0.0), 74.0),
    ("goldstein_price", (0.0, -1.0), 3.0),
    ("goldstein_price", (-0.6, -0.4), 30.0),
    ("goldstein_price", (1.8, 0.2), 84.0),
    ("goldstein_price", (1.2, 0.8), 840.0),
    ("himmelblau", (3.0, 2.0), 0.0),
    ("himmelblau", (0.0, 0.0), 170.0),
    ("matyas", (1.0, 1.0), 0.04),
    ("mccormick", (-0.5471975511965976, -1.5471975511965976), -1.9132229549810367),
    ("mccormick", (0.0, 0.0), 1.0),
    ("monkey_saddle", (1.0, 2.0), -11.0),
    ("noisy_bowl", (1.0, 1.0), 1.0),
    ("plateau_cliff", (0.0, 2.0), 1.02),
    ("rastrigin", (0.0, 0.0), 0.0),
    ("rastrigin", (0.5, 0.0), 20.25),
    ("rosenbrock", (-1.2, 1.0), 24.2),
    ("rotated_ravine", (1.0, 1.0), 1.0),
    ("rotated_ravine", (1.0, -1.0), 30.0),
    ("sharp_flat", (0.0, 0.0), 5 / 10.5),
    ("six_hump_camel", (0.0898420131003, -0.7126564030207), -1.0316284534898774),
    ("six_hump_camel", (1.0, 1.0), 4 - 2.1 + 1 / 3 + 1),
    ("styblinski_tang", (-2.903534027771177, -2.903534027771177), -78.33233140754282),
    ("three_hump_camel", (0.0, 0.0), 0.0),
    ("three_hump_camel", (1.0, 1.0), 2 - 1.05 + 1 / 6 + 2),
]


@pytest.mark.parametrize(("name", "point", "value"), VALUES)
def test_a_surface_has_the_value_that_is_known(name: str, point: catalog.Point, value: float) -> None:
    x, y = torch.tensor(point, dtype=torch.float64)
    assert catalog.surfaces.find(name).factory(x, y).item() == pytest.approx(value, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "count"),
    [("ackley", 49), ("goldstein_price", 4), ("himmelblau", 4), ("rastrigin", 25), ("six_hump_camel", 6)],
)
def test_the_known_minima_are_as_many_as_they_are_said_to_be(name: str, count: int) -> None:
    assert len(set(catalog.surfaces.find(name).minima())) == count


@pytest.mark.parametrize(("name", "rate_limit"), [("booth", 2 / 18), ("matyas", 2.0), ("rotated_ravine", 2 / 30)])
def test_a_bowls_rates_begin_beyond_its_limit_and_go_on_below_it(name: str, rate_limit: float) -> None:
    first, second, *_ = catalog.surfaces.find(name).rates
    assert second < rate_limit < first


@pytest.mark.parametrize("angle", [0.0, 20.0, 90.0])
def test_a_turn_leaves_the_ravines_curvatures_alone(angle: float) -> None:
    ravine = catalog.surfaces.find("rotated_ravine").factory
    hessian = torch.autograd.functional.hessian(
        lambda p: ravine(p[0], p[1], condition=50.0, angle=angle), torch.zeros(2, dtype=torch.float64)
    )
    torch.testing.assert_close(torch.linalg.eigvalsh(hessian), torch.tensor([1.0, 50.0], dtype=torch.float64))


def test_the_two_minima_are_equally_deep_and_curved_as_they_say() -> None:
    surface = catalog.surfaces.find("sharp_flat")
    for place, curvature in zip(surface.minima(), (40.0, 1.0), strict=True):
        at = torch.tensor(place, dtype=torch.float64)
        assert surface.factory(at[0], at[1], sharpness=40.0) == 0
        hessian = torch.autograd.functional.hessian(lambda p: surface.factory(p[0], p[1], sharpness=40.0), at)
        torch.testing.assert_close(hessian, curvature * torch.eye(2, dtype=torch.float64))

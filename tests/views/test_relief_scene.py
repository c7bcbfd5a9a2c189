from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lrviz.core.landscape import Landscape
from lrviz.views.relief import heights
from lrviz.views.relief_camera import RISE
from lrviz.views.relief_scene import Ground, Skin
from lrviz.views.theme import DARK, LIGHT, Theme, ramp_rgb
from tests.views.descents import rosenbrock_landscape


def landscape(loss: Any, bounds: tuple[float, float, float, float] = (0.0, 1.0, 0.0, 1.0)) -> Landscape:
    return Landscape(bounds, np.asarray(loss, np.float64))


def test_heights_are_those_of_the_maps() -> None:
    known = rosenbrock_landscape()
    assert np.array_equal(Ground(known).high, heights(known.loss))


def test_between_samples_a_height_is_interpolated_in_both_directions() -> None:
    ground = Ground(landscape([[0, 1], [2, 3]]))
    a, b, c, d = ground.high.ravel()
    assert ground.height(np.array([[0.25, 0.5]]))[0] == pytest.approx(
        0.75 * 0.5 * a + 0.25 * 0.5 * b + 0.75 * 0.5 * c + 0.25 * 0.5 * d
    )


def test_at_every_sample_the_height_is_the_samples_own() -> None:
    ground = Ground(rosenbrock_landscape(21))
    x, y = np.meshgrid(np.linspace(0, 1, 21), np.linspace(0, 1, 21))
    found = ground.height(np.column_stack([x.ravel(), y.ravel()]))
    assert found == pytest.approx(ground.high.ravel(), abs=1e-12)


def test_off_the_map_and_in_holes_there_is_no_height() -> None:
    loss = np.arange(16.0).reshape(4, 4)
    loss[3, 3] = np.nan
    high = Ground(landscape(loss)).height(np.array([[1.01, 0.5], [-0.1, 0.5], [np.nan, 0.5], [0.9, 0.9], [0.1, 0.1]]))
    assert np.isnan(high).tolist() == [True, True, True, True, False]


def test_a_landscape_keeps_its_proportions_and_its_diagonal() -> None:
    wide = Ground(landscape([[0, 1], [1, 2]], (0, 4, 0, 2)))
    assert wide.half[0] / wide.half[1] == pytest.approx(2)
    assert np.hypot(*wide.half) == pytest.approx(np.sqrt(2))
    assert Ground(landscape([[0, 1], [1, 2]], (0, 400, 0, 2))).half == pytest.approx((1, 1))


def test_lifted_points_stand_over_their_place() -> None:
    ground = Ground(landscape([[0, 1], [1, 2]], (10, 30, -5, 15)))
    unit = ground.unit_from_plane(np.array([[10, -5], [30, 15], [20, 5]]))
    assert unit == pytest.approx(np.array([[0, 0], [1, 1], [0.5, 0.5]]))
    world = ground.lift(unit)
    assert world[:, :2] == pytest.approx(np.array([[-1, -1], [1, 1], [0, 0]]))
    assert world[:2, 2] == pytest.approx([0, RISE])


def test_a_height_tells_its_loss() -> None:
    ground = Ground(rosenbrock_landscape(41))
    loss = ground.landscape.loss
    assert ground.loss_at(0) == loss.min()
    assert ground.loss_at(1) == loss.max()
    somewhere = ground.high[10, 20]
    assert ground.loss_at(float(somewhere)) == pytest.approx(loss[10, 20])


def test_nothing_known_is_no_landscape_but_no_error_either() -> None:
    ground = Ground(landscape(np.full((5, 5), np.nan)))
    assert np.isnan(ground.loss_at(0.5))
    assert len(ground.lines(6)[0]) == 4 * 96  # the edges, which are nowhere
    assert Skin(ground, LIGHT).lit((1, 0), (0, 1)).dtype == np.uint32


def test_isolines_lie_at_their_height() -> None:
    ground = Ground(rosenbrock_landscape(41))
    world, begins = ground.lines(4)
    lines = np.split(world, np.flatnonzero(begins)[1:])
    for line in lines[:-4]:
        assert np.ptp(line[:, 2]) == pytest.approx(0, abs=1e-12)
        assert (line[0, 2] / RISE * 4 - 0.5) % 1 == pytest.approx(0, abs=1e-9)


def slope(rise: float) -> Ground:
    """A plane that rises to the right (or falls, where `rise` is negative), without the logarithm of true heights."""
    ground = Ground(landscape(np.zeros((9, 9))))
    ground.high = np.tile(np.linspace(0, 1, 9), (9, 1))[:, :: 1 if rise > 0 else -1] * abs(rise)
    return ground


def brightness(lit: NDArray[np.uint32]) -> float:
    return float(sum(((lit >> shift) & 0xFF).mean() for shift in (0, 8, 16)))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_level_ground_is_as_bright_as_the_ramp(theme: Theme) -> None:
    lit = Skin(Ground(landscape(np.zeros((5, 5)))), theme, 8).lit((1, 0), (0, 1))
    r, g, b = (int(part) for part in ramp_rgb(theme)[0])
    assert abs(int(lit[2, 2]) - (0xFF000000 | r << 16 | g << 8 | b)) <= 0x010101


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_slopes_towards_the_lamp_are_brighter_than_those_away_from_it(theme: Theme) -> None:
    rising, falling = (Skin(slope(rise), theme, 16) for rise in (0.8, -0.8))  # the lamp is at the viewer's left
    ahead = (1.0, 0.0), (0.0, 1.0)
    assert brightness(rising.lit(*ahead)) > brightness(falling.lit(*ahead)) + 10
    behind = (-1.0, 0.0), (0.0, -1.0)  # seen from the other side: the lamp goes along
    assert brightness(rising.lit(*behind)) < brightness(falling.lit(*behind)) - 10

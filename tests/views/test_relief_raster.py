from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lrviz.core.landscape import Landscape
from lrviz.views.relief_camera import RISE, Camera, Projection
from lrviz.views.relief_raster import Horizon
from lrviz.views.relief_scene import Ground
from tests.views.descents import rosenbrock_landscape

SIZE = (400, 300)
WALLS = (0xFF000001, 0xFF000002)


def ridge() -> Ground:
    """Level, but for a wall along x in the middle that is as high as can be."""
    loss = np.zeros((101, 101))
    ground = Ground(Landscape((-1.0, 1.0, -1.0, 1.0), loss))
    ground.high = loss.copy()
    ground.high[48:53] = 1.0
    return ground


def horizon(ground: Ground, azimuth: float = -90, elevation: float = 30, fineness: float = 1) -> Horizon:
    projection = Projection(Camera(azimuth, elevation), (200, 150), (380, 280))
    return Horizon(ground, projection, SIZE, fineness)


def hidden(ground: Ground, points: list[tuple[float, float]], **camera: float) -> list[bool]:
    seen_from = horizon(ground, **camera)
    return [bool(one) for one in seen_from.hides(seen_from.projection.project(ground.lift(np.array(points))))]


@pytest.mark.parametrize("fineness", [0.5, 1, 2])
def test_a_ridge_hides_what_is_behind_it_and_nothing_else(fineness: float) -> None:
    # At 30° a wall of height RISE hides RISE / tan 30° = 1.3 of the world behind it: all of the ground there.
    before, top, close_behind, behind = (0.5, 0.2), (0.5, 0.5), (0.5, 0.56), (0.3, 0.9)
    points = [before, top, close_behind, behind]
    assert hidden(ridge(), points, fineness=fineness) == [False, False, True, True]
    assert hidden(ridge(), points, azimuth=90, fineness=fineness) == [True, False, False, False]


def test_the_shadow_of_a_ridge_ends_where_the_ray_over_its_top_meets_the_ground() -> None:
    length = RISE / np.tan(np.radians(60)) / 2  # of the ground's side, which is 2 in the world
    edge = 0.52 + length
    assert hidden(ridge(), [(0.5, edge - 0.03), (0.5, edge + 0.03)], elevation=60) == [True, False]


def test_from_above_nothing_is_hidden() -> None:
    ground = Ground(rosenbrock_landscape())
    places = np.random.default_rng(0).uniform(0, 1, (500, 2))
    assert not any(hidden(ground, places.tolist(), elevation=90))


def test_what_is_hidden_is_what_a_ray_to_the_viewer_says() -> None:
    """Against the slow, plain way: walk from each point towards the viewer and look whether the ground is higher."""
    ground = Ground(rosenbrock_landscape())
    seen_from = horizon(ground, azimuth=-60, elevation=35)
    points = np.random.default_rng(1).uniform(0.02, 0.98, (300, 2))
    world = ground.lift(points)
    (ax, ay), slope = seen_from.projection.away, np.tan(np.radians(35))
    clearance = np.full(len(points), np.inf)
    for far in np.linspace(0.02, 2.8, 800):
        nearer = world[:, :2] - far * np.array([ax, ay])
        high = ground.height((nearer / np.array(ground.half) + 1) / 2) * RISE
        clearance = np.fmin(clearance, world[:, 2] + far * slope - high)
    said = seen_from.hides(seen_from.projection.project(world))
    assert 0.05 < said.mean() < 0.8
    assert said[clearance < -0.02].all()  # nearer to the ray than that the answer hangs on a pixel
    assert not said[clearance > 0].any()


def test_points_beside_the_screen_and_nowhere_are_never_hidden() -> None:
    places = np.array([[-50.0, 10, 0], [1e12, 10, 0], [200, 150, -9], [np.nan, np.nan, np.nan]])
    assert not horizon(ridge()).hides(places).any()


def skin(ground: Ground) -> NDArray[np.uint32]:
    """Each texel's colour is where it is: x in the green part, y in the blue."""
    y, x = np.indices((256, 256), np.uint32)
    return np.asarray(0xFF000000 | (x << 8) | y, np.uint32)


def test_every_pixel_shows_the_place_that_projects_to_it() -> None:
    ground = Ground(rosenbrock_landscape())
    seen_from = horizon(ground, azimuth=-50, elevation=40)
    picture = seen_from.pixels(skin(ground), WALLS)
    row, column = np.nonzero(picture > 0xFF0000FF)
    texels = picture[row, column]
    ground_at = np.stack([(texels >> 8) & 0xFF, texels & 0xFF], axis=1) / 255
    inside = ((ground_at > 0.02) & (ground_at < 0.98)).all(axis=1)
    places = seen_from.projection.project(ground.lift(ground_at[inside]))
    off = np.hypot(places[:, 0] - (column[inside] + seen_from.left + 0.5), places[:, 1] - (row[inside] + 0.5))
    assert np.quantile(off, 0.95) < 2  # px: a texel is 0.5 px wide, and more where it is steep
    assert not seen_from.hides(places).any()


def test_the_front_is_cut_down_to_the_ground_and_around_it_all_is_clear() -> None:
    ground = Ground(Landscape((-1.0, 1.0, -1.0, 1.0), np.zeros((11, 11))))
    ground.high = np.ones((11, 11))
    seen_from = horizon(ground, elevation=45)
    picture = seen_from.pixels(skin(ground), WALLS)
    unit, column = seen_from.projection.unit, picture[:, picture.shape[1] // 2]
    assert (column == WALLS[1]).sum() == pytest.approx(unit * RISE * np.sqrt(0.5), abs=2)
    assert (column >= 0xFF000000).sum() - (column == WALLS[1]).sum() == pytest.approx(2 * unit * np.sqrt(0.5), abs=2)
    assert (picture[0] == 0).all()
    assert (picture[-1] == 0).all()


def test_holes_are_seen_through() -> None:
    loss = np.zeros((41, 41))
    whole = horizon(Ground(Landscape((-1.0, 1.0, -1.0, 1.0), loss)), elevation=60)
    loss[15:26, 15:26] = np.nan
    ground = Ground(Landscape((-1.0, 1.0, -1.0, 1.0), loss))
    holed = horizon(ground, elevation=60)
    clear = [(one.pixels(skin(ground), WALLS) == 0).sum() for one in (whole, holed)]
    side = 12 * 2 / 40  # of the world: cells that touch a hole have no ground
    assert clear[1] - clear[0] == pytest.approx((side * holed.projection.unit) ** 2 * holed.projection.sin, rel=0.1)


def test_a_huge_screen_gets_fewer_samples_a_px() -> None:
    ground = Ground(rosenbrock_landscape(21))
    projection = Projection(Camera(), (4000, 2000), (8000, 4000))
    assert Horizon(ground, projection, (8000, 4000), 2).fineness < 0.5

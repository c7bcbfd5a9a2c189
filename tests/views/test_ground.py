from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lrviz.core.landscape import Landscape
from lrviz.views.ground import Ground
from lrviz.views.theme import LIGHT
from lrviz.views.way import Frame
from tests.views.boards import pixels
from tests.views.descents import BOUNDS, rosenbrock, rosenbrock_landscape

pytestmark = pytest.mark.usefixtures("qapp")
WINDOW = (-0.5, 0.5, -0.25, 0.75)


def closeup(window: tuple[float, float, float, float] = WINDOW) -> Landscape:
    x, y = np.meshgrid(np.linspace(*window[:2], 41), np.linspace(*window[2:], 41))
    return Landscape(window, np.asarray(rosenbrock(x, y)))


def picture(ground: Ground, window: tuple[float, float, float, float]) -> NDArray[np.int64]:
    return pixels(ground.picture(Frame(window, 120, 120), 1.0, LIGHT, ()))


def test_a_window_of_a_landscape_is_its_part_enlarged() -> None:
    ground = Ground(rosenbrock_landscape())
    frame = Frame(BOUNDS, 960, 960)
    whole = ground.picture(frame, 1.0, LIGHT, ())
    part = whole.copy(360, 540, 240, 240).scaled(120, 120)  # WINDOW, in px of the whole
    assert abs(pixels(part) - picture(ground, WINDOW)).mean() < 6


def test_a_closeup_is_asked_for_once_and_drawn_as_soon_as_it_is_there() -> None:
    ground = Ground(rosenbrock_landscape())
    assert not ground.asks(BOUNDS)
    assert ground.asks(WINDOW)
    assert not ground.asks(WINDOW)
    stretched = picture(ground, WINDOW)
    ground.add(closeup())
    sharp = picture(ground, WINDOW)
    assert (sharp != stretched).any()
    assert (sharp == picture(Ground(closeup()), WINDOW)).all()
    assert (picture(ground, BOUNDS) == picture(Ground(rosenbrock_landscape()), BOUNDS)).all()


def test_closeups_that_nobody_looks_at_are_forgotten() -> None:
    ground = Ground(rosenbrock_landscape())
    ground.add(closeup())
    ground.keep([BOUNDS])
    assert ground.asks(WINDOW)


def test_beyond_what_is_known_the_ground_is_plain() -> None:
    wide = picture(Ground(rosenbrock_landscape()), (-6.0, 6.0, -5.0, 7.0))
    assert len(np.unique(wide[:30].reshape(-1, 3), axis=0)) == 1
    assert len(np.unique(wide[40:80, 40:80].reshape(-1, 3), axis=0)) > 5
    nothing = picture(Ground(rosenbrock_landscape()), (10.0, 11.0, 10.0, 11.0))
    assert len(np.unique(nothing.reshape(-1, 3), axis=0)) == 1

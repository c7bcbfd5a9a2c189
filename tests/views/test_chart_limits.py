from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from lrviz.core.scene import Scene
from lrviz.core.viewstate import Against
from lrviz.views.chart import Chart
from lrviz.views.model_quantities import SHARPNESS
from lrviz.views.theme import LIGHT
from tests.views.scenes import FakeRace, smooth

STEPS = 100
FLAT, FALLING, STOPPING = np.ones(201), np.linspace(1, 0.5, 201), np.linspace(1, 0, 201)


def scene_of(*factors: np.ndarray[tuple[int], np.dtype[np.float64]] | None) -> Scene:
    """Two runs, limits at 4 and 40, and readings from 1 to 100."""
    sharpness = np.geomspace(1, [100, 50], STEPS + 1).T
    race = FakeRace(smooth(2, STEPS), lrs=[0.5, 0.05], metrics={"sharpness": sharpness}, steps_per_epoch=10)
    return replace(race.publish(), factors=factors)


def picture(qtbot: QtBot, scene: Scene, against: Against = "steps") -> tuple[Chart, QImage]:
    """The chart's still part: step 0, where no line has begun."""
    chart = Chart(SHARPNESS)
    qtbot.addWidget(chart)
    chart.resize(900, 240)
    chart.set_against(against)
    chart.show_scene(scene)
    chart.show_step(0)
    return chart, chart.picture(1.0)


def colored(image: QImage, x: int, y: float, run: int) -> bool:
    """Whether a run's colour is found near a pixel: its line is dashed, and thin."""
    own = LIGHT.run_color(run)
    near = (image.pixelColor(x + right, round(y) + down) for right in range(12) for down in (-1, 0, 1))
    return any(
        max(abs(one.red() - own.red()), abs(one.green() - own.green()), abs(one.blue() - own.blue())) < 110
        for one in near
    )


@pytest.mark.parametrize("against", ["steps", "path", "time"])
def test_each_run_has_its_own_line_at_two_over_its_rate(qtbot: QtBot, against: Against) -> None:
    chart, image = picture(qtbot, scene_of(FLAT, FLAT), against)
    frame = chart._frame
    assert frame is not None
    for run, limit in ((0, 4.0), (1, 40.0)):
        assert frame.fit.scale.low < limit < frame.fit.scale.high
        assert colored(image, 500, frame.y(limit), run)


def test_a_limit_goes_with_the_schedule(qtbot: QtBot) -> None:
    chart, image = picture(qtbot, scene_of(FALLING, FALLING))
    frame = chart._frame
    assert frame is not None
    assert colored(image, round(frame.x(STEPS)) - 14, frame.y(8), 0)
    assert not colored(image, round(frame.x(STEPS)) - 14, frame.y(4), 0)


def test_a_rate_that_falls_to_0_has_no_limit_there(qtbot: QtBot) -> None:
    chart, image = picture(qtbot, scene_of(STOPPING, STOPPING))
    assert chart._frame is not None
    assert colored(image, round(chart._frame.x(STEPS / 2)), chart._frame.y(8), 0)


def test_no_line_is_claimed_where_nobody_knows_the_rates_beforehand(qtbot: QtBot) -> None:
    chart, image = picture(qtbot, scene_of(FLAT, None))
    assert chart._frame is not None
    assert not colored(image, 500, chart._frame.y(4), 0)

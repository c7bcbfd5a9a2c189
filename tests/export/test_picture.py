"""Pictures are drawn by the window's own views, at any size and scale, without a display."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from lrviz.core.experiment_file import experiment_from_json
from lrviz.core.landscape import Landscape, Plane
from lrviz.core.scene import Scene
from lrviz.export.picture import offscreen_application, picture, png_from_image
from lrviz.export.png_text import text_from_png
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.export.scenes import model_scene, surface_scene

pytestmark = pytest.mark.usefixtures("qapp")


def pixels(image: QImage) -> NDArray[np.uint32]:
    """(H, W) colours."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), plain.width()).copy()


def model_scene_on_a_plane() -> Scene:
    grid = np.linspace(0, 1, 64).reshape(8, 8)
    plane = Plane(np.zeros(3), np.eye(3)[:2], ("main direction 1", "main direction 2"))
    return replace(model_scene(), plane=plane, landscape=Landscape((-1.0, 5.0, -1.0, 5.0), grid))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("make", [surface_scene, model_scene, model_scene_on_a_plane])
@pytest.mark.parametrize(("width", "height", "scale"), [(1280, 800, 1), (640, 480, 2), (480, 360, 1), (480, 960, 1.5)])
def test_a_picture_has_its_size_and_the_theme_s_ground(
    make: Callable[[], Scene], theme: Theme, width: int, height: int, scale: float
) -> None:
    image = picture(make(), 2, width, height, scale, theme)
    assert (image.width(), image.height()) == (width * scale, height * scale)
    assert image.pixelColor(0, 0).name() == theme.window
    assert len(np.unique(pixels(image))) > 20


def test_a_picture_shows_the_step_that_was_asked_for_and_the_same_one_each_time() -> None:
    scene = surface_scene()
    first, last, again = (pixels(picture(scene, step, 640, 480, 1, LIGHT)) for step in (0, 3, 0))
    assert (first != last).any()
    assert (first == again).all()


def test_a_larger_scale_draws_more_not_the_same_enlarged() -> None:
    scene = surface_scene()
    small, large = (picture(scene, 3, 640, 480, scale, LIGHT) for scale in (1, 2))
    enlarged = pixels(small).repeat(2, axis=0).repeat(2, axis=1)
    assert (enlarged != pixels(large)).any()


def test_the_png_holds_the_picture_and_the_experiment() -> None:
    scene = surface_scene()
    image = picture(scene, 3, 640, 480, 1, LIGHT)
    png = png_from_image(image, scene.experiment)
    assert (pixels(QImage.fromData(png)) == pixels(image)).all()
    assert experiment_from_json(text_from_png(png)) == scene.experiment


def test_an_image_that_could_not_be_made_is_an_error_not_an_empty_file() -> None:
    with pytest.raises(MemoryError, match="of this size"):
        png_from_image(QImage(), surface_scene().experiment)


def test_the_running_application_is_used_where_there_is_one(qapp: object) -> None:
    assert offscreen_application() is qapp

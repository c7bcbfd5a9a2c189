"""The words around a landscape in 3D, from every side."""

from __future__ import annotations

from typing import Any, cast

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from lrviz.core.landscape import Landscape
from lrviz.views.panel_view import fonts
from lrviz.views.relief_axes import Box, paint_box
from lrviz.views.relief_camera import Camera, Projection
from lrviz.views.relief_scene import Ground
from lrviz.views.theme import LIGHT
from tests.views.descents import rosenbrock_landscape

NAMES = "main direction 1 (61 % of the paths)", "main direction 2 (33 % of the paths)"


class Words:
    """A painter that notes down where it writes what."""

    def __init__(self) -> None:
        self.rooms: dict[str, QRectF] = {}

    def drawText(self, at: QPointF, text: str) -> None:  # as Qt calls it
        small = fonts(small=False).small
        self.rooms[text] = QRectF(at.x(), at.y() - small.height, small.width(text), small.height)

    def __getattr__(self, _name: str) -> Any:
        return lambda *_: None


@pytest.mark.parametrize("elevation", [10.0, 30.0, 60.0])
def test_names_keep_clear_of_numbers(qtbot: QtBot, elevation: float) -> None:
    ground = Ground(Landscape((-7.28, 55.8, -9.95, 15.3), rosenbrock_landscape(21).loss))
    for azimuth in range(-180, 180, 10):
        words = Words()
        projection = Projection(Camera(float(azimuth), elevation), (300.0, 200.0), (700.0, 420.0))
        paint_box(cast(QPainter, words), LIGHT, Box(ground, projection), NAMES)
        for name in NAMES:
            for text in ("−7.28", "55.8", "−9.95", "15.3"):
                assert not words.rooms[name].intersects(words.rooms[text]), (azimuth, name, text)

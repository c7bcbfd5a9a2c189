"""A picture of a race at one step, drawn by the window's own views, without a window and without a display."""

from __future__ import annotations

import os

import shiboken6
from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QImageWriter, QPainter
from PySide6.QtWidgets import QApplication

from lrviz.core.experiment import Experiment, OnModel
from lrviz.core.experiment_file import experiment_to_json
from lrviz.core.scene import Scene
from lrviz.core.titles import experiment_title
from lrviz.export.png_text import png_with_text
from lrviz.views.board import Board
from lrviz.views.canvas import Canvas
from lrviz.views.chart import Chart
from lrviz.views.numbers import count
from lrviz.views.panel_view import view_of
from lrviz.views.quantities import curves_for
from lrviz.views.theme import GRID, SMALL, TITLE, Theme, font

MARGIN = 2 * GRID
CHART_SHARE, CHART_HEIGHT = 0.3, 16 * GRID  # of the height, and in points; the rest is for the panels
ROOM_FOR_TWO_CHARTS = 900  # points


def picture(scene: Scene, step: int, width: int, height: int, scale: float, theme: Theme) -> QImage:
    """The race at `step`: its title, all panels and its charts, `width` × `height` points at `scale` pixels each.

    At least 480 × 360. Needs a QApplication, but no display; the views are the window's own, without their controls.
    """
    inner = QRect(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)
    head = QRect(inner.topLeft(), QSize(inner.width(), QFontMetrics(font(TITLE, bold=True)).height()))
    rest = inner.adjusted(0, head.height() + GRID, 0, 0)
    image = QImage(QSize(width, height) * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(QColor(theme.window))
    with QPainter(image) as painter:
        _paint_head(painter, head, scene, step, theme)
        for view, place in _views(scene, rest, theme):
            painter.drawImage(place.topLeft(), _drawn(view, scene, step, place.size(), scale, theme))
            shiboken6.delete(view)  # connections to itself would keep it beyond its last reference
    return image


def png_from_image(image: QImage, experiment: Experiment) -> bytes:
    """The image as PNG, with the experiment in its text, so that `lrviz FILE.png` can open what it shows."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, b"PNG").write(image):
        raise MemoryError("Qt could not draw a picture of this size")
    return png_with_text(bytes(buffer.data().data()), experiment_to_json(experiment))


def offscreen_application() -> QApplication:
    """The running application, or a new one that needs no display."""
    app = QApplication.instance()
    if app is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        app = QApplication(["lrviz"])
    assert isinstance(app, QApplication)
    return app


def _views(scene: Scene, place: QRect, theme: Theme) -> list[tuple[Canvas, QRect]]:
    """What is drawn in `place`, and where: the panels as large as they can be, and charts in what is left below."""
    charts = max(CHART_HEIGHT, round(place.height() * CHART_SHARE))
    most = QSize(place.width(), place.height() - charts - 2 * GRID)
    panels = view_of(scene, most, theme, False).grid.panels
    height = max(panel.bottom() for panel in panels) - min(panel.top() for panel in panels) + 1
    board = QRect(place.topLeft(), QSize(place.width(), height))
    below = place.adjusted(0, height + 2 * GRID, 0, 0)
    first, second = curves_for(scene, ("", ""))
    if place.width() < ROOM_FOR_TWO_CHARTS:
        return [(Board(interactive=False), board), (Chart(first), below)]
    left = below.adjusted(0, 0, -round(below.width() * 0.4), 0)
    right = below.adjusted(left.width() + GRID, 0, 0, 0)
    return [(Board(interactive=False), board), (Chart(first), left), (Chart(second), right)]


def _drawn(view: Canvas, scene: Scene, step: int, size: QSize, scale: float, theme: Theme) -> QImage:
    view.set_theme(theme)
    view.resize(size)
    view.show_scene(scene)
    view.show_step(step)
    return view.picture(scale)


def _paint_head(painter: QPainter, place: QRect, scene: Scene, step: int, theme: Theme) -> None:
    """The title at the left, and at the right, small, what all runs share and the step that is shown."""
    shared = QCoreApplication.translate("Picture", "same start")
    if isinstance(scene.experiment.problem, OnModel):
        shared = QCoreApplication.translate("Picture", "same start, same batches")
    at = QCoreApplication.translate("Picture", "step {step} of {steps}")
    at = at.format(step=count(step), steps=count(scene.steps))
    note = f"{shared} · {scene.fingerprint} · {at}"
    painter.setFont(font(SMALL, tabular=True))
    painter.setPen(QColor(theme.quiet))
    painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, note)

    title = font(TITLE, bold=True)
    room = place.width() - QFontMetrics(painter.font()).horizontalAdvance(note) - 3 * GRID
    painter.setFont(title)
    painter.setPen(QColor(theme.text))
    text = QFontMetrics(title).elidedText(experiment_title(scene.experiment), Qt.TextElideMode.ElideRight, room)
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

"""A picture of a race at one step, drawn by the window's own views, without a window and without a display."""

from __future__ import annotations

import os

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter
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
from lrviz.views.theme import GRID, SMALL, TITLE, Theme, font

MARGIN = 2 * GRID
CHART_SHARE = 0.34  # of the height; the rest are the panels


def picture(scene: Scene, step: int, width: int, height: int, scale: float, theme: Theme) -> QImage:
    """The race at `step`: its title, all panels and the loss chart, `width` × `height` points at `scale` pixels each.

    Needs a QApplication, but no display; the views are the window's own, without their controls.
    """
    head = QFontMetrics(font(TITLE, bold=True)).height()
    inner = QRect(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)
    board = inner.adjusted(0, head + GRID, 0, -round(CHART_SHARE * height) - GRID)
    chart = QRect(inner.left(), board.bottom() + 1 + GRID, inner.width(), inner.bottom() - board.bottom() - GRID)

    image = QImage(QSize(width, height) * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    image.fill(QColor(theme.window))
    views = ((Board(interactive=False), board), (Chart(), chart))
    with QPainter(image) as painter:
        _paint_head(painter, QRect(inner.topLeft(), QSize(inner.width(), head)), scene, step, theme)
        for view, place in views:
            painter.drawImage(place.topLeft(), _drawn(view, scene, step, place.size(), scale, theme))
    return image


def png_from_image(image: QImage, experiment: Experiment) -> bytes:
    """The image as PNG, with the experiment in its text, so that `lrviz FILE.png` can open what it shows."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]
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

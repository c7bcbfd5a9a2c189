"""Which class is taken for which: the diagonal is quiet, mistakes stand out."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QCoreApplication, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from lrviz.core.insight import Confusion, RunInsight
from lrviz.views import numbers
from lrviz.views.insight_panel import Panel, image_of, paint_crisp, paint_frame, paint_line, rgb
from lrviz.views.theme import GRID

WIDEST = 2.2  # a cell's width / height
LARGEST = 8 * GRID  # px: a cell's height
QUIET = 0.1  # of the text's colour behind a full cell of the diagonal
LEAST_ALPHA = 0.18  # of the warning's colour behind a single mistake
MARGIN_SHARE = 0.3  # of the width that the names of classes may take


def paint_confusion(painter: QPainter, panel: Panel, found: RunInsight) -> None:
    assert isinstance(found, Confusion)
    theme, letters, names = panel.theme, panel.fonts.small, panel.insight.studied.classes
    count, line = len(names), math.ceil(letters.height)
    room = panel.rect
    aside = min(max(map(letters.width, names)) + GRID, MARGIN_SHARE * room.width())
    cell_height = min((room.height() - 2 * line) / count, LARGEST)
    cell_width = min((room.width() - aside - line) / count, WIDEST * cell_height)
    if cell_height < 2 or cell_width < 2:
        return
    width, height = round(cell_width * count), round(cell_height * count)
    left = room.left() + round((room.width() - width - aside - line) / 2 + aside + line)
    matrix = QRect(left, room.top() + 2 * line, width, height)
    paint_crisp(painter, matrix, image_of(_colors(panel, found)))
    for index, name in enumerate(names):
        row = QRectF(matrix.left() - aside, matrix.top() + index * cell_height, aside - GRID / 2, cell_height)
        paint_line(painter, row, name, letters, theme.quiet, Qt.AlignmentFlag.AlignRight)
        column = QRectF(matrix.left() + index * cell_width, matrix.top() - line, cell_width, line)
        paint_line(painter, column, name, letters, theme.quiet, Qt.AlignmentFlag.AlignHCenter)
    above = QRectF(matrix.left(), room.top(), matrix.width(), line)
    paint_line(painter, above, _tr("taken for"), letters, theme.quiet, Qt.AlignmentFlag.AlignHCenter)
    painter.save()
    painter.translate(matrix.left() - aside - line / 2, matrix.center().y())
    painter.rotate(-90)
    upright = QRectF(-height / 2, -line / 2, height, line)
    paint_line(painter, upright, _tr("true class"), letters, theme.quiet, Qt.AlignmentFlag.AlignHCenter)
    painter.restore()
    _paint_counts(painter, panel, found, matrix)
    paint_frame(painter, theme, matrix)


def _paint_counts(painter: QPainter, panel: Panel, found: Confusion, matrix: QRect) -> None:
    count = len(found.counts)
    width, height = matrix.width() / count, matrix.height() / count
    letters = panel.fonts.small
    if height < 0.8 * letters.height:  # the colours alone say it
        return
    for row, column in zip(*np.nonzero(found.counts), strict=True):
        text = numbers.count(int(found.counts[row, column]))
        if letters.fit(text, width):
            color = panel.theme.quiet if row == column else panel.theme.text
            rect = QRectF(matrix.left() + column * width, matrix.top() + row * height, width, height)
            paint_line(painter, rect, text, letters, color, Qt.AlignmentFlag.AlignHCenter)


def _colors(panel: Panel, found: Confusion) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """(C, C, 3): how much of its class each cell holds."""
    theme, counts = panel.theme, found.counts
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    field, text, warning = (rgb(QColor(color)) for color in (theme.field, theme.text, theme.warning))
    right = np.eye(len(counts), dtype=np.bool_)
    depth = np.where(right, QUIET * share, np.where(counts > 0, LEAST_ALPHA + 0.6 * np.minimum(share * 2, 1), 0.0))
    hue = np.where(right[..., None], text, warning)
    return np.rint(field + depth[..., None] * (hue - field)).astype(np.uint8)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Insight", text)

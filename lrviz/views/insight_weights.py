"""How weights and gradients are spread, layer by layer: a row a layer, weights at the left, gradients at the right."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lrviz.core.insight import Histograms, RunInsight
from lrviz.views import numbers
from lrviz.views.insight_panel import Panel, paint_line
from lrviz.views.theme import GRID

LEAST_ROW = 3 * GRID  # px: with more layers than find room, the last ones are shown
SHADE = 0.75  # of the run's colour


def paint_weights(painter: QPainter, panel: Panel, found: RunInsight) -> None:
    assert isinstance(found, Histograms)
    letters, theme, room = panel.fonts.small, panel.theme, QRectF(panel.rect)
    line = math.ceil(letters.height)
    half = (room.width() - 2 * GRID) / 2
    lefts = (room.left(), room.left() + half + 2 * GRID)
    for left, name in zip(lefts, (_tr("weights"), _tr("gradients, log scale")), strict=True):
        paint_line(painter, QRectF(left, room.top(), half, line), name, letters, theme.text)
    rows = room.adjusted(0, line + 2, 0, 0)
    count = max(1, min(len(found.layers), int(rows.height() // (LEAST_ROW + line))))
    height = rows.height() / count
    above = line if height >= LEAST_ROW + 3 * line else 0  # for what is said of a layer; on low rows it is left out
    for place, layer in enumerate(range(len(found.layers) - count, len(found.layers))):
        top = rows.top() + place * height + above
        bars = QRectF(lefts[0], top, half, height - line - above - 4)
        low, high = found.weight_edges[layer][[0, -1]].tolist()
        _paint_bars(painter, panel, bars, found.weights[layer], middle=True)
        _paint_ends(painter, panel, bars, numbers.number(low), numbers.number(high))
        if above:
            said = _tr("layer {name}").format(name=found.layers[layer])
            paint_line(painter, QRectF(bars.left(), top - line, half, line), said, letters, theme.quiet)
        bars.moveLeft(lefts[1])
        _paint_bars(painter, panel, bars, found.gradients[layer], middle=False)
        low, high = found.gradient_edges[[0, -1]].tolist()
        _paint_ends(painter, panel, bars, numbers.number(10.0**low), numbers.number(10.0**high))
        if found.zeros[layer] == 1:
            paint_line(painter, bars, _tr("all are 0"), letters, theme.quiet, Qt.AlignmentFlag.AlignHCenter)
        elif above and found.zeros[layer] > 0:
            said = _tr("{share} are 0").format(share=numbers.percent(float(found.zeros[layer])))
            paint_line(painter, QRectF(bars.left(), top - line, half, line), said, letters, theme.quiet)


def _paint_bars(painter: QPainter, panel: Panel, rect: QRectF, counts: NDArray[np.int64], *, middle: bool) -> None:
    """Bars whose highest takes all of the height; `middle` marks where 0 is."""
    theme = panel.theme
    painter.fillRect(rect, QColor(theme.field))
    color = theme.run_color(panel.run)
    color.setAlphaF(SHADE)
    edges = np.rint(np.linspace(rect.left(), rect.right(), len(counts) + 1)).astype(np.int64).tolist()
    heights = np.ceil(counts / max(int(counts.max()), 1) * (rect.height() - 2)).astype(np.int64).tolist()
    foot = round(rect.bottom())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    bars = zip(edges[:-1], edges[1:], heights, strict=True)
    painter.drawRects([QRect(left, foot - tall, right - left, tall) for left, right, tall in bars if tall])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())
    if middle:
        at = rect.center().x()
        painter.drawLine(QPointF(at, rect.top()), QPointF(at, rect.bottom()))


def _paint_ends(painter: QPainter, panel: Panel, bars: QRectF, low: str, high: str) -> None:
    """What the axis below goes from and to."""
    letters, quiet = panel.fonts.small, panel.theme.quiet
    below = QRectF(bars.left(), bars.bottom() + 1, bars.width(), letters.height)
    paint_line(painter, below, low, letters, quiet)
    paint_line(painter, below, high, letters, quiet, Qt.AlignmentFlag.AlignRight)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Insight", text)

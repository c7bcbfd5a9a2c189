"""The lines that each run has of its own in a chart: a value that means something at its learning rate."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPen

from lrviz.core.scene import Scene
from lrviz.views.chart_frame import Frame
from lrviz.views.quantity import Quantity
from lrviz.views.rate_curves import grows, rate_curves
from lrviz.views.theme import Theme

DASHES = [4.0, 4.0]  # px: finer than any run's own
STRENGTH = 0.8


def paint_limits(painter: QPainter, theme: Theme, frame: Frame, quantity: Quantity, scene: Scene) -> None:
    """Each run's limit over the whole race, thin and in its colour, as far as it lies within the scale.

    There is none where it isn't known beforehand: the losses decide the rates, or the rate changes along an axis on
    which nobody knows yet where a step will stand.
    """
    if quantity.limit is None or grows(scene):
        return
    painter.save()
    painter.setOpacity(STRENGTH)
    plot, scale = frame.plot, frame.fit.scale
    for curve in rate_curves(scene):
        xs, factors = np.array([plot.left(), plot.right()]), curve.factors[[0, -1]]
        level = bool((curve.factors == factors[0]).all())
        if not level:
            if not frame.level.counted:
                continue
            xs, factors = frame.xs(curve.steps), curve.factors
        for run in curve.runs:
            pen = QPen(theme.run_color(run), 1)
            pen.setDashPattern(DASHES)
            painter.setPen(pen)
            limits = quantity.limit(scene.traces[run].lr * factors)
            within = (limits >= scale.low) & (limits <= scale.high)
            edges = np.flatnonzero(np.diff(within, prepend=False, append=False)).reshape(-1, 2)
            for begin, end in edges.tolist():
                ys = frame.ys(limits[begin:end])
                ys = np.round(ys - 0.5) + 0.5 if level else ys  # the middle of a pixel, which it fills alone
                painter.drawPolyline(list(map(QPointF, xs[begin:end].tolist(), ys.tolist())))
    painter.restore()

"""What the schedule makes of the rate over a race: a small curve with the step on screen and the rate there."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from lrviz.core.scene import Scene
from lrviz.views.axis import Scale
from lrviz.views.guard import guarded
from lrviz.views.numbers import number, steady
from lrviz.views.rate_curves import RateCurve, grows, rate_curves
from lrviz.views.theme import GRID, LIGHT, SMALL, Theme, font

HEIGHT = 7 * GRID  # px
TEXT = 2 * GRID  # px: the line of text above the curves
DOT = 3.0  # px
STEEP = 5.0  # rates that grow beyond so many times their beginning are drawn on a log scale,
DECADES = 4.0  # which reaches so far below its top at most


class SchedulePlot(QWidget):
    """The factor by which a schedule, or a change in mid-run, scales each run's rate: one curve for all runs that have
    the same, in a run's colour where they differ."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene: Scene | None = None
        self.step = 0
        self._theme = LIGHT
        self._curves: tuple[RateCurve, ...] = ()
        self._rows = 0  # of the traces, in the curves
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Learning rate over the run"))
        self.setToolTip(self.tr("What the schedule multiplies each learning rate by, from the first step to the last"))

    def show_scene(self, scene: Scene) -> None:
        self.scene = scene
        self.step = min(self.step, scene.steps)
        self._trace_curves()
        self.update()

    def show_step(self, step: int) -> None:
        if self.scene is None or (step == self.step and self.scene.rows == self._rows):
            return
        self.step = step
        if self.scene.rows != self._rows and grows(self.scene):
            self._trace_curves()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(30 * GRID, HEIGHT)

    def text(self) -> str:
        """The rate at the step on screen: itself where there is one run, or as a factor of each run's own."""
        if self.scene is None or not self._curves:
            return ""
        if len(self._curves) > 1:
            return self.tr("rate ×")
        factor = self._curves[0].factor_at(self.scene, self.step)
        if math.isnan(factor):
            return ""
        if len(self.scene.traces) == 1:
            return self.tr("rate {rate}").format(rate=number(factor * self.scene.traces[0].lr))
        return self.tr("rate × {factor}").format(factor=steady(factor))

    def _trace_curves(self) -> None:
        assert self.scene is not None
        self._rows = self.scene.rows
        self._curves = rate_curves(self.scene)

    # Painting

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(font(SMALL, tabular=True))
            painter.setPen(QColor(self._theme.quiet))
            scene = self.scene
            if scene is None or not any(len(curve.steps) for curve in self._curves):
                text = self.tr("The rate over the run appears here.")
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, text)
                return
            plot = QRectF(DOT, TEXT + DOT, self.width() - 2 * DOT, HEIGHT - TEXT - 2 * DOT)
            painter.setPen(QPen(QColor(self._theme.line), 1))
            painter.drawLine(QPointF(0, HEIGHT - 0.5), QPointF(self.width(), HEIGHT - 0.5))
            x = plot.left() + plot.width() * self.step / scene.steps
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, HEIGHT - 1))
            scale = _scale(self._curves)
            for curve in reversed(self._curves):
                self._paint_curve(painter, plot, scale, curve, scene)
            self._paint_text(painter, scene)

    def _paint_curve(self, painter: QPainter, plot: QRectF, scale: Scale, curve: RateCurve, scene: Scene) -> None:
        alone = len(self._curves) == 1
        pen = QPen(QColor(self._theme.text), 1.6) if alone else self._theme.run_pen(curve.runs[0], 1.6)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        xs = plot.left() + plot.width() * curve.steps / scene.steps
        ys = plot.bottom() - plot.height() * np.clip(scale.fractions(curve.factors), 0, 1)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]))
        factor = curve.factor_at(scene, self.step)
        if not math.isnan(factor):
            x = plot.left() + plot.width() * self.step / scene.steps
            y = plot.bottom() - plot.height() * min(max(scale.fraction(factor), 0.0), 1.0)
            painter.setPen(QPen(QColor(self._theme.window), 1))
            painter.setBrush(QColor(self._theme.accent) if alone else self._theme.run_color(curve.runs[0]))
            painter.drawEllipse(QPointF(x, y), DOT, DOT)

    def _paint_text(self, painter: QPainter, scene: Scene) -> None:
        """The rate's factor at the step on screen or, where curves differ, each one's in its colour, as many as fit."""
        row = QRectF(0, 0, self.width(), TEXT)
        painter.setPen(QColor(self._theme.quiet))
        text = self.text()
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, text)
        if len(self._curves) == 1:
            return
        metrics = QFontMetricsF(painter.font())
        row.setLeft(metrics.horizontalAdvance(text) + GRID)
        for curve in self._curves:
            factor = curve.factor_at(scene, self.step)
            said = "–" if math.isnan(factor) else number(factor)
            if row.left() + metrics.horizontalAdvance(said) > self.width():
                return
            painter.setPen(self._theme.run_color(curve.runs[0]))
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, said)
            row.setLeft(row.left() + metrics.horizontalAdvance(said) + GRID)


def _scale(curves: tuple[RateCurve, ...]) -> Scale:
    """From 0 to the greatest factor; logarithmic where that is far from the beginning, as after a change of rate."""
    factors = np.concatenate([curve.factors for curve in curves])
    factors = factors[np.isfinite(factors)]
    top = float(factors.max(initial=1.0))
    if top <= STEEP:
        return Scale(0.0, top)
    low = max(float(factors[factors > 0].min(initial=top)), top * 10.0**-DECADES)
    return Scale(min(low, top / 10), top, log=True)

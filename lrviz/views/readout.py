"""The values at one step: a column beside the plot, where it hides no line."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lrviz.views.chart_frame import Frame
from lrviz.views.markers import marker_path
from lrviz.views.numbers import count, number
from lrviz.views.quantities import Quantity
from lrviz.views.series import Series
from lrviz.views.theme import GRID, SMALL, Theme, font, run_marker

LINE = 15.0  # px a line takes where there is room
MARKER = 3.0  # px
RATE = 2 * MARKER + 0.75 * GRID  # px from a line's beginning to the rate
HEADING = "step 0,000  epoch 00.0"  # what the heading has room for
WIDEST = {"": "0.000000", "%": "100.0 %"}  # by unit: what a value has room for; longer ones are rare and have it too


@dataclass(frozen=True)
class Reading:
    """What one run's trace says at a step: its value, and that of the line drawn, which may be a smooth one."""

    run: int
    lr: float
    value: float
    line: float
    y: float  # px of the line's point
    ended: int | None  # the step at which the run ended, where that is earlier


def readings_at(frame: Frame, series: list[Series], step: int) -> list[Reading]:
    """The latest reading of each run up to `step`, sorted as the lines are: the uppermost first."""
    found = []
    for run, one in enumerate(series):
        at = one.count(step) - 1
        if at < 0:
            continue
        line, over = float(one.line[at]), one.trace.overflow_step
        ended = over if over is not None and over < step else None
        found.append(Reading(run, one.trace.lr, float(one.values[at]), line, frame.y(line), ended))
    return sorted(found, key=lambda reading: reading.y)


def paint_guide(painter: QPainter, theme: Theme, frame: Frame, step: int, readings: list[Reading]) -> None:
    """An upright line at `step` and a dot on each line there."""
    x = frame.x(step)
    painter.setPen(QPen(QColor(theme.quiet), 1))
    painter.drawLine(QPointF(x, frame.plot.top()), QPointF(x, frame.plot.bottom()))
    painter.setPen(QPen(QColor(theme.field), 1))
    for reading in readings:
        if reading.ended is None:
            painter.setBrush(theme.run_color(reading.run))
            painter.drawEllipse(QPointF(x, reading.y), 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)


class Column:
    """Marker, rate and value of every run beside the plot; where wide, the epoch too, and raw values beside smooth."""

    def __init__(self, quantity: Quantity, lrs: tuple[float, ...], *, wide: bool, smooth: bool) -> None:
        self._quantity = quantity
        self._wide = wide
        self._raw = wide and smooth
        self._font = font(SMALL, tabular=True)
        metrics = QFontMetricsF(self._font)
        self._value = metrics.horizontalAdvance(WIDEST[quantity.unit]) + GRID
        rate = max(metrics.horizontalAdvance(number(lr)) for lr in lrs)
        self._space = metrics.horizontalAdvance("  ")
        line = RATE + rate + self._value * (2 if self._raw else 1)
        if wide:
            line = max(line, metrics.horizontalAdvance(HEADING))
        self.width = round(2 * GRID + line)  # px

    def paint(
        self,
        painter: QPainter,
        theme: Theme,
        frame: Frame,
        size: QSize,
        heading: tuple[str, str],
        readings: list[Reading],
    ) -> None:
        """The heading, its second part quiet and only where there is room, then one line a reading."""
        line = min(LINE, (size.height() - GRID) / (len(readings) + 1))
        left = size.width() - self.width + 1.5 * GRID
        row = QRectF(left, GRID / 2, self.width - 2 * GRID, line)
        painter.setFont(self._font)
        painter.setPen(QColor(theme.text))
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, heading[0])
        painter.setPen(QColor(theme.quiet))
        if self._wide:
            after = QFontMetricsF(self._font).horizontalAdvance(heading[0]) + self._space
            painter.drawText(row.adjusted(after, 0, GRID, 0), Qt.AlignmentFlag.AlignVCenter, heading[1])
        if not readings:
            row.translate(0, line)
            painter.drawText(
                row, Qt.AlignmentFlag.AlignVCenter, QCoreApplication.translate("Chart", "click to go there")
            )
        for reading in readings:
            row.translate(0, line)
            self._paint_row(painter, theme, row, reading)

    def _paint_row(self, painter: QPainter, theme: Theme, row: QRectF, reading: Reading) -> None:
        color = theme.run_color(reading.run)
        middle = QPointF(row.left() + MARKER, row.center().y())
        painter.fillPath(marker_path(run_marker(reading.run), MARKER).translated(middle), color)
        painter.setPen(color)
        painter.drawText(row.adjusted(RATE, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, number(reading.lr))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(theme.text))
        if reading.ended is not None:
            over = QCoreApplication.translate("Chart", "over at {step}").format(step=count(reading.ended))
            painter.drawText(row, right, over)
            return
        painter.drawText(
            row.adjusted(0, 0, -self._value if self._raw else 0, 0), right, self._quantity.text(reading.line)
        )
        if self._raw:
            painter.setPen(QColor(theme.quiet))
            painter.drawText(row, right, self._quantity.text(reading.value))

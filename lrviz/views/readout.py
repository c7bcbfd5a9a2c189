"""The values at one step: a column beside the plot, where it hides no line."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lrviz.core.scene import Scene
from lrviz.core.viewstate import Against
from lrviz.views.chart_best import room_for_names
from lrviz.views.chart_frame import Frame
from lrviz.views.level import Level, epoch_of
from lrviz.views.markers import marker_path
from lrviz.views.numbers import count, number, steady
from lrviz.views.quantity import Quantity
from lrviz.views.readings import Reading
from lrviz.views.theme import GRID, SMALL, Theme, font, run_marker

LINE = 15.0  # px a line takes where there is room
MARKER = 3.0  # px
RATE = 2 * MARKER + 0.75 * GRID  # px from a line's beginning to the rate
HEADING = "step 0,000  epoch 00.0"  # what the heading has room for
WIDE = 100 * GRID  # px from which on a chart has room to say more,
ROOMY = 68 * GRID  # to name the step of each run where they differ,
NOTED = 45 * GRID  # and to keep some for best figures beside the names
WIDEST = {"": "0.000000", "%": "100.0 %"}  # by unit: what a value has room for; longer ones are rare and have it too


def paint_guide(painter: QPainter, theme: Theme, frame: Frame, place: float, readings: list[Reading]) -> None:
    """An upright line at a place on the level axis, and a dot on each line there."""
    x = frame.x(place)
    painter.setPen(QPen(QColor(theme.quiet), 1))
    painter.drawLine(QPointF(x, frame.plot.top()), QPointF(x, frame.plot.bottom()))
    painter.setPen(QPen(QColor(theme.field), 1))
    for reading in readings:
        if reading.ended is None and not reading.beyond:
            painter.setBrush(theme.run_color(reading.run))
            painter.drawEllipse(QPointF(x, reading.at.y()), 3, 3)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def heading_of(level: Level, scene: Scene, step: int, place: float) -> tuple[str, str]:
    """What is read, the second part only where there is room: a step and its epoch, or a place and its step."""
    at_step = QCoreApplication.translate("Chart", "step {n}").format(n=count(step))
    if level.against == "path":
        return number(place), QCoreApplication.translate("Chart", "rate × steps")
    if level.against == "time":
        return QCoreApplication.translate("Chart", "{n} s").format(n=steady(place)), at_step
    per_epoch = epoch_of(scene)
    if per_epoch is None:
        return at_step, ""
    epoch = QCoreApplication.translate("Chart", "epoch {n}").format(n=f"{step / per_epoch:.1f}")
    return (epoch, at_step) if level.against == "epochs" else (at_step, epoch)


@dataclass(frozen=True)
class Room:
    """What there is room for beside the values that are read."""

    more: bool = False  # the epoch, and other values
    own_steps: bool = False  # the step of each run, where they differ
    notes: bool = False  # the best figures beside the names of runs

    @classmethod
    def within(cls, width: int, level: Against) -> Room:
        """The room of a chart so many px wide, against something."""
        return cls(width >= WIDE, width >= ROOMY and level == "path", width >= NOTED)


class Column:
    """Marker, rate and value of every run beside the plot; where wide, the epoch too, and raw values beside smooth, or
    its best and its last value beside the one that is read.

    Where the runs stand at different steps, those take the place of all that.
    """

    def __init__(self, quantity: Quantity, lrs: tuple[float, ...], room: Room, *, smooth: bool) -> None:
        self._quantity = quantity
        self._wide = room.more
        self._steps = room.own_steps
        self._raw = room.more and smooth and not room.own_steps
        self._best = room.more and quantity.best and not room.own_steps
        self._font = font(SMALL, tabular=True)
        metrics = QFontMetricsF(self._font)
        self._value = metrics.horizontalAdvance(WIDEST[quantity.unit]) + GRID
        rate = max(metrics.horizontalAdvance(number(lr)) for lr in lrs)
        self._space = metrics.horizontalAdvance("  ")
        self._over = QCoreApplication.translate("Chart", "over at {step}")
        self._at = QCoreApplication.translate("Chart", "at {step}")
        self._short = QCoreApplication.translate("Chart", "not so far")
        self._beside = 2 if self._best else 1 if self._raw or self._steps else 0  # values beside the one that is read
        line = RATE + rate + self._value * (1 + self._beside)
        if self._wide:
            line = max(line, metrics.horizontalAdvance(HEADING))
        if quantity.best and room.notes:
            line = max(line, room_for_names(rate, len(lrs)))
        self.width = round(2 * GRID + line)  # px

    def paint(
        self,
        painter: QPainter,
        theme: Theme,
        frame: Frame,
        size: QSize,
        heading: tuple[str, str],
        readings: list[Reading],
        *,
        ended: bool = False,
    ) -> None:
        """The heading, its second part quiet and only where there is room, then one line a reading.

        `ended`: the last values are the race's final ones.
        """
        line = min(LINE, (size.height() - GRID) / (len(readings) + 1 + self._best))
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
        elif self._best:
            row.translate(0, line)
            last = QCoreApplication.translate("Chart", "final" if ended else "now")
            names = (QCoreApplication.translate("Chart", "here"), QCoreApplication.translate("Chart", "best"), last)
            self._paint_values(painter, theme, row, names)
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
        if reading.ended is not None or reading.beyond:
            painter.setPen(QColor(theme.quiet))
            over = self._short if reading.ended is None else self._over.format(step=count(reading.ended))
            painter.drawText(row, right, over)
            return
        text = self._quantity.text
        beside: tuple[str, ...] = ()
        if self._best and reading.best is not None:
            beside = (text(reading.best), text(reading.last))
        elif self._raw:
            beside = (text(reading.value),)
        elif self._steps:
            beside = (self._at.format(step=count(reading.step)),)
        self._paint_values(painter, theme, row, (text(reading.line), *beside))

    def _paint_values(self, painter: QPainter, theme: Theme, row: QRectF, words: tuple[str, ...]) -> None:
        """The value that is read, and quieter what stands beside it."""
        for place, word in enumerate(words):
            painter.setPen(QColor(theme.quiet if place else theme.text))
            room = row.adjusted(0, 0, (place - self._beside) * self._value, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, word)

"""The lines of all runs of a chart, stroked piece by piece in an order that doesn't depend on when it is done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lrviz.views.chart_frame import Frame
from lrviz.views.series import Series
from lrviz.views.strokes import Strokes
from lrviz.views.theme import Theme

WIDTH = 1.6
RAW_WIDTH = 1.0  # px: Qt strokes opaque lines of width 1 several times as fast as others
RAW_STRENGTH = 0.3  # of a run's colour in the raw readings behind its smooth line


class Ink:
    """The strokes of some series in one frame and theme. Raw readings lie behind the smooth lines of all runs."""

    def __init__(self, series: Sequence[Series], frame: Frame, theme: Theme) -> None:
        self._frame = frame
        self._strokes = [Strokes(one, frame) for one in series]
        self._pens = [theme.run_pen(run, WIDTH) for run in range(len(series))]
        self._raw = [(run, _raw_pen(theme, run)) for run, one in enumerate(series) if one.smooth]

    def paint(self, painter: QPainter, first: int, last: int) -> None:
        """Stroke the pieces first <= p < last of every line."""
        raw = {run: self._strokes[run].raw(first, last) for run, _ in self._raw}
        lines = [strokes.line(first, last) for strokes in self._strokes]
        for piece in range(first, last):
            for run, pen in self._raw:
                painter.setPen(pen)
                painter.drawPolyline(raw[run][piece - first])
            for run, line in enumerate(lines):
                painter.setPen(self._pen(run, piece))
                painter.drawPolyline(line[piece - first])

    def paint_tails(self, painter: QPainter, step: int) -> None:
        """Stroke what follows the last whole piece at `step`."""
        piece = self._frame.pieces(step)
        for run, pen in self._raw:
            painter.setPen(pen)
            painter.drawPolyline(self._strokes[run].tail(step, raw=True))
        for run, strokes in enumerate(self._strokes):
            painter.setPen(self._pen(run, piece))
            painter.drawPolyline(strokes.tail(step))

    def _pen(self, run: int, piece: int) -> QPen:
        """A run's pen, its dashes going on where the piece before left them."""
        pen = self._pens[run]
        if pen.style() == Qt.PenStyle.CustomDashLine:
            pen.setDashOffset(self._strokes[run].along(piece) / WIDTH)
        return pen


def _raw_pen(theme: Theme, run: int) -> QPen:
    back, front = QColor(theme.field), theme.run_color(run)
    mixed = QColor(
        round(back.red() + RAW_STRENGTH * (front.red() - back.red())),
        round(back.green() + RAW_STRENGTH * (front.green() - back.green())),
        round(back.blue() + RAW_STRENGTH * (front.blue() - back.blue())),
    )
    return QPen(mixed, RAW_WIDTH)

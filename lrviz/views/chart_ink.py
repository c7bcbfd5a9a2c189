"""The lines of all runs of a chart, stroked piece by piece in an order that doesn't depend on when it is done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lrviz.views.chart_frame import Frame
from lrviz.views.chart_heads import Head
from lrviz.views.pieces import Pieces
from lrviz.views.series import Series
from lrviz.views.strokes import Strokes
from lrviz.views.theme import Theme

WIDTH = 1.6
FAINT_WIDTH = 1.0  # px: Qt strokes opaque lines of width 1 several times as fast as others
FAINT_STRENGTH = 0.3  # of a run's colour in what lies behind


class Ink:
    """The strokes of some series in one frame and theme. Faint ones lie behind: raw readings, and dense pieces."""

    def __init__(self, series: Sequence[Series], frame: Frame, pieces: Pieces, theme: Theme) -> None:
        self._strokes = [Strokes(one, frame, pieces) for one in series]
        self._pens = [theme.run_pen(run, WIDTH) for run in range(len(series))]
        self._faint = [_faint_pen(theme, run) for run in range(len(series))]
        self._smooth = [one.smooth for one in series]

    def paint(self, painter: QPainter, first: int, last: int) -> None:
        """Stroke the pieces first <= p < last of every line."""
        raw = [
            strokes.raw(first, last) if smooth else []
            for strokes, smooth in zip(self._strokes, self._smooth, strict=True)
        ]
        lines = [strokes.line(first, last) for strokes in self._strokes]
        for at, piece in enumerate(range(first, last)):
            strong = []
            for run in range(len(lines)):
                if self._smooth[run]:
                    painter.setPen(self._faint[run])
                    painter.drawPolyline(raw[run][at].points)
                elif lines[run][at].dense:
                    painter.setPen(self._faint[run])
                    painter.drawPolyline(lines[run][at].points)
                    continue
                strong.append(run)
            for run in strong:
                painter.setPen(self._pen(run, piece))
                painter.drawPolyline(lines[run][at].points)

    def paint_tails(self, painter: QPainter, heads: Sequence[Head], piece: int) -> None:
        """Join the last whole piece of every line, before `piece`, to its head: so short, a straight line will do."""
        for head in heads:
            if head.before != head.at:
                dense = self._strokes[head.run].dense(piece - 1)
                painter.setPen(self._faint[head.run] if dense else self._pen(head.run, piece))
                painter.drawLine(head.before, head.at)

    def _pen(self, run: int, piece: int) -> QPen:
        """A run's pen, its dashes going on where the piece before left them."""
        pen = self._pens[run]
        if pen.style() == Qt.PenStyle.CustomDashLine:
            pen.setDashOffset(self._strokes[run].along(piece) / WIDTH)
        return pen


def _faint_pen(theme: Theme, run: int) -> QPen:
    back, front = QColor(theme.field), theme.run_color(run)
    mixed = QColor(
        round(back.red() + FAINT_STRENGTH * (front.red() - back.red())),
        round(back.green() + FAINT_STRENGTH * (front.green() - back.green())),
        round(back.blue() + FAINT_STRENGTH * (front.blue() - back.blue())),
    )
    return QPen(mixed, FAINT_WIDTH)

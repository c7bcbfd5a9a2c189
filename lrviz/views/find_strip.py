"""The strip below the range test's curves: a row for each rule, with a dot for every seed and the median marked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lrviz.views.find_frame import Frame
from lrviz.views.find_painting import RIGHT
from lrviz.views.find_rows import RuleRow
from lrviz.views.lens_letters import letters
from lrviz.views.markers import paint_marker
from lrviz.views.theme import GRID, SMALL, Theme

DOT = 2.0  # px: radius of a seed's suggestion
MARK = 4.5  # px: radius of the median's marker
SPREAD = 2.0  # px: the line from the lowest to the highest
MOST_NAME = 20 * GRID  # px


def name_room(rows: tuple[RuleRow, ...]) -> float:
    """Px that the rules' names take left of the plot."""
    small = letters(SMALL)
    return min(max((small.width(row.title) for row in rows), default=0.0) + 2 * GRID, MOST_NAME)


def paint_strip(painter: QPainter, theme: Theme, rows: tuple[RuleRow, ...], frame: Frame) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    small = letters(SMALL)
    for rule, row in enumerate(rows):
        room = frame.row_of(rule)
        middle = round(room.center().y()) + 0.5
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawLine(QPointF(room.left(), middle), QPointF(room.right(), middle))
        name = small.metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, room.left() - GRID)
        painter.setFont(small.font)
        painter.setPen(QColor(theme.text if len(row.suggestion.known) else theme.quiet))
        painter.drawText(QRectF(0, room.top(), room.left() - GRID, room.height()), RIGHT, name)
        median, spread = row.suggestion.median, row.suggestion.spread
        if median is None or spread is None:
            continue
        color = theme.run_color(rule)
        painter.setPen(QPen(color, SPREAD))
        painter.drawLine(QPointF(frame.x(spread[0]), middle), QPointF(frame.x(spread[1]), middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        for rate in row.suggestion.known:
            painter.drawEllipse(QPointF(frame.x(float(rate)), middle), DOT, DOT)
        paint_marker(painter, theme, rule, QPointF(frame.x(median), middle), MARK)

"""What stands still in the panels: titles, maps, and a word where a map is yet to come."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from lrviz.views.markers import HALO, paint_marker
from lrviz.views.panel_view import Letters, View
from lrviz.views.theme import Theme

SWATCH_LINE = 24.0  # px
SWATCH_RADIUS = 4.0  # px
TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def paint_panel(painter: QPainter, view: View, run: int, picture: QImage | None) -> None:
    """One panel without what moves: its swatch, its title but for what is a field, its own optimizer, and its map."""
    title = QRectF(view.grid.title(run))
    paint_swatch(painter, view.theme, run, title, view.swatch)
    text = view.earlier_text(run) if view.editable else view.title_text(run)
    if text:
        left = title.adjusted(view.swatch, 0, 0, 0)
        paint_text(painter, left, text, view.fonts.title.font, view.theme.text)
    name, rest = view.optimizer_shown(run)
    if name:
        paint_text(painter, rest, name, view.fonts.small.font, view.theme.quiet)
    if picture is not None:
        painter.drawImage(view.map(run).topLeft(), picture)
    else:
        paint_word(painter, view.theme, view.fonts.small, view.map(run), known=len(view.scene.traces[run]) > 0)


def paint_text(painter: QPainter, rect: QRectF, text: str, font: QFont, color: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(color))
    painter.drawText(rect, TEXT, text)


def paint_swatch(painter: QPainter, theme: Theme, run: int, title: QRectF, width: int) -> None:
    """The legend of map and chart: a run's line and marker, in the first `width` px of its title."""
    middle = title.y() + title.height() / 2
    centre = QPointF(title.x() + SWATCH_RADIUS + HALO, middle)
    if width > SWATCH_LINE:
        painter.setPen(theme.run_pen(run, 2))
        painter.drawLine(QPointF(title.x() + 1, middle), QPointF(title.x() + SWATCH_LINE, middle))
        centre.setX(title.x() + SWATCH_LINE / 2)
    paint_marker(painter, theme, run, centre, SWATCH_RADIUS)


def paint_word(painter: QPainter, theme: Theme, letters: Letters, rect: QRect, *, known: bool) -> None:
    """Where a map is yet to come: what is waited for, `known` once the run has begun."""
    painter.fillRect(rect, QColor(theme.ramp[-1]))  # as most of the map will be
    painter.setFont(letters.font)
    painter.setPen(QColor(theme.quiet))
    if known:
        word = QCoreApplication.translate("Board", "measuring the landscape…")
    else:
        word = QCoreApplication.translate("Board", "getting ready…")
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap), word)

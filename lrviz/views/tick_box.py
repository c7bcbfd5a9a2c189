"""A check box whose frame is seen in the dark too: Fusion draws it darker than the window, whatever that is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox

from lrviz.views.guard import guarded
from lrviz.views.theme import GRID

BOX = 14.0  # px
GAP = 6.0  # px from the box to its text
CORNER = 3.0


class TickBox(QCheckBox):
    """As a check box, painted in the palette's colours."""

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(
            round(BOX + (GAP + text if self.text() else 0)) + 4, max(self.fontMetrics().height(), 2 * GRID) + 2
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        box = QRectF(2, (self.height() - BOX) / 2, BOX, BOX).adjusted(0.5, 0.5, -0.5, -0.5)
        accent = palette.color(QPalette.ColorRole.Highlight)
        quiet = palette.color(QPalette.ColorRole.PlaceholderText)
        full = self.isChecked() and self.isEnabled()
        text_color = palette.color(QPalette.ColorRole.WindowText)
        edge = text_color if self.hasFocus() else accent if full or self.underMouse() else quiet
        painter.setPen(QPen(edge, 2 if self.hasFocus() else 1))
        painter.setBrush(accent if full else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, CORNER, CORNER)
        if self.isChecked():
            tick = palette.color(QPalette.ColorRole.HighlightedText) if full else quiet
            painter.setPen(QPen(tick, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline(QPolygonF([box.topLeft() + QPointF(x, y) for x, y in ((3, 6.8), (5.5, 9.3), (10, 4))]))
        painter.setPen(text_color)
        painter.setFont(self.font())
        text = QRectF(box.right() + GAP, 0, self.width(), self.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()

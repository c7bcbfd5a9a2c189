"""A choice that looks like the words it stands among, a title or the name of an axis, with a sign of more."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QComboBox, QWidget

from lrviz.views.guard import guarded
from lrviz.views.theme import GRID

MORE = 14  # px that the sign takes, its distance from the words included
EDGE = 4  # px left of the words


class QuietPicker(QComboBox):
    """A combo box without a frame, on the colour of a field. Up, Down and Space work with the focus, as in any."""

    picked = Signal(str)  # the key of what a person chose

    def __init__(self, name: str, words: QFont, *, quiet: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)  # painted again when the pointer comes and when it goes
        self._role = QPalette.ColorRole.PlaceholderText if quiet else QPalette.ColorRole.Text
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFont(words)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.activated.connect(lambda index: self.picked.emit(self.itemData(index)))

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """What there is to choose from: (key, words) each."""
        if choices == [(self.itemData(index), self.itemText(index)) for index in range(self.count())]:
            return
        with QSignalBlocker(self):
            self.clear()
            for key, words in choices:
                self.addItem(words, key)
        widest = max((self.fontMetrics().horizontalAdvance(words) for _, words in choices), default=0)
        self.view().setMinimumWidth(widest + 4 * GRID)  # the list may be wider than what is chosen

    def show_key(self, key: str) -> None:
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(key))
        self.update()

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self.currentText())
        return QSize(EDGE + words + MORE + EDGE, self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(EDGE + MORE, self.fontMetrics().height())

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, edge = self.palette(), QRectF(self.rect()).adjusted(1, 0.5, -1, -0.5)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
            if self.underMouse() or self.hasFocus():
                ring = palette.color(QPalette.ColorRole.Highlight)
                painter.setPen(QPen(ring, 2) if self.hasFocus() else QPen(Qt.PenStyle.NoPen))
                painter.setBrush(palette.color(QPalette.ColorRole.Button))
                painter.drawRoundedRect(edge, 4, 4)
            color = palette.color(self._role)
            painter.setPen(color)
            painter.setFont(self.font())
            room = self.rect().adjusted(EDGE, 0, -MORE - EDGE, 0)
            words = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room.width() + 1)
            painter.drawText(room.adjusted(0, 0, 1, 0), Qt.AlignmentFlag.AlignVCenter, words)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.PlaceholderText), 1.4))
            tip = QPointF(self.width() - EDGE - 5, self.height() / 2 + 2)
            painter.drawPolyline(QPolygonF([tip + QPointF(-3.5, -3.5), tip, tip + QPointF(3.5, -3.5)]))

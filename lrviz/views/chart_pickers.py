"""What a chart can be asked for: another quantity, another level axis, logarithmic scales."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRect, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QWidget

from lrviz.core.viewstate import Against
from lrviz.views.chart_axes import level_name_room
from lrviz.views.chart_frame import LEFT, ROW, TITLE, Frame
from lrviz.views.level import level_name
from lrviz.views.quantity import Quantity
from lrviz.views.quiet_picker import EDGE, MORE, QuietPicker
from lrviz.views.theme import GRID, SMALL, font
from lrviz.views.tick_box import TickBox


class ChartPickers(QObject):
    """The controls that lie on a chart, over the words that they stand for. They show what the chart says."""

    quantity_picked = Signal(str)
    axis_picked = Signal(str, bool)  # against what, and whether logarithmic
    log_toggled = Signal(bool)

    def __init__(self, chart: QWidget) -> None:
        super().__init__(chart)
        self.quantity = QuietPicker(self.tr("What is shown"), font(bold=True), parent=chart)
        self.quantity.picked.connect(self.quantity_picked)
        self.axis = QuietPicker(self.tr("Level axis"), font(SMALL, tabular=True), quiet=True, parent=chart)
        self.axis.picked.connect(self._pick_axis)
        self.axis.setToolTip(
            self.tr(
                "Level axis: on rate × steps, equal ways are equal for every rate;"
                " seconds are those that all runs took together"
            )
        )
        self.log = TickBox(self.tr("Log"), chart)
        self.log.toggled.connect(self.log_toggled)
        self.log.setAccessibleName(self.tr("Logarithmic scale"))
        self.log.setToolTip(self.tr("Logarithmic scale: every decade takes the same height"))
        self.log.setFont(font(SMALL))
        self.log.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def offer(self, quantities: Sequence[Quantity], against: Sequence[Against]) -> None:
        """What there is to choose from, of a scene."""
        self.quantity.offer([(quantity.key, quantity.titled()) for quantity in quantities])
        axes = [(against, log) for against in against for log in (False, True)]
        self.axis.offer([(_key(*axis), level_name(*axis)) for axis in axes])

    def show(self, quantity: Quantity, against: Against, log_steps: bool, log: bool, loggable: bool) -> None:
        """Show what is chosen; nothing is told by it."""
        self.quantity.show_key(quantity.key)
        self.axis.show_key(_key(against, log_steps))
        with QSignalBlocker(self.log):
            self.log.setChecked(log)
        self.log.setEnabled(loggable)

    def place(self, frame: Frame | None, scalable: bool) -> None:
        """Put each where it belongs; without a frame there is nothing to choose yet."""
        for control in (self.quantity, self.axis, self.log):
            control.setVisible(frame is not None)
        if frame is None:
            return
        self.log.setVisible(scalable)
        size = self.log.sizeHint()
        self.log.setGeometry(
            QRect(self.rest(frame, scalable), (TITLE - size.height()) // 2, size.width(), size.height())
        )
        title = self.title_room(frame, scalable)
        height = self.quantity.sizeHint().height()
        place = QRectF(title.left() - EDGE, (TITLE - height) / 2, title.width() + 2 * EDGE + MORE, height)
        self.quantity.setGeometry(place.toRect())
        hint = self.axis.sizeHint()
        room = level_name_room(frame, hint.width() - 2 * EDGE)
        within = ROW - 2  # so that it hides nothing of the ring around a chart with the focus
        self.axis.setGeometry(round(room.left()) - EDGE, int(room.top()), hint.width(), within)

    def title_room(self, frame: Frame, scalable: bool) -> QRectF:
        """Where the title stands: as wide as its words where that leaves the toggle its place."""
        words = QFontMetricsF(self.quantity.font()).horizontalAdvance(self.quantity.currentText()) + 1
        most = self.rest(frame, scalable) - 2 * GRID - MORE
        return QRectF(GRID, 0, min(words, most), TITLE)

    def rest(self, frame: Frame, scalable: bool) -> int:
        """Where the toggle begins, or would."""
        return round(frame.plot.right()) - (self.log.sizeHint().width() if scalable else 0)

    def margin(self, against: Against, log_steps: bool) -> int:
        """Px left of the plot for the labels of the upright axis and, where it stands there, the level one's name."""
        if against in ("path", "time"):
            return LEFT
        name = self.axis.fontMetrics().horizontalAdvance(level_name(against, log_steps))
        return max(LEFT, EDGE + name + MORE + EDGE + GRID)

    def _pick_axis(self, key: str) -> None:
        against, _, log = key.partition(" ")
        self.axis_picked.emit(against, bool(log))


def _key(against: Against, log: bool) -> str:
    return f"{against} log" if log else against

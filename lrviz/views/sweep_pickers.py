"""What of a sweep is shown: the metric, and one value of the second parameter or all. They stand on the picture."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from lrviz.core.sweep import SweepQuestion
from lrviz.views.quiet_picker import EDGE, QuietPicker
from lrviz.views.sweep_frame import TITLE
from lrviz.views.sweep_ink import MIDDLE
from lrviz.views.sweep_words import metric_title, shown_text
from lrviz.views.theme import BODY, GRID, Theme, font


class SweepPickers(QObject):
    """Two quiet pickers side by side; without a table there is nothing to pick."""

    metric_picked = Signal(str)
    value_picked = Signal(object)  # the index of the one value to show; None: all of them

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.metric = QuietPicker(self.tr("What is shown"), font(BODY, bold=True), parent=canvas)
        self.value = QuietPicker(self.tr("Which values are shown"), font(BODY), quiet=True, parent=canvas)
        self.metric.picked.connect(self.metric_picked)
        self.value.picked.connect(lambda key: self.value_picked.emit(int(key) if key else None))
        self.metric.hide()
        self.value.hide()

    def show(self, question: SweepQuestion, metrics: Iterable[str], metric: str, value: int | None) -> None:
        """What there is to choose from, and what is chosen; nothing is told by it."""
        self.metric.offer([(name, metric_title(name)) for name in metrics])
        self.metric.show_key(metric)
        self.metric.show()
        count = len(question.values)
        keyed = [("", shown_text(question, None)), *((str(at), shown_text(question, at)) for at in range(count))]
        self.value.offer(keyed if count > 1 else [])
        self.value.show_key("" if value is None else str(value))
        self.value.setVisible(count > 1)
        left = 2 * GRID - EDGE
        for picker in (self.metric, self.value):
            hint = picker.sizeHint()
            picker.setGeometry(left, (TITLE - hint.height()) // 2, hint.width(), hint.height())
            left += hint.width()

    @property
    def end(self) -> int:
        """px from which on the title line is free."""
        last = self.metric if self.value.isHidden() else self.value
        return last.geometry().right()

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Their words, for a picture in which they are not there to be seen."""
        for picker, color in ((self.metric, theme.text), (self.value, theme.quiet)):
            if not picker.isHidden():
                painter.setFont(picker.font())
                painter.setPen(QColor(color))
                painter.drawText(QRectF(picker.geometry()).adjusted(EDGE, 0, 0, 0), MIDDLE, picker.currentText())

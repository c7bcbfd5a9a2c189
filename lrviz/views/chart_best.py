"""Each run's best reading so far: a hollow marker on its line, and its figure in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QRegion, QStaticText

from lrviz.views.chart_frame import Frame
from lrviz.views.markers import marker_path
from lrviz.views.numbers import count
from lrviz.views.quantity import Quantity
from lrviz.views.series import Series
from lrviz.views.theme import GRID, SMALL, Theme, font, run_marker

HOLLOW = 5.0  # px: a marker's size, larger than a head's, which may stand within it
OUTLINE = 1.3  # px
AROUND = 10  # px of its middle within which it is painted
FEW = 4  # runs whose figures have room beside their names
LEADER = 2 * GRID  # px from a head to its run's name
NOTE = 6.0  # px from a name to the note beside it
SHORTEST = "best 100.0 %"  # what there is to be room for, at least


@dataclass(frozen=True)
class Best:
    """A run's best reading up to a step."""

    run: int
    index: int  # among its readings
    step: int
    value: float
    at: QPointF  # px
    rect: QRect  # in which its marker is painted


def best_of(frame: Frame, one: Series, run: int, index: int) -> Best:
    """A run's reading as the best."""
    value = float(one.values[index])
    at = QPointF(frame.x(one.place(index)), frame.y(value))
    rect = QRectF(at.x() - AROUND, at.y() - AROUND, 2 * AROUND, 2 * AROUND)
    return Best(run, index, int(one.steps[index]), value, at, rect.toAlignedRect())


class Note:
    """Words beside a run's name, laid out once."""

    def __init__(self, words: str, own: QFont) -> None:
        self.text = QStaticText(words)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.prepare(font=own)
        self.width = self.text.size().width()  # px


def room_for_names(widest: float, runs: int) -> float:
    """Px that names up to `widest` px wide take with the shortest notes beside them, as far as runs are few."""
    note = QFontMetricsF(font(SMALL)).horizontalAdvance(SHORTEST) if runs <= FEW else 0.0
    return LEADER + widest + NOTE + note


class Bests:
    """Those of one chart, at the step on screen; their words are laid out when one of them is a new one."""

    def __init__(self, quantity: Quantity, per_epoch: int | None) -> None:
        self._quantity = quantity
        self._per_epoch = per_epoch
        self._font = font(SMALL)
        self._known: dict[str, Note] = {}
        self._held: list[int | None] = []  # each run's best reading
        self.shown: list[Best] = []
        self._painted = self.shown  # those that are seen

    def go_to(self, frame: Frame, series: Sequence[Series], step: int) -> None:
        """Take those of another step, which are the same ones as a rule: the earliest of each run's best readings up
        to it, of runs that have any finite ones."""
        if self._quantity.best:
            held = [one.best(one.count(step)) for one in series]
            if held != self._held:
                self._held = held
                found = ((run, index) for run, index in enumerate(held) if index is not None)
                self.shown = [best_of(frame, series[run], run, index) for run, index in found]

    def moved_region(self) -> QRegion:
        """Where any have come, or gone, since this was asked last."""
        region = QRegion()
        if self.shown is not self._painted:
            for best in (*self._painted, *self.shown):
                region |= best.rect
            self._painted = self.shown
        return region

    def paint(self, painter: QPainter, theme: Theme, exposed: QRegion) -> None:
        """Hollow markers, where anything has to be painted again at all."""
        for best in self.shown:
            if exposed.intersects(best.rect):
                painter.setPen(QPen(theme.run_color(best.run), OUTLINE))
                painter.setBrush(QColor(theme.field))
                painter.drawPath(marker_path(run_marker(best.run), HOLLOW).translated(best.at))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def notes(self, runs: int, room: float) -> dict[int, Note]:
        """By run, as long as all of them fit into `room` px; nothing where there are too many runs."""
        if runs > FEW:
            return {}
        for words in (self._with_place, self._without):
            notes = {best.run: self._laid_out(words(best)) for best in self.shown}
            if all(note.width <= room for note in notes.values()):
                return notes
        return {}

    def _laid_out(self, words: str) -> Note:
        if words not in self._known:
            if len(self._known) > 50 * FEW:
                self._known.clear()
            self._known[words] = Note(words, self._font)
        return self._known[words]

    def _with_place(self, best: Best) -> str:
        value = self._quantity.text(best.value)
        if self._per_epoch is None:
            words = QCoreApplication.translate("Chart", "best {value} at step {n}")
            return words.format(value=value, n=count(best.step))
        words = QCoreApplication.translate("Chart", "best {value} at epoch {n}")
        return words.format(value=value, n=f"{best.step / self._per_epoch:.1f}".removesuffix(".0"))

    def _without(self, best: Best) -> str:
        return QCoreApplication.translate("Chart", "best {value}").format(value=self._quantity.text(best.value))

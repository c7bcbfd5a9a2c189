"""Which line and marker is which rate, and what became of it: a row a run, beside the landscape."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from lrviz.core import catalog
from lrviz.core.experiment import Experiment
from lrviz.core.scene import Scene
from lrviz.views import numbers
from lrviz.views.markers import paint_marker
from lrviz.views.panel_badge import Badge, badge, longest_word
from lrviz.views.panel_view import Letters, fonts
from lrviz.views.theme import GRID, Theme

LINE = 24.0  # px of a run's line
RADIUS = 4.0  # px of its marker
HIGHEST, LOWEST = 40, 17  # px of a row
ONE_LINE = 34  # px: lower rows have rate and badge beside one another


@dataclass(frozen=True)
class Legend:
    """The rows of one scene within a rectangle."""

    scene: Scene
    rect: QRect
    shown: int  # rows; where there are more runs than fit, the last row counts the rest

    @classmethod
    def beside(cls, scene: Scene, width: int, height: int) -> Legend:
        """At the right edge of `width` × `height` px, as wide as its words, but never more than two fifths."""
        letters = fonts(small=False)
        runs = scene.experiment.runs
        rates = max(letters.body.width(rate_text(scene.experiment, run)) for run in range(len(runs)))
        word = letters.small.width(longest_word() + " 10,000")
        row = row_height(len(runs), height - 2 * GRID)
        words = max(rates, word) if row >= ONE_LINE else rates + GRID + word
        wanted = min(round(LINE + GRID + words + 2 * GRID), 2 * width // 5)
        rows = min(len(runs), (height - 2 * GRID) // row)
        top = GRID + max((height - 2 * GRID - rows * row) // 2, 0)
        return cls(scene, QRect(width - wanted, top, wanted - GRID, rows * row), rows)

    def row(self, run: int) -> QRect:
        height = self.rect.height() // max(self.shown, 1)
        return QRect(self.rect.left(), self.rect.top() + run * height, self.rect.width(), height)

    def badge_area(self, run: int) -> QRect:
        """Where a run's badge is painted."""
        row, letters = self.row(run), fonts(small=False)
        left = row.left() + round(LINE) + GRID
        if row.height() >= ONE_LINE:
            return QRect(left, row.top() + row.height() // 2 - 3, row.right() - left, row.height() // 2)
        used = letters.body.width(rate_text(self.scene.experiment, run)) + GRID
        return QRect(left + round(used), row.top(), row.right() - left - round(used), row.height())

    def paint_still(self, painter: QPainter, theme: Theme) -> None:
        """Each run's line, marker and rate; or how many more there are."""
        letters = fonts(small=False)
        runs = len(self.scene.experiment.runs)
        for run in range(self.shown):
            row = QRectF(self.row(run))
            line = row.adjusted(0, 0, 0, -row.height() / 2) if row.height() >= ONE_LINE else row
            left = line.left() + LINE + GRID
            if run == self.shown - 1 and runs > self.shown:
                text = f"+ {runs - self.shown + 1}"
                _write(painter, letters.small, text, QPointF(left, letters.small.baseline(line)), theme.quiet)
                continue
            y = line.center().y()
            painter.setPen(theme.run_pen(run, 2))
            painter.drawLine(QPointF(line.left(), y), QPointF(line.left() + LINE, y))
            paint_marker(painter, theme, run, QPointF(line.left() + LINE / 2, y), RADIUS)
            text = rate_text(self.scene.experiment, run)
            _write(painter, letters.body, text, QPointF(left, letters.body.baseline(line)), theme.text)

    def badge(self, run: int, step: int) -> Badge | None:
        """What became of a run by `step`; None where that is not decided, or there is no row for it."""
        runs = len(self.scene.experiment.runs)
        if run >= self.shown - (runs > self.shown):
            return None
        if self.scene.verdicts is None and self.scene.traces[run].overflow_step is None:
            return None
        said = badge(self.scene, run, step)
        return said if said.kind is not None else None

    def paint_badge(self, painter: QPainter, theme: Theme, run: int, said: Badge) -> None:
        """The longest of its texts that its place takes."""
        small, area = fonts(small=False).small, QRectF(self.badge_area(run))
        text = next((text for text in said.texts if small.fit(text, area.width())), "")
        _write(painter, small, text, QPointF(area.left(), small.baseline(area)), theme.text)


def row_height(runs: int, height: int) -> int:
    return min(max(height // max(runs, 1), LOWEST), HIGHEST)


def rate_text(experiment: Experiment, run: int) -> str:
    """A run's rate, those that it goes on at, and its optimizer where that is its own."""
    which = experiment.runs[run]
    text = " → ".join(numbers.exact(rate) for rate in which.rates)
    return f"{text} {catalog.optimizers.find(which.optimizer.name).title}" if which.optimizer is not None else text


def _write(painter: QPainter, letters: Letters, text: str, at: QPointF, color: str) -> None:
    painter.setFont(letters.font)
    painter.setPen(QPen(QColor(color)))
    painter.drawText(at, text)

"""The panels of an insight: a title a run, and below it what its model does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QMargins, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from lrviz.core.experiment import OnModel
from lrviz.core.insight import Insight, InsightKind, RunInsight
from lrviz.core.scene import Scene
from lrviz.views import numbers
from lrviz.views.guard import guarded
from lrviz.views.insight_confusion import paint_confusion
from lrviz.views.insight_panel import Panel, paint_line
from lrviz.views.insight_plane import paint_boundary, paint_curve
from lrviz.views.insight_units import paint_units
from lrviz.views.insight_wall import paint_wall
from lrviz.views.insight_weights import paint_weights
from lrviz.views.panel_badge import figure
from lrviz.views.panel_painting import paint_swatch, paint_text
from lrviz.views.panel_view import View, view_of
from lrviz.views.theme import GRID, LIGHT, Theme

MARGIN = GRID
PAINTERS: dict[InsightKind, Callable[[QPainter, Panel, RunInsight], None]] = {
    "boundary": paint_boundary,
    "curve": paint_curve,
    "wall": paint_wall,
    "confusion": paint_confusion,
    "units": paint_units,
    "weights": paint_weights,
}


class InsightCanvas(QWidget):
    """Draws a scene's insight, and says in words what is missing while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("What the models do"))
        self.scene: Scene | None = None
        self.insight: Insight | None = None
        self._theme: Theme = LIGHT

    def show_insight(self, scene: Scene | None, insight: Insight | None) -> None:
        self.scene, self.insight = scene, insight
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def picture(self, scale: float) -> QImage:
        """The panels at `scale` pixels a point."""
        image = QImage((self.size() * scale).expandedTo(QSize(1, 1)), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        with QPainter(image) as painter:
            self._paint(painter)
        return image

    @property
    def words(self) -> str:
        """What is said instead of a picture; empty where there is one."""
        if self.scene is not None and not isinstance(self.scene.experiment.problem, OnModel):
            return _tr(
                "Here stands what a model does: its decision boundary, its mistakes, its weights.\n"
                "This race is on a surface; choose a model under “Minimise”."
            )
        if self.scene is None or self.insight is None:
            return _tr("Here stands what each run's model does, as soon as it has made its first step.")
        return ""

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._theme.window))
        if self.words or self.scene is None or self.insight is None:
            painter.setPen(QColor(self._theme.quiet))
            painter.setFont(self.font())
            flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
            painter.drawText(self.rect().adjusted(3 * GRID, 0, -3 * GRID, 0), flags, self.words)
            return
        inner = self.size().shrunkBy(QMargins(MARGIN, 0, MARGIN, MARGIN))
        view = view_of(self.scene, inner.expandedTo(QSize(1, 1)), self._theme, editable=False)
        painter.translate(QPoint(MARGIN, 0))
        for run in range(len(self.scene.traces)):
            self._paint_panel(painter, view, self.insight, run)

    def _paint_panel(self, painter: QPainter, view: View, insight: Insight, run: int) -> None:
        title, letters = QRectF(view.grid.title(run)), view.fonts
        paint_swatch(painter, view.theme, run, title, view.swatch)
        text = view.title_text(run)
        paint_text(painter, title.adjusted(view.swatch, 0, 0, 0), text, letters.title.font, view.theme.text)
        name, rest = view.optimizer_shown(run)
        if name:
            paint_text(painter, rest, name, letters.small.font, view.theme.quiet)
        measurement = int(view.scene.traces[run].metric_step.searchsorted(insight.step, side="right")) - 1
        said = view.badge_places[run][0]
        align = Qt.AlignmentFlag.AlignRight if view.grid.lines.badge == 0 else Qt.AlignmentFlag.AlignLeft
        found = insight.runs[run]
        told = figure(view.scene, run, measurement) if found is not None else ""
        paint_line(painter, said, told, letters.body, view.theme.text, align)
        # The room that a badge's line leaves empty is the picture's where the badge stands in the title.
        rect = view.map(run)
        if found is not None:
            painter.save()
            PAINTERS[insight.kind](painter, Panel(view.theme, letters, rect, run, insight), found)
            painter.restore()
        else:
            _paint_missing(painter, view, run, rect)


def _paint_missing(painter: QPainter, view: View, run: int, rect: QRect) -> None:
    """Why a run has nothing to show."""
    over = view.scene.traces[run].overflow_step
    painter.fillRect(rect, QColor(view.theme.field))
    painter.setFont(view.fonts.small.font)
    painter.setPen(QColor(view.theme.quiet))
    said = _tr("getting ready…")
    if over is not None:
        said = _tr("▲ diverged at {step}: its weights are no numbers any more").format(step=numbers.count(over))
    flags = int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
    painter.drawText(rect.adjusted(GRID, GRID, -GRID, -GRID), flags, said)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Insight", text)

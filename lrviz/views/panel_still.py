"""What stands still in the panels: titles, maps, and a word where a map is yet to come."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from lrviz.core import catalog
from lrviz.core.scene import Scene
from lrviz.views import numbers
from lrviz.views.markers import paint_marker
from lrviz.views.panel_layout import Grid
from lrviz.views.theme import BODY, GRID, SMALL, TITLE, Theme, font

SWATCH = 4 * GRID  # px before a title: the run's line and marker
SWATCH_LINE = 24.0  # px
SWATCH_RADIUS = 4.0  # px


@dataclass(frozen=True)
class Fonts:
    """The three sizes as a grid uses them. Made once a layout: asking the system for a font is slow."""

    title: QFont
    body: QFont
    small: QFont

    @classmethod
    def of(cls, grid: Grid) -> Fonts:
        return cls(
            title=font(BODY if grid.compact else TITLE, bold=True, tabular=True),
            body=font(SMALL if grid.compact else BODY, tabular=True),
            small=font(SMALL, tabular=True),
        )


def title_width(rate: float, fonts: Fonts) -> float:
    """The room that a rate takes as a title, in px."""
    return QFontMetricsF(fonts.title).horizontalAdvance(numbers.exact(rate))


def own_optimizer(scene: Scene, run: int) -> str:
    """The title of a run's own optimizer; empty where it has the experiment's."""
    own = scene.experiment.runs[run].optimizer
    return catalog.optimizers.find(own.name).title if own is not None else ""


def paint_swatch(painter: QPainter, theme: Theme, run: int, title: QRect) -> None:
    """The run's line and marker, as they are on map and chart: the legend."""
    middle = title.y() + title.height() / 2
    painter.setPen(theme.run_pen(run, 2))
    painter.drawLine(QPointF(title.x(), middle), QPointF(title.x() + SWATCH_LINE, middle))
    paint_marker(painter, theme, run, QPointF(title.x() + SWATCH_LINE / 2, middle), SWATCH_RADIUS)


def paint_text(painter: QPainter, rect: QRectF, text: str, style: QFont, color: str) -> None:
    painter.setFont(style)
    painter.setPen(QColor(color))
    painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def paint_map(painter: QPainter, theme: Theme, fonts: Fonts, rect: QRect, picture: QImage | None) -> None:
    """The map's picture, or what is being done about it."""
    if picture is not None:
        painter.drawImage(rect.topLeft(), picture)
        return
    painter.fillRect(rect, QColor(theme.field))
    painter.setFont(fonts.small)
    painter.setPen(QColor(theme.quiet))
    text = QCoreApplication.translate("Board", "measuring the landscape…")
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)

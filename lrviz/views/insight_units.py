"""What hidden units respond to: small maps, curves, pictures or rows of means, all units of a run on one scale."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lrviz.core.insight import RunInsight, Units
from lrviz.views import numbers
from lrviz.views.insight_panel import Panel, image_of, paint_crisp, paint_frame, paint_line, two_sided
from lrviz.views.paths import path_from_points
from lrviz.views.theme import GRID

GAP = GRID // 2
LINE = 1.5  # px
NEARLY_ALL = 0.99  # of what units answer is within the colours
IDEAL = {"maps": (0.8, 1.5), "curves": (1.0, 2.0), "pictures": (1.0, 1.0)}  # width / height of a unit's place


def paint_units(painter: QPainter, panel: Panel, found: RunInsight) -> None:
    assert isinstance(found, Units)
    letters = panel.fonts.small
    head = QRectF(panel.rect.left(), panel.rect.top(), panel.rect.width(), math.ceil(letters.height) + 2)
    finite = found.values[np.isfinite(found.values)]
    # The strongest colour stands for nearly the largest: a single one far out would leave all others pale.
    largest = float(np.quantile(np.abs(finite), NEARLY_ALL)) if len(finite) else 0.0
    paint_line(painter, head, _said(found, largest), letters, panel.theme.quiet)
    room = panel.rect.adjusted(0, round(head.height()) + 2, 0, 0)
    if found.form == "groups":
        _paint_groups(painter, panel, found, room, largest)
        return
    shape = IDEAL[found.form]
    if found.form == "pictures":
        shape = (found.values.shape[2] / found.values.shape[1],) * 2
    colors = None if found.form == "curves" else two_sided(panel.theme, found.values, largest)
    for unit, rect in enumerate(_places(len(found.values), room, shape)):
        if colors is None:
            _paint_curve(painter, panel, found, unit, rect, largest)
        elif found.form == "pictures":
            paint_crisp(painter, rect, image_of(colors[unit]))
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(rect, image_of(colors[unit, ::-1]))
        paint_frame(painter, panel.theme, rect)


def _said(found: Units, largest: float) -> str:
    """Which units are shown, and what the strongest colour stands for."""
    shown = len(found.values)
    units = _tr("{shown} of {all} units").format(shown=shown, all=numbers.count(found.total))
    if shown == found.total:
        units = _tr("{all} units").format(all=shown)
    return f"{units} · ±{numbers.steady(largest, 2)}"


def _places(count: int, room: QRect, shape: tuple[float, float]) -> list[QRect]:
    """Equal places for all units, as large as the room allows, from its upper left corner."""
    best, columns_of_best = (0, 0), 1
    for columns in range(1, count + 1):
        rows = math.ceil(count / columns)
        width = (room.width() - GAP * (columns - 1)) // columns
        height = (room.height() - GAP * (rows - 1)) // rows
        width, height = min(width, int(height * shape[1])), min(height, int(width / shape[0]))
        if width * height > best[0] * best[1] and width > 0 and height > 0:
            best, columns_of_best = (width, height), columns
    width, height = best
    spare = room.width() - columns_of_best * (width + GAP) + GAP
    left = room.left() + max(0, spare // 2)
    return [
        QRect(
            left + (width + GAP) * (unit % columns_of_best),
            room.top() + (height + GAP) * (unit // columns_of_best),
            width,
            height,
        )
        for unit in range(count if width else 0)
    ]


def _paint_curve(painter: QPainter, panel: Panel, found: Units, unit: int, rect: QRect, largest: float) -> None:
    theme = panel.theme
    painter.fillRect(rect, QColor(theme.field))
    middle = rect.top() + rect.height() / 2
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.drawLine(QPointF(rect.left(), middle), QPointF(rect.right() + 1, middle))
    values = np.nan_to_num(found.values[unit].astype(np.float64) / (largest or 1.0))
    along = np.linspace(rect.left() + 1, rect.right(), len(values))
    points = np.column_stack([along, middle - 0.45 * rect.height() * values])
    painter.strokePath(path_from_points(points, [0]), QPen(theme.run_color(panel.run), LINE))
    paint_frame(painter, theme, rect)


def _paint_groups(painter: QPainter, panel: Panel, found: Units, room: QRect, largest: float) -> None:
    """A row a unit, a column a group, whose names stand below."""
    letters = panel.fonts.small
    line = math.ceil(letters.height)
    matrix = room.adjusted(0, 0, 0, -line - 2)
    if matrix.height() < 2:
        return
    paint_crisp(painter, matrix, image_of(two_sided(panel.theme, found.values, largest)))
    paint_frame(painter, panel.theme, matrix)
    names = found.groups or tuple(_quarters())
    width = matrix.width() / len(names)
    for index, name in enumerate(names):
        rect = QRectF(matrix.left() + index * width, matrix.bottom() + 2, width, line)
        paint_line(painter, rect, name, letters, panel.theme.quiet, Qt.AlignmentFlag.AlignHCenter)


def _quarters() -> list[str]:
    """The groups of a regression: quarters of its targets."""
    return [_tr("lowest"), _tr("low"), _tr("high"), _tr("highest")]


def _tr(text: str) -> str:
    return QCoreApplication.translate("Insight", text)

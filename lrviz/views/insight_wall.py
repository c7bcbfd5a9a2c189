"""A wall of test pictures: what each is taken for, mistakes first, framed, as "true class → answer"."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QCoreApplication, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from lrviz.core.insight import RunInsight, Wall
from lrviz.views import numbers
from lrviz.views.insight_panel import Panel, paint_line
from lrviz.views.theme import GRID

LEAST, MOST = 3 * GRID, 6 * GRID  # px: a picture's longer side
GAP = GRID // 2
SURE = 2  # px: the height of the bar that says how sure an answer is


def paint_wall(painter: QPainter, panel: Panel, found: RunInsight) -> None:
    assert isinstance(found, Wall)
    theme, letters = panel.theme, panel.fonts.small
    head = QRectF(panel.rect.left(), panel.rect.top(), panel.rect.width(), math.ceil(letters.height) + 2)
    said = _tr("{wrong} of {all} wrong").format(wrong=numbers.count(found.mistakes), all=numbers.count(found.samples))
    paint_line(painter, head, said, letters, theme.text if found.mistakes else theme.quiet)
    pictures = panel.insight.studied.pictures
    assert pictures is not None
    room = panel.rect.adjusted(0, round(head.height()) + 2, -GRID, 0)  # the next run's wall stands apart
    size, line = _picture_size(panel, room, len(found.place)), math.ceil(letters.height)
    cell = (max(size[0], math.ceil(letters.width(_longest(panel)))) + GAP, size[1] + SURE + line + GAP)
    columns, rows = max(1, (room.width() + GAP) // cell[0]), (room.height() + GAP) // cell[1]
    step = (room.width() - cell[0] + GAP) / max(columns - 1, 1)
    for index in range(min(len(found.place), columns * rows)):
        left = room.left() + round(step * (index % columns)) if columns > 1 else room.left()
        corner = QRect(left, room.top() + cell[1] * (index // columns), cell[0] - GAP, cell[1] - GAP)
        _paint_picture(painter, panel, found, index, corner, size)


def _paint_picture(
    painter: QPainter, panel: Panel, found: Wall, index: int, cell: QRect, size: tuple[int, int]
) -> None:
    theme, studied = panel.theme, panel.insight.studied
    assert studied.pictures is not None
    rect = QRect(cell.left() + (cell.width() - size[0]) // 2, cell.top(), *size)
    values = np.ascontiguousarray(studied.pictures[found.place[index]])
    image = QImage(values.data, values.shape[1], values.shape[0], values.shape[1], QImage.Format.Format_Grayscale8)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(rect, image)
    truth, answer = int(found.truth[index]), int(found.answer[index])
    wrong = truth != answer
    color = QColor(theme.warning if wrong else theme.quiet)
    if wrong:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(color, 2))
        painter.drawRect(rect)
    bar = QRect(rect.left(), rect.bottom() + 2, round(size[0] * float(found.sure[index])), SURE)
    painter.fillRect(bar, color)
    text = f"{studied.classes[truth]}→{studied.classes[answer]}" if wrong else studied.classes[answer]
    line = QRectF(cell.left() - GAP / 2, bar.bottom() + 1, cell.width() + GAP, cell.bottom() - bar.bottom())
    paint_line(painter, line, text, panel.fonts.small, color, Qt.AlignmentFlag.AlignHCenter)


def _picture_size(panel: Panel, room: QRect, count: int) -> tuple[int, int]:
    """Width and height of a picture in whole multiples of its pixels, as large as all of them find room."""
    pictures = panel.insight.studied.pictures
    assert pictures is not None
    rows, columns = pictures.shape[1:]
    side = max(rows, columns)
    line = panel.fonts.small.height + SURE + GAP
    wanted = int(MOST)
    while wanted > LEAST:
        height, width = wanted * rows / side + line, wanted * columns / side + GAP
        if (room.width() // width) * (room.height() // height) >= count:
            break
        wanted -= 1
    if side <= wanted:
        wanted -= wanted % side  # whole pixels, all of one size
    return max(1, wanted * columns // side), max(1, wanted * rows // side)


def _longest(panel: Panel) -> str:
    """The widest label, of names short enough to stand under a picture."""
    names = sorted((name for name in panel.insight.studied.classes if len(name) <= 3), key=len)
    return f"{names[-1]}→{names[-1]}" if names else "00→00"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Insight", text)

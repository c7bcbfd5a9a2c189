"""All runs on one map: how large it is, and where the legend's lines stand beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize

from lrviz.core.catalog import Bounds
from lrviz.core.scene import Scene
from lrviz.views.panel_badge import longest_word
from lrviz.views.panel_layout import Shape
from lrviz.views.panel_view import Fonts, fonts, map_shape, optimizer_text, swatch, title_text
from lrviz.views.theme import GRID
from lrviz.views.way import Frame
from lrviz.views.zoom import Window

GAP = 2 * GRID  # px between map and legend
ROOMY = 4 * GRID  # px: a legend's line where there is room
LEAST_MAP = 0.4  # of the width: the legend takes no more than the rest


@dataclass(frozen=True)
class Row:
    """One run's line of the legend."""

    rect: QRect
    name: int  # px from its left end: where the rate begins,
    part: int  # the optimizer,
    badge: int  # and what became of it


@dataclass(frozen=True)
class Layout:
    """`frame` is None while no landscape is known."""

    map: QRect
    frame: Frame | None
    rows: tuple[Row, ...]
    fonts: Fonts
    small: bool

    @property
    def swatch(self) -> int:
        return swatch(self.small)


def lay_out(scene: Scene, size: QSize, window: Window) -> Layout:
    """Map and legend in `size` px, side by side in its middle."""
    runs = scene.experiment.runs
    small = len(runs) * 3 * GRID > size.height()
    letters = fonts(small)
    names = [letters.title.width(title_text(run)) for run in runs]
    parts = [letters.small.width(optimizer_text(scene.experiment, run)) for run in range(len(runs))]
    name = swatch(small)
    part = name + math.ceil(max(names)) + GRID
    badge = part + (math.ceil(max(parts)) + GRID if max(parts) else 0)
    width = badge + math.ceil(letters.body.width(f"{longest_word()} 00,000")) + GRID
    height = math.ceil(letters.title.height) if small else ROOMY
    columns = max(1, math.ceil(len(runs) * height / max(size.height(), 1)))
    room = max(1, size.width() - GAP - columns * width, round(LEAST_MAP * size.width()))
    map_size = QSize(*_filled(map_shape(scene)).fit(room, max(1, size.height())))
    left = max(0, (size.width() - map_size.width() - GAP - columns * width) // 2)
    area = QRect(QPoint(left, max(0, (size.height() - map_size.height()) // 2)), map_size)
    lines = math.ceil(len(runs) / columns)
    top = area.top() + max(0, (area.height() - lines * height) // 2)
    corner = QPoint(area.right() + 1 + GAP, min(top, max(0, size.height() - lines * height)))
    rows = []
    for run in range(len(runs)):
        at = corner + QPoint(run // lines * width, run % lines * height)
        rows.append(Row(QRect(at, QSize(width, height)), name, part, badge))
    return Layout(area, _frame(scene, area, window), tuple(rows), letters, small)


def _filled(shape: Shape) -> Shape:
    """One map may be as long as there is room for, where it has no proportions to keep."""
    low, high = shape.limits
    return shape if low == high else Shape(shape.ideal, (low, 2 * high))


def _frame(scene: Scene, area: QRect, window: Window) -> Frame | None:
    if scene.landscape is None or scene.plane is None:
        return None
    bounds: Bounds = window or scene.landscape.bounds
    return Frame(bounds, area.width(), area.height())

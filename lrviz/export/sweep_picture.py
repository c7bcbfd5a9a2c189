"""A picture of a sweep, drawn by the window's own view, without a window and without a display."""

from __future__ import annotations

import shiboken6
from PySide6.QtGui import QImage

from lrviz.core.sweep import SweepTable
from lrviz.views.sweep_view import SweepView
from lrviz.views.theme import GRID, Theme


def sweep_picture(table: SweepTable, width: int, height: int, scale: float, theme: Theme) -> QImage:
    """The sweep at its whole budget, `width` × `height` points at `scale` pixels each. Needs a QApplication."""
    view = SweepView()
    view.set_theme(theme)
    view.show_table(table)
    view.budget.sentence.resize(width, view.budget.sentence.heightForWidth(width - 4 * GRID))
    view.canvas.resize(width, height - view.budget.sentence.height() - 2 * GRID)  # what it says stands below
    try:
        return view.picture(scale)
    finally:
        shiboken6.delete(view)  # connections to itself would keep it beyond its last reference

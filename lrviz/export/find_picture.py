"""A picture of a range test, drawn by the window's own view, without a window and without a display."""

from __future__ import annotations

import shiboken6
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication

from lrviz.core.range_test import RangeTest
from lrviz.core.sweep import SweepTable
from lrviz.views.find_view import FindView
from lrviz.views.theme import Theme


def find_picture(
    test: RangeTest, table: SweepTable | None, width: int, height: int, scale: float, theme: Theme
) -> QImage:
    """The curves with every rule, and the court, `width` × `height` points at `scale` pixels each, without what is
    only there to be clicked. Needs a QApplication."""
    view = FindView()
    view.set_theme(theme)
    view.show_experiment(test.question.experiment)
    view.show_sweep(table)
    view.show_test(test)
    view.bar.hide()
    view.resize(width, height)
    QApplication.processEvents()  # what was laid out is sized, and rows are made, only now
    for control in (*view.findChildren(QAbstractButton), view.smoothing, view.smoothing_name):
        control.hide()
    try:
        return view.picture(scale)
    finally:
        shiboken6.delete(view)  # connections to itself would keep it beyond its last reference

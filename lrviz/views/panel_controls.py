"""What is edited in a panel: its learning rate, exact and by slider, and the menu behind "⋯"."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QPoint, QRect
from PySide6.QtWidgets import QToolButton, QWidget

from lrviz.views.panel_badge import badge
from lrviz.views.panel_view import View
from lrviz.views.rate_entry import PADDING, RateEntry
from lrviz.views.rate_slider import RateSlider


class PanelControls:
    """One panel's child widgets, shown and placed as a view says."""

    def __init__(self, run: int, parent: QWidget) -> None:
        name = _tr("run {number}").format(number=run + 1)
        self.entry = RateEntry(parent)
        self.entry.setAccessibleName(_tr("Learning rate of {run}").format(run=name))
        self.entry.setToolTip(_tr("Learning rate: type 0.001 or 1e-3, then Enter"))
        self.entry.resized.connect(self._place_entry)
        self.slider = RateSlider(parent)
        self.slider.setAccessibleName(_tr("Learning rate of {run}, logarithmic").format(run=name))
        self.menu = QToolButton(parent)
        self.menu.setText("⋯")
        self.menu.setAutoRaise(True)
        self.menu.setAccessibleName(_tr("More for {run}").format(run=name))
        self.menu.setToolTip(_tr("Duplicate, remove, move, copy or export this panel"))
        self._title = QRect()
        self._left = 0
        for widget in self.in_order():
            widget.show()

    def in_order(self) -> tuple[QWidget, ...]:
        """The widgets as Tab goes through them."""
        return (self.entry, self.slider, self.menu)

    def below_menu(self) -> QPoint:
        """Where the menu opens, on the screen."""
        return self.menu.mapToGlobal(QPoint(0, self.menu.height()))

    def show_run(self, view: View, run: int) -> None:
        title = view.grid.title(run)
        side = title.height() - 4
        earlier = math.ceil(view.fonts.title.width(view.earlier_text(run)))
        self._title, self._left = title, title.x() + view.swatch + earlier - PADDING
        self.menu.setGeometry(title.right() + 1 - side, title.y() + 2, side, side)
        self.slider.setGeometry(view.grid.slider(run))
        self.slider.dress(view.theme, view.theme.run_color(run))
        self.entry.dress(view.theme, view.fonts.title.font)
        said = badge(view.scene, run, view.scene.steps)
        self.entry.setAccessibleDescription(f"{said.texts[0]}. {said.reason}" if said.kind is not None else "")
        rate = view.scene.experiment.runs[run].rates[-1]  # the one that a wish turns
        self.slider.show_rate(rate)
        self.entry.show_rate(rate)
        self._place_entry()

    def discard(self) -> None:
        for widget in self.in_order():
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()

    def _place_entry(self) -> None:
        """As wide as what stands in it, and never over the menu."""
        hint = self.entry.sizeHint()
        width = max(min(hint.width(), self.menu.x() - self._left), 0)
        top = self._title.y() + (self._title.height() - hint.height()) // 2
        self.entry.setGeometry(self._left, top, width, hint.height())


def _tr(text: str) -> str:
    return QCoreApplication.translate("Panel", text)

"""What is edited in a panel: its learning rate, exact and by slider, and the menu behind "⋯"."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRect
from PySide6.QtWidgets import QToolButton, QWidget

from lrviz.core.experiment import Run
from lrviz.views.panel_layout import Grid
from lrviz.views.panel_still import SWATCH
from lrviz.views.rate_entry import RateEntry
from lrviz.views.rate_slider import RateSlider
from lrviz.views.theme import BODY, TITLE, Theme, font


class PanelControls:
    """One panel's child widgets. They know nothing of the scene: the board shows and places them."""

    def __init__(self, run: int, parent: QWidget) -> None:
        name = _tr("run {number}").format(number=run + 1)
        self.entry = RateEntry(parent)
        self.entry.setAccessibleName(_tr("Learning rate of {run}").format(run=name))
        self.entry.setToolTip(_tr("Learning rate: type 0.001 or 1e-3, then Enter"))
        self.slider = RateSlider(parent)
        self.slider.setAccessibleName(_tr("Learning rate of {run}, logarithmic").format(run=name))
        self.menu = QToolButton(parent)
        self.menu.setText("⋯")
        self.menu.setAutoRaise(True)
        self.menu.setAccessibleName(_tr("More for {run}").format(run=name))
        self.menu.setToolTip(_tr("Duplicate, remove, move, copy or export this panel"))
        for widget in self.in_order():
            widget.show()

    def in_order(self) -> tuple[QWidget, ...]:
        """The widgets as Tab goes through them."""
        return (self.entry, self.slider, self.menu)

    def show_run(self, run: Run, run_index: int, theme: Theme) -> None:
        self.entry.dress(theme)
        self.entry.show_rate(run.lr)
        self.slider.dress(theme, theme.run_color(run_index))
        self.slider.show_rate(run.lr)

    def place(self, grid: Grid, panel: int) -> None:
        title = grid.title(panel)
        self.entry.setFont(font(BODY if grid.compact else TITLE, bold=True, tabular=True))
        side = title.height() - 4
        self.menu.setGeometry(QRect(title.right() + 1 - side, title.y() + 2, side, side))
        self.slider.setGeometry(grid.slider(panel))
        self.place_entry(title)

    def place_entry(self, title: QRect) -> None:
        """As wide as what stands in it."""
        hint = self.entry.sizeHint()
        left = title.x() + SWATCH - 4
        width = min(hint.width(), self.menu.x() - left)
        self.entry.setGeometry(left, title.y() + (title.height() - hint.height()) // 2, width, hint.height())

    def discard(self) -> None:
        for widget in self.in_order():
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()


def _tr(text: str) -> str:
    return QCoreApplication.translate("Panel", text)

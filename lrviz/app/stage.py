"""The stage: one of several views of the same race. The others are made when they are first wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from lrviz.core.scene import Scene
from lrviz.core.viewstate import View
from lrviz.views.board import Board
from lrviz.views.theme import LIGHT, Theme


class StageView(Protocol):
    """What a view of the stage can do: it draws one step of one scene, and keeps no history."""

    def show_scene(self, scene: Scene, /) -> None: ...

    def show_step(self, step: int, /) -> None: ...

    def set_theme(self, theme: Theme, /) -> None: ...

    def picture(self, scale: float, /) -> QImage: ...


class Stage(QStackedWidget):
    """Shows one view and keeps it up to date; a view that comes to the front is told what it has missed."""

    made = Signal(str, object)  # a view's name and the view, when it was made

    def __init__(self, makers: Mapping[View, Callable[[], QWidget]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._makers = makers
        self._views: dict[View, StageView] = {}
        self._shown: View | None = None
        self._scene: Scene | None = None
        self._step = 0
        self._theme: Theme = LIGHT

    @property
    def view(self) -> StageView:
        """The view that is shown."""
        return cast(StageView, self.currentWidget())

    def known(self, name: View) -> StageView | None:
        """A view, where it was made already."""
        return self._views.get(name)

    @property
    def name(self) -> View | None:
        """Which view is shown."""
        return self._shown

    def ready(self, name: View) -> StageView:
        """A view, made where it is wanted for the first time, behind the one that is shown."""
        if name not in self._views:
            widget = self._makers[name]()
            self._views[name] = cast(StageView, widget)
            self.addWidget(widget)
            self.made.emit(name, widget)
            self._bring_up_to_date(self._views[name])
        return self._views[name]

    def show_view(self, name: View) -> None:
        """Bring a view to the front, making it where it is wanted for the first time."""
        if name == self._shown:
            return
        self._shown = name
        missed = name in self._views
        view = self.ready(name)
        widget = cast(QWidget, view)
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self.setCurrentWidget(widget)
        if had_focus:  # it would go to whatever comes next, and a button there would lie in wait for the space bar
            widget.setFocus()
        if missed:
            self._bring_up_to_date(view)

    def _bring_up_to_date(self, view: StageView) -> None:
        view.set_theme(self._theme)
        if self._scene is not None:
            view.show_scene(self._scene)
            view.show_step(self._step)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.view.set_theme(theme)

    def show_scene(self, scene: Scene) -> None:
        self._scene = scene
        self.view.show_scene(scene)

    def show_step(self, step: int, figures: slice | None = None) -> None:
        """`figures`: the runs whose figures a board writes anew just now, while a race plays; None is all."""
        self._step = step
        view = self.view
        if isinstance(view, Board):
            view.show_step(step, figures)
        else:
            view.show_step(step)

    def ink_ahead(self, step: int) -> None:
        """Have a board stroke its trails up to `step`, whose heads come next."""
        if isinstance(self.view, Board):
            self.view.ink_ahead(step)

    def take_in(self) -> None:
        """Have a board take in what was published, between two frames."""
        if isinstance(self.view, Board):
            self.view.take_in()

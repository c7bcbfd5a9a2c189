"""Pictures of what is on screen: the race, the grid, one panel or the window, to a file or to the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QFileDialog, QWidget

from lrviz.app.documents import Documents
from lrviz.app.frame import Frame
from lrviz.app.picture_dialog import PictureDialog, Subject
from lrviz.core.scene import Scene
from lrviz.export.picture import picture, png_from_image
from lrviz.views.numbers import number
from lrviz.views.theme import Theme

CLIPBOARD_SCALE = 2


class Pictures(QObject):
    """Draws the window's parts afresh at any scale. `shown` tells what is on screen, once something is."""

    copied = Signal(int, int)  # pixels: width, height

    def __init__(
        self, window: QWidget, frame: Frame, documents: Documents, shown: Callable[[], tuple[Scene, int, Theme] | None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._frame = frame
        self._documents = documents
        self._shown = shown

    def ask(self, subject: str = "race") -> None:
        """Ask which subject is exported and how large; then export it."""
        if self._shown() is not None:
            dialog = PictureDialog(self.subjects(), subject, self._window)
            dialog.chosen.connect(self.export)
            dialog.open()

    def export(self, subject: str, scale: int) -> None:
        """Ask for a file and draw one of the subjects into it, with the experiment in its text."""
        image = self.subjects()[subject].draw(scale)
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Export picture"), "race.png", self.tr("Pictures (*.png)")
        )
        if name:
            self._documents.write(Path(name).with_suffix(".png"), png_from_image(image, self._now()[0].experiment))

    def copy(self, subject: str = "race") -> None:
        """Put one of the subjects on the clipboard."""
        if self._shown() is not None:
            image = self.subjects()[subject].draw(CLIPBOARD_SCALE)
            QGuiApplication.clipboard().setImage(image)
            self.copied.emit(image.width(), image.height())

    def subjects(self) -> dict[str, Subject]:
        """What a picture can be made of just now, by key."""
        scene, step, theme = self._now()
        board, views, size = self._frame.board, self._frame.views, self._frame.stage.size()
        found = {
            "race": Subject(
                self.tr("The race, with its title"),
                size,
                lambda scale: picture(scene, step, size.width(), size.height(), scale, theme),
            ),
            "view": Subject(self.tr("The view that is shown"), views.size(), views.view.picture),
            "window": Subject(self.tr("The window"), self._window.size(), self._window_picture),
        }
        for run, lr in enumerate(scene.experiment.lrs if views.view is board else ()):
            title = self.tr("Panel {place}, at {rate}").format(place=run + 1, rate=number(lr))
            found[panel_key(run)] = Subject(title, board.panel_size(), partial(board.panel_picture, run))
        return found

    def _now(self) -> tuple[Scene, int, Theme]:
        shown = self._shown()
        assert shown is not None
        return shown

    def _window_picture(self, scale: float) -> QImage:
        image = QImage(self._window.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(self._window.palette().window().color())
        with QPainter(image) as painter:
            self._window.render(painter, QPoint())
        return image


def panel_key(run: int) -> str:
    """The key among `Pictures.subjects` of one run's panel."""
    return f"panel {run}"

"""Boards for tests, and what can be asked of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from lrviz.core.scene import Scene
from lrviz.views.board import Board
from lrviz.views.board_controls import BoardControls
from lrviz.views.theme import LIGHT, Theme

SIZE = (1020, 420)
SIGNALS = (
    "start_moved",
    "lr_changed",
    "run_added",
    "run_duplicated",
    "run_removed",
    "run_moved",
    "panel_copy_requested",
    "panel_export_requested",
)


class Wishes(list[tuple[Any, ...]]):
    """All that a board asks for, in order: the signal's name and what came with it."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        for name in SIGNALS:
            getattr(board, name).connect(lambda *given, name=name: self.append((name, *given)))


def board_of(
    qtbot: QtBot, scene: Scene | None, *, size: tuple[int, int] = SIZE, interactive: bool = True, theme: Theme = LIGHT
) -> Board:
    board = Board(interactive)
    qtbot.addWidget(board)
    board.set_theme(theme)
    board.resize(*size)
    if scene is not None:
        board.show_scene(scene)
    board.show()
    QApplication.processEvents()
    return board


def pixels(board: QWidget | QImage) -> NDArray[np.int64]:
    image = board if isinstance(board, QImage) else board.grab().toImage()
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    shape = (image.height(), image.width(), 4)
    return np.frombuffer(image.constBits(), np.uint8).reshape(shape)[..., :3].astype(np.int64)


def assert_alike(a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
    """Equal but for antialiased seams: hardly any pixel differs by much, and all together by next to nothing."""
    difference = np.abs(a - b).max(axis=2)
    assert difference.mean() < 0.1
    assert (difference > 96).mean() < 0.0005


def map_centre(board: Board, run: int) -> QPoint:
    assert board._view is not None
    return board._view.map(run).center()


def controls_of(board: Board) -> BoardControls:
    assert board._controls is not None
    return board._controls


def title_middle(board: Board, run: int) -> QPoint:
    """A place in the title line that no field or button covers."""
    assert board._view is not None
    rect, _ = board._view.badge_places[run]
    return rect.center().toPoint()

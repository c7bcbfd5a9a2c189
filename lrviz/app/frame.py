"""How the window is laid out: one bar, controls beside the stage, and a line at the foot."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from lrviz.app.actions import Actions
from lrviz.views.board import Board
from lrviz.views.chart import Chart
from lrviz.views.controls import Controls
from lrviz.views.notice import Notice
from lrviz.views.quantities import ACCURACY, LOSS
from lrviz.views.statusline import StatusLine
from lrviz.views.topbar import TopBar
from lrviz.views.transport import Transport

ROOM_FOR_TWO_CHARTS = 900  # points of stage width


class Frame(QWidget):
    """Makes every part of the window and gives it its place. It connects nothing."""

    def __init__(self, commands: Actions) -> None:
        super().__init__()
        self.topbar = TopBar([commands.theme, commands.copy, commands.export], commands.run)
        self.notice = Notice()
        self.controls = Controls()
        self.board = Board()
        self.loss = Chart(LOSS)
        self.accuracy = Chart(ACCURACY)
        self.transport = Transport()
        self.statusline = StatusLine()
        self.stage = self._stage()
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.controls)
        body.addWidget(self.stage, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.topbar)
        column.addWidget(self.notice)
        column.addLayout(body, 1)
        column.addWidget(self.statusline)

    @property
    def steps_shown(self) -> tuple[Board, Chart, Chart]:
        """The views that draw one step of a scene."""
        return (self.board, self.loss, self.accuracy)

    def has_room_for_two_charts(self) -> bool:
        return self.stage.width() >= ROOM_FOR_TWO_CHARTS

    def _stage(self) -> QWidget:
        charts = QWidget()
        row = QHBoxLayout(charts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.loss, 3)
        row.addWidget(self.accuracy, 2)
        pictures = QSplitter(Qt.Orientation.Vertical)
        pictures.setChildrenCollapsible(False)
        pictures.addWidget(self.board)
        pictures.addWidget(charts)
        pictures.setStretchFactor(0, 3)
        pictures.setStretchFactor(1, 1)
        pictures.setSizes([300, 100])
        stage = QWidget()
        stage.setObjectName("stage")
        stage.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(stage)
        column.setContentsMargins(12, 12, 12, 8)
        column.setSpacing(8)
        column.addWidget(pictures, 1)
        column.addWidget(self.transport)
        return stage

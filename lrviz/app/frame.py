"""How the window is laid out: one bar, controls beside the stage, and a line at the foot."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from lrviz.app.actions import Actions
from lrviz.app.stage import Stage
from lrviz.core.viewstate import OF_OTHER_RUNS, OF_WHOLE_RUNS
from lrviz.views.board import Board
from lrviz.views.chart import Chart
from lrviz.views.claims_view import ClaimsView
from lrviz.views.controls import Controls
from lrviz.views.fate_map import FateView
from lrviz.views.find_view import FindView
from lrviz.views.guard import guarded
from lrviz.views.insight_view import InsightView
from lrviz.views.lens_view import LensView
from lrviz.views.model_quantities import ACCURACY
from lrviz.views.notice import Notice
from lrviz.views.overlay import Overlay
from lrviz.views.quantities import LOSS
from lrviz.views.relief_gl import relief_widget
from lrviz.views.schedule_plot import SchedulePlot
from lrviz.views.slow_motion import SlowMotion
from lrviz.views.statusline import StatusLine
from lrviz.views.sweep_view import SweepView
from lrviz.views.topbar import TopBar
from lrviz.views.transport import Transport
from lrviz.views.view_bar import ViewBar

ROOM_FOR_TWO_CHARTS = 900  # points of stage width
CHART_SHARE, CHART_SHARE_AT_MOST = 0.29, 0.5  # of the stage's height; panels that need less leave charts the rest


class Turn(NamedTuple):
    """What a frame of a moving race draws besides the heads: no frame is to cost more than the others."""

    inks: tuple[int, ...] = ()  # charts that stroke their lines, to be shown when their heads are
    charts: tuple[int, ...] = ()
    figures: slice = slice(0)  # of which runs
    takes_in: bool = False  # whether the board takes in what was published; the next frame shows it


PARTS = 8  # of the runs' figures, each in a turn of its own

TURNS = (
    Turn(inks=(0,), figures=slice(0, None, PARTS)),
    Turn(charts=(0,)),
    Turn(figures=slice(1, None, PARTS)),
    Turn(inks=(0,), figures=slice(2, None, PARTS)),
    Turn(figures=slice(3, None, PARTS)),
    Turn(inks=(1,)),
    Turn(charts=(1,), figures=slice(4, None, PARTS)),
    Turn(inks=(0,), figures=slice(5, None, PARTS)),
    Turn(charts=(0,)),
    Turn(figures=slice(6, None, PARTS)),
    Turn(inks=(0,)),
    Turn(figures=slice(7, None, PARTS)),
    Turn(takes_in=True),
)


class Frame(QWidget):
    """Makes every part of the window and gives it its place. It connects nothing."""

    def __init__(self, commands: Actions) -> None:
        super().__init__()
        self.topbar = TopBar([commands.theme, commands.copy, commands.export], commands.run)
        self.notice = Notice()
        self.controls = Controls()
        self.board = Board()
        self.views = Stage(
            {
                "panels": lambda: self.board,
                "overlay": Overlay,
                "relief": relief_widget,
                "fate": FateView,
                "insight": InsightView,
                "lens": LensView,
                "sweep": SweepView,
                "find": FindView,
                "check": ClaimsView,
            }
        )
        self.views.show_view("panels")
        self.view_bar = ViewBar(
            commands.views.actions(),
            (commands.arrows, commands.gauge, commands.slow_motion, commands.linked, commands.whole),
            (commands.plane_menu,),
        )
        self.slow_motion = SlowMotion()
        self.charts = (Chart(LOSS), Chart(ACCURACY))
        self.transport = Transport()
        self.statusline = StatusLine()
        self._step = 0
        for chart in self.charts:
            chart.came_up.connect(partial(self._bring_up_to_date, chart))
        self._set_by_hand = False
        self._turn = 0
        self._portions: deque[Callable[[], None]] = deque()  # of the frame that is on its way
        self._next_portion = QTimer(self, singleShot=True, interval=0)
        self._next_portion.timeout.connect(self._show_portion)
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
    def steps_shown(self) -> tuple[Stage, Chart, Chart, SlowMotion, SchedulePlot]:
        """The views that draw one step of a scene."""
        return (self.views, *self.charts, self.slow_motion, self.controls.schedule_plot)

    def show_step(self, step: int, published: int, steps: int, moving: bool) -> None:
        """Draw a step. While the race moves, heads move at every frame, and what costs more comes to its turn.

        Then strokes, heads and the rest are drawn one after the other, so that whatever else is due gets in between.
        """
        self._step = step
        while self._portions:
            self._show_portion()
        turn = self._next_turn() if moving else None
        figures = None if turn is None else turn.figures
        if turn is not None:
            self.views.ink_ahead(step)
        self._portions += (
            partial(self.views.show_step, step, figures),
            partial(self._show_beside, turn, step, published, steps),
        )
        if turn is not None:
            self._next_portion.start()
        while turn is None and self._portions:
            self._show_portion()

    def _show_portion(self) -> None:
        if self._portions:
            self._portions.popleft()()
        if self._portions:
            self._next_portion.start()

    def _show_beside(self, turn: Turn | None, step: int, published: int, steps: int) -> None:
        for place, chart in enumerate(self.charts):
            if chart.isVisible() and (turn is None or place in turn.charts):
                chart.show_step(step)
            elif chart.isVisible() and turn is not None and place in turn.inks:
                chart.ink_ahead(step)
        if turn is None or turn.takes_in:
            self.slow_motion.show_step(step)
            self.controls.schedule_plot.show_step(step)
            self.transport.show_position(step, published, steps)
        if turn is not None and turn.takes_in:
            self.views.take_in()

    def _bring_up_to_date(self, chart: Chart) -> None:
        chart.show_step(self._step)

    def _next_turn(self) -> Turn:
        self._turn = (self._turn + 1) % len(TURNS)
        return TURNS[self._turn]

    def has_room_for_two_charts(self) -> bool:
        return self.stage.width() >= ROOM_FOR_TWO_CHARTS

    def share_out(self) -> None:
        """Give the panels the height that they can use, and the charts the rest, unless a person has set the border."""
        self._charts.setVisible(self.views.name not in OF_WHOLE_RUNS)
        self.transport.setVisible(self.views.name not in OF_OTHER_RUNS)
        if self._set_by_hand:
            return
        height = self._pictures.height() - self._pictures.handleWidth()
        most = QSize(self.board.width(), height - round(CHART_SHARE * height))
        least = height - round(CHART_SHARE_AT_MOST * height)
        panels = most.height()
        if self.views.view is self.board and self.slow_motion.isHidden():  # which takes all the height that it is given
            panels = max(least, self.board.wanted_height(most))
        self._pictures.setSizes([panels, height - panels])

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.share_out()

    def _border_moved(self) -> None:
        self._set_by_hand = True

    def _stage(self) -> QWidget:
        self._charts = QWidget()
        row = QHBoxLayout(self._charts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for chart, share in zip(self.charts, (3, 2), strict=True):
            row.addWidget(chart, share)
        self._pictures = QSplitter(Qt.Orientation.Vertical)
        self._pictures.setChildrenCollapsible(False)
        upper = QWidget()
        beside = QHBoxLayout(upper)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(8)
        beside.addWidget(self.views, 1)
        beside.addWidget(self.slow_motion)
        self._pictures.addWidget(upper)
        self._pictures.addWidget(self._charts)
        self._pictures.splitterMoved.connect(self._border_moved)
        stage = QWidget()
        stage.setObjectName("stage")
        stage.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(stage)
        column.setContentsMargins(12, 6, 12, 8)
        column.setSpacing(8)
        column.addWidget(self.view_bar)
        column.addWidget(self._pictures, 1)
        column.addWidget(self.transport)
        return stage

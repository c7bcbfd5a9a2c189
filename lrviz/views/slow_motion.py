"""A step told in slow motion: the update of one run as named stages, with their formulas and numbers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QIcon, QPainter, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from lrviz.core import catalog
from lrviz.core.experiment import OnModel
from lrviz.core.scene import Scene
from lrviz.core.update import Stage
from lrviz.core.updates import stages_at
from lrviz.views import numbers
from lrviz.views.guard import guarded
from lrviz.views.markers import RADIUS, paint_marker
from lrviz.views.slow_motion_stage import StageText
from lrviz.views.theme import BODY, GRID, LIGHT, SMALL, Theme, font, palette

WIDTH = 40 * GRID  # px: it stands at the right of the board
MANY = 1000  # stages: more than any update has, for its last one
MIDDLE = QPointF(GRID, GRID)  # of a run's sign in the picker


class SlowMotion(QWidget):
    """Beside the board. It follows the step on screen, and keeps nothing but the run and the stage it tells."""

    seek_requested = Signal(int)
    stage_changed = Signal(int, object)  # the run and the stage that is told; None for none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("The step in slow motion"))
        self.setFixedWidth(WIDTH)
        self._theme = LIGHT
        self._scene: Scene | None = None
        self._step = 0
        self._run = 0
        self._stage = 0  # as far as the person has come; an update of fewer stages shows its last
        self._stages: tuple[Stage, ...] = ()
        self._arrival: tuple[int, int] | None = None  # the step that was asked for, and the stage to begin it with
        self._told: tuple[int, int | None] = (0, None)  # as the last signal said
        self._runs = QComboBox()
        self._runs.setAccessibleName(self.tr("Run told in slow motion"))
        self._runs.currentIndexChanged.connect(self.show_run)
        self._text = StageText()
        self._word = self._empty_state()
        self._place = QLabel()
        self._place.setFont(font(SMALL, tabular=True))
        self._place.setObjectName("caption")
        self._back = self._button(self.tr("Back"), self.tr("The stage before"), self.back)
        self._next = self._button(self.tr("Next"), self.tr("The next stage, then the next step"), self.next)
        self._lay_out()
        self._refresh()

    # What the window calls

    def show_scene(self, scene: Scene) -> None:
        """Tell of another scene, or of the same race with more known of it."""
        self._scene = scene
        self._run = min(self._run, len(scene.traces) - 1)
        self._step = min(self._step, scene.steps)
        self._fill_picker()
        self._refresh()

    def show_step(self, step: int) -> None:
        """Tell the update that follows `step`. While a race plays, a few times a second are enough."""
        if self._arrival is not None:
            asked, stage = self._arrival
            self._stage = stage if step == asked else self._stage
            self._arrival = None
        self._step = step
        self._refresh()

    def show_run(self, run: int) -> None:
        """Tell of this run."""
        if self._scene is not None and 0 <= run < len(self._scene.traces):
            self._run = run
            with QSignalBlocker(self._runs):
                self._runs.setCurrentIndex(run)
            self._refresh()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setPalette(palette(theme))
        self._fill_picker()

    # What a person does

    def next(self) -> None:
        """On to the next stage; after the last one, to the first of the next step."""
        if self._shown_stage() + 1 < len(self._stages):
            self._stage = self._shown_stage() + 1
            self._refresh()
        elif self._step < self._last_step():
            self._seek(self._step + 1, 0)

    def back(self) -> None:
        """Back to the stage before; before the first one, to the last of the step before."""
        if self._stages and self._shown_stage() > 0:
            self._stage = self._shown_stage() - 1
            self._refresh()
        elif self._step > 0:
            self._seek(min(self._step, self._last_step()) - 1, MANY)

    # How it is kept

    def _seek(self, step: int, stage: int) -> None:
        self._arrival = (step, stage)
        self.seek_requested.emit(step)

    def _shown_stage(self) -> int:
        return max(0, min(self._stage, len(self._stages) - 1))

    def _last_step(self) -> int:
        """The last step of the run told, as far as it is known."""
        return 0 if self._scene is None else max(0, len(self._scene.traces[self._run]) - 1)

    def _refresh(self) -> None:
        """Show the run, step and stage; nothing while nobody looks."""
        if not self.isVisible():
            return
        self._stages = () if self._scene is None else stages_at(self._scene, self._run, self._step)
        stage = self._shown_stage() if self._stages else None
        if stage is None:
            self._word.setText(self._why_nothing())
            self._place.setText("")
        else:
            self._text.show_stage(tuple(one.name for one in self._stages), stage, self._stages[stage])
            place = self.tr("step {step}, stage {stage} of {count}")
            self._place.setText(place.format(step=numbers.count(self._step), stage=stage + 1, count=len(self._stages)))
        self._pages.setCurrentIndex(0 if stage is not None else 1)
        self._back.setEnabled(bool(stage) or self._step > 0)
        self._next.setEnabled(stage is not None)
        self._tell(stage)

    def _tell(self, stage: int | None) -> None:
        if (self._run, stage) != self._told:
            self._told = (self._run, stage)
            self.stage_changed.emit(self._run, stage)

    def _why_nothing(self) -> str:
        """What goes here, or why there is no step to tell."""
        scene = self._scene
        if scene is None:
            return self.tr("Here each step is told, stage by stage")
        if isinstance(scene.experiment.problem, OnModel):
            return self.tr("Only surfaces tell their steps: a model has too many numbers")
        trace = scene.traces[self._run]
        if trace.overflow_step is not None and self._step >= trace.overflow_step:
            return self.tr("This run ended at step {step}").format(step=numbers.count(trace.overflow_step))
        if self._step >= scene.steps:
            return self.tr("No step follows the last")
        if self._step + 1 >= len(trace):
            return self.tr("This step is yet to come")
        return self.tr("What this step is made of was not kept")

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tell(None)

    # The parts

    def _fill_picker(self) -> None:
        if self._scene is None:
            return
        with QSignalBlocker(self._runs):
            self._runs.clear()
            for run, rate in enumerate(self._scene.experiment.runs):
                own = "" if rate.optimizer is None else f" {catalog.optimizers.find(rate.optimizer.name).title}"
                self._runs.addItem(self._icon(run), numbers.exact(rate.lr) + own)
            self._runs.setCurrentIndex(self._run)

    def _icon(self, run: int) -> QIcon:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(2 * GRID, 2 * GRID) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            paint_marker(painter, self._theme, run, MIDDLE, RADIUS)
        return QIcon(pixmap)

    def _empty_state(self) -> QLabel:
        label = QLabel()
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setObjectName("caption")
        label.setFont(font(BODY))
        return label

    def _button(self, text: str, tip: str, wish: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.setFixedHeight(4 * GRID)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the space bar to play and pause
        button.clicked.connect(wish)
        return button

    def _lay_out(self) -> None:
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        scroll = QScrollArea(widgetResizable=True)  # for windows too low for an update of many numbers
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._text)
        self._pages.addWidget(scroll)
        self._pages.addWidget(self._word)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self._back, 1)
        buttons.addWidget(self._next, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self._runs)
        column.addWidget(self._place)
        column.addWidget(pages, 1)
        column.addLayout(buttons)

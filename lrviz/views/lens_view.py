"""The overfitting lens in the stage: chart, table, and the sentence that the figures support."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from lrviz.core.lens import Lens, has_lens, lens_at
from lrviz.core.scene import Scene
from lrviz.views.guard import guarded
from lrviz.views.lens_chart import LensChart
from lrviz.views.lens_table import LensTable
from lrviz.views.lens_words import error_text, run_names, verdict_text
from lrviz.views.theme import GRID, LIGHT, SMALL, Theme, font, palette

ROOMY = 150 * GRID, 80 * GRID  # px of width and height from which on the table has large letters
BESIDE = 96 * GRID  # px of width from which on the table stands beside the chart, else below it


class LensView(QWidget):
    """Compares the runs of a model's race at equal epochs and at equal training loss, up to the step on screen."""

    level_changed = Signal(float)  # a person compares at another training loss and has it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Overfitting lens"))
        self.setMinimumSize(40 * GRID, 24 * GRID)
        self.chart, self.table = LensChart(), LensTable()
        self.sentence, self.error, self.empty = QLabel(), QLabel(), QLabel()
        self._theme: Theme = LIGHT
        self._scene: Scene | None = None
        self._step = 0
        self._level: float | None = None  # as a person has set it; None: the one that suits the runs
        self._lens: Lens | None = None
        self._whole: tuple[list[int], Lens] | None = None  # all that was published: how much of each run, and seen so
        self._shown: object = None  # what the lens depends on, to tell whether it is another by now
        self._lay_out()
        self.chart.level_wanted.connect(self._compare_at)
        self.set_theme(self._theme)
        self._show_lens()

    def _lay_out(self) -> None:
        for label in (self.sentence, self.error, self.empty):
            label.setWordWrap(True)
        self.error.setObjectName("caption")
        self.error.setFont(font(SMALL, tabular=True))
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(4 * GRID)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(2 * GRID)
        figures = QVBoxLayout()
        figures.addWidget(self.table)
        figures.addWidget(self.error)
        figures.addSpacing(GRID)
        figures.addWidget(self.sentence)
        figures.addStretch(1)
        self._beside.addWidget(self.chart, 1)
        self._beside.addLayout(figures)
        self._beside.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        lens = QWidget()
        lens.setLayout(self._beside)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(lens)

    # What the window calls

    @property
    def lens(self) -> Lens | None:
        """What is shown; None while there is nothing to compare."""
        return self._lens

    def show_scene(self, scene: Scene) -> None:
        """Another scene; a level that was set is kept only while it is the same race."""
        if self._scene is None or self._scene.traces is not scene.traces:
            self._level = None
        self._scene, self._whole = scene, None
        self._step = min(self._step, scene.steps)
        self._shown = None
        self._show_lens()

    def show_step(self, step: int) -> None:
        self._step = step
        self._show_lens()

    def set_level(self, level: float | None) -> None:
        """Compare at a training loss; None is the lowest that all runs which learned have reached."""
        self._level = level
        self._show_lens()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setPalette(palette(theme))
        self.setAutoFillBackground(True)
        self.chart.set_theme(theme)
        self.table.set_theme(theme)

    def picture(self, scale: float) -> QImage:
        """The lens at `scale` pixels a point."""
        image = QImage(self.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        self.render(image, QPoint())
        return image

    # What is shown

    def _compare_at(self, level: float | None) -> None:
        self.set_level(level)
        if self._lens is not None and self._lens.level is not None:
            self.level_changed.emit(self._lens.level)

    def _show_lens(self) -> None:
        scene = self._scene
        if scene is None or not has_lens(scene) or not len(scene.traces[0].metric_step):
            self._lens = None
            self.empty.setText(self._missing(scene))
            self._pages.setCurrentIndex(0)
            return
        depends = self._dependence(scene)
        if depends == self._shown:
            return
        self._shown = depends
        lens = self._lens = lens_at(scene, self._step, self._level)
        self.chart.show_lens(lens, self._whole_of(scene), run_names(scene))
        self.table.show_lens(scene, lens, self._step)
        self.sentence.setText(verdict_text(scene, lens))
        self.error.setText(error_text(lens))
        self._pages.setCurrentIndex(1)

    def _dependence(self, scene: Scene) -> object:
        """What the picture depends on: frames between two measurements are alike."""
        counts = [int(trace.metric_step.searchsorted(self._step, side="right")) for trace in scene.traces]
        over = [trace.overflow_step is not None and trace.overflow_step <= self._step for trace in scene.traces]
        return counts, _published(scene), over, self._level, self._step >= scene.steps

    def _whole_of(self, scene: Scene) -> Lens:
        """All that was published of the race so far."""
        published = _published(scene)
        if self._whole is None or self._whole[0] != published:
            self._whole = published, lens_at(scene, scene.steps)
        return self._whole[1]

    def _missing(self, scene: Scene | None) -> str:
        if scene is not None and not has_lens(scene):
            return self.tr(
                "The overfitting lens is for models: it compares their test figures at equal epochs and at equal "
                "training loss. Choose a model and its data under “Minimise”."
            )
        return self.tr(
            "Here runs will be compared at equal epochs and at equal training loss, "
            "once the first test figures have been measured."
        )

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= BESIDE
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._beside.setDirection(way)
        self.table.set_large(self.width() >= ROOMY[0] and self.height() >= ROOMY[1])


def _published(scene: Scene) -> list[int]:
    """How many measurements there are of each run."""
    return [len(trace.metric_step) for trace in scene.traces]

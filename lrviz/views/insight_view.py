"""What the models do, in the stage: which kind of picture above, a panel a run below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from lrviz.core.experiment import OnModel
from lrviz.core.insight import INSIGHT_KINDS, Insight, InsightKind
from lrviz.core.scene import Scene
from lrviz.views.guard import guarded
from lrviz.views.insight_canvas import InsightCanvas
from lrviz.views.insight_words import kind_word, reading_hint
from lrviz.views.quiet_picker import QuietPicker
from lrviz.views.theme import BODY, GRID, LIGHT, SMALL, Theme, font, palette

Asked = tuple[InsightKind, int, int]  # the kind, the last snapshot on screen, and how many runs are over by then


class InsightView(QWidget):
    """Asks for an insight whenever another one is due, one at a time, and draws the answer that it is given."""

    insight_wanted = Signal(str, int)  # kind, step: of the scene shown

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("What the models do"))
        self.kind = QuietPicker(self.tr("What is shown of the models"), font(BODY))
        self.hint = QLabel()
        self.hint.setFont(font(SMALL))
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.canvas = InsightCanvas()
        self._bar = QWidget()
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(2 * GRID)
        row.addWidget(self.kind)
        row.addWidget(self.hint, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self.canvas, 1)
        self.kind.picked.connect(self._pick)
        self._scene: Scene | None = None
        self._step = 0
        self._chosen: InsightKind = "boundary"  # whoever answers takes the nearest that there is
        self._said = ""
        self._out: Asked | None = None  # what is asked just now
        self._had: Asked | None = None  # what was answered last
        self._show(None)
        self.set_theme(LIGHT)

    # What the window calls

    def show_scene(self, scene: Scene) -> None:
        """Draw another scene, or the same race with more known of it."""
        if self._scene is None or scene.traces is not self._scene.traces:
            self._out = self._had = None
            self._scene = scene
            self._show(None)
        self._scene = scene
        self._step = min(self._step, scene.steps)
        self._ask()

    def show_step(self, step: int) -> None:
        """Ask for the scene at `step`; what is on screen stays until the answer is there."""
        self._step = step
        self._ask()

    def set_theme(self, theme: Theme) -> None:
        colors = palette(theme)
        colors.setColor(colors.ColorRole.Base, theme.window)  # the picker stands on the window, not on a field
        self._bar.setPalette(colors)
        self.setPalette(palette(theme))
        self.setAutoFillBackground(True)
        self.hint.setStyleSheet(f"color: {theme.quiet}")
        self.canvas.set_theme(theme)

    def picture(self, scale: float) -> QImage:
        """The panels at `scale` pixels a point, without the controls."""
        return self.canvas.picture(scale)

    def show_insight(self, insight: Insight | None) -> None:
        """The answer to what was asked; None where there is none. One to another race is passed over."""
        if insight is not None and (self._scene is None or insight.traces is not self._scene.traces):
            return
        self._had, self._out = self._out or self._had, None
        self._show(insight)
        self._ask()

    # Asking

    def _pick(self, key: str) -> None:
        self._chosen = next(kind for kind in INSIGHT_KINDS if kind == key)
        self._ask()

    def _ask(self) -> None:
        """Ask for what is on screen, unless it is there already, or an answer is still to come."""
        due = self._due()
        if due is not None and self._out is None and due != self._had:
            self._out = due
            self.insight_wanted.emit(self._chosen, self._step)

    def _due(self) -> Asked | None:
        """What the picture depends on; None where there is nothing to ask about."""
        scene = self._scene
        if scene is None or not isinstance(scene.experiment.problem, OnModel):
            return None
        last = -1
        over = 0
        for trace in scene.traces:
            steps = trace.snapshot_step
            place = int(steps.searchsorted(self._step, side="right")) - 1
            last = max(last, int(steps[place]) if place >= 0 else -1)
            over += trace.overflow_step is not None and trace.overflow_step <= self._step
        return None if last < 0 else (self._chosen, last, over)

    # Showing

    def _show(self, insight: Insight | None) -> None:
        self._bar.setVisible(insight is not None)
        if insight is not None:
            self.kind.offer([(kind, kind_word(kind)) for kind in insight.kinds])
            self.kind.show_key(self._chosen if self._chosen in insight.kinds else insight.kind)
            self.kind.updateGeometry()
        self._said = "" if insight is None else reading_hint(insight)
        self._fit_hint()
        self.canvas.show_insight(self._scene, insight)

    def _fit_hint(self) -> None:
        metrics = self.hint.fontMetrics()
        self.hint.setText(metrics.elidedText(self._said, Qt.TextElideMode.ElideRight, max(self.hint.width(), 0)))

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_hint()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees need not be computed; it is asked anew when the view comes back."""
        super().hideEvent(event)
        self._out = self._had = None

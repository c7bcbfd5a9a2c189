"""The line at the foot of the window: what all runs share, and how far the training is."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from lrviz.core.experiment import OnModel
from lrviz.core.runs import only_rates_differ
from lrviz.core.scene import Scene
from lrviz.views.numbers import count
from lrviz.views.theme import SMALL, font


class StatusLine(QWidget):
    """Left: same start, same batches, and the fingerprint that proves it. Right: the training's progress."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shared = QLabel()
        self._shared.setToolTip(
            self.tr(
                "A hash of the start, the batches and all settings. Only the learning rate differs between the runs."
            )
        )
        self._progress = QLabel()
        self._bar = QProgressBar()
        self._bar.setAccessibleName(self.tr("Training progress"))
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(120, 6)
        for label in (self._shared, self._progress):
            label.setFont(font(SMALL, tabular=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 2, 16, 4)
        row.setSpacing(8)
        row.addWidget(self._shared)
        row.addStretch(1)
        row.addWidget(self._progress)
        row.addWidget(self._bar)
        self.show_activity(self.tr("getting ready…"))

    def show_scene(self, scene: Scene) -> None:
        """Say what the runs of `scene` have in common."""
        model = isinstance(scene.experiment.problem, OnModel)
        same = self.tr("same start, same batches") if model else self.tr("same start")
        size = self.tr("{count} parameters").format(count=count(scene.parameters))
        if only_rates_differ(scene.experiment):
            same = self.tr("{same}, only the rates differ").format(same=same)
        parts = [same, scene.fingerprint, *([size] if model else []), *([scene.note] if scene.note else [])]
        self._shared.setText(" · ".join(parts))

    def show_progress(self, rows: int, steps: int, seconds: float) -> None:
        """Training goes on: `rows` of `steps` + 1 after `seconds`."""
        share = min(rows / (steps + 1), 1.0)
        percent = int(100 * share)
        if percent == self._bar.value() and self._bar.isVisible():
            return  # told already; a progress bar repaints at once, so it isn't asked at every frame
        text = self.tr("training {percent} %").format(percent=percent)
        if seconds > 1 and share > 0.02:
            left = self.tr("{seconds} s left").format(seconds=count(round(seconds * (1 - share) / share)))
            text = f"{text}, {left}"
        self._progress.setText(text)
        self._bar.setValue(percent)
        self._bar.setVisible(True)

    def show_activity(self, text: str) -> None:
        """Something goes on that has no measure; "" for nothing."""
        self._progress.setText(text)
        self._bar.setVisible(False)

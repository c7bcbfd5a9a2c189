"""One setting of a claim's experiment: what was measured, its effect with the interval, and ways to open it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from lrviz.core.claim import Evidence
from lrviz.views.axis import Scale
from lrviz.views.claims_interval import WIDTH, IntervalBar
from lrviz.views.claims_words import SIGNS, agreement, agreement_word, effect_text, figures_text, verdict_color
from lrviz.views.theme import GRID, SMALL, TITLE, Theme, font, palette

SIGN = 3 * GRID  # px


class EvidenceRow(QWidget):
    """Sign, words, and the interval beside them."""

    comparison_opened = Signal(object)  # the Evidence
    sweep_opened = Signal(object)

    def __init__(self, evidence: Evidence, scale: Scale, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.evidence = evidence
        self.setAccessibleName(evidence.setting)
        self.setAccessibleDescription(f"{agreement_word(evidence)}. {evidence.sentence} {self._said()}")
        self.sign = QLabel(SIGNS[agreement(evidence)])
        self.sign.setFont(font(TITLE, bold=True))
        self.sign.setFixedWidth(SIGN)
        self.sign.setToolTip(agreement_word(evidence))
        self.setting = wrapped(evidence.setting, bold=True)
        self.sentence = wrapped(evidence.sentence)
        self.figures = wrapped(figures_text(evidence), scale=SMALL, quiet=True)
        self.interval = IntervalBar(evidence, scale)
        self.effect = wrapped(effect_text(evidence), scale=SMALL)
        self.effect.setFixedWidth(WIDTH)
        self.effect.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.open_comparison = _button(self.tr("Open as comparison"), self.tr("the runs that show it, side by side"))
        self.open_sweep = _button(self.tr("Open as sweep"), self.tr("all that was run, against the learning rate"))
        self.open_comparison.clicked.connect(lambda: self.comparison_opened.emit(self.evidence))
        self.open_sweep.clicked.connect(lambda: self.sweep_opened.emit(self.evidence))
        self.open_comparison.setVisible(evidence.experiment is not None)
        self.open_sweep.setVisible(evidence.question is not None)
        self._lay_out()

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * GRID)
        buttons.addWidget(self.open_comparison)
        buttons.addWidget(self.open_sweep)
        buttons.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (self.setting, self.sentence, self.figures):
            label.setVisible(bool(label.text()))
            words.addWidget(label)
        words.addLayout(buttons)
        words.addStretch(1)
        beside = QVBoxLayout()
        beside.setSpacing(2)
        beside.addWidget(self.interval)
        beside.addWidget(self.effect)
        beside.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, GRID, 0, GRID)
        grid.setHorizontalSpacing(GRID)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.sign, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(words, 0, 1)
        grid.addLayout(beside, 0, 2)

    def _said(self) -> str:
        return effect_text(self.evidence).replace("\n", ", ")

    def set_theme(self, theme: Theme) -> None:
        self.interval.set_theme(theme)
        colors = palette(theme)
        colors.setColor(colors.ColorRole.WindowText, verdict_color(theme, agreement(self.evidence)))
        self.sign.setPalette(colors)


def wrapped(text: str, *, scale: float = 1.0, bold: bool = False, quiet: bool = False) -> QLabel:
    """Words that take as many lines as they need, to be selected."""
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setMinimumWidth(1)
    label.setFont(font(scale, bold=bold, tabular=True))
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if quiet:
        label.setObjectName("caption")
    return label


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(f"{text}: {tip}")
    button.setAccessibleName(text)
    button.setObjectName("link")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button

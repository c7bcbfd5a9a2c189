"""One claim on the page: its title and words, its verdict and why, and the evidence to be unfolded."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from lrviz.core.claim import ClaimFinding, ClaimVerdict
from lrviz.views.claims_evidence import EvidenceRow, wrapped
from lrviz.views.claims_interval import scale_of
from lrviz.views.claims_words import VERDICTS, badge_text, said_text, unfold_text, verdict_color
from lrviz.views.guard import guarded
from lrviz.views.lens_letters import letters
from lrviz.views.theme import BODY, GRID, LIGHT, SMALL, TITLE, Theme


@dataclass(frozen=True)
class Asked:
    """A claim before anything is known of it."""

    name: str
    title: str
    claim: str  # what the text says, in our words


class ClaimCard(QFrame):
    """Evidence is laid out when it is unfolded for the first time, and forgotten with another finding."""

    comparison_opened = Signal(object)  # the Evidence
    sweep_opened = Signal(object)

    def __init__(self, asked: Asked, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asked = asked
        self.finding: ClaimFinding | None = None
        self.rows: list[EvidenceRow] = []
        self._theme: Theme = LIGHT
        self.badge = VerdictBadge()
        self.title = wrapped(asked.title, scale=TITLE, bold=True)
        self.claim = wrapped(asked.claim, quiet=True)
        self.reason = wrapped("")
        self.method = wrapped("", scale=SMALL, quiet=True)
        self.unfold = QToolButton()
        self.unfold.setObjectName("more")
        self.unfold.setCheckable(True)
        self.unfold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.unfold.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.unfold.toggled.connect(self._unfold)
        self._evidence = QVBoxLayout()
        self._evidence.setSpacing(0)
        self._lay_out()
        self.show_finding(None)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        for label in (self.title, self.claim, self.reason):
            words.addWidget(label)
        words.addWidget(self.unfold, 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(self.method)
        words.addLayout(self._evidence)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2 * GRID, 0, 2 * GRID)
        row.setSpacing(3 * GRID)
        row.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_finding(self, finding: ClaimFinding | None) -> None:
        """What became of the claim; None while it isn't known."""
        if finding is not None and finding == self.finding:
            return
        self.finding = finding
        self._forget_rows()
        self.badge.show_verdict(None if finding is None else finding.verdict)
        if finding is not None:
            self.title.setText(finding.title)
            self.claim.setText(finding.claim)
            self.reason.setText(finding.reason)
            self.method.setText(self.tr("How the verdict follows: {method}").format(method=finding.method))
            self.unfold.setText(unfold_text(finding))
            self.unfold.setAccessibleName(f"{finding.title}: {unfold_text(finding)}")
        self.reason.setVisible(finding is not None)
        self.unfold.setVisible(finding is not None and bool(finding.evidence))
        self.setAccessibleName(self.asked.title)
        self.setAccessibleDescription(badge_text(None) if finding is None else said_text(finding))
        self._unfold(self.unfold.isChecked())

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.badge.set_theme(theme)
        for row in self.rows:
            row.set_theme(theme)
        self.update()

    def _unfold(self, shown: bool) -> None:
        self.unfold.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        if shown and not self.rows and self.finding is not None:
            self._make_rows(self.finding)
        for row in self.rows:
            row.setVisible(shown)
        self.method.setVisible(shown and self.finding is not None)

    def _make_rows(self, finding: ClaimFinding) -> None:
        for evidence in finding.evidence:
            scale = scale_of(other for other in finding.evidence if other.unit == evidence.unit)
            row = EvidenceRow(evidence, scale)
            row.comparison_opened.connect(self.comparison_opened)
            row.sweep_opened.connect(self.sweep_opened)
            row.set_theme(self._theme)
            self._evidence.addWidget(row)
            self.rows.append(row)

    def _forget_rows(self) -> None:
        for row in self.rows:
            self._evidence.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline above."""
        with QPainter(self) as painter:
            painter.fillRect(0, 0, self.width(), 1, QColor(self._theme.line))


class VerdictBadge(QWidget):
    """Sign and word in the verdict's colour, as wide as the longest, so that all titles begin at one place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict: ClaimVerdict | None = None
        self._theme: Theme = LIGHT
        self.setFixedSize(self.sizeHint())

    def show_verdict(self, verdict: ClaimVerdict | None) -> None:
        self._verdict = verdict
        self.setAccessibleName(badge_text(verdict))
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        widest = max(letters(BODY, bold=True).width(badge_text(verdict)) for verdict in (*VERDICTS, None))
        return QSize(round(widest) + 3 * GRID, round(letters(BODY, bold=True).height) + GRID)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        color = verdict_color(self._theme, self._verdict)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(color, 1.5) if self._verdict is not None else QPen(QColor(self._theme.line), 1))
            painter.setBrush(QColor(self._theme.field))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
            painter.setFont(letters(BODY, bold=self._verdict is not None).font)
            painter.setPen(color)
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, badge_text(self._verdict))


class Headline(QFrame):
    """The sentence that the page ends on stands first: large, and below it what it counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = LIGHT
        self._concluded = False
        self.words = wrapped("", scale=TITLE, bold=True)
        self.basis: QLabel = wrapped("", quiet=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(self.words)
        column.addWidget(self.basis)

    def say(self, words: str, basis: str, *, concluded: bool) -> None:
        self._concluded = concluded
        self.words.setText(words)
        self.basis.setText(basis)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """On a field, with a stripe in the accent once it is the conclusion."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self._theme.field))
            color = self._theme.accent if self._concluded else self._theme.line
            painter.fillRect(0, 0, 4, self.height(), QColor(color))

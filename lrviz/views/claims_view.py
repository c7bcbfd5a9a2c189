"""The claims in the stage: a page that tells what each of them is worth, and the evidence behind it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from lrviz.core import catalog
from lrviz.core.claim import ClaimsReport, Extent
from lrviz.core.scene import Scene
from lrviz.views.claims_bar import ClaimsBar
from lrviz.views.claims_card import Asked, ClaimCard, Headline
from lrviz.views.claims_words import basis, headline
from lrviz.views.refusal import Refusal
from lrviz.views.theme import GRID, LIGHT, Theme, palette

WIDEST = 140 * GRID  # px of the page: longer lines are hard to follow


class ClaimsView(QWidget):
    """Asks for checks, and shows what one has found so far."""

    check_requested = Signal(str)  # the Extent
    cancel_requested = Signal()
    comparison_opened = Signal(object)  # an Evidence with an experiment
    sweep_opened = Signal(object)  # an Evidence with a question
    page_export_requested = Signal()
    page_print_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Claims put to the test"))
        self.bar, self.headline = ClaimsBar(), Headline()
        self.line = Refusal()  # why there is no check
        self.cards: dict[str, ClaimCard] = {}
        self.page = QWidget()
        self._asked = {claim.name: Asked(claim.name, claim.title, claim.teaches) for claim in _in_order()}
        self._report: ClaimsReport | None = None
        self._running = False
        self._theme: Theme = LIGHT
        self._lay_out()
        self.bar.start_wanted.connect(self._start)
        self.bar.cancel_wanted.connect(self._cancel)
        self.bar.export_wanted.connect(self.page_export_requested)
        self.bar.print_wanted.connect(self.page_print_requested)
        self.set_theme(LIGHT)
        self._show()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._column.addWidget(self.headline)
        self._column.addSpacing(GRID)
        self._column.addStretch(1)
        middle = QWidget()
        middle.setLayout(self._column)
        middle.setMaximumWidth(WIDEST)
        across = QHBoxLayout(self.page)
        across.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        across.addStretch(1)
        across.addWidget(middle, 1000)  # all that there is, up to its widest
        across.addStretch(1)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.page)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.line)
        column.addWidget(self._scroll, 1)

    # What the window calls

    def show_scene(self, scene: Scene) -> None:
        """Claims have experiments of their own: the race on screen changes nothing."""

    def show_step(self, step: int) -> None:
        """Nor does its step."""

    def show_report(self, report: ClaimsReport | None) -> None:
        """What is known so far; None forgets it."""
        self._report = report
        if report is not None and report.complete and self._running:
            self._set_running(False)
        self._show()

    def show_expected(self, extent: Extent, seconds: float | None) -> None:
        """How long a form of the check is going to take; None while that is not known."""
        self.bar.show_expected(extent, seconds)

    def show_refusal(self, text: str) -> None:
        """Why there is no check, in one line; it goes with the next one."""
        self._set_running(False)
        self.line.say(text)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setPalette(palette(theme))
        self.setAutoFillBackground(True)
        self.headline.set_theme(theme)
        for card in self.cards.values():
            card.set_theme(theme)

    def picture(self, scale: float) -> QImage:
        """The whole page at `scale` pixels a point, what is scrolled away included."""
        image = QImage(self.page.size() * scale, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        image.fill(self._theme.window)
        self.page.render(image, QPoint())
        return image

    # What is asked

    def _start(self, extent: str) -> None:
        self.show_refusal("")
        self._report = None
        self._set_running(True)
        self._show()
        self.check_requested.emit(extent)

    def _cancel(self) -> None:
        self._set_running(False)
        self._show()
        self.cancel_requested.emit()

    def _set_running(self, running: bool) -> None:
        self._running = running
        self.bar.show_running(running)

    # What is shown

    def _show(self) -> None:
        report = self._report
        findings = {} if report is None else {finding.name: finding for finding in report.findings}
        asked = list(self._asked) if report is None else list(report.names)
        known = [name for name in asked if name in self._asked or name in findings]
        self._make_cards(
            [self._asked.get(name) or Asked(name, findings[name].title, findings[name].claim) for name in known]
        )
        for name, card in self.cards.items():
            card.show_finding(findings.get(name))
        concluded = report is not None and bool(report.conclusion)
        self.headline.say(headline(report, self._running), basis(report), concluded=concluded)
        self.bar.show_report(report)

    def _make_cards(self, asked: list[Asked]) -> None:
        """A card each, in their order; those that are there stay as they are, unfolded or not."""
        wanted = [claim.name for claim in asked]
        if wanted == list(self.cards):
            return
        for name in [name for name in self.cards if name not in wanted]:
            card = self.cards.pop(name)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        ordered = {}
        for place, claim in enumerate(asked):
            card = self.cards.get(claim.name) or self._new_card(claim)
            self._column.removeWidget(card)
            self._column.insertWidget(2 + place, card)
            ordered[claim.name] = card
        self.cards = ordered

    def _new_card(self, asked: Asked) -> ClaimCard:
        card = ClaimCard(asked)
        card.comparison_opened.connect(self.comparison_opened)
        card.sweep_opened.connect(self.sweep_opened)
        card.set_theme(self._theme)
        return card


def _in_order() -> list[catalog.Claim]:
    """The claims that there are, as the text says them."""
    return sorted(catalog.claims, key=lambda claim: claim.place)

"""The page of claims: what it asks, shows, says and wishes for. Its reports are made by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lrviz.core import catalog
from lrviz.core.claim import ClaimsReport, ClaimVerdict
from lrviz.views.claims_card import ClaimCard, VerdictBadge
from lrviz.views.claims_interval import IntervalBar, scale_of
from lrviz.views.claims_view import ClaimsView
from lrviz.views.claims_words import (
    PENDING,
    SIGNS,
    VERDICTS,
    badge_text,
    effect_text,
    span_text,
    verdict_color,
)
from lrviz.views.style import stylesheet
from lrviz.views.theme import DARK, LIGHT, Theme, apply_theme
from tests.views.claims import CLAIMS, evidence, finding, report


@pytest.fixture
def view(qtbot: QtBot) -> ClaimsView:
    made = ClaimsView()
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.show()
    return made


def in_order() -> list[catalog.Claim]:
    return sorted(catalog.claims, key=lambda claim: claim.place)


def card(view: ClaimsView, name: str) -> ClaimCard:
    return view.cards[name]


def image(view: ClaimsView) -> QImage:
    QApplication.processEvents()
    return view.grab().toImage()


def test_before_a_check_every_claim_stands_there_untested(view: ClaimsView) -> None:
    assert list(view.cards) == [name for name, *_ in CLAIMS] == [claim.name for claim in in_order()]
    assert [card.title.text() for card in view.cards.values()] == [claim.title for claim in in_order()]
    assert all(card.badge.accessibleName() == f"{PENDING} not tested" for card in view.cards.values())
    assert not any(card.unfold.isVisible() for card in view.cards.values())
    assert not view.bar.export.isEnabled()
    assert "sentence by sentence" in view.headline.words.text()


@pytest.mark.parametrize("extent", ["quick", "full"])
def test_start_asks_for_the_form_that_is_chosen(qtbot: QtBot, view: ClaimsView, extent: str) -> None:
    view.bar.extents["full" if extent == "full" else "quick"].click()
    with qtbot.waitSignal(view.check_requested) as wished:
        view.bar.button.click()
    assert wished.args == [extent]
    assert not view.bar.extents["quick"].isEnabled()


def test_how_long_it_takes_is_said_beforehand(view: ClaimsView) -> None:
    view.show_expected("quick", 42)
    view.show_expected("full", 1300)
    assert [button.text() for button in view.bar.extents.values()] == ["Quick, about 42 s", "Full, about 22 min"]


def test_claims_are_told_as_they_are_decided(view: ClaimsView) -> None:
    view.bar.button.click()
    view.show_report(report(4))
    assert view.bar.progress.value() == 44
    assert view.bar.progress_words.text() == "44 %, 31 s left"
    assert view.headline.words.text() == "4 of 9 claims are decided so far."
    badges = [card.badge.accessibleName() for card in view.cards.values()]
    assert badges[:4] == [badge_text(verdict) for *_, verdict in CLAIMS[:4]]
    assert badges[4:] == [badge_text(None)] * 5


def test_a_complete_report_ends_the_check_and_stands_under_its_conclusion(view: ClaimsView) -> None:
    view.bar.button.click()
    view.show_report(report())
    assert view.bar.button.text() == "Start"
    assert view.headline.words.text() == report().conclusion
    assert view.headline.basis.text() == "4 ✓ supported · 4 ≈ depends · 1 ✗ refuted · 5 seeds · quick form"
    assert view.bar.export.isVisible()
    assert view.bar.export.isEnabled()


def test_a_check_can_be_cancelled_and_what_is_decided_stays(qtbot: QtBot, view: ClaimsView) -> None:
    view.bar.button.click()
    view.show_report(report(2))
    with qtbot.waitSignal(view.cancel_requested):
        view.bar.button.click()
    assert view.bar.button.text() == "Start"
    assert card(view, "too_high").finding is not None


def test_claims_that_nobody_knows_here_are_told_once_they_are_decided(view: ClaimsView) -> None:
    def of_others(known: int) -> ClaimsReport:
        told = report(known)
        findings = tuple(replace(finding, name=f"other {finding.name}") for finding in told.findings)
        return replace(told, findings=findings, names=tuple(f"other {name}" for name in told.names))

    view.show_report(of_others(3))
    assert list(view.cards) == [f"other {name}" for name, *_ in CLAIMS[:3]]
    view.show_report(of_others(5))
    assert list(view.cards) == [f"other {name}" for name, *_ in CLAIMS[:5]]
    places = [view._column.indexOf(card) for card in view.cards.values()]
    assert all(before < after for before, after in pairwise(places))


def test_a_check_of_some_claims_shows_those(view: ClaimsView) -> None:
    some = report(2)
    view.show_report(replace(some, names=("too_high", "step_size")))
    assert list(view.cards) == ["too_high", "step_size"]
    view.show_report(None)
    assert len(view.cards) == len(CLAIMS)


def test_a_refusal_is_told_and_ends_the_check(view: ClaimsView) -> None:
    view.bar.button.click()
    view.show_refusal("There is no room to keep what is found.")
    assert view.line.isVisible()
    assert view.bar.button.text() == "Start"


def test_evidence_is_unfolded_and_opened(qtbot: QtBot, view: ClaimsView) -> None:
    view.show_report(report())
    first = card(view, "step_size")
    assert first.unfold.text() == "Evidence from 4 settings: 2 ✓, 1 ≈, 1 ✗"
    assert first.rows == []
    first.unfold.click()
    assert all(row.isVisible() for row in first.rows)
    assert first.method.isVisible()
    row = first.rows[0]
    with qtbot.waitSignal(view.comparison_opened) as opened:
        row.open_comparison.click()
    assert opened.args == [row.evidence]
    with qtbot.waitSignal(view.sweep_opened) as opened:
        row.open_sweep.click()
    assert opened.args == [row.evidence]
    first.unfold.click()
    assert not any(row.isVisible() for row in first.rows)


def test_only_what_there_is_can_be_opened(view: ClaimsView) -> None:
    view.show_report(report())
    first = card(view, "step_size")
    first.unfold.click()
    for row in first.rows:
        assert row.open_comparison.isVisible() == (row.evidence.experiment is not None)
        assert row.open_sweep.isVisible() == (row.evidence.question is not None)


def test_evidence_stays_unfolded_while_more_claims_are_decided(view: ClaimsView) -> None:
    view.show_report(report(3))
    first = card(view, "step_size")
    first.unfold.click()
    rows = first.rows
    view.show_report(report(4))
    assert first.rows is rows
    assert rows[0].isVisible()


def test_another_finding_has_its_own_evidence(view: ClaimsView) -> None:
    view.show_report(report(1))
    first = card(view, "step_size")
    first.unfold.click()
    other = replace(finding(0), verdict="refuted", evidence=(evidence(1),))
    view.show_report(replace(report(1), findings=(other,)))
    assert [row.evidence for row in first.rows] == [evidence(1)]
    assert first.badge.accessibleName() == "✗ refuted"


def test_page_wishes(qtbot: QtBot, view: ClaimsView) -> None:
    view.show_report(report())
    with qtbot.waitSignal(view.page_export_requested):
        view.bar.export.click()
    with qtbot.waitSignal(view.page_print_requested):
        view.bar.print.click()


def test_effects_of_a_unit_share_a_scale_that_holds_nothing_at_all(qtbot: QtBot) -> None:
    told = [evidence(place) for place in range(4)]
    scale = scale_of(told)
    assert scale.low <= -15
    assert scale.high >= 6
    assert not scale.log
    for one in told:
        bar = IntervalBar(one, scale)
        qtbot.addWidget(bar)
        low, high = one.interval
        assert bar.place(low) <= bar.place(one.effect) <= bar.place(high)
        assert 0 < bar.place(bar.neutral) < bar.width()


def test_a_factor_is_nothing_at_one_and_has_a_logarithmic_scale(qtbot: QtBot) -> None:
    told = [evidence(place, "times as many steps") for place in range(4)]
    scale = scale_of(told)
    assert scale.log
    assert scale.low <= 1 <= scale.high
    bar = IntervalBar(told[0], scale)
    qtbot.addWidget(bar)
    assert bar.neutral == 1


@pytest.mark.parametrize("interval", [(math.nan, math.nan), (-math.inf, math.inf), (0.0, 0.0)])
@pytest.mark.parametrize("effect", [math.nan, 0.0])
def test_whatever_was_measured_is_drawn(qtbot: QtBot, interval: tuple[float, float], effect: float) -> None:
    one = replace(evidence(0), interval=interval, effect=effect)
    bar = IntervalBar(one, scale_of([one]))
    qtbot.addWidget(bar)
    assert not bar.grab().isNull()


def test_effects_are_said_with_their_sign_and_interval() -> None:
    assert effect_text(evidence(0)) == "+3.1 points of test accuracy\n95 %: 1.9 to 4.2"
    assert effect_text(evidence(1)) == "−12.4 points of test accuracy\n95 %: −15 to −9.8"
    assert effect_text(evidence(0, "times as many steps")).startswith("2.04 times as many steps")
    assert effect_text(replace(evidence(0), effect=math.nan)) == "no effect could be measured"


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 s"), (42, "42 s"), (600, "10 min"), (5400, "1.5 h"), (7200, "2 h")]
)
def test_times_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert span_text(seconds) == said


def contrast(one: QColor, other: QColor) -> float:
    """WCAG 2.1's ratio."""

    def luminance(color: QColor) -> float:
        parts = (color.redF(), color.greenF(), color.blueF())
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("verdict", [*VERDICTS, None])
def test_verdicts_are_told_apart_by_sign_word_and_legible_color(theme: Theme, verdict: ClaimVerdict | None) -> None:
    color = verdict_color(theme, verdict)
    assert contrast(color, QColor(theme.field)) >= 4.5
    assert contrast(color, QColor(theme.window)) >= 4.5
    others = [other for other in (*VERDICTS, None) if other != verdict]
    assert all(verdict_color(theme, other) != color for other in others)
    assert len({badge_text(other)[0] for other in (*VERDICTS, None)}) == len(SIGNS) + 1


def test_all_badges_are_as_wide(qtbot: QtBot) -> None:
    badge = VerdictBadge()
    qtbot.addWidget(badge)
    before = badge.size()
    badge.show_verdict("supported")
    assert badge.size() == before


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("size", [(1280, 800), (1000, 600), (700, 450)])
def test_any_room_will_do(view: ClaimsView, theme: Theme, size: tuple[int, int]) -> None:
    apply_theme(theme)
    view.setStyleSheet(stylesheet(theme))
    view.set_theme(theme)
    view.show_report(report())
    for one in view.cards.values():
        one.unfold.click()
    view.resize(*size)
    image(view)
    assert view.size().toTuple() == size
    assert view.page.width() <= view.width()
    assert view.picture(1.0).height() > 3 * size[1]  # all of the page, what is scrolled away included


def test_every_control_is_named(view: ClaimsView) -> None:
    view.show_report(report())
    bar = view.bar
    first = card(view, "step_size")
    first.unfold.click()
    row = first.rows[0]
    controls = [*bar.extents.values(), bar.button, bar.export, bar.print, bar.progress, first, first.unfold]
    controls += [row, row.interval, row.open_comparison, row.open_sweep]
    assert all(control.accessibleName() for control in controls)
    assert "1.9 to 4.2" in row.accessibleDescription()
    assert "\n" not in row.accessibleDescription()

"""What the page of claims says in words."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from lrviz.core.claim import ClaimFinding, ClaimsReport, ClaimVerdict, Evidence, Extent
from lrviz.views.numbers import number
from lrviz.views.theme import Theme

SIGNS: dict[ClaimVerdict, str] = {"supported": "✓", "depends": "≈", "refuted": "✗"}
VERDICTS: tuple[ClaimVerdict, ...] = ("supported", "depends", "refuted")
PENDING = "…"


def translated(text: str) -> str:
    return QCoreApplication.translate("Claims", text)


def verdict_word(verdict: ClaimVerdict | None) -> str:
    """None while it isn't known."""
    match verdict:
        case "supported":
            return translated("supported")
        case "depends":
            return translated("depends")
        case "refuted":
            return translated("refuted")
        case None:
            return translated("not tested")


def badge_text(verdict: ClaimVerdict | None) -> str:
    """Sign and word."""
    return f"{PENDING if verdict is None else SIGNS[verdict]} {verdict_word(verdict)}"


def verdict_color(theme: Theme, verdict: ClaimVerdict | None) -> QColor:
    """At least 4.5:1 on the window and on fields."""
    match verdict:
        case "supported":
            return QColor(theme.runs[2])
        case "depends":
            return QColor(theme.runs[4])
        case "refuted":
            return QColor(theme.warning)
        case None:
            return QColor(theme.quiet)


def agreement(evidence: Evidence) -> ClaimVerdict:
    """A setting's own verdict, so that it has the same sign and colour as a claim's."""
    if evidence.agrees is None:
        return "depends"
    return "supported" if evidence.agrees else "refuted"


def agreement_word(evidence: Evidence) -> str:
    match evidence.agrees:
        case True:
            return translated("bears it out")
        case False:
            return translated("speaks against it")
        case None:
            return translated("does not decide")


def is_ratio(unit: str) -> bool:
    """Whether an effect in this unit is a factor, which is nothing at 1 instead of at 0."""
    return unit.startswith("times")


def effect_text(evidence: Evidence) -> str:
    """ "+3.1 points of test accuracy", and in a second line "95 %: 1.9 to 4.2"."""
    if math.isnan(evidence.effect):
        return translated("no effect could be measured")
    sign = "+" if evidence.effect > 0 and not is_ratio(evidence.unit) else ""
    low, high = (number(end, 2) for end in evidence.interval)
    interval = translated("95 %: {low} to {high}").format(low=low, high=high)
    return f"{sign}{number(evidence.effect)} {evidence.unit}\n{interval}"


def figures_text(evidence: Evidence) -> str:
    """Every figure with its name, in one line."""
    return " · ".join(f"{name}: {number(value)}" for name, value in evidence.figures.items())


def unfold_text(finding: ClaimFinding) -> str:
    """ "Evidence from 6 settings: 4 ✓, 1 ≈, 1 ✗"."""
    count = len(finding.evidence)
    if count == 1:
        return translated("Evidence from one setting")
    marks = [agreement(evidence) for evidence in finding.evidence]
    tally = ", ".join(f"{marks.count(verdict)} {SIGNS[verdict]}" for verdict in VERDICTS if verdict in marks)
    return translated("Evidence from {count} settings: {tally}").format(count=count, tally=tally)


def span_text(seconds: float) -> str:
    """A time as people say it: "40 s", "12 min", "1.5 h"."""
    if seconds < 90:
        return translated("{count} s").format(count=max(1, round(seconds)))
    if seconds < 5400:
        return translated("{count} min").format(count=round(seconds / 60))
    return translated("{count} h").format(count=f"{seconds / 3600:.1f}".removesuffix(".0"))


def extent_text(extent: Extent, seconds: float | None) -> str:
    """ "Quick, about 40 s"."""
    word = translated("Quick") if extent == "quick" else translated("Full")
    if seconds is None:
        return word
    return translated("{extent}, about {time}").format(extent=word, time=span_text(seconds))


def progress_text(report: ClaimsReport) -> str:
    text = translated("{share} %").format(share=int(100 * report.share_done))
    if report.seconds_left is None:
        return text
    return translated("{share}, {time} left").format(share=text, time=span_text(report.seconds_left))


def headline(report: ClaimsReport | None, running: bool) -> str:
    """The conclusion once all is known; before that, what this page is, or how far it has come."""
    if report is not None and report.conclusion:
        return report.conclusion
    if report is None:
        if running:
            return translated("The first experiments are running…")
        return translated("What is said of a learning rate of 0.001, sentence by sentence, and whether it holds.")
    return translated("{known} of {count} claims are decided so far.").format(
        known=len(report.findings), count=len(report.names)
    )


def basis(report: ClaimsReport | None) -> str:
    """Below the headline: what the verdicts count, or what will be done."""
    if report is None:
        return translated(
            "Each claim has an experiment behind it, run from at least 5 seeds. Its verdict is computed from the "
            "figures: supported, depends, or refuted. Every experiment can be opened."
        )
    found = [finding.verdict for finding in report.findings]
    parts = [f"{found.count(verdict)} {badge_text(verdict)}" for verdict in VERDICTS if verdict in found]
    many = translated("{count} seeds").format(count=len(report.seeds))
    form = translated("quick form") if report.extent == "quick" else translated("full form")
    return " · ".join([*parts, many, form])


def said_text(finding: ClaimFinding) -> str:
    """A finding for those who can't see it."""
    return f"{finding.title}: {verdict_word(finding.verdict)}. {finding.claim} {finding.reason}"

"""A check's report for others: a page that stands by itself, the same as Markdown, and as JSON."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lrviz.core.claim import ClaimFinding, ClaimsReport, Evidence
from lrviz.views.numbers import number

TITLE = "What is said of a learning rate of 0.001, put to the test"
SIGNS: Mapping[bool | None, str] = {True: "✓", None: "≈", False: "✗"}
COLORS = {"supported": "#1b6e3c", "depends": "#8a5a00", "refuted": "#a3261d"}  # at least 4.5:1 on white
STYLE = """
body { font-family: sans-serif; font-size: 11pt; color: #1a1a1a; background: #ffffff; }
body { max-width: 60em; margin: 2em auto; }
h1 { font-size: 18pt; } h2 { font-size: 13pt; margin-top: 1.6em; }
p.conclusion { font-size: 13pt; font-weight: bold; } p.quiet, td.quiet { color: #595959; font-size: 9pt; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: 4px 8px 4px 0; }
"""


def page_html(report: ClaimsReport) -> str:
    """A whole page without anything from elsewhere; tables lay it out, so that it prints, from Qt too."""
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f"<title>{_escaped(TITLE)}</title><style>{STYLE}</style></head><body>",
        f"<h1>{_escaped(TITLE)}</h1>",
        f'<p class="conclusion">{_escaped(report.conclusion or _unfinished(report))}</p>',
        f'<p class="quiet">{_escaped(basis(report))}</p>',
        *(part for finding in report.findings for part in _html_of(finding)),
        "</body></html>",
    ]
    return "\n".join(parts) + "\n"


def page_markdown(report: ClaimsReport) -> str:
    """The same page as Markdown with tables."""
    parts = [f"# {TITLE}", "", f"**{_marked(report.conclusion or _unfinished(report))}**", "", _marked(basis(report))]
    for finding in report.findings:
        parts += ["", *_markdown_of(finding)]
    return "\n".join(parts) + "\n"


def page_json(report: ClaimsReport) -> str:
    """One line of strict JSON, as `lrviz check --json` prints it: a list of the claims with verdict and evidence.

    A number that isn't finite is "inf", "-inf" or "nan".
    """
    return json.dumps([_fields(finding) for finding in report.findings], allow_nan=False) + "\n"


PAGES: Mapping[str, Callable[[ClaimsReport], str]] = {".html": page_html, ".md": page_markdown, ".json": page_json}


def basis(report: ClaimsReport) -> str:
    """ "Quick form, 5 seeds from 0. Supported: 3, depends: 6."."""
    found = [finding.verdict for finding in report.findings]
    counts = ", ".join(f"{word} {found.count(word)}" for word in COLORS if word in found)
    form = "Quick form" if report.extent == "quick" else "Full form"
    return f"{form}, {len(report.seeds)} seeds from {report.seeds[0]}. Verdicts: {counts or 'none yet'}."


def effect_text(evidence: Evidence) -> str:
    """ "+3.1 points of test accuracy (95 %: 1.9 to 4.2)"."""
    if math.isnan(evidence.effect):
        return "no effect could be measured"
    low, high = (number(end, 2) for end in evidence.interval)
    sign = "+" if evidence.effect > 0 and not evidence.unit.startswith(("times", "percent of")) else ""
    return f"{sign}{number(evidence.effect)} {evidence.unit} (95 %: {low} to {high})"


def _unfinished(report: ClaimsReport) -> str:
    return f"{len(report.findings)} of {len(report.names)} claims are decided so far."


def _html_of(finding: ClaimFinding) -> Iterator[str]:
    color = COLORS[finding.verdict]
    yield f'<h2>{_escaped(finding.title)}: <span style="color: {color}">{finding.verdict}</span></h2>'
    yield f"<p><i>{_escaped(finding.claim)}</i></p><p>{_escaped(finding.reason)}</p>"
    yield '<table border="0" cellspacing="0" width="100%">'
    yield '<tr><th width="3%"></th><th width="65%">Setting</th><th width="32%">Effect, with its interval</th></tr>'
    for one in finding.evidence:
        words = f"<b>{_escaped(one.setting)}</b><br>{_escaped(one.sentence)}"
        yield f"<tr><td>{SIGNS[one.agrees]}</td><td>{words}</td><td>{_escaped(effect_text(one))}</td></tr>"
    yield f'</table><p class="quiet">How the verdict follows: {_escaped(finding.method)}</p>'


def _markdown_of(finding: ClaimFinding) -> Iterator[str]:
    yield f"## {_marked(finding.title)}: {finding.verdict}"
    yield from ("", f"> {_marked(finding.claim)}", "", _marked(finding.reason), "")
    yield from ("| | Setting | What was measured | Effect |", "|---|---|---|---|")
    for one in finding.evidence:
        cells = (SIGNS[one.agrees], one.setting, one.sentence, effect_text(one))
        yield f"| {' | '.join(map(_marked, cells))} |"
    yield from ("", f"How the verdict follows: {_marked(finding.method)}")


def _fields(finding: ClaimFinding) -> dict[str, Any]:
    return {
        "claim": finding.name,
        "title": finding.title,
        "says": finding.claim,
        "verdict": finding.verdict,
        "reason": finding.reason,
        "method": finding.method,
        "evidence": [_evidence_fields(one) for one in finding.evidence],
    }


def _evidence_fields(one: Evidence) -> dict[str, Any]:
    return {
        "setting": one.setting,
        "figures": {name: _number(value) for name, value in one.figures.items()},
        "interval": [_number(end) for end in one.interval],
        "effect": _number(one.effect),
        "unit": one.unit,
        "agrees": one.agrees,
        "sentence": one.sentence,
    }


def _number(value: float) -> float | str:
    return value if math.isfinite(value) else str(value)


def _escaped(text: str) -> str:
    return html.escape(text, quote=False)


def _marked(text: str) -> str:
    """What means something in Markdown, or would end a cell, as itself."""
    for sign in "\\`*_|<>[]":
        text = text.replace(sign, f"\\{sign}")
    return text

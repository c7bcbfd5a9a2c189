"""The page of a check for others: HTML, Markdown and JSON."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from lrviz.core.claim import ClaimsReport
from lrviz.export.claims_page import PAGES, page_html, page_json, page_markdown
from tests.views.claims import report


class Words(HTMLParser):
    """What a browser shows of a page, and which tags it has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.tags, self.open = "", set[str](), list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert "href" not in dict(attrs)
        assert "src" not in dict(attrs)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("page", [page_html, page_markdown], ids=["html", "markdown"])
def test_a_page_has_the_conclusion_and_every_claim_with_verdict_reason_and_evidence(page: object) -> None:
    told = report()
    text = Words(page_html(told)).text if page is page_html else page_markdown(told).replace("\\", "")
    assert told.conclusion in text
    for finding in told.findings:
        assert f"{finding.title}: {finding.verdict}" in text
        assert finding.claim in text
        assert finding.reason in text
        assert finding.method in text
        assert all(one.setting in text and one.sentence in text for one in finding.evidence)


def test_html_stands_by_itself_in_tables_and_closes_what_it_opens() -> None:
    words = Words(page_html(report()))
    assert words.open == []
    assert "table" in words.tags
    assert not words.tags & {"script", "link", "img"}


def strange(told: ClaimsReport) -> ClaimsReport:
    first = told.findings[0]
    one = replace(first.evidence[0], setting="a < b & c | d", effect=math.nan, interval=(-math.inf, math.nan))
    return replace(told, findings=(replace(first, reason="<b>1 < 2</b> | *", evidence=(one,)),))


def test_what_means_something_to_html_or_markdown_is_shown_as_itself() -> None:
    told = strange(report())
    words = Words(page_html(told))
    assert "<b>1 < 2</b> | *" in words.text
    assert "a < b & c | d" in words.text
    line = next(line for line in page_markdown(told).splitlines() if "a \\< b & c" in line)
    assert line.replace("\\|", "").count("|") == 5  # four cells


def test_json_is_a_list_of_claims_with_verdicts_figures_and_intervals() -> None:
    told = report()
    fields = json.loads(page_json(told))
    assert [one["claim"] for one in fields] == list(told.names)
    assert [one["verdict"] for one in fields] == [finding.verdict for finding in told.findings]
    evidence = fields[0]["evidence"][0]
    known = told.findings[0].evidence[0]
    assert evidence["setting"] == known.setting
    assert evidence["figures"] == known.figures
    assert evidence["interval"] == list(known.interval)
    assert json.loads(page_json(strange(told)))[0]["evidence"][0]["interval"] == ["-inf", "nan"]


@pytest.mark.parametrize("ending", PAGES)
def test_a_check_under_way_makes_a_page_too(ending: str) -> None:
    assert PAGES[ending](report(2)).endswith("\n")
    assert "2 of 9 claims are decided so far." in page_markdown(report(2))
    assert PAGES[ending](report(0)).endswith("\n")

"""`lrviz check`: what is asked of the claims, what is printed and written, and what is refused in a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lrviz.claims import checking
from lrviz.cli import main
from lrviz.core.claim import ClaimsReport
from tests.views.claims import report


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Any, ...]]:
    """What a check was asked; it answers at once with reports made by hand."""
    questions: list[tuple[Any, ...]] = []

    def check(*question: Any) -> Iterator[ClaimsReport | None]:
        questions.append(question)
        yield from (None, report(0), None, report(4), report())

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(checking, "check", check)
    return questions


def test_a_check_prints_every_verdict_with_its_reason_and_ends_on_the_conclusion(
    asked: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    words = " ".join(out.split())
    for finding in report().findings:
        assert f"{finding.verdict} {finding.title} ({finding.name};" in words
        assert finding.reason in words
    assert words.endswith(report().conclusion)
    assert asked[0][:3] == ([], "quick", (0, 1, 2, 3, 4))


def test_claims_form_and_seeds_are_handed_on(asked: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "too_low", "too_high", "--full", "--seed", "7", "--seeds", "6", "--no-store"]) == 0
    names, extent, seeds, store, _ = asked[0]
    assert (names, extent, seeds, store) == (["too_low", "too_high"], "full", (7, 8, 9, 10, 11, 12), None)
    assert "the full check takes about" in capsys.readouterr().err


@pytest.mark.usefixtures("asked")
def test_json_is_printed_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json", "--quiet"]) == 0
    out, err = capsys.readouterr()
    assert [one["claim"] for one in json.loads(out)] == list(report().names)
    assert err == ""


@pytest.mark.usefixtures("asked")
def test_the_page_is_written_by_each_files_ending(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / name for name in ("page.html", "page.md", "page.json")]
    assert main(["check", *(word for file in files for word in ("-o", str(file)))]) == 0
    html, markdown, fields = (file.read_text(encoding="utf-8") for file in files)
    assert html.startswith("<!DOCTYPE html>")
    assert markdown.startswith("# ")
    assert len(json.loads(fields)) == 9


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["to_low"], "no claim called 'to_low'; did you mean 'too_low'?"),
        (["--seeds", "4"], "--seeds is 4; a check takes 5 to 64"),
        (["--seeds", "65"], "--seeds is 65; a check takes 5 to 64"),
        (["--workers", "0"], "--workers is 0; it is 1 or more"),
        (["-o", "page.png"], "the page of a check ends in .html, .md, .json"),
        (["-o", "page"], "page has no ending"),
        (["--ful"], "did you mean --full?"),
    ],
)
def test_a_wrong_question_is_one_line(
    arguments: list[str], says: str, asked: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert err.count("\n") == 1
    assert asked == []


def test_the_claims_are_listed_in_our_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "claims"]) == 0
    out = capsys.readouterr().out
    for claim in checking.asked():
        assert claim.name in out
        assert claim.teaches in out

"""A check from its question to its report; verdicts follow from what is measured, so a doctored engine changes them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace

import pytest

from lrviz.claims import _engine, _settings, checking
from lrviz.claims._measured import Walk
from lrviz.claims.checking import check, expected_seconds
from lrviz.core import catalog
from lrviz.core.claim import ClaimsReport, ClaimVerdict
from lrviz.core.errors import ExperimentError, UnknownPartError
from lrviz.core.pauses import finished
from lrviz.core.sweep import Rows, SweepQuestion, SweepTable
from tests.claims.tables import lengths_of, swapped, swapped_lengths, table_of, walk_of

CLAIMS = ("step_size", "too_high", "too_low", "many_cases", "small_enough", "large_enough")
Swept = Callable[..., Generator[SweepTable | None, None, None]]


def last(reports: Iterator[ClaimsReport | None]) -> ClaimsReport:
    *_, report = (report for report in reports if report is not None)
    return report


def verdicts(report: ClaimsReport) -> dict[str, ClaimVerdict]:
    return {finding.name: finding.verdict for finding in report.findings}


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """An engine that computes nothing: what it was asked for, in its order."""
    asked: list[object] = []

    def swept(question: SweepQuestion, *_: object) -> Iterator[SweepTable | None]:
        asked.append(question)
        yield None
        yield table_of(question, lambda lr, _: 0.9 if lr <= 0.01 else 0.3, lambda lr, epoch: lr / epoch)

    def walked(walk: Walk) -> Generator[None, None, Rows]:
        asked.append(walk)
        return walk_of(lengths_of(walk))

    monkeypatch.setattr(checking, "swept", swept)
    monkeypatch.setattr(checking, "walked", walked)
    monkeypatch.setattr(checking, "seconds_for", lambda need: 2.0)
    return asked


@pytest.mark.usefixtures("made_up")
def test_a_check_says_first_how_long_it_takes_then_each_claim_as_it_is_decided() -> None:
    reports = [report for report in check(("many_cases", "too_low", "step_size")) if report is not None]
    assert reports[0].findings == ()
    assert reports[0].seconds_left == 2 * (3 + 12) == finished(expected_seconds(("many_cases", "step_size")))
    assert [len(report.findings) for report in reports] == [0, 1, 2, 3]
    assert [report.complete for report in reports] == [False, False, False, True]
    assert [bool(report.conclusion) for report in reports] == [False, False, False, True]
    assert [finding.name for finding in reports[-1].findings] == ["step_size", "too_low", "many_cases"]
    assert reports[-1].names == ("step_size", "too_low", "many_cases")
    assert reports[-1].seconds_left == 0
    assert all(earlier.share_done <= later.share_done for earlier, later in itertools.pairwise(reports))


def test_nothing_is_run_twice_within_a_check(made_up: list[object]) -> None:
    last(check(("too_low", "many_cases", "large_enough", "low_tests_well", "high_tests_badly")))
    assert len(made_up) == len(set(made_up)) == 12


def test_claims_are_all_asked_unless_some_are_named_and_a_wrong_name_is_answered() -> None:
    assert [claim.place for claim in checking.asked()] == list(range(1, 10))
    assert [claim.name for claim in checking.asked(("too_low", "step_size"))] == ["step_size", "too_low"]
    with pytest.raises(UnknownPartError, match=r"no claim called 'to_low'; did you mean 'too_low'\?"):
        next(check(("to_low",)))


@pytest.mark.parametrize("seeds", [(0, 1, 2, 3), (0, 1, 2, 3, 3)])
def test_an_interval_takes_five_different_seeds(seeds: tuple[int, ...]) -> None:
    with pytest.raises(ExperimentError, match="it takes 5 at least"):
        next(check((), "quick", seeds))


@pytest.mark.parametrize("extent", ["quick", "full"])
@pytest.mark.parametrize("claim", list(catalog.claims), ids=lambda claim: claim.name)
def test_every_claim_has_experiments_and_says_how_its_verdict_follows(claim: catalog.Claim, extent: str) -> None:
    needs = tuple(claim.needs(extent, (0, 1, 2, 3, 4)))
    assert needs
    assert len(set(needs)) == len(needs)
    assert all(need.seeds == (0, 1, 2, 3, 4) for need in needs)
    assert claim.method


def test_the_quick_grid_has_several_models_data_sets_optimizers_and_budgets() -> None:
    problems = {question.experiment.problem for question in _settings.grid("quick", (0, 1, 2, 3, 4))}
    assert len({problem.model.name for problem in problems}) > 1
    assert len({problem.data.name for problem in problems}) > 2
    assert len(_settings.FORMS["quick"].optimizers) > 2
    assert len(_settings.FORMS["quick"].budgets) > 2


# The engine itself, on one network


@pytest.fixture(scope="module")
def measured() -> dict[SweepQuestion | Walk, SweepTable | Rows]:
    """What has been computed, which the doctored engine hands out too."""
    return {}


@pytest.fixture
def one_network(
    monkeypatch: pytest.MonkeyPatch, measured: dict[SweepQuestion | Walk, SweepTable | Rows]
) -> Callable[[bool], None]:
    """one_network(doctored): from then on checks are made on one network, by an engine that may swap the rates."""
    form = replace(_settings.FORMS["quick"], optimizers=("sgd", "adam"))
    monkeypatch.setitem(_settings.FORMS, "quick", form)
    monkeypatch.setattr(_settings, "_problems", lambda extent: (_settings.small_network(),))

    def use(doctored: bool) -> None:
        def known_sweep(question: SweepQuestion, *rest: object) -> Iterator[SweepTable]:
            if question not in measured:
                *_, measured[question] = (table for table in _engine.swept(question, None, None) if table is not None)
            table = measured[question]
            assert isinstance(table, SweepTable)
            yield swapped(table) if doctored else table

        def known_walk(walk: Walk) -> Generator[None, None, Rows]:
            if walk not in measured:
                measured[walk] = yield from _engine.walked(walk)
            lengths = measured[walk]
            assert not isinstance(lengths, SweepTable)
            return swapped_lengths(lengths) if doctored else lengths

        monkeypatch.setattr(checking, "swept", known_sweep)
        monkeypatch.setattr(checking, "walked", known_walk)

    return use


@pytest.fixture
def plain(one_network: Callable[[bool], None]) -> None:
    one_network(False)


@pytest.fixture
def doctored(one_network: Callable[[bool], None]) -> None:
    one_network(True)


@pytest.mark.usefixtures("plain")
def test_three_different_seeds_give_the_same_verdicts() -> None:
    found = [verdicts(last(check(CLAIMS, "quick", tuple(range(seed, seed + 5))))) for seed in (0, 100, 200)]
    assert found[0] == found[1] == found[2]
    assert found[0]["too_high"] == found[0]["too_low"] == "supported"
    assert found[0]["many_cases"] == "depends"


@pytest.mark.usefixtures("doctored")
def test_an_engine_that_swaps_the_rates_changes_the_verdicts(one_network: Callable[[bool], None]) -> None:
    false = last(check(CLAIMS))
    one_network(False)
    true = last(check(CLAIMS))
    changed = {name for name, verdict in verdicts(true).items() if verdicts(false)[name] != verdict}
    assert {"too_high", "small_enough"} <= changed
    assert false.conclusion != true.conclusion


@pytest.mark.usefixtures("plain")
def test_evidence_can_be_opened_and_has_intervals_around_its_effects() -> None:
    for finding in last(check(CLAIMS)).findings:
        for one in finding.evidence:
            assert one.experiment is not None
            assert one.question is not None or finding.name == "step_size"
            assert one.interval[0] <= one.effect <= one.interval[1]
            assert one.sentence.endswith(".")

"""Verdicts by one rule, and a last sentence that follows from the figures alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lrviz.claims import many_cases, overfitting
from lrviz.claims._conclusion import conclusion
from lrviz.claims._measured import Judgment, Measured
from lrviz.claims._settings import grid, noisy
from lrviz.core import catalog
from lrviz.core.claim import ClaimFinding, ClaimVerdict, Evidence, verdict_of
from lrviz.core.sweep import SweepQuestion, SweepTable
from tests.claims.tables import SEEDS, table_of

SETTING = Evidence("somewhere", {}, (0.0, 1.0), 0.5, "points", True, "It is so.")


@pytest.mark.parametrize(
    ("agrees", "verdict"),
    [
        ([True, True, True, False], "supported"),
        ([True, True, None, False], "depends"),
        ([True, False, False, False], "depends"),
        ([False, False, None, None], "refuted"),
        ([False, None, None, None], "depends"),
        ([None], "depends"),
    ],
)
def test_a_verdict_counts_the_settings(agrees: list[bool | None], verdict: ClaimVerdict) -> None:
    assert verdict_of([replace(SETTING, agrees=one) for one in agrees]) == verdict


def finding(name: str, judged: Judgment) -> ClaimFinding:
    claim = catalog.claims.find(name)
    verdict = verdict_of(judged.evidence)
    return ClaimFinding(name, claim.title, claim.teaches, verdict, judged.reason, judged.evidence, claim.method)


def judged_grid(best: dict[str, float]) -> ClaimFinding:
    """The grid, with each optimizer's best rate; every other one is 20 points worse."""

    def table(question: SweepQuestion) -> SweepTable:
        good = best[question.experiment.optimizer.name]
        return table_of(question, lambda lr, _: 0.9 if lr == good else 0.7, lambda lr, epoch: lr / epoch)

    tables = {one: table(one) for one in grid("quick", SEEDS)}
    return finding("many_cases", many_cases.many_cases(Measured("quick", SEEDS, tables, {})))


def judged_noise(fall: float) -> ClaimFinding:
    """Test accuracies that fall from 95 % by so much over the epochs, at every rate."""
    tables = {
        one: table_of(one, lambda _, epoch: 0.95 - fall * epoch / 40, lambda lr, epoch: lr / epoch)
        for one in noisy("quick", SEEDS)
    }
    return finding("overfitting", overfitting.overfitting(Measured("quick", SEEDS, tables, {})))


def test_the_conclusion_names_the_optimizers_for_which_0_001_is_good() -> None:
    said = conclusion([judged_grid({"sgd": 0.1, "momentum": 0.01, "adam": 0.001})])
    assert "0.001 is a sensible first guess for Adam (as good as the best rate in 4 of 4 settings" in said
    assert "in 24 of 36 settings another one is more than a point better" in said
    assert "far too small for SGD (whose best rate is about 100 times as large) and Momentum" in said


def test_other_figures_make_another_conclusion() -> None:
    said = conclusion([judged_grid({"sgd": 0.001, "momentum": 0.001, "adam": 0.1})])
    assert "a sensible first guess for SGD (" in said
    assert "too small for Adam (whose best rate is about 100 times as large)." in said
    said = conclusion([judged_grid(dict.fromkeys(("sgd", "momentum", "adam"), 0.001))])
    assert "about as good as the best rate in general, in 36 of 36 settings" in said
    assert "far too small" not in said
    said = conclusion([judged_grid(dict.fromkeys(("sgd", "momentum", "adam"), 0.1))])
    assert "no sensible first guess for any optimizer" in said


def test_protection_against_overfitting_is_what_was_measured() -> None:
    assert "no protection against overfitting" in conclusion([judged_noise(0.1)])
    assert "kept the test accuracy from falling" in conclusion([judged_noise(0.0)])


def test_of_other_claims_the_verdicts_are_counted() -> None:
    one = ClaimFinding("too_low", "T", "C.", "supported", "R.", (SETTING,), "M.")
    assert conclusion([one, replace(one, verdict="refuted")]) == "Of 2 claims: 1 supported and 1 refuted."
    assert conclusion([one]) == "One claim: supported."

"""How far the rules are from a sweep's best region."""

from __future__ import annotations

import numpy as np
import pytest

from lrviz.core.court import Judgement, best_region, decades_from, judge
from lrviz.core.range_test import Rows
from lrviz.core.suggestions import RULES, Suggestion
from tests.views.finds import range_test, sweep_table


def judged(*rates: float) -> Judgement:
    """The valley rule before a court whose best region is 0.001 to 0.01."""
    found = np.array(rates)
    return Judgement(Suggestion(RULES["valley"], found), decades_from(found, 1e-3, 1e-2))


def test_distances_are_decades_from_the_nearer_end() -> None:
    rates: Rows = np.array([1e-5, 1e-3, 4e-3, 1e-2, 1e-1, np.nan])
    np.testing.assert_allclose(decades_from(rates, 1e-3, 1e-2), [-2, 0, 0, 0, 1, np.nan], atol=1e-12)


@pytest.mark.parametrize(
    ("rates", "near", "told"),
    [
        ((2e-3, 5e-3), 2, "Valley is within the best region for all 2 seeds."),
        ((2e-3,), 1, "Valley is within the best region for the one seed."),
        ((2e-3, 2e-3, 1.0), 2, "within a decade of the best region for 2 of 3 seeds, in the middle within it."),
        ((1e-5, 1e-5, 5e-4), 1, "within a decade of the best region for 1 of 3 seeds, in the middle 2.0 decades below"),
        (
            (2.0, 2.0, 2.0),
            0,
            "within a decade of the best region for 0 of 3 seeds, in the middle 2.3 decades above it.",
        ),
        ((2e-3, np.nan), 1, "for 1 of 2 seeds, in the middle within it; 1 curve gives no rate."),
        ((np.nan, np.nan), 0, "Valley reads no rate from any of the 2 curves."),
    ],
)
def test_a_judgement_counts_its_seeds_and_says_so(rates: tuple[float, ...], near: int, told: str) -> None:
    judgement = judged(*rates)
    assert judgement.near == near
    assert told in judgement.sentence


def test_every_rule_is_judged_by_the_sweeps_best_region() -> None:
    table = sweep_table()
    best = best_region(table)
    assert best is not None
    found = judge(range_test(), table)
    assert list(found) == list(RULES)
    for judgement in found.values():
        expected = decades_from(judgement.suggestion.rates, *best.within)
        np.testing.assert_array_equal(judgement.distances, expected)


def test_nothing_is_judged_where_every_run_diverged() -> None:
    assert best_region(sweep_table(diverged=True)) is None
    assert judge(range_test(), sweep_table(diverged=True)) == {}

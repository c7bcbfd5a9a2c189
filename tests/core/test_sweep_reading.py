"""What a sweep says at a budget: medians and best rates by hand, and against NumPy where it has an answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lrviz.core.sweep import Rows, SweepTable
from lrviz.core.sweep_reading import (
    at_value,
    best_at,
    last_known_mark,
    primary_metric,
    quantiles,
    read_sweep,
    ridge,
    values_at,
)
from tests.views.sweeps import model_experiment, question_of, table_of

INF, NAN = np.inf, np.nan


def table_with(medians: list[float], metric: str = "test_accuracy", diverged: list[float] | None = None) -> SweepTable:
    """One seed, one mark at epoch 10; a rate for each median."""
    rates = len(medians)
    question = question_of(rates=rates, seeds=1, span=(1.0, 10.0 ** (rates - 1)))
    lost = np.full((1, rates, 1), INF) if diverged is None else np.reshape(diverged, (1, rates, 1))
    figures = np.reshape(medians, (1, rates, 1, 1))
    return SweepTable(question, question.lrs, np.array([10.0]), {metric: figures}, lost, np.ones((1, rates, 1), bool))


def test_quantiles_are_numpys_where_all_is_finite() -> None:
    values = np.random.default_rng(0).normal(size=(3, 4, 7))
    values[0, 1, 2:] = NAN
    values[2, 3, 0] = NAN
    for share, found in zip((0.25, 0.5, 0.75), quantiles(values, (0.25, 0.5, 0.75)), strict=True):
        np.testing.assert_allclose(found, np.nanquantile(values, share, axis=-1))


@pytest.mark.parametrize(
    ("seeds", "expected"),
    [
        ([1.0, 2.0, INF], (1.5, 2.0, INF)),
        ([1.0, INF], (INF, INF, INF)),
        ([INF, INF], (INF, INF, INF)),
        ([-INF, 0.9, 0.94], (-INF, 0.9, 0.92)),
        ([-INF, -INF, 0.9], (-INF, -INF, -INF)),
        ([0.5, NAN, NAN], (0.5, 0.5, 0.5)),
        ([NAN, NAN], (NAN, NAN, NAN)),
    ],
)
def test_a_diverged_seed_is_worst_and_an_unknown_one_counts_in_nothing(
    seeds: list[float], expected: tuple[float, ...]
) -> None:
    found = quantiles(np.array([seeds]), (0.25, 0.5, 0.75))
    np.testing.assert_allclose([float(q[0]) for q in found], expected)


@pytest.mark.parametrize(("metric", "worst"), [("test_accuracy", -INF), ("test_loss", INF)])
def test_a_run_is_worst_from_the_budget_at_which_it_diverged(metric: str, worst: float) -> None:
    table = table_of(question_of(rates=3, seeds=1, span=(1e-3, 10.0)))
    lost = table.diverged[0, 2, 0]
    before, after = np.searchsorted(table.marks, lost) - 1, np.searchsorted(table.marks, lost)
    assert 1 < lost < 30 or before < 0
    if before >= 0:
        assert np.isfinite(values_at(table, metric, int(before))[0, 2, 0])
    assert values_at(table, metric, int(after))[0, 2, 0] == worst


def best_of(medians: list[float], metric: str = "test_accuracy", diverged: list[float] | None = None) -> Rows:
    table = table_with(medians, metric, diverged)
    best = best_at(table, read_sweep(table, metric, 0))
    assert best is not None
    assert best.lr == table.lrs[best.rate]
    assert best.within == (table.lrs[best.first], table.lrs[best.last])
    return np.array([best.first, best.rate, best.last])


@pytest.mark.parametrize(
    ("medians", "expected"),
    [
        ([0.5, 0.97, 0.98, 0.9], (1, 2, 2)),  # within one point
        ([0.5, 0.9699, 0.98, 0.9], (2, 2, 2)),
        ([0.98, 0.5, 0.98, 0.98], (2, 2, 3)),  # of equals the middle one; what is worse between parts them
        ([0.98, 0.98, 0.98], (0, 1, 2)),
        ([0.98, NAN, 0.975], (0, 0, 2)),  # what is not known yet parts nothing
        ([0.4, -INF, 0.39], (0, 0, 0)),
    ],
)
def test_rates_within_one_point_of_the_best_accuracy_are_as_good(
    medians: list[float], expected: tuple[int, ...]
) -> None:
    assert best_of(medians).tolist() == list(expected)


@pytest.mark.parametrize(
    ("medians", "expected"),
    [
        ([2.0, 0.109, 0.1, 0.12], (1, 2, 2)),  # within a tenth
        ([2.0, 1e-9, 1e-30, 5e-7], (1, 2, 3)),  # all at the bottom, seen from where the slowest stands
        ([2.0, -1.0, -0.95, INF], (1, 1, 2)),  # a surface may go below 0
        ([INF, 0.3, INF], (1, 1, 1)),
    ],
)
def test_rates_within_a_tenth_of_the_least_loss_are_as_good(medians: list[float], expected: tuple[int, ...]) -> None:
    assert best_of(medians, "loss").tolist() == list(expected)


def test_there_is_no_best_rate_where_all_have_diverged_or_nothing_is_known() -> None:
    lost = table_with([NAN, NAN, NAN], diverged=[1.0, 2.0, 10.0])
    assert best_at(lost, read_sweep(lost, "test_accuracy", 0)) is None
    unknown = table_with([NAN, NAN, NAN])
    assert best_at(unknown, read_sweep(unknown, "test_accuracy", 0)) is None


def test_a_reading_counts_seeds() -> None:
    table = table_of(question_of(rates=5, seeds=4), share=0.5)
    reading = read_sweep(table, "test_accuracy", 29)
    assert reading.known[0].tolist() == [2, 2, 2, 2, 2]
    assert reading.diverged[0, -1] == 2
    assert reading.diverged[0, 0] == 0


def test_the_ridge_is_the_best_rate_at_each_value_and_one_value_is_a_sweep_of_its_own() -> None:
    table = table_of(question_of(knob="optimizer.momentum", values=(0.0, 0.5, 0.9)))
    reading = read_sweep(table, "test_accuracy", 29)
    found = ridge(table, reading)
    rates = [best.lr for best in found if best is not None]
    assert len(rates) == 3
    assert rates == sorted(rates, reverse=True)
    part = at_value(table, 2)
    assert part.question.values == (0.9,)
    alone = best_at(part, read_sweep(part, "test_accuracy", 29))
    assert alone is not None
    assert alone.lr == rates[2]


def test_the_primary_metric_is_the_test_accuracy_where_it_was_measured() -> None:
    table = table_of(question_of(experiment=model_experiment()))
    assert primary_metric(table) == "test_accuracy"
    only = {name: table.metrics[name] for name in ("train_loss", "test_loss")}
    assert primary_metric(replace(table, metrics=only)) == "test_loss"


def test_the_last_known_mark_is_where_any_run_has_come_to() -> None:
    assert last_known_mark(table_of(question_of()), "test_loss") == 29
    assert last_known_mark(table_of(question_of(seeds=2), share=0.2), "test_loss") == 11
    assert last_known_mark(table_of(question_of(), share=0.0), "test_loss") == 29

"""Every rule against an independent reading of its source, and against curves whose answer is plain to see."""

from __future__ import annotations

import math

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from lrviz.core.openings import opening
from lrviz.core.range_test import RangeQuestion, RangeTest, Rows
from lrviz.core.suggestions import BETA, RULES, Smoother, smoothed, suggestions
from tests.lr_finder import LRFinder, quietly

SEEDS = range(12)


def curve(seed: int, steps: int = 100) -> tuple[Rows, Rows]:
    """Rates, and the losses of a test: flat, falling, blowing up, with noise."""
    rng = np.random.default_rng(seed)
    lrs = np.geomspace(1e-6, 10, steps)
    at = np.log10(lrs) + rng.normal(0, 0.3)
    losses = 2.3 - 2 / (1 + np.exp(-4 * (at + 2.5))) + np.exp(np.minimum(5 * (at - 0.3), 50)) * 0.1
    return lrs, losses * np.exp(0.08 * rng.normal(size=steps))


def debiased(losses: Rows, beta: float = BETA) -> Rows:
    """As Adam's authors write it down: every loss weighs (1 − β) βᵃᵍᵉ, over what the weights come to."""
    weights = [(1 - beta) * beta ** np.arange(step, -1, -1.0) for step in range(len(losses))]
    return np.array([weight @ losses[: len(weight)] / weight.sum() for weight in weights])


def fastai_part(lrs: Rows, losses: Rows) -> tuple[list[float], list[float]]:
    """What fastai's lr_find hands its rules: smoothed, stopped at 4 times the best, a tenth and 5 steps cut away."""
    smooth, best, stop = debiased(losses), math.inf, len(losses)
    for step, value in enumerate(smooth):
        best = min(best, value)
        if value > 4 * best:
            stop = step + 1
            break
    cut = slice(stop // 10, stop - 5)
    return lrs[:stop].tolist()[cut.start : cut.stop], smooth[:stop].tolist()[cut.start : cut.stop]


def plain_valley(lrs: list[float], losses: list[float]) -> float:
    """Every pair of steps compared, as the rule is told; the chain of falling losses that is longest and ends first."""
    chains = [1] * len(losses)
    for later, loss in enumerate(losses):
        for earlier in range(later):
            if loss < losses[earlier]:
                chains[later] = max(chains[later], chains[earlier] + 1)
    longest = max(chains)
    end = chains.index(longest)
    start = end - longest
    third = (end - start) / 3
    return lrs[start + int(third) + int(third / 2)]


def plain_slide(lrs: list[float], losses: list[float]) -> float:
    """Two fingers, 15 steps apart, that go left together until the slopes below them differ by 0.005 at most."""
    slopes = np.gradient(np.array(losses))
    left, right = len(losses) - 16, len(losses) - 1
    rate = lrs[left]
    while left >= 0 and abs(slopes[right] - slopes[left]) > 0.005:
        rate = lrs[left]
        left, right = left - 1, right - 1
    return rate


def plain_steepest(lrs: list[float], losses: list[float]) -> float:
    slopes = [
        (after - before) / math.log(higher / lower)
        for before, after, lower, higher in zip(losses, losses[1:], lrs, lrs[1:], strict=False)
    ]
    return lrs[slopes.index(min(slopes))]


PLAIN = {
    "valley": plain_valley,
    "slide": plain_slide,
    "steepest": plain_steepest,
    "minimum": lambda lrs, losses: lrs[losses.index(min(losses))] / 10,
}


def picked(name: str, lrs: Rows, losses: Rows) -> float | None:
    return RULES[name].pick(lrs, losses, smoothed(losses))


@pytest.mark.parametrize("steps", [60, 100, 200])
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", list(PLAIN))
def test_rules_of_fastai_are_as_described(name: str, seed: int, steps: int) -> None:
    lrs, losses = curve(seed, steps)
    assert picked(name, lrs, losses) == pytest.approx(PLAIN[name](*fastai_part(lrs, losses)), rel=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_torch_lr_finders_rule_is_its_own(seed: int) -> None:
    """The finder itself, on a model whose loss at each step is the curve's."""
    lrs, losses = curve(seed)
    said = iter(torch.tensor(losses, dtype=torch.float64))
    module = torch.nn.Linear(1, 1).double()

    def criterion(outputs: torch.Tensor, _targets: torch.Tensor) -> torch.Tensor:
        loss: torch.Tensor = next(said) + 0 * outputs.sum()
        return loss

    finder = LRFinder(module, torch.optim.SGD(module.parameters(), lr=lrs[0]), criterion)
    samples = torch.utils.data.TensorDataset(torch.zeros(4, 1).double(), torch.zeros(4))
    figure, axes = plt.subplots()
    with quietly():
        finder.range_test(torch.utils.data.DataLoader(samples, 4), end_lr=lrs[-1], num_iter=len(lrs))
        _, theirs = finder.plot(ax=axes)
    plt.close(figure)
    assert picked("torch_lr_finder", lrs, losses) == pytest.approx(theirs, rel=1e-6)


@pytest.mark.parametrize("name", list(RULES))
def test_no_rule_reads_a_rate_from_a_curve_too_short(name: str) -> None:
    lrs, losses = curve(0)
    for steps in (1, 2, 5):
        assert picked(name, lrs[:steps], losses[:steps]) is None


@pytest.mark.parametrize("name", ["valley", "steepest"])
def test_rules_that_look_for_a_fall_find_none_where_the_loss_only_rises(name: str) -> None:
    lrs = np.geomspace(1e-6, 10, 100)
    assert picked(name, lrs, np.linspace(1, 2, 100)) is None


def test_minimum_over_ten_is_a_decade_below_the_bottom() -> None:
    lrs = np.geomspace(1e-6, 10, 701)
    losses = 1 + np.abs(np.log10(lrs) + 2)  # its own smoothing is not wanted here
    assert RULES["minimum"].pick(lrs, losses, losses) == pytest.approx(1e-3)


def test_the_valley_of_an_even_fall_is_its_middle() -> None:
    lrs = np.geomspace(1e-6, 10, 101)
    falling = np.linspace(2, 1, 101)
    rate = RULES["valley"].pick(lrs, falling, falling)
    assert rate == pytest.approx(lrs[10 + 42], rel=0.2)  # of the 86 steps that are looked at


@pytest.mark.parametrize("beta", [0.5, 0.9, 0.98])
def test_smoothing_is_free_of_bias(beta: float) -> None:
    _, losses = curve(0)
    np.testing.assert_allclose(smoothed(losses, beta), debiased(losses, beta), rtol=1e-12)
    np.testing.assert_allclose(smoothed(np.full(30, 3.0), beta), 3.0)
    both = smoothed(np.stack([losses, 2 * losses]), beta)
    np.testing.assert_allclose(both, np.stack([both[0], 2 * both[0]]))


def test_smoothing_on_the_way_is_smoothing_afterwards() -> None:
    _, losses = curve(0)
    smoother = Smoother()
    np.testing.assert_array_equal([smoother.add(np.array([loss]))[0] for loss in losses], smoothed(losses))


def a_test(*rows: tuple[Rows, int], steps: int = 100) -> RangeTest:
    """A range test with these losses, so many of which are known."""
    losses = np.full((len(rows), steps), np.nan)
    for row, (values, known) in enumerate(rows):
        losses[row, :known] = values[:known]
    counts = np.array([row[1] for row in rows])
    return RangeTest(RangeQuestion(opening(), steps=steps, seeds=tuple(range(len(rows)))), losses, counts, True)


def test_each_seeds_curve_is_read_by_itself() -> None:
    curves = [curve(seed)[1] for seed in range(4)]
    together = suggestions(a_test(*((losses, 100) for losses in curves)))
    for row, losses in enumerate(curves):
        alone = suggestions(a_test((losses, 100)))
        assert [found.rates[row] for found in together.values()] == [found.rates[0] for found in alone.values()]
    assert list(together) == list(RULES)


def test_a_seed_that_ended_is_read_as_far_as_it_is_known() -> None:
    losses = curve(0)[1]
    short, none = suggestions(a_test((losses, 70))), suggestions(a_test((losses, 0)))
    for name in RULES:
        assert short[name].rates[0] == pytest.approx(
            picked(name, a_test((losses, 70)).lrs[:70], losses[:70]), rel=1e-12
        )
        assert np.isnan(none[name].rates).all()
        assert none[name].median is None
        assert none[name].spread is None


def test_median_and_spread_are_of_the_seeds_that_have_a_rate() -> None:
    found = suggestions(a_test(*((curve(seed)[1], 100) for seed in range(5)), (curve(5)[1], 0)))["valley"]
    known = sorted(found.rates[:5])
    assert found.spread == (known[0], known[-1])
    assert found.median == pytest.approx(known[2])

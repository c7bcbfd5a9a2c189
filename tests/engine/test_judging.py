"""Verdicts on surfaces, against what paper and pencil say."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.experiment import Change, Run
from lrviz.core.scene import Scene
from lrviz.core.verdict import Verdict
from lrviz.engine.curvature import slopes
from lrviz.engine.problems import SurfaceProblem, problem_from_spec
from tests.engine.questions import asked, defaults, on_expression, on_model, on_surface, run, until_judged


def verdicts(scene: Scene) -> tuple[Verdict, ...]:
    assert scene.verdicts is not None
    return scene.verdicts


def on(text: str, start: tuple[float, float], lr: float, steps: int = 300, optimizer: str = "sgd") -> Verdict:
    return verdicts(run(asked(on_expression(text, start), (lr,), steps, optimizer)))[0]


def test_rosenbrocks_limit_rate_parts_settling_from_bouncing() -> None:
    below, above = verdicts(run(asked(on_surface("rosenbrock", (-1.2, 1.0)), (0.0019, 0.0021), 8_000)))
    assert (below.kind, below.step) == ("converged", 7901)
    assert below.reason == "converged at step 7,901: its loss is within 1e-6 of the minimum at (1, 1)"
    assert above.kind == "oscillating"


def test_a_crawling_run_tells_about_how_many_steps_it_still_needs() -> None:
    verdict = verdicts(run(asked(on_surface("rosenbrock", (-1.2, 1.0)), (0.001,), 1_000)))[0]
    assert verdict.kind == "crawling"
    needed = int(verdict.reason.split("about ")[1].split(" more")[0].replace(",", ""))
    assert needed == pytest.approx(15_068 - 1_000, rel=0.3)


def test_rosenbrock_diverges_at_step_3() -> None:
    verdict = verdicts(run(asked(on_surface("rosenbrock", (-1.2, 1.0)), (0.01,), 200)))[0]
    assert (verdict.kind, verdict.step) == ("diverged", 3)
    assert "left the map at step 3: rate × curvature = 261, above 2; loss infinite at step 6" in verdict.reason


@pytest.mark.parametrize(
    ("lr", "kind", "reason"),
    [
        (0.05, "converged", "within 1e-6 of the minimum at (0, 0)"),
        (0.0995, "oscillating", "back and forth along (0, 1): its swings shrink by a factor of 0.99 a step"),
        (0.1, "oscillating", "its swings keep their size"),
        (0.1005, "oscillating", "its swings grow by a factor of 1.01 a step"),
        (0.105, "diverged", "rate × curvature = 2.1, above 2"),
    ],
)
def test_a_bowl_of_curvature_20_has_its_limit_at_a_tenth(lr: float, kind: str, reason: str) -> None:
    verdict = on("x**2 + 10*y**2", (0.01, 0.5), lr, 120)
    assert verdict.kind == kind
    assert reason in verdict.reason


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize(("text", "what"), [("x**2 - y**2", "saddle"), ("-x**2 - y**2", "hilltop"), ("3", "plateau")])
def test_what_is_no_minimum_is_never_called_converged(text: str, what: str, optimizer: str) -> None:
    verdict = on(text, (0.0, 0.0), 0.1, 50, optimizer)
    assert verdict.kind == "stuck"
    assert f"stuck on a {what}: gradient 0, curvatures " in verdict.reason


def test_a_run_drawn_into_a_saddle_along_its_ridge_is_stuck_there() -> None:
    verdict = on("x**2 - y**2", (1.0, 0.0), 0.1)
    assert verdict.kind == "stuck"
    assert "on a saddle" in verdict.reason
    assert "curvatures −2 and 2" in verdict.reason


def test_a_run_that_passes_by_a_saddle_is_not_stuck_there() -> None:
    experiment = asked(replace(on_surface("beale"), start=(2.843, -4.475)), (0.1,), 300, "adam")
    assert verdicts(run(experiment))[0].kind == "crawling"  # its start, at a loss of 60,000, dwarfs all it gains here


def test_a_run_that_leaves_the_saddle_falls_without_bound() -> None:
    verdict = on("x**2 - y**2", (1.0, 0.01), 0.1)
    assert verdict.kind == "diverged"
    assert verdict.reason.startswith("left the map at step 42; the loss falls without bound: −")


def test_a_run_on_its_way_out_is_diverging_before_it_has_left_the_map() -> None:
    verdict = on("x**2 - y**2", (1.0, 0.01), 0.1, 35)
    assert verdict.kind == "diverged"
    assert "the loss falls ever faster" in verdict.reason


@pytest.mark.parametrize(
    ("surface", "start", "lr", "optimizer", "kind", "reason"),
    [  # the first comes back by a hundredth of a half-size in 25 steps, the other is at rest but for rounding
        ("tanh_neuron", (0.9375, -2.8125), 50.0, "adagrad", "crawling", "still going down"),
        ("plateau_cliff", (0.00625, 1.78125), 5.0, "adam", "diverged", "left the map at step 25; loss 4.69"),
    ],
)
def test_who_is_off_the_map_is_on_its_way_back_if_it_came_nearer(
    surface: str, start: tuple[float, float], lr: float, optimizer: str, kind: str, reason: str
) -> None:
    scene = run(asked(replace(on_surface(surface), start=start), (lr,), 300, optimizer))
    x0, x1, y0, y1 = catalog.surfaces.find(surface).bounds
    middle, half = np.array([x0 + x1, y0 + y1]) / 2, np.array([x1 - x0, y1 - y0]) / 2
    assert (np.abs(scene.traces[0].theta[-1] - middle) > 10 * half).any()
    verdict = verdicts(scene)[0]
    assert verdict.kind == kind
    assert reason in verdict.reason


def test_a_run_that_was_thrown_out_of_the_window_and_comes_back_is_crawling() -> None:
    experiment = asked(on_surface("tanh_neuron"), (0.5,), 1_000, "momentum")
    crawls, converges = (verdicts(run(replace(experiment, steps=steps)))[0] for steps in (1_000, 3_000))
    assert (crawls.kind, converges.kind) == ("crawling", "converged")
    assert crawls.reason.startswith("going down ever faster, by 1.26e-5 a step at the end; at that pace it would need ")


def test_a_run_whose_steps_are_too_small_is_not_said_to_swing() -> None:
    start = (-0.46875, -0.83125)  # its first step meets a gradient of 1e18, which Adagrad never forgets
    verdict = verdicts(run(asked(replace(on_surface("plateau_cliff"), start=start), (5.0,), 300, "adagrad")))[0]
    assert verdict.kind == "crawling"
    assert verdict.reason == "its steps are too small to change the loss, although its slope is 0.198"


def test_a_fall_that_comes_to_an_end_is_not_said_to_be_without_bound() -> None:
    verdict = on("1 - 10/(1 + exp(-x))", (-1.0, 0.0), 30.0, 300)
    assert verdict.kind == "diverged"
    assert "without bound" not in verdict.reason


@pytest.mark.parametrize("lr", [0.001, 0.1])
def test_a_far_and_flat_slope_is_a_plateau(lr: float) -> None:
    assert "stuck on a plateau" in on("1 - exp(-9*x**2 - 9*y**2)", (1.9, 1.9), lr).reason


def test_a_kink_keeps_every_rate_swinging() -> None:
    assert on("abs(x) + abs(y)", (1.0, 0.7), 0.3).kind == "oscillating"


def test_a_valley_floor_counts_as_a_minimum_anywhere() -> None:
    verdict = on("(x - y)**2", (1.0, 0.5), 0.05)
    assert verdict.kind == "converged"
    assert "(0.75, 0.75)" in verdict.reason


@pytest.mark.parametrize(
    ("text", "start", "reason"),
    [
        ("log(x)", (1.0, 1.0), "its loss is undefined at (−0.834, 1), from step 3"),
        ("sqrt(x)", (1.0, 1.0), "its loss is undefined at (−1.05, 1), from step 6"),
        ("log(x)", (-1.0, 1.0), "its loss is undefined at (−1, 1), from step 0"),
        ("1/x + y", (0.0, 1.0), "its loss is infinite at (0, 1), from step 0"),
        ("sqrt(abs(x)) + y", (0.0, 1.0), "its gradient is undefined at (0, 1), at step 0"),
    ],
)
def test_a_run_that_comes_where_the_loss_is_not_defined_says_where_and_when(
    text: str, start: tuple[float, float], reason: str
) -> None:
    verdict = on(text, start, 0.3)
    assert verdict.kind == "diverged"
    assert verdict.reason == reason


@pytest.mark.parametrize(("text", "start"), [("x**2 - y**4", (1.0, 0.0)), ("x**2 + y**3", (1.0, 0.0))])
def test_a_saddle_that_has_no_curvature_along_its_way_down_is_no_minimum(text: str, start: tuple[float, float]) -> None:
    verdict = on(text, start, 0.1)
    assert verdict.kind == "stuck"
    assert "on a saddle" in verdict.reason


def test_a_bowl_as_flat_as_a_fourth_power_is_a_minimum() -> None:
    assert on("x**4 + y**2", (0.5, 1.0), 0.3, 3_000).kind == "converged"


@pytest.mark.parametrize("minima_known", [True, False])
def test_noise_keeps_a_run_hovering_around_its_minimum(minima_known: bool) -> None:
    noise, lr = 0.5, 0.1
    problem = (
        on_surface("bowl", (1.0, 0.5), noise=noise)
        if minima_known
        else replace(on_expression("(x**2 + y**2)/2", (1.0, 0.5)), noise=noise)
    )
    verdict = verdicts(run(asked(problem, (lr,), 4_000)))[0]
    assert verdict.kind == "oscillating"
    assert "hovers around the minimum at (0, 0): noise of σ = 0.5 keeps it" in verdict.reason
    # x ← x − η (h x + σ ξ) is at rest with the variance η σ² / (h (2 − η h)); a distance in two axes is √(π / 2) of it
    curvature = 4.0 if minima_known else 1.0
    distance = (np.pi / 2 * lr * noise**2 / (curvature * (2 - lr * curvature))) ** 0.5
    assert float(verdict.reason.split("keeps it ")[1].split()[0]) == pytest.approx(distance, rel=0.15)


def test_a_noisy_run_on_its_way_is_still_crawling() -> None:
    problem = on_surface("bowl", (1.0, 0.5), noise=0.5)
    verdict = verdicts(run(asked(problem, (0.0005,), 400)))[0]
    assert verdict.kind == "crawling"


def test_a_rate_beyond_its_limit_is_not_blamed_on_the_noise() -> None:
    problem = replace(on_expression("x**2/2 + 10*y**2", (1.0, 0.1)), noise=0.01)
    verdict = verdicts(run(asked(problem, (0.1003,), 400)))[0]
    assert "noise" not in verdict.reason


@pytest.mark.parametrize(
    ("optimizer", "lr", "limit"), [("momentum", 0.3, "3.8"), ("nesterov", 0.3, "1.36"), ("sgd", 0.3, "2")]
)
def test_the_limit_that_a_run_left_the_map_for_is_its_optimizers(optimizer: str, lr: float, limit: str) -> None:
    verdict = on("x**2 + 10*y**2", (1.0, 1.0), lr, 100, optimizer)
    assert verdict.kind == "diverged"
    assert f"rate × curvature = 6, above {limit}" in verdict.reason


def test_a_run_is_judged_by_the_optimizer_that_it_ended_with() -> None:
    experiment = asked(on_expression("x**2 + 10*y**2", (1.0, 1.0)), (0.01,), 200)
    turned = Run(0.01, changes=(Change(20, 0.3, defaults("momentum")),))
    verdict = verdicts(run(replace(experiment, runs=(turned,))))[0]
    assert verdict.kind == "diverged"
    assert verdict.step > 20
    assert "above 3.8" in verdict.reason


def test_weight_decay_holds_a_run_off_the_minimum() -> None:
    experiment = asked(on_expression("(x - 1)**2 + (y - 1)**2", (0.0, 0.0)), (0.1,), 300, weight_decay=0.1)
    verdict = verdicts(run(experiment))[0]
    assert verdict.kind == "converged"
    assert "weight decay balances the gradient" in verdict.reason


def test_a_schedule_that_ends_at_nothing_is_not_mistaken_for_weight_decay() -> None:
    experiment = asked(on_surface("rosenbrock", (-1.2, 1.0)), (0.001,), 300, schedule="cosine", weight_decay=1e-9)
    assert verdicts(run(experiment))[0].kind == "crawling"


def test_a_run_that_ends_where_the_gradient_is_not_finite_gets_a_verdict_too() -> None:
    assert on("sqrt(x) - 5", (4.0, 0.0), 16.0, 1).reason  # its only step leads to x = 0


def test_a_loss_of_any_scale_gets_the_same_words() -> None:
    kinds = [on(f"{scale}*(x**2 + 10*y**2)", (1.0, 1.0), 0.05 / scale).kind for scale in (1e-9, 1.0, 1e9)]
    assert kinds == ["converged"] * 3


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_shortest_runs_get_a_verdict_too(steps: int) -> None:
    for verdict in verdicts(run(asked(on_surface("rosenbrock"), (1e-5, 0.001, 0.1), steps))):
        assert verdict.reason


def test_starts_off_the_map_are_judged_by_where_they_go() -> None:
    homewards = on("x**2 + y**2", (100.0, 0.0), 0.01, 100)
    assert homewards.kind == "crawling"
    outwards = on("x**2 + y**2", (100.0, 0.0), 1.1, 100)
    assert (outwards.kind, outwards.step) == ("diverged", 0)


@pytest.mark.parametrize("surface", catalog.surfaces.names())
def test_every_surface_and_optimizer_gets_verdicts_and_no_saddle_is_a_minimum(surface: str) -> None:
    part = catalog.surfaces.find(surface)
    rng = np.random.default_rng(0)
    x0, x1, y0, y1 = part.bounds
    for optimizer in catalog.optimizers.names():
        start = (float(rng.uniform(x0, x1)), float(rng.uniform(y0, y1)))
        scene = run(asked(on_surface(surface, start), (*part.rates, 1e3), 40, optimizer))
        problem = problem_from_spec(scene.experiment.problem, 0)
        assert isinstance(problem, SurfaceProblem)
        for trace, verdict in zip(scene.traces, verdicts(scene), strict=True):
            assert verdict.reason
            if verdict.kind == "converged" and "weight decay" not in verdict.reason:
                lowest, highest = slopes(problem, trace.theta[-1:])[0].curvatures
                assert lowest > -1e-6 * abs(highest)


def test_the_digits_network_learns_with_adam_at_a_thousandth_and_crawls_there_with_sgd() -> None:
    digits = on_model(data="digits")
    rates = (1.0, 0.1, 0.01, 0.001)
    adam = verdicts(until_judged(asked(digits, rates, 190, "adam")))
    sgd = verdicts(until_judged(asked(digits, rates, 190)))
    assert [verdict.kind for verdict in adam] == ["diverged", "oscillating", "converged", "converged"]
    assert [verdict.kind for verdict in sgd] == ["converged", "converged", "crawling", "crawling"]
    assert all("test accuracy" in verdict.reason for verdict in (*adam, *sgd))

"""Verdicts on surfaces, against what paper and pencil say."""

from __future__ import annotations

import pytest

from lrviz.core.scene import Scene
from lrviz.core.verdict import Verdict
from tests.engine.questions import asked, on_expression, on_model, on_surface, run, until_judged


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


def test_a_run_that_leaves_the_saddle_falls_without_bound() -> None:
    verdict = on("x**2 - y**2", (1.0, 0.01), 0.1)
    assert verdict.kind == "diverged"
    assert verdict.reason.startswith("left the map at step 42; the loss falls without bound: −")


def test_a_run_on_its_way_out_is_diverging_before_it_has_left_the_map() -> None:
    verdict = on("x**2 - y**2", (1.0, 0.01), 0.1, 35)
    assert verdict.kind == "diverged"
    assert "the loss falls ever faster" in verdict.reason


@pytest.mark.parametrize("lr", [0.001, 0.1])
def test_a_far_and_flat_slope_is_a_plateau(lr: float) -> None:
    assert "stuck on a plateau" in on("1 - exp(-9*x**2 - 9*y**2)", (1.9, 1.9), lr).reason


def test_a_kink_keeps_every_rate_swinging() -> None:
    assert on("abs(x) + abs(y)", (1.0, 0.7), 0.3).kind == "oscillating"


def test_a_valley_floor_counts_as_a_minimum_anywhere() -> None:
    verdict = on("(x - y)**2", (1.0, 0.5), 0.05)
    assert verdict.kind == "converged"
    assert "(0.75, 0.75)" in verdict.reason


@pytest.mark.parametrize(("text", "step"), [("log(x)", 3), ("sqrt(x)", 6)])
def test_a_run_that_steps_where_the_loss_is_not_defined_has_diverged_there(text: str, step: int) -> None:
    verdict = on(text, (1.0, 1.0), 0.3)
    assert (verdict.kind, verdict.step) == ("diverged", step)
    assert verdict.reason == f"loss not a number at step {step}"


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


def test_the_digits_network_learns_with_adam_at_a_thousandth_and_crawls_there_with_sgd() -> None:
    digits = on_model(data="digits")
    rates = (1.0, 0.1, 0.01, 0.001)
    adam = verdicts(until_judged(asked(digits, rates, 190, "adam")))
    sgd = verdicts(until_judged(asked(digits, rates, 190)))
    assert [verdict.kind for verdict in adam] == ["diverged", "oscillating", "converged", "converged"]
    assert [verdict.kind for verdict in sgd] == ["converged", "converged", "crawling", "crawling"]
    assert all("test accuracy" in verdict.reason for verdict in (*adam, *sgd))

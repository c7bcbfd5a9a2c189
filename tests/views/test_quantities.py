from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from lrviz.core import catalog
from lrviz.core.experiment import Experiment, OnSurface, Run, choose
from lrviz.core.gauge import gauge_at
from lrviz.core.scene import Scene
from lrviz.engine.race import race
from lrviz.views.model_quantities import ACCURACY
from lrviz.views.quantities import (
    DISTANCE,
    GRADIENT,
    LOSS,
    RATE,
    STABILITY,
    STEP_LENGTH,
    curves_for,
    quantities_for,
)
from lrviz.views.quantity import Quantity
from tests.views.descents import Descents, model_scene
from tests.views.scenes import FakeRace, smooth

STEPS = 40


def raced(optimizer: str = "sgd", surface: str = "rosenbrock", lrs: tuple[float, ...] = (0.01, 0.001)) -> Scene:
    torch.set_num_threads(1)
    part = catalog.surfaces.find(surface)
    problem = OnSurface(choose(catalog.surfaces, surface), part.start)
    chosen = choose(catalog.optimizers, optimizer)
    experiment = Experiment(problem, chosen, choose(catalog.schedules, "exponential"), tuple(map(Run, lrs)), STEPS)
    *_, last = race(experiment)
    return last


@pytest.fixture(scope="module")
def scene() -> Scene:
    return raced()


def keys(quantities: tuple[Quantity, ...]) -> list[str]:
    return [quantity.key for quantity in quantities]


def test_a_surface_has_what_is_known_of_theta_and_a_model_its_metrics(scene: Scene) -> None:
    assert keys(quantities_for(scene)) == ["loss", "distance", "gradient", "step_length", "rate", "stability"]
    assert keys(quantities_for(model_scene())) == ["loss", "test_accuracy", "rate"]
    assert keys(quantities_for(FakeRace(smooth(2, 9)).scene)) == [
        "loss",
        "gradient",
        "step_length",
        "rate",
        "stability",
    ]


def test_no_stability_is_offered_where_no_optimizer_has_a_limit() -> None:
    assert "stability" not in keys(quantities_for(raced("lbfgs")))


def test_two_charts_show_what_suits_a_scene_unless_a_person_wishes_for_more(scene: Scene) -> None:
    assert curves_for(scene, ("loss", "")) == (LOSS, DISTANCE)
    assert curves_for(replace(scene, minima=()), ("", "")) == (LOSS, GRADIENT)
    assert curves_for(model_scene(), ("loss", "")) == (LOSS, ACCURACY)
    assert curves_for(model_scene(metric="test_loss"), ("loss", ""))[1].key == "test_loss"
    assert curves_for(scene, ("gradient", "rate")) == (GRADIENT, RATE)
    assert curves_for(scene, ("test_accuracy", "test_accuracy")) == (LOSS, DISTANCE)


def test_the_distance_is_that_to_the_nearest_of_several_minima() -> None:
    scene = raced(surface="himmelblau", lrs=(0.01,))
    steps, values = DISTANCE.read(scene, 0, -1)
    theta = scene.traces[0].theta
    by_hand = np.linalg.norm(theta[:, None] - np.array(scene.minima), axis=-1).min(1)
    assert steps.tolist() == list(range(STEPS + 1))
    np.testing.assert_allclose(values, by_hand)


def test_the_step_length_is_how_far_each_update_moves_theta(scene: Scene) -> None:
    steps, values = STEP_LENGTH.read(scene, 1, -1)
    theta = scene.traces[1].theta
    assert steps.tolist() == list(range(STEPS))
    np.testing.assert_allclose(values, np.linalg.norm(theta[1:] - theta[:-1], axis=1))


def test_plain_descent_steps_by_its_effective_rate_times_the_gradient(scene: Scene) -> None:
    (_, length), (_, norm), (_, rate) = (q.read(scene, 1, -1) for q in (STEP_LENGTH, GRADIENT, RATE))
    np.testing.assert_allclose(length, rate[:STEPS] * norm[:STEPS])
    assert rate[STEPS - 1] < 0.001


def test_between_snapshots_that_are_far_apart_no_step_length_is_claimed() -> None:
    race = FakeRace(smooth(1, 20), metric_steps=[0, 1, 2, 10, 20])
    assert STEP_LENGTH.read(race.publish(), 0, -1)[0].tolist() == [0, 1]


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_stability_is_the_gauges_ratio(optimizer: str) -> None:
    scene = raced(optimizer, lrs=(0.001,))
    steps, values = STABILITY.read(scene, 0, -1)
    assert len(steps) > STEPS - 3
    for step, value in zip(steps.tolist(), values.tolist(), strict=True):
        gauge = gauge_at(scene, 0, step)
        assert gauge is not None
        assert value == gauge.ratio


@pytest.mark.parametrize("quantity", [LOSS, RATE, DISTANCE, GRADIENT, STEP_LENGTH, STABILITY], ids=lambda q: q.key)
@pytest.mark.parametrize("run", [0, 1])
def test_readings_after_a_step_are_the_rest_of_all(scene: Scene, quantity: Quantity, run: int) -> None:
    steps, values = quantity.read(scene, run, -1)
    assert steps[0] == 0
    later = quantity.read(scene, run, int(steps[1]))
    assert later[0].tolist() == steps[2:].tolist()
    assert later[1].tolist() == values[2:].tolist()
    assert not len(quantity.read(scene, run, int(steps[-1]))[0])


def test_what_belongs_to_an_update_is_known_a_row_late() -> None:
    descents = Descents(steps=10)
    scene = descents.publish(6)
    assert STEP_LENGTH.read(scene, 0, -1)[0].tolist() == [0, 1, 2, 3, 4]
    assert GRADIENT.read(scene, 0, -1)[0].tolist() == []  # not kept here
    assert all(quantity.late for quantity in (STEP_LENGTH, GRADIENT, STABILITY))


def test_a_metric_that_nobody_foresaw_is_offered_under_its_own_name() -> None:
    race = FakeRace(smooth(1, 4), steps_per_epoch=2, metrics={"perplexity": np.ones((1, 5))})
    offered = {quantity.key: quantity for quantity in quantities_for(race.publish())}
    assert offered["perplexity"].titled() == "perplexity"
    assert offered["perplexity"].read(race.scene, 0, 1)[0].tolist() == [2, 3, 4]

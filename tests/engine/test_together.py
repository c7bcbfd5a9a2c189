"""A run is the same alone and among 63 others, one of them diverging, however its problem is computed."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lrviz.core.trace import Recorder, Trace
from lrviz.engine.dense_problem import DenseProblem
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.plan import plan_race
from lrviz.engine.training import train
from tests.engine.questions import asked, on_model, toy_data, toy_network

STEPS, OTHERS = 40, 63
WATCHED, DIVERGING = 0.02, 17  # a rate; a place among the others


class Branching(nn.Module):
    """Its way depends on its numbers, so that vmap refuses it."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = toy_network()

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = self.layers(inputs)
        return outputs if outputs.sum() > -1e30 else -outputs


def normed() -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(3, 8), nn.LayerNorm(8), nn.Tanh(), nn.Linear(8, 3))


def problem_of(kind: str) -> ModelProblem:
    data = toy_data(samples=100)
    match kind:
        case "dense":
            return DenseProblem(toy_network(), data, 16, 0)
        case "vmap":
            return ModelProblem(normed(), data, 16, 0)
        case _:
            return ModelProblem(Branching(), data, 16, 0)


def traces(problem: ModelProblem, rates: tuple[float, ...], optimizer: str) -> tuple[Trace, ...]:
    experiment = asked(on_model(batch_size=16), rates, STEPS, optimizer)
    plan = plan_race(problem, experiment)
    recorder = Recorder(
        rates, STEPS, problem.parameters, plan.snapshot_steps, plan.metric_names, np.float32, plan.metric_steps
    )
    for _ in train(problem, experiment, recorder, plan):
        pass
    return recorder.traces


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("kind", ["dense", "vmap", "in turn"])
def test_a_run_is_the_same_alone_and_among_others(kind: str, optimizer: str) -> None:
    others = np.geomspace(1e-4, 1e-1, OTHERS)
    others[DIVERGING] = 1e30
    rates = (*others[:31], WATCHED, *others[31:])
    problem = problem_of(kind)
    together = traces(problem, rates, optimizer)
    (alone,) = traces(problem_of(kind), (WATCHED,), optimizer)
    assert ("one after another" in problem.note) == (kind == "in turn")
    assert together[DIVERGING].overflow_step is not None
    among = together[31]
    assert len(among) == STEPS + 1
    np.testing.assert_allclose(among.loss, alone.loss, rtol=2e-5)
    np.testing.assert_allclose(among.theta, alone.theta, rtol=2e-4, atol=2e-5)
    # Alone it is measured more often.
    _, here, there = np.intersect1d(among.metric_step, alone.metric_step, return_indices=True)
    assert len(here) > 5
    for name, values in alone.metrics.items():
        np.testing.assert_allclose(among.metrics[name][here], values[there], rtol=1e-4, atol=1e-5)

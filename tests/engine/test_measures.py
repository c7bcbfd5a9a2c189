"""What is measured of a model's runs along the way, against what the recorded thetas say."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from torch import Tensor, nn

from lrviz.core.experiment import Change, Run
from lrviz.core.trace import Trace
from lrviz.engine.measures import measure_names
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.problems import problem_from_spec
from tests.engine.questions import asked, on_model, on_surface, toy_data, toy_network, until_judged

SPEC = on_model(hidden=(8, 4))


class Recurrent(nn.Module):
    """Its memory has two weights, of what comes in and of what it remembers."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = nn.RNNCell(3, 4)
        self.last = nn.Linear(4, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = self.last(self.memory(inputs))
        return outputs


def theta_at(trace: Trace, step: int) -> Tensor:
    index = trace.snapshot_at(step)
    assert index is not None
    return torch.from_numpy(trace.theta_at(index).copy())


def test_a_model_is_measured_by_its_own_metrics_its_gradient_and_its_layers() -> None:
    problem = problem_from_spec(SPEC, 0)
    assert problem.layers == ("0", "2", "4")
    assert measure_names(problem) == (
        *problem.metric_names,
        "gradient_norm",
        "update_ratio.0",
        "update_ratio.2",
        "update_ratio.4",
    )
    assert measure_names(problem_from_spec(on_surface("bowl"), 0)) == ()


def test_the_gradients_length_is_that_of_the_steps_batch() -> None:
    problem = problem_from_spec(SPEC, 0)
    for trace in until_judged(asked(SPEC, (0.1, 0.001), 30)).traces:
        for step, norm in zip(trace.metric_step, trace.metric("gradient_norm"), strict=True):
            _, gradient = problem.gradients(theta_at(trace, int(step))[None], int(step))
            assert norm == pytest.approx(gradient.norm().item(), rel=1e-4)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_update_ratio_is_how_far_a_layers_weights_move_at_that_step(optimizer: str) -> None:
    problem = problem_from_spec(SPEC, 0)
    assert isinstance(problem, ModelProblem)
    for trace in until_judged(asked(SPEC, (0.1, 0.001), 10, optimizer)).traces:
        steps = trace.metric_step
        assert len(steps) > 3
        for layer, (place,) in problem.weights.items():
            ratios = trace.metric(f"update_ratio.{layer}")
            for step, ratio in zip(steps[:-1], ratios[:-1], strict=True):
                before, after = theta_at(trace, int(step))[place], theta_at(trace, int(step) + 1)[place]
                assert ratio == pytest.approx(((after - before).norm() / before.norm()).item(), rel=1e-3)
            assert np.isnan(ratios[-1])  # no update follows the last row


def test_a_run_that_overflows_has_no_update_at_its_end() -> None:
    ended, running = until_judged(asked(SPEC, (1e30, 0.1), 8)).traces
    assert ended.overflow_step == 1
    assert np.isfinite(ended.metric("update_ratio.0")[0])
    assert np.isnan(ended.metric("update_ratio.0")[1])
    assert np.isfinite(running.metric("update_ratio.0")[:-1]).all()


def test_a_fork_measures_what_its_parent_does_until_they_part() -> None:
    experiment = asked(SPEC, (0.1,), 12)
    fork = Run(0.1, changes=(Change(8, 0.001),))
    parent, child = until_judged(replace(experiment, runs=(*experiment.runs, fork))).traces
    apart = parent.metric_step.searchsorted(8)
    for name in parent.metrics:
        np.testing.assert_array_equal(parent.metric(name)[:apart], child.metric(name)[:apart])
    assert child.metric("update_ratio.0")[apart] < 0.02 * parent.metric("update_ratio.0")[apart]


@pytest.mark.parametrize(
    ("module", "layers"),
    [
        (nn.Linear(3, 3), {"weight": 1}),
        (nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.Linear(5, 3)), {"0": 1, "2": 1}),
        (Recurrent(), {"memory": 2, "last": 1}),
    ],
    ids=["alone", "normalised", "recurrent"],
)
def test_a_layers_weights_are_all_it_has_of_two_dimensions(module: nn.Module, layers: dict[str, int]) -> None:
    problem = ModelProblem(module, toy_data(), 16, 0)
    assert {layer: len(places) for layer, places in problem.weights.items()} == layers


def test_a_layers_weights_are_found_in_theta() -> None:
    network = toy_network()
    problem = ModelProblem(network, toy_data(), 16, 0)
    for layer, (place,) in problem.weights.items():
        weight = network[int(layer)].weight
        assert isinstance(weight, Tensor)
        assert torch.equal(problem.start(1)[0, place], weight.detach().flatten())

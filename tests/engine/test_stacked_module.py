"""A module at many parameter vectors at once: what vmap refuses, what ties samples together, what an answer costs."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from lrviz.core.errors import ExperimentError
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.stacked_module import StackedModule
from tests.engine.questions import toy_data, toy_network


class Asking(nn.Module):
    """It takes a number out of a tensor."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = toy_network()

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = self.inner(inputs)
        return outputs / max(1.0, outputs.detach().abs().max().item())


class Gated(nn.Module):
    """A recurrent network of torch's own, over the inputs as a sequence of single numbers."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.gru = nn.GRU(1, 4, batch_first=True)
        self.answer = nn.Linear(4, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        outputs, _ = self.gru(inputs[..., None])
        answer: Tensor = self.answer(outputs[:, -1])
        return answer


@pytest.mark.parametrize("make", [Asking, Gated])
def test_what_vmap_refuses_runs_row_by_row_as_torch_itself_would_and_says_so(make: type[nn.Module]) -> None:
    with torch.random.fork_rng(devices=[]):
        module = make()
    problem = ModelProblem(module, toy_data(), 16, 0)
    assert problem.note.startswith("runs are computed one after another, since vmap refuses the model (")
    assert "\n" not in problem.note
    theta = problem.start(3) + 0.1 * torch.randn(3, problem.parameters, generator=torch.Generator().manual_seed(0))
    losses, gradients = problem.gradients(theta, 1)
    inputs, targets = problem._batches(1)
    for row, loss, gradient in zip(theta, losses, gradients, strict=True):
        one = copy.deepcopy(module)
        torch.nn.utils.vector_to_parameters(row.clone(), one.parameters())
        expected = cross_entropy(one(inputs), targets)
        expected.backward()
        torch.testing.assert_close(loss, expected.detach())
        flat = torch.cat([p.grad.reshape(-1) for p in one.parameters() if p.grad is not None])
        torch.testing.assert_close(gradient, flat, rtol=1e-4, atol=1e-6)


def normed() -> nn.Module:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(3, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3))


def test_with_batch_norm_a_figure_does_not_depend_on_what_else_is_raced(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = ModelProblem(normed(), toy_data(), 16, 0)
    alone = problem.metrics(problem.start(1))
    monkeypatch.setattr("lrviz.engine.model_problem.HELD_NUMBERS", 200)
    for name, values in problem.metrics(problem.start(5)).items():
        torch.testing.assert_close(values, alone[name].expand(5), rtol=1e-6, atol=1e-7)
    assert problem.metric_rows == 1


def test_batch_norm_on_a_batch_of_one_sample_is_refused_beforehand() -> None:
    with pytest.raises(
        ExperimentError, match="batch norm needs at least 2 samples a step, and 41 in batches of 8 leav"
    ):
        ModelProblem(normed(), toy_data(samples=41), 8, 0)
    ModelProblem(normed(), toy_data(samples=42), 8, 0)
    ModelProblem(toy_network(), toy_data(samples=41), 8, 0)


@pytest.mark.parametrize(
    ("module", "inputs", "products"),
    [
        (nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 3)), torch.zeros(2, 5), 24 + 15),
        (nn.Sequential(nn.Unflatten(1, (1, 6, 4)), nn.Conv2d(1, 2, 3, padding=1)), torch.zeros(2, 24), 24 * 20),
    ],
)
def test_an_answer_costs_each_layer_s_numbers_at_every_place_it_looks_at(
    module: nn.Module, inputs: Tensor, products: int
) -> None:
    stacked = StackedModule(module, 0)
    before = torch.get_rng_state()
    assert stacked.products(inputs) == products
    assert torch.equal(before, torch.get_rng_state())
    assert not any(layer._forward_hooks for layer in stacked._module.modules())


def test_a_chunk_of_a_race_takes_fewer_rows_where_layers_are_used_at_many_places() -> None:
    data = toy_data(samples=400, inputs=64)
    dense = ModelProblem(nn.Sequential(nn.Linear(64, 3)), data, 64, 0)
    pictures = nn.Sequential(nn.Unflatten(1, (1, 8, 8)), nn.Conv2d(1, 19, 3, padding=1), nn.AvgPool2d(8), nn.Flatten())
    convolving = ModelProblem(nn.Sequential(pictures, nn.Linear(19, 3)), data, 64, 0)
    assert np.isclose(convolving.parameters, dense.parameters, rtol=0.5)
    assert convolving.gradient_rows < dense.gradient_rows / 10

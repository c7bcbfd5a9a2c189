"""Any module as a problem, at many parameter vectors at once."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, mse_loss, one_hot

from lrviz.core.errors import ExperimentError
from lrviz.core.pauses import finished
from lrviz.engine.model_problem import ModelProblem
from tests.engine.questions import toy_data, toy_network

STEP = 1
BATCH = 16


class Halting(nn.Module):
    """Its way depends on its numbers, which vmap refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = toy_network()

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = self.inner(inputs)
        if outputs.sum() > 1e9:
            outputs = outputs * 2
        return outputs


class Counting(nn.Module):
    """It notes something down in a buffer at every call."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = toy_network()
        self.mean: Tensor
        self.register_buffer("mean", torch.zeros(3))

    def forward(self, inputs: Tensor) -> Tensor:
        outputs: Tensor = self.inner(inputs)
        self.mean.mul_(0.9).add_(0.1 * outputs.detach().mean(0))
        return outputs + self.mean


def rows(problem: ModelProblem, count: int = 5) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return problem.start(count) + 0.1 * torch.randn(count, problem.parameters, generator=generator)


def alone(module: nn.Module, theta: Tensor) -> nn.Module:
    """A copy of the module with the parameters of one row."""
    made = copy.deepcopy(module)
    torch.nn.utils.vector_to_parameters(theta.clone(), made.parameters())
    return made


@pytest.mark.parametrize(("classes", "squared"), [(3, False), (3, True), (0, False)])
def test_losses_and_gradients_are_those_of_the_module_at_each_row(classes: int, squared: bool) -> None:
    module, data = toy_network(outputs=classes or 1), toy_data(classes=classes)
    problem = ModelProblem(module, data, BATCH, 0, squared)
    theta = rows(problem)
    losses, gradients = problem.gradients(theta, STEP)
    inputs, targets = problem._batches(STEP)
    for row, loss, gradient in zip(theta, losses, gradients, strict=True):
        one = alone(module, row)
        outputs = one(inputs)
        if classes and not squared:
            expected = cross_entropy(outputs, targets)
        else:
            expected = mse_loss(outputs, one_hot(targets, classes).float() if classes else targets[:, None])
        expected.backward()
        torch.testing.assert_close(loss, expected.detach())
        flat = torch.cat([p.grad.reshape(-1) for p in one.parameters() if p.grad is not None])
        torch.testing.assert_close(gradient, flat, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("make", [toy_network, Halting])
def test_metrics_are_over_the_whole_parts(make: Any) -> None:
    module, data = make(), toy_data(samples=50, test=20)
    problem = ModelProblem(module, data, BATCH, 0)
    theta = rows(problem)
    measured = problem.metrics(theta)
    assert tuple(measured) == problem.metric_names
    for k, row in enumerate(theta):
        one = alone(module, row)
        for part in ("train", "test"):
            inputs = torch.tensor(getattr(data, f"{part}_inputs"))
            targets = torch.tensor(getattr(data, f"{part}_targets"))
            outputs = one(inputs)
            assert measured[f"{part}_loss"][k] == pytest.approx(cross_entropy(outputs, targets).item(), rel=1e-5)
            right = (outputs.argmax(1) == targets).double().mean()
            assert measured[f"{part}_accuracy"][k] == pytest.approx(right.item())


def test_metrics_do_not_depend_on_how_many_samples_fit_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = ModelProblem(toy_network(), toy_data(), BATCH, 0)
    at_once = problem.metrics(rows(problem))
    monkeypatch.setattr("lrviz.engine.model_problem.HELD_NUMBERS", 200)
    for name, values in problem.metrics(rows(problem)).items():
        torch.testing.assert_close(values, at_once[name], rtol=1e-6, atol=1e-7)


def test_a_row_that_is_not_finite_has_no_accuracy() -> None:
    problem = ModelProblem(toy_network(), toy_data(), BATCH, 0)
    theta = rows(problem)
    theta[1] = torch.nan
    assert problem.metrics(theta)["test_accuracy"].isnan().tolist() == [False, True, False, False, False]


def test_a_module_that_vmap_refuses_runs_row_by_row_with_the_same_numbers() -> None:
    together, in_turn = ModelProblem(toy_network(), toy_data(), BATCH, 0), ModelProblem(Halting(), toy_data(), BATCH, 0)
    assert "one after another" in in_turn.note
    assert "\n" not in in_turn.note
    assert together.note == ""
    for first, second in zip(
        together.gradients(rows(together), STEP), in_turn.gradients(rows(in_turn), STEP), strict=True
    ):
        torch.testing.assert_close(first, second, rtol=1e-5, atol=1e-6)


def test_a_modules_own_numbers_stay_as_they_were() -> None:
    module = Counting().train()
    before = copy.deepcopy(module.state_dict())
    problem = ModelProblem(module, toy_data(), BATCH, 0)
    first = problem.gradients(rows(problem), STEP)
    problem.metrics(rows(problem))
    again = problem.gradients(rows(problem), STEP)
    assert torch.equal(first[0], again[0])  # nothing was noted down
    assert module.training
    for name, value in module.state_dict().items():
        assert torch.equal(value, before[name])


def test_batch_norm_uses_each_batch_and_says_so() -> None:
    module = nn.Sequential(nn.Linear(3, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3))
    problem = ModelProblem(module, toy_data(), BATCH, 0)
    assert problem.note == "batch norm uses the statistics of each batch, in tests too"
    theta = rows(problem)
    inputs, targets = problem._batches(STEP)
    loss = problem.loss(theta, STEP)
    for row, value in zip(theta, loss, strict=True):
        torch.testing.assert_close(value, cross_entropy(alone(module.train(), row)(inputs), targets))
    norm = module[1]
    assert isinstance(norm, nn.BatchNorm1d)
    assert norm.num_batches_tracked is not None
    assert norm.num_batches_tracked.item() == 0


@pytest.mark.parametrize("refused", [False, True])
def test_dropout_draws_the_same_in_every_row_and_nothing_in_tests(refused: bool) -> None:
    module = nn.Sequential(nn.Linear(3, 40), nn.Dropout(0.5), nn.Linear(40, 3))
    problem = ModelProblem(nn.Sequential(module, Halting()) if refused else module, toy_data(), BATCH, 0)
    assert ("one after another" in problem.note) == refused
    before = torch.get_rng_state()
    loss = problem.loss(problem.start(4), STEP)
    assert torch.equal(loss, loss[:1].expand(4))
    assert torch.equal(loss, problem.loss(problem.start(4), STEP))
    assert not torch.equal(loss, problem.loss(problem.start(4), STEP + problem.steps_per_epoch))
    assert torch.equal(before, torch.get_rng_state())
    measured = problem.metrics(problem.start(1))
    assert measured == problem.metrics(problem.start(1))


def test_parameters_that_are_not_trained_stay_out_of_theta() -> None:
    module = toy_network()
    for parameter in module[0].parameters():
        parameter.requires_grad_(False)
    problem = ModelProblem(module, toy_data(), BATCH, 0)
    assert problem.parameters == sum(p.numel() for p in module.parameters() if p.requires_grad)
    whole = ModelProblem(toy_network(), toy_data(), BATCH, 0)
    assert problem.metrics(problem.start(1)) == whole.metrics(whole.start(1))


@pytest.mark.parametrize(
    ("module", "says"),
    [
        (nn.Linear(4, 3), "the model does not take toys"),
        (nn.Linear(3, 2), "the model answers 2 numbers a sample, and toys needs 3"),
    ],
)
def test_a_model_that_does_not_fit_its_data_is_refused_in_one_line(module: nn.Module, says: str) -> None:
    with pytest.raises(ExperimentError, match=says) as error:
        ModelProblem(module, toy_data(), BATCH, 0)
    assert "\n" not in str(error.value)


def test_the_whole_gradient_is_the_mean_over_all_samples() -> None:
    problem = ModelProblem(toy_network(), toy_data(), 0, 0)
    theta = rows(problem)
    whole = finished(problem.training_gradient(theta))
    torch.testing.assert_close(whole, problem.gradients(theta, 0)[1], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("changed", "same"),
    [({}, True), ({"seed": 1}, False), ({"batch_size": 8}, False), ({"data": 1}, False), ({"module": 1}, False)],
)
def test_the_digest_is_that_of_start_data_and_batches(changed: dict[str, int], same: bool) -> None:
    def digest(seed: int = 0, batch_size: int = BATCH, data: int = 0, module: int = 0) -> bytes:
        return ModelProblem(toy_network(seed=module), toy_data(seed=data), batch_size, seed).digest()

    assert (digest(**changed) == digest()) is same


def test_a_model_with_nothing_to_train_is_refused() -> None:
    with pytest.raises(ExperimentError, match="no parameters to train"):
        ModelProblem(nn.Flatten(), toy_data(classes=3), BATCH, 0)


def test_a_single_number_can_be_a_parameter() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = nn.Parameter(torch.tensor(1.5))

        def forward(self, inputs: Tensor) -> Tensor:
            return inputs * self.scale

    problem = ModelProblem(Scaled(), toy_data(), BATCH, 0)
    assert problem.parameters == 1
    assert problem.metrics(problem.start(2))["train_loss"].shape == (2,)

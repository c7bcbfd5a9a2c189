"""Sharpness against paper and pencil, against every entry of the Hessian, and at the edge of stability."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from lrviz.core.epochs import load_data
from lrviz.core.experiment import Experiment
from lrviz.engine import sharpness
from lrviz.engine.dense_problem import DenseProblem
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.sharpness import Sharpness
from tests.engine.questions import asked, on_model, on_surface, toy_data, toy_network, until_judged

BATCH, STEP = 16, 1
EVERY = torch.arange(3)
TANH = on_model(data="diabetes", batch_size=0, hidden=(20, 20), activation="tanh")


def measured(problem: ModelProblem, theta: Tensor, step: int = STEP, rows: Tensor = EVERY) -> dict[str, Tensor]:
    search = Sharpness(problem, len(theta), 0).measure(theta, step, rows)
    while True:
        try:
            next(search)
        except StopIteration as end:
            values: dict[str, Tensor] = end.value
            return values


def thetas(problem: ModelProblem) -> Tensor:
    generator = torch.Generator().manual_seed(1)
    return problem.start(3) + 0.3 * torch.randn(3, problem.parameters, generator=generator)


def by_every_entry(problem: ModelProblem, theta: Tensor, step: int | None) -> Tensor:
    """(K,) the largest eigenvalues of the whole Hessians."""

    def loss(row: Tensor) -> Tensor:
        return torch.stack([piece(row[None])[0] for piece in problem.loss_pieces(1, step)]).sum()

    with sdpa_kernel(SDPBackend.MATH):
        whole = [torch.autograd.functional.hessian(loss, row) for row in theta]
    largest: Tensor = torch.linalg.eigvalsh(torch.stack(whole).double())[:, -1]
    return largest


def asked_sharpness(experiment: Experiment) -> Experiment:
    return replace(experiment, sharpness=True)


class Attending(nn.Module):
    """Its attention is computed in a way that can be differentiated once, unless asked otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.into = nn.Linear(1, 4)
        self.out = nn.Linear(4, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        tokens = self.into(inputs[..., None])[..., None, :, :]
        outputs: Tensor = self.out(nn.functional.scaled_dot_product_attention(tokens, tokens, tokens).mean((-3, -2)))
        return outputs


@pytest.mark.parametrize(
    ("module", "kind"),
    [
        (toy_network(), DenseProblem),
        (toy_network(), ModelProblem),
        (nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.Tanh(), nn.Linear(5, 3)), ModelProblem),
        (nn.Sequential(nn.Linear(3, 6), nn.Dropout(0.5), nn.Tanh(), nn.Linear(6, 3)), ModelProblem),
        (Attending(), ModelProblem),
    ],
    ids=["dense", "by vmap", "normalised", "dropping out", "attending"],
)
def test_sharpness_is_the_largest_eigenvalue_of_the_hessian(module: nn.Module, kind: type[ModelProblem]) -> None:
    problem = kind(module, toy_data(), BATCH, 0)
    theta = thetas(problem)
    values = measured(problem, theta)
    torch.testing.assert_close(values["sharpness"], by_every_entry(problem, theta, None), rtol=0.01, atol=0)
    torch.testing.assert_close(values["batch_sharpness"], by_every_entry(problem, theta, STEP), rtol=0.01, atol=0)


def test_a_batch_of_everything_is_as_sharp_as_everything() -> None:
    problem = ModelProblem(toy_network(), toy_data(), 0, 0)
    values = measured(problem, thetas(problem))
    assert values["sharpness"].tolist() == values["batch_sharpness"].tolist()


def test_pieces_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = ModelProblem(toy_network(), toy_data(), BATCH, 0)
    at_once = measured(problem, thetas(problem))
    monkeypatch.setattr("lrviz.engine.model_problem.HELD_NUMBERS", 60)
    assert len(problem.loss_pieces(3)) > 10
    assert not problem.can_hold(3)
    for name, values in measured(problem, thetas(problem)).items():
        torch.testing.assert_close(values, at_once[name], rtol=1e-3, atol=0)


def test_rows_that_have_ended_or_overflowed_are_nan_and_disturb_no_other() -> None:
    problem = ModelProblem(toy_network(), toy_data(), BATCH, 0)
    theta = thetas(problem)
    alone = measured(problem, theta)["sharpness"]
    theta[1] = torch.inf
    for rows in (EVERY, torch.tensor([0, 2])):
        values = measured(problem, theta, rows=rows)["sharpness"]
        assert values.isnan().tolist() == [False, True, False]
        torch.testing.assert_close(values[[0, 2]], alone[[0, 2]], rtol=1e-3, atol=0)


def test_a_model_without_a_second_derivative_says_so_and_has_no_sharpness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharpness, "sdpa_kernel", lambda _: contextlib.nullcontext())
    problem = ModelProblem(Attending(), toy_data(), BATCH, 0)
    assert all(values.isnan().all() for values in measured(problem, thetas(problem)).values())
    assert "sharpness is not measured" in problem.note
    assert "\n" not in problem.note


def test_the_sharpness_of_a_linear_regression_is_that_of_its_data() -> None:
    spec = on_model("linear", "diabetes", batch_size=0)
    inputs = load_data(spec.data, 0).train_inputs.astype(np.float64)
    whole = np.column_stack([inputs, np.ones(len(inputs))])
    largest = np.linalg.eigvalsh(2 * whole.T @ whole / len(inputs))[-1]
    below, above = 1.98 / largest, 2.02 / largest
    scene = until_judged(asked_sharpness(asked(spec, (below, above), 600)))
    for trace in scene.traces:
        values = trace.metric("sharpness")
        seen = values[np.isfinite(values)]
        assert len(seen) > 10
        np.testing.assert_allclose(seen, largest, rtol=2e-3)  # everywhere the same
    converged, diverged = (trace.metric("train_loss") for trace in scene.traces)
    assert converged[-1] < 0.7 * converged[0]
    assert diverged[-1] > 100 * diverged[0]


def test_sharpness_is_measured_where_it_is_asked_for_alone() -> None:
    experiment = asked(on_model(hidden=(8,)), (0.1, 1.0), 60)
    plain, sharp = until_judged(experiment), until_judged(asked_sharpness(experiment))
    assert not {"sharpness", "batch_sharpness"} & set(plain.traces[0].metrics)
    for one, other in zip(plain.traces, sharp.traces, strict=True):
        np.testing.assert_array_equal(one.loss, other.loss)  # and measuring it changes nothing
        np.testing.assert_array_equal(one.theta, other.theta)
        for name in ("sharpness", "batch_sharpness"):
            assert np.isfinite(other.metric(name)[[0, -1]]).all()
    assert until_judged(asked_sharpness(asked(on_surface("bowl"), (0.1,), 5))).traces[0].metrics == {}


def test_full_batch_descent_ends_at_the_edge_of_stability() -> None:
    # Cohen et al., Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability, 2021.
    rates = (0.02, 0.1, 0.2)
    scene = until_judged(asked_sharpness(asked(TANH, rates, 1500)))
    for trace, rate in zip(scene.traces, rates, strict=True):
        values = trace.metric("sharpness")
        seen = values[np.isfinite(values)] * rate / 2
        assert seen[0] < 0.5  # it rises from far below the limit
        if rate == rates[0]:
            assert (seen < 1).all()
        else:
            assert seen[-5:] == pytest.approx(1, rel=0.1)
            assert trace.metric("train_loss")[-1] < 0.3 * trace.metric("train_loss")[0]

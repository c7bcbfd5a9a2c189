"""A loss that is multiplied before it is minimised: SGD takes it for a larger rate, Adam does not see it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from numpy.typing import NDArray
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.experiment import Experiment
from lrviz.engine.descent import Descent
from lrviz.engine.problems import problem_from_spec
from tests.engine.questions import asked, on_model, rowwise_optimizers, until_judged

SPEC = on_model(hidden=(8,))
STEPS = 30


def scaled(scale: float, lr: float, optimizer: str = "sgd", schedule: str = "constant") -> Experiment:
    return asked(replace(SPEC, loss_scale=scale), (lr,), STEPS, optimizer, schedule)


def end_of(experiment: Experiment, pieces: bool = False) -> Tensor:
    """(P,) where the first run has come to."""
    descent = Descent(problem_from_spec(experiment.problem, experiment.seed), experiment)
    for step in range(experiment.steps):
        for _ in descent.evaluate(step):
            pass
        if pieces:
            for _ in descent.advance_in_pieces():
                pass
        else:
            descent.advance()
    return descent.theta[0].clone()


@pytest.mark.parametrize("scale", [0.25, 8.0])
def test_sgd_at_a_power_of_two_is_another_rate_bit_for_bit(scale: float) -> None:
    assert torch.equal(end_of(scaled(scale, 0.125)), end_of(scaled(1.0, 0.125 * scale)))


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov"])
@pytest.mark.parametrize("pieces", [False, True])
def test_sgd_at_any_scale_is_another_rate_to_rounding(optimizer: str, pieces: bool) -> None:
    of_scale = end_of(scaled(3.0, 0.01, optimizer), pieces)
    torch.testing.assert_close(of_scale, end_of(scaled(1.0, 0.03, optimizer)), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("scale", [0.1, 100.0])
def test_adam_is_unmoved_but_for_its_epsilon(scale: float) -> None:
    plain = end_of(scaled(1.0, 0.01, "adam"))
    moved = (plain - problem_from_spec(SPEC, 0).start(1)[0]).abs().mean()
    assert (end_of(scaled(scale, 0.01, "adam")) - plain).abs().mean() < 0.01 * moved


def test_an_optimizer_that_asks_again_is_answered_at_the_same_scale() -> None:
    """torch's own L-BFGS on the scaled loss: its line is the same from closure to closure."""
    with rowwise_optimizers():
        experiment = replace(scaled(4.0, 0.1, "test-lbfgs"), steps=3)
        problem = problem_from_spec(experiment.problem, 0)
        theta = torch.nn.Parameter(problem.start(1)[0].clone())
        own = catalog.optimizers.find("test-lbfgs").factory([theta], 0.1)
        for step in range(3):

            def closure(step: int = step) -> Tensor:
                loss, gradient = problem.gradients(theta.detach()[None], step)
                theta.grad = 4.0 * gradient[0]
                return 4.0 * loss[0]

            own.step(closure)
        for pieces in (False, True):
            torch.testing.assert_close(end_of(experiment, pieces), theta.detach(), rtol=1e-5, atol=1e-6)


def test_figures_of_the_loss_are_of_the_loss_itself() -> None:
    (plain,) = until_judged(scaled(1.0, 0.25)).traces
    (other,) = until_judged(scaled(2.0, 0.125)).traces
    assert np.array_equal(plain.loss, other.loss)
    for name in ("train_loss", "test_loss", "test_accuracy"):
        assert np.array_equal(plain.metric(name), other.metric(name))


def test_gradient_and_sharpness_are_of_what_is_minimised() -> None:
    def measured(scale: float) -> dict[str, NDArray[np.floating]]:
        (trace,) = until_judged(replace(scaled(scale, 0.25 / scale), sharpness=True)).traces
        return {name: trace.metric(name) for name in ("gradient_norm", "sharpness", "batch_sharpness")}

    plain, other = measured(1.0), measured(2.0)
    for name, values in plain.items():
        assert np.isfinite(values).any()
        np.testing.assert_allclose(other[name], 2 * values, rtol=1e-6, err_msg=name)


def test_a_schedule_that_listens_to_the_loss_hears_what_is_minimised() -> None:
    listening = [name for name in catalog.schedules.names() if catalog.schedules.find(name).by_loss]
    for schedule in listening:
        of_scale = end_of(scaled(8.0, 0.125, "sgd", schedule))
        assert torch.equal(of_scale, end_of(scaled(1.0, 1.0, "sgd", schedule)))
    assert listening

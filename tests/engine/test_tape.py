"""A tape gives autograd's own bits, for every surface there is; what cannot be taped is left to autograd."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from lrviz.core import catalog
from lrviz.engine.problems import TAPED_AFTER, SurfaceProblem, problem_from_spec
from lrviz.engine.tape import taped
from tests.engine.questions import on_expression, on_surface

EXPRESSIONS = ["x**2 + 10*y**2 + sin(3*x)", "3", "3*x + y", "x", "log(x) + sqrt(y)", "abs(x)/y", "x**y", "exp(-x*y)"]


def points(runs: int, seed: int = 0) -> Tensor:
    return 2 * torch.randn(runs, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def problem(name: str) -> SurfaceProblem:
    spec = on_surface(name) if name in catalog.surfaces else on_expression(name, (1.0, 0.5))
    made = problem_from_spec(spec, 0)
    assert isinstance(made, SurfaceProblem)
    return made


@pytest.mark.parametrize("name", [*catalog.surfaces.names(), *EXPRESSIONS])
def test_a_tape_gives_the_bits_of_autograd_and_every_surface_has_one(name: str) -> None:
    surface = problem(name)
    for runs in (1, 8, 11):
        tape = taped(surface._plain_gradients, points(runs))
        assert tape is not None
        for seed in range(3):
            theta = points(runs, seed)
            for told, asked in zip(tape(theta), surface._plain_gradients(theta), strict=True):
                torch.testing.assert_close(told, asked, rtol=0, atol=0, equal_nan=True)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", [*catalog.surfaces.names(), *EXPRESSIONS])
def test_a_tape_gives_the_bits_of_autograd_where_numbers_overflow(name: str) -> None:
    surface, far = problem(name), torch.tensor([1e200, -1e160, torch.inf, torch.nan, 0.0], dtype=torch.float64)
    tape = taped(surface._plain_gradients, points(25))
    assert tape is not None
    theta = torch.cartesian_prod(far, far)
    for told, asked in zip(tape(theta), surface._plain_gradients(theta), strict=True):
        torch.testing.assert_close(told, asked, rtol=0, atol=0, equal_nan=True)


def test_what_a_tape_gave_stays_as_it_was() -> None:
    tape = taped(problem("himmelblau")._plain_gradients, points(4))
    assert tape is not None
    given = tape(points(4))
    before = [part.clone() for part in given]
    tape(points(4, seed=1))
    assert all(map(torch.equal, given, before))


def deciding(theta: Tensor) -> tuple[Tensor, Tensor]:
    factor = 1.0 if bool(theta[0, 0] > 0) else -1.0
    return factor * theta.sum(1), torch.full_like(theta, factor)


def drawing(theta: Tensor) -> tuple[Tensor, Tensor]:
    return torch.rand_like(theta).sum(1), theta.clone()


def counting(theta: Tensor, calls: list[int] = []) -> tuple[Tensor, Tensor]:  # noqa: B006  # it is meant to remember
    calls.append(1)
    return theta.sum(1) * len(calls), theta.clone()


def overwriting(theta: Tensor) -> tuple[Tensor, Tensor]:
    return theta.mul_(1.0).sum(1), theta.clone()


@pytest.mark.parametrize("function", [deciding, drawing, counting, overwriting])
def test_what_depends_on_more_than_its_points_has_no_tape(function: object) -> None:
    assert callable(function)
    assert taped(function, points(3)) is None


def masked(theta: Tensor) -> tuple[Tensor, Tensor]:
    mask = (theta > -100).double()  # 1 wherever a tape is recorded and proved
    return (mask * theta).sum(1), mask * theta**1.0


def test_what_is_1_at_the_recording_may_be_something_else_later() -> None:
    tape = taped(masked, points(3))
    assert tape is not None
    far = torch.tensor([[-200.0, 1.0]] * 3, dtype=torch.float64)
    assert tape(far)[1].tolist() == [[0.0, 1.0]] * 3


def test_a_result_that_is_always_the_same_may_be_written_on() -> None:
    tape = taped(problem("3*x + y")._plain_gradients, points(4))
    assert tape is not None
    tape(points(4))[1].zero_()
    assert tape(points(4))[1].tolist() == [[3.0, 1.0]] * 4


def test_a_problem_is_taped_once_it_was_asked_often_enough() -> None:
    surface, theta = problem("himmelblau"), points(5)
    for _ in range(TAPED_AFTER):
        assert not surface._ways
        surface.gradients(theta)
    assert len(surface._ways) == 1
    for told, asked in zip(surface.gradients(theta), surface._plain_gradients(theta), strict=True):
        assert torch.equal(told, asked)

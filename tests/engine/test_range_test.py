"""The range test of all seeds at once is each seed's own descent, and ends as it should."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from torch import Tensor, nn

from lrviz.core import catalog
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Experiment, ProblemSpec, choose
from lrviz.core.range_test import DIVERGED, RangeQuestion, RangeTest
from lrviz.core.suggestions import smoothed
from lrviz.engine import range_test as module_under_test
from lrviz.engine import stacked_module
from lrviz.engine.dense_seeds import DenseSeeds
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.problems import problem_from_spec
from lrviz.engine.range_test import range_test
from tests.engine.questions import asked, on_expression, on_model, on_surface, rowwise_optimizers
from tests.lr_finder import LRFinder, TrainDataLoaderIter, quietly

SPEC = on_model("mlp", "moons", 32, hidden=(8,))


def question(spec: ProblemSpec = SPEC, optimizer: str = "sgd", seeds: tuple[int, ...] = (0, 1, 2), **rest: Any) -> Any:
    span = {"first": 1e-4, "last": 1.0, "steps": 60, **rest}
    return RangeQuestion(asked(spec, (0.1,), 1, optimizer), seeds=seeds, **span)


def done(asked_for: RangeQuestion) -> RangeTest:
    *_, test = range_test(asked_for)
    assert test is not None
    return test


class _OurBatches(TrainDataLoaderIter):  # type: ignore[misc]  # it has no types
    """torch-lr-finder's loader, giving a problem's own batches in their order."""

    def __init__(self, problem: ModelProblem) -> None:
        self._problem = problem
        self._step = 0

    def __next__(self) -> tuple[Tensor, Tensor]:
        per_epoch, size = self._problem.steps_per_epoch, self._problem.batch_size
        epoch, place = divmod(self._step, per_epoch)
        self._step += 1
        some = self._problem.order(epoch)[place * size : (place + 1) * size]
        inputs, targets = self._problem.training_part
        return inputs[some], targets[some]


@pytest.mark.parametrize(("name", "kind"), [("sgd", torch.optim.SGD), ("adam", torch.optim.Adam)])
def test_losses_are_those_of_torch_lr_finder(name: str, kind: Callable[..., torch.optim.Optimizer]) -> None:
    test = done(question(optimizer=name, last=0.1))
    for row, seed in enumerate(test.question.seeds):
        problem = problem_from_spec(SPEC, seed)
        assert isinstance(problem, ModelProblem)
        module = copy.deepcopy(problem.module)
        finder = LRFinder(module, kind(module.parameters(), lr=1e-4), nn.CrossEntropyLoss())
        with quietly():
            finder.range_test(_OurBatches(problem), end_lr=0.1, num_iter=60, smooth_f=0, diverge_th=1e9)
        np.testing.assert_allclose(test.lrs, finder.history["lr"], rtol=1e-9)
        np.testing.assert_allclose(test.losses[row], finder.history["loss"], rtol=2e-4)


@pytest.mark.parametrize("optimizer", catalog.optimizers.names())
def test_a_seed_is_the_same_alone_with_every_optimizer(optimizer: str) -> None:
    together = done(question(optimizer=optimizer, last=0.01, steps=40))
    for row, seed in enumerate(together.question.seeds):
        alone = done(question(optimizer=optimizer, last=0.01, steps=40, seeds=(seed,)))
        np.testing.assert_allclose(together.losses[row], alone.losses[0], rtol=1e-3)


def test_optimizers_that_ask_again_are_answered_on_their_own_batch() -> None:
    with rowwise_optimizers() as names:
        for name in names:
            together = done(question(optimizer=name, last=0.01, steps=20))
            for row, seed in enumerate(together.question.seeds):
                alone = done(question(optimizer=name, last=0.01, steps=20, seeds=(seed,)))
                np.testing.assert_allclose(together.losses[row], alone.losses[0], rtol=1e-3)


@pytest.mark.parametrize("model", ["mlp_batchnorm", "mlp_dropout", "cnn", "rnn"])
def test_a_seed_is_the_same_alone_in_every_kind_of_model(model: str) -> None:
    spec = on_model(model, "digits", 64)
    together = done(question(spec, "adam", last=1e-3, steps=25))
    alone = done(question(spec, "adam", last=1e-3, steps=25, seeds=(2,)))
    np.testing.assert_allclose(together.losses[2], alone.losses[0], rtol=1e-3)


def test_a_test_is_the_same_every_time() -> None:
    np.testing.assert_array_equal(done(question()).losses, done(question()).losses)


def test_seeds_differ() -> None:
    assert len(set(done(question()).losses[:, 0].tolist())) == 3


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_the_loss_scale_moves_sgds_rates_and_not_adams(optimizer: str) -> None:
    """The losses told are of the loss itself."""
    scaled = done(question(replace(SPEC, loss_scale=8.0), optimizer, first=1e-4, last=1e-2))
    shift = 8 if optimizer == "sgd" else 1
    plain = done(question(SPEC, optimizer, first=1e-4 * shift, last=1e-2 * shift))
    np.testing.assert_allclose(scaled.losses, plain.losses, rtol=2e-3)


# How a seed ends


def test_a_seed_that_overflows_ends_there_with_nothing_after() -> None:
    test = done(question(on_expression("-x**4 - y**4", (1.0, 1.0)), first=0.05, last=10.0, steps=40))
    assert test.complete
    for losses, steps in zip(test.losses, test.steps.tolist(), strict=True):
        assert 0 < steps < 40
        assert np.isfinite(losses[:steps]).all()
        assert np.isnan(losses[steps:]).all()


def test_a_loss_that_is_nan_at_once_ends_the_test_at_once() -> None:
    test = done(question(on_expression("log(x)", (-1.0, 1.0)), seeds=(0, 1)))
    assert test.complete
    assert test.steps.tolist() == [0, 0]
    assert np.isnan(test.losses).all()


def test_a_seed_that_ends_changes_no_bit_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = done(question(optimizer="adam", last=0.01))
    losses_of, steps = DenseSeeds.__call__, iter(range(1000))

    def spoilt(self: DenseSeeds, inputs: Tensor, targets: Tensor) -> Tensor:
        loss = losses_of(self, inputs, targets)
        if next(steps) >= 20:
            loss[1] = torch.nan
            for part in self.gradient:
                part[1] = torch.inf
        return loss

    monkeypatch.setattr(DenseSeeds, "__call__", spoilt)
    broken = done(question(optimizer="adam", last=0.01))
    assert broken.steps.tolist() == [60, 20, 60]
    np.testing.assert_array_equal(broken.losses[[0, 2]], plain.losses[[0, 2]])
    np.testing.assert_array_equal(broken.losses[1, :20], plain.losses[1, :20])


def test_a_seed_ends_once_its_smoothed_loss_is_far_above_its_start() -> None:
    test = done(question(on_surface("bowl"), first=0.1, last=100.0, steps=200, seeds=(0,)))
    end = int(test.steps[0])
    smooth = smoothed(test.losses[0, :end])
    assert end < 200
    assert smooth[-1] > DIVERGED * test.losses[0, 0]
    assert (smooth[:-1] <= DIVERGED * test.losses[0, 0]).all()


# What comes out on the way


def test_the_first_value_comes_before_any_step_and_the_last_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_under_test, "SHOWN_SECONDS", 0.0)
    monkeypatch.setattr(module_under_test, "PAUSE_SECONDS", 0.0)
    tests = [test for test in range_test(question()) if test is not None]
    assert tests[0].steps.tolist() == [0, 0, 0]
    assert [test.complete for test in tests] == [False] * (len(tests) - 1) + [True]
    assert len(tests) > 30
    known = [int(test.steps[0]) for test in tests]
    assert known == sorted(known)
    for test in tests:
        assert not test.losses.flags.writeable
        assert not test.steps.flags.writeable
        assert np.isfinite(test.losses).sum(1).tolist() == test.steps.tolist()


def test_it_can_be_left_at_any_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_under_test, "PAUSE_SECONDS", 0.0)
    work = range_test(question())
    for _ in range(10):
        next(work)
    work.close()


def test_what_does_not_fit_into_memory_is_refused_with_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_under_test, "MEMORY_BYTES", 1000)
    with pytest.raises(LrvizError, match=r"3 seeds of 42 parameters need .* fewer seeds or a smaller model fit"):
        done(question())


def test_a_question_that_makes_no_sense_is_refused_before_anything_is_computed() -> None:
    with pytest.raises(LrvizError, match="pictures"):
        done(question(on_model("cnn", "moons")))
    experiment: Experiment = asked(SPEC, (0.1,), 1)
    for wrong in ({"first": 1.0, "last": 0.1}, {"steps": 5}, {"seeds": (1, 1)}):
        with pytest.raises(LrvizError):
            RangeQuestion(experiment, **wrong)


def test_where_vmap_refuses_rows_run_in_turn_and_the_note_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("not today")

    monkeypatch.setattr(stacked_module, "vmap", refuse)
    test = done(question(on_model("mlp_batchnorm", "digits", 64), "adam", last=1e-3, steps=10))
    assert any("vmap refuses" in note for note in test.notes)
    assert test.steps.tolist() == [10, 10, 10]


def test_a_models_data_and_settings_are_those_asked_for() -> None:
    spec = replace(SPEC, data=choose(catalog.datasets, "moons", label_noise=0.4))
    assert not np.array_equal(done(question(spec)).losses, done(question()).losses)

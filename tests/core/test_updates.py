"""One update as it is put together from a trace, of a race by torch and of rows written by hand."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.experiment import Change, Experiment, OnSurface, Run, choose
from lrviz.core.scene import Scene
from lrviz.core.trace import Recorder
from lrviz.core.updates import stages_at, state_at, update_at
from tests.engine.questions import asked, defaults, on_model, on_surface, run, until_judged

STEPS = 12


def raced(optimizer: str, *changes: Change) -> Scene:
    experiment = asked(on_surface("himmelblau", (1.0, 1.5), noise=0.3), (0.01,), STEPS, optimizer)
    return run(replace(experiment, runs=(Run(0.01, changes=changes), Run(0.002))))


@pytest.mark.parametrize("optimizer", catalog.optimizers.names())
def test_every_update_is_known_but_none_follows_the_last_row(optimizer: str) -> None:
    scene = raced(optimizer)
    for step in range(STEPS):
        update = update_at(scene, 0, step)
        assert update is not None
        assert (update.step, update.rate) == (step, 0.01)
        np.testing.assert_array_equal(update.theta, scene.traces[0].theta[step])
        np.testing.assert_array_equal(update.moved, np.diff(scene.traces[0].theta, axis=0)[step])
        following = update_at(scene, 0, step + 1)
        if following is not None:
            assert list(following.before) == list(update.after)
            for name, value in update.after.items():
                np.testing.assert_array_equal(following.before[name], value)
        assert (update.before == {}) == (step == 0 or optimizer == "sgd")
    for step in (-1, STEPS, STEPS + 1):
        assert update_at(scene, 0, step) is None
        assert stages_at(scene, 0, step) == ()


def test_the_memory_is_torchs_own() -> None:
    scene = raced("adam")
    m = v = np.zeros(2)
    for step in range(STEPS):
        update = update_at(scene, 0, step)
        assert update is not None
        m, v = 0.9 * m + 0.1 * update.gradient, 0.999 * v + 0.001 * update.gradient**2
        np.testing.assert_allclose(update.after["exp_avg"], m, rtol=1e-12)
        np.testing.assert_allclose(update.after["exp_avg_sq"], v, rtol=1e-12)
        assert update.after["step"].tolist() == [step + 1, step + 1]


def test_the_gradient_is_that_which_the_optimizer_was_given_noise_included() -> None:
    scene = raced("sgd")
    update = update_at(scene, 0, 5)
    other = update_at(scene, 1, 5)
    assert update is not None
    assert other is not None
    np.testing.assert_allclose(update.moved, -0.01 * update.gradient, rtol=1e-9)
    x, y = update.theta
    clean = np.array([4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7), 2 * (x**2 + y - 11) + 4 * y * (x + y**2 - 7)])
    assert np.abs(update.gradient - clean).min() > 1e-3


def test_a_new_optimizer_begins_without_memory_and_its_settings_are_its_own() -> None:
    scene = raced("momentum", Change(5, 0.02, defaults("adam")))
    before, first, second = (update_at(scene, 0, step) for step in (4, 5, 6))
    assert before is not None
    assert first is not None
    assert second is not None
    assert list(before.after) == ["momentum_buffer"]
    assert (first.rate, first.before, set(first.after)) == (0.02, {}, {"step", "exp_avg", "exp_avg_sq"})
    assert set(second.before) == set(first.after)
    assert "beta1" in first.settings
    neighbour = update_at(scene, 1, 6)
    assert neighbour is not None
    assert list(neighbour.after) == ["momentum_buffer"]
    assert len(stages_at(scene, 0, 6)) > len(stages_at(scene, 1, 6)) >= 2


def test_at_the_last_row_the_memory_is_that_of_the_update_before() -> None:
    scene = raced("momentum")
    at_last, before = state_at(scene, 0, STEPS), update_at(scene, 0, STEPS - 1)
    assert at_last is not None
    assert before is not None
    np.testing.assert_array_equal(at_last.after["momentum_buffer"], before.after["momentum_buffer"])
    assert at_last.moved.tolist() == [0.0, 0.0]
    np.testing.assert_array_equal(at_last.gradient, scene.traces[0].detail("gradient")[-1])


def by_hand(details: bool, kept: range = range(4)) -> Scene:
    """Plain descent from (1, 2), by 1 a step along x; rows 0 to 3 of at most 10 are there."""
    recorder = Recorder((0.5,), 10, 2, kept)
    for step in (step for step in kept if step < 4):
        recorder.snapshot(np.array([[1.0 - step, 2.0]]))
        if details:
            recorder.detail("gradient", len(recorder.theta_from(0)) - 1, np.array([[[2.0, 0.0]]]))
    recorder.append(np.zeros((1, 4)), np.full((1, 4), 0.5))
    problem = OnSurface(choose(catalog.surfaces, "bowl"), (1.0, 2.0))
    sgd, constant = choose(catalog.optimizers, "sgd"), choose(catalog.schedules, "constant")
    return Scene(Experiment(problem, sgd, constant, (Run(0.5),), 10), "", 2, None, recorder.traces)


def test_while_a_race_goes_on_updates_are_known_up_to_the_last_row_but_one() -> None:
    scene = by_hand(details=True)
    known = [update_at(scene, 0, step) for step in range(6)]
    assert [update is not None for update in known] == [True, True, True, False, False, False]
    assert known[2] is not None
    assert (known[2].theta.tolist(), known[2].moved.tolist()) == ([-1.0, 2.0], [-1.0, 0.0])


def test_without_details_or_neighbouring_snapshots_nothing_is_known() -> None:
    for scene in (by_hand(details=False), by_hand(details=True, kept=range(0, 10, 2))):
        assert [update_at(scene, 0, step) for step in range(5)] == [None] * 5
        assert [state_at(scene, 0, step) for step in range(1, 5)] == [None] * 4


def test_models_have_no_details() -> None:
    scene = until_judged(asked(on_model(), (0.1,), 5))
    assert scene.traces[0].details == ()
    assert update_at(scene, 0, 1) is None


def test_an_optimizer_whose_file_tells_nothing_is_told_in_two_plain_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = by_hand(details=True)
    monkeypatch.setitem(vars(catalog.optimizers.find("sgd")), "stages", None)
    slope, step = stages_at(scene, 0, 1)
    assert slope.arrow is not None
    assert step.arrow is not None
    assert (slope.arrow.kind, slope.arrow.by) == ("gradient", (-1.0, 0.0))
    assert (step.arrow.kind, step.arrow.by) == ("step", (-1.0, 0.0))

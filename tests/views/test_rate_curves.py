from __future__ import annotations

import math
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from lrviz.core.experiment import Change
from lrviz.core.scene import Scene
from lrviz.views.rate_curves import grows, rate_curves
from tests.views.scenes import FakeRace, smooth

COSINE = (1 + np.cos(np.pi * np.arange(101) / 100)) / 2
HALVED = 0.5 ** (np.arange(101) // 25)


def scene_with(*factors: np.ndarray | None, rows: int | None = None) -> Scene:
    return replace(FakeRace(smooth(len(factors), 100)).publish(rows), factors=factors)


def with_change(scene: Scene, run: int, change: Change) -> Scene:
    runs = list(scene.experiment.runs)
    runs[run] = msgspec.structs.replace(runs[run], changes=(change,))
    return replace(scene, experiment=msgspec.structs.replace(scene.experiment, runs=tuple(runs)))


def test_runs_of_one_schedule_share_a_curve_and_others_have_their_own() -> None:
    curves = rate_curves(scene_with(COSINE, HALVED, COSINE))
    assert [curve.runs for curve in curves] == [(0, 2), (1,)]
    np.testing.assert_allclose(curves[0].factors, COSINE)
    assert curves[0].steps.tolist() == list(range(101))


def test_a_change_of_rate_leaps_where_it_is_made_and_the_schedule_goes_on() -> None:
    scene = with_change(scene_with(COSINE, COSINE), 1, Change(40, 0.02))  # from 0.1
    plain, changed = rate_curves(scene)
    assert plain.runs == (0,)
    at = np.flatnonzero(changed.steps == 40)
    assert changed.factors[at[0]] == pytest.approx(COSINE[40])
    assert changed.factors[at[-1]] == pytest.approx(0.2 * COSINE[40])
    assert changed.factors[-20] == pytest.approx(0.2 * COSINE[81])


def test_where_losses_decide_the_curve_is_what_was_recorded_so_far() -> None:
    scene = scene_with(None, rows=31)
    assert grows(scene)
    (curve,) = rate_curves(scene)
    assert curve.steps[-1] == 30
    assert set(curve.factors.tolist()) == {1.0}
    assert not grows(scene_with(COSINE))


def test_the_factor_at_a_step_is_the_recorded_one_and_foretold_beyond() -> None:
    scene = scene_with(HALVED, rows=31)
    (curve,) = rate_curves(scene)
    assert curve.factor_at(scene, 30) == 1.0  # the race made by hand has constant rates
    assert curve.factor_at(scene, 90) == pytest.approx(0.125)


def test_the_factor_of_a_run_that_is_over_is_not_known() -> None:
    race = FakeRace([[1.0, 2.0, math.inf, math.inf], [1.0, 0.9, 0.8, 0.7]])
    over, going = rate_curves(replace(race.publish(), factors=(None, None)))
    assert math.isnan(over.factor_at(race.scene, 3))
    assert going.factor_at(race.scene, 3) == 1.0


def test_a_long_race_is_drawn_with_few_points() -> None:
    (curve,) = rate_curves(replace(FakeRace(smooth(1, 5000)).publish(), factors=(None,)))
    assert len(curve.steps) == 201

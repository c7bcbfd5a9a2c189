"""A model's race on other planes, once it has ended."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from lrviz.core.errors import LrvizError
from lrviz.core.landscape import PLANE_KINDS, PlaneKind
from lrviz.core.scene import Scene
from lrviz.engine import landscapes, training
from lrviz.engine import race as race_module
from lrviz.engine.landscapes import scenes_on
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.problems import problem_from_spec
from lrviz.engine.race import race
from tests.engine.questions import asked, on_model, on_surface, run, until_judged

MOONS = asked(on_model(hidden=(8,)), (0.3, 0.03), 40)


@pytest.fixture(autouse=True)
def small_grids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landscapes, "coarse_size", lambda _: 5)
    monkeypatch.setattr(landscapes, "fine_size", lambda _: 9)


@pytest.fixture(scope="module")
def judged() -> Scene:
    return until_judged(MOONS)


def test_a_race_says_on_which_kind_of_plane_it_is_shown() -> None:
    *_, last = race(MOONS)
    assert last.plane_kind == "paths"
    assert last.plane is not None
    assert last.plane.axes[0].startswith("main direction 1")
    assert run(asked(on_surface("bowl"), (0.1,), 5)).plane_kind is None


def test_while_the_runs_are_under_way_the_plane_is_the_starts_coarse_and_in_a_long_race_fine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(race_module, "CHUNKS_BEFORE_BACKDROP", 2)
    monkeypatch.setattr(race_module, "CHUNKS_BEFORE_FINE", 30)
    monkeypatch.setattr(training, "CHUNK_SECONDS", 0.0)  # a chunk a step
    scenes = list(itertools.takewhile(lambda scene: scene.verdicts is None, race(MOONS)))
    shown = [scene for scene in scenes if scene.landscape is not None]
    assert {scene.plane_kind for scene in shown} == {"start"}
    assert [size for size, _ in itertools.groupby(len(scene.landscape.loss) for scene in shown if scene.landscape)] == [
        5,
        9,
    ]
    assert len({id(scene) for scene in scenes}) == 3


@pytest.mark.parametrize("kind", PLANE_KINDS)
def test_the_same_race_is_shown_on_every_kind_of_plane_coarse_and_then_fine(judged: Scene, kind: PlaneKind) -> None:
    scenes = list(scenes_on(judged, kind))
    assert scenes[0] is judged
    shown = [scene for scene in scenes if scene.landscape is not None]
    assert sorted({len(scene.landscape.loss) for scene in shown if scene.landscape is not None}) == [5, 9]
    assert len({id(scene) for scene in scenes}) == 3
    assert {scene.plane_kind for scene in shown} == {kind}
    assert scenes[-1].traces is judged.traces
    assert scenes[-1].verdicts is judged.verdicts


def test_the_landscapes_loss_is_the_engines_at_the_foot(judged: Scene) -> None:
    *_, scene = scenes_on(judged, "finals")
    assert scene.plane is not None
    assert scene.landscape is not None
    problem = problem_from_spec(scene.experiment.problem, scene.experiment.seed)
    assert isinstance(problem, ModelProblem)
    x0, x1, y0, y1 = scene.landscape.bounds
    corner = np.array([[x0 + (x1 - x0) * 3 / 8, y0 + (y1 - y0) * 5 / 8]])
    theta = torch.from_numpy(scene.plane.theta_from_plane(corner)).float()
    expected = problem.metrics(theta)["train_loss"].item()
    assert scene.landscape.loss_at(corner)[0] == pytest.approx(expected, rel=1e-4)


def test_what_is_known_already_is_not_computed_again(judged: Scene) -> None:
    *_, fine = scenes_on(judged, "random")
    again = list(scenes_on(fine, "random"))
    assert {id(scene) for scene in again} == {id(fine)}
    coarse = next(scene for scene in scenes_on(judged, "random") if scene.landscape is not None)
    *_, finer = scenes_on(coarse, "random")
    assert finer.plane is coarse.plane
    assert finer.landscape is not None
    assert len(finer.landscape.loss) == 9


def test_who_asks_may_stop_at_any_time(judged: Scene) -> None:
    scenes = scenes_on(judged, "paths")
    for _ in range(4):
        next(scenes)
    assert hasattr(scenes, "close")
    scenes.close()
    assert next(scenes, None) is None


def test_a_surface_has_no_other_plane() -> None:
    with pytest.raises(LrvizError, match="its own plane"):
        list(scenes_on(run(asked(on_surface("bowl"), (0.1,), 5)), "random"))


def test_one_run_alone_has_no_plane_through_two_ends() -> None:
    with pytest.raises(LrvizError, match="needs two runs"):
        list(scenes_on(until_judged(asked(on_model(hidden=(8,)), (0.3,), 20)), "finals"))


def test_if_no_run_got_anywhere_the_plane_through_the_start_stays() -> None:
    *_, last = race(asked(on_model(hidden=(8,)), (1e30,), 3))
    assert last.plane_kind == "start"
    assert last.landscape is not None

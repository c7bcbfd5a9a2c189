"""A model's race on one plane or another: the landscape there, coarse and then fine."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import TypeVar

from lrviz.core.errors import LrvizError
from lrviz.core.experiment import OnModel
from lrviz.core.landscape import PlaneKind
from lrviz.core.pauses import Paused, at_pauses
from lrviz.core.scene import Scene
from lrviz.engine.landscape import coarse_size, fine_size, model_landscape
from lrviz.engine.lanes import lanes
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.planes import Window, window_of
from lrviz.engine.problems import problem_from_spec

T = TypeVar("T")


def scenes_on(scene: Scene, kind: PlaneKind) -> Iterator[Scene]:
    """The same race, traces and verdicts, on the plane of that kind: for whoever asks after the race has ended.

    The same object comes again, after every 15 ms or so of work, until something is new: first a coarse landscape, then
    a fine one. What the scene has of it already is not computed again. LrvizError where it has no such plane.
    """
    yield scene
    spec, seed = scene.experiment.problem, scene.experiment.seed
    if not isinstance(spec, OnModel):
        raise LrvizError("a surface is its own plane; others are there for models")
    problem = problem_from_spec(spec, seed)
    assert isinstance(problem, ModelProblem)
    yield scene
    if scene.plane is not None and scene.landscape is not None and scene.plane_kind == kind:
        window = Window(scene.plane, scene.landscape.bounds)
    else:
        window = yield from meanwhile(scene, window_of(kind, problem, scene.traces, seed))
    yield scene
    with lanes() as problem.lanes:
        yield from refined(scene, problem, window, kind)


def refined(scene: Scene, problem: ModelProblem, window: Window, kind: PlaneKind) -> Iterator[Scene]:
    """The scene with a coarse landscape of the window and then with a fine one, as far as it has them not yet."""
    known = 0 if scene.landscape is None or scene.plane is not window.plane else len(scene.landscape.loss)
    for size in (coarse_size(problem), fine_size(problem)):
        if size > known:
            for landscape in model_landscape(problem, window, size):
                if landscape is not None:
                    scene = replace(scene, plane=window.plane, plane_kind=kind, landscape=landscape)
                scene = with_note(scene, problem)
                yield scene


def meanwhile(scene: Scene, work: Paused[T]) -> Generator[Scene, None, T]:
    """The result of the work; at each of its pauses the scene comes again."""
    return (yield from at_pauses(work, lambda: (scene,)))


def with_note(scene: Scene, problem: ModelProblem) -> Scene:
    """The scene with what the problem has come to say; itself where that is nothing new."""
    return scene if scene.note == problem.note else replace(scene, note=problem.note)

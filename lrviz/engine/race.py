"""All runs of one experiment, advanced together: the generator that everyone iterates."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace

from lrviz.core.errors import LrvizError
from lrviz.core.experiment import Experiment, OnModel
from lrviz.core.landscape import Plane, PlaneKind
from lrviz.core.problem import Problem
from lrviz.core.scene import Scene
from lrviz.core.trace import Recorder
from lrviz.engine.fingerprint import fingerprint
from lrviz.engine.judging import model_verdicts, surface_verdicts
from lrviz.engine.landscape import surface_landscape
from lrviz.engine.landscapes import meanwhile, refined, with_note
from lrviz.engine.lanes import Lanes, lanes
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.plan import Plan, plan_race
from lrviz.engine.planes import Window, plane_of_paths, plane_through_start
from lrviz.engine.problems import SurfaceProblem, bounds_and_minima, data_behind, problem_from_spec
from lrviz.engine.process import spread
from lrviz.engine.rates import shown_factors
from lrviz.engine.surface_training import train_on_surface
from lrviz.engine.training import train

# Of training, some 10 ms each. A shorter race is over before such a picture would be there, or would be seen for long.
CHUNKS_BEFORE_BACKDROP = 40
CHUNKS_BEFORE_FINE = 200


def race(
    experiment: Experiment, *, watched: bool = True, on_all_processors: bool = False
) -> Generator[Scene, None, None]:
    """A scene as soon as there is one, then one after each chunk of about 10 ms, and the last with verdicts.

    The same object comes again until something other than its traces has changed. On a model's race landscapes follow
    the verdicts, a coarse one and a fine one: whoever draws nothing may stop at the verdicts. While a model's runs are
    `watched` there is a landscape behind them too; whoever has no window on another one may have them trained
    `on_all_processors`.
    LrvizError, before anything is computed, where the experiment makes no sense or does not fit into memory.
    """
    problem = problem_from_spec(experiment.problem, experiment.seed)
    plan = plan_race(problem, experiment)
    recorder = _recorder(experiment, problem, plan)
    scene = Scene(
        experiment=experiment,
        fingerprint=fingerprint(experiment, problem),
        parameters=problem.parameters,
        steps_per_epoch=problem.steps_per_epoch,
        traces=recorder.traces,
        factors=shown_factors(experiment),
        test_samples=problem.test_samples if isinstance(problem, ModelProblem) else None,
        note=problem.note,
    )
    if isinstance(problem, SurfaceProblem):
        yield from _on_surface(scene, problem, train_on_surface(problem, experiment, recorder, plan))
    elif isinstance(problem, ModelProblem):
        training = train(problem, experiment, recorder, plan)
        with lanes() as several:
            trained = spread(training) if on_all_processors else training
            yield from _on_model(scene, problem, trained, several, watched=watched)


def _recorder(experiment: Experiment, problem: Problem, plan: Plan) -> Recorder:
    return Recorder(
        lrs=experiment.lrs,
        steps=experiment.steps,
        parameters=problem.parameters,
        snapshot_steps=plan.snapshot_steps,
        metrics=plan.metric_names,
        dtype=problem.start(1).numpy().dtype,
        metric_steps=plan.metric_steps,
    )


def _on_surface(scene: Scene, problem: SurfaceProblem, training: Iterator[None]) -> Iterator[Scene]:
    """All that a surface shows is known before the first step."""
    spec = scene.experiment.problem
    assert not isinstance(spec, OnModel)
    bounds, minima = bounds_and_minima(spec)
    landscape = surface_landscape(problem, bounds)
    scene = replace(scene, plane=Plane.of_surface(), landscape=landscape, minima=minima, data=data_behind(spec))
    yield scene
    for _ in training:
        yield scene
    yield replace(scene, verdicts=surface_verdicts(scene, problem))


def _on_model(
    scene: Scene, problem: ModelProblem, training: Iterator[None], after: Lanes, *, watched: bool
) -> Iterator[Scene]:
    """While the runs are under way, a plane through the start; once they have ended, the plane of their paths."""
    yield scene
    seed = scene.experiment.seed
    backdrop = _backdrop(scene, problem)
    for chunk, _ in enumerate(training):
        if watched and chunk >= (CHUNKS_BEFORE_BACKDROP if scene.landscape is None else CHUNKS_BEFORE_FINE):
            scene = next(backdrop, None) or scene
        scene = with_note(scene, problem)
        yield scene
    scene = replace(scene, verdicts=model_verdicts(scene, problem))
    yield scene
    problem.lanes = after
    kind: PlaneKind = "paths"
    try:
        window = yield from meanwhile(scene, plane_of_paths(problem, scene.traces, seed))
    except LrvizError:  # there are no paths
        kind = "start"
        if scene.plane is not None and scene.landscape is not None:
            window = Window(scene.plane, scene.landscape.bounds)
        else:
            window = yield from meanwhile(scene, plane_through_start(problem, seed))
    yield from refined(scene, problem, window, kind)


def _backdrop(scene: Scene, problem: ModelProblem) -> Iterator[Scene | None]:
    """The scene on a plane through the start; None as long as the plane is not known."""
    window = yield from plane_through_start(problem, scene.experiment.seed)
    yield from refined(scene, problem, window, "start")

"""Whatever is asked, there is a pause before too much is multiplied: counted, not timed."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from lrviz.core.experiment import Experiment
from lrviz.core.landscape import PlaneKind
from lrviz.engine import landscape, training
from lrviz.engine.dense_problem import DenseProblem
from lrviz.engine.insight import Insights
from lrviz.engine.landscapes import scenes_on
from lrviz.engine.model_loss import ModelLoss
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.portions import BACKWARD, FEWEST
from lrviz.engine.problems import problem_from_spec
from lrviz.engine.race import race
from tests.engine.multiplications import stretches
from tests.engine.questions import asked, on_model, until_judged

SCALE = 300  # to which the budget is cut, so that small models are to it what the largest are to the true one
BEGUN = 150  # pauses of a race, which its slowest steps are among
SEARCHING = {"max_iter": 3, "line_search": "strong_wolfe"}


@pytest.fixture
def scaled(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (ModelLoss, DenseProblem):
        for budget in ("_affordable", "_longest"):
            monkeypatch.setattr(kind, budget, getattr(kind, budget) / SCALE)
    monkeypatch.setattr(training, "CHUNK_SECONDS", 0.0)
    monkeypatch.setattr(landscape, "BATCH_SECONDS", 0.0)  # one place after another


def posed(
    model: str,
    data: str,
    batch: int = 64,
    runs: int = 3,
    sharpness: bool = False,
    optimizer: str = "adam",
    **settings: Any,
) -> Experiment:
    of_optimizer: dict[str, Any] = SEARCHING if optimizer == "lbfgs" else {}
    lrs = [0.1 / 2**k for k in range(runs)]
    return replace(
        asked(on_model(model, data, batch, **settings), lrs, 2, optimizer, **of_optimizer), sharpness=sharpness
    )


EVERY = {
    "default": posed("mlp", "digits"),
    "64 runs, full batch": posed("mlp", "digits", 0, runs=64),
    "wide, full batch": posed("mlp", "digits", 0, hidden=(200, 100)),
    "wide, sharpness": posed("mlp", "digits", sharpness=True, hidden=(200, 100)),
    "full batch, sharpness": posed("mlp", "digits", 0, sharpness=True),
    "convolutional, full batch": posed("cnn", "digits", 0),
    "convolutional": posed("cnn", "digits", 256, runs=1),
    "convolutional, sharpness": posed("cnn", "digits", runs=2, sharpness=True),
    "recurrent": posed("rnn", "digits", 0),
    "transformer, sharpness": posed("transformer", "digits", runs=2, sharpness=True, blocks=1),
    "dropout, full batch, sharpness": posed("mlp_dropout", "digits", 0, runs=2, sharpness=True),
    "in the plane": posed("mlp", "moons", 0, runs=16),
    "searching, full batch": posed("mlp", "digits", 0, runs=2, optimizer="lbfgs"),
    "searching, convolutional": posed("cnn", "digits", 0, runs=2, optimizer="lbfgs"),
    "row by row": posed("mlp", "digits", 0, optimizer="rprop"),
}


def longest(experiment: Experiment) -> float:
    """What the problem allows itself; where its weights are many for that, so often as it takes to use them well."""
    problem = problem_from_spec(experiment.problem, 0)
    assert isinstance(problem, ModelProblem)
    portions = problem.portions
    # Four times: a second derivative by autograd costs more than is reckoned, some ten forward passes.
    return 4 * max(portions.longest, BACKWARD * FEWEST * portions.parameters, BACKWARD * portions.products)


@pytest.mark.usefixtures("scaled")
@pytest.mark.parametrize("name", EVERY)
def test_a_race_pauses_before_too_much_is_multiplied(name: str) -> None:
    experiment = EVERY[name]
    counts = stretches(race(experiment), BEGUN)
    assert max(counts) <= longest(experiment)
    assert sum(counts) > 5 * longest(experiment)  # enough to do for pauses to be needed


@pytest.mark.usefixtures("scaled")
@pytest.mark.parametrize("name", ["64 runs, full batch", "wide, full batch", "convolutional", "in the plane"])
def test_insights_and_planes_pause_too(name: str) -> None:
    experiment = EVERY[name]
    scene = until_judged(experiment)
    insights = Insights(experiment, scene.traces)
    for kind in insights.kinds:
        assert max(stretches(insights.look(kind, 1), BEGUN)) <= longest(experiment)
    kinds: tuple[PlaneKind, ...] = ("start", "paths", "random")
    for plane in kinds:
        assert max(stretches(scenes_on(scene, plane), BEGUN // 3)) <= longest(experiment)


@pytest.mark.usefixtures("scaled")
def test_with_batch_norm_the_longest_stretch_is_one_runs_work_on_one_part() -> None:
    experiment = posed("mlp_batchnorm", "digits", 0)
    problem = problem_from_spec(experiment.problem, 0)
    assert isinstance(problem, ModelProblem)
    whole = BACKWARD * len(problem._train[0]) * problem.products
    assert longest(experiment) < max(stretches(race(experiment), BEGUN)) <= whole


def test_a_large_network_is_divided_at_the_true_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "CHUNK_SECONDS", 0.0)
    experiment = posed("mlp", "digits", 0, runs=2, hidden=(1024, 1024))
    counts = stretches(race(experiment), 30)
    assert max(counts) <= DenseProblem._longest
    assert sum(counts) > 10 * DenseProblem._longest


def test_how_a_run_is_divided_does_not_depend_on_the_other_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ModelLoss, "_longest", 1e7)
    monkeypatch.setattr(ModelLoss, "_affordable", 1e7)
    alone, beside = (until_judged(posed("mlp_dropout", "digits", 0, runs=runs)) for runs in (1, 3))
    for name in ("loss", "theta"):
        assert (getattr(alone.traces[0], name) == getattr(beside.traces[0], name)).all()

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils import vector_to_parameters

from lrviz.core import catalog
from lrviz.core.dataset import Data
from lrviz.core.epochs import load_data
from lrviz.core.experiment import Experiment, OnModel
from lrviz.core.insight import Boundary, Confusion, Fit, Histograms, Insight, InsightKind, Units, Wall
from lrviz.core.scene import Scene
from lrviz.engine import insight as engine_insight
from lrviz.engine.insight import GRID, MAP, MOST_UNITS, Insights
from lrviz.engine.insight_data import pictures_of, studied
from lrviz.engine.insight_layers import BINS
from lrviz.engine.insight_units import answering_layer
from lrviz.engine.model_problem import ModelProblem
from lrviz.engine.problems import problem_from_spec
from tests.engine.questions import asked, on_model, toy_data, until_judged

STEPS = 40


class Raced:
    """A short race, and plain torch forwards of the module that each run had at a step."""

    def __init__(self, experiment: Experiment) -> None:
        assert isinstance(experiment.problem, OnModel)
        self.experiment = experiment
        self.scene: Scene = until_judged(experiment)
        self.data: Data = load_data(experiment.problem.data, experiment.seed)
        self.insights = Insights(experiment, self.scene.traces)

    def module(self, run: int, step: int) -> nn.Module:
        problem = problem_from_spec(self.experiment.problem, self.experiment.seed)
        assert isinstance(problem, ModelProblem)
        trace = self.scene.traces[run]
        place = trace.snapshot_at(step)
        assert place is not None
        vector_to_parameters(torch.tensor(trace.theta_at(place)), problem.module.parameters())
        return problem.module.eval()

    @torch.no_grad()
    def answers(self, run: int, step: int, inputs: NDArray[np.float32]) -> Tensor:
        answers: Tensor = self.module(run, step)(torch.tensor(inputs))
        return answers

    def test_answers(self, run: int, step: int) -> NDArray[np.int64]:
        return np.asarray(self.answers(run, step, self.data.test_inputs).argmax(-1).numpy())


@pytest.fixture(scope="module")
def moons() -> Raced:
    return Raced(asked(on_model("mlp", "moons", hidden=(16, 8)), [2.0, 0.05], STEPS))


@pytest.fixture(scope="module")
def digits() -> Raced:
    return Raced(asked(on_model("mlp", "digits", hidden=(24,)), [0.5, 0.05], STEPS))


def only(insight: Insight, run: int) -> object:
    return insight.runs[run]


def test_each_kind_is_offered_where_it_makes_sense(moons: Raced, digits: Raced) -> None:
    assert moons.insights.kinds == ("boundary", "confusion", "units", "weights")
    assert digits.insights.kinds == ("wall", "confusion", "units", "weights")
    assert digits.insights.at("boundary", STEPS).kind == "wall"


@pytest.mark.parametrize("name", [part.name for part in catalog.models if "classification" in part.tasks])
def test_every_model_s_insights_are_found(name: str) -> None:
    raced = Raced(asked(on_model(name, "digits"), [0.1, 0.01], 2))
    for kind in raced.insights.kinds:
        insight = raced.insights.at(kind, 2)
        assert insight.kind == kind
        assert all(found is not None for found in insight.runs)


@pytest.mark.parametrize("step", [0, 7, STEPS])
def test_the_boundary_is_what_the_module_answers_on_the_grid(moons: Raced, step: int) -> None:
    insight = moons.insights.at("boundary", step)
    assert insight.studied.bounds is not None
    x0, x1, y0, y1 = insight.studied.bounds
    grid = np.array([(x, y) for y in np.linspace(y0, y1, GRID) for x in np.linspace(x0, x1, GRID)], np.float32)
    for run in range(2):
        found = only(insight, run)
        assert isinstance(found, Boundary)
        answers = moons.answers(run, step, grid)
        assert (found.winner.ravel() == answers.argmax(-1).numpy()).all()
        chances = torch.softmax(answers, -1).numpy()
        np.testing.assert_allclose(found.margin.ravel(), np.abs(chances[:, 0] - chances[:, 1]), atol=1e-5)


def test_the_boundary_at_the_samples_agrees_with_their_predictions(moons: Raced) -> None:
    insight = moons.insights.at("boundary", STEPS)
    assert insight.studied.bounds is not None
    assert insight.studied.test_points is not None
    x0, x1, y0, y1 = insight.studied.bounds
    points = insight.studied.test_points
    column = np.rint((points[:, 0] - x0) / (x1 - x0) * (GRID - 1)).astype(int)
    row = np.rint((points[:, 1] - y0) / (y1 - y0) * (GRID - 1)).astype(int)
    found = only(insight, 0)
    assert isinstance(found, Boundary)
    predicted = moons.answers(0, STEPS, points).argmax(-1).numpy()
    sure = found.margin[row, column] > 0.2  # nearer to the border, the nearest grid point may lie beyond it
    assert sure.sum() > 50
    assert (found.winner[row, column] == predicted)[sure].all()


@pytest.mark.parametrize("step", [0, 16, STEPS])
def test_a_confusion_counts_every_test_sample_and_its_diagonal_is_the_accuracy(digits: Raced, step: int) -> None:
    insight = digits.insights.at("confusion", step)
    for run, trace in enumerate(digits.scene.traces):
        found = only(insight, run)
        assert isinstance(found, Confusion)
        assert found.counts.sum() == len(digits.data.test_targets)
        at = np.flatnonzero(trace.metric_step == step)
        assert np.trace(found.counts) / found.counts.sum() == trace.metric("test_accuracy")[at[0]]
        truth, answer = digits.data.test_targets, digits.test_answers(run, step)
        assert found.counts[8, 1] == ((truth == 8) & (answer == 1)).sum()


def test_the_wall_s_mistakes_are_the_mistakes_and_come_first(digits: Raced) -> None:
    insight = digits.insights.at("wall", STEPS)
    for run in range(2):
        found = only(insight, run)
        assert isinstance(found, Wall)
        answer, truth = digits.test_answers(run, STEPS), digits.data.test_targets
        mistakes = np.flatnonzero(answer != truth)
        assert found.mistakes == len(mistakes)
        shown = min(len(mistakes), len(found.place))
        assert found.place[:shown].tolist() == mistakes[:shown].tolist()
        assert (found.answer == answer[found.place]).all()
        assert (found.truth == truth[found.place]).all()
        chances = torch.softmax(digits.answers(run, STEPS, digits.data.test_inputs), -1).amax(-1).numpy()
        np.testing.assert_allclose(found.sure, chances[found.place], atol=1e-5)


def test_pictures_are_the_digits_as_they_were(digits: Raced) -> None:
    pictures = pictures_of(digits.data)
    assert pictures.shape == (len(digits.data.test_targets), 8, 8)
    sixteenths = pictures / 255 * 16
    np.testing.assert_allclose(sixteenths, np.rint(sixteenths), atol=0.04)  # they had values from 0 to 16
    assert pictures.min() == 0
    assert pictures.max() == 255


def test_units_of_two_inputs_are_what_the_last_layer_is_given(moons: Raced) -> None:
    insight = moons.insights.at("units", STEPS)
    found = only(insight, 0)
    assert isinstance(found, Units)
    assert (found.form, found.total, found.values.shape) == ("maps", 8, (8, MAP, MAP))
    assert insight.studied.bounds is not None
    x0, _, y0, y1 = insight.studied.bounds
    corners = np.array([[x0, y0], [x0, y1]], np.float32)
    module = moons.module(0, STEPS)
    assert isinstance(module, nn.Sequential)
    with torch.no_grad():
        heard = module[:-1](torch.tensor(corners)).numpy()
    np.testing.assert_allclose(found.values[:, [0, -1], 0].T, heard, atol=1e-5)


def test_units_of_pictures_are_the_first_layer_s_weights(digits: Raced) -> None:
    found = only(digits.insights.at("units", STEPS), 1)
    assert isinstance(found, Units)
    weight = next(digits.module(1, STEPS).parameters()).detach().numpy()
    assert (found.form, found.total) == ("pictures", 24)
    assert (found.values == weight[:MOST_UNITS].reshape(-1, 8, 8)).all()


def test_units_of_a_table_are_their_means_over_the_classes() -> None:
    raced = Raced(asked(on_model("mlp", "breast_cancer", hidden=(6,)), [0.1], 5))
    found = only(raced.insights.at("units", 5), 0)
    assert isinstance(found, Units)
    module = raced.module(0, 5)
    assert isinstance(module, nn.Sequential)
    with torch.no_grad():
        heard = module[:-1](torch.tensor(raced.data.test_inputs)).numpy()
    assert (found.form, found.groups) == ("groups", raced.data.classes)
    for index in range(2):
        mean = heard[raced.data.test_targets == index].mean(axis=0)
        np.testing.assert_allclose(found.values[:, index], mean, atol=1e-5)


def test_histograms_count_every_weight_and_the_gradient_of_the_step_s_batch(digits: Raced) -> None:
    insight = digits.insights.at("weights", 16)
    problem = problem_from_spec(digits.experiment.problem, digits.experiment.seed)
    assert isinstance(problem, ModelProblem)
    for run, trace in enumerate(digits.scene.traces):
        found = only(insight, run)
        assert isinstance(found, Histograms)
        assert found.layers == ("0", "2")
        assert found.weights.sum(axis=1).tolist() == [64 * 24, 24 * 10]
        assert found.gradients.shape == (2, BINS)
        place = trace.snapshot_at(16)
        assert place is not None
        _, gradient = problem.gradients(torch.tensor(trace.theta_at(place))[None], 16)
        first = gradient[0, : 64 * 24].numpy()
        assert found.gradients[0].sum() == (first != 0).sum()
        assert found.zeros[0] == pytest.approx((first == 0).mean())
        low, high = 10.0 ** found.gradient_edges[[20, 30]]
        inside = ((np.abs(first) >= low) & (np.abs(first) < high)).sum()
        assert found.gradients[0, 20:30].sum() == pytest.approx(inside, abs=2)  # rounded at an edge
    first_run, second_run = insight.runs
    assert isinstance(first_run, Histograms)
    assert isinstance(second_run, Histograms)
    assert (first_run.weight_edges == second_run.weight_edges).all()


def test_a_step_without_a_snapshot_is_told_from_the_one_before() -> None:
    raced = Raced(asked(on_model("mlp", "moons", hidden=(4,)), [0.1], 700))
    kept = raced.scene.traces[0].snapshot_step
    missing = next(step for step in range(700) if step not in kept)
    insight = raced.insights.at("boundary", missing)
    before = int(kept[kept < missing][-1])
    assert (insight.step, insight.measured) == (missing, before)
    found, same = only(insight, 0), only(raced.insights.at("boundary", before), 0)
    assert isinstance(found, Boundary)
    assert isinstance(same, Boundary)
    assert (found.margin == same.margin).all()


def test_a_run_that_diverged_has_nothing_to_show_and_takes_nothing_from_the_others() -> None:
    experiment = asked(on_model("linear", "diabetes"), [1e9, 0.01], 30)
    raced = Raced(experiment)
    over = raced.scene.traces[0].overflow_step
    assert over is not None
    insight = raced.insights.at("weights", 30)
    assert insight.runs[0] is None
    alone = Raced(asked(on_model("linear", "diabetes"), [0.01], 30)).insights.at("weights", 30)
    found, same = insight.runs[1], alone.runs[0]
    assert isinstance(found, Histograms)
    assert isinstance(same, Histograms)
    assert (found.weights == same.weights).all()
    assert raced.insights.at("weights", 0).runs[0] is not None


class Curved(Raced):
    """A race on one input, whose data are given: no set of the catalog is needed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, model: str) -> None:
        data = replace(toy_data(inputs=1, classes=0), features=("x",))
        monkeypatch.setattr("lrviz.engine.problems.load_data", lambda *_: data)
        monkeypatch.setattr(engine_insight, "load_data", lambda *_: data)
        experiment = asked(on_model(model, "diabetes"), [0.1, 0.01], 10)
        self.experiment, self.data = experiment, data
        self.scene = until_judged(experiment)
        self.insights = Insights(experiment, self.scene.traces)


def test_a_curve_is_what_the_module_foretells_along_its_input(monkeypatch: pytest.MonkeyPatch) -> None:
    raced = Curved(monkeypatch, "mlp")
    assert raced.insights.kinds == ("curve", "units", "weights")
    insight = raced.insights.at("curve", 10)
    found = only(insight, 1)
    assert isinstance(found, Fit)
    assert insight.studied.bounds is not None
    along = np.linspace(*insight.studied.bounds[:2], len(found.values), dtype=np.float32)[:, None]
    np.testing.assert_allclose(found.values, raced.answers(1, 10, along)[:, 0].numpy(), atol=1e-5)
    units = only(raced.insights.at("units", 10), 0)
    assert isinstance(units, Units)
    assert units.form == "curves"


@pytest.mark.parametrize("kind", ["boundary", "units"])
def test_batch_norm_uses_the_training_part_s_statistics_on_points_that_nobody_drew(kind: InsightKind) -> None:
    raced = Raced(asked(on_model("mlp_batchnorm", "moons", hidden=(6,)), [0.1], 10))
    found = only(raced.insights.at(kind, 10), 0)
    module = raced.module(0, 10)
    assert isinstance(module, nn.Sequential)
    layer, norm, bend, answer = module
    assert isinstance(norm, nn.BatchNorm1d)
    bounds = raced.insights.at(kind, 10).studied.bounds
    assert bounds is not None
    with torch.no_grad():
        drawn = layer(torch.tensor(raced.data.train_inputs[: engine_insight.REFERENCE]))
        corner = layer(torch.tensor([[bounds[0], bounds[2]]], dtype=torch.float32))
        scaled = (corner - drawn.mean(0)) / torch.sqrt(drawn.var(0, correction=0) + norm.eps)
        heard = bend(scaled * norm.weight + norm.bias)
        chances = torch.softmax(answer(heard), -1)[0]
    if isinstance(found, Boundary):
        assert found.margin[0, 0] == pytest.approx(float((chances[0] - chances[1]).abs()), abs=1e-5)
    else:
        assert isinstance(found, Units)
        np.testing.assert_allclose(found.values[:, 0, 0], heard[0].numpy(), atol=1e-5)


def test_only_a_layer_behind_another_has_hidden_units_to_answer_from() -> None:
    inputs = torch.zeros(2, 3)
    assert answering_layer(nn.Linear(3, 2), inputs) is None
    assert answering_layer(nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), inputs) == "2"


def test_asking_which_layer_answers_leaves_the_module_as_it_is() -> None:
    module = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))
    before = {name: value.clone() for name, value in module.state_dict().items()}
    answering_layer(module, torch.ones(2, 3))
    assert module.training
    assert not module[0]._forward_pre_hooks
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())


def test_of_many_samples_as_many_are_drawn_as_can_be_told_apart() -> None:
    found = studied(toy_data(samples=1000, inputs=2, classes=3))
    assert found.train_points is not None
    assert found.train_classes is not None
    assert len(found.train_points) == len(found.train_classes) == 250
    assert found.bounds is not None
    assert found.bounds[0] < found.train_points[:, 0].min()

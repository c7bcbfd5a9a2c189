"""The Python door: one's own module, data and loss, raced, and left as they were."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.data import Dataset, TensorDataset

import lrviz
from lrviz.core import catalog
from lrviz.core.errors import LrvizError
from lrviz.core.experiment import OnModel
from lrviz.core.experiment_file import experiment_from_json, experiment_to_json
from lrviz.engine.dense_problem import DenseProblem
from lrviz.engine.fingerprint import fingerprint
from lrviz.engine.problems import problem_from_spec
from tests.door.handed import Pictures, compared, data_of, network, pictures, points, seeded


def test_every_rate_gets_a_trace_and_a_verdict() -> None:
    race = compared(
        lrs=np.array([0.1, 0.01, 0.001]), epochs=4, steps=None, batch_size=16, optimizer="momentum", momentum=0.9
    )
    assert race.experiment.lrs == (0.1, 0.01, 0.001)
    assert (
        race.experiment.optimizer.parameters["momentum"] == 0.9
        if "momentum" in race.experiment.optimizer.parameters
        else True
    )
    assert [trace.loss.shape for trace in race.traces] == [(4 * 3 + 1,)] * 3
    assert race.traces[0].loss.dtype == np.float64
    assert {trace.loss[0] for trace in race.traces} == {race.traces[0].loss[0]}
    assert len(race.verdicts) == 3
    assert repr(race).splitlines()[0] == "<Race of my_sequential on my_data, 12 of 12 steps"
    assert repr(race).splitlines()[3].startswith("  lr 0.001  crawling: ")


def test_it_is_what_a_plain_training_loop_finds() -> None:
    module, (x, y) = network(), points()
    race = compared(module, ((x, y), (x, y)), [0.05], optimizer="adam", batch_size=0, steps=10)
    optimizer, losses = torch.optim.Adam(module.parameters(), lr=0.05), []
    for _ in range(11):
        loss = nn.functional.cross_entropy(module(x), y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    np.testing.assert_allclose(race.traces[0].loss, losses, rtol=1e-4)
    assert race.traces[0].metrics["train_loss"][0] == race.traces[0].metrics["test_loss"][0]


@pytest.mark.parametrize("training", [True, False])
def test_the_caller_s_module_and_data_stay_as_they_were(training: bool) -> None:
    with torch.random.fork_rng(devices=[]):
        module = Pictures().train(training)
        x, y = pictures()
        before, x_before, hooks = copy.deepcopy(module.state_dict()), x.clone(), len(module._forward_pre_hooks)
        state = torch.get_rng_state()
        race = compared(module, (x, y), batch_size=10)
        assert torch.equal(torch.get_rng_state(), state)
    assert module.training is training
    assert len(module._forward_pre_hooks) == hooks
    assert all(torch.equal(value, before[name]) for name, value in module.state_dict().items())
    assert all(parameter.grad is None for parameter in module.parameters())
    assert torch.equal(x, x_before)
    x += 1  # later on, and no matter
    assert data_of(race).train_inputs.max() <= x_before.max()
    assert race.scene.note == "batch norm uses the statistics of each batch, in tests too"
    assert {name for name in race.traces[0].metrics if "." in name} == {"update_ratio.conv", "update_ratio.head"}


class Stack(Dataset[tuple[Tensor, int]]):
    """Map-style, made as it is asked for."""

    def __len__(self) -> int:
        return 20

    def __getitem__(self, place: int) -> tuple[Tensor, int]:
        return points(20)[0][place], place % 3


@pytest.mark.parametrize(
    "data",
    [
        points(20),
        tuple(part.numpy() for part in points(20)),
        [part.tolist() for part in points(20)],
        (points(20)[0].double(), points(20)[1].to(torch.uint8)[:, None]),
        TensorDataset(*points(20)),
        Stack(),
    ],
    ids=["tensors", "arrays", "lists", "other types", "TensorDataset", "a Dataset"],
)
def test_data_may_be_handed_over_in_many_forms_and_are_the_same(data: Any) -> None:
    held, expected = data_of(compared(data=data, steps=1)), data_of(compared(data=points(20), steps=1))
    np.testing.assert_array_equal(held.train_inputs, expected.train_inputs)
    np.testing.assert_array_equal(held.test_targets, expected.test_targets)
    assert held.classes == ("0", "1", "2")


def test_a_quarter_is_kept_for_testing_with_each_class_s_share_drawn_by_the_seed() -> None:
    held = [data_of(compared(data=points(60), steps=1, seed=seed)) for seed in (0, 0, 1)]
    assert np.bincount(held[0].test_targets).tolist() == [5, 5, 5]
    assert np.bincount(held[0].train_targets).tolist() == [15, 15, 15]
    assert np.array_equal(held[0].test_inputs, held[1].test_inputs)
    assert not np.array_equal(held[0].test_inputs, held[2].test_inputs)


def test_a_test_part_of_one_s_own_is_the_test_part() -> None:
    train, test = points(30), points(9)
    held = data_of(compared(data=(train, TensorDataset(*test)), steps=1))
    np.testing.assert_array_equal(held.train_inputs, train[0])
    np.testing.assert_array_equal(held.test_inputs, test[0])


def test_floats_are_a_quantity_fitted_as_it_is() -> None:
    x = seeded(40, 3)
    race = compared(network(3, 1), (x, 100 + x.sum(1)), steps=1)
    assert data_of(race).classes == ()
    assert race.traces[0].loss[0] > 5_000  # not standardised
    assert "test_accuracy" not in race.traces[0].metrics


def test_classes_without_samples_are_those_that_the_module_answers() -> None:
    assert len(data_of(compared(network(3, 7), points(), steps=1)).classes) == 7


def test_whole_numbers_reach_the_module_as_such() -> None:
    words = torch.randint(0, 9, (40, 5), generator=torch.Generator().manual_seed(0))
    with torch.random.fork_rng(devices=[]):
        module = nn.Sequential(nn.Embedding(9, 4), nn.Flatten(), nn.Linear(20, 2))
    race = compared(module, (words, words[:, 0] % 2), [0.1], steps=30)
    assert race.traces[0].loss[-1] < 0.5 * race.traces[0].loss[0]


def test_a_dense_network_that_flattens_pictures_first_is_written_out() -> None:
    with torch.random.fork_rng(devices=[]):
        module = nn.Sequential(nn.Flatten(), nn.Linear(36, 8), nn.ReLU(), nn.Linear(8, 4))
    race = compared(module, pictures(), [0.1], batch_size=0, steps=20)
    assert isinstance(problem_from_spec(race.experiment.problem, 0), DenseProblem)
    assert data_of(race).image_shape == (6, 6)
    assert race.traces[0].loss[-1] < 0.5 * race.traces[0].loss[0]


def test_names_of_lrviz_s_own_parts_will_do() -> None:
    race = compared("mlp", "moons", steps=1)
    assert isinstance(race.experiment.problem, OnModel)
    assert (race.experiment.problem.model.name, race.experiment.problem.data.name) == ("mlp", "moons")
    assert compared(network(2, 2), "moons", steps=1).traces[0].loss.shape == (2,)
    assert compared("logistic", points(), 0.1, steps=1).experiment.lrs == (0.1,)


@pytest.mark.parametrize(
    ("loss", "outputs", "quantity"),
    [
        (nn.CrossEntropyLoss(label_smoothing=0.1), 3, False),
        (nn.HuberLoss(), 1, True),
        (nn.BCEWithLogitsLoss(), 1, True),
    ],
)
def test_a_loss_of_one_s_own_is_what_falls(loss: nn.Module, outputs: int, quantity: bool) -> None:
    x, y = points()
    targets = (y > 0).float() if quantity else y
    module = network(3, outputs)
    race = compared(module, ((x, targets), (x, targets)), [0.01], loss=loss, batch_size=0, steps=20)
    expected = loss(module(x), targets[:, None] if quantity else targets).item()
    assert race.traces[0].loss[0] == pytest.approx(expected, rel=1e-5)
    assert race.traces[0].metrics["test_loss"][0] == pytest.approx(expected, rel=1e-5)
    assert race.traces[0].loss[-1] < 0.99 * race.traces[0].loss[0]


class Gated(nn.Module):
    """A recurrent network of torch's own, which vmap refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(2, 6, batch_first=True)
        self.head = nn.Linear(6, 2)

    def forward(self, inputs: Tensor) -> Tensor:
        answer: Tensor = self.head(self.gru(inputs)[0][:, -1])
        return answer


def test_a_module_that_vmap_refuses_is_compared_all_the_same_and_the_scene_says_how() -> None:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module = Gated()
    x = seeded(32, 5, 2)
    y = (x.sum((1, 2)) > 0).long()
    race = compared(module, ((x, y), (x, y)), [0.05, 0.001], batch_size=0, steps=15)
    assert race.scene.note.startswith("runs are computed one after another, since vmap refuses the model (")
    optimizer = torch.optim.Adam(module.parameters(), lr=0.05)
    for step in range(15):
        loss = nn.functional.cross_entropy(module(x), y)
        assert race.traces[0].loss[step] == pytest.approx(loss.item(), rel=1e-3)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


class Locked(nn.Linear):
    """It can't be copied."""

    def __deepcopy__(self, memo: Any) -> Locked:
        raise TypeError("cannot pickle an open file")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"module": 3}, "the module is of type int; it is a torch.nn.Module"),
        ({"module": "mpl"}, "no model called 'mpl'; did you mean 'mlp'"),
        ({"module": Locked(3, 3)}, "the module can't be copied: cannot pickle an open file; a copy is trained"),
        ({"module": nn.LazyLinear(3)}, "the module has lazy layers that know no shape yet; call it once"),
        ({"module": network(4)}, "the model does not take my_data: "),
        ({"module": network(3, 2)}, "the model answers 2 numbers a sample, and my_data needs 3"),
        ({"data": "digit"}, "no data set called 'digit'; did you mean 'digits'"),
        ({"data": 7}, "the training data are of type int; they are a pair of inputs and targets"),
        ({"data": (seeded(5, 3), torch.arange(4))}, "the training data hold 5 inputs and 4 targets"),
        ({"data": (seeded(1, 3), torch.arange(1))}, "the data hold 1 sample"),
        ({"data": (seeded(0, 3), torch.arange(0))}, "the training data hold 0 inputs and 0 targets"),
        ({"data": (["a", "b"], [0, 1])}, "the inputs are no array of numbers"),
        ({"data": ([[1.0], [1.0, 2.0]], [0, 1])}, "the inputs are no array of numbers"),
        ({"data": (seeded(4, 3) * torch.inf, torch.arange(4))}, "sample 0 of the training inputs is not finite"),
        ({"data": (seeded(4, 3), torch.tensor([0.0, torch.nan, 1, 2]))}, "target 1 is not finite"),
        ({"data": (seeded(4, 3), seeded(4, 2))}, r"the targets are \(4, 2\); there is one class or one number"),
        ({"data": (seeded(4, 3), torch.arange(4) - 1)}, "the targets go from -1 to 2; classes are 0, 1, 2"),
        ({"data": (seeded(2, 3), torch.tensor([0, 10**9]))}, "the targets go from 0 to 1,000,000,000; classes are"),
        (
            {"data": (points(), (seeded(5, 4), torch.arange(5)))},
            r"the inputs have the shapes \(3,\) to train on and \(4,\)",
        ),
        ({"data": (points(), (seeded(5, 3), seeded(5)))}, "the targets of one part are whole numbers"),
        ({"data": (points()[0] * 1j, points()[1])}, "the inputs are complex"),
        ({"lrs": ()}, "an experiment needs at least one learning rate"),
        ({"lrs": (-1.0,)}, "a learning rate is -1.0; it is a number above 0"),
        ({"optimizer": "adm"}, "no optimizer called 'adm'; did you mean 'adam'"),
        ({"beta": 1}, "adam has no parameter 'beta'"),
        ({"epochs": 3}, "both epochs and steps are given"),
        ({"loss": nn.CrossEntropyLoss(reduction="sum")}, "the loss of a batch is not the mean of its samples' losses"),
        ({"loss": nn.MSELoss()}, "the loss can't be computed for my_data: "),
        ({"module": "mlp", "loss": nn.MSELoss()}, "mlp has a loss of its own"),
    ],
)
@pytest.mark.filterwarnings("ignore:Using a target size")
def test_what_does_not_fit_together_is_told_in_one_line(given: dict[str, Any], says: str) -> None:
    with pytest.raises(LrvizError, match=says) as error:
        compared(**given)
    assert "\n" not in str(error.value)


def test_a_dataset_that_fails_is_told_in_one_line() -> None:
    class Broken(Stack):
        def __getitem__(self, place: int) -> tuple[Tensor, int]:
            raise RuntimeError("no such\nfile")

    with pytest.raises(LrvizError, match="the samples of Broken can't be stacked: no such file; it has a length"):
        compared(data=Broken())


def test_ctrl_c_ends_it_with_what_there_is() -> None:
    def interrupt(step: int, steps: int) -> None:
        if step > 0:
            raise KeyboardInterrupt

    race = compared(steps=2_000_000, progress=interrupt)
    assert 1 < len(race.traces[0]) < 2_000_000
    assert len(race.traces[0].loss) == len(race.traces[0])
    assert race.verdicts == ()
    assert repr(race).splitlines()[1] == "  lr 0.1  interrupted"


def test_progress_is_told_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    compared(progress=lambda *now: told.append(now))
    assert told[0] == (0, 5)
    assert told[-1] == (5, 5)


def test_another_comparison_has_parts_of_its_own_but_the_same_data_once() -> None:
    def names(race: lrviz.Race) -> tuple[str, str]:
        problem = race.experiment.problem
        assert isinstance(problem, OnModel)
        return problem.model.name, problem.data.name

    assert names(compared(steps=1)) == ("my_sequential", "my_data")
    assert names(compared(steps=1)) == ("my_sequential_2", "my_data")
    assert names(compared(Pictures(), pictures(), steps=1)) == ("my_pictures", "my_data_2")


def test_a_race_can_be_asked_for_again_after_the_module_was_trained_on() -> None:
    module = network()
    race = compared(module)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.zero_()
    problem = problem_from_spec(race.experiment.problem, race.experiment.seed)
    assert fingerprint(race.experiment, problem) == race.scene.fingerprint


def test_elsewhere_a_file_s_own_module_is_an_unknown_model_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    text = experiment_to_json(compared(steps=1).experiment)
    assert experiment_from_json(text)
    for registry in (catalog.models, catalog.datasets):
        theirs = {name: part for name, part in registry._parts.items() if not name.startswith("my_")}
        monkeypatch.setattr(registry, "_parts", theirs)
    with pytest.raises(LrvizError, match="no data set called 'my_data'") as error:
        experiment_from_json(text.replace(b"my_sequential", b"mlp"))
    assert "\n" not in str(error.value)
    with pytest.raises(LrvizError, match="no model called 'my_sequential'"):
        experiment_from_json(text.replace(b"my_data", b"moons"))

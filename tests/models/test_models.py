"""What every model must be, a file added later included; and the shapes and first weights of those that are here."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import nn

from lrviz.core import catalog
from lrviz.core.catalog import Model
from lrviz.core.errors import ParameterError

every_model = pytest.mark.parametrize("model", list(catalog.models), ids=lambda model: model.name)

RESERVED = {"model", "data", "batch_size"}  # what an experiment file calls the problem's own fields


def built(name: str, inputs: int = 6, outputs: int = 3, **given: Any) -> nn.Module:
    part = catalog.models.find(name)
    torch.manual_seed(0)
    made = part.factory(inputs, outputs, **part.settings(given))
    assert isinstance(made, nn.Module)
    return made


def layers(made: nn.Module) -> list[nn.Linear]:
    return [layer for layer in made.modules() if isinstance(layer, nn.Linear)]


@every_model
@pytest.mark.parametrize(("inputs", "outputs"), [(1, 1), (64, 10), (2, 2)])
def test_it_leads_from_inputs_to_outputs(model: Model, inputs: int, outputs: int) -> None:
    assert built(model.name, inputs, outputs)(torch.zeros(5, inputs)).shape == (5, outputs)


@every_model
def test_the_seed_alone_decides_the_first_weights(model: Model) -> None:
    first, again = (list(built(model.name).state_dict().values()) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))


@every_model
def test_each_setting_at_either_end_can_be_built(model: Model) -> None:
    for parameter in model.parameters:
        for value in parameter.choices or ():
            assert built(model.name, 6, 3, **{parameter.name: value})(torch.ones(4, 6)).isfinite().all()


@every_model
def test_no_parameter_is_called_like_one_of_a_data_set_or_of_the_problem(model: Model) -> None:
    taken = RESERVED.union(*({p.name for p in dataset.parameters} for dataset in catalog.datasets))
    assert taken.isdisjoint(p.name for p in model.parameters)


@every_model
def test_it_says_what_it_is(model: Model) -> None:
    assert model.title
    assert model.teaches
    assert model.tasks


def test_every_task_has_a_model_and_the_squared_error_fits_classes_by_linear_regression() -> None:
    assert {task for model in catalog.models for task in model.tasks} == {"classification", "regression"}
    assert [model.name for model in catalog.models if model.squared] == ["linear"]


def test_an_mlp_is_a_plain_chain_of_linear_layers_and_bends() -> None:
    made = built("mlp", 64, 10, hidden=[64, 32], activation="tanh")
    assert [type(layer) for layer in made.children()] == [nn.Linear, nn.Tanh, nn.Linear, nn.Tanh, nn.Linear]
    assert [(layer.in_features, layer.out_features) for layer in layers(made)] == [(64, 64), (64, 32), (32, 10)]


@pytest.mark.parametrize("hidden", [[0], [1025], [64, -1], [], [8] * 9, [1.5], "wide", 64, [True]])
def test_hidden_layers_outside_their_range_are_refused(hidden: object) -> None:
    with pytest.raises(ParameterError, match="hidden"):
        catalog.models.find("mlp").settings({"hidden": hidden})


@pytest.mark.parametrize("hidden", [[1], [1024], [8] * 8])
def test_hidden_layers_at_the_ends_of_their_range_are_taken(hidden: list[int]) -> None:
    assert [layer.out_features for layer in layers(built("mlp", hidden=hidden))] == [*hidden, 3]


def test_torch_s_own_init_is_torch_s_own() -> None:
    torch.manual_seed(0)
    plain = nn.Sequential(nn.Linear(6, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 3))
    torch.testing.assert_close(built("mlp", init="torch").state_dict(), plain.state_dict(), rtol=0, atol=0)


def test_kaiming_and_xavier_draw_weights_of_the_size_their_papers_give() -> None:
    inputs, width = 400, 600
    kaiming = layers(built("mlp", inputs, 2, hidden=[width], init="kaiming"))[0]
    xavier = layers(built("mlp", inputs, 2, hidden=[width], init="xavier"))[0]
    assert kaiming.weight.std().item() == pytest.approx(math.sqrt(2 / inputs), rel=0.01)
    bound = math.sqrt(6 / (inputs + width))
    assert bound * 0.99 < xavier.weight.abs().max().item() <= bound
    assert kaiming.bias.abs().max() == xavier.bias.abs().max() == 0


def test_from_zeros_all_units_of_a_layer_get_the_same_gradient() -> None:
    made = built("mlp", hidden=[5], activation="sigmoid", init="zeros")
    loss = nn.functional.cross_entropy(made(torch.randn(8, 6)), torch.arange(8) % 3)
    (gradient,) = torch.autograd.grad(loss, [layers(made)[-1].weight])
    assert (gradient == gradient[:, :1]).all()

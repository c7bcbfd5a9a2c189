"""What every model must be, a file added later included; and the shapes and first weights of those that are here."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from lrviz.core import catalog
from lrviz.core.catalog import Model
from lrviz.core.errors import ParameterError
from lrviz.core.experiment import Experiment, OnModel, choose
from lrviz.engine.dense_problem import DenseProblem
from lrviz.models.modules.attention import Block
from tests.engine.questions import asked, until_judged

every_model = pytest.mark.parametrize("model", list(catalog.models), ids=lambda model: model.name)

RESERVED = {"model", "data", "batch_size"}  # what an experiment file calls the problem's own fields


def built(name: str, inputs: int = 6, outputs: int = 3, shape: tuple[int, ...] = (), **given: Any) -> nn.Module:
    """A model for `inputs` numbers: of a picture of one row, where it wants pictures and no shape is given."""
    part = catalog.models.find(name)
    torch.manual_seed(0)
    made = part.build(inputs, outputs, shape or ((1, inputs) if part.wants else (inputs,)), part.settings(given))
    assert isinstance(made, nn.Module)
    return made


def layers(made: nn.Module) -> list[nn.Linear]:
    return [layer for layer in made.modules() if isinstance(layer, nn.Linear)]


@every_model
@pytest.mark.parametrize(("inputs", "outputs"), [(1, 1), (64, 10), (2, 2)])
def test_it_leads_from_inputs_to_outputs(model: Model, inputs: int, outputs: int) -> None:
    assert built(model.name, inputs, outputs)(torch.zeros(5, inputs)).shape == (5, outputs)


@every_model
def test_it_takes_pictures_that_are_not_square(model: Model) -> None:
    assert built(model.name, 15, 4, shape=(3, 5))(torch.zeros(2, 15)).shape == (2, 4)


@every_model
def test_the_seed_alone_decides_the_first_weights(model: Model) -> None:
    first, again = (list(built(model.name).state_dict().values()) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))


@every_model
def test_each_setting_at_either_end_can_be_built(model: Model) -> None:
    for parameter in model.parameters:
        ends = (parameter.low, parameter.high) if parameter.kind in ("int", "float") else ()
        for value in (*parameter.choices, *ends):
            given: dict[str, Any] = {parameter.name: value}
            assert built(model.name, 6, 3, **given)(torch.ones(4, 6)).isfinite().all()


def question(model: Model, *lrs: float, steps: int = 30) -> Experiment:
    data = "digits" if "classification" in model.tasks else "diabetes"
    return asked(OnModel(choose(catalog.models, model.name), choose(catalog.datasets, data)), lrs, steps, "adam")


@every_model
def test_it_learns(model: Model) -> None:
    (trace,) = until_judged(question(model, 0.01)).traces
    assert trace.loss[-3:].mean() < 0.7 * trace.loss[0]
    assert trace.metrics["test_loss"][-1] < 0.8 * trace.metrics["test_loss"][0]


@every_model
def test_a_run_goes_the_same_way_alone_and_among_others_one_of_them_lost(model: Model) -> None:
    (alone,) = until_judged(question(model, 0.003, steps=6)).traces
    among, *_ = until_judged(question(model, 0.003, 0.01, 1e30, 0.001, steps=6)).traces
    np.testing.assert_allclose(among.loss, alone.loss, rtol=1e-5)
    for name, values in alone.metrics.items():
        np.testing.assert_allclose(among.metrics[name], values, rtol=1e-4, atol=2e-3, err_msg=name)


@every_model
def test_all_its_runs_are_computed_together(model: Model) -> None:
    scene = until_judged(question(model, 0.01, 0.001, steps=1))
    assert "one after another" not in scene.note


@pytest.mark.parametrize("name", ["linear", "logistic", "mlp"])
def test_plain_dense_models_are_written_out(name: str) -> None:
    assert DenseProblem.takes(built(name))


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


@pytest.mark.parametrize("hidden", [[0], [1025], [64, -1], [], [8] * 33, [1.5], "wide", 64, [True]])
def test_hidden_layers_outside_their_range_are_refused(hidden: object) -> None:
    with pytest.raises(ParameterError, match="hidden"):
        catalog.models.find("mlp").settings({"hidden": hidden})


@pytest.mark.parametrize("hidden", [[1], [1024], [8] * 32])
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


def test_a_convolution_halves_its_picture_down_to_one_pixel_on_a_side() -> None:
    made = built("cnn", 64, 10, shape=(8, 8), channels=[4, 6, 8, 10, 12])
    assert [layer.out_channels for layer in made.modules() if isinstance(layer, nn.Conv2d)] == [4, 6, 8, 10, 12]
    assert [(layer.in_features, layer.out_features) for layer in layers(made)] == [(12, 10)]
    assert sum(isinstance(layer, nn.MaxPool2d) for layer in made.modules()) == 3


def test_a_convolution_answers_a_moved_picture_alike() -> None:
    first = nn.Sequential(*list(built("cnn", 64, 10, shape=(8, 8)).children())[:2])
    picture = torch.zeros(8, 8)
    picture[3, 3] = 1.0
    moved = picture.roll((1, 2), (0, 1))
    answer, answer_moved = first(torch.stack([picture.flatten(), moved.flatten()]))
    torch.testing.assert_close(answer.roll((1, 2), (1, 2)), answer_moved)


def test_the_recurrent_network_is_torch_s_own() -> None:
    made = built("rnn", 15, 4, shape=(3, 5), memory=7)
    torch_s: Any = nn.RNN(5, 7, batch_first=True)
    numbers = {name: value.detach() for name, value in made.named_parameters()}
    with torch.no_grad():
        torch_s.weight_ih_l0.copy_(numbers["read.weight"])
        torch_s.bias_ih_l0.copy_(numbers["read.bias"])
        torch_s.weight_hh_l0.copy_(numbers["remember.weight"])
        torch_s.bias_hh_l0.zero_()
    inputs = torch.randn(6, 15)
    last = torch_s(inputs.view(6, 3, 5))[0][:, -1]
    torch.testing.assert_close(made(inputs), last @ numbers["answer.weight"].t() + numbers["answer.bias"])


def test_the_transformer_s_blocks_are_torch_s_own() -> None:
    block = Block(heads=2, width=4)
    torch_s = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.0, batch_first=True, norm_first=True)
    pairs = {
        "self_attn.in_proj_": "attention.ask.",
        "self_attn.out_proj.": "attention.join.",
        "linear1.": "wide.",
        "linear2.": "narrow.",
        "norm1.": "norm1.",
        "norm2.": "norm2.",
    }
    ours = block.state_dict()
    torch_s.load_state_dict({a + kind: ours[b + kind] for a, b in pairs.items() for kind in ("weight", "bias")})
    rows = torch.randn(3, 5, 8)
    torch.testing.assert_close(block(rows), torch_s(rows))


def test_the_transformer_tells_rows_in_another_order_apart() -> None:
    made, rows = built("transformer", 15, 4, shape=(3, 5)), torch.randn(1, 3, 5)
    assert not torch.allclose(made(rows.flatten(1)), made(rows.flip(1).flatten(1)))


def test_with_batch_norm_no_size_of_the_weights_ahead_of_it_changes_an_answer() -> None:
    made, inputs = built("mlp_batchnorm", 6, 3, hidden=[5]), torch.randn(8, 6)
    before = made(inputs)
    with torch.no_grad():
        layers(made)[0].weight *= 100
    torch.testing.assert_close(made(inputs), before, rtol=1e-3, atol=1e-3)


def test_dropout_silences_its_part_of_the_units_while_training_alone() -> None:
    made = built("mlp_dropout", 6, 1, hidden=[1000], dropout=0.3, activation="sigmoid")
    hidden = nn.Sequential(*list(made.children())[:-1])
    torch.manual_seed(0)
    assert (hidden(torch.ones(1, 6)) == 0).float().mean().item() == pytest.approx(0.3, abs=0.05)
    assert (hidden.eval()(torch.ones(1, 6)) > 0).all()

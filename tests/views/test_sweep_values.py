"""Values of a sweep's second axis, as people type them."""

from __future__ import annotations

import pytest

from lrviz.core import catalog
from lrviz.core.errors import LrvizError
from lrviz.core.knobs import KnobKind, KnobValue, find_knob, knobs_of
from lrviz.core.sweep import Knob, SweepQuestion
from lrviz.views.sweep_values import proposed_values, values_from_text
from tests.views.sweeps import model_experiment, surface_experiment


def knob(name: str) -> KnobKind:
    return find_knob(model_experiment("momentum"), name)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("momentum", "0, 0.5, 0.9", (0.0, 0.5, 0.9)),
        ("momentum", " 0.9 0;0.5 , 0.5 ", (0.0, 0.5, 0.9)),  # rising, each once
        ("momentum", "0..0.9×4", (0.0, 0.3, 0.6, 0.9)),
        ("loss_scale", "0.01..100×5", (0.01, 0.1, 1.0, 10.0, 100.0)),  # a logarithmic parameter: equal ratios
        ("loss_scale", "0.01 .. 100 x 3", (0.01, 1.0, 100.0)),
        ("loss_scale", "1e-2…1e2*3", (0.01, 1.0, 100.0)),
        ("batch_size", "16..256×5", (16, 32, 64, 128, 256)),
        ("batch_size", "1..3×3", (1, 2, 3)),
        ("hidden", "8, 16, 32", (8, 16, 32)),
        ("hidden", "8..40×3", (8, 24, 40)),
        ("momentum", "0.9", (0.9,)),
    ],
)
def test_values_are_read_as_they_are_typed(name: str, text: str, expected: tuple[KnobValue, ...]) -> None:
    found = values_from_text(text, knob(name))
    assert found == pytest.approx(expected)
    assert [type(value) for value in found] == [type(value) for value in expected]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("momentum", "", "values of momentum β are wanted, for example 0, 0.5, 0.9, 0.99"),
        ("momentum", "0, half", "momentum is 'half'; it is a number from 0 to 0.999"),
        ("momentum", "0, 1.5", "momentum is 1.5; it goes from 0 to 0.999"),
        ("momentum", "0..0.9×lots", "'lots' values; say how many, for example 0..0.9×5"),
        ("momentum", "0..0.9×1", "with low < high and 2 to 64"),
        ("momentum", "0..0.9×1000", "with low < high and 2 to 64"),
        ("momentum", "0.9..0×3", "with low < high and 2 to 64"),
        ("momentum", "0..nan×3", "it goes from 0 to 0.999"),
        ("batch_size", "1.5", "batch_size is 1.5; it is a whole number"),
        ("batch_size", " ".join(map(str, range(1, 70))), "69 values of batch size; 64 are the most"),
        ("hidden", "0", "hidden is 0; it goes from 1 to 1024"),
    ],
)
def test_what_makes_no_sense_is_answered_in_a_line(name: str, text: str, said: str) -> None:
    with pytest.raises(LrvizError, match=r".+") as raised:
        values_from_text(text, knob(name))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("optimizer", [part.name for part in catalog.optimizers])
def test_proposed_values_can_be_asked_of_every_number_there_is(optimizer: str) -> None:
    for experiment in (model_experiment(optimizer), surface_experiment()):
        for kind in knobs_of(experiment):
            values = values_from_text(proposed_values(kind), kind)
            assert len(values) >= 2, kind.name
            SweepQuestion(experiment, (0.1,), (0,), Knob(kind.name, values))

"""Equal questions have equal fingerprints, on any run; nothing but the learning rates may differ."""

from __future__ import annotations

import re

import msgspec
import pytest

from lrviz.core import catalog
from lrviz.core.experiment import Change, Experiment, Run, choose
from lrviz.engine.fingerprint import fingerprint
from lrviz.engine.problems import problem_from_spec
from tests.engine.questions import asked, defaults, on_expression, on_model, on_surface

ON_MODEL = asked(on_model(), (0.1,), 10)
ON_SURFACE = asked(on_surface("bowl", (1.0, 0.5)), (0.1,), 10)
COSINE = choose(catalog.schedules, "cosine")


def of(experiment: Experiment) -> str:
    return fingerprint(experiment, problem_from_spec(experiment.problem, experiment.seed))


@pytest.mark.parametrize("experiment", [ON_MODEL, ON_SURFACE])
def test_it_is_six_hexadecimal_digits_and_the_same_again(experiment: Experiment) -> None:
    assert re.fullmatch("[0-9a-f]{6}", of(experiment))
    assert of(experiment) == of(experiment)


def test_it_is_the_same_on_every_machine() -> None:
    assert of(asked(on_expression("x**2 + y**2", (1.0, 0.5)), (0.1,), 10)) == "66b067"


@pytest.mark.parametrize("experiment", [ON_MODEL, ON_SURFACE])
def test_learning_rates_and_their_number_make_no_difference(experiment: Experiment) -> None:
    assert of(msgspec.structs.replace(experiment, runs=(Run(1.0), Run(0.001)))) == of(experiment)


@pytest.mark.parametrize(
    "other",
    [
        asked(on_model(), (0.1,), 10, seed=1),
        asked(on_model(batch_size=32), (0.1,), 10),
        asked(on_model(hidden=(5,)), (0.1,), 10),
        asked(on_model(data="breast_cancer"), (0.1,), 10),
        asked(on_model(), (0.1,), 11),
        asked(on_model(), (0.1,), 10, "adam"),
        asked(on_model(), (0.1,), 10, weight_decay=0.01),
        asked(on_model(), (0.1,), 10, schedule="cosine"),
        msgspec.structs.replace(ON_MODEL, runs=(Run(0.1), Run(0.1, defaults("adam")))),
        msgspec.structs.replace(ON_MODEL, runs=(Run(0.1, schedule=COSINE),)),
        msgspec.structs.replace(ON_MODEL, runs=(Run(0.1, changes=(Change(5, 0.1),)),)),
    ],
)
def test_anything_else_makes_a_difference(other: Experiment) -> None:
    assert of(other) != of(ON_MODEL)


def test_a_changes_step_and_optimizer_make_a_difference_and_its_rate_none() -> None:
    def turned(*changes: Change) -> str:
        return of(msgspec.structs.replace(ON_SURFACE, runs=(Run(0.1, changes=changes),)))

    assert turned(Change(5, 0.1)) == turned(Change(5, 0.01))
    others = {turned(), turned(Change(5, 0.1)), turned(Change(6, 0.1)), turned(Change(5, 0.1, defaults("adam")))}
    assert len(others) == 4


def test_the_start_on_a_surface_makes_a_difference() -> None:
    assert of(asked(on_surface("bowl", (1.0, 0.6)), (0.1,), 10)) != of(ON_SURFACE)

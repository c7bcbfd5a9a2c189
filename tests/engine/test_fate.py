"""The fate map against the verdicts, against closed forms, and as a generator."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from lrviz.core.experiment import Experiment
from lrviz.core.fate import UNKNOWN, FateKind, FateMap, FateQuestion, experiment_at, question_of
from lrviz.engine import fate_descents
from lrviz.engine.fate import ENOUGH, fate_map
from tests.engine.questions import asked, on_expression, on_surface, run

WORD = {"minimum": "converged", "floor": "converged", "rest": "converged"}


def whole(experiment: Experiment, question: FateQuestion) -> FateMap:
    *_, last = fate_map(experiment, question)
    assert last.is_whole
    return last


def small(experiment: Experiment, kind: FateKind = "starts", size: int = 24, steps: int = 300) -> FateQuestion:
    return replace(question_of(experiment, kind), size=size, steps=steps)


def disagreements(experiment: Experiment, question: FateQuestion, sample: int = 8) -> list[str]:
    """What the map and the verdict of a race say, where they differ in their word."""
    found = whole(experiment, question)
    told = []
    for cell in np.random.default_rng(0).choice(question.size**2, sample, replace=False).tolist():
        row, column = divmod(cell, question.size)
        x, y = found.x.centres(question.size)[column], found.y.centres(question.size)[row]
        outcome, steps = found.at(float(x), float(y))
        assert outcome is not None
        verdicts = run(experiment_at(experiment, question, float(x), float(y))).verdicts
        assert verdicts is not None
        if WORD.get(outcome.kind, outcome.kind) != verdicts[0].kind:
            told.append(f"({x:.3f}, {y:.3f}): {outcome} at {steps}, but {verdicts[0]}")
    return told


@pytest.mark.parametrize(
    ("surface", "optimizer", "lr"),
    [
        ("rosenbrock", "sgd", 0.001),
        ("rosenbrock", "adam", 0.05),
        ("himmelblau", "momentum", 0.01),
        ("beale", "sgd", 0.01),
        ("beale", "rmsprop", 0.01),
        ("stretched_bowl", "nesterov", 0.05),
        ("saddle", "sgd", 0.03),
        ("monkey_saddle", "adam", 0.01),
        ("six_hump_camel", "adagrad", 0.1),
        ("plateau_cliff", "sgd", 0.05),
        ("plateau_cliff", "adam", 5.0),
        ("plateau_cliff", "adagrad", 5.0),
        ("ackley", "momentum", 0.002),
        ("styblinski_tang", "adamw", 0.03),
        ("tanh_neuron", "sgd", 0.5),
        ("tanh_neuron", "momentum", 0.1),
        ("cancer_neuron", "sgd", 5.0),
        ("cancer_neuron", "adam", 0.1),
    ],
)
def test_a_fate_is_the_verdict_on_a_race_from_there(surface: str, optimizer: str, lr: float) -> None:
    experiment = asked(on_surface(surface), [lr], 300, optimizer)
    assert len(disagreements(experiment, small(experiment))) <= 1


def test_minima_of_a_formula_are_found() -> None:
    experiment = asked(on_expression("(x**2 - 1)**2 + y**2", (0.5, 0.5)), [0.05], 300)
    found = whole(experiment, small(experiment))
    ends = {found.outcomes[code] for code in np.unique(found.fate)}
    assert {end.kind for end in ends} == {"minimum"}
    assert sorted((round(place[0], 6), round(place[1], 6)) for end in ends if (place := end.place)) == [(-1, 0), (1, 0)]
    right = found.x.centres(24) > 0
    ends_right = [found.outcomes[code].place for code in np.unique(found.fate[:, right])]
    assert all(place is not None and place[0] > 0 for place in ends_right)


@pytest.mark.parametrize("optimizer", ["momentum", "nesterov"])
def test_on_the_stretched_bowl_rates_and_momenta_diverge_just_beyond_their_limit(optimizer: str) -> None:
    experiment = asked(on_surface("stretched_bowl"), [0.05], 300, optimizer)
    question = replace(small(experiment, "rate_momentum", size=48, steps=1000), rates=(0.01, 0.5))
    found = whole(experiment, question)
    beta = found.y.centres(48)[:, None]
    limit = 2 * (1 + beta) / (1 + 2 * beta if optimizer == "nesterov" else 1)
    part = found.x.centres(48)[None] * 20.0 / limit  # 20 is the largest curvature
    diverged = found.fate == [outcome.kind for outcome in found.outcomes].index("diverged")
    converged = found.fate >= [outcome.kind for outcome in found.outcomes].index("minimum")
    assert diverged[part > 1.02].all()
    assert not diverged[part < 0.98].any()
    assert converged[(part < 0.9) & (part > 0.2) & (beta < 0.9)].all()
    assert (part > 1.02).sum() > 200
    assert (part < 0.98).sum() > 200


def test_on_a_bowl_the_step_at_which_the_map_is_left_is_that_of_the_closed_form() -> None:
    experiment = asked(on_surface("bowl", curvature=4.0), [0.53], 300)  # each step goes to −1.12 times the place
    found = whole(experiment, small(experiment))
    x, y = (np.abs(axis.centres(24)) / 2.0 for axis in (found.x, found.y))  # in half-sizes
    left = np.ceil(np.log(10.0 / np.maximum(x[None], y[:, None])) / np.log(1.12))
    assert {found.outcomes[code].kind for code in np.unique(found.fate)} == {"diverged"}
    assert np.abs(found.steps - left).max() <= 1  # though the descents are looked at every few steps only


def test_rates_along_a_line_of_starts_diverge_where_a_race_does() -> None:
    experiment = asked(on_surface("rosenbrock"), [0.001], 300)
    assert len(disagreements(experiment, small(experiment, "rate_start"))) <= 1


def test_noise_is_the_same_as_in_a_race() -> None:
    experiment = asked(on_surface("bowl", noise=0.5), [0.1], 300)
    assert disagreements(experiment, small(experiment)) == []


def test_a_schedule_is_followed() -> None:
    experiment = asked(on_surface("stretched_bowl"), [0.11], 300, schedule="cosine")  # above 2 / 20 only at first
    found = whole(experiment, small(experiment))
    assert {found.outcomes[code].kind for code in np.unique(found.fate)} == {"minimum"}
    assert disagreements(experiment, small(experiment), 6) == []


def test_a_coarse_picture_comes_first_and_its_cells_stay_as_they_are() -> None:
    experiment = asked(on_surface("himmelblau"), [0.01], 300)
    pictures = list(fate_map(experiment, small(experiment, size=64)))
    first = next(found for found in pictures if found.known)
    assert first.known < 64
    assert pictures[-1].known == 64
    stride = 64 // first.known
    cells = np.arange(min(1, stride - 1), 64, stride)
    early, late = (found.fate[np.ix_(cells, cells)] for found in (first, pictures[-1]))
    assert (early[early != UNKNOWN] == late[early != UNKNOWN]).all()
    assert (early != UNKNOWN).mean() >= ENOUGH
    assert (pictures[-1].fate != UNKNOWN).all()


@pytest.mark.parametrize(
    ("surface", "optimizer", "lr"),
    [
        ("beale", "momentum", 0.002),
        ("himmelblau", "sgd", 0.01),
        ("stretched_bowl", "rmsprop", 0.02),
        ("tanh_neuron", "momentum", 0.1),
        ("bowl", "adagrad", 0.1),
    ],
)
def test_a_chunk_that_two_threads_share_comes_to_the_same_fates(
    surface: str, optimizer: str, lr: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = asked(on_surface(surface), [lr], 300, optimizer)
    monkeypatch.setattr("lrviz.engine.fate_descents.THREADS", 1)
    alone = whole(experiment, small(experiment))
    monkeypatch.setattr("lrviz.engine.fate_descents.THREADS", 2)
    monkeypatch.setattr("lrviz.engine.fate_descents.PIECE_SECONDS", 0.0)
    shared = whole(experiment, small(experiment))
    assert [shared.outcomes[code] for code in shared.fate.flat] == [alone.outcomes[code] for code in alone.fate.flat]
    assert (shared.steps == alone.steps).all()


def test_another_rate_on_the_same_surface_searches_no_minima_again_and_has_the_same_map(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slow, quick = (asked(on_surface("ackley"), [rate], 300, "adam") for rate in (0.002, 0.05))
    fate_descents._ground.cache_clear()
    alone = whole(quick, small(quick))
    whole(slow, small(slow))
    monkeypatch.setattr(fate_descents, "Minima", None)
    again = whole(quick, small(quick))
    assert again.outcomes == alone.outcomes
    assert (again.fate == alone.fate).all()


def test_a_map_can_be_abandoned() -> None:
    experiment = asked(on_surface("rosenbrock"), [0.001], 300)
    going = fate_map(experiment, small(experiment, size=256, steps=1000))
    next(going)
    del going  # its threads end with it: conftest looks for what is left behind

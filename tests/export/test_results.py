"""The JSON result, in the form that DESIGN fixes."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from lrviz.core.experiment_file import experiment_from_fields
from lrviz.export.results import result_to_json
from tests.export.scenes import model_scene, surface_scene


def strictly(text: str) -> Any:
    """The value of a JSON text; NaN and Infinity, which Python's reader likes and JSON hasn't, are refused."""

    def refuse(constant: str) -> NoReturn:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_a_surface_result_has_a_loss_and_a_point_a_step_and_no_metrics() -> None:
    result = strictly(result_to_json(surface_scene()))
    assert list(result) == ["experiment", "fingerprint", "runs"]
    assert result["fingerprint"] == "a3f9c2"
    assert result["runs"][0] == {
        "lr": 0.001,
        "verdict": "crawling",
        "reason": "0.1 at the end",
        "step": [0, 1, 2, 3],
        "loss": [4.0, 1 / 3, 0.2, 0.1],
        "theta": [[0.0, 1.0], [0.1, 1.0], [0.2, 1.0], [0.3, 1.0]],
    }


def test_numbers_that_are_not_finite_are_strings_and_the_run_ends_with_them() -> None:
    run = strictly(result_to_json(surface_scene()))["runs"][1]
    assert run["step"] == [0, 1, 2]
    assert run["loss"] == [24.2, 1e300, "inf"]
    assert run["theta"] == [[-1.0, 2.0], [-10.0, 2.0], [-100.0, "inf"]]


def test_a_model_result_has_each_metric_with_its_own_steps_and_no_theta() -> None:
    run = strictly(result_to_json(model_scene()))["runs"][1]
    assert "theta" not in run
    assert run["step"] == [0, 1, 2, 3, 4]
    assert list(run["metrics"]) == ["train_loss", "test_loss", "train_accuracy", "test_accuracy"]
    assert run["metrics"]["test_accuracy"] == {"step": [0, 2, 4], "value": [0.0625, 0.3125, 0.5625]}


def test_the_experiment_in_a_result_is_the_one_that_was_run() -> None:
    for scene in (surface_scene(), model_scene()):
        fields = strictly(result_to_json(scene))["experiment"]
        assert experiment_from_fields(fields) == scene.experiment


def test_a_result_is_ascii_so_that_every_pipe_and_terminal_carries_it() -> None:
    assert result_to_json(model_scene()).isascii()

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from lrviz.core.verdict import Kind, Verdict
from lrviz.views.panel_badge import SIGNS, badge, figure, longest_word, said, verdict_word
from tests.views.descents import Descents, model_scene


def test_before_its_verdict_a_run_shows_its_loss_and_no_more() -> None:
    descents = Descents((0.001, 0.01))
    scene = descents.judged()
    assert badge(scene, 0, 0).texts == ("loss 24.2", "24.2")
    assert badge(scene, 0, scene.steps - 1).kind is None


def test_a_verdict_shows_from_its_step_on_with_its_reason() -> None:
    descents = Descents((0.01,))
    scene = descents.judged()
    step = scene.traces[0].overflow_step
    assert step is not None
    assert badge(scene, 0, step - 1).kind is None
    said = badge(scene, 0, step)
    assert said.texts == (f"▲ diverged at {step}", "▲ diverged", "▲")
    assert said.reason == f"infinite at step {step}"


def test_a_run_that_overflowed_has_diverged_before_the_race_has_ended() -> None:
    descents = Descents((0.001, 0.01))
    scene = descents.publish(20)
    step = scene.traces[1].overflow_step
    assert step is not None
    assert badge(scene, 1, step).kind == "diverged"
    assert badge(scene, 0, 19).kind is None


def test_a_verdict_of_a_later_step_than_the_last_row_shows_there() -> None:
    descents = Descents((0.001,), steps=10)
    scene = replace(descents.publish(), verdicts=(Verdict("stuck", "no progress", 99),))
    assert badge(scene, 0, 9).kind is None
    assert badge(scene, 0, 10).texts[0] == "■ stuck"


def test_rows_that_are_not_published_are_not_shown() -> None:
    descents = Descents((0.001,))
    assert badge(descents.scene, 0, 5).texts == ("",)
    descents.publish(1)
    assert badge(descents.scene, 0, 5).texts == ("loss 24.2", "24.2")


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_verdict_has_a_sign_of_its_own_and_a_word(kind: Kind) -> None:
    assert len(set(SIGNS.values())) == len(SIGNS) == len(get_args(Kind))
    assert verdict_word(kind)
    assert len(longest_word()) >= len(SIGNS[kind]) + len(verdict_word(kind))


def test_a_classifier_shows_its_last_measured_test_accuracy() -> None:
    scene = model_scene(snapshots=20)  # measured at 0, 10, 20 …
    shown = [figure(scene, 0, said(scene, 0, step).measurement) for step in (0, 9, 10, 99)]
    assert shown == ["test 0.0 %", "test 0.0 %", "test 10.0 %", "test 90.0 %"]
    assert figure(scene, 0, -1) == ""


def test_a_regression_shows_its_test_loss_and_a_surface_nothing() -> None:
    assert figure(model_scene(metric="test_loss"), 0, 1) == "test loss 0.100"
    assert figure(Descents().publish(), 0, 1) == ""

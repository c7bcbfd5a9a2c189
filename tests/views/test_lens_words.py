from __future__ import annotations

from dataclasses import replace

import pytest

from lrviz.core.lens import lens_at
from lrviz.core.scene import Scene
from lrviz.views.lens_words import epoch_text, error_text, names_text, verdict_text
from tests.core.lens_scenes import FAST, SLOW, Curve, scene_of

NO_DIFFERENCE = "difference that the test part can show between 1 and 0.1: 90.0 %."
NOW = "At equal epochs the rate 1 has the best test accuracy, 90.0 %."
ALIKE = f"At equal training loss (0.25) there is no {NO_DIFFERENCE}"


def verdict_of(*curves: Curve, level: float | None = None) -> str:
    scene = scene_of(*curves)
    return verdict_text(scene, lens_at(scene, scene.steps, level))


@pytest.mark.parametrize(
    ("curves", "said"),
    [
        ((SLOW, FAST), f"{NOW} {ALIKE} The rate 1 leads 0.1 only because it stopped earlier."),
        (
            (SLOW, (FAST[0], [0.1, 0.6, 0.5, 0.5])),
            f"{NOW} At equal training loss (0.25) it still is 1, 90.0 %. "
            "Its lead over 0.1 remains at equal training loss.",
        ),
        (
            (SLOW, ([2.0, 1.0, 0.5, 0.4], [0.1, 0.3, 0.7, 0.8])),
            f"{NOW} At equal training loss (0.4) there is no difference that the test part can show between 1 and 0.1: "
            "83.2 % to 80.0 %. The rate 1 leads 0.1 only because it has come further.",
        ),
        ((SLOW, SLOW), f"At equal epochs there is no {NO_DIFFERENCE} {ALIKE}"),
        (
            (SLOW, FAST, ([2.0, 1.9, 1.9, 1.9], [0.1] * 4)),
            f"{NOW} {ALIKE} The rate 1 leads 0.1 only because it stopped earlier; "
            "training loss 0.25 was never reached by 0.01.",
        ),
        ((SLOW,), "With one run there is nothing to compare: add a run at another learning rate."),
    ],
)
def test_the_sentence_says_what_the_figures_support(curves: tuple[Curve, ...], said: str) -> None:
    assert verdict_of(*curves) == said


def test_another_leader_at_equal_training_loss_is_named_with_whom_it_ties() -> None:
    said = verdict_of(
        (SLOW[0], [0.1, 0.5, 0.7, 0.8]), FAST, (FAST[0], [0.1, 0.89, 0.5, 0.5]), (FAST[0], [0.1, 0.6, 0.6, 0.6])
    )
    assert "At equal training loss (0.25) it is 0.1, 90.0 %; the test part can't tell 0.01 from it." in said


def test_a_leader_that_never_came_down_to_the_level_is_no_regulariser_for_that() -> None:
    assert verdict_of(SLOW, FAST, FAST, level=0.02).endswith(
        "The rate 1 never came down to training loss 0.02: nothing is said of its lead."
    )


def test_where_all_runs_diverged_the_sentence_says_so() -> None:
    scene = scene_of(SLOW, SLOW, over={0: 5, 1: 5})
    said = verdict_text(scene, lens_at(scene, scene.steps))
    assert said == "All runs have diverged; smaller learning rates can be compared."


def test_a_loss_is_lowest_not_best() -> None:
    scene = scene_of(([1.0, 0.5], [1.0, 0.5]), ([1.0, 0.4], [1.0, 0.9]), regression=True)
    said = verdict_text(scene, lens_at(scene, scene.steps))
    assert said.startswith("At equal epochs the rate 1 has the lowest test loss, 0.500.")


def test_what_the_test_part_can_show_is_told_with_its_size() -> None:
    scene = scene_of(SLOW, FAST)
    lens = lens_at(scene, scene.steps)
    assert error_text(lens) == "100 test samples: differences below 4.2 % may be chance"  # sqrt(2 · 0.9 · 0.1 / 100)
    assert error_text(replace(lens, test_samples=None)) == ""


@pytest.mark.parametrize(
    ("runs", "said"),
    [((0,), "1"), ((0, 1), "1 and 0.1"), ((0, 1, 2), "1, 0.1 and 0.01"), (range(6), "1, 0.1, 0.01 and 3 more")],
)
def test_many_runs_are_counted_instead_of_named(runs: tuple[int, ...], said: str) -> None:
    assert names_text(many(), runs) == said


def test_epochs_are_whole_where_they_are() -> None:
    assert [epoch_text(many(), step) for step in (20.0, 25.0)] == ["epoch 2", "epoch 2.5"]


def many() -> Scene:
    return scene_of(*[SLOW] * 6)

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from lrviz.core.scene import Scene
from lrviz.views.model_quantities import (
    ACCURACY_GAP,
    BATCH_SHARPNESS,
    LOSS_GAP,
    RELATIVE_SHARPNESS,
    SHARPNESS,
    quantities_from_metrics,
)
from lrviz.views.quantities import curves_for, quantities_for
from lrviz.views.quantity import Quantity
from tests.views.scenes import FakeRace, smooth

AT = (0, 10, 20)
CLASSIFYING = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")


def scene_with(**metrics: list[float]) -> Scene:
    """One run at rate 0.5 with these metrics at steps 0, 10 and 20."""
    found: dict[str, NDArray[np.float64]] = {name: np.array([values]) for name, values in metrics.items()}
    return FakeRace(smooth(1, 20), lrs=[0.5], steps_per_epoch=5, metrics=found, metric_steps=AT).publish()


def keys(*names: str) -> list[str]:
    return [quantity.key for quantity in quantities_from_metrics(names)]


def test_losses_come_first_then_accuracies_and_their_gap() -> None:
    assert keys(*CLASSIFYING) == [*CLASSIFYING, "accuracy_gap"]


def test_where_there_is_no_accuracy_the_gap_is_one_of_losses() -> None:
    assert keys("train_loss", "test_loss") == ["train_loss", "test_loss", "loss_gap"]


def test_what_was_not_measured_is_not_offered() -> None:
    assert keys("test_accuracy") == ["test_accuracy"]
    assert keys() == []


def test_each_layer_has_its_ratio_and_its_name_in_it() -> None:
    ratios = quantities_from_metrics(("gradient_norm", "update_ratio.0", "update_ratio.conv1"))[1:]
    assert [ratio.key for ratio in ratios] == ["update_ratio.0", "update_ratio.conv1"]
    assert [ratio.titled() for ratio in ratios] == ["Update ÷ weight · layer 0", "Update ÷ weight · layer conv1"]


def test_curvature_is_offered_against_the_rate_first_and_a_metric_of_ones_own_last() -> None:
    assert keys("perplexity", "sharpness", "batch_sharpness", "gradient_norm") == [
        "gradient_norm",
        "relative_sharpness",
        "sharpness",
        "relative_batch_sharpness",
        "batch_sharpness",
        "perplexity",
    ]


def test_the_gap_is_what_training_is_better_by() -> None:
    scene = scene_with(
        train_accuracy=[0.1, 0.8, 1.0], test_accuracy=[0.1, 0.7, 0.6], train_loss=[2, 0.5, 0.1], test_loss=[2, 1, 1.5]
    )
    for gap, by_hand in ((ACCURACY_GAP, [0, 0.1, 0.4]), (LOSS_GAP, [0, 0.5, 1.4])):
        steps, values = gap.read(scene, 0, -1)
        assert steps.tolist() == list(AT)
        np.testing.assert_allclose(values, by_hand)
        assert gap.read(scene, 0, 10)[0].tolist() == [20]


def test_relative_sharpness_is_1_at_two_over_the_rate() -> None:
    scene = scene_with(sharpness=[1.0, 4.0, 8.0])
    assert RELATIVE_SHARPNESS.read(scene, 0, -1)[1].tolist() == [0.25, 1.0, 2.0]
    assert RELATIVE_SHARPNESS.mark == 1
    for quantity in (SHARPNESS, BATCH_SHARPNESS):
        assert quantity.limit is not None
        assert quantity.limit(np.array([0.5, 0.001])).tolist() == [4, 2000]


@pytest.mark.parametrize("name", ["sharpness", "update_ratio.0", "gradient_norm"])
def test_a_step_at_which_nothing_was_measured_is_passed_over(name: str) -> None:
    scene = scene_with(**{name: [1.0, np.nan, 3.0]})
    for quantity in quantities_from_metrics((name,)):
        assert quantity.read(scene, 0, -1)[0].tolist() == [0, 20]


def test_only_test_figures_have_a_best() -> None:
    offered = quantities_from_metrics((*CLASSIFYING, "gradient_norm", "sharpness", "update_ratio.0"))
    assert [quantity.key for quantity in offered if quantity.best] == ["test_loss", "test_accuracy"]


def test_neither_a_fraction_nor_a_gap_has_a_logarithmic_scale() -> None:
    plain: list[Quantity] = [q for q in quantities_from_metrics((*CLASSIFYING, "sharpness")) if not q.scalable]
    assert [quantity.key for quantity in plain] == ["train_accuracy", "test_accuracy", "accuracy_gap"]


def test_the_second_chart_of_a_model_is_its_test_accuracy_or_else_its_test_loss() -> None:
    both = scene_with(train_loss=[1, 1, 1], test_loss=[1, 1, 1], test_accuracy=[0, 0, 0])
    assert curves_for(both, ("loss", ""))[1].key == "test_accuracy"
    assert curves_for(scene_with(train_loss=[1, 1, 1], test_loss=[1, 1, 1]), ("loss", ""))[1].key == "test_loss"


def test_every_quantity_of_a_race_says_in_a_word_or_two_what_it_is() -> None:
    scene = scene_with(**{name: [1.0, 1.0, 1.0] for name in (*CLASSIFYING, "sharpness", "update_ratio.2")})
    titles = [quantity.titled() for quantity in quantities_for(scene)]
    assert len(set(titles)) == len(titles)
    assert all(3 < len(title) < 32 and "{" not in title for title in titles)

from __future__ import annotations

import math

import numpy as np
import pytest

from lrviz.views.model_quantities import ACCURACY, TEST_LOSS
from lrviz.views.quantity import Quantity
from lrviz.views.ranks import Ranks


def ranks_of(quantity: Quantity, values: list[float]) -> list[int | None]:
    ranks = Ranks(quantity)
    ranks.extend(np.array(values))
    return [ranks.best(count) for count in range(len(values) + 1)]


def test_the_best_is_the_greatest_accuracy_and_the_least_loss_so_far() -> None:
    assert ranks_of(ACCURACY, [0.1, 0.8, 0.7, 0.9]) == [None, 0, 1, 1, 3]
    assert ranks_of(TEST_LOSS, [0.1, 0.8, 0.05, 0.9]) == [None, 0, 0, 2, 2]


def test_of_equals_the_earliest_is_the_best() -> None:
    assert ranks_of(ACCURACY, [0.5, 0.9, 0.9])[-1] == 1


@pytest.mark.parametrize("quantity", [ACCURACY, TEST_LOSS], ids=lambda quantity: quantity.key)
def test_what_is_not_finite_is_nobodys_best(quantity: Quantity) -> None:
    assert ranks_of(quantity, [math.nan, math.inf, -math.inf]) == [None] * 4
    assert ranks_of(quantity, [math.nan, 0.5, math.inf, -math.inf])[-1] == 1


def test_ranks_do_not_tell_in_how_many_parts_the_readings_came() -> None:
    values = np.random.default_rng(0).random(30)
    whole, parts = Ranks(ACCURACY), Ranks(ACCURACY)
    whole.extend(values)
    for part in np.array_split(values, [1, 2, 9, 9, 20]):
        parts.extend(part)
    by_hand = [int(values[:count].argmax()) for count in range(1, 31)]
    assert [whole.best(count) for count in range(1, 31)] == by_hand
    assert [parts.best(count) for count in range(1, 31)] == by_hand

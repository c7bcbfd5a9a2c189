"""Work with pauses."""

from __future__ import annotations

import pytest

from lrviz.core.pauses import Paused, finished


def summed(numbers: list[int], done: list[int]) -> Paused[int]:
    total = 0
    for number in numbers:
        total += number
        done.append(number)
        yield
    return total


def test_finished_work_gives_its_result() -> None:
    done: list[int] = []
    assert finished(summed([1, 2, 3], done)) == 6
    assert done == [1, 2, 3]
    assert finished(summed([], done)) == 0


def test_an_error_on_the_way_is_raised() -> None:
    def failing() -> Paused[int]:
        yield
        raise ValueError("out of paper")

    with pytest.raises(ValueError, match="out of paper"):
        finished(failing())

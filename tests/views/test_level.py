from __future__ import annotations

import numpy as np
import pytest

from lrviz.core.viewstate import Against
from lrviz.views.level import Level, level_name, level_of
from lrviz.views.quantities import LOSS
from lrviz.views.series import Series
from tests.views.scenes import FakeRace, smooth

LEVELS = [Level("steps", 300), Level("steps", 300, 1.0), Level("path", 2.5), Level("path", 2.5, 1e-3)]


def series_of(rows: int | None = None, lrs: tuple[float, ...] = (0.1, 0.001)) -> list[Series]:
    race = FakeRace(smooth(len(lrs), 100), lrs=lrs)
    race.publish(rows)
    made = [Series(race.scene, run, LOSS, None, "path") for run in range(len(lrs))]
    for one in made:
        one.grow()
    return made


@pytest.mark.parametrize("level", LEVELS, ids=str)
def test_an_axis_runs_from_0_to_its_end_and_back(level: Level) -> None:
    assert level.fraction(0) == 0
    assert level.fraction(level.end) == pytest.approx(1)
    places = np.linspace(0, level.end, 7)
    np.testing.assert_allclose(level.fractions(places), [level.fraction(place) for place in places.tolist()])
    for place in places.tolist():
        assert level.place(level.fraction(place)) == pytest.approx(place)


@pytest.mark.parametrize("level", LEVELS, ids=str)
@pytest.mark.parametrize("most", [2, 5, 9])
def test_ticks_lie_on_the_axis_begin_at_0_and_are_not_too_many(level: Level, most: int) -> None:
    ticks = level.ticks(most)
    places = [place for place, _ in ticks]
    assert places[0] == 0
    assert places == sorted(set(places))
    assert 2 <= len(places) <= max(most, 3)
    assert places[-1] <= level.end


def test_a_logarithmic_axis_of_steps_has_a_place_for_step_0_and_is_labelled_where_steps_are() -> None:
    level = Level("steps", 10_000, 1.0)
    assert [text for _, text in level.ticks(8)] == ["0", "1", "10", "100", "1,000", "10,000"]
    assert level.fraction(9) == pytest.approx(np.log(10) / np.log(10_001))


def test_the_path_axis_ends_at_a_round_number_past_the_longest_path() -> None:
    series = series_of()
    assert level_of(series, 100, "path", False) == Level("path", 10.0)
    assert level_of(series, 100, "path", True) == Level("path", 10.0, 0.001)


def test_an_axis_that_a_path_outgrows_no_longer_holds() -> None:
    assert not level_of(series_of(20), 100, "path", False).holds(series_of())
    assert level_of(series_of(), 100, "path", False).holds(series_of())
    assert Level("steps", 100).holds(series_of())


def test_before_any_step_there_is_an_axis_all_the_same() -> None:
    assert level_of(series_of(1), 100, "path", True).end > 0


@pytest.mark.parametrize(("against", "log", "name"), [("steps", False, "step"), ("path", True, "rate × steps, log")])
def test_an_axis_is_called_what_it_is(against: Against, log: bool, name: str) -> None:
    assert level_name(against, log) == name

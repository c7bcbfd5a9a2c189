from __future__ import annotations

import numpy as np
import pytest

from lrviz.core.viewstate import Against
from lrviz.views.level import Level, level_name, level_of, offered, place_of
from lrviz.views.quantities import LOSS
from lrviz.views.series import Series
from tests.views.scenes import SECONDS, FakeRace, smooth

LEVELS = [
    Level("steps", 300),
    Level("steps", 300, 1.0),
    Level("epochs", 300, None, 20),
    Level("epochs", 300, 1.0, 20),
    Level("path", 2.5),
    Level("path", 2.5, 1e-3),
    Level("time", 12.5),
    Level("time", 12.5, 1e-2),
]
SCENE = FakeRace(smooth(2, 100), steps_per_epoch=20).scene


def series_of(
    rows: int | None = None, lrs: tuple[float, ...] = (0.1, 0.001), against: Against = "path"
) -> list[Series]:
    race = FakeRace(smooth(len(lrs), 100), lrs=lrs)
    race.publish(rows)
    made = [Series(race.scene, run, LOSS, None, against) for run in range(len(lrs))]
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
    assert level_of(series, SCENE, "path", False) == Level("path", 10.0)
    assert level_of(series, SCENE, "path", True) == Level("path", 10.0, 0.001)


def test_an_axis_that_a_path_outgrows_no_longer_holds() -> None:
    assert not level_of(series_of(20), SCENE, "path", False).holds(series_of())
    assert level_of(series_of(), SCENE, "path", False).holds(series_of())
    assert Level("steps", 100).holds(series_of())


def test_before_any_step_there_is_an_axis_all_the_same() -> None:
    assert level_of(series_of(1), SCENE, "path", True).end > 0


def test_against_epochs_places_are_steps_and_labels_are_epochs() -> None:
    level = level_of(series_of(), SCENE, "epochs", False)
    assert level == Level("epochs", 100, None, 20)
    assert level.ticks(6) == [(0, "0"), (20, "1"), (40, "2"), (60, "3"), (80, "4"), (100, "5")]
    assert level.fraction(50) == 0.5


def test_an_axis_of_seconds_is_the_clock_of_all_runs_together() -> None:
    series = series_of(against="time")
    level = level_of(series, SCENE, "time", False)
    assert level.shared
    assert level.end >= 100 * SECONDS
    assert place_of(level, series, 40) == 40 * SECONDS
    assert place_of(level, series_of(21, against="time"), 40) == 20 * SECONDS  # the last that is known


def test_only_a_race_with_epochs_can_be_drawn_against_them() -> None:
    assert offered(SCENE) == ("steps", "epochs", "path", "time")
    assert offered(FakeRace(smooth(2, 9)).scene) == ("steps", "path", "time")
    assert "epochs" not in offered(FakeRace(smooth(2, 9), steps_per_epoch=1).scene)  # each step is one


@pytest.mark.parametrize(
    ("against", "log", "name"),
    [
        ("steps", False, "step"),
        ("epochs", False, "epoch"),
        ("path", True, "rate × steps, log"),
        ("time", False, "seconds of the race, all runs together"),
    ],
)
def test_an_axis_is_called_what_it_is(against: Against, log: bool, name: str) -> None:
    assert level_name(against, log) == name

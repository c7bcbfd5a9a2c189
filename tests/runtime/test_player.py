"""The clock: speed, published rows as its limit, seeking, looping. Time is a number that the test sets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from lrviz.runtime.player import RACE_SECONDS, REST_SECONDS, SLOWEST, Player


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Table:
    """A player over a race whose published rows the test sets."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.player = Player(frame_ms=1_000_000, clock=self.clock)
        self.rows = 1001
        self.player.load(lambda: self.rows, 1000)

    def pass_time(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.1)):
            self.clock.now += 0.1
            self.player.tick()


@pytest.fixture
def table(qtbot: QtBot) -> Iterator[Table]:
    made = Table()
    yield made
    made.player.close()


def test_a_race_plays_in_its_time_at_speed_one(table: Table) -> None:
    table.player.play()
    table.pass_time(RACE_SECONDS / 2)
    assert table.player.step == pytest.approx(500, abs=2)


def test_a_short_race_is_not_stretched_over_the_whole_time(table: Table) -> None:
    table.player.load(lambda: 31, 30)
    table.player.play()
    table.pass_time(1.0)
    assert table.player.step == pytest.approx(SLOWEST, abs=1)


def test_the_step_on_screen_never_passes_the_published_rows(table: Table) -> None:
    table.rows = 11
    table.player.play()
    table.pass_time(5)
    assert table.player.step == 10
    assert table.player.playing
    table.rows = 1001
    table.pass_time(1)
    assert table.player.step > 10


def test_a_complete_race_stops_on_its_last_step(table: Table) -> None:
    table.player.complete()
    table.player.play()
    table.pass_time(RACE_SECONDS + 1)
    assert table.player.step == 1000
    assert not table.player.playing


def test_a_race_whose_runs_all_diverged_ends_on_its_last_row(table: Table) -> None:
    table.rows = 8
    table.player.complete()
    table.player.play()
    table.pass_time(2)
    assert table.player.step == 7
    assert not table.player.playing


def test_playing_at_the_end_begins_again(table: Table) -> None:
    table.player.complete()
    table.player.seek(1000)
    table.player.play()
    assert table.player.step == 0


def test_a_loop_rests_and_begins_again(table: Table) -> None:
    table.player.complete()
    table.player.loop = True
    table.player.play()
    table.pass_time(RACE_SECONDS + REST_SECONDS / 2)
    assert table.player.step == 1000
    table.pass_time(REST_SECONDS)
    assert table.player.step < 500
    assert table.player.playing


@pytest.mark.parametrize(("asked", "shown"), [(-5, 0), (250, 250), (5000, 1000)])
def test_seeking_pauses_on_the_nearest_row(table: Table, asked: int, shown: int) -> None:
    table.player.play()
    with_signal: list[tuple[int, int]] = []
    table.player.ticked.connect(lambda step, rows: with_signal.append((step, rows)))
    table.player.seek(asked)
    assert table.player.step == shown
    assert not table.player.playing
    assert with_signal[-1] == (shown, 1001)


def test_turning_a_rate_keeps_the_step_on_screen(table: Table) -> None:
    table.player.seek(400)
    table.player.load(lambda: 1001, 1000, keep_step=True)
    assert table.player.step == 400
    table.player.load(lambda: 1001, 1000)
    assert table.player.step == 0


def test_after_a_hitch_the_race_goes_on_and_does_not_leap(table: Table) -> None:
    table.player.play()
    table.clock.now += 60
    table.player.tick()
    assert table.player.step < 50

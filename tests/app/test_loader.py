"""Data are read beside the window, and what needs them is done once they are there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from lrviz.app.loader import REMEMBERED, Loader
from lrviz.core import catalog
from lrviz.core.errors import DataError
from lrviz.core.experiment import choose


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[Loader]:
    made = Loader()
    yield made
    made.close()


def test_what_needs_data_is_done_when_they_are_read_and_at_once_the_next_time(qtbot: QtBot, loader: Loader) -> None:
    done: list[int] = []
    moons = choose(catalog.datasets, "moons")
    with qtbot.waitSignal(loader.ended):
        loader.when_read(moons, 0, lambda: done.append(1))
        assert done == []
    assert done == [1]
    with qtbot.assertNotEmitted(loader.began):
        loader.when_read(moons, 0, lambda: done.append(2))
    assert done == [1, 2]


def test_another_seed_is_other_data_and_only_a_few_are_remembered(qtbot: QtBot, loader: Loader) -> None:
    moons = choose(catalog.datasets, "moons", samples=40)
    for seed in range(REMEMBERED + 1):
        with qtbot.waitSignal(loader.ended):
            loader.when_read(moons, seed, lambda: None)
    with qtbot.waitSignal(loader.began):
        loader.when_read(moons, 0, lambda: None)


def test_a_newer_request_replaces_one_that_waits(qtbot: QtBot, loader: Loader) -> None:
    done: list[str] = []
    loader.when_read(choose(catalog.datasets, "digits"), 7, lambda: done.append("digits"))
    with qtbot.waitSignal(loader.ended):
        loader.when_read(choose(catalog.datasets, "moons"), 7, lambda: done.append("moons"))
    assert done == ["moons"]


def test_a_broken_file_is_told_and_nothing_is_done(qtbot: QtBot, loader: Loader, tmp_path: Path) -> None:
    file = tmp_path / "broken.csv"
    file.write_text("a,b\n1\n")
    done: list[int] = []
    with qtbot.waitSignal(loader.failed) as failed:
        loader.when_read(choose(catalog.datasets, "csv", path=str(file)), 0, lambda: done.append(1))
    assert isinstance(failed.args[0].error, DataError)
    assert done == []

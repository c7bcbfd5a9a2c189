"""Every surface with every optimizer, raced in the window and from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from lrviz.app.main import race_when_ready
from lrviz.app.window import Window
from lrviz.cli.main import main
from lrviz.core import catalog
from lrviz.core.experiment import choose
from lrviz.core.openings import first_question, surface_problem
from lrviz.core.viewstate import ViewState

STEPS = 6
STEPS_SHOWN = 60  # in the window: enough for the curves, and for a rate that is too large to leave the map


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[Window]:
    made = Window(replace(first_question(surface_problem("bowl")), steps=STEPS_SHOWN), race_when_ready, ViewState())
    qtbot.addWidget(made)
    made.show()
    made.session.start()
    yield made
    made.close()


@pytest.mark.parametrize("surface", catalog.surfaces.names())
def test_every_optimizer_races_on_it_in_the_window(qtbot: QtBot, window: Window, surface: str) -> None:
    window.wishes.pick_problem("surface", surface)
    for optimizer in catalog.optimizers.names():
        chosen = choose(catalog.optimizers, optimizer)
        asked = replace(window.session.experiment, optimizer=chosen, steps=STEPS_SHOWN)
        window.frame.controls.experiment_changed.emit(asked)
        qtbot.waitUntil(lambda: not window.session.running, timeout=30_000)
        assert window.scene is not None
        assert window.scene.experiment == window.session.experiment
        assert window.scene.experiment.optimizer.name == optimizer
        assert window.scene.verdicts is not None
    assert window.frame.notice.isHidden()


@pytest.mark.parametrize("surface", catalog.surfaces.names())
def test_every_optimizer_races_on_it_from_the_command_line(surface: str, capsys: pytest.CaptureFixture[str]) -> None:
    for optimizer in catalog.optimizers.names():
        line = ["run", "--surface", surface, "--optimizer", optimizer, "--steps", str(STEPS), "--lr", "0.001", "--json"]
        assert main(line) == 0
        result = json.loads(capsys.readouterr().out)
        assert result["experiment"]["optimizer"]["name"] == optimizer
        assert 1 < len(result["runs"][0]["theta"]) <= STEPS + 1  # fewer where it overflows

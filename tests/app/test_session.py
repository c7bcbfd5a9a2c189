"""The experiment on the table: raced, replaced, undone; errors end one race, never the session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from pytestqt.qtbot import QtBot

from lrviz.app.session import Session
from lrviz.core.errors import ExperimentError
from lrviz.core.experiment import Experiment
from lrviz.core.openings import first_question, surface_problem
from lrviz.core.runs import with_rate
from lrviz.core.scene import Scene
from lrviz.core.trace import Recorder
from lrviz.runtime.worker import Failure


def scene_of(experiment: Experiment) -> Scene:
    recorder = Recorder(experiment.lrs, experiment.steps, 2, range(experiment.steps + 1))
    return Scene(experiment, "abcdef", 2, None, recorder.traces)


def race(experiment: Experiment) -> Iterator[Scene]:
    if experiment.steps == 13:
        raise ExperimentError("thirteen steps are unlucky; take twelve")
    yield scene_of(experiment)


@pytest.fixture
def experiment() -> Experiment:
    return first_question(surface_problem("bowl"))


@pytest.fixture
def session(qtbot: QtBot, experiment: Experiment) -> Iterator[Session]:
    made = Session(race, experiment)
    with qtbot.waitSignal(made.race_ended):
        made.start()
    yield made
    made.close()


def test_a_session_races_its_experiment_at_once(session: Session, experiment: Experiment) -> None:
    assert session.scene is not None
    assert session.scene.experiment == experiment
    assert not session.running


def test_another_experiment_is_raced_and_can_be_undone_and_redone(
    qtbot: QtBot, session: Session, experiment: Experiment
) -> None:
    longer = replace(experiment, steps=50)
    for act, wanted in ((lambda: session.ask(longer), longer), (session.undo, experiment), (session.redo, longer)):
        with qtbot.waitSignal(session.race_ended):
            act()
        assert session.experiment == wanted
        assert session.scene is not None
        assert session.scene.experiment == wanted


def test_a_new_change_forgets_what_was_undone(session: Session, experiment: Experiment) -> None:
    session.ask(replace(experiment, steps=50))
    session.undo()
    session.ask(replace(experiment, steps=60))
    session.redo()
    assert session.experiment.steps == 60


def test_a_dragged_rate_is_one_step_of_undo(session: Session, experiment: Experiment) -> None:
    for lr in (0.2, 0.3, 0.4):
        session.ask(with_rate(experiment, 0, lr), passing=True)
    session.ask(with_rate(experiment, 0, 0.4))
    session.undo()
    assert session.experiment == experiment


def test_scenes_of_a_race_that_was_replaced_are_not_shown(
    qtbot: QtBot, session: Session, experiment: Experiment
) -> None:
    seen: list[int] = []
    session.scene_changed.connect(lambda scene, another: seen.append(scene.steps))
    session.ask(replace(experiment, steps=50))
    session.ask(replace(experiment, steps=60))
    qtbot.waitUntil(lambda: not session.running)
    assert seen == [60]


def test_a_failing_race_is_told_and_the_next_one_runs(qtbot: QtBot, session: Session, experiment: Experiment) -> None:
    with qtbot.waitSignal(session.race_ended), qtbot.waitSignal(session.failed) as told:
        session.ask(replace(experiment, steps=13))
    failure = told.args[0]
    assert isinstance(failure, Failure)
    assert str(failure.error) == "thirteen steps are unlucky; take twelve"
    with qtbot.waitSignal(session.scene_changed) as changed:
        session.ask(replace(experiment, steps=12))
    assert changed.args[0].steps == 12


def test_a_session_that_was_closed_does_not_start(experiment: Experiment) -> None:
    session = Session(race, experiment)
    session.close()
    session.start()
    assert not session.is_alive()

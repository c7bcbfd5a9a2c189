"""The true loss beside the plane's, and how far a model is from its picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from lrviz.core.landscape import PLANE_KINDS, Landscape, Plane
from lrviz.core.scene import Scene
from lrviz.core.trace import Recorder
from lrviz.engine.landscapes import scenes_on
from lrviz.engine.problems import problem_from_spec
from lrviz.views.panel_badge import said, tip
from lrviz.views.plane_titles import plane_hint, plane_title
from lrviz.views.plane_words import Beside, axes_text, beside, beside_sentence, beside_texts
from lrviz.views.way import Way
from tests.engine.questions import asked, on_model, until_judged
from tests.views.boards import board_of
from tests.views.descents import Descents, model_scene

STEPS = (0, 5, 10, 15)


def toy(off: float = 0.0, metric: str = "train_loss", last: tuple[float, float] = (1.0, 0.5)) -> Scene:
    """One run that goes `off` the plane of its first two weights; its loss is 7 at step 0 and 3 at step 10."""
    scene = model_scene(runs=1, metric="test_loss")
    recorder = Recorder((0.1,), 20, 3, STEPS, (metric,), np.float32, (0, 10))
    for number, place in enumerate([(0.0, 0.0), (0.5, 0.5), last, (2.0, 0.5)]):
        measured = {metric: np.array([7.0 - 2 * number])} if number % 2 == 0 else {}
        recorder.snapshot(np.array([[*place, off * number]]), measured)
    recorder.append(np.ones((1, 21)), np.ones((1, 21)))
    plane = Plane(np.zeros(3), np.eye(3)[:2], ("one (60 %)", "two (30 %)"))
    x, y = np.meshgrid(np.linspace(-3, 3, 7), np.linspace(-1, 1, 5))
    return replace(scene, traces=recorder.traces, plane=plane, landscape=Landscape((-3.0, 3.0, -1.0, 1.0), x + 10 * y))


def grown(scene: Scene) -> Way:
    way = Way(scene.traces[0], scene.plane)
    way.grow()
    return way


@pytest.mark.parametrize(("step", "expected"), [(0, (0, 7, 0, 0)), (9, (0, 7, 0, 0)), (19, (10, 3, 6, 3))])
def test_loss_plane_and_distance_are_those_of_the_last_measurement(
    step: int, expected: tuple[int, float, float, float]
) -> None:
    scene = toy(off=1.5)
    assert beside(scene, 0, step, grown(scene)) == Beside(*expected)


def test_a_way_that_lags_behind_tells_of_what_it_has() -> None:
    scene = toy(off=1.5)
    way = grown(scene)
    way.steps, way.points = way.steps[:2], way.points[:2]
    assert beside(scene, 0, 19, way) == Beside(0, 7.0, 0.0, 0.0)


def test_off_the_map_the_plane_has_no_loss_and_without_a_measured_one_only_the_distance_is_told() -> None:
    scene = toy(off=1.5, last=(4.0, 0.0))
    off = beside(scene, 0, 19, grown(scene))
    assert off == Beside(10, 3.0, None, 3.0)
    assert beside_texts(off)[0] == "3.0 off the plane"
    assert "beside the map" in beside_sentence(scene, 0, 19, grown(scene))
    scene = toy(off=1.5, metric="test_loss")
    bare = beside(scene, 0, 19, grown(scene))
    assert bare == Beside(10, None, 6.0, 3.0)
    assert beside_texts(bare)[0] == "3.0 off the plane"
    assert beside_sentence(scene, 0, 19, grown(scene)).startswith("At step 10 the weights lie 3.0 off the plane.")


def test_what_is_no_number_is_not_told() -> None:
    scene = toy(off=float("nan"))
    assert beside(scene, 0, 19, grown(scene)) is None


def test_a_distance_of_rounding_is_none() -> None:
    scene = toy(off=1e-6)
    assert beside(scene, 0, 19, grown(scene)) == Beside(10, 3.0, 6.0, 0.0)
    assert "lie on the plane, where the map says 6.00" in beside_sentence(scene, 0, 19, grown(scene))


def test_the_texts_grow_shorter_and_the_sentence_tells_all() -> None:
    scene = toy(off=1.5)
    told = beside(scene, 0, 19, grown(scene))
    assert told is not None
    texts = beside_texts(told)
    assert texts[0] == "training loss 3.00, on the plane 6.00 · 3.0 off it"
    assert texts[-1] == "3.0 off"
    assert list(texts) == sorted(texts, key=len, reverse=True)
    sentence = beside_sentence(scene, 0, 19, grown(scene))
    assert sentence.splitlines() == [
        "Training loss 3.00 at step 10; the map says 6.00 at the weights' foot on the plane, 3.0 away from them.",
        "→ one (60 %) · ↑ two (30 %)",
    ]
    assert sentence in tip(scene, 0, 19, grown(scene))


def test_what_is_written_agrees_with_the_engine() -> None:
    *_, scene = scenes_on(until_judged(asked(on_model(hidden=(6,)), (0.3, 0.1, 0.03), 40)), "finals")
    problem = problem_from_spec(scene.experiment.problem, scene.experiment.seed)
    assert scene.plane is not None
    distances = []
    for run, trace in enumerate(scene.traces):
        way = Way(trace, scene.plane)
        way.grow()
        for step in (0, 40):
            told = beside(scene, run, step, way)
            assert told is not None
            theta = torch.from_numpy(trace.theta[[0 if step == 0 else -1]].copy())
            foot = scene.plane.theta_from_plane(scene.plane.plane_from_theta(theta.double().numpy()))
            true, flat = (problem.metrics(at.float())["train_loss"].item() for at in (theta, torch.from_numpy(foot)))
            assert told.loss == pytest.approx(true, rel=1e-5)
            assert told.plane_loss == pytest.approx(flat, rel=1e-3)
            assert told.distance == pytest.approx(float(np.linalg.norm(theta.numpy() - foot)), rel=1e-3, abs=1e-5)
            distances.append(told.distance)
    assert sorted(distances)[:5] == [0] * 5  # three times the start, and two ends
    assert max(distances) > 0.01


def test_a_surface_is_its_own_plane() -> None:
    scene = Descents().publish()
    way = Way(scene.traces[0], None)
    way.grow()
    assert said(scene, 0, 5, way=way).beside is None
    assert beside_sentence(scene, 0, 5, way) == ""


def test_before_a_plane_is_known_nothing_is_said_of_it() -> None:
    scene = replace(toy(), plane=None, landscape=None)
    assert said(scene, 0, 5).beside is None
    assert tip(scene, 0, 5) == ""


@pytest.mark.parametrize(("size", "text"), [((900, 500), "training loss 3.00, on"), ((205, 150), "loss 3.00, plane")])
def test_the_board_writes_as_much_of_it_as_there_is_room_for(qtbot: QtBot, size: tuple[int, int], text: str) -> None:
    board = board_of(qtbot, toy(off=1.5), size=size, interactive=False)
    board.show_step(19)
    (head,) = board._heads_placed
    assert any(label.text.startswith(text) for label in head.standing)
    assert any(label.text == axes_text(toy()) for label in head.standing) == (size[0] > 500)
    for label in head.standing:
        assert not label.on_map or head.map.contains(label.rect)


def test_the_axes_are_written_once_and_under_every_pointer(qtbot: QtBot) -> None:
    scene = model_scene(runs=3)
    board = board_of(qtbot, scene, size=(1500, 500), interactive=False)
    board.show_step(scene.steps)
    written = [label.text for head in board._heads_placed for label in head.standing]
    assert written.count(axes_text(scene)) == 1
    assert board._view is not None
    for run in range(3):
        qtbot.mouseMove(board, QPoint(1, 1))
        qtbot.mouseMove(board, board._view.map(run).center())
        assert "→ a · ↑ b" in board.toolTip()


def test_figures_that_have_their_turn_bring_the_plane_up_to_date(qtbot: QtBot) -> None:
    board = board_of(qtbot, toy(off=1.5), size=(900, 500), interactive=False)

    def written() -> str:
        (head,) = board._heads_placed
        return next(label.text for label in head.standing if "on the plane" in label.text)

    board.show_step(0)
    assert written().startswith("training loss 7.00")
    board.show_step(12, slice(0, 0))  # not its turn
    assert written().startswith("training loss 7.00")
    board.show_step(12, slice(0, 1))
    assert written().startswith("training loss 3.00")


def test_every_plane_has_a_title_and_a_hint_of_its_own() -> None:
    for words in (plane_title, plane_hint):
        assert len({words(kind) for kind in PLANE_KINDS}) == len(PLANE_KINDS)
        assert all(words(kind) for kind in PLANE_KINDS)

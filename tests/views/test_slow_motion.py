from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel
from pytestqt.qtbot import QtBot

from lrviz.core.scene import Scene
from lrviz.views.slow_motion import SlowMotion
from lrviz.views.theme import DARK
from tests.views.descents import Descents, model_scene
from tests.views.told import tell


@pytest.fixture(autouse=True)
def told_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    tell(monkeypatch)


def slow_motion(qtbot: QtBot, scene: Scene | None = None, step: int = 0) -> SlowMotion:
    widget = SlowMotion()
    qtbot.addWidget(widget)
    widget.set_theme(DARK)
    widget.resize(320, 600)
    if scene is not None:
        widget.show_scene(scene)
    widget.show()
    widget.show_step(step)
    widget.seek_requested.connect(widget.show_step)  # as the window does
    return widget


def shown(widget: SlowMotion) -> str:
    return " | ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text())


def test_a_stage_has_name_formula_sentence_and_numbers(qtbot: QtBot) -> None:
    text = shown(slow_motion(qtbot, Descents().judged()))
    for part in ("Slope", "<i>g</i> = ∇<i>L</i>(<i>θ</i>)", "Uphill.", "1.50", "−0.250", "0.100", "stage 1 of 3"):
        assert part in text


def test_next_goes_through_the_stages_and_on_to_the_next_step(qtbot: QtBot) -> None:
    widget = slow_motion(qtbot, Descents().judged())
    told: list[tuple[int, int | None]] = []
    widget.stage_changed.connect(lambda run, stage: told.append((run, stage)))
    places = []
    for _ in range(4):
        qtbot.mouseClick(widget._next, Qt.MouseButton.LeftButton)
        places.append((widget._step, widget._shown_stage()))
    assert places == [(0, 1), (0, 2), (1, 0), (1, 1)]
    assert told == [(0, 1), (0, 2), (0, 0), (0, 1)]


def test_back_undoes_next_all_the_way(qtbot: QtBot) -> None:
    widget = slow_motion(qtbot, Descents().judged())
    for _ in range(7):
        widget.next()
    for _ in range(7):
        widget.back()
    assert (widget._step, widget._shown_stage()) == (0, 0)
    assert not widget._back.isEnabled()


def test_a_step_that_is_sought_elsewhere_keeps_the_stage(qtbot: QtBot) -> None:
    widget = slow_motion(qtbot, Descents().judged())
    widget.next()
    widget.show_step(20)
    assert "stage 2 of 3" in shown(widget)


def test_a_step_that_is_not_granted_leaves_the_stage(qtbot: QtBot) -> None:
    widget = slow_motion(qtbot, Descents().judged())
    widget.seek_requested.disconnect(widget.show_step)
    widget.next()
    widget.next()
    widget.next()
    widget.show_step(7)
    assert (widget._step, widget._shown_stage()) == (7, 2)


def test_another_run_is_picked_by_its_rate(qtbot: QtBot) -> None:
    widget = slow_motion(qtbot, Descents((0.001, 0.0005)).judged())
    told: list[tuple[int, int | None]] = []
    widget.stage_changed.connect(lambda run, stage: told.append((run, stage)))
    picker = widget.findChild(QComboBox)
    assert [picker.itemText(at) for at in range(picker.count())] == ["0.001", "0.0005"]
    picker.setCurrentIndex(1)
    assert told == [(1, 0)]
    widget.show_run(0)
    assert picker.currentIndex() == 0


def test_a_scene_of_fewer_runs_tells_of_one_that_it_has(qtbot: QtBot) -> None:
    widget = slow_motion(qtbot, Descents().judged())
    widget.show_run(3)
    widget.show_scene(Descents((0.001,)).judged())
    assert "Slope" in shown(widget)


@pytest.mark.parametrize(
    ("scene", "run", "step", "word"),
    [
        (None, 0, 0, "Here each step is told"),
        (model_scene(), 0, 0, "Only surfaces tell their steps"),
        (Descents().judged(), 0, 60, "No step follows the last"),
        (Descents().judged(), 3, 40, "This run ended at step"),
        (Descents().publish(3), 0, 2, "yet to come"),
    ],
)
def test_where_no_step_is_told_it_says_why(qtbot: QtBot, scene: Scene | None, run: int, step: int, word: str) -> None:
    widget = slow_motion(qtbot, scene, step)
    widget.show_run(run)
    assert word in shown(widget)
    assert not widget._next.isEnabled()


def test_from_the_end_back_leads_to_the_last_step_of_the_run(qtbot: QtBot) -> None:
    widget = slow_motion(qtbot, Descents().judged(), 60)
    widget.back()
    assert (widget._step, widget._shown_stage()) == (59, 2)
    widget.show_run(3)
    assert widget._scene is not None
    widget.show_step(60)
    widget.back()
    assert widget._step == len(widget._scene.traces[3]) - 2


def test_nobody_is_told_of_a_stage_while_nobody_looks(qtbot: QtBot) -> None:
    widget = slow_motion(qtbot, Descents().judged())
    told: list[tuple[int, int | None]] = []
    widget.stage_changed.connect(lambda run, stage: told.append((run, stage)))
    widget.hide()
    widget.show_step(3)
    widget.show_run(1)
    assert told == [(0, None)]
    widget.show()
    assert told == [(0, None), (1, 0)]


def test_it_is_worked_by_keys_and_its_controls_have_names(qtbot: QtBot) -> None:
    widget = slow_motion(qtbot, Descents().judged())
    widget._next.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(widget._next, Qt.Key.Key_Space)
    assert "stage 2 of 3" in shown(widget)
    assert widget.accessibleName()
    assert all(box.accessibleName() for box in widget.findChildren(QComboBox))
    assert all(button.text() for button in widget.findChildren(QAbstractButton) if button.parent() is widget)


def test_nothing_is_cut_off_at_its_width(qtbot: QtBot) -> None:
    widget = slow_motion(qtbot, Descents().judged())
    for _ in range(3):
        QApplication.processEvents()
        for label in widget._text.findChildren(QLabel):
            if label.isVisible():
                assert label.width() >= min(label.minimumSizeHint().width(), label.sizeHint().width())
        widget.next()

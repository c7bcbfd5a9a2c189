from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lrviz.core.insight import INSIGHT_KINDS, Fit, InsightKind, RunInsight
from lrviz.core.scene import Scene
from lrviz.views.insight_panel import class_color, image_of, two_sided
from lrviz.views.insight_view import InsightView
from lrviz.views.insight_words import kind_word, reading_hint
from lrviz.views.theme import DARK, LIGHT, THEMES, Theme
from tests.views.boards import pixels
from tests.views.insights import EXAMPLES, boundary, confusion, histograms, insight, units, wall
from tests.views.scenes import FakeRace, noisy

SIZE = (900, 420)
STEPS = 20
LRS = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003)


def race_of(runs: int = 4, rows: int | None = None, kept: tuple[int, ...] | None = None) -> Scene:
    race = FakeRace(noisy(runs, STEPS), lrs=LRS[:runs], steps_per_epoch=10, metric_steps=kept)
    return race.publish(rows)


class Asked(list[tuple[str, int]]):
    """What a view has asked for, in order."""

    def __init__(self, view: InsightView) -> None:
        super().__init__()
        view.insight_wanted.connect(lambda kind, step: self.append((kind, step)))


def view_of(
    qtbot: QtBot,
    scene: Scene | None,
    kind: InsightKind | None = None,
    found: RunInsight | None = None,
    *,
    size: tuple[int, int] = SIZE,
    theme: Theme = LIGHT,
) -> InsightView:
    view = InsightView()
    qtbot.addWidget(view)
    view.set_theme(theme)
    view.resize(*size)
    view.show()
    if scene is not None:
        view.show_step(10)
        view.show_scene(scene)
        if kind is not None:
            view.show_insight(insight(scene, kind, found))
    QApplication.processEvents()
    return view


def count_of(view: InsightView, color: QColor, tolerance: int = 40) -> int:
    """Pixels of nearly that colour in the panels."""
    blue_green_red = np.array([color.blue(), color.green(), color.red()])
    away = np.abs(pixels(view.picture(1)).astype(int) - blue_green_red).sum(axis=-1)
    return int((away <= tolerance).sum())


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("runs", [1, 2, 4, 8])
@pytest.mark.parametrize("kind", INSIGHT_KINDS)
def test_every_kind_is_drawn_for_every_run(qtbot: QtBot, kind: InsightKind, runs: int, theme: Theme) -> None:
    scene = race_of(runs)
    view = view_of(qtbot, scene, kind, theme=theme)
    drawn = pixels(view.picture(1))
    empty = view_of(qtbot, scene, theme=theme)
    empty.show_insight(replace(insight(scene, kind), runs=(None,) * runs))
    changed = (drawn != pixels(empty.picture(1))).any(axis=-1)
    for panel in np.array_split(changed, 4, axis=1) if runs == 4 else [changed]:
        assert panel.mean() > 0.02


@pytest.mark.parametrize("form", ["maps", "curves", "pictures", "groups"])
def test_every_form_of_units_is_drawn(qtbot: QtBot, form: str) -> None:
    made = {name: units(name) for name in ("maps", "curves", "pictures", "groups")}
    view = view_of(qtbot, race_of(), "units", made[form])
    assert len(np.unique(pixels(view.picture(1)).reshape(-1, 3), axis=0)) > 20
    assert view.hint.text() != ""


@pytest.mark.parametrize("size", [(300, 160), (60, 40), (1, 1), (1600, 900)])
@pytest.mark.parametrize("kind", INSIGHT_KINDS)
def test_any_room_will_do(qtbot: QtBot, kind: InsightKind, size: tuple[int, int]) -> None:
    view = view_of(qtbot, race_of(8), kind, size=size)
    assert view.picture(1).width() == view.canvas.width()
    assert view.picture(2).width() == 2 * view.canvas.width()


def test_numbers_that_are_none_are_drawn_too(qtbot: QtBot) -> None:
    scene, hollow = race_of(), np.full(60, np.nan, np.float32)
    broken = replace(units("maps"), values=np.full((4, 8, 8), np.nan, np.float32))
    for kind, found in (("curve", Fit(hollow)), ("units", broken)):
        view = view_of(qtbot, scene)
        view.show_insight(insight(scene, "curve" if kind == "curve" else "units", found))
        assert not view.grab().isNull()


def test_the_border_stands_where_the_answer_changes(qtbot: QtBot) -> None:
    scene = race_of(1)
    columns = []
    for shift in (-1.0, 1.0):
        view = view_of(qtbot, scene, "boundary", boundary(shift))
        drawn = pixels(view.picture(1))[: view.canvas.height() // 2].astype(int)
        reddish = drawn[..., 2] - drawn[..., 0]  # of the second class, the warning's hue
        columns.append(float((reddish > 20).mean()))
    assert columns[0] > columns[1] + 0.2


def test_mistakes_stand_out(qtbot: QtBot) -> None:
    scene, warning = race_of(1), QColor(LIGHT.warning)
    none, some, more = (count_of(view_of(qtbot, scene, "wall", wall(wrong)), warning) for wrong in (0, 5, 20))
    assert none == 0
    assert 0 < some < more


def test_a_confusion_s_diagonal_is_quiet(qtbot: QtBot) -> None:
    scene = race_of(1)
    right = replace(confusion(), counts=50 * np.eye(3, dtype=np.int64))

    def colourful(found: RunInsight) -> int:
        drawn = pixels(view_of(qtbot, scene, "confusion", found).picture(1)).astype(int)
        cells = drawn[80:]  # below the title's swatch, which has a colour of its own
        return int((np.ptp(cells, axis=-1) > 20).sum())

    assert colourful(right) == 0
    assert colourful(confusion()) > 500


def test_ten_classes_and_many_layers_find_room(qtbot: QtBot) -> None:
    scene = race_of(8)
    for kind, found in (("confusion", confusion(30)), ("weights", histograms(40))):
        view = view_of(qtbot, scene)
        given = insight(scene, "confusion" if kind == "confusion" else "weights", found)
        names = tuple(f"class {index}" for index in range(30))
        view.show_insight(replace(given, studied=replace(given.studied, classes=names)))
        assert not view.grab().isNull()


def test_it_offers_what_there_is_and_shows_what_it_got(qtbot: QtBot) -> None:
    scene = race_of()
    view = view_of(qtbot, scene)
    view.show_insight(insight(scene, "wall", kinds=("wall", "confusion", "weights")))
    offered = [view.kind.itemData(index) for index in range(view.kind.count())]
    assert offered == ["wall", "confusion", "weights"]
    assert view.kind.currentData() == "wall"


def test_the_kind_is_chosen_by_keyboard(qtbot: QtBot) -> None:
    scene = race_of()
    view = view_of(qtbot, scene, "boundary")
    asked = Asked(view)
    view.kind.setFocus()
    qtbot.keyClick(view.kind, Qt.Key.Key_Down)
    assert asked == [("curve", 10)]
    assert view.kind.accessibleName() != ""
    assert view.accessibleName() != ""


def test_only_one_answer_is_waited_for_and_then_what_is_on_screen_is_asked(qtbot: QtBot) -> None:
    scene = race_of()
    view = view_of(qtbot, None)
    asked = Asked(view)
    view.show_scene(scene)
    for step in (1, 2, 3, 4):
        view.show_step(step)
    assert asked == [("boundary", 0)]
    view.show_insight(insight(scene, step=0))
    assert asked == [("boundary", 0), ("boundary", 4)]
    view.show_insight(insight(scene, step=4))
    view.show_step(4)
    assert len(asked) == 2


def test_between_snapshots_nothing_is_asked_anew(qtbot: QtBot) -> None:
    scene = race_of(kept=(0, 5, 20))
    view = view_of(qtbot, None)
    asked = Asked(view)
    view.show_scene(scene)
    view.show_insight(insight(scene, step=0))
    for step in (1, 4, 5, 6, 19):
        view.show_step(step)
        view.show_insight(insight(scene, step=step))
    assert asked == [("boundary", 0), ("boundary", 5)]


def test_rows_that_come_in_are_asked_about(qtbot: QtBot) -> None:
    race = FakeRace(noisy(2, STEPS), lrs=LRS[:2], steps_per_epoch=10)
    view = view_of(qtbot, None)
    asked = Asked(view)
    view.show_scene(race.scene)
    assert asked == []
    assert "first step" in view.canvas.words
    race.publish(3)
    view.show_step(10)
    view.show_insight(insight(race.scene, step=2))
    race.publish(8)
    view.show_step(10)
    assert len(asked) == 2


def test_an_answer_to_another_race_is_passed_over_and_the_new_one_is_asked(qtbot: QtBot) -> None:
    old, new = race_of(), race_of()
    view = view_of(qtbot, old)
    asked = Asked(view)
    view.show_scene(new)
    assert asked == [("boundary", 10)]
    view.show_insight(insight(old))
    assert view.canvas.insight is None
    answer = insight(new)
    view.show_insight(answer)
    assert view.canvas.insight is answer


def test_where_there_is_no_answer_nothing_is_asked_until_something_else_is_wanted(qtbot: QtBot) -> None:
    view = view_of(qtbot, race_of())
    asked = Asked(view)
    view.show_insight(None)
    view.show_step(10)
    assert asked == []
    view.show_step(11)
    assert asked == [("boundary", 11)]


def test_a_view_that_was_hidden_asks_again(qtbot: QtBot) -> None:
    scene = race_of()
    view = view_of(qtbot, scene, "boundary")
    asked = Asked(view)
    view.hide()
    view.show()
    view.show_scene(scene)
    assert asked == [("boundary", 10)]


def test_on_a_surface_it_says_what_goes_there(qtbot: QtBot) -> None:
    view = view_of(qtbot, None)
    asked = Asked(view)
    view.show_scene(FakeRace(noisy(2, STEPS), lrs=LRS[:2]).publish())
    assert asked == []
    assert "model" in view.canvas.words
    assert not view.kind.isVisible()


def test_a_run_that_diverged_says_so_and_the_others_are_drawn(qtbot: QtBot) -> None:
    losses = noisy(2, STEPS)
    losses[0, 6:] = np.inf
    scene = FakeRace(losses, lrs=LRS[:2], steps_per_epoch=10).publish()
    view = view_of(qtbot, scene)
    view.show_insight(replace(insight(scene), runs=(None, boundary())))
    left, right = np.array_split(pixels(view.picture(1)), 2, axis=1)
    assert len(np.unique(right.reshape(-1, 3), axis=0)) > 5 * len(np.unique(left.reshape(-1, 3), axis=0))


def test_the_hint_tells_the_step_where_it_is_another(qtbot: QtBot) -> None:
    scene = race_of()
    assert "as of step 8" in reading_hint(insight(scene, measured=8))
    assert "as of" not in reading_hint(insight(scene))
    assert len({kind_word(kind) for kind in INSIGHT_KINDS}) == len(INSIGHT_KINDS) == len(EXAMPLES)


@pytest.mark.parametrize("theme", THEMES.values())
def test_classes_have_colours_of_their_own(theme: Theme) -> None:
    assert len({class_color(theme, index).name() for index in range(8)}) == 8


def test_colours_are_the_field_s_at_0_and_strongest_at_the_largest() -> None:
    values: NDArray[np.float64] = np.array([[0.0, 2.0, -2.0, 5.0, np.nan]])
    names = [QColor(*color).name() for color in two_sided(LIGHT, values, 2.0)[0].tolist()]
    assert names == [LIGHT.field, LIGHT.accent, LIGHT.warning, LIGHT.accent, LIGHT.field]
    assert image_of(two_sided(LIGHT, values, 2.0)).pixelColor(1, 0).name() == LIGHT.accent

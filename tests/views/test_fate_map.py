"""The fate map's view: what it asks, draws, says and wishes for. Its maps are made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from lrviz.core import catalog
from lrviz.core.catalog import Point
from lrviz.core.experiment import Experiment, OnModel, OnSurface, Run, choose
from lrviz.core.fate import PLACELESS, UNKNOWN, FateKind, FateMap, FateQuestion, Outcome, axes_of, question_of
from lrviz.core.scene import Scene
from lrviz.views.fate_colors import HUES, map_image, numbered, shares
from lrviz.views.fate_layout import lay_out
from lrviz.views.fate_map import FateView
from lrviz.views.fate_words import answer, title
from lrviz.views.theme import DARK, LIGHT, Theme
from tests.views.descents import Descents

KINDS: tuple[FateKind, ...] = ("starts", "rate_momentum", "rate_start")
OUTCOMES = (*PLACELESS, Outcome("minimum", (1.0, 1.0)), Outcome("minimum", (-1.0, 0.5)), Outcome("rest", (0.0, 0.0)))


def scene(optimizer: str = "momentum") -> Scene:
    made = Descents().publish()
    problem = OnSurface(choose(catalog.surfaces, "rosenbrock"), (-1.2, 1.0))
    own = choose(catalog.optimizers, optimizer)
    return Scene(**{**vars(made), "experiment": replace(made.experiment, problem=problem, optimizer=own)})


def found(
    experiment: Experiment, question: FateQuestion, known: int | None = None, fates: Any = None, steps: int = 40
) -> FateMap:
    """A map in bands from left to right, one an outcome."""
    size = question.size
    bands = np.arange(size) * len(OUTCOMES) // size if fates is None else fates
    fate = np.broadcast_to(np.asarray(bands, np.int16), (size, size)).copy()
    taken = np.full((size, size), steps, np.int32)
    return FateMap(question, *axes_of(experiment, question), OUTCOMES, fate, taken, size if known is None else known)


@pytest.fixture
def view(qtbot: QtBot) -> FateView:
    made = FateView()
    qtbot.addWidget(made)
    made.resize(1000, 620)
    made.set_theme(LIGHT)
    made.show()
    return made


def asked_of(view: FateView) -> list[Any]:
    asked: list[Any] = []
    view.question_changed.connect(asked.append)
    return asked


def shown(view: FateView, kind: FateKind = "starts", **more: Any) -> FateMap:
    """The view with a whole map."""
    asked = asked_of(view)
    view.show_scene(scene())
    if kind != "starts":
        view.bar.kind.picked.emit(kind)
    answered = found(scene().experiment, asked[-1], **more)
    view.show_map(answered)
    return answered


def middle_of_map(view: FateView) -> QPoint:
    return view.canvas._layout.map.center()


def test_a_scene_is_a_question_about_its_first_run(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    assert asked == [question_of(scene().experiment)]


def test_the_same_scene_again_is_no_other_question(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    view.show_scene(scene())
    moved = replace(scene().experiment.problem, start=(0.0, 0.0))
    other = replace(scene().experiment, problem=moved, runs=(*scene().experiment.runs, Run(0.5)), steps=77)
    view.show_scene(Scene(**{**vars(scene()), "experiment": other}))
    assert len(asked) == 1


def test_another_rate_is_another_question_from_every_start(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    other = replace(scene().experiment, runs=(Run(0.7), *scene().experiment.runs[1:]))
    view.show_scene(Scene(**{**vars(scene()), "experiment": other}))
    assert len(asked) == 2


def test_another_rate_is_the_same_question_at_every_rate(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    view.bar.kind.picked.emit("rate_momentum")
    count = len(asked)
    other = replace(scene().experiment, runs=(Run(0.7), *scene().experiment.runs[1:]))
    view.show_scene(Scene(**{**vars(scene()), "experiment": other}))
    assert len(asked) == count


def test_a_view_that_is_hidden_asks_no_more_until_it_is_shown_again(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    view.hide()
    assert asked[-1] is None
    view.show()
    view.show_scene(scene())
    assert asked[-1] == question_of(scene().experiment)


def test_while_a_rate_is_dragged_the_map_before_stands_in(view: FateView) -> None:
    answered = shown(view)
    other = replace(scene().experiment, runs=(Run(0.7), *scene().experiment.runs[1:]))
    view.show_scene(Scene(**{**vars(scene()), "experiment": other}))
    view.show_map(found(other, answered.question, known=0, fates=[UNKNOWN] * 256))
    assert view.canvas._found is answered
    another = found(other, answered.question, known=64)
    view.show_map(another)
    assert view.canvas._found is another


def test_an_answer_to_an_older_question_is_passed_over(view: FateView) -> None:
    answered = shown(view)
    view.bar.kind.picked.emit("rate_start")
    view.show_map(answered)
    assert view.canvas._found is None


def test_a_model_is_refused_with_the_reason_on_the_view(view: FateView) -> None:
    asked = asked_of(view)
    model = OnModel(choose(catalog.models, "mlp"), choose(catalog.datasets, "moons"))
    view.show_scene(Scene(**{**vars(scene()), "experiment": replace(scene().experiment, problem=model)}))
    assert asked in ([None], [])
    assert "too many parameters" in view.canvas.accessibleDescription()


def test_kind_run_rates_and_steps_are_wishes_for_another_question(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    view.bar.run.picked.emit("2")
    assert asked[-1].run == 2
    view.bar.kind.picked.emit("rate_momentum")
    assert (asked[-1].kind, asked[-1].run) == ("rate_momentum", 2)
    view.bar.low.value_entered.emit(1e-5)
    view.bar.high.value_entered.emit(2.0)
    assert asked[-1].rates == (1e-5, 2.0)
    view.bar.steps.value_entered.emit(500)
    assert asked[-1].steps == 500


def test_rates_that_make_no_sense_change_nothing(view: FateView, qtbot: QtBot) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    view.bar.kind.picked.emit("rate_start")
    count = len(asked)
    for entry, typed in ((view.bar.low, "1000"), (view.bar.high, "1e-7"), (view.bar.low, "0")):
        entry.setFocus()
        entry.selectAll()
        qtbot.keyClicks(entry, typed)
        qtbot.keyClick(entry, Qt.Key.Key_Return)
        assert entry.accessibleDescription()  # the line that says what would be right
    assert len(asked) == count


def test_momentum_is_offered_only_where_there_is_one(view: FateView) -> None:
    view.show_scene(scene("sgd"))
    assert view.bar.kind.findData("rate_momentum") == -1
    view.show_scene(scene("momentum"))
    assert view.bar.kind.findData("rate_momentum") >= 0


def test_controls_and_map_have_names_for_those_who_hear_them(view: FateView) -> None:
    bar = view.bar
    for widget in (view, view.canvas, bar.kind, bar.run, bar.low, bar.high, bar.steps):
        assert widget.accessibleName()


@pytest.mark.parametrize("kind", KINDS)
def test_the_pointer_asks_for_the_run_under_it_and_a_click_picks_it(
    view: FateView, qtbot: QtBot, kind: FateKind
) -> None:
    shown(view, kind)
    hovered: list[Any] = []
    picked: list[Any] = []
    view.point_hovered.connect(hovered.append)
    view.point_picked.connect(picked.append)
    qtbot.mouseMove(view.canvas, middle_of_map(view))
    qtbot.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=middle_of_map(view))
    assert isinstance(hovered[-1], Experiment)
    assert len(hovered[-1].runs) == 1
    assert isinstance(picked[-1], Experiment)
    runs = len(scene().experiment.runs)
    assert len(picked[-1].runs) == (runs if kind == "starts" else runs + 1)
    qtbot.mouseMove(view.canvas, QPoint(2, 2))
    assert hovered[-1] is None


def test_arrow_keys_move_the_cursor_and_enter_picks(view: FateView, qtbot: QtBot) -> None:
    shown(view)
    picked: list[Any] = []
    view.point_picked.connect(picked.append)
    places: list[Point] = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Down):
        qtbot.keyClick(view.canvas, key)
        assert view.canvas.cursor_point is not None
        places.append(view.canvas.cursor_point)
    assert places[1][0] > places[0][0]
    assert places[2][1] > places[1][1]
    assert places[4] == pytest.approx(places[0])
    qtbot.keyClick(view.canvas, Qt.Key.Key_Return)
    assert picked[0].problem.start == pytest.approx(places[-1])
    qtbot.keyClick(view.canvas, Qt.Key.Key_Escape)
    assert view.canvas.cursor_point is None


def test_the_cursor_stays_within_the_map(view: FateView, qtbot: QtBot) -> None:
    answered = shown(view)
    for _ in range(80):
        qtbot.keyClick(view.canvas, Qt.Key.Key_Left)
    assert view.canvas.cursor_point is not None
    assert view.canvas.cursor_point[0] == pytest.approx(answered.x.low)


def test_what_is_under_the_cursor_is_said(view: FateView, qtbot: QtBot) -> None:
    shown(view)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Up)
    assert "(" in view.canvas.accessibleDescription()
    assert ":" in view.canvas.accessibleDescription()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_the_trail_of_the_run_under_the_cursor_is_drawn(
    view: FateView, qtbot: QtBot, kind: FateKind, theme: Theme
) -> None:
    view.set_theme(theme)
    shown(view, kind)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Up)
    before = view.picture(1)
    view.show_trail(Descents(lrs=(0.001,)).publish())
    assert view.picture(1) != before
    view.show_trail(None)
    assert view.picture(1) == before


@pytest.mark.parametrize("known", [0, 64, 256])
def test_refining_is_told_until_the_map_is_whole(view: FateView, known: int) -> None:
    answered = shown(view, known=known)
    assert answered.is_whole == (known == 256)
    news = view.canvas._layout.news
    written = view.picture(1).copy(news)
    assert (colors_of(written) > 1) == (known < 256)


def colors_of(image: QImage) -> int:
    return len({image.pixel(x, y) for x in range(image.width()) for y in range(image.height())})


def test_each_minimum_has_a_hue_and_many_steps_are_paler() -> None:
    experiment = scene().experiment
    question = FateQuestion("starts", size=8)
    first, second = len(PLACELESS), len(PLACELESS) + 1
    for theme in (LIGHT, DARK):
        bands = [first] * 4 + [second] * 4
        soon = map_image(found(experiment, question, fates=bands, steps=2), theme)
        late = map_image(found(experiment, question, fates=bands, steps=900), theme)
        assert soon.pixelColor(0, 0) != soon.pixelColor(7, 0)
        field = QColor(theme.field)
        assert distance(soon.pixelColor(0, 0), field) > distance(late.pixelColor(0, 0), field) > 0


def distance(a: QColor, b: QColor) -> float:
    parts = (a.redF() - b.redF(), a.greenF() - b.greenF(), a.blueF() - b.blueF())
    return sum(part**2 for part in parts)


def test_the_first_row_of_a_map_is_at_the_bottom() -> None:
    question = FateQuestion("starts", size=8)
    made = found(scene().experiment, question, fates=np.full((8, 8), len(PLACELESS)))
    made.fate[0] = 3
    image = map_image(made, LIGHT)
    assert image.pixelColor(0, 7) != image.pixelColor(0, 6)
    assert image.pixelColor(0, 0) == image.pixelColor(0, 6)


def test_what_is_not_known_yet_has_the_colour_of_a_field() -> None:
    made = found(scene().experiment, FateQuestion("starts", size=8), fates=[UNKNOWN] * 8)
    assert map_image(made, LIGHT).pixelColor(3, 3).name() == LIGHT.field


def test_a_legend_lists_minima_by_their_share_before_the_other_ends() -> None:
    bands = [0, 0, 0, 5, 6, 6, 3, UNKNOWN]
    listed = shares(found(scene().experiment, FateQuestion("starts", size=8), fates=bands))
    assert listed == [(6, 0.25), (5, 0.125), (0, 0.375), (3, 0.125)]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (5, "converged at (1, 1) in 40 steps"),
        (3, "diverged, off the map at step 40"),
        (0, "still crawling after 40 steps"),
        (1, "still oscillating after 40 steps"),
        (2, "stuck"),
        (4, "floor"),
        (7, "converged at (0, 0)"),
        (UNKNOWN, "not known yet"),
    ],
)
def test_a_point_is_told_in_words(outcome: int, said: str) -> None:
    made = found(scene().experiment, FateQuestion("starts", size=8), fates=[outcome] * 8)
    assert answer(made, -0.4, 1.2).startswith("(−0.4, 1.2): ")
    assert said in answer(made, -0.4, 1.2)


def test_settings_are_told_with_their_names() -> None:
    made = found(scene().experiment, question_of(scene().experiment, "rate_momentum"))
    assert answer(made, 0.01, 0.5).startswith("learning rate η 0.01, momentum β 0.5: ")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("starts", "Where Momentum at 0.001 ends, from every start · 1,000 steps"),
        ("rate_momentum", "Where Momentum ends, at every rate and momentum · 1,000 steps"),
        ("rate_start", "Where Momentum ends, at every rate, from every start on a line · 1,000 steps"),
    ],
)
def test_the_title_says_what_is_asked(kind: FateKind, words: str) -> None:
    assert title(scene().experiment, question_of(scene().experiment, kind)) == words


@pytest.mark.parametrize("size", [(1000, 620), (2600, 1800), (500, 260), (1500, 400)])
@pytest.mark.parametrize("proportion", [None, 1.0, 2.5, 0.4])
def test_nothing_of_the_layout_covers_the_map(size: tuple[int, int], proportion: float | None) -> None:
    layout = lay_out(QSize(*size), proportion, 1.0 if proportion is None else None)
    for other in (layout.title, layout.answer, layout.legend, layout.inset, layout.news):
        assert not other.intersects(layout.map)
    if proportion is not None and min(size) > 300:
        assert layout.map.width() / layout.map.height() == pytest.approx(proportion, abs=0.02)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_patterns_tell_diverged_from_the_rest_without_colour(view: FateView, theme: Theme) -> None:
    view.set_theme(theme)
    shown(view, fates=[3] * 256)
    inner = view.picture(1).copy(view.canvas._layout.map.adjusted(200, 200, -200, -200))
    assert colors_of(inner) >= 2


def test_a_picture_is_sharp_at_any_scale(view: FateView) -> None:
    shown(view)
    assert view.picture(2).size() == view.canvas.size() * 2


def test_many_minima_share_the_last_row_of_the_legend(view: FateView) -> None:
    asked = asked_of(view)
    view.show_scene(scene())
    question = asked[-1]
    many = (*PLACELESS, *(Outcome("minimum", (float(i), 0.0)) for i in range(60)))
    fate = np.broadcast_to((np.arange(256) * 60 // 256 + len(PLACELESS)).astype(np.int16), (256, 256))
    steps = np.ones((256, 256), np.int32)
    axes = axes_of(scene().experiment, question)
    view.show_map(FateMap(question, *axes, many, fate, steps, 256))
    assert colors_of(view.picture(1).copy(view.canvas._layout.legend)) > 10


def test_neighbouring_minima_have_different_hues() -> None:
    places = [(float(x), float(y)) for x in range(-3, 4) for y in range(-3, 4)]
    order = np.random.default_rng(0).permutation(len(places)).tolist()
    outcomes = (Outcome("oscillating"), *(Outcome("minimum", places[i]) for i in order))
    hue = dict(zip((outcome.place for outcome in outcomes), numbered(outcomes), strict=True))
    assert len({hue[place] for place in places}) == len(HUES)
    for x, y in places:
        assert all(hue[x, y] != hue[beside] for beside in ((x + 1, y), (x, y + 1)) if beside in hue)

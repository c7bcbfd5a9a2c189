"""A fate map's colours, legend, words and layout."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor

from lrviz.core.fate import PLACELESS, UNKNOWN, FateKind, FateQuestion, Outcome, question_of
from lrviz.views.fate_colors import HUES, map_image, numbered, shares
from lrviz.views.fate_layout import lay_out
from lrviz.views.fate_words import answer, title
from lrviz.views.theme import DARK, LIGHT
from tests.views.fate_views import found, scene


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


def test_neighbouring_minima_have_different_hues() -> None:
    places = [(float(x), float(y)) for x in range(-3, 4) for y in range(-3, 4)]
    order = np.random.default_rng(0).permutation(len(places)).tolist()
    outcomes = (Outcome("oscillating"), *(Outcome("minimum", places[i]) for i in order))
    hue = dict(zip((outcome.place for outcome in outcomes), numbered(outcomes), strict=True))
    assert len({hue[place] for place in places}) == len(HUES)
    for x, y in places:
        assert all(hue[x, y] != hue[beside] for beside in ((x + 1, y), (x, y + 1)) if beside in hue)

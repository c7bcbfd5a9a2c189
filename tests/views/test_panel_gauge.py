from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from lrviz.core.gauge import Gauge
from lrviz.views import gauge_words
from lrviz.views.gauge_words import gauge_sentence, reading
from lrviz.views.panel_gauge import GaugeLabel, gauge_label
from lrviz.views.panel_view import view_of
from lrviz.views.theme import LIGHT
from tests.views.descents import Descents, model_scene

SCENE = Descents((0.001, 0.002), steps=3).publish()


def gauged(monkeypatch: pytest.MonkeyPatch, ratio: float, scaled: bool = False) -> None:
    gauge = Gauge(100 * ratio, 3.8, 0.038, ratio, "2 (1 + β)", scaled)
    monkeypatch.setattr(gauge_words, "gauge_at", lambda *_: gauge)


@pytest.mark.parametrize(
    ("ratio", "stable", "text"),
    [(0.841, True, "λ 84.1 · 0.84 < 1, stable"), (1.0, False, "λ 100 · 1.0 ≥ 1, unstable"), (12.0, False, "≥ 1")],
)
def test_the_gauge_tells_stable_from_unstable_by_sign_and_word(
    monkeypatch: pytest.MonkeyPatch, ratio: float, stable: bool, text: str
) -> None:
    gauged(monkeypatch, ratio)
    said = reading(SCENE, 0, 0)
    assert said is not None
    assert said.stable is stable
    assert text in said.texts[0]
    assert ("unstable" in said.texts[1]) is not stable


@pytest.mark.parametrize(("ratio", "fill"), [(0.75, 0.5), (1.5, 1.0), (1e30, 1.0), (-3.0, 0.0)])
def test_the_bar_is_full_at_one_and_a_half_and_never_more(
    monkeypatch: pytest.MonkeyPatch, ratio: float, fill: float
) -> None:
    gauged(monkeypatch, ratio)
    said = reading(SCENE, 0, 0)
    assert said is not None
    assert said.fill == fill


def test_ground_that_curves_down_has_no_limit_and_the_gauge_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    gauged(monkeypatch, -0.2)
    said = reading(SCENE, 0, 0)
    assert said is not None
    assert "curves down" in said.texts[0]
    assert "no rate is too large" in gauge_sentence(SCENE, 0, 0)


@pytest.mark.parametrize("ratio", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_shown(monkeypatch: pytest.MonkeyPatch, ratio: float) -> None:
    gauged(monkeypatch, ratio)
    assert reading(SCENE, 0, 0) is None
    assert gauge_sentence(SCENE, 0, 0) == ""


def test_the_sentence_has_the_formula_and_every_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    gauged(monkeypatch, 0.5)
    sentence = gauge_sentence(SCENE, 0, 0)
    for part in ("0.038", "λ 50", "1.9", "2 (1 + β) = 3.8", "0.5", "stable"):
        assert part in sentence
    assert "scales the axes" not in sentence
    gauged(monkeypatch, 0.5, scaled=True)
    assert "scales the axes" in gauge_sentence(SCENE, 0, 0)


@pytest.mark.parametrize(("size", "runs"), [((1000, 420), 2), ((1000, 420), 4), ((1000, 460), 8), ((1000, 460), 16)])
@pytest.mark.parametrize("right", [False, True])
def test_the_gauge_stands_in_a_corner_of_any_map_and_keeps_its_place(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], runs: int, right: bool
) -> None:
    view = view_of(Descents((0.001,) * runs, steps=3).publish(), QSize(*size), LIGHT, editable=True)
    labels: list[GaugeLabel] = []
    for ratio in (0.1, 0.84, 123.0, 1e12, -2.0):
        gauged(monkeypatch, ratio)
        said = reading(view.scene, 0, 0)
        assert said is not None
        label = gauge_label(view, 0, said, right)
        assert label is not None
        labels.append(label)
    assert len({label.area.getRect() for label in labels}) == 1
    assert len({label.rect.right() if right else label.rect.left() for label in labels}) == 1
    for label in labels:
        assert view.map_areas[0].contains(label.rect)
        assert label.rect.width() <= 0.75 * view.map_areas[0].width()
        assert label.letters.width(label.text) <= label.rect.width() - label.bar
    assert (labels[0].rect.center().x() > view.map_areas[0].center().x()) is right
    assert labels[1].text


def test_models_have_no_gauge() -> None:
    assert reading(model_scene(), 0, 0) is None

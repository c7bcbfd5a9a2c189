from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPointF, QSize
from pytestqt.qtbot import QtBot

from lrviz.core.scene import Scene
from lrviz.core.update import Arrow, ArrowKind, Stage
from lrviz.views import panel_arrows
from lrviz.views.arrow_forms import FORMS
from lrviz.views.panel_arrows import MOST, Arrows, enlargement, place_arrows
from lrviz.views.panel_view import View, view_of
from lrviz.views.theme import LIGHT
from lrviz.views.way import Frame
from tests.views.descents import BOUNDS, Descents

WIDE, SMALL = QSize(1000, 420), QSize(900, 300)


def laid_out(size: QSize = WIDE, runs: int = 2) -> tuple[View, Frame]:
    view = view_of(Descents((0.001,) * runs, steps=3).publish(), size, LIGHT, editable=False)
    area = view.map(0)
    return view, Frame(BOUNDS, area.width(), area.height())


def placed(
    monkeypatch: pytest.MonkeyPatch, *stages: Stage, size: QSize = WIDE, runs: int = 2, upto: int | None = None
) -> Arrows | None:
    """Arrows of these stages from the middle of the first map."""

    def told(_scene: Scene, _run: int, _step: int) -> tuple[Stage, ...]:
        return stages

    monkeypatch.setattr(panel_arrows, "stages_at", told)
    view, frame = laid_out(size, runs)
    return place_arrows(view, frame, 0, 0, view.map_areas[0].center(), upto)


def stage(kind: ArrowKind, x: float, y: float, onward: bool = False) -> Stage:
    return Stage(kind, "", "", (), Arrow(kind, (x, y), onward))


@pytest.mark.parametrize(
    ("extent", "factor"),
    [(40.0, 1.0), (100.0, 1.0), (101.0, 0.5), (1e6, 1e-4), (3.0, 20.0), (0.99e-3, 1e5), (0.0, 1.0)],
)
def test_the_factor_is_round_and_keeps_the_arrows_on_the_map(extent: float, factor: float) -> None:
    assert enlargement(extent, 100.0) == pytest.approx(factor)


def test_an_arrow_that_can_be_seen_is_as_long_as_the_step_is_on_the_map(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrows = placed(monkeypatch, stage("step", 0.5, 0.5))
    _, frame = laid_out()
    assert arrows is not None
    shaft = arrows.shafts[0]
    assert arrows.factor == 1
    assert arrows.note == ""
    assert (shaft.tip - shaft.tail).x() == pytest.approx(0.5 * frame.width / 4)
    assert (shaft.tip - shaft.tail).y() == pytest.approx(-0.5 * frame.height / 4)


def test_all_arrows_share_one_factor_and_it_is_written(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    arrows = placed(monkeypatch, stage("gradient", 2e-5, 0), stage("step", 1e-5, 1e-5))
    assert arrows is not None
    gradient, step = arrows.shafts
    assert arrows.factor > 1000
    assert arrows.note == f"arrows × {arrows.factor:.0f}"
    assert gradient.length == pytest.approx(step.length * math.sqrt(2), rel=1e-3)


def test_onward_arrows_begin_at_the_tip_of_the_one_before(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    arrows = placed(
        monkeypatch, stage("gradient", 0.2, 0), Stage("words", "", ""), stage("momentum", 0.1, 0.2, onward=True)
    )
    assert arrows is not None
    assert arrows.shafts[1].tail == arrows.shafts[0].tip


def test_a_step_is_seen_beside_a_gradient_a_thousand_times_as_long_which_is_cut(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrows = placed(monkeypatch, stage("gradient", 0, 500), stage("step", 0.5, 0))
    assert arrows is not None
    gradient, step = arrows.shafts
    assert gradient.cut
    assert not step.cut
    assert step.length > 8
    assert gradient.length <= 0.4 * arrows.map.height()


@pytest.mark.parametrize("by", [(math.nan, 1.0), (math.inf, 0.0), (1e308, 1e308), (0.0, 0.0)])
def test_an_arrow_that_has_no_length_or_no_end_is_left_out_or_cut(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, by: tuple[float, float]
) -> None:
    arrows = placed(monkeypatch, stage("gradient", *by), stage("step", 0.5, 0))
    assert arrows is not None
    assert all(shaft.length <= 0.4 * arrows.map.height() for shaft in arrows.shafts)
    assert arrows.map.toAlignedRect().adjusted(-2, -2, 2, 2).contains(arrows.area)


def test_of_a_stage_that_is_told_only_the_arrows_up_to_it_are_drawn_with_the_factor_of_all(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages = (stage("gradient", 0.001, 0), stage("momentum", 0, 0.01, onward=True), stage("step", 0.001, 0.01))
    whole = placed(monkeypatch, *stages)
    assert whole is not None
    for upto in range(3):
        arrows = placed(monkeypatch, *stages, upto=upto)
        assert arrows is not None
        assert arrows.factor == whole.factor
        assert [shaft.kind for shaft in arrows.shafts] == ["gradient", "momentum", "step"][: upto + 1]
        assert [shaft.strong for shaft in arrows.shafts] == [at == upto for at in range(upto + 1)]


@pytest.mark.parametrize(("scaling", "proportion"), [((2.0, 2.0), 1.0), ((0.5, 2.0), 0.25), ((3e-9, 1e-9), 3.0)])
def test_what_each_axis_is_multiplied_by_is_a_rectangle_of_that_shape(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, scaling: tuple[float, float], proportion: float
) -> None:
    arrows = placed(monkeypatch, Stage("scale", "", "", scaling=scaling), stage("step", 0.2, 0))
    assert arrows is not None
    assert arrows.scaling is not None
    assert arrows.scaling.width() / arrows.scaling.height() == pytest.approx(proportion)
    assert arrows.scaling.center() == arrows.shafts[0].tail


def test_names_hide_no_other_name_and_stay_on_the_map(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plain descent's gradient and step are one arrow on another."""
    arrows = placed(monkeypatch, stage("gradient", 0.5, 0), stage("step", 0.5, 0))
    assert arrows is not None
    assert sorted(name.text for name in arrows.names) == ["step", "−ηg"]
    first, second = arrows.names
    assert not first.rect.intersects(second.rect)
    assert all(arrows.map.contains(name.rect) for name in arrows.names)


def test_small_maps_have_arrows_without_names(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    arrows = placed(monkeypatch, stage("step", 1e-4, 0), size=SMALL, runs=16)
    assert arrows is not None
    assert arrows.names == ()
    assert arrows.shafts[0].length > MOST * arrows.map.height() / 3


def test_every_kind_has_a_form_of_its_own() -> None:
    assert len(set(FORMS.values())) == len(FORMS) == 4


def test_without_an_update_there_are_no_arrows(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    assert placed(monkeypatch) is None
    assert placed(monkeypatch, Stage("words", "", "")) is None


def test_arrows_off_the_map_are_none_at_all(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel_arrows, "stages_at", lambda *_: (stage("step", 0.1, 0),))
    view, frame = laid_out()
    assert place_arrows(view, frame, 0, 0, QPointF(-5000, -5000)) is None

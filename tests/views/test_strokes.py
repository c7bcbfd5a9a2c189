from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from lrviz.core.viewstate import Against
from lrviz.views.axis import Scale
from lrviz.views.chart_frame import Frame
from lrviz.views.fit import Fit
from lrviz.views.level import Level, level_of
from lrviz.views.model_quantities import ACCURACY
from lrviz.views.pieces import Pieces
from lrviz.views.quantities import LOSS
from lrviz.views.series import Series
from lrviz.views.strokes import Strokes, extremes
from tests.views.scenes import FakeRace, noisy

LEVELS: dict[str, tuple[Against, bool]] = {
    "steps": ("steps", False),
    "log of steps": ("steps", True),
    "path": ("path", False),
    "log of path": ("path", True),
    "epochs": ("epochs", False),
    "time": ("time", False),
    "log of time": ("time", True),
}


def strokes_of(
    steps: int, span: int | None = None, width: float = 400, axis: str = "steps"
) -> tuple[Strokes, Series, Frame, Pieces]:
    race = FakeRace(noisy(1, steps), steps_per_epoch=20)
    race.publish()
    against, log = LEVELS[axis]
    series = Series(race.scene, 0, LOSS, span, against)
    series.grow()
    level = level_of([series], race.scene, against, log)
    frame = Frame(QRectF(0, 0, width, 100), level, Fit(Scale(1e-3, 10, log=True)), nan_above=True)
    pieces = Pieces(frame, steps)
    pieces.grow([series])
    return Strokes(series, frame, pieces), series, frame, pieces


def test_of_each_bucket_the_least_and_the_greatest_are_kept() -> None:
    values = np.array([5.0, 1, 3, 9, 4, 4, 4, 4, 2])
    keep = extremes(np.array([1, 0, 0, 0, 1, 0, 0, 0, 1], bool), values)
    assert values[keep].tolist() == [1, 9, 4, 4, 2]


@pytest.mark.parametrize("steps", [1, 30, 399, 570, 5000])
@pytest.mark.parametrize("span", [None, 20])
@pytest.mark.parametrize("axis", LEVELS)
def test_pieces_are_the_same_however_many_are_asked_for_at_once(steps: int, span: int | None, axis: str) -> None:
    strokes, _, _, pieces = strokes_of(steps, span, axis=axis)
    count = pieces.whole(steps)
    for ask in (strokes.line, strokes.raw):
        assert ask(0, count) == [ask(piece, piece + 1)[0] for piece in range(count)]


@pytest.mark.parametrize("steps", [30, 570, 5000])
@pytest.mark.parametrize("axis", LEVELS)
def test_each_piece_begins_where_the_one_before_ended(steps: int, axis: str) -> None:
    strokes, series, frame, pieces = strokes_of(steps, axis=axis)
    lines = strokes.line(0, pieces.whole(steps))
    ends = [line.points[-1] for line in lines]
    assert [line.points[0] for line in lines[1:]] == ends[:-1]
    last = pieces.end(1)
    assert ends[0].x() == pytest.approx(frame.x(series.place(last)))
    assert ends[0].y() == pytest.approx(frame.y(series.values.item(last)))


@pytest.mark.parametrize("axis", LEVELS)
def test_pieces_that_are_whole_do_not_change_as_the_race_goes_on(axis: str) -> None:
    race = FakeRace(noisy(2, 400))
    race.publish()
    against, log = LEVELS[axis]
    whole = [Series(race.scene, run, LOSS, None, against) for run in range(2)]
    for series in whole:
        series.grow()
    frame = Frame(QRectF(0, 0, 300, 100), level_of(whole, race.scene, against, log), Fit(Scale(0, 1)), nan_above=True)
    at_once, by_and_by = Pieces(frame, 400), Pieces(frame, 400)
    at_once.grow(whole)
    live = FakeRace(noisy(2, 400))
    growing = [Series(live.scene, run, LOSS, None, against) for run in range(2)]
    for rows in (1, 2, 50, 51, 401):
        live.publish(rows)
        for series in growing:
            series.grow()
        by_and_by.grow(growing)
    assert by_and_by.starts.tolist() == at_once.starts.tolist()


@pytest.mark.parametrize("axis", LEVELS)
def test_thinning_keeps_every_extreme_and_few_points(axis: str) -> None:
    strokes, series, frame, pieces = strokes_of(10_000, axis=axis)
    count = pieces.whole(10_000)
    points = [point for piece in strokes.line(0, count) for point in piece.points]
    whole = frame.ys(series.values[: pieces.end(count) + 1])
    assert min(point.y() for point in points) == whole.min()
    assert max(point.y() for point in points) == whole.max()
    assert len(points) < 4 * frame.plot.width()


def test_dashes_go_on_where_the_piece_before_left_them() -> None:
    strokes, _, _, pieces = strokes_of(200)
    lines = strokes.line(0, pieces.whole(200))
    xy = np.array([(point.x(), point.y()) for line in lines for point in line.points])
    length = np.hypot(*np.diff(xy, axis=0).T).sum()
    assert strokes.along(len(lines)) == pytest.approx(length)


def test_every_value_has_a_place_within_the_plot_or_on_a_rail() -> None:
    _, _, frame, _ = strokes_of(10)
    values = np.array([np.nan, np.inf, 1e300, 10, 1, 1e-3, 1e-300, 0, -1, -np.inf])
    ys = frame.ys(values)
    assert ys.tolist() == pytest.approx([frame.y(value) for value in values.tolist()])
    assert [frame.side(y) for y in ys.tolist()] == [1, 1, 1, 0, 0, 0, -1, -1, -1, -1]


def test_a_line_between_readings_far_apart_is_a_line_and_a_block_of_noise_is_not() -> None:
    at = [0, 200, 400]
    race = FakeRace(noisy(1, 400), metrics={"test_accuracy": np.array([[0.2, 0.4, 0.4]])}, metric_steps=at)
    race.publish()
    for quantity, dense in ((ACCURACY, False), (LOSS, True)):
        series = Series(race.scene, 0, quantity)
        series.grow()
        frame = Frame(
            QRectF(0, 0, 400 if quantity is ACCURACY else 20, 900), Level("steps", 400), Fit(Scale(0, 1)), True
        )
        pieces = Pieces(frame, 400)
        strokes = Strokes(series, frame, pieces).line(0, pieces.whole(400))
        assert any(stroke.dense for stroke in strokes) == dense

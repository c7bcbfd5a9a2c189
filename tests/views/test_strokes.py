from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from lrviz.views.axis import Scale
from lrviz.views.chart_frame import Frame
from lrviz.views.fit import Fit
from lrviz.views.quantities import LOSS
from lrviz.views.series import Series
from lrviz.views.strokes import Strokes, extremes
from tests.views.scenes import FakeRace, noisy


def strokes_of(steps: int, span: int | None = None, width: float = 400) -> tuple[Strokes, Series, Frame]:
    race = FakeRace(noisy(1, steps), steps_per_epoch=20)
    race.publish()
    series = Series(race.recorder.traces[0], LOSS, span)
    series.grow()
    frame = Frame(QRectF(0, 0, width, 100), steps, Fit(Scale(1e-3, 10, log=True)), nan_above=True)
    return Strokes(series, frame), series, frame


def test_of_each_bucket_the_least_and_the_greatest_are_kept() -> None:
    values = np.array([5.0, 1, 3, 9, 4, 4, 4, 4, 2])
    keep = extremes(np.array([0, 0, 0, 0, 1, 1, 1, 1, 2]), values)
    assert values[keep].tolist() == [1, 9, 4, 4, 2]


@pytest.mark.parametrize("steps", [1, 30, 399, 570, 5000])
@pytest.mark.parametrize("span", [None, 20])
def test_pieces_are_the_same_however_many_are_asked_for_at_once(steps: int, span: int | None) -> None:
    strokes, _, frame = strokes_of(steps, span)
    count = frame.pieces(steps)
    for ask in (strokes.line, strokes.raw):
        assert ask(0, count) == [ask(piece, piece + 1)[0] for piece in range(count)]


@pytest.mark.parametrize("steps", [30, 570, 5000])
def test_each_piece_begins_where_the_one_before_ended(steps: int) -> None:
    strokes, series, frame = strokes_of(steps)
    pieces = strokes.line(0, frame.pieces(steps))
    ends = [piece[-1] for piece in pieces]
    assert [piece[0] for piece in pieces[1:]] == ends[:-1]
    last = frame.piece - 1
    assert ends[0].x() == pytest.approx(frame.x(last))
    assert ends[0].y() == pytest.approx(frame.y(series.values.item(last)))


def test_thinning_keeps_every_extreme_and_few_points() -> None:
    strokes, series, frame = strokes_of(10_000)
    points = [point for piece in strokes.line(0, frame.pieces(10_000)) for point in piece]
    whole = frame.ys(series.values[: frame.pieces(10_000) * frame.piece])
    assert min(point.y() for point in points) == whole.min()
    assert max(point.y() for point in points) == whole.max()
    assert len(points) < 4 * frame.plot.width()


def test_dashes_go_on_where_the_piece_before_left_them() -> None:
    strokes, _, frame = strokes_of(200)
    pieces = strokes.line(0, frame.pieces(200))
    xy = np.array([(point.x(), point.y()) for piece in pieces for point in piece])
    length = np.hypot(*np.diff(xy, axis=0).T).sum()
    assert strokes.along(len(pieces)) == pytest.approx(length)


def test_every_value_has_a_place_within_the_plot_or_on_a_rail() -> None:
    _, _, frame = strokes_of(10)
    values = np.array([np.nan, np.inf, 1e300, 10, 1, 1e-3, 1e-300, 0, -1, -np.inf])
    ys = frame.ys(values)
    assert ys.tolist() == pytest.approx([frame.y(value) for value in values.tolist()])
    assert [frame.side(y) for y in ys.tolist()] == [1, 1, 1, 0, 0, 0, -1, -1, -1, -1]

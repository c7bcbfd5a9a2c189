from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize

from lrviz.views.find_curves import smoothed, thinned
from lrviz.views.find_frame import frame_of
from lrviz.views.smoothing import Smoothing
from tests.views.finds import range_test


def test_all_seeds_are_smoothed_as_a_race_is() -> None:
    losses = np.random.default_rng(0).uniform(0.1, 3, (3, 50))
    together = smoothed(losses, 9)
    for row, line in zip(losses, together, strict=True):
        np.testing.assert_allclose(line, Smoothing(9).extend(row), rtol=1e-12)


def test_a_curve_ends_with_the_first_loss_that_is_no_number() -> None:
    losses = np.array([[3.0, 2.0, np.inf, 1.0], [3.0, np.nan, 1.0, 1.0], [3.0, 2.0, 1.0, 0.5]])
    known = np.isfinite(smoothed(losses, 3))
    assert known.tolist() == [[True, True, False, False], [True, False, False, False], [True] * 4]


def test_without_smoothing_the_losses_are_as_they_are() -> None:
    losses = np.array([[3.0, np.inf, 1.0]])
    np.testing.assert_array_equal(smoothed(losses, 1), [[3.0, np.nan, 1.0]])


def test_a_thinned_line_keeps_its_ends_of_each_piece() -> None:
    points = np.stack([np.arange(1000.0), np.sin(np.arange(1000.0))], axis=1)
    few = thinned(points, 100)
    assert 100 < len(few) <= 200
    assert (np.diff(few[:, 0]) > 0).all()
    assert few[:, 1].max() == points[:, 1].max()
    assert few[:, 1].min() == points[:, 1].min()
    assert thinned(points, 500) is points


def test_rates_and_pixels_are_told_from_one_another() -> None:
    test = range_test()
    frame = frame_of(test, smoothed(test.losses, 15), QSize(900, 400), 5, 100)
    assert frame is not None
    assert frame.x(1e-6) == frame.plot.left()
    assert frame.x(10.0) == frame.plot.right() == frame.x(1e9)
    assert abs(np.log(frame.rate(frame.x(0.003)) / 0.003)) < 1e-9
    assert frame.plot.bottom() < frame.row_of(0).top()
    assert frame.row_of(4).bottom() == frame.strip.bottom() < 400


def test_the_scale_fits_the_way_down_and_the_blow_up_leaves_it() -> None:
    test = range_test()
    frame = frame_of(test, smoothed(test.losses, 15), QSize(900, 400), 5, 100)
    assert frame is not None
    assert frame.loss.log
    assert 2.3 < frame.loss.high < 10 < float(np.nanmax(test.losses))
    assert frame.point(1.0, 1e9).y() == frame.plot.top()


def test_losses_below_zero_are_drawn_on_a_linear_scale() -> None:
    test = range_test()
    lowered = type(test)(test.question, test.losses - 1.0, test.steps, complete=True)
    frame = frame_of(lowered, smoothed(lowered.losses, 15), QSize(900, 400), 5, 100)
    assert frame is not None
    assert not frame.loss.log


def test_before_any_loss_there_is_no_frame() -> None:
    test = range_test(known=0)
    assert frame_of(test, smoothed(test.losses, 15), QSize(900, 400), 5, 100) is None

"""Readers see what is published and nothing else, however reading and writing interleave."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrviz.core.trace import Recorder, Trace

RUNS, STEPS = 2, 30


def loss_at(run: int, step: int) -> float:
    return 100.0 * run + step


def rows(first: int, end: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[loss_at(run, step) for step in range(first, end)] for run in range(RUNS)]).reshape(RUNS, -1)


def theta(step: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[loss_at(run, step), -1.0] for run in range(RUNS)])


def check(trace: Trace, run: int, published: int, last: int | None) -> None:
    """All that a reader may look at is true, and within what is published."""
    length = published if last is None else min(published, last + 1)
    assert len(trace) == len(trace.loss) == len(trace.rate) == len(trace.step) == length
    assert trace.loss.tolist() == [loss_at(run, step) for step in range(length)]
    assert trace.overflow_step == (last if last is not None and last < published else None)
    assert (trace.snapshot_step < length).all()
    assert trace.theta[:, 0].tolist() == [loss_at(run, int(step)) for step in trace.snapshot_step]
    assert set(trace.metric_step.tolist()) <= set(trace.snapshot_step.tolist())
    assert trace.metrics["m"].tolist() == [2 * loss_at(run, int(step)) for step in trace.metric_step]


@given(
    chunks=st.lists(st.integers(1, 7), min_size=1, max_size=12),
    stride=st.integers(1, 5),
    every=st.integers(1, 3),
    lasts=st.tuples(*[st.none() | st.integers(0, STEPS)] * RUNS),
)
def test_a_reader_never_sees_what_is_not_published(
    chunks: list[int], stride: int, every: int, lasts: tuple[int | None, ...]
) -> None:
    kept = list(range(0, STEPS + 1, stride))
    measured = kept[::every]
    recorder = Recorder((0.1, 0.2), STEPS, 2, kept, ("m",), metric_steps=measured)
    written = 0
    for chunk in chunks:
        end = min(written + chunk, STEPS + 1)
        for step in range(written, end):
            for run, last in enumerate(lasts):
                if last == step:
                    recorder.overflow(run, step)
            if step in kept:
                metrics = {"m": 2 * theta(step)[:, 0]} if step in measured else None
                recorder.snapshot(theta(step), metrics)
        told = [last if last is not None and last < end else None for last in lasts]
        for run, trace in enumerate(recorder.traces):
            check(trace, run, written, told[run])  # snapshots are there, their rows are not
        before = [trace.loss for trace in recorder.traces]
        copies = [view.copy() for view in before]
        recorder.append(rows(written, end), rows(written, end))
        written = end
        for run, trace in enumerate(recorder.traces):
            check(trace, run, written, told[run])
            np.testing.assert_array_equal(before[run], copies[run])
    assert recorder.rows == written


def test_views_cannot_be_written_to() -> None:
    recorder = Recorder((0.1, 0.2), STEPS, 2, [0], ("m",))
    recorder.snapshot(theta(0), {"m": np.zeros(RUNS)})
    recorder.append(rows(0, 3), rows(0, 3))
    trace = recorder.traces[0]
    for view in (
        trace.loss,
        trace.rate,
        trace.seconds,
        trace.theta,
        trace.snapshot_step,
        trace.metric_step,
        trace.metrics["m"],
    ):
        with pytest.raises(ValueError, match="read-only"):
            view[...] = 0


def test_each_row_has_its_time_since_the_race_began() -> None:
    recorder = Recorder((0.1, 0.2), STEPS, 2, [0])
    now = time.perf_counter()
    recorder.append(rows(0, 3), rows(0, 3), [now + 1, now + 2, now + 4])
    assert np.diff(recorder.traces[0].seconds) == pytest.approx([1, 2])
    assert 0 < recorder.traces[0].seconds[0] <= 1 + now
    recorder.append(rows(3, 5), rows(3, 5))
    assert len(recorder.traces[1].seconds) == 5
    assert recorder.traces[0].seconds[4] == recorder.traces[0].seconds[3] >= 0
    np.testing.assert_array_equal(recorder.traces[0].seconds, recorder.traces[1].seconds)


def test_metrics_that_are_not_measured_are_nan_until_they_are_completed() -> None:
    recorder = Recorder((0.1, 0.2), STEPS, 2, range(STEPS + 1), ("early", "late"))
    for step in range(2):
        recorder.snapshot(theta(step), {"early": np.ones(RUNS)})
        if step == 0:
            recorder.complete({"late": np.array([3.0, 4.0])})
    recorder.append(rows(0, 2), rows(0, 2))
    np.testing.assert_array_equal(recorder.traces[1].metric("late"), [4.0, np.nan])
    np.testing.assert_array_equal(recorder.traces[1].metric("early"), [1.0, 1.0])


def test_rows_after_a_runs_end_are_never_shown() -> None:
    recorder = Recorder((0.1, 0.2), STEPS, 2, range(STEPS + 1))
    recorder.overflow(1, 4)
    for step in range(10):
        recorder.snapshot(theta(step))
    recorder.append(rows(0, 10), rows(0, 10))
    assert [len(trace) for trace in recorder.traces] == [10, 5]
    assert [len(trace.theta) for trace in recorder.traces] == [10, 5]
    assert [trace.overflow_step for trace in recorder.traces] == [None, 4]


def test_details_are_shown_of_published_snapshots_and_nan_until_they_are_given() -> None:
    recorder = Recorder((0.1, 0.2), STEPS, 2, range(0, STEPS + 1, 2))
    trace = recorder.traces[1]
    recorder.snapshots(np.stack([theta(0), theta(2)]))
    recorder.detail("late", 1, np.array([[[1.0, 2.0], [3.0, 4.0]]]))
    assert len(trace.detail("late")) == 0  # its row is not published
    recorder.append(rows(0, 3), rows(0, 3))
    np.testing.assert_array_equal(trace.detail("late"), [[np.nan, np.nan], [3.0, 4.0]])
    recorder.snapshots(theta(4)[None])
    recorder.append(rows(3, 5), rows(3, 5))
    np.testing.assert_array_equal(trace.detail("late")[2], [np.nan, np.nan])
    recorder.detail("late", 0, np.zeros((1, 2, 2)))
    assert trace.detail("late")[0].tolist() == [0.0, 0.0]
    assert trace.details == ("late",)
    assert len(trace.detail("another")) == 0
    with pytest.raises(ValueError, match="read-only"):
        trace.detail("late")[...] = 0


def test_a_single_snapshot_is_found_by_its_step() -> None:
    recorder = Recorder((0.1, 0.2), STEPS, 2, range(0, STEPS + 1, 2))
    recorder.snapshots(np.stack([theta(0), theta(2), theta(4)]))
    recorder.detail("twice", 0, np.arange(12.0).reshape(3, 2, 2))
    recorder.append(rows(0, 4), rows(0, 4))
    trace = recorder.traces[1]
    assert [trace.snapshot_at(step) for step in (-1, 0, 1, 2, 4, 100)] == [None, 0, None, 1, None, None]
    assert trace.theta_at(1).tolist() == theta(2)[1].tolist()
    assert trace.details_at(1)["twice"].tolist() == [6.0, 7.0]
    assert trace.rate_at(3) == loss_at(1, 3)
    np.testing.assert_array_equal(recorder.theta_from(1), [theta(2), theta(4)])


def test_a_reader_on_another_thread_sees_whole_rows_only() -> None:
    steps = 3000
    recorder = Recorder((0.1, 0.2), steps, 2, range(steps + 1))
    wrong: list[int] = []

    def read() -> None:
        trace = recorder.traces[1]
        while len(trace) <= steps:
            loss, points = trace.loss, trace.theta
            seen = np.arange(len(loss)) + loss_at(1, 0)
            if not (np.array_equal(loss, seen) and np.array_equal(points[: len(loss), 0], seen[: len(points)])):
                wrong.append(len(loss))
            if len(points) < len(loss):
                wrong.append(-len(loss))

    reader = threading.Thread(target=read)
    reader.start()
    for first in range(0, steps + 1, 7):
        end = min(first + 7, steps + 1)
        for step in range(first, end):
            recorder.snapshot(theta(step))
        recorder.append(rows(first, end), rows(first, end))
    reader.join(30)
    assert not reader.is_alive()
    assert wrong == []


def test_memory_is_only_taken_as_rows_come_in() -> None:
    recorder = Recorder((0.1,), 20_000_000, 2, [0])  # 320 MB of losses and rates, once they are there
    recorder.append(rows(0, 1)[:1], rows(0, 1)[:1])
    assert len(recorder.traces[0]) == 1

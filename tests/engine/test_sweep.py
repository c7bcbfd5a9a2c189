"""A sweep from its first table to its last: what comes when, refinement, stopping and going on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from lrviz.core.experiment import Experiment
from lrviz.core.sweep import Knob, SweepTable, rates_between
from lrviz.core.sweep_reading import best_at, read_sweep
from lrviz.engine import sweep as sweeping
from lrviz.engine.sweep import sweep
from lrviz.engine.sweep_group import GroupResult, SweepGroup, run_group
from lrviz.engine.sweep_marks import Marks
from lrviz.engine.sweep_refine import rates_in_between
from lrviz.engine.sweep_store import SweepStore
from tests.engine.questions import asked, on_model, on_surface
from tests.engine.sweeps import assert_same_numbers, bowl, question, small_model, swept

ROOT = Path(__file__).parents[2]


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, ...]]:
    """The rates of each group whose computing began."""
    begun: list[tuple[float, ...]] = []

    def run(experiment: Experiment, marks: Marks) -> Iterator[GroupResult | None]:
        begun.append(experiment.lrs)
        return run_group(experiment, marks)

    monkeypatch.setattr(sweeping, "run_group", run)
    return begun


def test_the_first_table_knows_nothing_and_the_last_everything() -> None:
    tables = [table for table in sweep(question(knob=Knob("batch_size", (16, 64)))) if table is not None]
    first, last = tables[0], tables[-1]
    assert not first.complete
    assert first.share_done == 0
    assert all(np.isnan(values).all() for values in first.metrics.values())
    assert last.complete
    assert last.share_done == 1
    assert last.metrics["train_loss"].shape == (2, 5, 2, len(last.marks))
    lost = last.diverged[..., None] <= last.marks
    for values in last.metrics.values():
        assert (np.isnan(values) == lost).all()


def test_tables_stay_as_they_were_and_can_not_be_written() -> None:
    tables = sweep(question())
    first = next(tables)
    assert first is not None
    for _ in tables:
        pass
    assert np.isnan(first.metrics["train_loss"]).all()
    with pytest.raises(ValueError, match="read-only"):
        first.metrics["train_loss"][0] = 0


def test_a_value_of_the_sweep_is_the_run_that_a_click_opens() -> None:
    wanted = question(lrs=(0.01, 0.1), seeds=(5, 9), knob=Knob("batch_size", (16, 64)))
    table = swept(wanted)
    *_, alone = (result for result in run_group(wanted.run_at(1, 0.1, 9)) if result is not None)
    for name, values in alone.metrics.items():
        np.testing.assert_allclose(table.metrics[name][1, 1, 1, -1], values[0, -1], rtol=1e-5)


def test_a_run_on_a_surface_is_the_same_whichever_others_are_swept_with_it() -> None:
    experiment = asked(on_surface("bowl"), (0.1,), 10)
    several = swept(question(lrs=(0.01, 0.05), seeds=(0,), experiment=experiment))
    alone = swept(question(lrs=(0.05,), seeds=(0,), experiment=experiment))
    np.testing.assert_array_equal(several.metrics["loss"][0, 1], alone.metrics["loss"][0, 0])


def test_refined_rates_lie_between_the_others_and_near_the_best() -> None:
    coarse = question(lrs=rates_between(1e-4, 1, 9), seeds=(0,), experiment=bowl())
    fine = swept(replace(coarse, refinements=2))
    assert set(coarse.lrs) < set(fine.lrs)
    assert list(fine.lrs) == sorted(fine.lrs)
    assert fine.complete
    assert fine.metrics["loss"].shape[1] == len(fine.lrs)
    before = swept(coarse)
    kept = [fine.lrs.index(lr) for lr in coarse.lrs]
    np.testing.assert_array_equal(fine.metrics["loss"][:, kept], before.metrics["loss"])
    best = best_at(before, read_sweep(before, "loss", -1))
    assert best is not None
    near = [lr for lr in fine.lrs if before.lrs[max(0, best.rate - 1)] < lr < before.lrs[best.rate + 1]]
    assert len(near) >= 3


def test_nothing_is_refined_where_rates_are_as_close_as_they_need_be() -> None:
    table = swept(question(lrs=(0.1, 0.101), seeds=(0,), experiment=bowl()))
    assert rates_in_between(table) == ()


@pytest.mark.parametrize("model", ["mlp", "mlp_dropout"])
def test_groups_computed_at_once_have_the_numbers_of_groups_in_turn(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = asked(on_model(model, hidden=(4,)), (0.1,), 12)
    asked_for = question(seeds=(0, 1, 2), experiment=experiment)
    monkeypatch.setattr("lrviz.engine.sweep.THREADS", 1)
    in_turn = swept(asked_for)
    monkeypatch.setattr("lrviz.engine.sweep.THREADS", 3)
    assert_same_numbers(swept(asked_for), in_turn)


def test_a_sweep_that_is_closed_leaves_no_thread() -> None:
    before = threading.active_count()
    tables = sweep(question(experiment=small_model(steps=400)))
    for _ in range(8):
        next(tables)
    assert threading.active_count() > before
    tables.close()
    assert threading.active_count() == before


def test_what_is_stored_is_not_computed_again(tmp_path: Path, computed: list[tuple[float, ...]]) -> None:
    wanted = question(refinements=1)
    first = swept(wanted, SweepStore(tmp_path))
    assert len(computed) == 4  # two seeds, and their rates in between
    computed.clear()
    assert_same_numbers(swept(wanted, SweepStore(tmp_path)), first)
    assert computed == []


def test_a_sweep_that_was_closed_goes_on_from_what_had_finished(
    tmp_path: Path, computed: list[tuple[float, ...]]
) -> None:
    wanted, store = question(seeds=range(6)), SweepStore(tmp_path)
    work = sweep(wanted, store=store)
    for _ in work:
        if len(list(tmp_path.glob("*.npz"))) == 3:
            break
    work.close()
    computed.clear()
    resumed = swept(wanted, SweepStore(tmp_path))
    assert len(computed) == 3
    assert_same_numbers(resumed, swept(wanted))


def test_a_sweep_that_is_killed_loses_nothing_and_runs_nothing_twice(
    tmp_path: Path, computed: list[tuple[float, ...]]
) -> None:
    code = textwrap.dedent(
        f"""
        import time
        from pathlib import Path
        from lrviz.engine.sweep import sweep
        from lrviz.engine.sweep_store import SweepStore
        from tests.engine.sweeps import question

        for _ in sweep(question(seeds=range(40)), store=SweepStore(Path({str(tmp_path)!r}))):
            time.sleep(0.002)
        """
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        while len(list(tmp_path.glob("*.npz"))) < 3:
            assert process.poll() is None, "it ended before it was killed"
            time.sleep(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert process.returncode == -signal.SIGKILL
    finished = len(list(tmp_path.glob("*.npz")))
    assert 3 <= finished < 40
    wanted = question(seeds=range(40))
    resumed = swept(wanted, SweepStore(tmp_path))
    assert len(computed) == 40 - finished
    assert_same_numbers(resumed, swept(wanted))


def test_time_left_falls_to_nothing_and_pausing_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "TABLE_SECONDS", 0.0)
    monkeypatch.setattr(sweeping, "COPYING_SHARE", np.inf)
    now = 0.0
    monkeypatch.setattr(time, "perf_counter", lambda: now)

    class Pool:
        """Takes a second for each group."""

        def run(self, groups: list[SweepGroup], /) -> Iterator[tuple[SweepGroup, GroupResult]]:
            nonlocal now
            for group in groups:
                *_, whole = run_group(group.experiment, group.marks)
                assert whole is not None
                now += 1
                yield group, whole

    estimates = []
    for table in sweep(question(seeds=range(4)), pool=Pool()):
        now += 100  # a person looks at it
        if table is not None:
            estimates.append(table.seconds_left)
    assert estimates == [None, pytest.approx(3), pytest.approx(2), pytest.approx(1), 0, 0.0]


def test_each_table_is_told_apart_by_what_it_knows() -> None:
    shares = [table.share_done for table in sweep(question(seeds=range(3))) if isinstance(table, SweepTable)]
    assert shares == sorted(shares)

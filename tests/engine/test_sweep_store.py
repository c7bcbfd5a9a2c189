"""Finished groups on disk: whole or not there, bounded, and never another question's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.engine import sweep_store
from lrviz.engine.sweep_group import GroupResult, SweepGroup, groups_of, run_group
from lrviz.engine.sweep_store import SweepStore, default_folder, group_key
from tests.engine.sweeps import question, small_model


def result_of(group: SweepGroup) -> GroupResult:
    *_, whole = run_group(group.experiment, group.marks)
    assert whole is not None
    return whole


@pytest.fixture
def group() -> SweepGroup:
    return groups_of(question())[0]


def assert_stored(store: SweepStore, group: SweepGroup, result: GroupResult) -> None:
    loaded = store.load(group)
    assert loaded is not None
    assert loaded.complete
    np.testing.assert_array_equal(loaded.diverged, result.diverged)
    for name, values in result.metrics.items():
        np.testing.assert_array_equal(loaded.metrics[name], values)


def test_what_is_saved_is_loaded_bit_by_bit_by_another(tmp_path: Path, group: SweepGroup) -> None:
    result = result_of(group)
    assert np.isfinite(result.diverged).any(), "a run that diverged belongs into this test"
    assert SweepStore(tmp_path / "new").save(group, result)
    assert_stored(SweepStore(tmp_path / "new"), group, result)
    assert len(list((tmp_path / "new").iterdir())) == 1


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text", "folder", "gone"])
def test_a_broken_file_is_as_if_it_were_not_there(tmp_path: Path, group: SweepGroup, damage: str) -> None:
    store = SweepStore(tmp_path)
    store.save(group, result_of(group))
    [path] = tmp_path.iterdir()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    broken: dict[str, bytes | bytearray] = {
        "cut": data[: len(data) // 2],
        "flipped": data,
        "empty": b"",
        "text": b"hello",
    }
    path.unlink()
    if damage == "folder":
        path.mkdir()
    elif damage in broken:
        path.write_bytes(broken[damage])
    assert store.load(group) is None


def test_arrays_of_other_shapes_or_kinds_are_not_believed(tmp_path: Path, group: SweepGroup) -> None:
    store, result = SweepStore(tmp_path), result_of(group)
    good: dict[str, Any] = {"marks": result.marks, "diverged": result.diverged}
    for more in (
        {},
        {"metric.loss": np.zeros((5, 1))},
        {"metric.loss": np.array([{}])},
        {"metric.loss": np.zeros(10**6)},
    ):
        np.savez(tmp_path / f"{group_key(group)}.npz", **good, **more)
        assert store.load(group) is None


def test_the_key_is_of_everything_that_numbers_follow_from(monkeypatch: pytest.MonkeyPatch, group: SweepGroup) -> None:
    others = [
        groups_of(question(seeds=(1,)))[0],
        groups_of(question(lrs=(0.001, 0.03, 0.1, 1.0, 101.0)))[0],
        groups_of(question(experiment=small_model(13)))[0],
        groups_of(question(experiment=small_model(optimizer="adam")))[0],
        SweepGroup(group.value, group.seed, group.lrs, group.experiment, group.marks[:-1]),
    ]
    keys = {group_key(group), *map(group_key, others)}
    assert len(keys) == 1 + len(others)
    assert group_key(groups_of(question(seeds=(0, 7)))[0]) == group_key(group)
    monkeypatch.setattr(sweep_store, "versions", lambda: ("0.0.0", "2.6.0"))
    assert group_key(group) not in keys


def test_a_file_of_ones_own_that_changes_makes_another_key(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("a,b\n" + "1,0\n2,1\n3,0\n4,1\n" * 5)
    experiment = small_model()
    problem = replace(experiment.problem, data=catalog_choice(path))
    [group] = groups_of(question(seeds=(0,), experiment=replace(experiment, problem=problem)))
    before = group_key(group)
    os.utime(path, (1, 1))
    assert group_key(group) != before


def catalog_choice(path: Path) -> object:
    from lrviz.core.experiment import choose

    return choose(catalog.datasets, "csv", path=str(path))


def test_parts_that_only_this_process_knows_are_not_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: SweepGroup
) -> None:
    monkeypatch.setattr(catalog.models, "_lent", {"mlp"})
    store = SweepStore(tmp_path)
    assert not store.save(group, result_of(group))
    assert store.load(group) is None
    assert list(tmp_path.iterdir()) == []


def test_the_least_used_go_first_and_what_is_in_use_stays(tmp_path: Path) -> None:
    groups = groups_of(question(seeds=range(6)))
    results = [result_of(group) for group in groups]
    earlier = SweepStore(tmp_path)
    for number, (group, result) in enumerate(zip(groups[:4], results, strict=False)):
        earlier.save(group, result)
        os.utime(tmp_path / f"{group_key(group)}.npz", (number, number))
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    store = SweepStore(tmp_path, most_bytes=size)
    assert store.load(groups[0]) is not None  # used now, so it is not the oldest any more
    store.save(groups[4], results[4])
    assert [store.load(group) is not None for group in groups] == [True, False, True, True, True, False]
    small = SweepStore(tmp_path, most_bytes=1)
    for group, result in zip(groups, results, strict=True):
        small.save(group, result)
    assert all(small.load(group) is not None for group in groups)


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path, group: SweepGroup) -> None:
    (tmp_path / "file").write_text("")
    assert not SweepStore(tmp_path / "file").save(group, result_of(group))
    assert SweepStore(tmp_path / "file").load(group) is None


def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: SweepGroup
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert not SweepStore(tmp_path).save(group, result_of(group))
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_the_persons_cache() -> None:
    assert default_folder().parts[-2:] == ("lrviz", "sweeps")

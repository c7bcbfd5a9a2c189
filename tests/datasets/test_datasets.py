"""What every data set must be, a file added later included. One that needs a file gets one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrviz.core import catalog
from lrviz.core.catalog import DataSet
from lrviz.core.dataset import Data

every_dataset = pytest.mark.parametrize("dataset", list(catalog.datasets), ids=lambda dataset: dataset.name)

RESERVED = {"model", "data", "batch_size"}  # what an experiment file calls the problem's own fields


@pytest.fixture
def load(tmp_path: Path) -> Callable[[DataSet, int], Data]:
    file = tmp_path / "own.csv"
    rows = np.random.default_rng(0).normal(size=(40, 2))
    file.write_text("a,b,kind\n" + "".join(f"{a},{b},{'high' if a + b > 0 else 'low'}\n" for a, b in rows))

    def load(dataset: DataSet, seed: int) -> Data:
        given: dict[str, Any] = {"path": str(file)} if "path" in {p.name for p in dataset.parameters} else {}
        data = dataset.factory(seed, **dataset.settings(given))
        assert isinstance(data, Data)
        return data

    return load


@every_dataset
def test_its_arrays_have_the_shapes_and_kinds_that_data_promises(
    dataset: DataSet, load: Callable[[DataSet, int], Data]
) -> None:
    data = load(dataset, 0)
    for inputs, targets in ((data.train_inputs, data.train_targets), (data.test_inputs, data.test_targets)):
        assert inputs.shape == (len(targets), len(data.features))
        assert inputs.dtype == np.float32
        assert np.isfinite(inputs).all()
        assert targets.dtype == (np.int64 if data.classes else np.float32)
        assert np.isfinite(targets).all()
    assert len(data.train_targets) > len(data.test_targets) > 0
    if data.image_shape:
        assert data.image_shape[0] * data.image_shape[1] == len(data.features)


@every_dataset
def test_it_is_of_the_task_that_it_says(dataset: DataSet, load: Callable[[DataSet, int], Data]) -> None:
    data = load(dataset, 0)
    if dataset.task is not None:
        assert bool(data.classes) == (dataset.task == "classification")
    if data.classes:
        assert set(data.train_targets.tolist()) == set(range(len(data.classes)))
        assert set(data.test_targets.tolist()) <= set(range(len(data.classes)))


@every_dataset
def test_the_same_seed_gives_the_same_bits_and_another_seed_another_split(
    dataset: DataSet, load: Callable[[DataSet, int], Data]
) -> None:
    first, again, other = load(dataset, 7), load(dataset, 7), load(dataset, 8)
    assert first.train_inputs.tobytes() == again.train_inputs.tobytes()
    assert first.test_targets.tobytes() == again.test_targets.tobytes()
    assert first.train_inputs.tobytes() != other.train_inputs.tobytes()


@every_dataset
def test_training_inputs_have_mean_0_and_deviation_1_or_are_0_throughout(
    dataset: DataSet, load: Callable[[DataSet, int], Data]
) -> None:
    inputs = load(dataset, 0).train_inputs.astype(np.float64)
    np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-5)
    deviations = inputs.std(axis=0)
    np.testing.assert_allclose(deviations[deviations > 0], 1, rtol=1e-4)


@every_dataset
def test_no_parameter_is_called_like_the_problem_s_own_fields(dataset: DataSet) -> None:
    assert RESERVED.isdisjoint(parameter.name for parameter in dataset.parameters)


@every_dataset
def test_it_says_what_it_is(dataset: DataSet) -> None:
    assert dataset.title
    assert dataset.teaches

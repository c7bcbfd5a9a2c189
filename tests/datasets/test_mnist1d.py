"""MNIST-1D against the package of those who thought of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mnist1d.data import get_dataset_args, get_templates, make_dataset
from scipy.interpolate import interp1d
from scipy.ndimage import gaussian_filter
from sklearn.neighbors import KNeighborsClassifier

from lrviz.core import catalog
from lrviz.core.dataset import Data
from lrviz.datasets.mnist1d import LENGTH, SMOOTHED, _between, _outlines, _smoothed

SAMPLES = 2000


def ours(seed: int = 0, samples: int = SAMPLES) -> Data:
    data = catalog.datasets.find("mnist1d").factory(seed, samples=samples)
    assert isinstance(data, Data)
    return data


@pytest.fixture(scope="module")
def theirs() -> dict[str, Any]:
    state = np.random.get_state()
    arguments = get_dataset_args()
    arguments.num_samples = SAMPLES
    made: dict[str, Any] = make_dataset(arguments)
    np.random.set_state(state)
    return made


def test_a_fifth_is_for_testing_and_each_digit_has_its_share() -> None:
    data = ours(samples=1000)
    assert data.train_inputs.shape == (800, LENGTH)
    assert np.bincount(data.train_targets).tolist() == [80] * 10


def test_the_outlines_are_theirs() -> None:
    np.testing.assert_allclose(_outlines(), get_templates()["x"], atol=1e-12)


def test_lines_and_hum_are_drawn_as_scipy_draws_them() -> None:
    values = np.random.default_rng(0).standard_normal((3, 72))
    at = np.linspace(0, 71, LENGTH)
    expected = interp1d(np.arange(72), values, axis=1)(at)
    np.testing.assert_allclose(_between(values, np.tile(at, (3, 1))), expected, atol=1e-12)
    np.testing.assert_allclose(_smoothed(values), [gaussian_filter(row, SMOOTHED) for row in values], atol=1e-12)


def test_each_place_varies_as_much_as_theirs(theirs: dict[str, Any]) -> None:
    data = ours()
    for digit in range(10):
        mine = data.train_inputs[data.train_targets == digit].std(0)
        np.testing.assert_allclose(mine, theirs["x"][theirs["y"] == digit].std(0), atol=0.25)


def test_what_is_learned_from_ours_holds_for_theirs(theirs: dict[str, Any]) -> None:
    data = ours()
    tested = (data.test_inputs, data.test_targets), (theirs["x_test"], theirs["y_test"])
    learned = (data.train_inputs, data.train_targets), (theirs["x"], theirs["y"])
    scores = [[KNeighborsClassifier(1).fit(*those).score(*these) for these in tested] for those in learned]
    assert np.min(scores) > 0.35  # a guess gets 0.1
    assert np.ptp(scores) < 0.12

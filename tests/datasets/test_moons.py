"""The moons' geometry, and scikit-learn's for comparison."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import make_moons

from lrviz.core import catalog
from lrviz.core.dataset import Data
from lrviz.core.errors import ParameterError


def moons(seed: int = 0, **given: Any) -> Data:
    part = catalog.datasets.find("moons")
    data = part.factory(seed, **part.own_settings(part.settings(given)))
    assert isinstance(data, Data)
    return data


def spread(points: NDArray[np.floating], labels: NDArray[np.generic]) -> list[float]:
    """Distances that standardising each axis leaves comparable: the moons' mean places and their own deviations."""
    scaled = (points - points.mean(axis=0)) / points.std(axis=0)
    return [
        f for label in (0, 1) for f in (*scaled[labels == label].mean(axis=0), *scaled[labels == label].std(axis=0))
    ]


@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_they_are_spread_like_scikit_learn_s(noise: float) -> None:
    data = moons(samples=10_000, noise=noise)
    points, labels = make_moons(10_000, noise=noise, random_state=0)
    ours = spread(data.train_inputs, data.train_targets)
    assert ours == pytest.approx(spread(points, labels), abs=0.04)


def test_without_noise_each_point_lies_on_its_half_circle() -> None:
    data = moons(samples=4000, noise=0)
    points, labels = make_moons(4000, noise=0, random_state=0)
    # Scaling undone by the half circles' own extent: each axis runs from end to end of both moons.
    ours = data.train_inputs.astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    raw = low + (ours - ours.min(axis=0)) / np.ptp(ours, axis=0) * (high - low)
    centre = np.where(data.train_targets[:, None] == 0, [0.0, 0.0], [1.0, 0.5])
    np.testing.assert_allclose(np.linalg.norm(raw - centre, axis=1), 1, atol=0.01)
    assert set(labels) == {0, 1}


def test_half_the_points_are_of_either_moon_and_a_third_is_for_testing() -> None:
    data = moons(samples=300)
    assert len(data.test_targets) == 100
    assert np.bincount(data.train_targets).tolist() == [100, 100]
    assert np.bincount(data.test_targets).tolist() == [50, 50]


@pytest.mark.parametrize("given", [{"samples": 19}, {"samples": 10_001}, {"noise": -0.1}, {"noise": 1.1}])
def test_senseless_moons_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ParameterError):
        moons(**given)

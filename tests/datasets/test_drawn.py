"""The geometry of the sets that are drawn here: circles, spirals, exclusive or, blobs and the noisy sine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import make_blobs, make_circles
from sklearn.linear_model import LogisticRegression

from lrviz.core import catalog
from lrviz.core.catalog import DataSet
from lrviz.core.dataset import Data
from lrviz.core.errors import ParameterError

DRAWN = [part for part in catalog.datasets if "samples" in {p.name for p in part.parameters}]

every_drawn = pytest.mark.parametrize("dataset", DRAWN, ids=lambda dataset: dataset.name)


def drawn(name: str, seed: int = 0, **given: Any) -> Data:
    part = catalog.datasets.find(name)
    data = part.factory(seed, **part.own_settings(part.settings(given)))
    assert isinstance(data, Data)
    return data


def raw(data: Data, scale: NDArray[np.float64]) -> NDArray[np.float64]:
    """The training points with standardising undone, where their mean is 0 and their deviation `scale`."""
    return data.train_inputs.astype(np.float64) * scale


@every_drawn
def test_a_third_of_as_many_samples_as_are_asked_for_is_for_testing(dataset: DataSet) -> None:
    data = drawn(dataset.name, samples=300)
    test = 60 if dataset.name == "mnist1d" else 100  # a fifth, as its authors have it
    assert (len(data.train_targets), len(data.test_targets)) == (300 - test, test)
    if data.classes:
        shares = np.bincount(data.test_targets) * len(data.classes) / test
        assert shares == pytest.approx(np.ones(len(data.classes)), abs=0.05)


@every_drawn
def test_its_ends_can_be_drawn_and_what_lies_beyond_is_refused(dataset: DataSet) -> None:
    for parameter in dataset.parameters:
        for value in (parameter.low, parameter.high):
            given: dict[str, Any] = {"samples": 20, parameter.name: value}
            assert np.isfinite(drawn(dataset.name, **given).train_inputs).all()
        beyond: dict[str, Any] = {parameter.name: parameter.high + 1}
        with pytest.raises(ParameterError):
            drawn(dataset.name, **beyond)


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_the_circles_are_spread_like_scikit_learn_s(noise: float) -> None:
    data = drawn("circles", samples=10_000, noise=noise, factor=0.4)
    points, labels = make_circles(10_000, noise=noise, factor=0.4, random_state=0)
    ours = np.linalg.norm(raw(data, points.std(axis=0)), axis=1)
    theirs = np.linalg.norm(points, axis=1)
    for circle in (0, 1):
        assert ours[data.train_targets == circle].mean() == pytest.approx(theirs[labels == circle].mean(), abs=0.02)
        assert ours[data.train_targets == circle].std() == pytest.approx(theirs[labels == circle].std(), abs=0.02)


def test_the_blobs_lie_apart_like_scikit_learn_s() -> None:
    data = drawn("blobs", samples=10_000, noise=0.5, blobs=4)
    middles = np.array([[1.0, 0], [0, 1], [-1, 0], [0, -1]])
    points, labels = make_blobs(10_000, centers=middles, cluster_std=0.5, random_state=0)
    ours = raw(data, points.std(axis=0))
    for blob in range(4):
        mine, theirs = ours[data.train_targets == blob], points[labels == blob]
        np.testing.assert_allclose(mine.mean(axis=0), theirs.mean(axis=0), atol=0.05)
        np.testing.assert_allclose(mine.std(axis=0), theirs.std(axis=0), atol=0.05)


def test_a_spiral_s_angle_grows_with_its_radius_and_the_other_one_lies_opposite() -> None:
    data = drawn("spirals", samples=10_000, noise=0, turns=2)
    radius = np.sqrt(np.linspace(0, 1, 100_001))
    angle = 4 * np.pi * radius
    x, y = (
        np.concatenate([radius * np.cos(angle), -radius * np.cos(angle)]),
        np.concatenate([radius * np.sin(angle), -radius * np.sin(angle)]),
    )
    points = raw(data, np.array([x.std(), y.std()]))
    turned = 4 * np.pi * np.linalg.norm(points, axis=1) + np.pi * data.train_targets
    apart = np.arctan2(points[:, 1], points[:, 0]) - turned
    assert np.median(np.abs((apart + np.pi) % (2 * np.pi) - np.pi)) < 0.1


def test_exclusive_or_is_beyond_a_linear_model_and_within_one_that_sees_the_product() -> None:
    data = drawn("xor", samples=3000)
    product = [inputs[:, :1] * inputs[:, 1:] for inputs in (data.train_inputs, data.test_inputs)]
    linear = LogisticRegression().fit(data.train_inputs, data.train_targets)
    assert linear.score(data.test_inputs, data.test_targets) < 0.6
    assert LogisticRegression().fit(product[0], data.train_targets).score(product[1], data.test_targets) > 0.98


def test_the_sine_has_its_periods_and_its_noise() -> None:
    data = drawn("noisy_sine", samples=9000, noise=0.3, periods=2)
    x = raw(data, np.array([1 / np.sqrt(3)]))[:, 0]
    wave = np.sin(2 * np.pi * x)
    slope, shift = np.polyfit(wave, data.train_targets, 1)
    unit = np.sqrt(0.5 + 0.3**2)  # the deviation by which targets were divided
    assert slope * unit == pytest.approx(1, abs=0.03)
    assert shift == pytest.approx(0, abs=0.03)
    assert (data.train_targets - slope * wave).std() * unit == pytest.approx(0.3, abs=0.03)

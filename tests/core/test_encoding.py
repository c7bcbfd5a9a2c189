"""Numbers, categories and targets: what a table's text means."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler

from lrviz.core.column import column_of
from lrviz.core.dataset import Data
from lrviz.core.encoding import Missing, data_from_table
from lrviz.core.errors import DataError
from lrviz.core.table import Table

TWELVE = range(12)


def encoded(
    target: str = "", test: float | int = 3, seed: int = 0, missing: Missing = "refuse", **columns: Any
) -> Data:
    read = {name: column_of(list(map(str, values))) for name, values in columns.items()}
    table = Table("'t.csv'", read, np.arange(2, 2 + len(next(iter(read.values())).values)))
    return data_from_table(table, name="t.csv", target=target, test=test, seed=seed, missing=missing)


def refusal(**columns: Any) -> str:
    with pytest.raises(DataError) as caught:
        encoded(**columns)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("'t.csv' ")
    return str(caught.value)


def test_numbers_are_one_input_and_a_category_one_input_a_kind() -> None:
    data = encoded(size=TWELVE, colour=["red", "blue", "green"] * 4, kind=["a", "b"] * 6)
    assert data.features == ("size", "colour: blue", "colour: green", "colour: red")
    assert data.classes == ("a", "b")
    hot = np.concatenate([data.train_inputs, data.test_inputs])[:, 1:]
    assert (np.argmax(hot, axis=1)[:, None] == np.arange(3)).sum(axis=0).tolist() == [4, 4, 4]


def test_a_column_with_one_word_among_numbers_is_a_category() -> None:
    assert encoded(a=[*range(1, 12), "many"], kind=["a", "b"] * 6).features[-1] == "a: many"


@pytest.mark.parametrize(
    ("target", "classes"),
    [
        (["yes", "no"] * 10, ("no", "yes")),
        ([0, 1] * 10, ("0", "1")),
        ([10, 9, 2, -1] * 5, ("-1", "2", "9", "10")),
        ([1.0, 2.0] * 10, ("1", "2")),
        ([0.5, 1.5] * 10, ()),
        (range(20), ()),
        ([0, 1, 2, 3, 4] * 4, ()),  # four rows a kind: a quantity
    ],
)
def test_text_and_few_whole_numbers_make_classes_and_all_else_is_a_quantity(
    target: list[Any], classes: tuple[str, ...]
) -> None:
    data = encoded(a=range(20), target="b", b=target)
    assert data.classes == classes
    assert data.train_targets.dtype == (np.int64 if classes else np.float32)


def test_more_than_twenty_kinds_of_whole_numbers_are_a_quantity() -> None:
    assert encoded(a=range(200), b=[n % 20 for n in range(200)]).classes
    assert not encoded(a=range(200), b=[n % 21 for n in range(200)]).classes


def test_the_last_column_is_the_target_unless_one_is_named() -> None:
    columns: dict[str, Any] = {"first": ["u", "v"] * 6, "number": TWELVE, "last": ["a", "b"] * 6}
    assert encoded(**columns).classes == ("a", "b")
    named = encoded(target=" first ", **columns)
    assert named.classes == ("u", "v")
    assert named.features == ("number", "last: a", "last: b")


def test_the_part_for_testing_is_a_fraction_or_a_number() -> None:
    columns: dict[str, Any] = {"a": range(40), "b": ["a", "b"] * 20}
    assert len(encoded(test=0.25, **columns).test_targets) == 10
    assert len(encoded(test=7, **columns).test_targets) == 7


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"a": range(9), "b": ["a", "b", "c"] * 3}, "has 9 rows; it takes 10"),
        ({"a": TWELVE}, "one column only"),
        ({"a": TWELVE, "b": TWELVE, "target": "c"}, "no column called 'c'; it has 'a', 'b'"),
        ({"price": TWELVE, "b": TWELVE, "target": "prize"}, "no column called 'prize'; did you mean 'price'?"),
        (
            {"a": [*range(11), ""], "b": TWELVE},
            "line 13, column 'a' is empty; fill it in, drop the row or set missing=impute",
        ),
        ({"a": ["red", "", *["blue"] * 10], "b": TWELVE}, "line 3, column 'a' is empty"),
        ({"a": TWELVE, "b": [*range(11), ""], "missing": "impute"}, "column 'b' is empty; a target is always known"),
        ({"a": [""] * 12, "b": TWELVE, "missing": "impute"}, "column 'a' has no value at all"),
        ({"a": ["NaN", *range(11)], "b": TWELVE}, "line 2, column 'a' is 'NaN'"),
        ({"a": TWELVE, "b": ["?", *range(11)]}, "line 2, column 'b' is '?'"),
        ({"a": [*range(11), "inf"], "b": TWELVE}, "line 13, column 'a' is inf; numbers are finite"),
        ({"a": [*range(11), "-1e999"], "b": TWELVE}, "line 13, column 'a' is -inf"),
        ({"a": TWELVE, "b": ["x"] * 12}, "column 'b' is 'x' in every row"),
        ({"a": TWELVE, "b": [3] * 12}, "column 'b' is 3 in every row"),
        ({"a": TWELVE, "b": [0.5] * 12}, "column 'b' is 0.5 in every row"),
        ({"a": [*range(60), "sixty"], "b": range(61)}, "column 'a' has 61 kinds of text, such as 'sixty' on line 62"),
        ({"a": range(60), "b": [f"n{n}" for n in range(60)]}, "column 'b' has 60 classes; 50 are the most"),
        ({"a": [1e308, -1e308] * 6, "b": TWELVE}, "'t.csv' column 'a'"),
    ],
)
def test_what_cannot_be_learned_from_is_one_line_with_its_place(columns: dict[str, Any], said: str) -> None:
    assert said in refusal(**columns)


def test_a_missing_number_becomes_the_median_of_the_training_part_alone() -> None:
    rng = np.random.default_rng(0)
    known = rng.normal(5, 2, 40)
    gaps = rng.choice(40, 9, replace=False)
    texts = ["" if row in gaps else value for row, value in enumerate(known.tolist())]
    data = encoded(a=texts, row=range(40), kind=["yes", "no"] * 20, test=10, missing="impute")
    order = np.argsort(np.argsort(np.concatenate([data.train_inputs, data.test_inputs])[:, 1]))
    training, testing = order[:30], order[30:]  # which row of the table each sample was
    imputer, scaler = SimpleImputer(strategy="median"), StandardScaler()
    raw = np.where(np.isin(np.arange(40), gaps), np.nan, known)[:, None]
    fitted = scaler.fit_transform(imputer.fit_transform(raw[training]))
    np.testing.assert_allclose(data.train_inputs[:, :1], fitted, rtol=1e-5, atol=1e-6)
    there = scaler.transform(imputer.transform(raw[testing]))
    np.testing.assert_allclose(data.test_inputs[:, :1], there, rtol=1e-5, atol=1e-6)


def test_a_missing_category_is_a_kind_of_its_own() -> None:
    data = encoded(colour=["red", "", "blue", "?"] * 3, kind=["a", "b"] * 6, missing="impute")
    assert data.features == ("colour: blue", "colour: missing", "colour: red")
    hot = np.concatenate([data.train_inputs, data.test_inputs])
    assert (np.argmax(hot, axis=1)[:, None] == np.arange(3)).sum(axis=0).tolist() == [3, 6, 3]


def test_where_nothing_is_missing_refusing_and_imputing_are_the_same() -> None:
    columns: dict[str, Any] = {"a": TWELVE, "colour": ["red", "blue"] * 6, "kind": ["a", "b"] * 6}
    refused, imputed = encoded(**columns), encoded(missing="impute", **columns)
    assert refused.train_inputs.tobytes() == imputed.train_inputs.tobytes()


def test_a_table_that_would_fill_the_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrviz.core.encoding.MOST_INPUTS", 47)
    assert "12 rows of 4 inputs; 47 numbers are the most" in refusal(
        a=TWELVE, colour=["red", "blue", "green"] * 4, kind=["a", "b"] * 6
    )

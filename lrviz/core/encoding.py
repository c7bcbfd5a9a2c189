"""What a table's text means: numbers, categories, and a target to be foretold."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lrviz.core.column import Column, is_missing, is_number
from lrviz.core.dataset import Data, split_data
from lrviz.core.errors import DataError, quoted
from lrviz.core.table import Table

FEWEST_ROWS = 10
MOST_CATEGORIES = 50  # of a column of text
MOST_CLASSES = 20  # of a target written as whole numbers; above, it is a quantity
ROWS_A_CLASS = 5  # on average at least, for the same
MOST_INPUTS = 2**28  # rows times inputs: 2 GiB while they are standardised
UNKNOWN = "missing"  # the kind of a category that is not known

Missing = Literal["refuse", "impute"]


def data_from_table(
    table: Table,
    *,
    name: str,
    target: str,
    test: float | int,
    seed: int,
    image_shape: tuple[int, int] | None = None,
    together: bool = False,
    missing: Missing = "refuse",
) -> Data:
    """Data out of a table whose column `target` ("": the last one) is to be foretold from all others.

    A column whose every value is a number is one input; any other column is a category, and each of its values an
    input that is 1 or 0 before it is standardised. The target makes classes where it is text, or whole numbers of
    at most 20 kinds with 5 rows a kind on average; otherwise it is a quantity. `test` is the part (a float) or the
    number (an int) of rows for testing; `together` is split_data's. A missing value is refused, or with `missing`
    "impute" becomes the median of the training part's numbers, or a kind "missing" of a category; a target is always
    known. DataError, one line, for what cannot be learned from.
    """
    target = _target_column(table, " ".join(target.split()))
    if len(table.lines) < FEWEST_ROWS:
        raise DataError(f"{table.name} has {len(table.lines)} rows; it takes {FEWEST_ROWS} at least to train and test")
    _refuse_missing(table, target, missing)
    features: list[str] = []
    inputs: list[NDArray[np.float64] | NDArray[np.bool_]] = []
    for column in table.columns:
        if column != target:
            for feature, values in _inputs(table, column):
                features.append(feature)
                inputs.append(values)
    if len(inputs) * len(table.lines) > MOST_INPUTS:
        made = f"{len(table.lines):,} rows of {len(inputs):,} inputs"
        raise DataError(f"{table.name} makes {made}; {MOST_INPUTS:,} numbers are the most")
    targets, classes = _targets(table, target)
    return split_data(
        name,
        np.column_stack(inputs).astype(np.float64, copy=False),
        targets,
        features=tuple(features),
        classes=classes,
        test=test if isinstance(test, int) else round(test * len(targets)),
        seed=seed,
        image_shape=image_shape,
        together=together,
    )


def _target_column(table: Table, target: str) -> str:
    names = list(table.columns)
    if len(names) < 2:
        raise DataError(f"{table.name} has one column only; it takes a target and something to foretell it from")
    if not target:
        return names[-1]
    if target in names:
        return target
    near = difflib.get_close_matches(target, names, n=1, cutoff=0.5)
    hint = f"did you mean {quoted(near[0])}?" if near else f"it has {', '.join(map(quoted, names[:8]))}"
    raise DataError(f"{table.name} has no column called {quoted(target)}; {hint}")


def _refuse_missing(table: Table, target: str, missing: Missing) -> None:
    for name, column in table.columns.items():
        if column.gap is None or (missing == "impute" and name != target):
            continue
        row, text = column.gap
        said = f"is {quoted(text)}" if text else "is empty"
        right = (
            "a target is always known, so drop the row"
            if name == target
            else "fill it in, drop the row or set missing=impute"
        )
        raise DataError(f"{table.name} line {table.lines[row]}, column {quoted(name)} {said}; {right}")


def _inputs(table: Table, name: str) -> Iterator[tuple[str, NDArray[np.float64] | NDArray[np.bool_]]]:
    """The inputs that a column becomes, each with its name."""
    column = table.columns[name]
    if column.kinds is None:
        _refuse_infinite(table, name, column)
        yield name, column.values.astype(np.float64, copy=False)
        return
    shown = [UNKNOWN if is_missing(kind) else kind for kind in column.kinds]
    kinds = sorted(set(shown))
    if len(kinds) > MOST_CATEGORIES:
        odd = next(kind for kind in column.kinds if not is_number(kind) and not is_missing(kind))
        line = table.lines[int(column.is_kind(odd).argmax())]
        raise DataError(
            f"{table.name} column {quoted(name)} has {len(kinds)} kinds of text, such as {quoted(odd)} on line {line}; "
            f"a category has {MOST_CATEGORIES} at most, and a column of numbers holds nothing else"
        )
    places = np.array([kinds.index(kind) for kind in shown])[column.values]
    for place, kind in enumerate(kinds):
        yield f"{name}: {kind}", places == place


def _targets(table: Table, name: str) -> tuple[NDArray[np.int64] | NDArray[np.float64], tuple[str, ...]]:
    """The target as class numbers with the classes' names, or as quantities with no names."""
    column = table.columns[name]
    if column.kinds is None:
        _refuse_infinite(table, name, column)
        kinds, places = np.unique(column.values, return_inverse=True)
        if not _are_classes(kinds, len(places)):
            return column.values, ()
        classes = tuple(str(int(kind)) for kind in kinds)
    else:
        classes = tuple(sorted(column.kinds))
        places = np.array([classes.index(kind) for kind in column.kinds])[column.values]
    if len(classes) < 2:
        raise DataError(f"{table.name} column {quoted(name)} is {column.quoted(0)} in every row; a target differs")
    if len(classes) > MOST_CATEGORIES:
        raise DataError(
            f"{table.name} column {quoted(name)} has {len(classes)} classes; {MOST_CATEGORIES} are the most"
        )
    return places.astype(np.int64), classes


def _are_classes(kinds: NDArray[Any], rows: int) -> bool:
    whole = bool((kinds == np.round(kinds)).all())
    return len(kinds) == 1 or (whole and len(kinds) <= min(MOST_CLASSES, rows // ROWS_A_CLASS))


def _refuse_infinite(table: Table, name: str, column: Column) -> None:
    infinite = np.isinf(column.values)
    if infinite.any():
        row = int(infinite.argmax())
        said = f"line {table.lines[row]}, column {quoted(name)} is {column.quoted(row)}"
        raise DataError(f"{table.name} {said}; numbers are finite")

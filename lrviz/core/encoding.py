"""What a table's text means: numbers, categories, and a target to be foretold."""

from __future__ import annotations

import difflib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrviz.core.dataset import Data, split_data
from lrviz.core.errors import DataError, quoted
from lrviz.core.table import MISSING, Table, is_missing, numbers

FEWEST_ROWS = 10
MOST_CATEGORIES = 50  # of a column of text
MOST_CLASSES = 20  # of a target written as whole numbers; above, it is a quantity
ROWS_A_CLASS = 5  # on average at least, for the same


def data_from_table(
    table: Table,
    *,
    name: str,
    target: str,
    test: float | int,
    seed: int,
    image_shape: tuple[int, int] | None = None,
) -> Data:
    """Data out of a table whose column `target` ("": the last one) is to be foretold from all others.

    A column whose every value is a number is one input; any other column is a category, and each of its values an
    input that is 1 or 0 before it is standardised. The target makes classes where it is text, or whole numbers of
    at most 20 kinds with 5 rows a kind on average; otherwise it is a quantity. `test` is the part (a float) or the
    number (an int) of rows for testing. DataError, one line, for what cannot be learned from.
    """
    target = _target_column(table, " ".join(target.split()))
    if len(table.lines) < FEWEST_ROWS:
        raise DataError(f"{table.name} has {len(table.lines)} rows; it takes {FEWEST_ROWS} at least to train and test")
    _refuse_missing(table)
    inputs: list[NDArray[np.float64]] = []
    features: list[str] = []
    for column in table.columns:
        if column != target:
            for feature, values in _inputs(table, column):
                inputs.append(values)
                features.append(feature)
    targets, classes = _targets(table, target)
    return split_data(
        name,
        np.column_stack(inputs),
        targets,
        features=tuple(features),
        classes=classes,
        test=test if isinstance(test, int) else round(test * len(targets)),
        seed=seed,
        image_shape=image_shape,
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


def _refuse_missing(table: Table) -> None:
    for column, texts in table.columns.items():
        if MISSING.isdisjoint(map(str.lower, texts)):
            continue
        place = next(place for place, text in enumerate(texts) if is_missing(text))
        said = f"is {quoted(texts[place])}" if texts[place] else "is empty"
        raise DataError(
            f"{table.name} line {table.lines[place]}, column {quoted(column)} {said}; fill it in or drop the row"
        )


def _inputs(table: Table, column: str) -> list[tuple[str, NDArray[np.float64]]]:
    """The inputs that a column becomes, each with its name."""
    values = _numbers(table, column)
    if values is not None:
        return [(column, values)]
    texts = np.array(table.columns[column])
    kinds = sorted(set(table.columns[column]))
    if len(kinds) > MOST_CATEGORIES:
        odd = next(text for text in table.columns[column] if numbers([text]) is None)
        line = table.lines[table.columns[column].index(odd)]
        raise DataError(
            f"{table.name} column {quoted(column)} has {len(kinds)} kinds of text, such as {quoted(odd)} on line "
            f"{line}; a category has {MOST_CATEGORIES} at most, and a column of numbers holds nothing else"
        )
    return [(f"{column}: {kind}", (texts == kind).astype(np.float64)) for kind in kinds]


def _targets(table: Table, column: str) -> tuple[NDArray[np.int64] | NDArray[np.float64], tuple[str, ...]]:
    """The target as class numbers with the classes' names, or as quantities with no names."""
    values = _numbers(table, column)
    if values is not None and not _are_classes(values):
        return values, ()
    labels: NDArray[Any] = np.array(table.columns[column]) if values is None else values
    kinds, places = np.unique(labels, return_inverse=True)
    classes = tuple(str(kind) if values is None else str(int(kind)) for kind in kinds)
    if len(classes) < 2:
        said = quoted(table.columns[column][0])
        raise DataError(f"{table.name} column {quoted(column)} is {said} in every row; a target differs")
    if len(classes) > MOST_CATEGORIES:
        raise DataError(
            f"{table.name} column {quoted(column)} has {len(classes)} classes; {MOST_CATEGORIES} are the most"
        )
    return places.astype(np.int64), classes


def _are_classes(values: NDArray[np.float64]) -> bool:
    kinds = np.unique(values)
    whole = bool((kinds == np.round(kinds)).all())
    return len(kinds) == 1 or (whole and len(kinds) <= min(MOST_CLASSES, len(values) // ROWS_A_CLASS))


def _numbers(table: Table, column: str) -> NDArray[np.float64] | None:
    """The column as numbers, or None where a value is none. DataError for one that is not finite."""
    values = numbers(table.columns[column])
    if values is None:
        return None
    array = np.array(values)
    infinite = np.flatnonzero(~np.isfinite(array))
    if len(infinite):
        line = table.lines[infinite[0]]
        raise DataError(
            f"{table.name} line {line}, column {quoted(column)} is {array[infinite[0]]}; numbers are finite"
        )
    return array

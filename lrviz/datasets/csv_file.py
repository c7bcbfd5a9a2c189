"""A table of the person's own: the same race, on the data that they care about."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data
from lrviz.core.encoding import data_from_table
from lrviz.core.errors import DataError
from lrviz.core.signature import Shown
from lrviz.core.table import read_table


@dataset("csv", title="A CSV file", task=None)
def csv_file(
    seed: int,
    path: Annotated[str, Shown("file", "a CSV file, one row a sample")] = "",
    target: Annotated[str, Shown("target", "the column to foretell; the last one unless named")] = "",
    missing: Annotated[Literal["refuse", "impute"], Shown("missing values", "named, or filled in")] = "refuse",
) -> Data:
    """A CSV file of one's own, a quarter of its rows for testing. What its columns mean is told by their text.

    A column whose every value is a number is one input; any other column is a category, and each of its values an
    input. The target makes classes where it is text, or whole numbers of at most 20 kinds with 5 rows a kind on
    average; otherwise it is a quantity. A missing value is refused by row and column, or imputed: a number by the
    median of the training part, a category by a kind of its own. DataError, one line, for a file that cannot be
    learned from.
    """
    if not path:
        raise DataError("no file is named; give path, for example path=measurements.csv")
    file = Path(path).expanduser()
    table = read_table(file)
    return data_from_table(table, name=file.name, target=target, test=0.25, seed=seed, missing=missing)

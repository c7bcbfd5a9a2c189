"""Thirty measurements of a tumour's cells: nearly separable, so rates differ in time more than in outcome."""

from __future__ import annotations

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data
from lrviz.core.encoding import data_from_table
from lrviz.core.table import shipped_table


@dataset("breast_cancer", title="Breast cancer", task="classification")
def breast_cancer(seed: int) -> Data:
    """569 tumours by 30 measurements of their cells, 169 of them for testing; benign or malignant?

    Source: W. Wolberg, O. Mangasarian, N. Street and W. Street, UCI Machine Learning Repository (1993),
    doi:10.24432/C5DW2B.
    """
    table = shipped_table("breast_cancer")
    return data_from_table(table, name="breast_cancer", target="diagnosis", test=169, seed=seed)

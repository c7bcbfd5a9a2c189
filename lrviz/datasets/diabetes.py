"""Ten measurements of a patient and a quantity to foretell: real numbers for linear regression, with real noise."""

from __future__ import annotations

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data
from lrviz.core.encoding import data_from_table
from lrviz.core.table import shipped_table


@dataset("diabetes", title="Diabetes", task="regression")
def diabetes(seed: int) -> Data:
    """442 diabetes patients by 10 measurements, 142 of them for testing; how far will the disease be in a year?

    Source: B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, The Annals of Statistics 32 (2004), 407–499.
    """
    table = shipped_table("diabetes")
    return data_from_table(table, name="diabetes", target="progression", test=142, seed=seed)

"""Thirteen measurements of a wine: once they are standardised nearly any rate parts the three growers."""

from __future__ import annotations

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data
from lrviz.core.encoding import data_from_table
from lrviz.core.table import shipped_table


@dataset("wine", title="Wine", task="classification")
def wine(seed: int) -> Data:
    """178 wines by 13 measurements of their chemistry, 58 of them for testing; which of three growers?

    Source: S. Aeberhard and M. Forina, UCI Machine Learning Repository (1992), doi:10.24432/C5PC7J.
    """
    table = shipped_table("wine")
    return data_from_table(table, name="wine", target="grower", test=58, seed=seed)

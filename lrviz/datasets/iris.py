"""Four lengths of a flower: a hundred samples to train on, so one epoch takes a blink and the split matters."""

from __future__ import annotations

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data
from lrviz.core.encoding import data_from_table
from lrviz.core.table import shipped_table


@dataset("iris", title="Iris", task="classification")
def iris(seed: int) -> Data:
    """150 irises by 4 lengths of their flower, 50 of them for testing; which of three species?

    Source: R. Fisher, Annals of Eugenics 7 (1936), 179–188; UCI Machine Learning Repository, doi:10.24432/C56C76.
    """
    table = shipped_table("iris")
    return data_from_table(table, name="iris", target="species", test=50, seed=seed)

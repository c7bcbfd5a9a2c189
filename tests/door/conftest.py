"""The catalog is after each test what it was before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lrviz.core import catalog, epochs


@pytest.fixture(autouse=True)
def catalog_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What is handed over stays for as long as the process lives; here, for as long as a test."""
    for registry in (catalog.models, catalog.datasets):
        registry.names()
        monkeypatch.setattr(registry, "_parts", dict(registry._parts))
    monkeypatch.setattr("lrviz.door._lent_data", {})
    yield
    for kept in (epochs._noisy, epochs._load):  # by name, and the names come again
        kept.cache_clear()

"""The rates that a surface names are a lesson: the first is too large for it, and the last hardly moves."""

from __future__ import annotations

import pytest

from lrviz.core import catalog
from lrviz.core.openings import first_question, surface_problem
from lrviz.engine.race import race


@pytest.mark.parametrize("name", catalog.surfaces.names())
def test_a_surfaces_first_rate_diverges_and_its_last_crawls(name: str) -> None:
    *_, scene = race(first_question(surface_problem(name)))
    assert scene.verdicts is not None
    assert [scene.verdicts[0].kind, scene.verdicts[-1].kind] == ["diverged", "crawling"]

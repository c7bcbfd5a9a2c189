"""The rates that a surface names are a lesson: the first is too large for it, and the last hardly moves.

Where the slope is bounded, as in Ackley's funnel or a neuron's cross-entropy, no rate diverges: one that is too large
swings for ever.
"""

from __future__ import annotations

import pytest

from lrviz.core import catalog
from lrviz.core.openings import first_question, surface_problem
from lrviz.engine.race import race

SLOPES_ARE_BOUNDED = ("ackley", "cancer_neuron", "plateau_cliff")  # the cliff's is not, but all that leads to it


@pytest.mark.parametrize("name", catalog.surfaces.names())
def test_a_surfaces_first_rate_never_settles_and_its_last_crawls(name: str) -> None:
    *_, scene = race(first_question(surface_problem(name)))
    assert scene.verdicts is not None
    assert scene.verdicts[0].kind == ("oscillating" if name in SLOPES_ARE_BOUNDED else "diverged")
    assert scene.verdicts[-1].kind == "crawling"

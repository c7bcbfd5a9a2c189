"""One sequence of random numbers, and several threads that draw from it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from torch import Tensor

from lrviz.core import catalog
from lrviz.core.epochs import load_data
from lrviz.core.experiment import choose
from lrviz.engine.draws import own_draws
from lrviz.engine.problems import module_for


def drawn(seed: int) -> list[float]:
    """Two numbers, with time for another thread to draw between them."""
    with own_draws(seed):
        first = torch.rand(1)
        time.sleep(0.005)
        return [first.item(), torch.rand(1).item()]


def weights(seed: int) -> Tensor:
    data = load_data(choose(catalog.datasets, "iris"), 0)
    part = catalog.models.find("mlp")
    module = module_for(part, data, part.settings({}), seed)
    return torch.cat([parameter.detach().ravel() for parameter in module.parameters()])


def test_threads_that_draw_at_once_get_what_each_would_alone() -> None:
    alone = [drawn(seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(drawn, range(8))) == alone


def test_models_made_at_once_have_the_numbers_of_their_seeds() -> None:
    alone = [weights(seed) for seed in range(16)]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(weights, range(16)))
    assert all(torch.equal(*pair) for pair in zip(alone, together, strict=True))


@pytest.mark.parametrize("seed", [None, 3])
def test_the_process_s_own_sequence_goes_on_as_if_nothing_had_been_drawn(seed: int | None) -> None:
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    with own_draws(seed):
        torch.rand(5)
    assert torch.equal(torch.rand(1), expected)

"""Rates read from a module of one's own."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import nn

import lrviz


def test_find_reads_rates_from_a_module_and_leaves_it_as_it_was() -> None:
    """Its numbers, its buffers, its mode and torch's own random numbers."""
    net = nn.Sequential(nn.Linear(2, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 2)).eval()
    before, drawn = copy.deepcopy(net.state_dict()), torch.get_rng_state()
    points = torch.rand(200, 2, generator=torch.Generator().manual_seed(0)) * 2 - 1
    found = lrviz.find(
        net, (points, (points.norm(dim=1) < 0.7).long()), steps=50, seeds=3, optimizer="momentum", momentum=0.5
    )
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert not net.training
    assert torch.equal(drawn, torch.get_rng_state())
    assert all(parameter.grad is None for parameter in net.parameters())
    assert found.losses.shape == (3, 50)
    assert found.lrs.shape == (50,)
    assert found.suggestions["valley"].rates.shape == (3,)
    assert "valley" in repr(found)


def test_find_starts_every_seed_from_the_modules_own_numbers() -> None:
    """On all samples at once seeds see the same batch, so nothing differs."""
    points = torch.rand(40, 2, generator=torch.Generator().manual_seed(0))
    part = points, (points[:, 0] > 0.5).long()
    found = lrviz.find(nn.Linear(2, 2), (part, part), steps=20, seeds=2, batch_size=0, last=0.1)
    np.testing.assert_allclose(found.losses[0], found.losses[1], rtol=1e-5)

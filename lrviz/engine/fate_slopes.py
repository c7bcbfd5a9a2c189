"""Which way to the gradient of a surface is the quickest for tens of thousands of points at once."""

from __future__ import annotations

import torch

from lrviz.core.catalog import Bounds
from lrviz.engine.fate_gradient import AutogradSlopes, Slopes
from lrviz.engine.fate_playback import RecordedSlopes
from lrviz.engine.fate_recording import CannotRecordError, Function
from lrviz.engine.fate_tables import TabledSlopes

CHECKS = 257  # points at which a recording is held against autograd


def slopes_of(function: Function, bounds: Bounds) -> Slopes:
    """A recording that agrees with autograd, or tables of what autograd says."""
    try:
        recorded = RecordedSlopes(function)
    except CannotRecordError:
        return TabledSlopes(function, bounds)
    return recorded if _agrees(recorded, AutogradSlopes(function), bounds) else TabledSlopes(function, bounds)


def _agrees(recorded: Slopes, asked: Slopes, bounds: Bounds) -> bool:
    """Whether two ways to a gradient agree all over a window and beyond it."""
    x0, x1, y0, y1 = bounds
    spread = torch.rand((2, CHECKS), dtype=torch.float64, generator=torch.Generator().manual_seed(0)) * 2 - 0.5
    low, high = torch.tensor([[x0], [y0]]), torch.tensor([[x1], [y1]])
    theta = low + (high - low) * spread
    mine, theirs = torch.empty_like(theta), torch.empty_like(theta)
    recorded.bind(theta, mine)()
    asked.bind(theta, theirs)()
    return torch.allclose(mine, theirs, rtol=1e-6, atol=1e-9, equal_nan=True)

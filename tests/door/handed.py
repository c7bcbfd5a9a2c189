"""Modules and data of one's own, as a script hands them over."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

import lrviz
from lrviz.core.epochs import load_data
from lrviz.core.experiment import OnModel


class Pictures(nn.Module):
    """It wants (B, 1, 6, 6), has batch norm, dropout and a buffer that it writes to."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3)
        self.norm = nn.BatchNorm2d(3)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(3 * 16, 4)

    def forward(self, inputs: Tensor) -> Tensor:
        assert inputs.shape[1:] == (1, 6, 6)
        answer: Tensor = self.head(self.drop(torch.relu(self.norm(self.conv(inputs)))).flatten(1))
        return answer


def seeded(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def points(samples: int = 60, features: int = 3) -> tuple[Tensor, Tensor]:
    """Inputs around one centre a class."""
    classes = torch.arange(samples) % 3
    return seeded(samples, features) + 2 * classes[:, None], classes


def pictures() -> tuple[Tensor, Tensor]:
    return seeded(40, 1, 6, 6), torch.arange(40) % 4


def network(inputs: int = 3, outputs: int = 3) -> nn.Sequential:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(inputs, 8), nn.Tanh(), nn.Linear(8, outputs))


def compared(module: Any = None, data: Any = None, lrs: Any = (0.1, 0.01), **given: Any) -> lrviz.Race:
    return lrviz.compare(module or network(), points() if data is None else data, lrs, **{"steps": 5, **given})


def data_of(race: lrviz.Race) -> Any:
    problem = race.experiment.problem
    assert isinstance(problem, OnModel)
    return load_data(problem.data, race.experiment.seed)

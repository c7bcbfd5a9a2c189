"""The weights of a module layer by layer: where they stand in theta, and how they and their gradients are spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import nn

from lrviz.core.insight import Histograms
from lrviz.core.pauses import Paused

BINS = 40
DECADES = 8  # of gradients, the most that are shown
WILD = 4.0  # times the usual run's largest weight: beyond it, a run's weights leave the bins


@dataclass(frozen=True)
class Weights:
    """A layer's weights, biases left out."""

    name: str  # the layer's name in the module
    place: slice  # in theta
    shape: tuple[int, ...]


def weights_of(module: nn.Module) -> tuple[Weights, ...]:
    """Every weight of the module that is trained and has two axes at least, in theta's order; all where none has."""
    found, first = [], 0
    for name, value in module.named_parameters():
        if not value.requires_grad:
            continue
        found.append(Weights(name.removesuffix(".weight"), slice(first, first + value.numel()), tuple(value.shape)))
        first += value.numel()
    return tuple(weights for weights in found if len(weights.shape) > 1) or tuple(found)


def histograms(
    layers: Sequence[Weights], theta: NDArray[np.floating], gradient: NDArray[np.floating]
) -> Paused[list[Histograms]]:
    """One a run, from theta and its gradient (K, P); a pause after each layer."""
    largest = np.empty((len(layers), len(theta)), theta.dtype)
    extremes = list[float]()
    for run, (row, slope) in enumerate(zip(theta, gradient, strict=True)):
        for i, layer in enumerate(layers):
            largest[i, run] = np.abs(row[layer.place]).max()
            sizes = _log_sizes(slope[layer.place])
            sizes = sizes[np.isfinite(sizes)]
            extremes += [float(sizes.min()), float(sizes.max())] if len(sizes) else []
            yield
    edges = np.stack([np.linspace(-width, width, BINS + 1) for width in map(_half_width, largest)])
    decades = _decades(extremes)
    names, found = tuple(layer.name for layer in layers), []
    for row, slope in zip(theta, gradient, strict=True):
        weights, gradients, zeros = [], [], []
        for layer, at in zip(layers, edges, strict=True):
            weights.append(_counts(row[layer.place], at))
            sizes = _log_sizes(slope[layer.place])
            gradients.append(_counts(sizes, decades))
            zeros.append(np.isneginf(sizes).mean())
            yield
        found.append(Histograms(names, np.stack(weights), edges, np.stack(gradients), decades, np.array(zeros)))
    return found


def _half_width(largest: NDArray[np.floating]) -> float:
    """Half the bins' width, from each run's largest weight (K,): round, so that an axis stands still as they grow."""
    wanted = min(float(largest.max()), WILD * float(np.median(largest))) or float(largest.max()) or 1.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(round_one * power for round_one in (1, 2, 5, 10) if round_one * power >= wanted * (1 - 1e-9))


def _log_sizes(gradient: NDArray[np.floating]) -> NDArray[np.float64]:
    """(N,) log10 of the sizes; -inf where a gradient is 0, and where it is not a number."""
    with np.errstate(all="ignore"):
        sizes = np.log10(np.abs(gradient.astype(np.float64)))
    return np.nan_to_num(sizes, nan=-np.inf, posinf=np.inf, neginf=-np.inf)


def _decades(extremes: Sequence[float]) -> NDArray[np.float64]:
    """(B + 1,) edges in whole decades that show all layers of all runs, from the extremes of their logarithms."""
    if not extremes:
        return np.linspace(-DECADES, 0.0, BINS + 1)
    high = math.floor(max(extremes)) + 1
    low = max(math.floor(min(extremes)), high - DECADES)
    return np.linspace(low, high, BINS + 1)


def _counts(values: NDArray[np.floating], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    """(B,) finite values in even bins; those beyond count in the outermost."""
    finite = values[np.isfinite(values)]
    places = np.floor((finite - edges[0]) / (edges[-1] - edges[0]) * BINS)
    return np.bincount(np.clip(places, 0, BINS - 1).astype(np.int64), minlength=BINS)

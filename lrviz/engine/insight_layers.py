"""The weights of a module layer by layer: where they stand in theta, and how they and their gradients are spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import nn

from lrviz.core.insight import Histograms

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
) -> list[Histograms]:
    """One a run, from theta and its gradient (K, P)."""
    widths = [_half_width(theta[:, layer.place]) for layer in layers]
    edges = np.stack([np.linspace(-width, width, BINS + 1) for width in widths])
    sizes, decades = _log_sizes(gradient), _decades(layers, gradient)
    names = tuple(layer.name for layer in layers)
    return [
        Histograms(
            layers=names,
            weights=np.stack([_counts(row[layer.place], at) for layer, at in zip(layers, edges, strict=True)]),
            weight_edges=edges,
            gradients=np.stack([_counts(size[layer.place], decades) for layer in layers]),
            gradient_edges=decades,
            zeros=np.array([np.isneginf(size[layer.place]).mean() for layer in layers]),
        )
        for row, size in zip(theta, sizes, strict=True)
    ]


def _half_width(weights: NDArray[np.floating]) -> float:
    """Half the bins' width for weights (K, N): a round number, so that the axis stands still as weights grow."""
    largest = np.abs(weights).max(axis=1)
    wanted = min(float(largest.max()), WILD * float(np.median(largest))) or float(largest.max()) or 1.0
    power = 10.0 ** math.floor(math.log10(wanted))
    return next(round_one * power for round_one in (1, 2, 5, 10) if round_one * power >= wanted * (1 - 1e-9))


def _log_sizes(gradient: NDArray[np.floating]) -> NDArray[np.float64]:
    """(K, P) log10 of the sizes; -inf where a gradient is 0, and where it is not a number."""
    with np.errstate(all="ignore"):
        sizes = np.log10(np.abs(gradient.astype(np.float64)))
    return np.nan_to_num(sizes, nan=-np.inf, posinf=np.inf, neginf=-np.inf)


def _decades(layers: Sequence[Weights], gradient: NDArray[np.floating]) -> NDArray[np.float64]:
    """(B + 1,) edges in whole decades that show all layers of all runs."""
    sizes = np.concatenate([_log_sizes(gradient[:, layer.place]).ravel() for layer in layers])
    sizes = sizes[np.isfinite(sizes)]
    if not len(sizes):
        return np.linspace(-DECADES, 0.0, BINS + 1)
    high = math.floor(float(sizes.max())) + 1
    low = max(math.floor(float(sizes.min())), high - DECADES)
    return np.linspace(low, high, BINS + 1)


def _counts(values: NDArray[np.floating], edges: NDArray[np.float64]) -> NDArray[np.int64]:
    """(B,) finite values in even bins; those beyond count in the outermost."""
    finite = values[np.isfinite(values)]
    places = np.floor((finite - edges[0]) / (edges[-1] - edges[0]) * BINS)
    return np.bincount(np.clip(places, 0, BINS - 1).astype(np.int64), minlength=BINS)

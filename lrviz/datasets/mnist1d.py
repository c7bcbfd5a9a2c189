"""Ten signals of forty numbers, bent and buried in noise: harder than pictures of digits, and a twentieth as large."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from lrviz.core.catalog import dataset
from lrviz.core.dataset import Data, split_data
from lrviz.core.signature import Range, Shown

SIGNALS = (  # one a digit, drawn with a pen that goes down the page: how far right it is
    (5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5),
    (5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5),
    (5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5),
    (5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5),
    (5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5),
    (5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5),
    (5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5),
    (5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5),
    (5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5),
    (5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5),
)
DRAWN = 12  # numbers of a signal
PADDED = 36, 60  # zeros after it, at least and at most
LONG, LENGTH = DRAWN + PADDED[1], 40  # numbers while it is bent, and in the end
SCALED, SHEARED = 0.4, 0.75  # how much its height varies, and its slope
FARTHEST = 48  # places that it is moved, less one
HUM, HISS = 0.25, 0.02  # the noise where no signal is, before it is smoothed, and that which is everywhere
SMOOTHED, REACH = 2.0, 8  # places: the hum's Gaussian, and where it is cut off

Floats = NDArray[np.float64]


@dataset("mnist1d", title="MNIST-1D", task="classification", drawn=True)
def mnist1d(
    seed: int,
    samples: Annotated[int, Range(20, 20_000, log=True), Shown("samples", "training and testing together")] = 5000,
) -> Data:
    """Signals of 40 numbers, a fifth of them for testing: which of ten digits' outlines has been squeezed and moved?

    They are made by the published recipe, with the seed's own draws. All numbers together are standardised.

    Source: S. Greydanus and D. Kobak, Scaling down deep learning with MNIST-1D, ICML 2024; the outlines are those of
    their package mnist1d (Apache License 2.0).
    """
    rng = np.random.default_rng(seed)
    digits = rng.permutation(np.arange(samples) % len(SIGNALS))
    return split_data(
        "mnist1d",
        _bent(_outlines()[digits], rng),
        digits,
        features=tuple(f"place_{place}" for place in range(LENGTH)),
        classes=tuple(map(str, range(len(SIGNALS)))),
        test=samples // 5,
        seed=seed,
        together=True,
    )


def _outlines() -> Floats:
    """(10, DRAWN) the signals, standardised each, from 0 on."""
    signals = np.array(SIGNALS)
    signals = (signals - signals.mean(1, keepdims=True)) / signals.std(1, keepdims=True)
    outlines: Floats = (signals - signals[:, :1]) / 6
    return outlines


def _bent(signals: Floats, rng: np.random.Generator) -> Floats:
    """(N, LENGTH) signals (N, DRAWN) padded, stretched, scaled, moved, in noise and sheared."""
    count, places = len(signals), np.arange(LONG)
    padding = rng.integers(PADDED[0], PADDED[1] + 1, (count, 1))
    at = places / (LONG - 1) * (DRAWN + padding - 1)
    long = _between(np.pad(signals, ((0, 0), (0, PADDED[1]))), at)
    long *= 1 + SCALED * (rng.random((count, 1)) - 0.5)
    moved = (places - rng.integers(0, FARTHEST, (count, 1))) % LONG
    long, is_signal = np.take_along_axis(long, moved, 1), np.take_along_axis(at < DRAWN, moved, 1)
    hum = HUM * rng.standard_normal((count, LONG))
    long = np.where(is_signal, long, _smoothed(hum)) + HISS * rng.standard_normal((count, LONG))
    long -= SHEARED * (rng.random((count, 1)) - 0.5) * np.linspace(-0.5, 0.5, LONG)
    return _between(long, np.broadcast_to(np.linspace(0, LONG - 1, LENGTH), (count, LENGTH)))


def _between(values: Floats, at: Floats) -> Floats:
    """(N, M) what stands `at` places (N, M) of rows of values, on the straight line between two neighbours."""
    left = np.minimum(at.astype(np.int64), values.shape[1] - 2)
    first, second = (np.take_along_axis(values, place, 1) for place in (left, left + 1))
    between: Floats = first + (at - left) * (second - first)
    return between


def _smoothed(values: Floats) -> Floats:
    """Rows folded with a Gaussian; beyond its ends a row is its own mirror image."""
    weights = np.exp(-0.5 * (np.arange(-REACH, REACH + 1) / SMOOTHED) ** 2)
    mirrored = np.pad(values, ((0, 0), (REACH, REACH)), mode="symmetric")
    smoothed: Floats = sliding_window_view(mirrored, 2 * REACH + 1, 1) @ (weights / weights.sum())
    return smoothed

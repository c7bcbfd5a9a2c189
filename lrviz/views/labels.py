"""Labels that want to stand where others do: moved apart, as little as possible."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions for labels that want to stand at `wanted` (rising), at least `gap` apart and within low..high.

    The sum of squared shifts is the least possible: an isotonic regression by pooling neighbours (Barlow et al.,
    1972) of what is left when the gaps are taken out. Where they don't all fit, the last ones go beyond `high`.
    """
    pools: list[tuple[float, int]] = []
    for index, place in enumerate(wanted):
        pool = (place - index * gap, 1)
        while pools and pools[-1][0] >= pool[0]:
            mean, size = pools.pop()
            pool = ((mean * size + pool[0] * pool[1]) / (size + pool[1]), size + pool[1])
        pools.append(pool)
    flat = [mean for mean, size in pools for _ in range(size)]
    highest = max(high - (len(flat) - 1) * gap, low)
    return [min(max(place, low), highest) + index * gap for index, place in enumerate(flat)]

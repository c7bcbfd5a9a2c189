"""The fate map: thousands of descents of one run, from coarse to fine, and where each of them ends."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from lrviz.core.experiment import Experiment
from lrviz.core.fate import FateMap, FateQuestion, refuse
from lrviz.engine.fate_cells import Cells
from lrviz.engine.fate_chunk import Chunk
from lrviz.engine.fate_descents import Descents

THREADS = min(2, os.cpu_count() or 1)
FIRST_SECONDS = 0.06  # for the coarsest picture; after that what is known is shown, with gaps
NEWS_SECONDS = 0.25  # between two pictures while a finer one is under way
SLICE_SECONDS = 0.012  # of work between two yields
LEAST_CHUNK = 2**12  # descents that are worth a thread of their own


@dataclass(frozen=True, eq=False)
class _Part:
    """A chunk under way, and the cells that it is for."""

    cells: NDArray[np.int64]
    chunk: Chunk

    def advance(self) -> None:
        self.chunk.advance(SLICE_SECONDS)


def fate_map(experiment: Experiment, question: FateQuestion) -> Iterator[FateMap]:
    """The map from coarse to fine, after some 12 ms of work each: the same object again until more is known.

    The work is done on two threads of the generator's own, which end with it. FateError, before anything is
    computed, where there is no such map.
    """
    refuse(experiment, question)
    due = time.perf_counter() + FIRST_SECONDS
    descents = Descents(experiment, question)
    cells = Cells(question.size, descents.first_stride())
    picture = descents.picture(cells)  # an empty one
    # Numbers too small for a float32 to be exact take a processor a hundred times as long, and are as good as 0.
    with ThreadPoolExecutor(THREADS, "fates", torch.set_flush_denormal, (True,)) as threads:
        for level in cells.levels():
            waiting = _shared_out(cells.missing(level), descents.chunk_size)
            under_way: list[_Part] = []
            while waiting or under_way:
                while waiting and len(under_way) < THREADS:
                    some = waiting.pop()
                    under_way.append(_Part(some, descents.chunk(some)))
                list(threads.map(_Part.advance, under_way))
                news = time.perf_counter() >= due
                for part in under_way:
                    if news or part.chunk.is_done:
                        cells.take(part.cells, *part.chunk.so_far())
                under_way = [part for part in under_way if not part.chunk.is_done]
                if news and (waiting or under_way):
                    picture = descents.picture(cells)
                    due = time.perf_counter() + NEWS_SECONDS
                yield picture
            cells.known = level
            picture = descents.picture(cells)
            due = time.perf_counter() + NEWS_SECONDS
            yield picture


def _shared_out(cells: NDArray[np.int64], most: int) -> list[NDArray[np.int64]]:
    """Cells in equal parts: as many as there are threads, or more where one would be larger than `most`.

    Neighbours go to different parts, so that all take about as long.
    """
    parts = max(-(-len(cells) // most), min(THREADS, len(cells) // LEAST_CHUNK), 1)
    parts = -(-parts // THREADS) * THREADS if parts > THREADS else parts
    return [cells[part::parts] for part in range(parts)]

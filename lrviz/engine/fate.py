"""The fate map: thousands of descents of one run, from coarse to fine, and where each of them ends."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray

from lrviz.core.experiment import Experiment
from lrviz.core.fate import FateMap, FateQuestion, refuse
from lrviz.engine.fate_cells import Cells
from lrviz.engine.fate_chunk import Chunk
from lrviz.engine.fate_descents import Descents

THREADS = min(2, os.cpu_count() or 1)  # where autograd is asked for gradients
RECORDED_THREADS = 1  # where they are played back: two hand Python's lock to and fro at every operation, and are slower
FINER = 4  # times as close stand the cells of a level as those of the one before, each way
RECORDED_FINER = 16  # played back, a level costs its steps more than its cells
FIRST_SECONDS = 0.06  # for the coarsest picture; after that what is known is shown, with gaps
NEWS_SECONDS = 0.25  # between two pictures while a finer one is under way
SLICE_SECONDS = 0.012  # of work between two yields
LEAST_CHUNK = 2**12  # descents that are worth a thread of their own
LEAST_HALVED = 2**14  # the same, where they are taken from a thread that has them: fewer are slower each


def fate_map(experiment: Experiment, question: FateQuestion) -> Iterator[FateMap]:
    """The map from coarse to fine, after some 12 ms of work each: the same object again until more is known.

    The work is done on threads of the generator's own, which end with it. FateError, before anything is
    computed, where there is no such map.
    """
    refuse(experiment, question)
    due = time.perf_counter() + FIRST_SECONDS
    descents = Descents(experiment, question)
    cells = Cells(question.size, descents.first_stride())
    picture = descents.picture(cells)  # an empty one
    count, finer = (RECORDED_THREADS, RECORDED_FINER) if descents.is_recorded else (THREADS, FINER)
    levels = [
        _Level(stride, _shared_out(cells.missing(stride), descents.chunk_size, count)) for stride in cells.levels(finer)
    ]
    # Numbers too small for a float32 to be exact take a processor a hundred times as long, and are as good as 0.
    with ThreadPoolExecutor(count, "fates", torch.set_flush_denormal, (True,)) as threads:
        while levels:
            under_way = _busy(levels, descents, cells, count)
            list(threads.map(_advance, under_way))
            news = time.perf_counter() >= due
            for chunk in under_way:
                if news or chunk.is_done:
                    cells.take(chunk.cells, *chunk.so_far())
            known = cells.known
            for level in levels:
                level.under_way = [chunk for chunk in level.under_way if not chunk.is_done]
            while levels and levels[0].is_done:
                cells.known = levels.pop(0).stride
            if (news and cells.are_any_known) or cells.known != known:
                picture = descents.picture(cells)
                due = time.perf_counter() + NEWS_SECONDS
            yield picture


@dataclass(eq=False)
class _Level:
    """What is still to be done so that cells so far apart are known."""

    stride: int
    waiting: list[NDArray[np.int64]]
    under_way: list[Chunk] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        return not self.waiting and not self.under_way


def _busy(levels: list[_Level], descents: Descents, cells: Cells, threads: int) -> list[Chunk]:
    """The chunks that go on next, one a thread: coarse ones first, and halves of a large one if they are too few."""
    for level in levels:
        while level.waiting and sum(len(each.under_way) for each in levels) < threads:
            level.under_way.append(descents.chunk(level.waiting.pop()))
    while sum(len(each.under_way) for each in levels) < threads:
        level, largest = max(
            ((level, chunk) for level in levels for chunk in level.under_way), key=lambda pair: pair[1].open_count
        )
        if largest.open_count < LEAST_HALVED:
            break
        cells.take(largest.cells, *largest.so_far())
        level.under_way.remove(largest)
        level.under_way.extend(largest.halves())
    return [chunk for level in levels for chunk in level.under_way]


def _advance(chunk: Chunk) -> None:
    chunk.advance(SLICE_SECONDS)


def _shared_out(cells: NDArray[np.int64], most: int, threads: int) -> list[NDArray[np.int64]]:
    """Cells in equal parts: as many as there are threads, or more where one would be larger than `most`.

    Neighbours go to different parts, so that all take about as long.
    """
    parts = max(-(-len(cells) // most), min(threads, len(cells) // LEAST_CHUNK), 1)
    parts = -(-parts // threads) * threads if parts > threads else parts
    return [cells[part::parts] for part in range(parts)]

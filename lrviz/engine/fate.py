"""The fate map: thousands of descents of one run, from coarse to fine, and where each of them ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import torch

from lrviz.core.experiment import Experiment
from lrviz.core.fate import FateMap, FateQuestion, refuse
from lrviz.engine.fate_cells import Cells
from lrviz.engine.fate_descents import Descents
from lrviz.engine.process import THREADS, begin_thread

FIRST_SECONDS = 0.06  # for the coarsest picture; after that what is known is shown, with gaps
NEWS_SECONDS = 0.25  # between two pictures while a finer one is under way
ENOUGH = 0.75  # of a coarse level's cells: they are a picture
SLICE_SECONDS = 0.012  # of work between two yields


def fate_map(experiment: Experiment, question: FateQuestion) -> Iterator[FateMap]:
    """The map from coarse to fine, after some 12 ms of work each: the same object again until more is known.

    The work is done on threads of the generator's own, which end with it. FateError, before anything is
    computed, where there is no such map.
    """
    refuse(experiment, question)
    first = due = time.perf_counter() + FIRST_SECONDS
    descents = Descents(experiment, question)
    cells = Cells(question.size, descents.first_stride())
    picture = descents.picture(cells)  # an empty one
    with ThreadPoolExecutor(THREADS, "fates", _begin_thread) as threads:
        for stride in cells.levels:
            waiting = cells.missing(stride)
            parts = max(1, -(-len(waiting) // descents.chunk_size))
            for part in range(parts):  # neighbours go to different parts, so that each shows something of everywhere
                chunk = descents.chunk(waiting[part::parts])
                is_last = part == parts - 1
                while not chunk.is_done:
                    threads.submit(chunk.advance, SLICE_SECONDS, threads).result()
                    now = time.perf_counter()
                    news = now >= due
                    # Stragglers of a coarse level cost as much as those of the next one, and can go along with them.
                    enough = now >= first and is_last and stride > 1 and chunk.open_share <= 1 - ENOUGH
                    if news or enough or chunk.is_done:
                        cells.take(chunk.cells, *chunk.so_far())
                    if is_last and (chunk.is_done or enough):
                        cells.known = stride
                    if cells.known == stride or (news and cells.are_any_known):
                        picture = descents.picture(cells)
                        due = time.perf_counter() + NEWS_SECONDS
                    yield picture
                    if enough:
                        cells.give_back(chunk.open_cells)
                        break


def _begin_thread() -> None:
    begin_thread()
    # Numbers too small for a float32 to be exact take a processor a hundred times as long, and are as good as 0.
    torch.set_flush_denormal(True)

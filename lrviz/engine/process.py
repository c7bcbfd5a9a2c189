"""How lrviz uses the machine: threads side by side, and what a process that is all of lrviz sets once.

In another one, lrviz.compare leaves everything as it is.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TypeVar

import torch

T = TypeVar("T")

THREADS = min(2, os.cpu_count() or 1)  # side by side, at most: between two calls of torch's they want the same lock
SPREAD = min(THREADS, torch.get_num_threads())  # over so many processors; OMP_NUM_THREADS, where it is set, says less
KEPT_BYTES = 256 * 2**20  # of freed memory
MAPPED_BYTES = 32 * 2**20  # the most that glibc lets be asked of the heap

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h


def settle() -> None:
    """One compute thread; and freed memory is kept for the next step, where the C library can be told to.

    With two threads, networks of this size are slower, ten times and more as soon as anything else runs. And glibc
    gives large tensors back to the system as soon as they are freed: to get their pages anew, cleared, at every step
    takes a small convolutional network a quarter of its time.
    """
    torch.set_num_threads(1)
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # another C library than glibc
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(_M_MMAP_THRESHOLD, MAPPED_BYTES)
            mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES)


def spread(work: Iterable[T]) -> Iterator[T]:
    """The same work, each of torch's calls on all processors that lrviz uses: for whoever has no window beside it.

    Where something else wants the other processor, the two wait for each other at every call, and the work takes up to
    three times as long as on one.
    """
    going = iter(work)
    while True:
        before = torch.get_num_threads()
        torch.set_num_threads(SPREAD)
        try:
            value = next(going)
        except StopIteration:
            return
        finally:
            torch.set_num_threads(before)
        yield value


def begin_thread() -> None:
    """What each new thread that computes does first.

    How many compute threads there are holds for matrix products only in threads that have asked: in others every
    product goes to all processors, and two threads side by side are in each other's way.
    """
    torch.get_num_threads()

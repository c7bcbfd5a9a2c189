"""How lrviz uses the machine: threads side by side, and what a process that is all of lrviz sets once.

In another one, lrviz.compare leaves everything as it is.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress

import torch

THREADS = min(2, os.cpu_count() or 1)  # side by side, at most: between two calls of torch's they want the same lock
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

"""torch-lr-finder, imported quietly: a peer whose results ours are held against."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # tqdm misses a notebook
    import matplotlib as mpl

    mpl.use("Agg")
    from torch_lr_finder import LRFinder, TrainDataLoaderIter
    from tqdm.autonotebook import tqdm

tqdm.monitor_interval = 0  # else it leaves a thread behind

__all__ = ["LRFinder", "TrainDataLoaderIter", "quietly"]


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Without its progress bar, its remarks and its warnings."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield

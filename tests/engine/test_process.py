"""How many of torch's threads compute, and where."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from lrviz.engine import process
from lrviz.engine.process import spread


@pytest.fixture(autouse=True)
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(process, "SPREAD", 2)
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_spread_work_has_all_processors_and_whoever_asks_for_it_as_many_as_before() -> None:
    seen: list[int] = []

    def work() -> Iterator[str]:
        for name in "ab":
            seen.append(torch.get_num_threads())
            yield name

    results = []
    for result in spread(work()):
        results.append(result)
        assert torch.get_num_threads() == 1
    assert results == ["a", "b"]
    assert seen == [2, 2]
    assert torch.get_num_threads() == 1


def test_spread_work_that_fails_leaves_as_many_as_before() -> None:
    def work() -> Iterator[None]:
        raise ZeroDivisionError
        yield

    with pytest.raises(ZeroDivisionError):
        next(spread(work()))
    assert torch.get_num_threads() == 1


PRODUCT = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
import torch
from lrviz.engine.process import begin_thread, settle

def threads_more():
    matrix = torch.empty(1000, 1000)
    before = len(os.listdir("/proc/self/task"))
    torch.mm(matrix, matrix)
    return len(os.listdir("/proc/self/task")) - before

settle()
with ThreadPoolExecutor(1, "one", begin_thread if sys.argv[1] == "begun" else None) as thread:
    print(thread.submit(threads_more).result())
"""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="there is no list of a process's threads here")
def test_a_product_in_a_thread_that_has_begun_stays_there() -> None:
    free = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    told = subprocess.run(
        [sys.executable, "-c", PRODUCT, "begun"], env=free, capture_output=True, text=True, check=True
    )
    assert told.stdout == "0\n"

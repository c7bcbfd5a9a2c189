"""What every test stands on: no screen, one thread for the mathematics, and nothing left behind."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import leftovers

IN_CI = os.environ.get("CI", "").lower() in ("1", "true")

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["OMP_NUM_THREADS"] = "1"  # torch and NumPy read it when they are first imported

settings.register_profile("lrviz", deadline=None, derandomize=IN_CI)
settings.load_profile("lrviz")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to go through it whenever garbage is collected takes longer than most tests."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread, a running timer or animation, or a window behind.

    Being set up first, this looks last: after the test's own fixtures have cleaned up, and after pytest-qt has closed
    the widgets that it was given.
    """
    before = leftovers.alive()
    yield
    left = leftovers.left_since(before)
    if left:
        told = ", ".join(map(leftovers.describe, left))
        for thing in left:
            leftovers.put_away(thing)
        pytest.fail(f"left behind: {told}", pytrace=False)


@pytest.fixture(scope="session")
def xvfb() -> Iterator[str]:
    """The DISPLAY of an X server of this session's own, 1920×1080. In CI its absence is a failure, never a skip."""
    server = shutil.which("Xvfb")
    if server is None:
        missing = "no Xvfb here; `python3 tasks.py test` installs it, or says what would"
        if IN_CI:
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    read, write = os.pipe()
    command = [server, "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as x_server:
        os.close(write)
        with os.fdopen(read) as numbers:
            number = numbers.readline().strip()  # written once the server answers; empty if it ended instead
        if not number:
            pytest.fail(f"Xvfb did not start; its exit status is {x_server.wait()}")
        yield f":{number}"
        x_server.terminate()

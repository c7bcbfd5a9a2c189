"""Groups computed by a real Dask scheduler and two workers on loopback, all processes of this test's own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lrviz.core.errors import ExperimentError, LrvizError
from lrviz.core.sweep import SweepTable
from lrviz.engine import sweep_cluster
from lrviz.engine.sweep import sweep
from lrviz.engine.sweep_cluster import ClusterPool
from lrviz.engine.sweep_group import GroupResult, SweepGroup, groups_of
from tests.engine.sweeps import assert_same_numbers, question, small_model, swept

ROOT = Path(__file__).parents[2]


class Cluster:
    """A scheduler and its workers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        file = folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        while not file.exists() or not file.read_text().strip():
            assert self._processes["scheduler"].poll() is None, "the scheduler ended"
            time.sleep(0.02)
        self.address: str = json.loads(file.read_text())["address"]

    def add_worker(self, name: str) -> None:
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1", "--name", name)
        self._start("worker", self.address, *options, "--local-directory", str(self._folder), name=name)

    def kill(self, name: str) -> None:
        process = self._processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def close(self) -> None:
        for name in list(self._processes)[::-1]:
            self.kill(name)

    def _start(self, kind: str, *arguments: str, name: str = "scheduler") -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "distributed.cli.dask_" + kind, *arguments]
        log = (self._folder / f"{name}.log").open("wb")
        with log:
            self._processes[name] = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    try:
        made.add_worker("one")
        made.add_worker("two")
        yield made
    finally:
        made.close()


def test_a_worker_killed_in_mid_task_loses_nothing_and_numbers_are_the_same(cluster: Cluster) -> None:
    wanted = question(seeds=range(4), experiment=small_model(1500))
    tables, killed, finished = list[SweepTable](), "", 0
    with ClusterPool(cluster.address) as pool:
        for table in sweep(wanted, pool=pool):
            if table is not None:
                tables.append(table)
            if not killed:
                killed = next(iter(computing(pool)), "")
                if killed:
                    cluster.kill(killed)
                    finished = int(tables[-1].done[0, 0].sum())
    assert killed
    assert finished < 4
    assert_same_numbers(tables[-1], swept(wanted))


def computing(pool: ClusterPool) -> list[str]:
    """The names of the workers that are in the middle of a task."""
    workers = pool._client.scheduler_info(n_workers=-1)["workers"]
    stacks = pool._client.call_stack()
    return [workers[address]["name"] for address, stack in stacks.items() if "run_group" in repr(stack)]


def test_each_group_comes_once_and_a_wrong_one_as_its_line(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    groups = groups_of(question(seeds=range(3)))
    with ClusterPool(cluster.address) as pool:
        found: list[tuple[SweepGroup, GroupResult]] = [each for each in pool.run(groups) if each is not None]
        assert sorted(group.seed for group, _ in found) == [0, 1, 2]
        assert all(result.complete for _, result in found)
        monkeypatch.setattr(sweep_cluster, "versions", lambda: ("0.0.0", "1.0"))
        with pytest.raises(LrvizError, match=r"a worker of the cluster has lrviz .* with torch 1\.0 is asking"):
            list(pool.run(groups[:1]))


def test_a_scheduler_that_does_not_answer_is_one_line() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(ExperimentError, match=f"no Dask scheduler answers at {address}"):
        ClusterPool(address, seconds=0.5)
    with pytest.raises(ExperimentError, match="no Dask scheduler answers at nonsense"):
        ClusterPool("nonsense://nowhere", seconds=0.5)


def test_without_dask_one_line_says_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ExperimentError, match=r"pip install 'lrviz\[cluster\]'"):
        ClusterPool("tcp://127.0.0.1:1")

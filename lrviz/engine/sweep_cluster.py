"""Groups computed as tasks of a Dask scheduler that is there already; it sends a lost worker's tasks to others.

Dask is the extra `lrviz[cluster]`. Workers need lrviz and torch of the same versions, and one thread each: groups
within a process take turns.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from lrviz.core.errors import ExperimentError, LrvizError, one_line
from lrviz.engine.sweep_group import GroupResult, SweepGroup, run_group
from lrviz.engine.sweep_store import versions

PAUSE_SECONDS = 0.02
CONNECT_SECONDS = 10

_one_at_a_time = threading.Lock()  # models are drawn from torch's generator, which is the whole process's


class ClusterPool:
    """The workers of the scheduler at `address`, for example tcp://127.0.0.1:8786. A context manager.

    LrvizError, one line, where Dask is not installed or nobody answers.
    """

    def __init__(self, address: str, seconds: float = CONNECT_SECONDS) -> None:
        try:
            import distributed
            from distributed.comm.addressing import get_address_host_port
        except ImportError:
            raise ExperimentError("a cluster needs Dask; pip install 'lrviz[cluster]' brings it") from None
        self._distributed = distributed
        try:
            # A client that can't connect leaves a thread behind: so this is asked first.
            socket.create_connection(get_address_host_port(address), seconds).close()
            connect: Any = distributed.Client
            self._client = connect(address, timeout=seconds, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            reason = one_line(error).rstrip(".")
            raise ExperimentError(f"no Dask scheduler answers at {address}: {reason}") from None

    def __enter__(self) -> ClusterPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Part from the scheduler, which goes on."""
        self._client.close()

    def run(self, groups: list[SweepGroup], /) -> Iterator[tuple[SweepGroup, GroupResult] | None]:
        """See lrviz.engine.sweep.Pool. LrvizError where a group's question is wrong, or no worker survives it."""
        futures = {
            self._client.submit(compute_group, group, versions(), pure=False, retries=0): group for group in groups
        }
        try:
            while futures:
                done = [future for future in futures if future.done()]
                for future in done:
                    yield futures[future], self._result(future)
                    del futures[future]
                if not done:
                    threading.Event().wait(PAUSE_SECONDS)
                    yield None
        finally:
            self._client.cancel(list(futures))

    def _result(self, future: Any) -> GroupResult:
        try:
            result: GroupResult = future.result()
        except LrvizError:
            raise
        except self._distributed.KilledWorker:
            raise LrvizError("the cluster's workers ended one after another at the same runs; memory?") from None
        except Exception as error:
            raise LrvizError(f"the cluster failed: {type(error).__name__}: {one_line(error)}") from error
        return result


def compute_group(group: SweepGroup, wanted: tuple[str, str]) -> GroupResult:
    """A task: the group's whole result. LrvizError where other numbers than the asking process's would come out."""
    import torch

    if versions() != wanted:
        has, needs = (f"lrviz {lrviz} with torch {of_torch}" for lrviz, of_torch in (versions(), wanted))
        raise LrvizError(f"a worker of the cluster has {has}; {needs} is asking, and both have to be the same")
    with _one_at_a_time:
        torch.set_num_threads(1)
        results = [result for result in run_group(group.experiment, group.marks) if result is not None]
    return results[-1]

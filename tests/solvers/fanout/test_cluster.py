"""The same results on Dask and on Ray, where they are installed."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

import pytest

from gemba.solvers.fanout import TaskError, dask_executor, fan_out, ray_executor


@contextmanager
def _cluster(name: str) -> Iterator[Executor]:
    if name == "dask":
        pytest.importorskip("distributed")
        with dask_executor(n_workers=2, threads_per_worker=1, dashboard_address=None) as executor:
            yield executor
    else:
        pytest.importorskip("ray")
        root = str(Path(__file__).resolve().parents[3])
        with ray_executor(num_cpus=2, include_dashboard=False, runtime_env={"env_vars": {"PYTHONPATH": root}}) as one:
            yield one


def square_or_die(task: tuple[int, str]) -> int:
    number, folder = task
    mark = Path(folder) / str(number)
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if number < 0:
        raise ValueError("no negative numbers")
    return number**2


@pytest.mark.slow
@pytest.mark.parametrize("name", ["dask", "ray"])
def test_a_cluster_gives_the_same_results_even_when_a_worker_is_killed(name: str, tmp_path: Path) -> None:
    with _cluster(name) as executor:
        assert fan_out(square_or_die, [(i, str(tmp_path)) for i in range(12)], executor) == [i**2 for i in range(12)]
        assert (tmp_path / "3").exists()
        with pytest.raises(TaskError, match=r"task 1 .*no negative numbers"):
            fan_out(square_or_die, [(1, ""), (-1, "")], executor)

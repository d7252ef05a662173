"""Many tasks at once give the same as one after another, whatever happens to the processes that do them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from gemba.solvers.fanout import LostError, StoppedError, TaskError, fan_out, seeds
from gemba.solvers.stop import Stop

Killing = tuple[int, str, int]  # seed, folder of marks, how often the process is killed


def walk(seed: int) -> float:
    """A search of a kind: the best of many random numbers."""
    return float(np.random.default_rng(seed).random(1000).min())


def walk_or_die(task: Killing) -> float:
    seed, folder, kills = task
    for k in range(kills):
        mark = Path(folder) / f"{seed}-{k}"
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return walk(seed)


def fail_at_3(task: int) -> int:
    if task == 3:
        raise ValueError("three is not planned for")
    return task


def sleep(task: float) -> float:
    time.sleep(task)
    return task


def who(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


def test_one_process_two_and_none_give_the_same_results_in_the_order_of_the_tasks() -> None:
    tasks = seeds(7, 12)
    expected = [walk(s) for s in tasks]
    for workers in (0, 1, 2):
        assert fan_out(walk, tasks, workers=workers) == expected
    with ThreadPoolExecutor(2) as threads:
        assert fan_out(walk, tasks, threads) == expected


def test_the_tasks_are_done_by_other_processes() -> None:
    assert os.getpid() not in fan_out(who, range(4))


def test_all_results_are_there_when_workers_are_killed_in_the_middle(tmp_path: Path) -> None:
    tasks = [(s, str(tmp_path), 1 if i in (2, 5) else 0) for i, s in enumerate(seeds(1, 8))]
    assert fan_out(walk_or_die, tasks) == [walk(s) for s, _, _ in tasks]
    assert len(list(tmp_path.iterdir())) == 2


def test_a_worker_that_is_killed_from_outside_is_replaced() -> None:
    killed = []

    def kill_one(done: int, of: int) -> None:
        if not killed:
            victim = multiprocessing.active_children()[0]
            killed.append(victim.pid)
            os.kill(victim.pid or 0, signal.SIGKILL)

    assert fan_out(sleep, [0.1] * 6, report=kill_one) == [0.1] * 6
    assert killed


def test_a_task_that_kills_its_process_each_time_is_named_and_not_its_neighbours(tmp_path: Path) -> None:
    tasks = [(s, str(tmp_path), 99 if i == 1 else 0) for i, s in enumerate(seeds(1, 4))]
    with pytest.raises(LostError, match=r"^task 1 \(bad\)") as caught:
        fan_out(walk_or_die, tasks, name=lambda task: "bad" if task[2] else "good")
    assert caught.value.task == 1


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_names_its_task(workers: int) -> None:
    with pytest.raises(TaskError, match=r"^task 3 \(3\): ValueError: three is not planned for$") as caught:
        fan_out(fail_at_3, range(6), workers=workers)
    assert isinstance(caught.value.__cause__, ValueError)


def test_progress_counts_the_tasks_that_are_done() -> None:
    told: list[tuple[int, int]] = []
    fan_out(sleep, [0.0, 0.0, 0.0], report=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_person_who_stops_it_gets_what_was_done_and_the_rest_is_killed() -> None:
    done: list[int] = []
    before = set(multiprocessing.active_children())
    with pytest.raises(StoppedError) as caught:
        fan_out(sleep, [0.0, 600.0, 600.0], stop=Stop(asked=lambda: bool(done)), report=lambda d, _: done.append(d))
    assert caught.value.results == {0: 0.0}
    assert set(multiprocessing.active_children()) <= before


def test_it_stops_by_seconds() -> None:
    with pytest.raises(StoppedError, match="stopped when 0 of 1 tasks were done"):
        fan_out(sleep, [600.0], stop=Stop(seconds=0.2))


def test_no_tasks_no_results() -> None:
    assert fan_out(sleep, []) == []


PARENT = """
from pathlib import Path
import sys
from gemba.solvers.fanout import fan_out
from tests.solvers.fanout.test_fan_out import write_and_sleep
if __name__ == "__main__":
    fan_out(write_and_sleep, [sys.argv[1]], workers=1)
"""


def write_and_sleep(folder: str) -> None:
    (Path(folder) / "begun").write_text(str(os.getpid()))
    time.sleep(600)


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    (tmp_path / "parent.py").write_text(PARENT)
    environment = {**os.environ, "PYTHONPATH": str(root)}
    with subprocess.Popen([sys.executable, tmp_path / "parent.py", tmp_path], env=environment) as parent:
        mark = tmp_path / "begun"
        while not (mark.exists() and mark.read_text()):
            assert parent.poll() is None
            time.sleep(0.02)
        parent.kill()
    worker = Path("/proc") / mark.read_text()
    while worker.exists():  # the test's time limit ends this where it fails
        time.sleep(0.02)


def test_more_seeds_begin_with_the_same_ones_and_none_comes_twice() -> None:
    assert seeds(5, 3) == seeds(5, 100)[:3]
    assert len({*seeds(5, 100), *seeds(6, 100)}) == 200
    assert all(0 <= seed < 2**63 for seed in seeds(5, 100))

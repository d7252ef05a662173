from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.solvers.jobshop import JobShop, check
from gemba.solvers.jobshop.dispatch import Rules
from gemba.solvers.jobshop.graph import graph
from gemba.solvers.jobshop.guided import Guided
from gemba.solvers.jobshop.problem import Longs
from gemba.solvers.jobshop.solve import timed
from gemba.solvers.stop import Run, Stop

from .tiny import shops, shortest, two_stage_shop


def _guided(problem: JobShop, seed: int, workers: int, stop: Stop) -> Guided:
    """Guided by what a few rules make."""
    shop, rules = graph(problem), Rules(problem, np.random.default_rng(seed))
    orders = [shop.node[rules.line()] for _ in range(6)]
    return Guided(problem, shop, Run(stop), [(timed(shop, order)[0], order) for order in orders], seed, workers)


def _start(search: Guided) -> Longs:
    return timed(search.graph, search.pool.best[1])[1]


@settings(max_examples=60, deadline=None)
@given(shops(), st.integers(0, 2**31), st.integers(1, 2))
def test_a_guided_search_finds_the_shortest_makespan_of_a_tiny_shop_and_proves_it(
    problem: JobShop, seed: int, workers: int
) -> None:
    search = _guided(problem, seed, workers, Stop(seconds=60))
    search.search()
    assert search.makespan == search.run.bound == shortest(problem) == check(problem, _start(search))


@pytest.mark.parametrize(("seed", "makespan"), [(0, 870), (1, 836), (2, 815), (3, 837)])  # proven by CP-SAT
def test_a_guided_search_gets_from_simple_rules_to_the_shortest_makespan(seed: int, makespan: int) -> None:
    problem = two_stage_shop(9, 8, seed)
    search = _guided(problem, seed, 2, Stop(seconds=60))
    assert search.makespan > makespan
    search.search(idle=1000)
    assert search.run.objective == search.makespan == check(problem, _start(search)) == makespan
    assert search.run.bound <= makespan


def test_a_guided_search_ends_when_restarts_find_nothing_or_its_time_is_up() -> None:
    problem = two_stage_shop(9, 8, 3)
    tired = _guided(problem, 1, 1, Stop(seconds=60))
    tired.search(idle=0)
    late = _guided(problem, 1, 1, Stop(seconds=60))
    late.search(until=0.0)
    assert not tired.run.over()
    assert not late.run.over()
    assert tired.run.objective == late.run.objective == float("inf")  # what it was given, others have told

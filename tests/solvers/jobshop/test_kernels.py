from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.solvers.jobshop import JobShop, check, proof, rounds
from gemba.solvers.jobshop.dispatch import Rules
from gemba.solvers.jobshop.exchange import Exchange
from gemba.solvers.jobshop.graph import BEFORE, COMPLETION, NEXT, TAIL, arrange, graph
from gemba.solvers.jobshop.move import (
    move_earlier,
    move_later,
    renew_completions,
    renew_tails,
    sweep_completions,
    sweep_tails,
)
from gemba.solvers.jobshop.nogoods import add
from gemba.solvers.jobshop.pool import Pool
from gemba.solvers.jobshop.proof import Proof
from gemba.solvers.jobshop.refute import ask_for_less, attempt, begin, refute, restart
from gemba.solvers.jobshop.relink import between
from gemba.solvers.jobshop.tabu import tabu
from gemba.solvers.jobshop.tree import CURSOR, FAILURES, FOUND, OPEN, REFUTED, STATUS, Tree, by_machine, tree, twin
from gemba.solvers.jobshop.windows import PRED, decided
from gemba.solvers.stop import Run, Stop

from .tiny import random_shop, shops, shortest, two_stage_shop


def _agrees(problem: JobShop, order: np.ndarray) -> bool:
    place = np.argsort(order)
    return all((np.diff(place[problem.job_ptr[j] : problem.job_ptr[j + 1]]) > 0).all() for j in range(problem.jobs))


@settings(max_examples=60, deadline=None)
@given(shops(6, 6, 4), st.integers(0, 1000))
def test_every_rule_schedules_each_operation_once_in_the_order_of_its_job(problem: JobShop, seed: int) -> None:
    rules = Rules(problem, np.random.default_rng(seed))
    for _ in range(20):
        line = rules.line()
        assert sorted(line) == list(range(problem.operations))
        assert _agrees(problem, line)


@settings(max_examples=60, deadline=None)
@given(
    shops(6, 6, 4),
    st.lists(st.tuples(st.integers(0, 35), st.integers(1, 4), st.booleans()), max_size=30),
    st.booleans(),
)
def test_times_after_a_move_are_those_of_the_new_sequences(
    problem: JobShop, moves: list[tuple[int, int, bool]], sweep: bool
) -> None:
    shop = graph(problem)
    plan = tabu(shop).plan
    plan.order[:] = shop.node[Rules(problem, np.random.default_rng(1)).line()]
    arrange(plan.nodes, plan.order, shop.machine_end)
    for stamp, (i, count, later) in enumerate(moves):
        first = last = int(shop.node[i % problem.operations])
        for _ in range(count):
            if plan.nodes[last, NEXT] not in shop.machine_end:
                last = int(plan.nodes[last, NEXT])
        if first == last:
            continue
        before = plan.order.copy()
        earliest, latest = np.flatnonzero((before == first) | (before == last))
        move = move_later if later else move_earlier
        if not move(plan.nodes, plan.order, plan.held, plan.forward, plan.backward, first, last, stamp):
            assert (plan.order == before).all()
            continue
        if sweep:
            sweep_completions(plan.nodes, plan.order, earliest)
            sweep_tails(plan.nodes, plan.order, latest)
        else:
            renew_completions(plan.nodes, plan.order, plan.forward)
            renew_tails(plan.nodes, plan.order, plan.backward)
        anew = shop.nodes.copy()
        arrange(anew, plan.order, shop.machine_end)
        for column in (BEFORE, NEXT, COMPLETION, TAIL):
            assert (anew[:, column] == plan.nodes[:, column]).all()


@settings(max_examples=60, deadline=None)
@given(shops(6, 6, 4), st.floats(0, 1))
def test_what_lies_between_two_schedules_keeps_what_both_agree_on(problem: JobShop, share: float) -> None:
    rules = Rules(problem, np.random.default_rng(2))
    first, second = rules.line(), rules.line()
    found = between(first, second, share)
    assert sorted(found) == list(range(problem.operations))
    places = [np.argsort(order) for order in (first, second, found)]
    for a in range(problem.operations):
        for b in range(problem.operations):
            if places[0][a] < places[0][b] and places[1][a] < places[1][b]:
                assert places[2][a] < places[2][b]


def test_the_pool_keeps_the_best_and_one_of_those_that_are_the_same() -> None:
    problem = random_shop(8, 5, 1)
    shop, rules = graph(problem), Rules(problem, np.random.default_rng(1))
    orders = [shop.node[rules.line()] for _ in range(5)]
    pool = Pool(shop, 3)
    for makespan, order in zip((50, 40, 60, 55, 45), orders, strict=True):
        pool.add(makespan, order)
    pool.add(39, orders[1])
    pool.add(70, orders[0])
    assert [makespan for makespan, _ in sorted(pool.members, key=lambda m: m[0])] == [39, 45, 50]
    assert pool.distance(orders[0], orders[0]) == 0
    assert pool.distance(orders[0], orders[1]) == pool.distance(orders[1], orders[0]) > 0


@settings(max_examples=60, deadline=None)
@given(shops())
def test_a_makespan_is_refuted_exactly_where_it_is_below_the_shortest(problem: JobShop) -> None:
    best = shortest(problem)
    run = Run(Stop(seconds=60))
    run.tell(bound=0.0)
    proof = Proof(problem, run, best + 3, workers=2)
    proof.raise_bound()
    assert run.bound <= best
    proof.finish()
    assert run.bound == proof.makespan == best
    assert proof.start is not None
    assert check(problem, proof.start) == best


@settings(max_examples=60, deadline=None)
@given(shops())
def test_insisting_raises_the_bound_to_the_shortest_makespan_of_a_tiny_shop(problem: JobShop) -> None:
    run = Run(Stop(seconds=60))
    run.tell(bound=0.0)
    insisting = Proof(problem, run, shortest(problem) + 2, workers=1)
    insisting.insist()
    assert run.bound == insisting.makespan == shortest(problem)


@pytest.mark.parametrize(("seed", "makespan"), [(0, 870), (1, 836), (2, 815), (3, 837)])  # proven by CP-SAT
def test_trees_that_learn_from_each_other_find_and_prove_the_shortest_makespan(
    monkeypatch: pytest.MonkeyPatch, seed: int, makespan: int
) -> None:
    monkeypatch.setattr(rounds, "_SECONDS", 0.002)  # many rounds, much to learn
    monkeypatch.setattr(proof, "_ALONE", 0)
    problem = two_stage_shop(9, 8, seed)
    run = Run(Stop(seconds=60))
    run.tell(bound=0.0)
    together = Proof(problem, run, makespan + 5, workers=3)
    together.finish()
    assert run.bound == together.makespan == makespan
    assert together.start is not None
    assert check(problem, together.start) == makespan


def _searched(makespan: int) -> tuple[JobShop, Tree]:
    problem = two_stage_shop(9, 8, 3)  # 837 is the shortest
    question = tree(problem, makespan)
    while question.state[CURSOR] >= 0 or question.state[FAILURES] < 100:
        refute(question, 50)
    return problem, question


def test_a_second_tree_begins_with_the_other_way_of_the_first_decision() -> None:
    _, question = _searched(836)
    first, second = Exchange([question, twin(question)]).trees
    for one in (first, second):
        assert restart(one)
        refute(one, 1)
    assert second.decision[0].tolist() == first.decision[0].tolist()[::-1]


def test_trees_exchange_their_nogoods_once_and_what_they_know_of_the_root() -> None:
    _, question = _searched(836)
    exchange = Exchange([question, twin(question)])
    first, second = exchange.trees
    assert not np.shares_memory(first.windows, second.windows)
    for _ in range(3):
        for one in (first, second):
            refute(one, 40)
        exchange()
        assert first.goods.used[0] == second.goods.used[0]
        assert (first.windows[0, PRED] == second.windows[0, PRED]).all()
        assert (first.rating == second.rating).all()
    assert first.goods.used[0] > 0


def test_a_tree_asked_for_less_keeps_its_nogoods_and_answers_rightly() -> None:
    problem, question = _searched(840)
    while question.state[STATUS] == OPEN:
        refute(question, 50)
    assert question.state[STATUS] == FOUND
    known = int(question.goods.used[0])
    ask_for_less(question, (836 - problem.rest)[by_machine(problem)])
    while question.state[STATUS] == OPEN:
        refute(question, 50)
    assert question.state[STATUS] == REFUTED
    assert question.goods.used[0] >= known


def test_a_nogood_forbids_the_last_of_its_decisions() -> None:
    question = tree(JobShop.of([[(0, 3)], [(0, 3)], [(0, 3)], [(0, 3)]]), 40)
    assert begin(question)
    most = question.rating.shape[1]
    add(question.goods, np.array([0 * most + 1, 2 * most + 3]))
    windows = question.windows[0]
    assert attempt(question, windows, 2, 3)
    assert decided(windows, 0, 1)
    assert not attempt(question, windows, 0, 1)

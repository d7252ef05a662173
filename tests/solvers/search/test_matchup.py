"""Match-up: work that lost its place is put back, and as little else moves as can be."""

from __future__ import annotations

import random
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.solvers.compiled.chance import seeded
from gemba.solvers.search.ejection import load, saved, shake
from gemba.solvers.search.matchup import Home, Match, match
from gemba.solvers.search.pushing import misfits, total
from gemba.solvers.search.reinsert import recreate, ruin
from gemba.solvers.search.shop import CALENDAR, DUE, END, FAR, MACHINE, NODE, SLOT, START, WORK, Shop, shop

EXCHANGE = 0.01


class Case(NamedTuple):
    """A shop at home, and its waits."""

    shop: Shop
    home: Home
    match: Match
    arcs: list[tuple[int, int]]


def case(
    home: list[tuple[int, int]],
    machines: list[int],
    closed: tuple[int, int, int] | None = None,
    arcs: list[tuple[int, int]] | None = None,
    due: list[int] | None = None,
    pairs: dict[int, int] | None = None,
) -> Case:
    """Nodes at home on machines, of which one is closed from a moment until another.

    Args:
        due: from when on a node's end costs one a second.
        pairs: machines that stand in for each other.
    """
    n, count = len(home), 5
    times = np.array(home, np.int64)
    hours = [[(0, 100_000)] for _ in range(count)]
    if closed:
        hours[closed[0]] = [(a, b) for a, b in ((0, closed[1]), (closed[2], 100_000)) if a < b]
    made = shop(
        times[:, END] - times[:, START], calendar=machines, release=times[:, START], due=due or [FAR] * n, weight=1.0,
        arcs=[(a, b, 0, 0) for a, b in arcs or ()], slots=list(enumerate(machines)), machines=count, hours=hours,
    )  # fmt: skip
    ways = [[m, w, k] for k, (m, w) in enumerate(zip(machines, made.nodes[:, WORK].tolist(), strict=True))]
    uses, more = list(machines), np.zeros((n, 2), np.int64)
    for node, m in enumerate(machines):
        if m in (pairs or {}):
            more[node] = len(ways), 1
            ways.append([(pairs or {})[m], int(made.nodes[node, WORK]), len(uses)])
            uses.append((pairs or {})[m])
    at = Home(
        times, np.zeros(n, np.int64), np.ones(n), times[:, START].copy(), more, np.array(ways, np.int64), np.array(uses)
    )
    return Case(made, at, match(made, at), arcs or [])


def repaired(c: Case, rounds: int = 20, miss: float = np.inf) -> Case:
    """The case with what does not fit put back; what costs more than ``miss`` at last."""
    choice, nobody = np.zeros(3, np.int64), np.zeros(c.shop.size, bool)
    lost = np.flatnonzero(misfits(c.shop, c.match, c.home, np.arange(c.shop.size)))
    ruin(c.shop, c.match, c.home, EXCHANGE, lost, 0.0)
    recreate(c.shop, c.match, c.home, EXCHANGE, 10, lost, miss, np.inf, choice)
    for price in (miss, np.inf):
        recreate(c.shop, c.match, c.home, EXCHANGE, 10, np.flatnonzero(c.match.away), price, np.inf, choice)
        out = int(c.match.away.sum())
        value = np.full(2, total(c.shop, c.match, c.home, EXCHANGE) + (price * out if out else 0.0))
        kept, best = saved(c.shop, c.match), saved(c.shop, c.match)
        shake(
            c.shop, c.match, c.home, kept, best, value, EXCHANGE, 10, 3, price, 2 * EXCHANGE, rounds, seeded(1), nobody, choice
        )  # fmt: skip
        load(c.shop, c.match, best)
        out = int(c.match.away.sum())
        assert abs(value[1] - total(c.shop, c.match, c.home, EXCHANGE) - (price * out if out else 0.0)) < 1e-6
    return c


def moved(c: Case) -> list[int]:
    return np.flatnonzero((c.match.times != c.home.times).any(axis=1) | (c.match.way > 0)).tolist()


def cost(c: Case) -> float:
    """What the schedule costs, from its times alone."""
    late = np.maximum(0, c.match.times[:, END] - c.shop.nodes[:, DUE]).sum()
    other = (c.match.times != c.home.times).any(axis=1).sum() + (c.match.way > 0).sum()
    return float(late + EXCHANGE * other)


def assert_a_schedule(c: Case) -> None:
    """Work is as long as it takes on open hours, machines do one thing at a time, and nothing comes before what it waits for."""
    times = c.match.times
    for node in range(c.shop.size):
        first, last = c.shop.open_ptr[c.shop.nodes[node, CALENDAR] :][:2]
        spans = c.shop.open[first:last, :2]
        inside = np.clip(
            np.minimum(spans[:, 1], times[node, END]) - np.maximum(spans[:, 0], times[node, START]), 0, None
        )
        assert inside.sum() == c.shop.nodes[node, WORK]
        assert c.shop.slots[c.shop.nodes[node, SLOT], MACHINE] == c.shop.nodes[node, CALENDAR]
    for machine in range(len(c.match.head)):
        rows = times[c.shop.slots[c.shop.slots[:, MACHINE] == machine, NODE]]
        rows = rows[np.argsort(rows[:, START], kind="stable")]
        assert (rows[1:, START] >= rows[:-1, END]).all()
    assert all(times[b, START] >= times[a, END] for a, b in c.arcs)
    assert (times[:, START] >= c.home.early).all()


def test_a_schedule_that_still_fits_stays_home() -> None:
    assert moved(repaired(case([(0, 10), (10, 20), (30, 40)], [0, 0, 0]))) == []


def test_held_up_work_goes_to_the_idle_twin_and_nothing_else_moves() -> None:
    c = repaired(case([(0, 10), (10, 20), (20, 30), (0, 10)], [0, 0, 0, 1], (0, 10, 19), pairs={0: 1, 1: 0}))
    assert moved(c) == [1]
    assert c.match.times[1].tolist() == [10, 20]


def test_idle_time_soaks_a_delay_up() -> None:
    c = repaired(case([(0, 20), (20, 30), (36, 46), (46, 56)], [0, 0, 0, 0], (0, 0, 4), due=[24, 40, 46, 56]))
    assert_a_schedule(c)
    assert moved(c) == [0, 1]


def test_work_is_pushed_left_where_right_is_too_late() -> None:
    c = repaired(case([(20, 30), (30, 40), (40, 50)], [0, 0, 0], (0, 40, 60), [(0, 1), (1, 2)], [30, 40, 50]))
    assert_a_schedule(c)
    assert c.match.times.tolist() == [[10, 20], [20, 30], [30, 40]]
    assert cost(c) == 3 * EXCHANGE


def test_work_with_time_to_spare_waits_until_the_machine_is_up() -> None:
    c = repaired(case([(0, 10), (10, 20)], [0, 0], (0, 10, 15), due=[10, 30]))
    assert moved(c) == [1]
    assert c.match.times[1].tolist() == [15, 25]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A few jobs on machines, packed, with a machine closed for a time."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    jobs, machines = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    free, home, used, arcs, due = [0] * machines, [], [], [], []
    for _ in range(jobs):
        ready = chance.randint(0, 15)
        for step in range(chance.randint(1, 3)):
            m = chance.randrange(machines)
            start = max(free[m], ready) + chance.choice([0, 0, 0, 3, 8])
            ready = free[m] = start + chance.randint(1, 9)
            if step:
                arcs.append((len(home) - 1, len(home)))
            home.append((start, ready))
            used.append(m)
            due.append(FAR)
        due[-1] = ready + chance.choice([0, 0, 5, 20])
    closed = chance.randint(0, 30)
    pairs = {0: 1, 1: 0} if machines > 1 and chance.random() < 0.7 else {}
    return case(home, used, (chance.randrange(machines), closed, closed + chance.randint(1, 20)), arcs, due, pairs)


@settings(max_examples=150, deadline=None)
@given(cases(), st.sampled_from([np.inf, 2 * EXCHANGE, 0.0]))
def test_any_closing_leaves_a_schedule_whose_cost_is_what_the_search_says(c: Case, miss: float) -> None:
    repaired(c, 15, miss)
    assert_a_schedule(c)
    assert not c.match.away.any()
    assert abs(cost(c) - total(c.shop, c.match, c.home, EXCHANGE)) < 1e-6


@settings(max_examples=30, deadline=None)
@given(cases())
def test_what_fits_where_it_is_moves_only_for_what_does_not(c: Case) -> None:
    lost = misfits(c.shop, c.match, c.home, np.arange(c.shop.size)).any()
    assert bool(moved(repaired(c))) == bool(lost)

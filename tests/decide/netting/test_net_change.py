"""A plan brought up to date after a change is the plan that a full run would give."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.decide.netting import SCALE, Problem, Result, solve, solve_again
from tests.decide.netting.test_netting_properties import problems

COLUMNS = ("stock", "safety", "minimum", "multiple", "period", "lead", "orders")
LISTS = (
    ("parent", "child", "per", "fixed", "first", "last"),
    ("need_item", "need_bucket", "need_quantity"),
    ("receipt_item", "receipt_bucket", "receipt_quantity"),
)
TABLES = ("level", "need", "receipt", "due", "release", "stock", "overdue")


def change(problem: Problem, seed: int) -> Problem:
    """Some entries of some columns swapped; rows of lists left out, doubled, or put in another order."""
    random = np.random.default_rng(seed)
    found: dict[str, Any] = {}
    for name in COLUMNS:
        if random.random() < 0.3:
            values = getattr(problem, name).copy()
            values[random.integers(problem.items)] = values[random.integers(problem.items)]
            found[name] = values
    for names in LISTS:
        rows = len(getattr(problem, names[0]))
        if rows and random.random() < 0.5:
            kept = [
                np.arange(rows)[random.random(rows) < 0.7],
                random.permutation(rows),
                random.integers(0, rows, rows),
            ]
            chosen = kept[random.integers(3)]
            found |= {name: getattr(problem, name)[chosen] for name in names}
            if random.random() < 0.3 and len(chosen):
                amount = names[2]
                found[amount][0] = 3_000_000
    return replace(problem, **found)


def same(one: Result, other: Result) -> None:
    for name in TABLES:
        assert (getattr(one, name) == getattr(other, name)).all(), name


@settings(max_examples=400, deadline=None)
@given(problems(), st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=3), st.booleans())
def test_a_plan_brought_up_to_date_equals_a_full_run(problem: Problem, seeds: list[int], reuse: bool) -> None:
    result = solve(problem)
    for seed in seeds:
        problem = change(problem, seed)
        result = solve_again(result, problem, reuse=reuse)
        same(result, solve(problem))


def chain(length: int) -> Problem:
    """Each item is made of the next; one is needed in the last bucket."""
    items = np.arange(length)
    return Problem(
        buckets=4, stock=np.zeros(length, np.int64), parent=items[:-1], child=items[1:],
        per=np.full(length - 1, SCALE), need_item=np.array([0]), need_bucket=np.array([3]),
        need_quantity=np.array([SCALE]),
    )  # fmt: skip


def test_the_plan_before_is_left_as_it_was() -> None:
    before = solve(chain(3))
    need = before.need.copy()
    after = solve_again(before, replace(before.problem, need_quantity=np.array([2 * SCALE])))
    assert (before.need == need).all()
    assert (after.need == 2 * need).all()


def test_other_items_or_buckets_are_planned_anew() -> None:
    before = solve(chain(3))
    same(solve_again(before, chain(5)), solve(chain(5)))
    longer = replace(before.problem, buckets=6)
    same(solve_again(before, longer), solve(longer))


def test_needs_beyond_the_limit_are_told_as_by_a_full_run() -> None:
    before = solve(chain(3))
    per = np.array([10**9 * SCALE, 10**9 * SCALE])
    with pytest.raises(OverflowError, match="item 2"):
        solve_again(before, replace(before.problem, per=per))

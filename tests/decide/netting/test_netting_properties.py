"""What holds for every netting problem, found by trying many small ones."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from gemba.decide.netting import SCALE, Problem, Result, pegs, solve

AWKWARD = [1, 2, 333_333, 999_999, 1_000_000, 1_020_408, 2_500_000, 36_000_000]


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to six items whose lines go from lower to higher numbers, with awkward fractions."""
    n, buckets = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    quantity = st.sampled_from([0, 1, 700_000, 5_000_000, 7_300_001, 40_000_000])

    def column(values: st.SearchStrategy[Any], size: int) -> np.ndarray:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), np.int64)

    pairs = [(p, c) for p in range(n) for c in range(p + 1, n)]
    lines = draw(st.lists(st.sampled_from(pairs), max_size=10)) if pairs else []
    needs, receipts = draw(st.integers(0, 8)), draw(st.integers(0, 3))
    m, item, bucket = len(lines), st.integers(0, n - 1), st.integers(0, buckets - 1)
    return Problem(
        buckets=buckets,
        stock=column(quantity, n), safety=column(quantity, n), minimum=column(quantity, n),
        multiple=column(st.sampled_from([0, 0, 1_000_000, 2_500_000]), n),
        period=column(st.integers(1, 4), n), lead=column(st.integers(0, 4), n),
        orders=column(st.sampled_from([1, 1, 1, 0]), n).astype(bool),
        parent=np.array([p for p, _ in lines], np.int64), child=np.array([c for _, c in lines], np.int64),
        per=column(st.sampled_from(AWKWARD), m), fixed=column(st.sampled_from([0, 0, 500_000]), m),
        first=column(st.integers(0, 3), m), last=column(st.integers(2, 9), m),
        need_item=column(item, needs), need_bucket=column(bucket, needs), need_quantity=column(quantity, needs),
        receipt_item=column(item, receipts), receipt_bucket=column(bucket, receipts),
        receipt_quantity=column(quantity, receipts),
    )  # fmt: skip


def by_hand(p: Problem) -> dict[int, dict[int, int]]:
    """Planned orders by item and due bucket, in plain Python: item by item, bucket by bucket, with exact integers."""
    started: dict[int, dict[int, int]] = {}
    plan: dict[int, dict[int, int]] = {}
    for i in range(p.items):  # lines go from lower to higher numbers
        need = [0] * p.buckets
        for item, t, q in zip(p.need_item, p.need_bucket, p.need_quantity, strict=True):
            need[t] += int(q) * (item == i)
        for k in range(len(p.parent)):
            if p.child[k] == i:
                for t, q in started[int(p.parent[k])].items():
                    if p.first[k] <= t < p.last[k]:
                        need[t] += -(-q * int(p.per[k]) // SCALE) + int(p.fixed[k])
        comes = [0] * p.buckets
        for item, t, q in zip(p.receipt_item, p.receipt_bucket, p.receipt_quantity, strict=True):
            comes[t] += int(q) * (item == i)
        plan[i], started[i] = {}, {}
        if p.orders[i]:
            _order(p, i, need, comes, plan[i], started[i])
    return plan


def _order(
    p: Problem, i: int, need: list[int], comes: list[int], plan: dict[int, int], started: dict[int, int]
) -> None:
    for t in range(p.buckets):

        def level(at: int) -> int:
            return int(p.stock[i]) + sum(comes[: at + 1]) - sum(need[: at + 1]) + sum(plan.values())

        if level(t) < p.safety[i]:
            last = min(t + int(p.period[i]), p.buckets)
            lot = max(int(p.safety[i]) - level(u) for u in range(t, last))
            lot = max(lot, int(p.minimum[i]))
            if p.multiple[i]:
                lot = -(-lot // int(p.multiple[i])) * int(p.multiple[i])
            plan[t] = lot
            start = max(0, t - int(p.lead[i]))
            started[start] = started.get(start, 0) + lot


def planned(result: Result) -> dict[int, dict[int, int]]:
    return {i: {int(t): int(row[t]) for t in np.flatnonzero(row)} for i, row in enumerate(result.due)}


@settings(max_examples=300, deadline=None)
@given(problems())
def test_the_plan_equals_the_one_made_by_hand(problem: Problem) -> None:
    assert planned(solve(problem)) == by_hand(problem)


@settings(max_examples=200, deadline=None)
@given(problems())
def test_what_was_there_and_came_is_used_or_still_there(problem: Problem) -> None:
    r = solve(problem)
    before = np.column_stack((problem.stock, r.stock[:, :-1]))
    assert (before + r.receipt + r.due - r.need == r.stock).all()
    assert (r.due.sum(axis=1) == r.release.sum(axis=1)).all()
    ordered = problem.orders[:, None]
    assert (np.where(ordered, r.stock - problem.safety[:, None], 0) >= 0).all()


@settings(max_examples=200, deadline=None)
@given(problems(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_change_the_plan(problem: Problem, seed: int) -> None:
    random = np.random.default_rng(seed)
    shuffled: dict[str, Any] = {}
    for group in (("parent", "child", "per", "fixed", "first", "last"), ("need",), ("receipt",)):
        names = [f.name for f in fields(problem) if f.name in group or f.name.startswith(f"{group[0]}_")]
        order = random.permutation(len(getattr(problem, names[0])))
        shuffled |= {name: getattr(problem, name)[order] for name in names}
    one, other = solve(problem), solve(replace(problem, **shuffled))
    for name in ("need", "due", "release", "stock", "overdue"):
        assert (getattr(one, name) == getattr(other, name)).all(), name
    assert sorted(_peg_rows(one)) == sorted(_peg_rows(other))


@settings(max_examples=100, deadline=None)
@given(problems(), st.integers(0, 2**32 - 1))
def test_the_numbering_of_items_does_not_change_the_plan(problem: Problem, seed: int) -> None:
    new = np.random.default_rng(seed).permutation(problem.items)  # old number -> new number
    old = np.argsort(new)
    names = ("stock", "safety", "minimum", "multiple", "period", "lead", "orders")
    columns = {n: getattr(problem, n)[old] for n in names}
    references = {n: new[getattr(problem, n)] for n in ("parent", "child", "need_item", "receipt_item")}
    one, other = solve(problem), solve(replace(problem, **columns, **references))
    assert (one.due == other.due[new]).all()


@settings(max_examples=200, deadline=None)
@given(problems())
def test_pegs_use_each_supply_and_serve_each_need_at_most_once(problem: Problem) -> None:
    r = solve(problem)
    found = pegs(r)
    assert (found.quantity > 0).all()
    for i in range(problem.items):
        mine = found.item == i
        supply = problem.stock[i] + r.receipt[i].sum() + r.due[i].sum()
        assert found.quantity[mine].sum() == min(supply, r.need[i].sum())
        for t in range(problem.buckets):
            assert found.quantity[mine & (found.need_bucket == t)].sum() <= r.need[i, t]
            for kind, came in ((1, r.receipt[i, t]), (2, r.due[i, t])):
                assert found.quantity[mine & (found.kind == kind) & (found.supply_bucket == t)].sum() <= came
        if problem.orders[i]:
            assert (found.supply_bucket[mine] <= found.need_bucket[mine]).all()


def _peg_rows(result: Result) -> list[tuple[int, ...]]:
    """Pegs with their line's parent and quantity in the place of its number."""
    p, f = result.problem, pegs(result)
    parent = np.where(f.line < 0, -1, np.append(p.parent, -1)[f.line])
    columns = np.stack((f.item, f.kind, f.supply_bucket, parent, f.need_bucket, f.quantity))
    return [tuple(row) for row in columns.T.tolist()]

"""AdventureWorks: Gemba's netting, fed by its adapter, reproduces the company's history of work orders.

The work orders are a lot-for-lot explosion of the sales: no stock, no lead times, the current bill of materials,
started a fixed number of days after the sale. The data lack some sales lines: the amounts of their orders say so.
Work orders that were made for those lines are the only ones the explosion cannot know.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.real_evidence import missing_amounts, paths_and_quantity
from benchmarks.real_facts import Fact, Said, equal, rows
from gemba.decide.netting import SCALE, Netting, Problem, from_operation, scaled, solve
from gemba.exchange import adapters
from gemba.operation import Operation
from gemba.operation.moments import seconds

ADAPTER = "adventureworks-history"
#: The share of (product, day) pairs of work orders that the sales must explain, where the data folder states no number.
SHARE = 0.999
#: A bicycle with parts on every level, whose explosion is a known fact of the data.
PRODUCT = "749"


def history(folder: Path) -> list[Fact]:
    """Every fact of the folder's history, with the time it took to find."""
    said, begin = Said(folder), time.perf_counter()
    operation = adapters.load(ADAPTER, folder)
    netting = _whole_time(operation)
    read = time.perf_counter() - begin
    facts = [*_load(operation, folder, said), *_structure(netting, folder, said)]
    begin = time.perf_counter()
    facts += _explosion(operation, netting, folder, said)
    spent = time.perf_counter() - begin
    facts.append(Fact("read through the adapter, and exploded", "within 60 s", f"{read:.1f} s and {spent:.1f} s",
                      read + spent < 60))  # fmt: skip
    return facts


def _whole_time(operation: Operation) -> Netting:
    """The netting problem of the sales, over the days of the sales and of the work orders."""
    starts = [o.start for o in operation.orders if o.start]
    netting = from_operation(operation, start=min([operation.now, *starts]))
    p = netting.problem
    buckets = max(p.buckets, 1 + max(((seconds(s) - netting.start) // netting.bucket for s in starts), default=0))
    return replace(netting, problem=replace(p, buckets=buckets, last=np.full(len(p.parent), buckets)))


def _load(operation: Operation, folder: Path, said: Said) -> list[Fact]:
    """What was read, against a plain count of the files and against what the folder's README says."""
    work, bom = rows(folder / "WorkOrder.csv.gz"), rows(folder / "BillOfMaterials.csv.gz")
    current = [r for r in bom if not r["EndDate"]]
    tops = [r for r in current if not r["ProductAssemblyID"]]
    quantity = round(sum(o.quantity for o in operation.orders))
    lines = len(operation.step_items) + len(tops)
    facts = [
        equal("work orders", len(work), len(operation.orders)),
        equal("units in work orders", sum(int(r["OrderQty"]) for r in work), quantity),
        equal("current lines of the bill of materials, with top-level markers", len(current), lines),
    ]
    if (stated := said.number(r"([\d,]+) orders, \d+ products; OrderQty")) is not None:
        facts.append(equal("work orders, as its README says", stated, len(operation.orders)))
    if (stated := said.number(r"rows, ([\d,]+) current, \d+ assemblies")) is not None:
        facts.append(equal("current lines, as its README says", stated, lines))
    return facts


def _structure(netting: Netting, folder: Path, said: Said) -> list[Fact]:
    """The bill of materials exploded from its tops, by netting and by walking every path."""
    p = netting.problem
    tops = sorted(set(p.parent.tolist()) - set(p.child.tolist()))
    walked, _ = paths_and_quantity(folder, [netting.keys[i][0] for i in tops])
    paths = _components(replace(p, per=np.full(len(p.per), SCALE)), tops)
    facts = [equal("paths from the top of the bill of materials", walked, round(paths))]
    if (stated := said.number(r"component: ([\d,]+) paths")) is not None:
        facts.append(equal("paths, as its README says", stated, round(paths)))
    products = [i for i in tops if netting.keys[i][0] == PRODUCT]
    if products:
        got = round(_components(p, products), 6)
        facts.append(
            equal(f"quantity of components in product {PRODUCT}", paths_and_quantity(folder, [PRODUCT])[1], got)
        )
        if (stated := said.number(PRODUCT + r" \([^)]*\): .*exploded quantity ([\d,]+)")) is not None:
            facts.append(equal("the same, as its README says", float(stated), got))
    return facts


def _components(problem: Problem, tops: list[int]) -> float:
    """How much of all components one unit of each top needs."""
    item = np.array(tops, np.int64)
    one = replace(problem, buckets=1, first=problem.first * 0, last=problem.last * 0 + 1, need_item=item,
                  need_bucket=item * 0, need_quantity=item * 0 + SCALE,
                  receipt_item=item[:0], receipt_bucket=item[:0], receipt_quantity=item[:0])  # fmt: skip
    return float((solve(one, net=False, offset=False).need.sum() - len(tops) * SCALE) / SCALE)


def _explosion(operation: Operation, netting: Netting, folder: Path, said: Said) -> list[Fact]:
    """The work orders against the explosion of the sales: one level at a time, then all levels at once."""
    made = _work_orders(operation, netting)
    pairs = int((made > 0).sum())
    single = _single_level(netting, made)
    lacking = np.where(made != single)
    equal_pairs = pairs - int(((made != single) & (made > 0)).sum())
    stated = said.number(r"equal in ([\d,]+) \(")
    wanted = (
        stated if stated is not None and said.number(r"For all ([\d,]+) \(product") == pairs else round(SHARE * pairs)
    )
    facts = [
        Fact("pairs of product and day whose work orders equal the needs of their parents and sales",
             f"at least {wanted:,} of {pairs:,}", f"{equal_pairs:,}", equal_pairs >= wanted),
        _nothing_extra(made, single),
    ]  # fmt: skip
    facts += _reasons(netting, folder, made - single, lacking)
    return facts + _all_levels(netting, made, made - single)


def _work_orders(operation: Operation, netting: Netting) -> np.ndarray:
    """Work orders as items x days, scaled."""
    number = {key: i for i, key in enumerate(netting.keys)}
    found = np.zeros((netting.problem.items, netting.problem.buckets), np.int64)
    for order in operation.orders:
        assert order.start is not None
        day = (seconds(order.start) - netting.start) // netting.bucket
        found[number[order.item, order.place], day] += int(scaled(order.quantity))
    return found


def _single_level(netting: Netting, made: np.ndarray) -> np.ndarray:
    """What each item's work orders should be, given those of its parents: items twice over, as parent and as child."""
    p, n = netting.problem, netting.problem.items
    item, day = np.nonzero(made)
    names = ("stock", "safety", "minimum", "multiple", "period", "lead", "orders")
    twice = replace(
        p,
        **{name: np.tile(getattr(p, name), 2) for name in names},
        child=p.child + n,
        need_item=np.concatenate((item, p.need_item + n)),
        need_bucket=np.concatenate((day, p.need_bucket)),
        need_quantity=np.concatenate((made[item, day], p.need_quantity)),
    )
    return solve(twice, net=False, offset=False).due[n:]


def _nothing_extra(made: np.ndarray, single: np.ndarray) -> Fact:
    makeable = single[:, :] * (made.sum(axis=1) > 0)[:, None]
    extra = int((makeable > made).sum())
    return equal("pairs where the explosion asks for more than was made", 0, extra)


def _reasons(netting: Netting, folder: Path, lacking: np.ndarray, where: tuple[np.ndarray, ...]) -> list[Fact]:
    """Each difference is a sale whose lines the data lack: on its day, and within the amount that is missing."""
    missing = missing_amounts(folder, delay=3)
    days = {_date(netting, int(t)) for i, t in zip(*where, strict=True) if lacking[i, t] > 0}
    astray = sorted(days - set(missing.amounts))
    value: Counter[str] = Counter()
    for i, t in zip(*where, strict=True):
        if lacking[i, t] > 0:
            value[_date(netting, int(t))] += missing.price[netting.keys[i][0]] * lacking[i, t] / SCALE
    beyond = sorted(day for day, v in value.items() if v > missing.amounts[day] + 0.01)
    name = f"days with differences that no sale with missing lines explains ({missing.orders} such sales)"
    return [
        equal(name, [], astray),
        equal("days on which the differences are worth more than what is missing from the sales", [], beyond),
    ]


def _all_levels(netting: Netting, made: np.ndarray, lacking: np.ndarray) -> list[Fact]:
    """All levels at once, from the sales alone; and from the sales with the missing ones put back."""
    known = solve(netting.problem, net=False, offset=False).due
    p = netting.problem
    item, day = np.nonzero((lacking > 0) & (made > 0))
    whole = replace(p, need_item=np.concatenate((p.need_item, item)), need_bucket=np.concatenate((p.need_bucket, day)),
                    need_quantity=np.concatenate((p.need_quantity, lacking[item, day])))  # fmt: skip
    again = solve(whole, net=False, offset=False).due
    some = made.sum(axis=1) > 0
    pairs = int((made > 0).sum())
    unequal = (known != made) & some[:, None]
    cone = _cone(netting, item, day)
    outside = sum((int(i), int(t)) not in cone for i, t in zip(*np.nonzero(unequal), strict=True))
    share = 1 - int(unequal.sum()) / max(pairs, 1)
    return [
        Fact("pairs that the explosion of the sales alone gives, over all levels", "at least 99 %", f"{share:.2%}",
             share >= 0.99),
        equal(f"of the {int(unequal.sum())} others, those that are no component of a missing sale", 0, outside),
        equal("pairs it gives with the missing sales put back", pairs, int(((again == made) & (made > 0)).sum())),
    ]  # fmt: skip


def _cone(netting: Netting, items: np.ndarray, days: np.ndarray) -> set[tuple[int, int]]:
    """The given items and all their components, on the same days."""
    below: dict[int, list[int]] = defaultdict(list)
    for a, b in zip(netting.problem.parent.tolist(), netting.problem.child.tolist(), strict=True):
        below[a].append(b)
    found: set[tuple[int, int]] = set()
    todo = list(zip(items.tolist(), days.tolist(), strict=True))
    while todo:
        i, t = todo.pop()
        if (i, t) not in found:
            found.add((i, t))
            todo += [(c, t) for c in below[i]]
    return found


def _date(netting: Netting, day: int) -> str:
    return str(np.datetime64(netting.moment(day), "s").astype("datetime64[D]"))

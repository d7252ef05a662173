"""One event on a published plan of 10,000 tasks: a new checked plan in a second, against planning anew.

Two operations: parts and lines with purchases (demands pull three levels), and a shop of pairs of like machines with people for
set-ups (1,000 orders of ten steps). Objective is the weighted tardiness after the event, in days, counted anew by the checker's
measures; moved are published tasks and purchases with another time or another resource.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from benchmarks.harness import Answer, Benchmark, Case, Row, find, honest
from benchmarks.replan_model import shop
from benchmarks.supply_model import operation_of
from gemba.decide.check import check
from gemba.decide.cycle import plan
from gemba.decide.cycle.events import (
    Absence,
    Breakdown,
    Cancellation,
    Disruption,
    LateSupply,
    QuantityChange,
    RushOrder,
)
from gemba.decide.cycle.moves import moves
from gemba.decide.cycle.replan import replan
from gemba.operation import Demand, Operation, Plan
from gemba.operation.moments import moment

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event on a published plan."""

    operation: Operation
    published: Plan
    event: Disruption


@cache
def _shop() -> tuple[Operation, Plan]:
    operation = shop(load=0.85)
    return operation, plan(operation, seconds=20)


@cache
def _supply(generator: Path) -> tuple[Operation, Plan]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        size = ["--items", "300", "--demands", "3400", "--calendar"]
        subprocess.run(
            [sys.executable, str(generator), *size, "--out", str(path)], check=True, stdout=subprocess.DEVNULL
        )
        operation = operation_of(json.loads(path.read_text()))
    return operation, plan(operation, seconds=20)


def _cases(data: Path) -> list[Case]:
    cases = []
    operation, made = _shop()
    now, hour = operation.now, timedelta(hours=1)
    rush = Demand(name="Rush", item=operation.demands[7].item, quantity=1, due=now + 6 * _DAY, weight=4.0, whole=True)
    for name, event in {
        "breakdown": Breakdown("M3.1", now + 26 * hour, now + 50 * hour),
        "sick setter": Absence("Setter 3", now + 20 * hour, now + 3 * _DAY),
        "rush order": RushOrder(rush),
        "cancelled": Cancellation(operation.demands[9].name),
    }.items():
        cases.append(Case(f"shop {name}", Happening(operation, made, event), size=f"{len(made.tasks)} tasks"))
    try:
        generator = find(data, "generate.py", "bench/supply", "../bench/supply") / "generate.py"
    except FileNotFoundError:
        return _warm(cases)
    operation, made = _supply(generator)
    now, bought = operation.now, next(o for o in made.orders if o.kind == "buy" and o.end > made.now + 20 * 86400)
    some = operation.demands[11]
    rush = Demand(name="Rush", item=operation.demands[7].item, quantity=30, due=now + 20 * _DAY, weight=3.0, whole=True)
    for name, event in {
        "breakdown": Breakdown(operation.resources[0].name, now + 30 * _DAY, now + 33 * _DAY),
        "late purchase": LateSupply(bought.id, moment(bought.end) + 10 * _DAY),
        "rush order": RushOrder(rush),
        "more": QuantityChange(some.name, some.quantity + 15),
        "less": QuantityChange(some.name, max(1.0, some.quantity - 3)),
        "cancelled": Cancellation(operation.demands[9].name),
    }.items():
        cases.append(Case(f"supply {name}", Happening(operation, made, event), size=f"{len(made.tasks)} tasks"))
    return _warm(cases)


def _warm(cases: list[Case]) -> list[Case]:
    """Everything compiled before it is measured."""
    for case in cases[:3]:
        _solve(case, 1.0)
    return cases


def _solve(case: Case, seconds: float) -> Answer:
    p: Happening = case.problem
    begun = time.monotonic()
    found = replan(p.operation, p.published, p.event, seconds=seconds)
    took = time.monotonic() - begun
    before, after = p.published.objective.weighted_tardiness, found.plan.objective.weighted_tardiness
    note = f"{took:.2f} s, {found.how}, {len(found.moved)} moved, tardiness {before:.1f} -> {after:.1f} d"
    broken = len(check(found.operation, found.plan))
    return Answer(after, note=note, faults=broken, extra={"seconds": took, "moved": float(len(found.moved))})


def _anew(case: Case, seconds: float) -> Answer:
    p: Happening = case.problem
    operation = replan(p.operation, p.published, p.event, seconds=seconds).operation
    begun = time.monotonic()
    found = plan(operation, seconds=15.0)
    moved = len(moves(p.published, found, {}))
    return Answer(found.objective.weighted_tardiness, note=f"{time.monotonic() - begun:.1f} s, {moved} moved")


def _in_a_second(rows: Sequence[Row]) -> str:
    slow = [f"{r.case.name} {r.answer.extra['seconds']:.2f} s" for r in rows if r.answer.extra["seconds"] > 1.0]
    return f"slower than a second: {', '.join(slow)}" if slow else ""


BENCHMARKS = (
    Benchmark(
        name="replan",
        title="one event on a published plan of 10,000 tasks",
        cases=_cases,
        solve=_solve,
        rivals={"planning anew": _anew},
        bars=(_in_a_second, honest),
        seconds=1.0,
    ),
)

"""Real data as records: a company's history of orders, work, scrap and sales, and a machine shop's reports.

Every number is found by Gemba's own measures on records that its readers took, and compared with the number that is
published with the data or was counted from them without Gemba.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.real_facts import Fact, equal, rows
from benchmarks.real_logs import close
from gemba.exchange import adapters
from gemba.exchange.records import chunks_from_rows, doubts_between
from gemba.measure.delivery import Reliability, order_reliability
from gemba.measure.pareto import pareto
from gemba.measure.service_level import due_dates
from gemba.measure.utilisation import utilisation
from gemba.operation import Event, Fault, ReleasedOrder

DAY, HOUR = 86400, 3600
MILL = "Machine 4 - Turning & Milling"
ADAPTER = "adventureworks-records"
#: Hours, operations and cost by work centre.
CENTRES = {
    "Frame Forming": (39224.7, 9567, 882555.75), "Frame Welding": (20730.5, 5923, 518262.50),
    "Debur and Polish": (1490, 1490, 21605), "Paint": (1632, 816, 25704), "Specialized Paint": (1348, 674, 24264),
    "Subassembly": (90321, 30107, 1106432.25), "Final Assembly": (74216, 18554, 909146),
}  # fmt: skip
SCRAP = {"Paint process failed": 1271, "Trim length too long": 981, "Thermoform temperature too low": 876,
         "Drill size too small": 826, "Wheel misaligned": 804}  # fmt: skip
#: By the year in which orders started: orders, late ones, units scrapped.
YEARS = {2011: (8904, 2479, 486), 2012: (18693, 5478, 2962), 2013: (28905, 9461, 5496), 2014: (16089, 5372, 1707)}


@dataclass
class Taken:
    """Records by table, and the faults of those that could not be taken."""

    records: dict[str, list[Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def take(self, table: str, given: Sequence[dict[str, Any]]) -> None:
        for chunk in chunks_from_rows({table: given}, table):
            self.records.setdefault(table, []).extend(chunk.records)
            self.faults += chunk.faults


def company(data: Path) -> tuple[list[Fact], list[str]]:
    """What is known of AdventureWorks' work orders, their operations, scrap and sales."""
    folder = data / "adventureworks"
    taken = Taken()
    for table, given in adapters.run_records(ADAPTER, folder):
        taken.take(table, given)
    events, orders = taken.records["events"], taken.records["released_orders"]
    found = order_reliability(orders, events)
    facts = [
        equal("records that contradict themselves", 0, len(taken.faults)),
        *_orders(orders, found), *_years(orders, found, events), *_scrap(events), *_work(folder, events),
        *_contradictions(orders, events), *_value(taken.records["movements"]), *_sales(taken.records["deliveries"]),
    ]  # fmt: skip
    counts = ", ".join(f"{len(things):,} {table}" for table, things in taken.records.items())
    return facts, [f"taken: {counts}"]


def _orders(orders: Sequence[ReleasedOrder], found: Reliability) -> list[Fact]:
    return [
        equal("orders", 72591, len(orders)),
        equal("units ordered", 4507721, int(sum(o.quantity for o in orders))),
        equal("orders still open", 0, found.due.open),
        equal("orders late", 22790, found.due.late),
        close("orders on time, %", 68.605, 100 * (found.due.share or 0), 3),
        close("lateness of late orders in days, mean", 8.443, (found.due.mean_late or 0) / DAY, 3),
        equal("the same, longest", 21.0, (found.longest or 0) / DAY),
    ]


def _years(orders: Sequence[ReleasedOrder], found: Reliability, events: Sequence[Event]) -> list[Fact]:
    year = {o.order: o.at.year for o in orders}
    many, late = Counter(year.values()), Counter(year[e.order] for e in found.late)
    scrapped: Counter[int] = Counter()
    for e in events:
        scrapped[year[e.order]] += int(e.scrap)
    return [
        equal(f"orders of {y}, late ones, units scrapped", expected, (many[y], late[y], scrapped[y]))
        for y, expected in YEARS.items()
    ]


def _scrap(events: Sequence[Event]) -> list[Fact]:
    found = pareto(events, "reason", "scrap")
    amounts = {row.name: int(row.amount) for row in found}
    return [
        equal("units put away", 4497070, int(sum(e.good for e in events))),
        equal("units scrapped", 10651, sum(amounts.values())),
        equal("orders with scrap, each with a reason", 729, sum(row.count for row in found if row.name)),
        equal("reasons of scrap", 16, len(found)),
        equal("the first five of the Pareto, in their order", list(SCRAP.items()), list(amounts.items())[:5]),
        equal("the last of the Pareto", ("Handling damage", 202), list(amounts.items())[-1]),
    ]


def _work(folder: Path, events: Sequence[Event]) -> list[Fact]:
    rate = {r["Name"]: Decimal(r["CostRate"]) for r in rows(folder / "Location.csv.gz")}
    worked = [e for e in events if e.kind == "worked"]
    hours = {u.name: u for u in utilisation(worked, "place")}
    costs = {
        r.name: r.amount for r in pareto(worked, "place", lambda e: Decimal(repr(e.seconds)) * rate[e.place] / HOUR)
    }
    facts = [
        equal("operations", 67131, len(worked)),
        equal("orders with operations", 42625, len({e.order for e in worked})),
        close("hours of work", 228962.2, sum(u.seconds for u in hours.values()) / HOUR, 1),
        close("cost of the routing", 3487969.50, float(sum(costs.values())), 2),
    ]
    for name, (time, count, cost) in CENTRES.items():
        got = (round(hours[name].seconds / HOUR, 1), hours[name].events, round(float(costs[name]), 2))
        facts.append(equal(f"{name}: hours, operations, cost", (float(time), count, float(cost)), got))
    return facts


def _contradictions(orders: Sequence[ReleasedOrder], events: Sequence[Event]) -> list[Fact]:
    doubted = {f.thing for f in doubts_between(events)}
    of = {e.order for e in events if e.uid in doubted}
    due = {o.order: o.due for o in orders}
    late = sum(bool((limit := due[e.order]) and e.at > limit) for e in events if e.kind == "worked")
    return [
        equal("operations that end after their order's end, doubted", 4369, len(doubted)),
        equal("orders of these", 2812, len(of)),
        equal("operations late", 39212, late),
    ]


def _value(movements: Sequence[Any]) -> list[Fact]:
    by = {r.name: r.amount for r in pareto(movements, "cause", "value")}
    return [
        close("value of the work orders at standard cost", 206850616.60, float(sum(by.values())), 2),
        close("value of the scrap", 359947.18, float(by["scrap"]), 2),
    ]


def _sales(lines: Sequence[Any]) -> list[Fact]:
    kept = due_dates([int(d.at.timestamp()) for d in lines], [int(d.due.timestamp()) for d in lines])
    return [
        equal("lines delivered", 121253, len(lines)),
        equal("units delivered", 274776, int(sum(d.quantity for d in lines))),
        equal("lines delivered late", 0, kept.late),
        close("amount of what was delivered", 109809274.20, float(sum(d.quantity * d.price for d in lines)), 0),
    ]


def machine_shop(data: Path) -> tuple[list[Fact], list[str]]:
    """What is known of a machine shop's reports, taken as events: one for each report."""
    reports = rows(data / "log_production_levy" / "production_levy.csv.gz")
    taken = Taken()
    taken.take("events", [_report(i, r) for i, r in enumerate(reports)])
    events = taken.records["events"]
    left = [reports[f.line - 1] for f in {f.line: f for f in taken.faults}.values() if f.line]
    sound = [e for e in events if e.note == "ok"]
    machines, workers = utilisation(sound, "resource"), utilisation(sound, "person")
    spans = sum(float(r["span_minutes"]) for r in left)
    facts = [
        equal("reports", 4543, len(reports)),
        equal("reports that are taken or have a fault", 4543, len(events) + len(left)),
        equal("reports without times, faults", 52, sum(f.field == "at" and f.value is None for f in taken.faults)),
        equal("reports whose length is not the time between start and end", 707, _unequal(events) + _longer(taken)),
        equal("these and no sound ones", 0, _unequal(sound)),
        equal("pieces completed", 92519, _sum(events, "good") + _lost(left, "qty_completed")),
        equal("pieces rejected", 593, _sum(events, "scrap") + _lost(left, "qty_rejected")),
        equal("pieces for review", 105, _sum(events, "rework") + _lost(left, "qty_for_mrb")),
        close("hours, reports with faults too", 13342.97,
              sum(u.seconds for u in utilisation(events)) / HOUR + spans / 60, 2),
        close("hours of sound reports by machine", 12718.03, sum(m.seconds for m in machines) / HOUR, 2),
        close("hours of sound reports by worker", 12718.03, sum(w.seconds for w in workers) / HOUR, 2),
        close("hours of Machine 4 - Turning & Milling, from start to end of reports", 1494, _elapsed(reports), 0),
        equal("machines", 31, len({r["machine"] for r in reports})),
    ]  # fmt: skip
    shown = [f"{u.name}: {u.seconds / HOUR:,.1f} h, {u.events:,} reports" for u in (*machines[:3], *workers[:3])]
    return facts, [*shown, *(f"a fault: {f}" for f in taken.faults[:1])]


def _report(number: int, row: dict[str, str]) -> dict[str, Any]:
    start, end = (datetime.fromisoformat(row[n]) if row[n] else None for n in ("start", "end"))
    return {
        "uid": f"report-{number}", "at": end, "kind": "worked", "order": row["case_id"], "step": row["activity"],
        "resource": row["machine"], "person": row["worker"], "item": row["part_desc"], "start": start,
        "seconds": float(row["span_minutes"]) * 60, "good": row["qty_completed"], "scrap": row["qty_rejected"],
        "rework": row["qty_for_mrb"], "note": row["ts_quality"],
    }  # fmt: skip


def _unequal(events: Sequence[Event]) -> int:
    return sum(bool(e.start) and (e.at - e.start).total_seconds() != e.seconds for e in events if e.start)


def _longer(taken: Taken) -> int:
    return sum(f.field == "seconds" for f in taken.faults)


def _sum(events: Sequence[Event], name: str) -> int:
    return int(sum(getattr(e, name) for e in events))


def _lost(reports: Sequence[dict[str, str]], name: str) -> int:
    return sum(int(float(r[name] or 0)) for r in reports)


def _elapsed(reports: Sequence[dict[str, str]]) -> float:
    """Hours of a machine by the times of its reports instead of what they say their length is."""
    again = Taken()
    timed = [_report(i, r) for i, r in enumerate(reports) if r["start"]]
    again.take("events", [{**r, "seconds": (r["at"] - r["start"]).total_seconds()} for r in timed])
    return next(u.seconds for u in utilisation(again.records["events"]) if u.name == MILL) / HOUR

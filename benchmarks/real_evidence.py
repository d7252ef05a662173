"""Evidence from the files themselves, found without Gemba: the bill of materials walked path by path, and sales whose
lines do not add up to their amount."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from benchmarks.real_facts import rows


def paths_and_quantity(folder: Path, tops: list[str]) -> tuple[int, float]:
    """How many paths lead from the tops down to a component, and the quantity of components over all of them."""
    below: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for r in rows(folder / "BillOfMaterials.csv.gz"):
        if not r["EndDate"] and r["ProductAssemblyID"]:
            below[r["ProductAssemblyID"]].append((r["ComponentID"], float(r["PerAssemblyQty"])))
    paths, quantity, todo = 0, 0.0, [(top, 1.0) for top in tops]
    while todo:
        item, many = todo.pop()
        for component, per in below[item]:
            paths, quantity = paths + 1, quantity + many * per
            todo.append((component, many * per))
    return paths, quantity


@dataclass(frozen=True)
class Missing:
    """What the sales lack: amounts (currency) by the day their work orders would start, and the least price paid."""

    orders: int
    amounts: dict[str, float]
    price: dict[str, float]


def missing_amounts(folder: Path, delay: int) -> Missing:
    """Sales whose lines come to less than their amount. One without any date has that of its neighbours by number."""
    lines: Counter[str] = Counter()
    price: dict[str, float] = defaultdict(float)
    for r in rows(folder / "SalesOrderLine.csv.gz"):
        lines[r["SalesOrderID"]] += float(r["LineTotal"])
        paid = float(r["LineTotal"]) / float(r["OrderQty"])
        price[r["ProductID"]] = min(price.get(r["ProductID"], paid), paid)
    headers = sorted(rows(folder / "SalesOrderHeader.csv.gz"), key=lambda r: int(r["SalesOrderID"]))
    amounts: dict[str, float] = defaultdict(float)
    orders = 0
    for i, header in enumerate(headers):
        lacks = float(header["SubTotal"]) - lines[header["SalesOrderID"]]
        if lacks > 0.02:
            orders += 1
            for day in _days(headers, i):
                amounts[str(day + timedelta(days=delay))] += lacks
    return Missing(orders, amounts, price)


def _days(headers: list[dict[str, str]], i: int) -> set[date]:
    """The order's date; where it has none, those of the orders before and after it."""
    if headers[i]["OrderDate"]:
        return {date.fromisoformat(headers[i]["OrderDate"])}
    before = next((h["OrderDate"] for h in reversed(headers[:i]) if h["OrderDate"]), None)
    after = next((h["OrderDate"] for h in headers[i + 1 :] if h["OrderDate"]), None)
    return {date.fromisoformat(d) for d in (before, after) if d}

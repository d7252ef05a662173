"""The adapter of a company's history gives records, of an invented company here."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import pytest

from gemba.exchange import adapters
from gemba.exchange.records import chunks_from_rows, doubts_between
from gemba.measure.delivery import order_reliability
from gemba.measure.pareto import pareto
from gemba.measure.utilisation import utilisation

pytest.importorskip("duckdb")


def write(folder: Path, table: str, *rows: dict[str, Any]) -> None:
    with gzip.open(folder / f"{table}.csv.gz", "wt", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def order(number: int, stocked: int, scrapped: int, end: str, reason: Any = "") -> dict[str, Any]:
    return {"WorkOrderID": number, "ProductID": 7, "OrderQty": stocked + scrapped, "StockedQty": stocked,
            "ScrappedQty": scrapped, "StartDate": "2026-03-02", "EndDate": end, "DueDate": "2026-03-10",
            "ScrapReasonID": reason}  # fmt: skip


def step(number: int, sequence: int, end: str, hours: float) -> dict[str, Any]:
    return {"WorkOrderID": number, "ProductID": 7, "OperationSequence": sequence, "LocationID": 10 * sequence,
            "ScheduledStartDate": "2026-03-02", "ScheduledEndDate": "2026-03-10", "ActualStartDate": "2026-03-02",
            "ActualEndDate": end, "ActualResourceHrs": hours}  # fmt: skip


@pytest.fixture
def records(tmp_path: Path) -> dict[str, list[Any]]:
    write(tmp_path, "Product", {"ProductID": 7, "StandardCost": 2.5})
    write(tmp_path, "ScrapReason", {"ScrapReasonID": 1, "Name": "Bent"})
    write(tmp_path, "Location", {"LocationID": 10, "Name": "Frames"}, {"LocationID": 20, "Name": "Paint"})
    write(tmp_path, "WorkOrder", order(1, 9, 1, "2026-03-09", 1), order(2, 5, 0, "2026-03-12"))
    write(tmp_path, "WorkOrderRouting", step(1, 1, "2026-03-05", 1.5), step(1, 2, "2026-03-11", 2),
          step(2, 1, "2026-03-02", 1.5))  # fmt: skip
    write(tmp_path, "SalesOrderLine", {
        "SalesOrderID": 4, "LineNumber": 1, "Channel": "internet", "ProductID": 7, "OrderQty": 3, "UnitPrice": 10,
        "UnitPriceDiscount": 0.1, "OrderDate": "2026-03-01", "DueDate": "2026-03-13", "ShipDate": "2026-03-14",
    })  # fmt: skip
    found: dict[str, list[Any]] = {}
    for table, rows in adapters.run_records("adventureworks-records", tmp_path):
        for chunk in chunks_from_rows({table: rows}):
            assert chunk.faults == []
            found.setdefault(table, []).extend(chunk.records)
    return found


def test_orders_end_on_their_day_and_one_of_two_is_late(records: dict[str, list[Any]]) -> None:
    found = order_reliability(records["released_orders"], records["events"])
    assert [e.order for e in found.late] == ["WO-2"]
    assert found.longest == 2 * 86400


def test_work_scrap_and_value_follow_from_the_source(records: dict[str, list[Any]]) -> None:
    hours = {u.name: u.seconds / 3600 for u in utilisation(records["events"], "place") if u.seconds}
    assert hours == {"Frames": 3.0, "Paint": 2.0}
    assert [(r.name, r.amount) for r in pareto(records["events"], "reason", "scrap")] == [("Bent", 1)]
    assert {r.name: r.amount for r in pareto(records["movements"], "cause", "value")} == {
        "production": 35,
        "scrap": 2.5,
    }
    (line,) = records["deliveries"]
    assert (line.quantity, line.price, line.at > line.due) == (3, 9, True)


def test_work_after_the_end_of_its_order_is_doubted(records: dict[str, list[Any]]) -> None:
    assert [f.thing for f in doubts_between(records["events"])] == ["WO-1-2-worked"]

"""check_real tells data that fit from data that do not, and survives a planner that breaks or does not end."""

from __future__ import annotations

import csv
import gzip
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks import check_real
from benchmarks.real_adventureworks import history
from benchmarks.real_facts import Fact

pytest.importorskip("duckdb")
DAY = date(2026, 3, 2)


def write(folder: Path, table: str, *rows: dict[str, Any]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with gzip.open(folder / f"{table}.csv.gz", "wt", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)


def company(folder: Path, work: dict[tuple[str, int], int]) -> Path:
    """A bicycle of two wheels of 30 spokes each, sold on three days; the lines of the third day's sale are missing."""
    price = {"StandardCost": 1, "ListPrice": 2}
    write(folder, "Product", *(
        {"ProductID": p, "Name": p, "MakeFlag": int(p != "3"), "FinishedGoodsFlag": int(p == "1"), **price}
        for p in "123"
    ))  # fmt: skip
    line = {"StartDate": "2025-01-01", "EndDate": "", "UnitMeasureCode": "EA"}
    past = {**line, "EndDate": "2025-06-01"}
    write(folder, "BillOfMaterials", {"ProductAssemblyID": "", "ComponentID": "1", "PerAssemblyQty": 1, **line},
          {"ProductAssemblyID": "1", "ComponentID": "2", "PerAssemblyQty": 2, **line},
          {"ProductAssemblyID": "2", "ComponentID": "3", "PerAssemblyQty": 30, **line},
          {"ProductAssemblyID": "2", "ComponentID": "3", "PerAssemblyQty": 36, **past})  # fmt: skip
    sale = {"ProductID": "1", "LineTotal": 1000}
    write(folder, "SalesOrderLine",
          {"SalesOrderID": 1, "OrderQty": 10, "OrderDate": DAY, **sale},
          {"SalesOrderID": 2, "OrderQty": 10, "OrderDate": DAY + timedelta(1), **sale})  # fmt: skip
    write(folder, "SalesOrderHeader", *(
        {"SalesOrderID": i + 1, "OrderDate": DAY + timedelta(i) if i < 2 else "", "SubTotal": 1000} for i in range(3)
    ))  # fmt: skip
    write(folder, "WorkOrder", *(
        {"WorkOrderID": n, "ProductID": p, "OrderQty": q, "StartDate": DAY + timedelta(d + 3),
         "EndDate": DAY + timedelta(d + 9)} for n, ((p, d), q) in enumerate(work.items())
    ))  # fmt: skip
    return folder


def broken(facts: list[Fact]) -> list[str]:
    return [fact.name for fact in facts if not fact.ok]


GOOD = {("1", 0): 10, ("2", 0): 20, ("1", 1): 10, ("2", 1): 20}


def test_a_history_that_follows_from_its_sales_holds_every_fact(tmp_path: Path) -> None:
    facts = history(company(tmp_path, GOOD))
    assert broken(facts) == []
    assert len(facts) >= 10


def test_a_work_order_of_another_quantity_is_found(tmp_path: Path) -> None:
    assert broken(history(company(tmp_path, {**GOOD, ("2", 0): 19})))


def test_a_work_order_on_a_day_without_a_sale_is_found(tmp_path: Path) -> None:
    assert broken(history(company(tmp_path, {**GOOD, ("1", 5): 1, ("2", 5): 2})))


def test_a_check_that_breaks_or_does_not_end_is_a_fact_that_does_not_hold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(check_real, "CHECKS", {"breaks": breaks, "does not end": does_not_end, "holds": holds})
    assert check_real.main([str(tmp_path), "--limit", "8"]) == 1
    said = capsys.readouterr().out
    assert "ValueError: no such engine" in said
    assert "not done" in said
    assert "1 of 3 facts hold" in said


def breaks(folder: Path, seconds: float) -> Any:
    raise ValueError("no such engine")


def does_not_end(folder: Path, seconds: float) -> Any:
    time.sleep(60)


def holds(folder: Path, seconds: float) -> Any:
    return [Fact("it", "1", "1", True)], ["a line"]


@pytest.mark.shared
def test_the_history_of_the_sample_company_is_explained(shared_data: Path) -> None:
    assert broken(history(shared_data / "enterprise" / "adventureworks")) == []

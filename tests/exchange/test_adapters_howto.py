"""The example of the guide "Connect your ERP" works as it stands there."""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from gemba.decide.netting import SCALE, from_operation, solve
from gemba.exchange import adapters
from gemba.operation import Operation

pytest.importorskip("duckdb")
pytest.importorskip("adbc_driver_sqlite")

GUIDE = Path(__file__).parents[2] / "docs" / "howto" / "connect-your-erp.md"


@pytest.fixture(scope="module")
def operation(tmp_path_factory: pytest.TempPathFactory) -> Operation:
    folder = tmp_path_factory.mktemp("guide")
    adapter, source = folder / "our-erp", folder / "monday"
    adapter.mkdir()
    source.mkdir()
    blocks = re.findall(
        r"^\*\*`([\w.]+)`\*\*.*?```\w+\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    for name, text in blocks:
        (adapter / name).write_text(text, encoding="utf-8")
    _export(source)
    return adapters.load(adapter, source, {"today": "2026-03-02"})


def _export(folder: Path) -> None:
    with sqlite3.connect(folder / "erp.db") as database:
        database.executescript("""
            CREATE TABLE article (code TEXT, text TEXT, cost REAL, minutes_per_piece INTEGER, delivery_days INTEGER);
            INSERT INTO article VALUES ('T1', 'Table', 40, 30, NULL), ('L1', 'Leg', 3, NULL, 5);
            INSERT INTO article VALUES ('P1', 'Plate', 9, NULL, 3);
            CREATE TABLE sales_order (no TEXT, article TEXT, qty REAL, due_date TEXT, status TEXT);
            INSERT INTO sales_order VALUES ('S1', 'T1', 10, '2026-03-20', 'open');
            INSERT INTO sales_order VALUES ('S0', 'T1', 1, '2026-02-20', 'done');
        """)
    (folder / "stock_a.csv").write_text("Article;Quantity\nL1;15\n")
    (folder / "stock_b.csv").write_text("Article;Quantity\nL1;5\nT1;2\n")
    book = xlsxwriter.Workbook(folder / "parts.xlsx")
    sheet = book.add_worksheet("Parts lists")
    for i, row in enumerate([["Article", "Part", "Quantity"], ["T1", "L1", 4], ["T1", "P1", 1]]):
        sheet.write_row(i, 0, row)
    book.close()


def test_the_example_reads_from_the_database_the_csv_files_and_the_workbook(operation: Operation) -> None:
    assert [(d.name, d.item, d.quantity, d.due) for d in operation.demands] == [
        ("S1", "T1", 10.0, datetime(2026, 3, 20, tzinfo=UTC))
    ]
    assert {(s.item, s.place): s.quantity for s in operation.stocks} == {
        ("L1", "Workshop"): 20.0,
        ("T1", "Workshop"): 2.0,
    }
    assert {(i.process, i.item): i.quantity for i in operation.step_items} == {
        ("Make T1", "L1"): 4.0,
        ("Make T1", "P1"): 1.0,
    }
    assert operation.steps[0].time_per_unit == 30 * 60
    assert {o.name: o.lead_time for o in operation.supply_options if o.kind == "buy"} == {
        "Buy L1": 5 * 86400, "Buy P1": 3 * 86400,
    }  # fmt: skip


def test_the_example_can_be_planned(operation: Operation) -> None:
    netting = from_operation(operation)
    result = solve(netting.problem)
    planned = {netting.keys[i][0]: q / SCALE for i, q in enumerate(result.due.sum(axis=1))}
    assert planned == {"T1": 8.0, "L1": 12.0, "P1": 8.0}

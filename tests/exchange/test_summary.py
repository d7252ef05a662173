"""The summary for the terminal, and the plan as a workbook."""

from __future__ import annotations

from pathlib import Path

from python_calamine import CalamineWorkbook

from gemba.exchange import summary, write_plan_workbook
from gemba.exchange.summary import days_text
from gemba.operation import Demand, Objective, Operation, Plan, Problem, Resource
from tests.measure.facts import at, local, plan, shop


def text() -> str:
    found = plan()
    found.objective = Objective(value=4.5, bound=3.0, stock=1234.0, cost=99.5)
    return summary(shop(), found)


def test_the_summary_counts_what_is_on_time_late_and_short() -> None:
    assert "3: 1 on time, 1 late, 1 short" in text()


def test_the_summary_says_how_far_from_the_best_the_plan_is_at_most() -> None:
    assert "4.5 days of weighted tardiness (bound 3: at most 33.3% from the best possible)" in text()


def test_a_plan_that_reaches_its_bound_is_the_best_possible() -> None:
    found = plan()
    found.objective = Objective(value=3.0, bound=3.0)
    assert "(bound 3: the best possible)" in summary(shop(), found)


def test_the_summary_gives_each_late_demand_its_reason() -> None:
    lines = text().splitlines()
    (i,) = [i for i, line in enumerate(lines) if line.strip().startswith("Late ") and "1 d late" in line]
    assert lines[i + 1].strip() == "Late waits for the saw."


def test_the_summary_names_stock_cost_and_load() -> None:
    assert "1,234 unit-days" in text()
    assert "EUR 99.50" in text()
    assert "Saw" in text()


def test_short_demands_come_before_late_ones() -> None:
    assert text().index("3 of 5 short") < text().index("1 d late")


def test_at_most_ten_demands_are_listed() -> None:
    demands = tuple(Demand(name=f"D-{i}", item="Chair", quantity=1, due=local(24)) for i in range(25))
    found = summary(shop(demands=demands), Plan("Shop", at(23, 6)))
    assert found.count("short") == 1 + 1 + 10
    assert "... and 15 more" in found


def test_no_line_is_longer_than_a_hundred_columns() -> None:
    name = "A name that goes on and on " * 8
    operation = shop(resources=(Resource(name=name[:100]), Resource(name="Saw"), Resource(name="Oven")),
                     demands=(Demand(name=name, item="Chair", quantity=1, due=local(24)),))  # fmt: skip
    found = Plan("Shop " * 40, at(23, 6), problems=[Problem("data", "x", name)], violations=[name])
    assert max(len(line) for line in summary(operation, found).splitlines()) <= 100


def test_lengths_of_time_are_told_in_two_units() -> None:
    assert [days_text(s) for s in (45, 60, 3600, 4800, 86400, 187200)] == [
        "45 s", "1 min", "1 h", "1 h 20 min", "1 d", "2 d 4 h"]  # fmt: skip


def sheets(operation: Operation, tmp_path: Path) -> dict[str, list[list[object]]]:
    write_plan_workbook(operation, plan(), tmp_path / "plan.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "plan.xlsx")
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_the_workbook_has_a_sheet_for_each_side_of_the_plan(tmp_path: Path) -> None:
    found = sheets(shop(), tmp_path)
    assert list(found) == ["summary", "demands", "orders", "tasks", "load", "stock", "problems", "reasons"]
    assert [len(rows) for rows in found.values()] == [9, 4, 3, 3, 5, 8, 1, 3]


def test_the_workbook_shows_local_dates_and_days_late(tmp_path: Path) -> None:
    header, *rows = sheets(shop(), tmp_path)["demands"]
    late = dict(zip(header, rows[1], strict=True))
    assert str(late["last delivery"]) == "2026-11-25 12:00:00"
    assert (late["lateness (days)"], late["status"], late["main cause"]) == (1.0, "late", "closed Shift")


def test_no_cell_of_the_workbook_starts_a_formula(tmp_path: Path) -> None:
    demand = Demand(name="=HYPERLINK(1)", item="Chair", quantity=1, due=local(24))
    found = plan()
    found.deliveries = []
    write_plan_workbook(shop(demands=(demand,)), found, tmp_path / "plan.xlsx")
    cells = CalamineWorkbook.from_path(tmp_path / "plan.xlsx").get_sheet_by_name("demands").to_python()
    assert cells[1][0] == "'=HYPERLINK(1)"

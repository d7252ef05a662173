"""A plan as a workbook: what a planner opens, filters and mails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from gemba.exchange.quoting import quote
from gemba.exchange.summary import load_by_resource, measure_lines
from gemba.measure.load import load
from gemba.measure.service import demand_results
from gemba.measure.stock import projected_stock
from gemba.operation import Operation, Plan
from gemba.operation.moments import local

_MOST_ROWS = 1_048_570
_DAY = 86400
Row = Sequence[Any]


def write_plan_workbook(operation: Operation, plan: Plan, path: str | Path) -> None:
    """Write summary, demands, orders, tasks, load, stock, problems and reasons as sheets of one workbook.

    Dates are local times of the operation's zone. A table longer than a sheet ends with a row that says so.

    Raises:
        OSError: where the file cannot be written.
    """
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    try:
        book.set_properties({"title": f"{operation.name}: plan", "created": local(plan.now, "")})
        writer = _Writer(book)
        zone = operation.settings.zone
        writer.sheet("summary", ("measure", "value"), _summary_rows(operation, plan), (34, 66))
        writer.sheet("demands", _DEMANDS, _demand_rows(operation, plan, zone))
        writer.sheet("orders", _ORDERS, _order_rows(plan, zone))
        writer.sheet("tasks", _TASKS, _task_rows(plan, zone))
        writer.sheet("load", _LOAD, _load_rows(operation, plan, zone))
        writer.sheet("stock", ("item", "place", "from", "level"), _stock_rows(operation, plan, zone))
        writer.sheet("problems", ("kind", "subject", "message", "quantity", "from", "until"), _problem_rows(plan, zone))
        writer.sheet("reasons", _REASONS, _reason_rows(plan, zone))
    finally:
        book.close()


_DEMANDS = ("demand", "item", "place", "customer", "priority", "quantity", "due", "delivered", "last delivery",
            "lateness (days)", "slack (days)", "status", "main cause", "reason")  # fmt: skip
_ORDERS = (
    "id",
    "kind",
    "item",
    "place",
    "quantity",
    "start",
    "end",
    "state",
    "option",
    "process",
    "supplier",
    "origin",
)
_TASKS = ("order", "step", "resources", "start", "end", "set-up (h)", "quantity", "state")
_LOAD = ("resource", "day", "hours of work", "hours available", "load")
_REASONS = ("demand", "cause", "subject", "from", "until", "hours", "order", "step", "behind")


def _at(seconds: int | None, zone: str) -> datetime | None:
    return None if seconds is None else local(seconds, zone).replace(tzinfo=None)


def _summary_rows(operation: Operation, plan: Plan) -> Iterator[Row]:
    yield from measure_lines(operation, plan)
    for row in load_by_resource(load(operation, plan))[:20]:
        yield f"load of {row.resource}", f"{row.hours:,.1f} h of {row.available:,.1f} h"
    for violation in plan.violations:
        yield "violation", violation


def _demand_rows(operation: Operation, plan: Plan, zone: str) -> Iterator[Row]:
    for r in demand_results(operation, plan):
        yield (r.demand, r.item, r.place, r.customer, r.priority, r.quantity, _at(r.due, zone), r.delivered,
               _at(r.last, zone), r.lateness / _DAY, r.slack / _DAY, r.status, r.cause, r.reason)  # fmt: skip


def _order_rows(plan: Plan, zone: str) -> Iterator[Row]:
    for o in plan.orders:
        yield (o.id, o.kind, o.item, o.place, o.quantity, _at(o.start, zone), _at(o.end, zone), o.state, o.option,
               o.process, o.supplier, o.origin)  # fmt: skip


def _task_rows(plan: Plan, zone: str) -> Iterator[Row]:
    for t in plan.tasks:
        names = ", ".join(name if units == 1 else f"{name} ({units:g})" for name, units in t.resources)
        yield t.order, t.step, names, _at(t.start, zone), _at(t.end, zone), t.setup / 3600, t.quantity, t.state


def _load_rows(operation: Operation, plan: Plan, zone: str) -> Iterator[Row]:
    for row in load(operation, plan):
        if row.hours:
            share = row.share if row.available else None
            yield row.resource, _at(row.start, zone), row.hours, row.available, share


def _stock_rows(operation: Operation, plan: Plan, zone: str) -> Iterator[Row]:
    for (item, place), levels in projected_stock(operation, plan).items():
        for at, level in levels:
            yield item, place, _at(at, zone), level


def _problem_rows(plan: Plan, zone: str) -> Iterator[Row]:
    for p in plan.problems:
        yield p.kind, p.subject, p.message, p.quantity, _at(p.start, zone), _at(p.end, zone)


def _reason_rows(plan: Plan, zone: str) -> Iterator[Row]:
    for reason in plan.reasons:
        for p in reason.parts:
            yield (reason.demand, p.cause, p.subject, _at(p.start, zone), _at(p.end, zone), p.seconds / 3600, p.order,
                   p.step, ", ".join(p.behind))  # fmt: skip


class _Writer:
    """Writes sheets of one look."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bg_color": "#1F3A4D", "font_color": "#FFFFFF"})
        self.date = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self.number = book.add_format({"num_format": "#,##0.###"})

    def sheet(self, name: str, header: Row, rows: Iterable[Row], widths: Sequence[int] = ()) -> None:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        wide = [max(len(str(h)) + 2, 10) for h in header]
        for i, title in enumerate(header):
            sheet.write_string(0, i, title, self.head)
        count = 0
        for count, row in enumerate(rows, 1):
            if count > _MOST_ROWS:
                sheet.write_string(count, 0, "... and more: the JSON file has all rows")
                break
            for i, value in enumerate(row):
                self._cell(sheet, count, i, value)
                if count < 200 and value is not None:
                    wide[i] = max(wide[i], 16 if isinstance(value, datetime) else min(len(str(value)) + 2, 60))
        for i, width in enumerate(widths or wide):
            sheet.set_column(i, i, width)
        if count:
            sheet.autofilter(0, 0, min(count, _MOST_ROWS), len(header) - 1)

    def _cell(self, sheet: Any, row: int, i: int, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            sheet.write_datetime(row, i, value, self.date)
        elif isinstance(value, int | float):
            sheet.write_number(row, i, value, self.number)
        else:
            sheet.write_string(row, i, quote(str(value))[:32_767])

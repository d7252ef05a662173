"""Capacity: load of each resource by day or week, in per cent of the hours it is there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from gemba.app.web import sheets
from gemba.app.web.formats import when
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import table
from gemba.measure.load import Load

PERIODS = 14
HEADS = [
    ("resource", "Resource"),
    ("start@", "From"),
    ("end@", "Until"),
    ("hours", "Hours of work"),
    ("available", "Available hours"),
    ("percent", "Load (%)"),
]


@screen("capacity", "Capacity")
def capacity(request: HttpRequest, shell: Shell) -> HttpResponse:
    by = "week" if request.GET.get("by") == "week" else "day"
    shell.json("load", period=by)
    loads = shell.seen.loads[by]
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Capacity", HEADS, map(_record, loads), shell.zone)
    found = table(request.GET.dict(), _by_resource(loads), [], search=("resource",))
    count, first = max((len(r["loads"]) for r in found.every), default=0), _whole(request.GET.get("from", ""))
    first = max(0, min(first, count - 1))
    return shell.page(
        "capacity.html",
        table=found,
        by=by,
        exports=sheets.links(request),
        heat=heat(shell, found.rows, by, first, PERIODS),
        earlier=_moved(request, first - PERIODS) if first else "",
        later=_moved(request, first + PERIODS) if first + PERIODS < count else "",
    )


def busiest(shell: Shell, most: int, periods: int) -> dict[str, Any]:
    """The heat map of the resources with the highest load in the first periods."""
    rows = _by_resource(shell.seen.loads["day"])
    rows.sort(key=lambda row: -load_of(row["loads"][:periods]))
    return heat(shell, [r for r in rows if any(one.hours for one in r["loads"])][:most], "day", 0, periods)


def load_of(loads: list[Load]) -> float:
    """Hours of work against hours there, over all the periods."""
    there = sum(one.available for one in loads)
    return sum(one.hours for one in loads) / there if there else 0.0


def heat(shell: Shell, rows: list[dict[str, Any]], by: str, first: int, count: int) -> dict[str, Any]:
    """A row for each resource, a column for each period."""
    pattern = "%d %b" if by == "day" else "W%V"
    periods = [when(one.start, shell.zone, pattern) for one in rows[0]["loads"][first : first + count]] if rows else []
    return {
        "periods": periods,
        "rows": [
            {"resource": r["resource"], "cells": [_cell(shell, one) for one in r["loads"][first : first + count]]}
            for r in rows
        ],
    }


def _cell(shell: Shell, one: Load) -> dict[str, Any]:
    if not one.available and not one.hours:
        return {"percent": None, "level": "none"}
    percent = round(100 * one.share) if one.available else "∞"
    title = f"{one.resource}, {when(one.start, shell.zone, '%a %d %b')}: {one.hours:.1f} of {one.available:.1f} h"
    return {
        "percent": percent,
        "level": _level(one.share),
        "title": title,
        "url": shell.to.to("board", t0=one.start, t1=one.end),
    }


def _level(share: float) -> str:
    if share > 1.0005:
        return "over"
    return "high" if share >= 0.9 else "some" if share >= 0.6 else "low"


def _by_resource(loads: list[Load]) -> list[dict[str, Any]]:
    found: dict[str, list[Load]] = {}
    for one in loads:
        found.setdefault(one.resource, []).append(one)
    return [{"resource": name, "loads": ones} for name, ones in found.items()]


def _record(one: Load) -> dict[str, Any]:
    return {
        "resource": one.resource,
        "start": one.start,
        "end": one.end,
        "hours": round(one.hours, 3),
        "available": round(one.available, 3),
        "percent": round(100 * one.share, 1) if one.available else None,
    }


def _moved(request: HttpRequest, first: int) -> str:
    query = request.GET.copy()
    query["from"] = str(max(0, first))
    return f"?{query.urlencode()}"


def _whole(text: str) -> int:
    return int(text) if text.isdigit() else 0

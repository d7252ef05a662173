"""The cockpit's tiles of what was measured: the operation's main KPIs over the last days, where anything was recorded."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from gemba.app.queries import kpi_course as queries
from gemba.app.queries.current import current
from gemba.app.queries.kpis import Filters
from gemba.app.security.permission import may
from gemba.app.security.scope import inside_of
from gemba.app.store.quick import ask
from gemba.app.store.records import stored
from gemba.app.web.kpi_parts import number, unit_of
from gemba.app.web.shell import Shell
from gemba.measure.kpi import evaluate
from gemba.operation.moments import moment

DAYS = 30
#: KPI and what its tile is called.
TILES = {
    "on time in full to promise": "Delivered on time in full",
    "first pass yield": "First pass yield",
    "mean throughput time": "Mean throughput time",
}
_ANY = " UNION ALL ".join(
    f"SELECT 1 WHERE EXISTS (SELECT 1 FROM {t} WHERE operation = %s)" for t in ("events", "movements", "deliveries")
)
OEE = "overall equipment effectiveness"


def tiles(shell: Shell, bottleneck: str) -> list[dict[str, Any]]:
    """Tiles of those figures that have a value; none without any record."""
    name, user = shell.dataset.name, shell.request.user
    found = [_attention(shell)] if shell.attention else []
    if not ask(_ANY, name, name, name):
        return found
    measures = queries.Measures(current(name).operation)
    place, end = queries.within(measures.operation, user, ""), measures.today + timedelta(days=1)
    start = end - timedelta(days=DAYS)
    wanted = [*TILES, *(["inventory turns"] if may(user, "see_cost") else [])]
    of = measures.figures(wanted, (), start, end, Filters(place))
    days = {"from": start.isoformat(), "to": measures.today.isoformat(), "place": place}
    for kpi, title in TILES.items():
        figure = next(iter(of[kpi].values()), None)
        found += _tile(shell, kpi, title, figure.value if figure else None, days, measures)
    if "inventory turns" in of and (figure := next(iter(of["inventory turns"].values()), None)):
        value = evaluate(measures.known, "average_inventory", figure.elements).value
        if value:
            found.append(
                _made(shell, "inventory turns", "Inventory value", number(value), "currency", "on average", days)
            )
    if may(user, "see_cost") and not place and (scrap := _scrap(name, measures.slices.midnight(start))):
        found.append(_scrapped(shell, scrap, start.isoformat()))
    if any(
        r.name == bottleneck and (not place or r.place in _inside(measures, place))
        for r in measures.operation.resources
    ):
        filters = Filters(place, resource=bottleneck)
        figure = measures.figure(OEE, start, end, filters)
        worked = figure is not None and figure.elements.get(
            "PRI_PQ"
        )  # without planned run times it would be 0, and say nothing
        value = figure.value if figure and worked else None
        found += _tile(shell, OEE, f"OEE of {bottleneck}", value, {**days, "resource": bottleneck}, measures)
    return found


def _scrap(name: str, since: int) -> Decimal:
    """What was scrapped since a moment, less what was reversed, at the value it had."""
    of = stored(name, "movements").filter(at__gte=moment(since)).order_by()
    there, back = (of.filter(**{end: "scrap"}).aggregate(sum=Sum("value"))["sum"] for end in ("to_kind", "from_kind"))
    return (there or Decimal(0)) - (back or Decimal(0))


def _scrapped(shell: Shell, value: Decimal, since: str) -> dict[str, Any]:
    return {
        "name": "Scrap cost", "value": number(float(value)), "unit": unit_of("currency", shell.operation.currency),
        "note": f"last {DAYS} days", "tone": "", "url": shell.to.to("movements", cause="scrap", **{"from": since}),
    }  # fmt: skip


def _inside(measures: queries.Measures, place: str) -> set[str]:
    return set(inside_of([place], {p.name: p.parent for p in measures.operation.places}))


def _attention(shell: Shell) -> dict[str, Any]:
    count = shell.attention
    return {
        "name": "Targets off track", "value": count, "unit": "", "note": "▲ that you must know of", "tone": "late",
        "url": shell.to.to("targets", mine="1", state="alarming"),
    }  # fmt: skip


def _tile(
    shell: Shell, kpi: str, title: str, value: float | None, query: dict[str, str], measures: queries.Measures
) -> list[dict[str, Any]]:
    if value is None:
        return []
    unit = measures.known.kpis[kpi].unit
    return [_made(shell, kpi, title, number(value, unit), unit, "", query)]


def _made(
    shell: Shell, kpi: str, title: str, text: str, unit: str, words: str, query: dict[str, str]
) -> dict[str, Any]:
    note = ", ".join(w for w in (words, f"last {DAYS} days") if w)
    return {
        "name": title, "value": text, "unit": unit_of(unit, shell.operation.currency), "note": note, "tone": "",
        "url": shell.to.to("kpi_records", kpi, **query),
    }  # fmt: skip

"""Projected stock: how much of each item lies at each place if the plan is carried out."""

from __future__ import annotations

from bisect import bisect_right
from math import inf
from typing import Any

from django.http import HttpRequest, HttpResponse

from gemba.app.web import sheets
from gemba.app.web.charts import spark, stock_chart
from gemba.app.web.seen import Seen
from gemba.app.web.shell import Shell, screen
from gemba.app.web.tables import Column, table

COLUMNS = [
    Column("item", "Item"),
    Column("place", "Place"),
    Column("on_hand", "On hand", number=True),
    Column("minimum", "Lowest", number=True),
    Column("safety", "Safety stock", number=True),
    Column("last", "At the end", number=True),
    Column("tag", "State", order="badness"),
    Column("out", "Since"),
]
HEADS = [
    ("item", "Item"),
    ("place", "Place"),
    ("unit", "Unit"),
    ("on_hand", "On hand"),
    ("minimum", "Lowest"),
    ("safety", "Safety stock"),
    ("last", "At the end"),
    ("tag", "State"),
    ("out@", "Since"),
]
STATES = {"": "Every item", "out": "Runs out", "below": "Below safety stock", "enough": "Enough"}
MOVES_SHOWN, NOISE = 30, 1e-6


@screen("stock", "Projected stock")
def stock(request: HttpRequest, shell: Shell) -> HttpResponse:
    shell.json("stock", item=request.GET.get("item"), place=request.GET.get("place"))
    every, state = rows(shell), request.GET.get("state", "")
    chosen = [r for r in every if not state or r["state"] == state]
    found = table(request.GET.dict(), chosen, COLUMNS, search=("item", "place"), sort="tag", filters=("state",))
    if kind := sheets.wanted(request):
        return sheets.download(kind, "Projected stock", HEADS, found.every, shell.zone)
    for row in found.rows:
        row["spark"] = spark(shell.seen.stock[row["key"]], shell.seen.plan.now, shell.seen.end)
    return shell.page(
        "stock.html",
        table=found,
        rows=found.rows,
        exports=sheets.links(request),
        states=[{"value": value, "text": text} for value, text in STATES.items()],
        **_chart(request, shell, found.rows),
    )


def rows(shell: Shell) -> list[dict[str, Any]]:
    """A row for each item and place with its level, the lowest and since when it is too low."""
    view = shell.seen
    units = {item.name: item.unit for item in view.operation.items}
    safety = safety_stocks(view)
    unlimited = {(p.item, p.place) for p in view.operation.stock_policies if p.supply == "unlimited"}
    return [
        _row(key, levels, units.get(key[0], ""), safety.get(key, 0.0), shell)
        for key, levels in view.stock.items()
        if key not in unlimited
    ]


def safety_stocks(view: Seen) -> dict[tuple[str, str], float]:
    return {(p.item, p.place): p.safety_stock for p in view.operation.stock_policies}


def _row(
    key: tuple[str, str], levels: list[tuple[int, float]], unit: str, safety: float, shell: Shell
) -> dict[str, Any]:
    lowest = min(level for _, level in levels)
    state, tag, tone, since = _state(levels, lowest, safety)
    return {
        "key": key,
        "item": key[0],
        "place": key[1],
        "unit": unit,
        "on_hand": levels[0][1],
        "minimum": lowest,
        "safety": safety or None,
        "last": levels[-1][1],
        "state": state,
        "tag": tag,
        "tone": tone,
        "out": since,
        "badness": {"out": 0, "below": 1, "enough": 2}[state],
        "url": shell.to.to("stock", item=key[0], place=key[1]) + "#chart",
    }


def _state(levels: list[tuple[int, float]], lowest: float, safety: float) -> tuple[str, str, str, int | None]:
    """State, tag, tone and since when: negative is out of stock; below the safety stock is thin."""
    if lowest < -NOISE:
        return "out", "runs out", "late", next(at for at, level in levels if level < -NOISE)
    if safety and lowest < safety - NOISE:
        return "below", "below safety", "thin", next(at for at, level in levels if level < safety - NOISE)
    return "enough", "enough", "", None


def _chart(request: HttpRequest, shell: Shell, shown: list[dict[str, Any]]) -> dict[str, Any]:
    """The chart of the item the address names, else of the first row."""
    view = shell.seen
    key = (request.GET.get("item", ""), request.GET.get("place", ""))
    if key not in view.stock:
        if not shown:
            return {}
        key = shown[0]["key"]
    levels, safety = view.stock[key], safety_stocks(view).get(key, 0.0)
    unit = next((item.unit for item in view.operation.items if item.name == key[0]), "")
    lowest = min(level for _, level in levels)
    now, last = levels[0][1], levels[-1][1]
    words = f"Stock of {key[0]} over time: {now:g} {unit} on hand, at the lowest {lowest:g}, at the end {last:g}"
    chart = {
        **stock_chart(levels, view.plan.now, view.end, safety, view.zone),
        "item": key[0],
        "place": key[1],
        "unit": unit,
        "words": words,
        "chosen": "item" in request.GET,
    }
    moves = _moves(shell, key, levels)
    return {"chart": chart, "moves": moves[:MOVES_SHOWN], "moves_left": max(0, len(moves) - MOVES_SHOWN)}


def _moves(shell: Shell, key: tuple[str, str], levels: list[tuple[int, float]]) -> list[dict[str, Any]]:
    """What comes and goes, each with the order or demand behind it."""
    view, now = shell.seen, shell.seen.plan.now
    found = [_move(shell, f.at, f.quantity, f.order, f.step) for f in view.plan.flows if (f.item, f.place) == key]
    for delivery in view.plan.deliveries:
        result = view.result.get(delivery.demand)
        if result and (result.item, result.place) == key:
            url = shell.to.demand(delivery.demand)
            found.append(
                {
                    "at": delivery.date,
                    "quantity": -delivery.quantity,
                    "by": f"delivery to {delivery.demand}",
                    "url": url,
                }
            )
    found.sort(key=lambda move: move["at"])
    for move in found:
        at = bisect_right(levels, (max(move["at"], now), inf)) - 1
        move["level"] = levels[at][1]
    return found


def _move(shell: Shell, at: int, quantity: float, order: str, step: str) -> dict[str, Any]:
    url = shell.to.board(order, step=step) if order in shell.seen.tasks else ""
    return {"at": at, "quantity": quantity, "by": " ".join(filter(None, (order, step))), "url": url}

"""Genealogy in the database: what a lot went into or came from, over every level, in one recursive question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from gemba.app.store.models import RECORD_MODELS
from gemba.app.store.records import read
from gemba.execute.ledger.accounts import Key
from gemba.execute.ledger.balances import Balance
from gemba.execute.ledger.genealogy import YIELDS, Link, Lot, Trace, trace, whereabouts

_CAUSES = ", ".join(f"'{cause}'" for cause in YIELDS)
_USED = "{0}.to_kind = 'wip' AND {0}.corrects = ''"
_MADE = f"{{0}}.from_kind = 'wip' AND {{0}}.cause IN ({_CAUSES})"
_REVERSED = (
    'EXISTS (SELECT 1 FROM movements c WHERE c.operation = {0}.operation AND c."order" = {0}."order" '
    "AND c.corrects = {0}.uid)"
)


def _question(near: str, far: str, near_order: str, seeds: int) -> str:
    """From lots over the orders near to them to the lots at the other side of these; each pair of them once."""
    orders = ", ".join(["%s"] * seeds)
    # SQLite takes a recursion for a million rows and would scan whole indexes for it, unless told that there are few.
    few = "likelihood(r.lot <> '', 0.000001)" if connection.vendor == "sqlite" else "r.lot <> ''"
    seeded = f"""
    UNION SELECT m.item, m.lot, CAST('' AS text), CAST('' AS text), m."order" FROM movements m
      WHERE m.operation = %s AND m."order" IN ({orders}) AND {far.format("m")} AND NOT {_REVERSED.format("m")}"""
    return f"""
WITH RECURSIVE reach(item, lot, from_item, from_lot, through) AS (
  SELECT * FROM (
    SELECT CAST(%s AS text) AS item, CAST(%s AS text) AS lot, CAST('' AS text), CAST('' AS text), CAST('' AS text)
    {seeded if seeds else ""}
  ) AS start
  UNION
  SELECT COALESCE(b.item, ''), COALESCE(b.lot, ''), r.item, r.lot, a.{near_order}
  FROM reach r
  JOIN movements a ON a.operation = %s AND a.lot = r.lot AND a.item || '' = r.item AND {near.format("a")}
    AND NOT {_REVERSED.format("a")}
  LEFT JOIN movements b ON b.operation = a.operation AND b."order" = a.{near_order} AND {far.format("b")}
    AND NOT {_REVERSED.format("b")}
  WHERE {few}
)
SELECT item, lot, from_item, from_lot, through FROM reach WHERE through <> ''
"""


def trace_lot(operation: str, lot: Lot, *, back: bool = False) -> Trace:
    """What a lot went into (``back``: what it was made from), as ``gemba.execute.ledger.genealogy.trace`` has it.

    One question, and one more for each generation of orders that split or rework those found.
    """
    kin: dict[str, list[str]] = {}
    seeds: list[str] = []
    while True:
        rows = _ask(operation, lot, seeds, back)
        new = _kin(operation, {row[4] for row in rows}, kin, back)
        if not new:
            return trace(lot, _links(rows, kin, back), back=back)
        seeds += new


def _ask(operation: str, lot: Lot, seeds: Sequence[str], back: bool) -> list[Any]:
    ends = (_MADE, _USED, "from_name") if back else (_USED, _MADE, "to_name")
    seeded = [operation, *seeds] if seeds else []
    with connection.cursor() as cursor:
        cursor.execute(_question(*ends, len(seeds)), [lot.item, lot.lot, *seeded, operation])
        return list(cursor.fetchall())


def _kin(operation: str, orders: set[str], kin: dict[str, list[str]], back: bool) -> list[str]:
    """Orders split from these or reworking them (``back``: what these come from), over every generation; new ones."""
    near, far = ("order", "parent") if back else ("parent", "order")
    released = RECORD_MODELS["released_orders"].objects.filter(operation=operation).exclude(parent="")
    new: set[str] = set()
    edge = orders - kin.keys()
    while edge:
        kin.update((order, []) for order in edge)
        for one, other in released.filter(**{f"{near}__in": edge}).values_list(near, far):
            kin[one].append(other)
            new.add(other)
        edge = new - kin.keys()
    return sorted(new)


def _links(rows: Iterable[Sequence[str]], kin: dict[str, list[str]], back: bool) -> list[Link]:
    near: dict[str, dict[Lot, None]] = {}  # lots by the order they lead to
    far: dict[str, dict[Lot, None]] = {}
    for item, lot, from_item, from_lot, order in rows:
        if from_item:
            near.setdefault(order, {})[Lot(from_item, from_lot)] = None
        if item:
            far.setdefault(order, {})[Lot(item, lot)] = None
    found: dict[Link, None] = {}
    for order, lots in near.items():
        for other in _all_kin(order, kin):
            for a in lots:
                for b in far.get(other, ()):
                    found[Link(b, order, a) if back else Link(a, other, b)] = None
    return list(found)


def _all_kin(order: str, kin: dict[str, list[str]]) -> list[str]:
    found = [order]
    for one in found:
        found.extend(other for other in kin.get(one, ()) if other not in found)
    return found


def where_lots_are(operation: str, lots: Iterable[Lot]) -> dict[Key, Balance]:
    """Where what is left of these lots is: the recall list."""
    wanted = [lot for lot in lots if lot.lot]
    numbers, found = sorted({lot.lot for lot in wanted}), []
    for i in range(0, len(numbers), 500):
        found += read(operation, "movements", lot__in=numbers[i : i + 500])
    return whereabouts(wanted, found)

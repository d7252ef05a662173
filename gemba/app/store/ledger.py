"""The ledger in the database: balances of stores as of any moment, from the last checkpoint and what came after it.

The questions are the same for every database. What they answer is what ``gemba.execute.ledger.balances`` makes of
the movements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from gemba.app.store import values
from gemba.app.store.quick import ask
from gemba.execute.ledger import Account, Balance, Key
from gemba.operation.noun import EXACT

#: Items in one question, and up to how many of them are asked for by their names: then all are, which is quicker.
_ASKED, _MOST = 1000, 5000
_BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)

_BALANCES = """
SELECT item, place, lot, CAST(SUM(q) AS BIGINT), CAST(SUM(v) AS BIGINT), MIN(since), MAX(expires) FROM (
  SELECT item, place, lot, quantity AS q, value AS v, since, expires FROM stock_balances
    WHERE checkpoint_id = %s {items}
  UNION ALL
  SELECT item, to_name AS place, lot, quantity AS q, value AS v, at AS since, expires FROM movements
    WHERE operation = %s AND to_kind = 'store' AND at >= %s AND at {upto} %s {items}
  UNION ALL
  SELECT item, from_name AS place, lot, -quantity AS q, -value AS v, NULL AS since, NULL AS expires FROM movements
    WHERE operation = %s AND from_kind = 'store' AND at >= %s AND at {upto} %s {items}
) AS changes GROUP BY item, place, lot HAVING SUM(q) <> 0 OR SUM(v) <> 0
"""


def stock_at(
    operation: str, at: datetime, items: Iterable[str] | None = None, *, before: bool = False
) -> dict[Key, Balance]:
    """Balances of the stores at this moment, what happened at it included (``before``: excluded).

    ``items``: only these; None: all.
    """
    if items is None:
        return _asked(operation, at, None, before)
    wanted = sorted(set(items))
    if len(wanted) > _MOST:
        chosen = set(wanted)
        return {key: found for key, found in _asked(operation, at, None, before).items() if key.item in chosen}
    portions = [wanted[i : i + _ASKED] for i in range(0, len(wanted), _ASKED)]
    return {key: found for some in portions for key, found in _asked(operation, at, some, before).items()}


def _asked(operation: str, at: datetime, items: Sequence[str] | None, before: bool) -> dict[Key, Balance]:
    with connection.cursor() as cursor:
        cursor.execute(*balances_sql(operation, at, items, before=before))
        return dict(map(_balance, cursor.fetchall()))


def balances_sql(
    operation: str, at: datetime, items: Sequence[str] | None, *, before: bool = False
) -> tuple[str, list[Any]]:
    """The question for balances, with its arguments: columns item, place, lot, quantity, value, since, expires."""
    number, since = latest_checkpoint(operation, at)
    names = list(items or ())
    filtered = f"AND item IN ({', '.join(['%s'] * len(names))})" if items is not None else ""
    moved = [operation, moment(since), moment(at), *names]
    sql = _BALANCES.format(items=filtered, upto="<" if before else "<=")
    return sql, [number, *names, *moved, *moved]


def latest_checkpoint(operation: str, at: datetime) -> tuple[int, datetime]:
    """Number and moment of the last checkpoint that is not after this moment; (0, the beginning) where there is none."""
    found = ask(
        "SELECT id, at FROM stock_checkpoints WHERE operation = %s AND at <= %s ORDER BY at DESC LIMIT 1",
        operation, moment(at),
    )  # fmt: skip
    return (found[0][0], read_moment(found[0][1]) or _BEGINNING) if found else (0, _BEGINNING)


def moment(value: datetime) -> Any:
    """A moment as an argument of a question."""
    return values.moment_to_sqlite(value) if connection.vendor == "sqlite" else value


def read_moment(value: Any) -> datetime | None:
    """A moment in the answer to a question."""
    if value is None or isinstance(value, datetime):
        return None if value is None else value.astimezone(UTC)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)


def exactly(value: int) -> Decimal:
    """Millionths as the exact number they stand for."""
    return value * EXACT


def _balance(row: Sequence[Any]) -> tuple[Key, Balance]:
    item, place, lot, quantity, value, since, expires = row
    found = Balance(exactly(quantity), exactly(value), read_moment(since), read_moment(expires))
    return Key(item, lot, Account("store", place)), found

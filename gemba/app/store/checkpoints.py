"""Checkpoints of the ledger: made at the start of each month, kept right by later movements into the past, verified."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from gemba.app.store.fields import millionths
from gemba.app.store.ledger import balances_sql, moment
from gemba.app.store.models import StockBalance, StockCheckpoint
from gemba.app.store.quick import ask, moment_out
from gemba.execute.ledger import Account, Balance, Key
from gemba.execute.ledger.accounts import source, target
from gemba.execute.ledger.rules import plain
from gemba.operation import Movement
from gemba.operation.records import ZERO

#: Changes of balances from which on checkpoints are made again instead.
_MOST = 20_000
_COLUMNS = "checkpoint_id, item, place, lot, quantity, value, since, expires"
_ADD = f"""
INSERT INTO stock_balances ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (checkpoint_id, item, place, lot) DO UPDATE SET
  quantity = stock_balances.quantity + excluded.quantity, value = stock_balances.value + excluded.value,
  since = CASE WHEN stock_balances.since <= excluded.since OR excluded.since IS NULL
    THEN stock_balances.since ELSE excluded.since END,
  expires = CASE WHEN stock_balances.expires >= excluded.expires OR excluded.expires IS NULL
    THEN stock_balances.expires ELSE excluded.expires END
"""


def month_start(at: datetime) -> datetime:
    """The first moment (UTC) of the month."""
    return datetime(at.year, at.month, 1, tzinfo=UTC)


def next_month(at: datetime) -> datetime:
    """The first moment (UTC) of the month after."""
    return datetime(at.year + at.month // 12, at.month % 12 + 1, 1, tzinfo=UTC)


def make_checkpoints(operation: str, upto: datetime) -> list[datetime]:
    """Make the checkpoints that are missing, month by month, up to the start of this month; the moments made.

    To be called in a transaction that holds the operation's lock.
    """
    sql = (
        "SELECT (SELECT MAX(at) FROM stock_checkpoints WHERE operation = %s),"
        " (SELECT MIN(at) FROM movements WHERE operation = %s)"
    )
    last, first = map(moment_out, ask(sql, operation, operation)[0])
    since = last or first
    at = next_month(since) if since else None
    made = []
    while at is not None and at <= month_start(upto):
        _make(operation, at)
        made.append(at)
        at = next_month(at)
    return made


def _make(operation: str, at: datetime) -> None:
    sql, arguments = balances_sql(operation, at, None, before=True)
    checkpoint = StockCheckpoint.objects.create(operation=operation, at=at)
    with connection.cursor() as cursor:
        wanted = f"SELECT {checkpoint.pk}, b.* FROM ({sql}) AS b"
        cursor.execute(f"INSERT INTO stock_balances ({_COLUMNS}) {wanted}", arguments)


def add_to_checkpoints(operation: str, movements: Iterable[Movement]) -> None:
    """Take movements that lie before checkpoints into these; in the transaction that adds the movements.

    Where there are many, the checkpoints are removed instead: ``make_checkpoints`` is quicker then.
    """
    new = list(movements)
    if not new:
        return
    earliest = min(m.at for m in new)
    later = ask("SELECT id, at FROM stock_checkpoints WHERE operation = %s AND at > %s", operation, moment(earliest))
    made = [(number, moment_out(at)) for number, at in later]
    rows = [row for number, at in made for m in new if at and m.at < at for row in _changes(number, m)]
    if len(rows) > _MOST:
        StockCheckpoint.objects.filter(operation=operation, at__gt=earliest).delete()
    elif rows:
        with connection.cursor() as cursor:
            cursor.executemany(_ADD, rows)


def _changes(number: int, m: Movement) -> Iterable[Sequence[Any]]:
    quantity, value = millionths(m.quantity), millionths(m.value)
    if m.to_kind == "store":
        key = target(m)
        expires = None if m.expires is None else moment(m.expires)
        yield number, key.item, key.place, key.lot, quantity, value, moment(m.at), expires
    if m.from_kind == "store":
        key = source(m)
        yield number, key.item, key.place, key.lot, -quantity, -value, None, None


def forget_checkpoints(operation: str) -> None:
    """Remove every checkpoint of an operation; they can be made again."""
    StockCheckpoint.objects.filter(operation=operation).delete()


def wrong_checkpoints(operation: str, movements: Iterable[Movement]) -> list[str]:
    """In words, what of the checkpoints is not what the movements (all of them, by moment) add up to.

    The movements are gone through once; each checkpoint is compared when they come to its moment.
    """
    found: list[str] = []
    sums: dict[Key, Balance] = {}
    made = list(StockCheckpoint.objects.filter(operation=operation).order_by("at"))
    for movement in movements:
        while made and movement.at >= made[0].at:
            found += _differences(made.pop(0), sums)
        sums = _moved(sums, movement)
    return found + [words for checkpoint in made for words in _differences(checkpoint, sums)]


def _moved(sums: dict[Key, Balance], m: Movement) -> dict[Key, Balance]:
    if m.from_kind == "store":
        sums[source(m)] = sums.get(source(m), Balance()).minus(m)
    if m.to_kind == "store":
        sums[target(m)] = sums.get(target(m), Balance()).plus(m)
    return sums


def _differences(checkpoint: StockCheckpoint, sums: dict[Key, Balance]) -> list[str]:
    names = ("item", "lot", "place", "quantity", "value")
    rows = StockBalance.objects.filter(checkpoint=checkpoint).values_list(*names)
    stored = {Key(item, lot, Account("store", place)): (q, v) for item, lot, place, q, v in rows}
    right = {key: (b.quantity, b.value) for key, b in sums.items()}
    nothing = (ZERO, ZERO)
    return [
        f"{checkpoint.at:%Y-%m-%d} {key.item} {key.lot} at {key.place}: "
        f"{_words(stored.get(key, nothing))} instead of {_words(right.get(key, nothing))}"
        for key in sorted({*stored, *right})
        if stored.get(key, nothing) != right.get(key, nothing)
    ]


def _words(figures: tuple[Decimal, Decimal]) -> str:
    return f"{plain(figures[0])} worth {plain(figures[1])}"

"""The chain of digests that makes a change of the past show. Pure: no database, no clock.

A digest is SHA-256, in hexadecimal, over the UTF-8 text of a JSON list that starts with the digest before it:

    ["gemba audit 1", previous, id, at, account, username, action, subject, before, after]

The text is canonical, so that what is read back from any database gives the same digest: no spaces, keys of objects
in order of their code points, everything outside ASCII escaped, moments in UTC with microseconds
(``2026-11-30T06:00:00.000000Z``), numbers without a fraction as whole numbers, others as the shortest decimal that
means the same double. Exact decimals are text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import isfinite
from typing import Any

#: What comes before the first row.
START = "0" * 64
#: The first element of each row's list; another way of encoding gets another name.
FORM, EVENTS = "gemba audit 1", "gemba events 1"
#: The fields of an audit row that its digest covers, in order.
FIELDS = ("id", "at", "account", "username", "action", "subject", "before", "after")


def plain(value: Any) -> Any:
    """The value as JSON that reads back the same from every database: what ``before`` and ``after`` may hold.

    Moments and exact decimals become text; a number that JSON lacks (infinite) becomes its name; the character
    that PostgreSQL cannot keep (NUL) becomes the replacement character.
    """
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, Mapping):
        return {str(plain(k)): plain(v) for k, v in value.items()}
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Iterable):
        return [plain(v) for v in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    return value.isoformat() if isinstance(value, date | time) else _exact(value)


def _number(value: float) -> Any:
    if not isfinite(value):
        return str(value)
    return int(Decimal(repr(value))) if value.is_integer() else value


def _exact(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) and value.is_finite() else str(value)


def moment(at: datetime) -> str:
    """A moment in UTC with microseconds; without a zone it is read as UTC."""
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical(value: Any) -> str:
    """The one text of a plain value."""
    return json.dumps(plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(previous: str, row: Sequence[Any]) -> str:
    """The digest of an audit row (the values of ``FIELDS``, in order) that follows ``previous``."""
    return hashlib.sha256(canonical([FORM, previous, *row]).encode()).hexdigest()


def digest_rows(previous: str, rows: Iterable[Mapping[str, Any]]) -> tuple[str, int]:
    """One digest over many rows in their order, and how many they were; no rows leave ``previous`` as it is.

    The digest is SHA-256 over lines, each ended by a newline: first ["gemba events 1", previous], then each row.
    Rows may be given in parts: the digest of one part is not the digest of its halves one after the other.
    """
    found, count = hashlib.sha256(canonical([EVENTS, previous]).encode() + b"\n"), 0
    for row in rows:
        found.update(canonical(row).encode() + b"\n")
        count += 1
    return (found.hexdigest() if count else previous), count

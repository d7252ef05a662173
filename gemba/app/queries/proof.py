"""Is the audit trail as it was written? Reads it once, in order, keeping nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from gemba.app.store import seals
from gemba.app.store.chain import FIELDS, START, digest, moment
from gemba.app.store.models import Audit


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. ``broken`` is the first row that is not as it was written (0: none), ``what`` says how."""

    rows: int
    records: int  # sealed records, all as they were
    number: int  # of the last row that is in order
    last: str  # its digest
    broken: int = 0
    what: str = ""

    @property
    def unbroken(self) -> bool:
        return not self.what

    def __str__(self) -> str:
        sealed = f", {self.records} sealed records" if self.records else ""
        if self.unbroken:
            return f"{self.rows} rows{sealed}, unbroken, last digest {self.last}"
        where = f"Row {self.broken}: " if self.broken else ""
        return f"{where}{self.what} ({self.rows} rows before it are in order.)"


class _BrokenError(Exception):
    """The row at hand is not as it was written."""


def verify(start: int = 1, expect: str = "", *, records: bool = True) -> Verdict:
    """Follow the chain from row ``start`` to the end.

    Args:
        start: what is before it is taken as it is.
        expect: a digest noted down earlier, outside of the database; that it is there still proves that nothing was
            cut off, and that nobody made the whole chain anew.
        records: whether to look at the sealed records too.
    """
    check = _sealed(_deleted()) if records else _nothing
    before = Audit.objects.filter(pk__lt=start).order_by("-pk").values_list("pk", "digest").first()
    number, last = before or (0, START)
    rows, counted, met, at = 0, 0, expect in ("", last), start
    try:
        for row in _rows(start):
            at = row[0]
            counted += _check(row, number, last, check)
            number, last, rows = at, row[-1], rows + 1
            met = met or last == expect
    except _BrokenError as error:
        return Verdict(rows, counted, number, last, at, str(error))
    except ValueError as error:  # neither a moment nor JSON
        return Verdict(rows, counted, number, last, number + 1, f"the row after row {number} cannot be read: {error}.")
    what = "" if met else f"No row has the expected digest {expect}: rows were cut off, or the chain was made anew."
    return Verdict(rows, counted, number, last, 0, what)


def export(start: int = 1) -> Iterator[str]:
    """The trail as lines of JSON with the digests, from row ``start`` on; the last digest proves all before it."""
    for row in _rows(start):
        *fields, previous, own = row
        line = {**dict(zip(FIELDS, fields, strict=True)), "previous": previous, "digest": own}
        yield json.dumps({**line, "at": moment(line["at"])}, ensure_ascii=False)


def _rows(start: int) -> Iterator[tuple[Any, ...]]:
    found = Audit.objects.filter(pk__gte=start).order_by("pk")
    return found.values_list(*FIELDS, "previous", "digest").iterator(chunk_size=2000)


Check = Callable[[tuple[Any, ...]], int]


def _check(row: tuple[Any, ...], number: int, last: str, sealed: Check) -> int:
    """How many sealed records the row vouches for."""
    *fields, previous, own = row
    if fields[1] is None:
        raise _BrokenError("its moment cannot be read.")
    if previous != last:
        after = f"row {number}" if number else "the beginning"
        raise _BrokenError(f"it does not follow {after}: rows were removed, put in or moved.")
    if digest(previous, fields) != own:
        raise _BrokenError("it was changed after it was written.")
    action, subject = fields[FIELDS.index("action")], fields[FIELDS.index("subject")]
    return sealed(row) if (action, subject) == (seals.ACTION, seals.SUBJECT) else 0


def _nothing(row: tuple[Any, ...]) -> int:
    return 0


def _deleted() -> dict[str, int]:
    """The last row that says an operation was deleted, by operation: its records went with it."""
    found = Audit.objects.filter(action=seals.DELETES).values_list("subject").annotate(last=Max("pk"))
    return dict(found)


def _sealed(deleted: dict[str, int]) -> Check:
    """What compares the records with their seals. A seal's digests start from the digest of the seal before it."""
    last = None

    def check(row: tuple[Any, ...]) -> int:
        nonlocal last
        values = dict(zip((*FIELDS, "previous", "digest"), row, strict=True))
        gone = frozenset(name for name, number in deleted.items() if number > values["id"])
        if last is None:
            last = _seal_before(values["id"])
        after, through = values["before"]["through"], values["after"]["through"]
        wanted = {name: made for name, made in values["after"]["sealed"].items() if name not in gone}
        found = seals.digests(last, after, through, gone)
        if found != wanted:
            raise _BrokenError(f"{_first_difference(wanted, found)} were changed after they were sealed.")
        last = values["digest"]
        return sum(table["count"] for made in wanted.values() for table in made.values())

    return check


def _seal_before(number: int) -> str:
    found = Audit.objects.filter(action=seals.ACTION, subject=seals.SUBJECT, pk__lt=number).order_by("-pk")
    return found.values_list("digest", flat=True).first() or START


def _first_difference(wanted: seals.Sealed, found: seals.Sealed) -> str:
    for operation in sorted({*wanted, *found}):
        one, other = wanted.get(operation, {}), found.get(operation, {})
        for table in sorted({*one, *other}):
            if one.get(table) != other.get(table):
                counts = f"{one.get(table, {}).get('count', 0)} then, {other.get(table, {}).get('count', 0)} now"
                return f"the sealed {table} of {operation} ({counts})"
    return "the sealed records"

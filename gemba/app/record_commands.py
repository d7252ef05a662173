"""The command ``gemba records``: what happened, in and out of files."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gemba.operation import RECORDS, Fault, Operation, OperationError

MOST_SHOWN = 20


def run(args: Namespace) -> int:
    """Carry out ``import``, ``export`` or ``template``; 0 is success, 1 a refusal, 2 faults in the data."""
    return {"import": import_, "export": export, "template": template}[args.what](args)


def template(args: Namespace) -> int:
    """Write a workbook with every table of records and an example of each."""
    from gemba.exchange.records import write_records_template

    path = args.path if args.path.suffix else args.path.with_suffix(".xlsx")
    if path.exists():
        print(f"{path} exists already; give another name or remove it", file=sys.stderr)
        return 1
    write_records_template(path)
    print(f"Wrote {path}. Fill it in, then: gemba records import {path} --operation NAME --user NAME")
    return 0


def import_(args: Namespace) -> int:
    """Take records over. With ``--lenient`` the good ones; the others go to the report."""
    from django.contrib.auth import get_user_model
    from django.core.exceptions import PermissionDenied

    from gemba.app.actions.records import import_records
    from gemba.app.store import operations
    from gemba.app.store.operations import NotFoundError

    user = get_user_model().objects.filter(username=args.user).first()
    if user is None:
        print(f"There is no account {args.user}.", file=sys.stderr)
        return 1
    reading = None
    try:
        reading = _Import(operations.load(args.operation), args)
        taken = import_records(user, args.operation, reading.good(), Path(args.path).name)
    except (NotFoundError, PermissionDenied) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        if reading is not None and args.report:
            write_report(reading.faults, reading.doubts, args.report)
    for table in taken.added:
        print(f"  {table:<18}{taken.added[table]:>9,} new{taken.known[table]:>9,} known")
    for words, found in (("Left out", reading.faults), ("Worth a look", reading.doubts)):
        if found:
            print(f"{words} ({len(found)})" + "".join(f"\n  {fault}" for fault in found[:MOST_SHOWN]))
    return 0


class _Import:
    """Reads chunks, gathers what is wrong, and refuses all of them at the end where that is not allowed."""

    def __init__(self, operation: Operation, args: Namespace) -> None:
        from gemba.exchange.records import doubts

        self.args, self.zone, self.doubter = args, operation.settings.zone, doubts(operation)
        self.faults: list[Fault] = []
        self.doubts: list[Fault] = []

    def good(self) -> Iterator[list[Any]]:
        for chunk in self._chunks():
            self.faults += chunk.faults
            self.doubts += self.doubter(chunk.records)
            if not self.faults or self.args.lenient:
                yield chunk.records
        if self.faults and not self.args.lenient:
            raise OperationError(self.faults)

    def _chunks(self) -> Iterator[Any]:
        from gemba.exchange.records import chunks_from_rows, read_chunks

        if not self.args.adapter:
            yield from read_chunks(self.args.path, self.zone)
            return
        from gemba.exchange.adapters import run_records

        for table, rows in run_records(self.args.adapter, self.args.path):
            yield from chunks_from_rows({table: rows}, f"{table}.sql", self.zone)


def write_report(faults: list[Fault], doubts: list[Fault], path: Path) -> None:
    """Every fault and doubt as a row of a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["kind", "source", "row", "table", "thing", "field", "value", "must be", "nearest"])
        for kind, found in (("fault", faults), ("doubt", doubts)):
            writer.writerows(
                [kind, f.source, f.line, f.table, _cell(f.thing), f.field, _cell(f.value), f.allowed, _cell(f.nearest)]
                for f in found
            )


def _cell(value: Any) -> str:
    from gemba.exchange.quoting import quote

    return "" if value is None else quote(str(value))


def export(args: Namespace) -> int:
    """Write an operation's records, or those of some tables, to a folder or (ending in .xlsx) a workbook."""
    from gemba.app.store import operations
    from gemba.app.store.operations import NotFoundError
    from gemba.app.store.records import read_each, stored
    from gemba.exchange.records import write_records_folder, write_records_workbook

    try:
        zone = operations.load(args.operation).settings.zone
    except NotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    wanted = args.tables or list(RECORDS)
    if args.path.suffix.lower() == ".xlsx":
        rows = {t: list(read_each(stored(args.operation, t), t)) for t in wanted}
        write_records_workbook(rows, args.path, zone)
        counts = {t: len(things) for t, things in rows.items() if things}
    else:
        counts = write_records_folder({t: read_each(stored(args.operation, t), t) for t in wanted}, args.path, zone)
    print(f"Wrote {args.path}" + "".join(f"\n  {table:<18}{count:>9,}" for table, count in counts.items()))
    return 0

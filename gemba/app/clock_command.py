"""The command ``gemba clock``: what time it is in an operation, and playing one through by setting it."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import datetime
from zoneinfo import ZoneInfo


def run(args: Namespace) -> int:
    """Show the clock of an operation; with a moment (in its zone) let it go on from there, or stand there."""
    from django.db import transaction

    from gemba.app.actions.audit import record
    from gemba.app.store import clock
    from gemba.app.store.operations import NotFoundError, load

    try:
        zone = ZoneInfo(load(args.operation).settings.zone or "UTC")
    except NotFoundError as error:
        return _refused(str(error))
    if args.moment:
        try:
            wanted = None if args.moment == "real" else datetime.fromisoformat(args.moment)
        except ValueError:
            return _refused(f"{args.moment!r} is no moment; write it as 2026-11-23T10:00, or real for the real time")
        moment = wanted.replace(tzinfo=zone) if wanted is not None and wanted.tzinfo is None else wanted
        with transaction.atomic():
            clock.set_now(args.operation, moment, stands=args.stands and moment is not None)
            told = {"moment": moment.isoformat() if moment else "real", "stands": args.stands}
            record(None, "set clock", args.operation, after=told)
    still = ", and stands still" if clock.stands(args.operation) else ""
    print(f"In {args.operation} it is {clock.now(args.operation).astimezone(zone):%Y-%m-%d %H:%M}{still}.")
    return 0


def _refused(words: str) -> int:
    print(words, file=sys.stderr)
    return 1

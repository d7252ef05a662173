"""Sealing: what happened many times a second gets its place in the audit trail's chain, a minute at a time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from gemba.app.actions.audit import CHAIN, record
from gemba.app.store import seals
from gemba.app.store.chain import START
from gemba.app.store.locks import lock
from gemba.app.store.models import Audit

#: How long records wait for their seal.
EVERY = timedelta(seconds=60)
#: Most rows of a table in one seal: the worker has other things to do as well.
MOST = 20_000


def seal(*, most: int = MOST, at_least: timedelta = timedelta(0)) -> Audit | None:
    """Seal the records that came since the last seal; None where there are none, or it is too recent (``at_least``).

    No permission is asked for: the worker does it for everybody, and nothing is changed by it.
    """
    last = last_seal()
    if last is not None and timezone.now() - last.at < at_least:
        return None
    seen, after = _newest(), last.after["through"] if last else {}
    ends = seals.settled(after)
    if not ends:
        return None
    through = {**after, **seals.at_most(most, after, ends)}
    sealed = seals.digests(last.digest if last else START, after, through)
    with transaction.atomic():
        lock(CHAIN)
        if Audit.objects.filter(pk__gt=seen, action__in=(seals.ACTION, seals.DELETES)).exists():
            return None  # somebody else sealed, or deleted what is sealed here: it is for the next time
        told = {"through": through, "sealed": sealed}
        return record(None, seals.ACTION, seals.SUBJECT, before={"through": after}, after=told)


def _newest() -> int:
    return Audit.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def seal_all(most: int = MOST) -> int:
    """Seal until nothing is left; how many seals it took."""
    count = 0
    while seal(most=most) is not None:
        count += 1
    return count


def behind(made: Audit | None) -> bool:
    """Whether a seal was cut short, so that there is more to seal at once."""
    if made is None:
        return False
    counts = Counter[str]()
    for tables in made.after["sealed"].values():
        counts.update({name: table["count"] for name, table in tables.items()})
    return any(count >= MOST for count in counts.values())


def last_seal() -> Audit | None:
    """The seal with the highest number, found by its moment; clocks may have been put back since."""
    every = Audit.objects.filter(action=seals.ACTION, subject=seals.SUBJECT)
    latest = every.order_by("-at", "-pk").first()
    return latest and (every.filter(pk__gt=latest.pk).order_by("-pk").first() or latest)

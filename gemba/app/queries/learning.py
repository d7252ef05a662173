"""What the records of an operation say of its model: planned against actual, and what is proposed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Max

from gemba.app.queries.current import Current, current
from gemba.app.security.scope import Scope
from gemba.app.store.clock import now
from gemba.app.store.models import PAST, Dataset, Job
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import read, stored
from gemba.improve.learn import Actual, Learned, Proposal, learn, proposals

#: Periods to learn from, in days back from the operation's now; 0 is all there is.
PERIODS = (30, 90, 365, 0)
USUAL_PERIOD = 365
#: The kind of job that computes the effect of proposals.
LEARN = "learn"
#: In the order in which they matter. Then what the fields are called.
VERDICTS = ("differs", "differs little", "as planned", "for information", "too few")
FIELD_NAMES = {
    "time_per_unit": "time of a unit", "time": "time of a lot", "setup_time": "set-up time", "yield_rate": "yield",
    "queue_time": "queue time", "move_time": "move time", "waiting": "waiting before it", "lead_time": "lead time",
    "efficiency": "efficiency",
}  # fmt: skip
TASK_EVENTS = ("started", "set_up", "reported", "paused", "resumed", "finished", "worked")


def learned(operation: str, days: int = USUAL_PERIOD) -> Learned:
    """What is to be learned from the orders released in the last days (0: from all), for the current version.

    Raises:
        NotFoundError: where there is no such operation.
    """
    here = current(operation)
    low = now(operation).replace(minute=0, second=0) - timedelta(days=days) if days else None
    last = tuple(stored(operation, t).aggregate(m=Max("row"))["m"] for t in ("released_orders", "events", "movements"))
    return _learned(operation, here, low, last)


@lru_cache(maxsize=4)
def _learned(operation: str, here: Current, low: datetime | None, last: Any) -> Learned:
    since = {"at__gte": low} if low else {}
    orders = read(operation, "released_orders", **since)
    earlier = set[str]()
    if low:
        older = stored(operation, "released_orders").filter(at__lt=low).order_by()
        earlier = set(older.values_list("order", flat=True))
    events = read(operation, "events", kind__in=TASK_EVENTS, **since)
    moves = read(operation, "movements", cause__in=("receipt", "transfer"), order__gt="", **since)
    return learn(
        here.operation, orders, [e for e in events if e.order not in earlier], moves,
        read(operation, "released_tasks", **since),
    )  # fmt: skip


def identity(thing: Actual | Proposal) -> str:
    """What tells a field of the model from every other, as text."""
    return json.dumps([thing.table, thing.field, *thing.key], ensure_ascii=False)


def proposed(operation: str, days: int, scope: Scope = None) -> dict[str, tuple[Proposal, str]]:
    """The proposals by identity, each with its place; within a scope only those that the person may see."""
    found = learned(operation, days)
    places = {identity(a): a.place for a in found.actuals}
    every = {identity(p): (p, places[identity(p)]) for p in proposals(found)}
    return {k: v for k, v in every.items() if scope is None or not v[1] or v[1] in scope}


def rows(operation: str, scope: Scope = None, days: int = USUAL_PERIOD) -> list[dict[str, Any]]:
    """Planned against actual, field by field: what differs first, the largest differences before the others."""
    found = learned(operation, days)
    change = {identity(p): p.proposed for p in proposals(found)}
    seen = [a for a in found.actuals if scope is None or not a.place or a.place in scope]
    return [_row(a, change.get(identity(a))) for a in sorted(seen, key=_first)]


def _first(a: Actual) -> tuple[int, float, tuple[str, ...]]:
    away = abs(a.estimate.value - a.planned) / a.planned if a.estimate and a.planned else 0.0
    return VERDICTS.index(a.verdict), -away, a.key


def _row(a: Actual, change: float | None) -> dict[str, Any]:
    e = a.estimate
    figures = {n: getattr(e, n) if e else None for n in ("value", "low", "high", "mean", "median", "spread")}
    difference = e.value / a.planned - 1 if e and a.planned else None
    return {
        "id": identity(a), "table": a.table, "key": list(a.key), "subject": " / ".join(a.key),
        "process": a.key[0] if a.table == "steps" else "", "place": a.place, "field": a.field,
        "name": FIELD_NAMES[a.field], "kind": a.kind, "planned": a.planned, "n": e.n if e else 0, **figures,
        "difference": difference, "verdict": a.verdict, "proposed": change, "reason": a.reason,
        "outliers": list(a.outliers),
    }  # fmt: skip


def left_out(operation: str, days: int = USUAL_PERIOD, scope: Scope = None) -> list[dict[str, str]]:
    """Records that could not be used, each with why; within a scope those of its orders."""
    found = [{"record": one.record, "why": one.why} for one in learned(operation, days).left_out]
    if scope is None or not found:
        return found
    own = stored(operation, "released_orders").filter(place__in=[*scope, ""]).order_by().values_list("order", flat=True)
    names = set(own)
    return [row for row in found if row["record"] in names]


def seen_effect(result: dict[str, Any], operation: str, scope: Scope) -> dict[str, Any]:
    """The result of a calculation, with the demands and resources at places within the scope alone."""
    if scope is None:
        return result
    here = current(operation).operation
    places = {
        "demands": {d.name: d.place for d in here.demands},
        "resources": {r.name: r.place for r in here.resources},
    }
    kept: dict[str, Any] = {}
    for table, key in (("demands", "demand"), ("resources", "resource")):
        own = [row for row in result[table] if places[table].get(row[key], "") in {*scope, ""}]
        kept |= {table: own, f"{table}_count": len(own)}
    return {**result, **kept}


def last_effect(operation: str) -> Job | None:
    """The latest calculation of an effect."""
    return Job.objects.filter(dataset__name=operation, kind=LEARN).order_by("-requested_at", "-pk").first()


def effect_job(operation: str, number: int) -> Job:
    """A calculation of an effect of this operation.

    Raises:
        NotFoundError: where there is none.
    """
    found = Job.objects.filter(pk=number, dataset__name=operation, kind=LEARN).select_related("dataset").first()
    if found is None:
        raise NotFoundError(f"there is no calculation of an effect {number} of {operation}")
    return found


def as_proposals(rows: Iterable[dict[str, Any]]) -> list[Proposal]:
    """Proposals as a job keeps them."""
    return [Proposal(**{**row, "key": tuple(row["key"])}) for row in rows]


def earlier_versions(operation: str, most: int = 5) -> list[dict[str, Any]]:
    """The versions before the current one, the latest first."""
    found = Dataset.objects.filter(name=operation, state=PAST).order_by("-version")[:most]
    return [{"version": d.version, "source": d.source, "at": d.created_at} for d in found]

"""Process mining of an operation's own records, or of an uploaded log: what the pages and the API show."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.db.models import Max
from django.utils import timezone

from gemba.app.actions.event_logs import LIFE
from gemba.app.queries.current import Current, current
from gemba.app.security.scope import Scope
from gemba.app.store.clock import now
from gemba.app.store.models import UploadedLog
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import read, stored
from gemba.measure import mining
from gemba.measure.mining import Conformance, EventLog, Labels, Spread

EVENTS = ("started", "finished", "worked")
USUAL_DAYS = 365
#: An arc is a bottleneck on the map where at least this share of all waiting is on it; at most so many are.
WORST_SHARE, MOST_WORST = 0.05, 3
BINS = 20


@dataclass(frozen=True, eq=False)
class Chosen:
    """A log to look at. ``source`` is the number of an uploaded one, 0: the operation's own records."""

    log: EventLog
    source: int
    title: str
    left_out: int = 0
    faults: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def own(self) -> bool:
        return self.source == 0


@dataclass(frozen=True, slots=True)
class Filter:
    """Which orders of the own records: blank is all. ``days`` back from now, 0 is all."""

    process: str = ""
    place: str = ""
    item: str = ""
    days: int = USUAL_DAYS


def own_log(operation: str, wanted: Filter, scope: Scope = None) -> Chosen:
    """The log of the operation's own orders released in the period.

    Raises:
        NotFoundError: where there is no such operation.
    """
    here = current(operation)
    low = now(operation).replace(minute=0, second=0) - timedelta(days=wanted.days) if wanted.days else None
    last = tuple(stored(operation, t).aggregate(m=Max("row"))["m"] for t in ("released_orders", "events"))
    return _own(operation, here, wanted, low, scope, last)


@lru_cache(maxsize=8)
def _own(operation: str, here: Current, wanted: Filter, low: datetime | None, scope: Scope, last: Any) -> Chosen:
    given = {k: getattr(wanted, k) for k in ("process", "place", "item") if getattr(wanted, k)}
    since = {"at__gte": low} if low else {}
    orders = [
        o
        for o in read(operation, "released_orders", **given, **since)
        if scope is None or not o.place or o.place in scope
    ]
    found = mining.recorded(orders, read(operation, "events", kind__in=EVENTS, **since) if orders else [])
    faults = tuple(f"{order}: {why}" for order, why in found.left_out)
    return Chosen(found.log, 0, f"{operation}'s own records", len(faults), faults)


def uploaded_logs(user: Any) -> list[dict[str, Any]]:
    """The logs that a person has uploaded and that have not expired, the latest first."""
    found = UploadedLog.objects.filter(user=user, created_at__gte=timezone.now() - LIFE).order_by("-pk")
    return list(found.values("id", "name", "created_at"))


def uploaded_log(user: Any, number: int) -> Chosen:
    """An uploaded log of this person.

    Raises:
        NotFoundError: where there is none, or it has expired.
    """
    found = UploadedLog.objects.filter(user=user, pk=number, created_at__gte=timezone.now() - LIFE)
    row = found.values("pk", "name", "created_at", "reading").first()
    if row is None:
        raise NotFoundError(f"there is no uploaded log {number} of yours (any more); logs are kept for a day")
    reading, faults = row["reading"], tuple(row["reading"]["faults"])
    log = _uploaded(row["pk"], row["created_at"])
    return Chosen(log, row["pk"], row["name"], reading["left_out"], faults, tuple(reading["doubts"]))


@lru_cache(maxsize=4)
def _uploaded(number: int, made: datetime) -> EventLog:
    from gemba.exchange.event_log import read_csv_log

    with tempfile.TemporaryDirectory(prefix="gemba-log-") as folder:
        path = Path(folder) / "log.csv.gz"
        path.write_bytes(bytes(UploadedLog.objects.get(pk=number).content))
        return read_csv_log(path).log


def packed(log: EventLog, kind: str, zone: str) -> bytes:
    """A log as a file: csv or xes."""
    from gemba.exchange.event_log import write_csv_log, write_xes

    with tempfile.TemporaryDirectory(prefix="gemba-log-") as folder:
        path = Path(folder) / f"log.{kind}"
        (write_xes if kind == "xes" else write_csv_log)(log, path, zone or "UTC")
        return path.read_bytes()


def _times(spread: Spread | None, name: str) -> dict[str, float | None]:
    figures = ("median", "mean", "p90")
    return {f"{name}_{f}": getattr(spread, f) if spread else None for f in figures}


def arcs(log: EventLog) -> int:
    """How many arcs the whole map has."""
    return len(mining.flow_map(log).arcs)


def flow(log: EventLog, activities: float = 1.0, arcs: float = 1.0) -> dict[str, Any]:
    """The map with shares of activities and arcs; ``worst`` marks the arcs on which most waiting is."""
    whole, shown = mining.flow_map(log), mining.simplified(log, activities, arcs)
    ranked = mining.arc_bottlenecks(mining.simplified(log, activities))
    worst = {(b.before, b.activity) for b in ranked[:MOST_WORST] if b.share >= WORST_SHARE and b.total > 0}
    return {
        "cases": whole.cases, "events": whole.events, "all_activities": len(whole.activities),
        "all_arcs": len(whole.arcs), "starts_known": whole.starts_known,
        "activities": [
            {"name": a.name, "count": a.count, "cases": a.cases, "starts": a.starts, "ends": a.ends,
             "resources": a.resources, **_times(a.working, "working"), **_times(a.waiting, "waiting")}
            for a in shown.activities
        ],
        "arcs": [
            {"before": a.before, "after": a.after, "count": a.count, "cases": a.cases,
             **_times(a.waiting, "waiting"), "worst": (a.before, a.after) in worst}
            for a in shown.arcs
        ],
    }  # fmt: skip


def conformance(log: EventLog, operation: str, process: str) -> Conformance | None:
    """How the log conforms to a process; None where none is named, it has no steps, or the log no cases.

    Raises:
        NotFoundError: where the operation has no such process.
    """
    here = current(operation).operation
    if process and process not in {p.name for p in here.processes}:
        raise NotFoundError(f"{operation} has no process {process!r}")
    if not process or not log.case.names or not any(s.process == process for s in here.steps):
        return None
    return mining.conformance(log, mining.expected(here, process))


def variant_rows(log: EventLog, fit: Conformance | None) -> list[dict[str, Any]]:
    """Variants, the most frequent first, with the fitness of each where a process is given."""
    fits = {c.case: c for c in fit.cases} if fit else {}
    return [
        {
            "number": i, "activities": list(v.activities), "way": " → ".join(v.activities), "count": v.count,
            "share": v.share, "cumulated": v.cumulated, "median": v.throughput.median, "mean": v.throughput.mean,
            "p90": v.throughput.p90, "example": v.example,
            "fitness": fits[v.example].fitness if v.example in fits else None,
        }
        for i, v in enumerate(mining.variants(log).variants, 1)
    ]  # fmt: skip


def deviation_rows(fit: Conformance) -> list[dict[str, Any]]:
    names = ("kind", "activity", "other", "count", "cases", "share", "example")
    return [{n: getattr(d, n) for n in names} for d in fit.deviations]


def throughput(log: EventLog) -> dict[str, Any]:
    """How long cases take: their spread, and how many in each of up to BINS equal stretches of time."""
    found = mining.throughput(log)
    times = mining.throughput_times(log).tolist() if len(log) else []
    spread = (
        {n: getattr(found.time, n) for n in ("count", "mean", "median", "p90", "low", "high")} if found.time else None
    )
    if not times:
        return {"spread": None, "bins": [], "first": None, "last": None}
    low, width = min(times), max(1.0, (max(times) - min(times)) / BINS)
    counts = [0] * BINS
    for t in times:
        counts[min(BINS - 1, int((t - low) / width))] += 1
    bins = [{"low": low + i * width, "high": low + (i + 1) * width, "count": c} for i, c in enumerate(counts)]
    return {"spread": spread, "bins": bins, "first": found.first, "last": found.last}


def bottlenecks(log: EventLog) -> list[dict[str, Any]]:
    """Every arc with what the cases wait on it, the most first."""
    return [
        {"before": b.before, "activity": b.activity, "total": b.total, "per_case": b.per_case, "share": b.share,
         "cases": b.cases, "median": b.waiting.median, "p90": b.waiting.p90, "count": b.waiting.count}
        for b in mining.arc_bottlenecks(mining.flow_map(log))
    ]  # fmt: skip


def rework(log: EventLog) -> list[dict[str, Any]]:
    names = ("activity", "cases", "share", "repeats", "self_loops", "most", "work")
    return [{n: getattr(r, n) for n in names} for r in mining.rework(log)]


def hand_overs(log: EventLog, by: str) -> dict[str, Any]:
    """Who passes work to whom, by resource, group or person, and the work of each.

    Raises:
        ValueError: where the log has no such column.
    """
    found = mining.hand_overs(log, by)
    return {
        "passes": found.passes, "stays": found.stays, "per_case": found.per_case, "alone": found.alone,
        "names": list(found.names),
        "pairs": [{"giver": p.giver, "taker": p.taker, "count": p.count, "median": p.waiting.median} for p in found.pairs],
        "workload": [
            {"name": w.name, "count": w.count, "cases": w.cases, "activities": w.activities, "work": w.work,
             "busy": w.busy} for w in mining.workload(log, by)
        ],
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Which:
    """Which cases are meant: those of a variant, with a deviation, with an activity, with an arc, of some throughput time
    (seconds, from ``least`` to ``most``), or that somebody worked on (``taker``), having them from ``giver``."""

    variant: int = 0
    kind: str = ""
    activity: str = ""
    other: str = ""
    before: str = ""
    giver: str = ""
    taker: str = ""
    by: str = "resource"
    least: float | None = None
    most: float | None = None


def case_rows(log: EventLog, fit: Conformance | None, which: Which) -> list[dict[str, Any]]:
    """The cases that are meant, with how long each took and what was wrong with it."""
    times = mining.throughput_times(log).tolist() if len(log) else []
    fits = {c.case: c for c in fit.cases} if fit else {}
    meant = _meant(log, fits, which)
    first = log.first.tolist()
    rows = []
    for i, name in enumerate(log.case.names):
        if not meant(i, name) or not _between(times[i], which):
            continue
        one = fits.get(name)
        wrong = [" ".join(w for w in (f.kind, f.activity, f.other) if w) for f in one.findings] if one else []
        rows.append({
            "case": name, "events": first[i + 1] - first[i], "time": times[i], "start": int(log.begin[first[i]]),
            "end": int(log.reached[first[i + 1] - 1]), "fitness": one.fitness if one else None,
            "findings": ", ".join(wrong),
        })  # fmt: skip
    return rows


def _between(time: float, which: Which) -> bool:
    return (which.least is None or time >= which.least) and (which.most is None or time <= which.most)


def _meant(log: EventLog, fits: Mapping[str, Any], which: Which) -> Callable[[int, str], bool]:
    if which.variant:
        of_case = mining.variants(log).of_case
        return lambda i, name: int(of_case[i]) == which.variant - 1
    if which.kind:
        key = (which.kind, which.activity, which.other)
        return lambda i, name: any((f.kind, f.activity, f.other) == key for f in fits[name].findings) if fits else False
    if which.taker:
        return _with(log, log.column(which.by), which.giver, which.taker)
    if which.activity:
        return _with(log, log.activity, which.before, which.activity)
    return lambda i, name: True


def _with(log: EventLog, column: Labels, before: str, after: str) -> Callable[[int, str], bool]:
    """Whether a case has a name, directly after another where one is given."""
    texts, first = column.texts(), log.first.tolist()

    def has(i: int, name: str) -> bool:
        own = texts[first[i] : first[i + 1]]
        return (before, after) in pairwise(own) if before else after in own

    return has

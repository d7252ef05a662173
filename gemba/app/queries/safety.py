"""Incidents with their rates, documents with who knows them, waste by stream, energy by order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from gemba.app.queries import concerns
from gemba.app.queries.current import current
from gemba.app.security.scope import in_scope, places_of
from gemba.app.store.clock import now
from gemba.app.store.records import read, read_each, stored
from gemba.execute.safety import acknowledgements, missing_acknowledgements, subject_of, valid
from gemba.measure.energy import Charge, charges
from gemba.measure.safety import SafetyRates, hours_worked, safety_rates
from gemba.measure.waste import WasteRow, waste
from gemba.operation.records import Event
from gemba.operation.safety import Document

INCIDENTS = ("incident", "near miss", "hazard")
_WORKED = ("clocked_out", "set_up", "reported", "paused", "finished", "worked")


def rates(operation: str, user: Any, low: datetime, high: datetime) -> SafetyRates:
    """Rates of incidents of a period at the places that the user may see; the latest recordable case of all time."""
    seen = in_scope(places_of(user, operation))
    found = concerns.standings(operation, kind__in=INCIDENTS)
    shown = {*stored(operation, "concerns").filter(seen, kind__in=INCIDENTS).values_list("concern", flat=True)}
    events = stored(operation, "events").filter(seen, kind__in=_WORKED, at__gte=low, at__lt=high)
    hours = hours_worked(list(read_each(events, "events")))
    return safety_rates([s for s in found if s.concern.concern in shown], hours, low, high)


@dataclass(frozen=True, slots=True)
class Known:
    """A document: whether it is valid, until when, who knows it, and whether the asker does."""

    document: Document
    valid: bool
    people: tuple[tuple[str, datetime], ...]  # who confirmed it, and when
    mine: datetime | None

    @property
    def known(self) -> int:
        """How many know it."""
        return len(self.people)


def documents(operation: str, user: Any, person: str = "") -> list[Known]:
    """The documents at places that the user may see, the one that ends first at the top."""
    moment, scope = now(operation), places_of(user, operation)
    who = person or user.get_username()
    found = acknowledgements(read(operation, "events", kind="acknowledged"))
    people: dict[str, list[tuple[str, datetime]]] = {}
    for (who_knows, subject), at in found.items():
        people.setdefault(subject, []).append((who_knows, at))
    rows = [
        Known(d, valid(d, moment), tuple(sorted(people.get(subject_of(d), []))), found.get((who, subject_of(d))))
        for d in current(operation).operation.documents
        if scope is None or not d.place or d.place in scope
    ]
    return sorted(rows, key=lambda r: (r.document.end is None, r.document.end or moment, r.document.name))


def to_know(operation: str, person: str, **work: str) -> list[Document]:
    """What a person must still confirm to know before work: at a place, on a resource, by a process, a step, an item."""
    events = read(operation, "events", kind="acknowledged", person=person)
    return missing_acknowledgements(current(operation).operation, events, person, now(operation), **work)


def checks(operation: str, document: Document, most: int = 50) -> list[Event]:
    """The latest checks of a checklist, the newest first; those taken back are left out."""
    found = stored(operation, "events").filter(kind="checked", subject__startswith=f"{subject_of(document)}/")
    rows = list(read_each(found.order_by("-at", "-row")[:most], "events"))
    voided = {e.corrects for e in rows if e.corrects}
    return [e for e in rows if not e.corrects and e.uid not in voided]


def waste_rows(operation: str, low: datetime, high: datetime) -> list[WasteRow]:
    """Waste of a period by stream, for each good unit produced in it."""
    period = {"at__gte": low, "at__lt": high}
    moved = read(operation, "movements", to_kind="waste", **period) + read(
        operation, "movements", from_kind="waste", **period
    )
    made = (
        stored(operation, "movements").filter(cause="production", **period).order_by().aggregate(q=Sum("quantity"))["q"]
    )
    return waste(current(operation).operation.waste_streams, moved, made or Decimal(0))


def energy(operation: str, low: datetime, high: datetime) -> list[Charge]:
    """What the counters of energy and media counted in a period, charged to orders."""
    here = current(operation)
    meters = [m for m in here.operation.meters if m.media]
    measured = read(operation, "measurements", meter__in=[m.name for m in meters], at__gte=low, at__lt=high)
    events = read(operation, "events", kind__in=_WORKED, resource__gt="", at__gte=low)
    return charges(here.operation, measured, events, meters)

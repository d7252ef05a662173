"""Concerns as lists and one by one: what is open, whose it is, what is overdue, and what may be done next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce

from gemba.app.security.permission import may
from gemba.app.security.scope import in_scope, inside, places_of
from gemba.app.store.clock import now
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import read, read_each, stored
from gemba.execute.concerns import KINDS, Standing, Transition, fold, fold_all, next_steps

FIELDS = (
    "concern", "kind", "title", "severity", "category", "place", "resource", "person", "order", "step", "item", "lot",
    "parent", "at",
)  # fmt: skip
#: What the list is filtered by, exactly as given.
FILTERS = ("kind", "place", "owner", "resource", "order", "item", "lot", "severity", "category", "parent")
ENDED = Q(pk__in=[])
for _name, _kind in KINDS.items():
    ENDED |= Q(kind=_name, state__in=sorted(_kind.final))


def concerns(
    operation: str, user: Any, *, state: str = "", kinds: Iterable[str] = (), **filters: str
) -> list[dict[str, Any]]:
    """Concerns that the user may see, latest first, with their state, owner, due date and whether they are overdue.

    ``state`` is one of the tables of states, or ``open``, ``ended`` or ``overdue``; ``filters`` are of ``FILTERS``.
    """
    moment = now(operation)
    rows = _standing(operation).filter(in_scope(places_of(user, operation)))
    rows = rows.filter(**{_called(n): v for n, v in filters.items() if v})
    if kinds:
        rows = rows.filter(kind__in=list(kinds))
    rows = rows.filter(_in_state(state, moment)) if state else rows
    names = [*FIELDS, "state", "now_owner", "now_due"]
    return [_row(dict(zip(names, row, strict=True)), moment) for row in rows.order_by("-row").values_list(*names)]


def standing(operation: str, user: Any, number: str) -> Standing:
    """Where one concern stands.

    Raises:
        NotFoundError: where there is none that the user may see.
    """
    found = read(operation, "concerns", concern=number)
    scope = places_of(user, operation)
    if not found or not (inside(scope, found[0].place) or not found[0].place):
        raise NotFoundError(f"there is no concern {number!r}")
    return fold(found[0], read(operation, "concern_changes", concern=number))


def standings(operation: str, **filters: Any) -> list[Standing]:
    """Where each concern stands that fits these filters of the store, in the order in which they were raised."""
    found = read(operation, "concerns", **filters)
    numbers = stored(operation, "concerns").filter(**filters).values("concern")
    changes = stored(operation, "concern_changes").filter(concern__in=numbers)
    return fold_all(found, read_each(changes, "concern_changes"))


def steps(found: Standing, operation: str, user: Any) -> list[Transition]:
    """What this user may do next with a concern."""
    if not inside(places_of(user, operation), found.concern.place):
        return []
    return [t for t in next_steps(found) if any(may(user, p) for p in t.may)]


def may_note(found: Standing, operation: str, user: Any) -> bool:
    """Whether this user may note something or hand the concern on."""
    allowed = any(may(user, p) for p in found.kind.dealt_by)
    return allowed and inside(places_of(user, operation), found.concern.place)


def kinds_raised(user: Any) -> list[str]:
    """Kinds of concern that this user may raise."""
    return [name for name, kind in KINDS.items() if any(may(user, p) for p in kind.raised_by)]


def owners(operation: str) -> list[str]:
    """Whoever has or had a concern to deal with."""
    found = {*stored(operation, "concerns").order_by("owner").values_list("owner", flat=True).distinct()}
    found |= {*stored(operation, "concern_changes").order_by("owner").values_list("owner", flat=True).distinct()}
    return sorted(found - {""})


def _standing(operation: str) -> QuerySet[Any]:
    """Concerns with what their latest changes say, worked out by the database."""
    changes = stored(operation, "concern_changes").filter(concern=OuterRef("concern")).order_by("-row")
    first = Case(
        *(When(kind=name, then=Value(kind.first)) for name, kind in KINDS.items()),
        default=Value(""),
        output_field=TextField(),
    )
    return stored(operation, "concerns").annotate(
        state=Coalesce(Subquery(changes.values("state")[:1]), first),
        now_owner=Coalesce(Subquery(changes.exclude(owner="").values("owner")[:1]), "owner"),
        now_due=Coalesce(Subquery(changes.filter(due__isnull=False).values("due")[:1]), "due"),
    )


def _called(name: str) -> str:
    return "now_owner" if name == "owner" else name


def _in_state(state: str, moment: datetime) -> Q:
    if state == "overdue":
        return ~ENDED & Q(now_due__lt=moment)
    return {"open": ~ENDED, "ended": ENDED}.get(state, Q(state=state))


def _row(row: dict[str, Any], moment: datetime) -> dict[str, Any]:
    ended = row["state"] in KINDS[row["kind"]].final
    due, owner = row.pop("now_due"), row.pop("now_owner")
    return {**row, "owner": owner, "due": due, "ended": ended, "overdue": bool(not ended and due and due < moment)}

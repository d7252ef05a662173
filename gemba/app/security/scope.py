"""Where a person's roles hold: at the places given to them and everything inside these.

A person without any place for an operation sees and does everywhere what the roles allow. With places, the rest of
the operation is neither seen nor changed, with one exception: what belongs to no place (a blank one) is everybody's
to see and nobody's with places to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from gemba.app.security.permission import require
from gemba.app.store.models import CURRENT, MODELS, Dataset
from gemba.app.store.quick import ask

#: The places a person is kept to; None is no limit.
Scope = frozenset[str] | None
Row = TypeVar("Row")


def places_of(user: Any, operation_name: str) -> Scope:
    """The places of an operation where a user's roles hold, inner places included; None where that is everywhere."""
    if user is None:
        return frozenset()
    rows = ask("SELECT place FROM place_scopes WHERE user_id = %s AND operation = %s", user.pk, operation_name)
    given = {place for (place,) in rows}
    if not given or "" in given:
        return None
    current = Dataset.objects.filter(name=operation_name, state=CURRENT).values_list("pk", "created_at").first()
    parents = dict(_parents(*current)) if current else {}
    return inside_of(given, parents)


def inside_of(given: Iterable[str], parents: Mapping[str, str]) -> frozenset[str]:
    """These places and all inside them; ``parents`` says for each place which one it is in (blank: none)."""
    found = set(given)
    children: dict[str, list[str]] = {}
    for place, parent in parents.items():
        children.setdefault(parent, []).append(place)
    open_ = list(found)
    while open_:
        new = [p for p in children.get(open_.pop(), ()) if p not in found]
        found.update(new)
        open_.extend(new)
    return frozenset(found)


def inside(scope: Scope, place: str) -> bool:
    """Whether what is at this place may be changed within the scope."""
    return scope is None or place in scope


def shown(scope: Scope, place: str) -> bool:
    """Whether what is at this place is seen within the scope; what is at no place is everybody's to see."""
    return scope is None or not place or place in scope


def require_place(user: Any, permission: str, operation_name: str, place: str) -> None:
    """Refuse whoever may not do this at all, or not at this place.

    Raises:
        PermissionDenied: which the pages and the API answer with 403.
    """
    require(user, permission)
    if not inside(places_of(user, operation_name), place):
        where = f"at {place}" if place else "for the whole operation"
        raise PermissionDenied(f"Your role holds at some places of {operation_name} only. You may not do this {where}.")


def in_scope(scope: Scope, field: str = "place") -> Q:
    """For a query set: rows at a place within the scope, or at none. ``field`` is the field's path."""
    return Q() if scope is None else Q(**{f"{field}__in": [*scope, ""]})


def seen(scope: Scope, rows: Iterable[Row], place: Callable[[Row], str]) -> list[Row]:
    """The rows at a place within the scope, or at none; ``place`` says where a row is (a resource's place, for one)."""
    return [row for row in rows if scope is None or place(row) in scope or not place(row)]


def resource_places(operation_name: str) -> dict[str, str]:
    """The place of each resource of an operation as it is now; blank where it has none."""
    current = Dataset.objects.filter(name=operation_name, state=CURRENT).values_list("pk", "created_at").first()
    return dict(_resources(*current)) if current else {}


@lru_cache(maxsize=32)
def _parents(dataset_id: int, made: Any) -> tuple[tuple[str, str], ...]:
    """The tree of places. A version never changes; ``made`` tells it from one of a database put back."""
    return tuple(MODELS["places"].objects.filter(dataset_id=dataset_id).values_list("name", "parent"))


@lru_cache(maxsize=32)
def _resources(dataset_id: int, made: Any) -> tuple[tuple[str, str], ...]:
    return tuple(MODELS["resources"].objects.filter(dataset_id=dataset_id).values_list("name", "place"))

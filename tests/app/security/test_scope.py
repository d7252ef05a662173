"""Where a person's roles hold: at the places given and everything inside them."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from gemba.app import actions
from gemba.app.actions.accounts import give_place, take_place
from gemba.app.security.scope import (
    in_scope,
    inside,
    inside_of,
    places_of,
    require_place,
    resource_places,
    seen,
)
from gemba.app.store.models import MODELS, Audit, Dataset
from gemba.app.store.operations import NotFoundError


@pytest.fixture
def plant(planner: Any, factory: Any) -> Any:
    return actions.import_operation(planner, factory)


@pytest.fixture
def tree(plant: Dataset) -> dict[str, str]:
    return dict(MODELS["places"].objects.filter(dataset=plant).values_list("name", "parent"))


def test_a_place_holds_all_that_is_inside_it() -> None:
    parents = {"Works": "", "Hall": "Works", "Line": "Hall", "Office": "Works"}
    assert inside_of(["Hall"], parents) == {"Hall", "Line"}
    assert inside_of(["Works"], parents) == set(parents)
    assert inside_of(["Gone"], parents) == {"Gone"}


def test_a_circle_of_places_has_an_end() -> None:
    assert inside_of(["a"], {"a": "b", "b": "a"}) == {"a", "b"}


@pytest.mark.parametrize("role", ["supervisor", "operator", "planner", "viewer"])
def test_without_a_place_a_role_holds_everywhere(plant: Dataset, make_user: Callable[..., Any], role: str) -> None:
    assert places_of(make_user(role, "somebody"), plant.name) is None


def test_with_a_place_it_holds_there_and_inside_only(
    plant: Dataset, tree: dict[str, str], make_user: Callable[..., Any]
) -> None:
    user, inner = make_user("supervisor"), next(name for name, parent in tree.items() if parent)
    other = next(name for name in tree if name != inner and tree[name] != inner and name != tree[inner])
    give_place("supervisor", plant.name, inner)
    scope = places_of(user, plant.name)
    assert inside(scope, inner)
    assert not inside(scope, other)
    require_place(user, "report_work", plant.name, inner)
    with pytest.raises(PermissionDenied, match=other):
        require_place(user, "report_work", plant.name, other)
    with pytest.raises(PermissionDenied, match="whole operation"):
        require_place(user, "report_work", plant.name, "")
    with pytest.raises(PermissionDenied, match="It needs"):
        require_place(user, "set_target", plant.name, inner)
    assert places_of(user, "another operation") is None


def test_the_outer_place_holds_the_inner_one(
    plant: Dataset, tree: dict[str, str], make_user: Callable[..., Any]
) -> None:
    user, (inner, outer) = make_user("operator"), next((n, p) for n, p in tree.items() if p)
    give_place("operator", plant.name, outer)
    assert inside(places_of(user, plant.name), inner)


def test_rows_outside_are_not_seen_and_those_of_no_place_are(
    plant: Dataset, tree: dict[str, str], make_user: Callable[..., Any]
) -> None:
    user, (inner, outer) = make_user("operator"), next((n, p) for n, p in tree.items() if p)
    give_place("operator", plant.name, inner)
    scope = places_of(user, plant.name)
    shown = MODELS["resources"].objects.filter(in_scope(scope), dataset=plant)
    assert {r.place for r in shown} <= {inner, *(scope or ()), ""}
    assert outer not in {r.place for r in shown}
    every = MODELS["resources"].objects.filter(dataset=plant)
    assert shown.count() == len(seen(scope, every, lambda r: r.place)) < every.count()
    assert every.filter(in_scope(None)).count() == every.count()
    places = resource_places(plant.name)
    assert [r.name for r in seen(scope, every, lambda r: places[r.name])] == [r.name for r in shown]


def test_a_change_of_the_tree_holds_at_once(
    planner: Any, factory: Any, plant: Dataset, tree: dict[str, str], make_user: Callable[..., Any]
) -> None:
    from dataclasses import replace

    user, (inner, outer) = make_user("operator"), next((n, p) for n, p in tree.items() if p)
    give_place("operator", plant.name, outer)
    assert inside(places_of(user, plant.name), inner)
    moved = [replace(p, parent="") if p.name == inner else p for p in factory.places]
    actions.import_operation(planner, replace(factory, places=moved, checked=True))
    assert not inside(places_of(user, plant.name), inner)


def test_places_are_given_and_taken_with_an_audit_row(plant: Dataset, tree: dict[str, str], viewer: Any) -> None:
    name = next(iter(tree))
    assert give_place("viewer", plant.name, name) == [name]
    row = Audit.objects.latest("pk")
    assert (row.action, row.subject) == ("change places", "viewer")
    assert (row.before["places"], row.after["places"]) == ([], [name])
    with pytest.raises(actions.RefusedError, match="already"):
        give_place("viewer", plant.name, name)
    assert give_place("viewer", plant.name, "") == ["", name]
    assert places_of(viewer, plant.name) is None
    assert take_place("viewer", plant.name, "") == [name]
    assert take_place("viewer", plant.name, name) == []
    assert places_of(viewer, plant.name) is None


def test_what_there_is_not_is_refused(plant: Dataset, viewer: Any) -> None:
    for wrong in (("nobody", plant.name, ""), ("viewer", "nothing", ""), ("viewer", plant.name, "nowhere")):
        with pytest.raises(NotFoundError):
            give_place(*wrong)
    with pytest.raises(NotFoundError, match="does not have"):
        take_place("viewer", plant.name, "nowhere")


def test_nobody_is_nowhere() -> None:
    assert places_of(None, "Plant") == frozenset()
    assert not inside(frozenset(), "Hall")
    assert seen(frozenset({"Hall"}), [SimpleNamespace(place="Yard")], lambda r: r.place) == []

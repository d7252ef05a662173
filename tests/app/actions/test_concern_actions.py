"""Concerns are raised and changed by those who may, where they may, once each, with their audit row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from gemba.app import actions
from gemba.app.actions.concerns import change_concern, raise_concern
from gemba.app.store.clock import now
from gemba.app.store.models import Audit, PlaceScope
from gemba.app.store.operations import NotFoundError
from gemba.app.store.records import read
from gemba.operation import OperationError

pytestmark = pytest.mark.django_db


@pytest.fixture
def plant(planner: Any, factory: Any) -> str:
    return str(actions.import_operation(planner, factory).name)


@pytest.fixture
def operator(make_user: Any) -> Any:
    return make_user("operator")


def fields(error: pytest.ExceptionInfo[OperationError]) -> set[str]:
    return {f.field for f in error.value.faults}


def test_a_concern_gets_the_next_number_and_its_resource_s_place(operator: Any, plant: str, factory: Any) -> None:
    saw = next(r for r in factory.resources if r.place)
    first = raise_concern(operator, plant, "nonconformance", title="Seam too wide", resource=saw.name, quantity=3)
    second = raise_concern(operator, plant, "nonconformance", title="Again")
    assert (first.concern, second.concern) == ("NC-1", "NC-2")
    assert first.place == saw.place
    assert Audit.objects.latest("pk").after["concern"] == "NC-2"


def test_what_is_sent_twice_is_taken_once(operator: Any, planner: Any, plant: str) -> None:
    first = raise_concern(operator, plant, "nonconformance", uid="u1", title="Seam")
    assert raise_concern(operator, plant, "nonconformance", uid="u1", title="Seam") == first
    for _ in range(2):
        change_concern(operator, plant, "NC-1", "contained", uid="c1", note="blocked")
    assert len(read(plant, "concerns")) == len(read(plant, "concern_changes")) == 1
    assert Audit.objects.filter(action="change concern").count() == 1


def test_a_uid_of_another_concern_s_change_is_refused(operator: Any, plant: str) -> None:
    raise_concern(operator, plant, "nonconformance", title="Seam")
    raise_concern(operator, plant, "nonconformance", title="Scratch")
    change_concern(operator, plant, "NC-1", "contained", uid="c1", note="blocked")
    with pytest.raises(actions.RefusedError, match="another concern"):
        change_concern(operator, plant, "NC-2", "contained", uid="c1", note="blocked")
    assert len(read(plant, "concern_changes")) == 1


def test_every_fault_is_named_and_nothing_is_stored(operator: Any, plant: str) -> None:
    with pytest.raises(OperationError) as error:
        raise_concern(operator, plant, "incident", resource="No such saw", place="Nowhere")
    assert fields(error) == {"title", "severity", "resource", "place"}
    with pytest.raises(OperationError) as error:
        raise_concern(operator, plant, "hazard", title="x", place="Nowhere", colour="red")
    assert fields(error) == {"colour"}
    with pytest.raises(OperationError, match="one of nonconformance"):
        raise_concern(operator, plant, "worry", title="x")
    assert not read(plant, "concerns")


def test_a_step_is_taken_only_by_those_who_may(operator: Any, planner: Any, plant: str) -> None:
    raise_concern(operator, plant, "nonconformance", title="Seam", quantity=3)
    change_concern(operator, plant, "NC-1", "contained", note="blocked")
    decided: dict[str, Any] = {"decision": "scrap", "quantity": 3, "person": "operator"}
    with pytest.raises(PermissionDenied, match="decide what becomes"):
        change_concern(operator, plant, "NC-1", "disposed", **decided)
    assert change_concern(planner, plant, "NC-1", "disposed", **decided).decided == {"scrap": 3}
    assert change_concern(planner, plant, "NC-1", "closed").closed


def test_a_step_that_does_not_follow_is_refused(planner: Any, plant: str) -> None:
    raise_concern(planner, plant, "corrective action", title="Guide the seam")
    with pytest.raises(actions.RefusedError, match="cannot become closed"):
        change_concern(planner, plant, "CA-1", "closed")
    with pytest.raises(OperationError) as error:
        change_concern(planner, plant, "CA-1", "analysed", quantity=2)
    assert fields(error) == {"note", "quantity"}


def test_roles_hold_only_at_their_places(make_user: Any, plant: str, factory: Any) -> None:
    here, there = [p.name for p in factory.places if not any(q.parent == p.name for q in factory.places)][:2]
    kept = make_user("supervisor")
    PlaceScope.objects.create(user=kept, operation=plant, place=here)
    assert raise_concern(kept, plant, "hazard", title="Oil on the floor", place=here).concern == "HZ-1"
    with pytest.raises(PermissionDenied):
        raise_concern(kept, plant, "hazard", title="Oil on the floor", place=there)


def test_an_audit_waits_for_its_findings(planner: Any, plant: str) -> None:
    raise_concern(planner, plant, "audit", title="Layered audit", due=now(plant) + timedelta(days=3))
    change_concern(planner, plant, "AU-1", "held", note="two findings", person="planner")
    raise_concern(planner, plant, "corrective action", title="Label the bins", parent="AU-1")
    with pytest.raises(actions.RefusedError, match="CA-1"):
        change_concern(planner, plant, "AU-1", "closed", note="done")
    change_concern(planner, plant, "CA-1", "withdrawn", note="there are labels")
    assert change_concern(planner, plant, "AU-1", "closed", note="done").closed


def test_what_is_not_there_or_not_yet_is_refused(planner: Any, plant: str) -> None:
    with pytest.raises(NotFoundError):
        change_concern(planner, plant, "NC-7", "contained", note="x")
    with pytest.raises(NotFoundError):
        raise_concern(planner, plant, "corrective action", title="x", parent="NC-7")
    with pytest.raises(OperationError) as error:
        raise_concern(planner, plant, "hazard", title="x", at=now(plant) + timedelta(days=1))
    assert fields(error) == {"at"}
    with pytest.raises(OperationError) as error:
        raise_concern(planner, plant, "nonconformance", title="x" * 30_000, quantity=10**15, lot="l" * 501)
    assert fields(error) == {"title", "quantity", "lot"}

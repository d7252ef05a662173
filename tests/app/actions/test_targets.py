"""Setting targets and taking them back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from gemba.app import actions
from gemba.app.actions.refused import RefusedError
from gemba.app.actions.release import uid
from gemba.app.actions.targets import break_down, set_target, withdraw_target
from gemba.app.store.models import Audit
from gemba.app.store.records import read
from gemba.measure.targets import standing_targets
from gemba.operation import OperationError, Target
from tests.execute.orders.facts import shop

pytestmark = pytest.mark.django_db
NAME = "Shop"


def wanted(**more: Any) -> Target:
    return Target(
        **{"uid": uid(), "at": datetime(2026, 1, 1, tzinfo=UTC), "kpi": "quality ratio", "goal": 0.98, **more}
    )


@pytest.fixture(autouse=True)
def _shop(planner: Any) -> None:
    actions.import_operation(planner, shop())


def test_a_manager_sets_a_target_and_a_planner_does_not(manager: Any, planner: Any) -> None:
    made = set_target(manager, NAME, wanted())
    assert read(NAME, "targets") == [made]
    assert Audit.objects.latest("pk").after["goal"] == 0.98
    with pytest.raises(PermissionDenied):
        set_target(planner, NAME, wanted())


def test_a_target_for_what_is_not_there_is_refused_with_the_nearest_name(manager: Any) -> None:
    with pytest.raises(OperationError) as wrong:
        set_target(manager, NAME, wanted(kpi="quality ration", place="Shopp"))
    assert [(f.field, f.nearest) for f in wrong.value.faults] == [("kpi", "quality ratio"), ("place", "Shop")]


def test_a_target_is_part_of_the_one_above_and_keeps_it_from_being_taken_back(manager: Any) -> None:
    above = set_target(manager, NAME, wanted())
    part = set_target(manager, NAME, wanted(place="Shop", parent=above.uid))
    with pytest.raises(RefusedError, match="part of this one"):
        withdraw_target(manager, NAME, above.uid)
    withdraw_target(manager, NAME, part.uid, "not ours")
    assert standing_targets(read(NAME, "targets"), datetime(2030, 1, 1, tzinfo=UTC)) == [above]


def test_once_its_parts_are_taken_back_a_target_can_be_too_also_after_it_was_replaced(manager: Any) -> None:
    above = set_target(manager, NAME, wanted())
    part = set_target(manager, NAME, wanted(place="Shop", parent=above.uid))
    newer = set_target(manager, NAME, wanted(goal=0.99))
    with pytest.raises(RefusedError, match="part of this one"):
        withdraw_target(manager, NAME, newer.uid)
    withdraw_target(manager, NAME, part.uid)
    withdraw_target(manager, NAME, newer.uid)
    assert standing_targets(read(NAME, "targets"), datetime(2030, 1, 1, tzinfo=UTC)) == []


def test_a_target_is_broken_down_in_one_step_or_not_at_all(manager: Any) -> None:
    above = set_target(manager, NAME, wanted())
    with pytest.raises(OperationError):
        break_down(manager, NAME, [wanted(place="Shop", parent=above.uid), wanted(place="Nowhere", parent=above.uid)])
    assert len(read(NAME, "targets")) == 1
    break_down(manager, NAME, [wanted(place="Shop", parent=above.uid, goal=0.97)])
    assert {(t.place, t.goal) for t in read(NAME, "targets")} == {("", 0.98), ("Shop", 0.97)}

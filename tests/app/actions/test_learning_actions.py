"""Learning from records: the effect of proposals as a job, the next version of the model, and back again."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from gemba.app import actions
from gemba.app.actions.learning import propose_update, request_effect, restore_version, update_as_computed
from gemba.app.jobs import queue
from gemba.app.jobs.child import work
from gemba.app.queries import learning as queries
from gemba.app.queries.imports import import_preview
from gemba.app.store.clock import set_now
from gemba.app.store.models import Audit, Dataset, PlaceScope, PlanVersion
from gemba.app.store.operations import NotFoundError, load
from gemba.app.store.records import append
from gemba.operation import OperationError, Place
from tests.app.learning_facts import CUT, slow_shop
from tests.execute.orders.facts import at, shop
from tests.improve.learn.learn_facts import cut, order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    """Two steps of search are enough here."""
    settings.GEMBA_PLANNER = "gemba.plan"


@pytest.fixture
def stored(planner: Any) -> Any:
    return slow_shop(planner)


def time_of_a_unit(name: str | int = "Shop") -> float:
    return next(s.time_per_unit for s in load(name).steps if s.name == "Cut")


def test_the_records_of_the_period_propose_and_older_ones_do_not(stored: Any) -> None:
    (row,) = [r for r in queries.rows("Shop") if r["verdict"] == "differs"]
    assert (row["id"], row["planned"], row["value"], row["n"], row["proposed"]) == (CUT, 60.0, 75.0, 10, 75.0)
    assert queries.rows("Shop", days=0) == queries.rows("Shop")
    set_now("Shop", at(24 + 30 * 24), stands=True)
    assert queries.rows("Shop", days=30) == []


def test_new_records_are_seen_at_once(planner: Any, stored: Any) -> None:
    assert next(r for r in queries.rows("Shop") if r["id"] == CUT)["n"] == 10
    with transaction.atomic():
        append("Shop", [order(11)], user=planner)
        append("Shop", cut(11, 750.0), user=planner)
    assert next(r for r in queries.rows("Shop") if r["id"] == CUT)["n"] == 11


def computed(user: Any) -> Any:
    job = request_effect(user, "Shop", [CUT], {"seconds": "", "steps": 3})
    claimed = queue.claim("test")
    assert claimed is not None
    work(claimed.pk, claimed.token)
    job.refresh_from_db()
    return job


def test_the_effect_is_computed_with_two_plans_that_nobody_sees(planner: Any, stored: Any) -> None:
    job = computed(planner)
    assert (job.kind, job.state) == ("learn", "done")
    result = job.progress["result"]
    # the saw works 10 + 12.5 min instead of 10 + 10 min
    saw = next(r for r in result["resources"] if r["resource"] == "Saw")
    assert saw["hours_before"] == pytest.approx(20 / 60)
    assert saw["hours_after"] == pytest.approx(22.5 / 60)
    assert not PlanVersion.objects.exists()
    assert time_of_a_unit() == 60.0


def test_a_cancelled_effect_leaves_nothing(planner: Any, stored: Any) -> None:
    job = request_effect(planner, "Shop", [CUT])
    claimed = queue.claim("test")
    assert claimed is not None
    actions.cancel_job(planner, job.pk)
    with pytest.raises(queue.LostJobError):
        queue.conclude(claimed.pk, claimed.token, {})
    job.refresh_from_db()
    assert "result" not in job.progress


def test_an_update_is_a_draft_until_it_is_confirmed(planner: Any, stored: Any) -> None:
    draft = propose_update(planner, "Shop", [CUT])
    assert time_of_a_unit() == 60.0
    assert time_of_a_unit(draft.pk) == 75.0
    (changed,) = [t for t in import_preview(draft.pk)["tables"] if t["changed"]]
    assert (changed["table"], changed["changed"], changed["examples"]) == ("steps", 1, ["Make chair / Cut"])
    actions.confirm_import(planner, draft.pk)
    assert time_of_a_unit() == 75.0
    assert not any(r["verdict"] == "differs" for r in queries.rows("Shop"))
    row = Audit.objects.get(action="propose model update")
    assert row.after["proposals"][0]["proposed"] == 75.0


def test_the_proposals_of_a_computed_effect_become_the_update(planner: Any, stored: Any) -> None:
    job = computed(planner)
    assert time_of_a_unit(update_as_computed(planner, "Shop", job.pk).pk) == 75.0


def test_an_update_that_was_computed_for_another_model_is_refused(planner: Any, stored: Any) -> None:
    job = computed(planner)
    actions.confirm_import(planner, propose_update(planner, "Shop", [CUT]).pk)
    with pytest.raises(OperationError, match="still 60"):
        update_as_computed(planner, "Shop", job.pk)


def test_one_can_go_back_to_an_earlier_version(planner: Any, stored: Any) -> None:
    actions.confirm_import(planner, propose_update(planner, "Shop", [CUT]).pk)
    assert [v["version"] for v in queries.earlier_versions("Shop")] == [1]
    draft = restore_version(planner, "Shop", 1)
    assert time_of_a_unit() == 75.0
    actions.confirm_import(planner, draft.pk)
    assert time_of_a_unit() == 60.0
    with pytest.raises(NotFoundError):
        restore_version(planner, "Shop", 99)


def test_nothing_chosen_or_no_longer_proposed_is_refused(planner: Any, stored: Any) -> None:
    for chosen, says in (([], "at least one"), (["steps"], "No longer proposed")):
        for act in (request_effect, propose_update):
            with pytest.raises(actions.RefusedError, match=says):
                act(planner, "Shop", chosen)
    assert Dataset.objects.count() == 1


def test_who_may_not_change_the_set_up_cannot_update_it(viewer: Any, make_user: Any, stored: Any) -> None:
    for user in (viewer, make_user("supervisor")):
        with pytest.raises(PermissionDenied):
            propose_update(user, "Shop", [CUT])
    with pytest.raises(PermissionDenied):
        request_effect(viewer, "Shop", [CUT])


def test_people_of_another_place_neither_see_nor_change_it(planner: Any, make_user: Any) -> None:
    slow_shop(planner, places=(Place(name="Shop"), Place(name="Yard")))
    other = make_user("planner", "yard")
    PlaceScope.objects.create(user=other, operation="Shop", place="Yard")
    assert queries.rows("Shop", frozenset({"Yard"})) == []
    with transaction.atomic():
        append("Shop", [order(90)], user=planner)
        append("Shop", cut(90, 600.0, quantity=0), user=planner)
    (left,) = queries.left_out("Shop", scope=frozenset({"Shop"}))
    assert left == {"record": "MO-90", "why": "Cut: no quantity was reported"}
    assert queries.left_out("Shop", scope=frozenset({"Yard"})) == []
    with pytest.raises(actions.RefusedError, match="No longer proposed"):
        propose_update(other, "Shop", [CUT])
    with pytest.raises(PermissionDenied):
        restore_version(other, "Shop", 1)


def test_an_operation_without_records_has_nothing_to_learn(planner: Any) -> None:
    actions.import_operation(planner, shop())
    assert queries.rows("Shop") == []
    assert queries.left_out("Shop") == []


def test_an_effect_shows_people_of_a_place_their_demands_and_resources_only(planner: Any, stored: Any) -> None:
    result = {"demands": [{"demand": "SO-1"}], "demands_count": 1, "resources": [{"resource": "Saw"}], "late_after": 2}
    assert queries.seen_effect(result, "Shop", frozenset({"Shop"}))["demands_count"] == 1
    seen = queries.seen_effect(result, "Shop", frozenset({"Yard"}))
    assert (seen["demands"], seen["resources"], seen["demands_count"], seen["late_after"]) == ([], [], 0, 2)

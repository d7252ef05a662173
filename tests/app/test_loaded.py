"""What is kept in memory of a plan is that plan's."""

from __future__ import annotations

from typing import Any

import pytest

from gemba.app.queries.board import board_json
from gemba.app.queries.loaded import loaded
from gemba.app.store.models import PlanVersion
from gemba.app.store.operations import NotFoundError, save_operation
from gemba.app.store.plans import delete_plan, save_plan
from gemba.operation import Plan

pytestmark = pytest.mark.django_db


def test_a_plan_is_loaded_once(close: Any) -> None:
    version = save_plan(save_operation(close), Plan(close.name, 1))
    assert loaded(version.pk) is loaded(version.pk)
    assert board_json(version.pk) is board_json(version.pk)


def test_another_plan_with_the_same_id_is_not_mistaken_for_it(close: Any) -> None:
    """As after a database was put back from a backup."""
    stored = save_operation(close)
    first = save_plan(stored, Plan(close.name, 1))
    pk = first.pk
    assert loaded(pk).plan.now == 1
    board = board_json(pk)
    delete_plan(first)
    second = save_plan(stored, Plan(close.name, 2))
    PlanVersion.objects.filter(pk=second.pk).update(id=pk)
    assert loaded(pk).plan.now == 2
    assert board_json(pk) != board


def test_a_deleted_plan_is_gone_though_it_was_looked_at(close: Any) -> None:
    version = save_plan(save_operation(close), Plan(close.name, 1))
    loaded(version.pk), board_json(version.pk)
    pk = version.pk
    delete_plan(version)
    for look in (loaded, board_json):
        with pytest.raises(NotFoundError):
            look(pk)

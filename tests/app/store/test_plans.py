"""Plans in and out of the store."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from gemba.app.store.models import PLAN_TABLES, PlanVersion
from gemba.app.store.operations import NotFoundError, save_operation
from gemba.app.store.plans import delete_plan, load_plan, save_plan
from gemba.operation import (
    Delivery,
    Flow,
    Objective,
    Part,
    Peg,
    Plan,
    PlannedOrder,
    PlannedTask,
    Problem,
    Reason,
)

pytestmark = pytest.mark.django_db


def every_kind() -> Plan:
    """A plan with something in every list and field."""
    parts = (Part("work", 10, 20, "MO-1", "Cut", "Saw \u00e9", ("MO-2", "MO-3")), Part("closed", 20, 25))
    return Plan(
        "",
        1_795_000_000,
        [PlannedOrder("MO-1", "make", "Chair", "Plant", 1.5, 10, 20, "opt", "proc", "sup", "from", "firm")],
        [
            PlannedTask("MO-1", "Cut", 10, 20, (("Saw", 1.0), ("Bob", 0.5)), 3, 1.5, "firm"),
            PlannedTask("MO-1", "Dry", 20, 30),
        ],
        [Flow("MO-1", "Cut", "Leg", "Plant", -4.0, 10)],
        [Peg("Chair", "Plant", 1.0, "MO-1", "", "SO-1", "", ""), Peg("Leg", "Plant", 4.0, "", "MO-1", "", "Cut", "L1")],
        [Delivery("SO-1", 1.0, 30)],
        [Problem("short", "SO-1", "Short of \u2026", 2.0, 10, 20), Problem("data", "x", "y")],
        [Reason("SO-1", 15, 0.5, parts, (Part("release", 0, 10),), "because"), Reason("SO-2", 0, 1.0, ())],
        ["a rule"],
        Objective(3.5, 1.25, 2.0, 1.0, 7, 2, 1, 0.5, 86400, 12.5, 99.9, True),
        "makespan",
        42,
        1.75,
    )


def test_a_plan_survives_the_store_unchanged(close: Any) -> None:
    plan = every_kind()
    plan.operation = close.name
    assert load_plan(save_plan(save_operation(close), plan).pk) == plan


def test_a_plan_without_anything_in_it_survives_the_store(close: Any) -> None:
    plan = Plan(close.name, 0)
    assert load_plan(save_plan(save_operation(close), plan).pk) == plan


def test_an_unknown_bound_survives_the_store(close: Any) -> None:
    plan = Plan(close.name, 0, objective=Objective(value=1.0, bound=float("-inf")))
    assert load_plan(save_plan(save_operation(close), plan).pk).objective.bound == float("-inf")


def test_the_engines_numpy_numbers_are_stored_as_numbers(close: Any) -> None:
    task = PlannedTask("o", "s", np.int64(5), np.int32(9), (("r", np.float64(0.5)),), np.int64(1), np.float32(2))
    plan = Plan(close.name, np.int64(1), tasks=[task], seed=np.int64(3), seconds=np.float64(0.5))
    (found,) = load_plan(save_plan(save_operation(close), plan).pk).tasks
    assert found == PlannedTask("o", "s", 5, 9, (("r", 0.5),), 1, 2.0)
    assert type(found.start) is int


def test_plans_are_numbered_by_operation(close: Any, factory: Any) -> None:
    ours, theirs = save_operation(close), save_operation(factory)
    assert [save_plan(ours, Plan(close.name, 0)).number for _ in range(2)] == [1, 2]
    assert save_plan(theirs, Plan(factory.name, 0)).number == 1
    newer = save_operation(close)
    assert save_plan(newer, Plan(close.name, 0)).number == 3


def test_a_plan_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(NotFoundError):
        load_plan(999)


def test_deleting_a_plan_leaves_no_row_of_it(close: Any) -> None:
    version = save_plan(save_operation(close), every_kind())
    delete_plan(version)
    assert not PlanVersion.objects.exists()
    assert not any(model.objects.exists() for model in PLAN_TABLES.values())


@pytest.mark.slow
def test_a_hundred_thousand_tasks_are_saved_and_loaded_in_seconds(close: Any) -> None:
    dataset = save_operation(close)
    tasks = [PlannedTask(f"MO-{i // 3}", f"S{i % 3}", i, i + 9, ((f"R{i % 50}", 1.0),)) for i in range(100_000)]
    started = time.perf_counter()
    version = save_plan(dataset, Plan(close.name, 0, tasks=tasks))
    saved = time.perf_counter()
    assert load_plan(version.pk).tasks == tasks
    assert saved - started < 10, "1 s where it was written"
    assert time.perf_counter() - saved < 10

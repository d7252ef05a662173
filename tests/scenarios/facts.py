"""The facts a scenario may state about its plan, one function for each; ``expected.json`` calls them by name.

Moments are written as wall-clock time of the operation's zone. Each function gets the outcome and what is
expected, and asserts it.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.scenarios.outcome import Outcome

MINUTE = 60
#: Weighted days are written with four decimals.
DAYS = 0.0001


def on_time(outcome: Outcome, demands: list[str]) -> None:
    """These demands are delivered in full by their due date."""
    for name in demands:
        assert outcome.short(name) == pytest.approx(0), f"{name} is short"
        assert outcome.last_delivery(name) <= outcome.due(name), f"{name} is late: {outcome.shown(name)}"


def late(outcome: Outcome, dates: dict[str, str]) -> None:
    """These demands are delivered in full, the last of it at exactly this moment after the due date."""
    for name, date in dates.items():
        assert outcome.short(name) == pytest.approx(0), f"{name} is short"
        assert outcome.shown(name) == date
        assert outcome.last_delivery(name) > outcome.due(name), f"{name} is on time"


def short(outcome: Outcome, quantities: dict[str, float]) -> None:
    """Of these demands so much is not delivered at all."""
    assert {name: outcome.short(name) for name in quantities} == pytest.approx(quantities)


def parts(outcome: Outcome, quantities: dict[str, list[float]]) -> None:
    """These demands are delivered in these parts, in this sequence."""
    for name, expected in quantities.items():
        assert [d.quantity for d in outcome.deliveries(name)] == pytest.approx(expected)


def problems(outcome: Outcome, expected: list[list[str]]) -> None:
    """The plan names these problems, each a kind and a subject."""
    named = {(p.kind, p.subject) for p in outcome.plan.problems}
    assert {tuple(p) for p in expected} <= named


def because(outcome: Outcome, subjects: dict[str, str]) -> None:
    """The reason of the lateness of a demand names this resource, item or calendar, and adds up to the lateness."""
    reasons = {r.demand: r for r in outcome.plan.reasons}
    for name, subject in subjects.items():
        reason = reasons[name]
        assert sum(p.seconds for p in reason.parts) == reason.lateness
        assert reason.lateness == outcome.last_delivery(name) - outcome.due(name)
        assert subject in {p.subject for p in reason.parts}, reason.parts


def weighted_tardiness(outcome: Outcome, days: float) -> None:
    """The objective of the plan, in weighted days."""
    assert outcome.plan.objective.weighted_tardiness == pytest.approx(days, abs=DAYS)


def orders(outcome: Outcome, expected: list[dict[str, Any]]) -> None:
    """Proposed orders of a kind for an item have exactly these quantities."""
    for row in expected:
        assert sorted(outcome.quantities(row["kind"], row["item"])) == pytest.approx(sorted(row["quantities"]))


def totals(outcome: Outcome, expected: list[dict[str, Any]]) -> None:
    """Proposed orders of a kind for an item add up to this quantity."""
    for row in expected:
        assert sum(outcome.quantities(row["kind"], row["item"])) == pytest.approx(row["quantity"])


def tasks_on(outcome: Outcome, counts: dict[str, int]) -> None:
    """So many tasks are on each of these resources."""
    assert {name: len(outcome.tasks_on(name)) for name in counts} == counts


def setup_minutes(outcome: Outcome, minutes: dict[str, float]) -> None:
    """All set-ups on each of these resources together take so many minutes."""
    assert {name: sum(t.setup for t in outcome.tasks_on(name)) / MINUTE for name in minutes} == minutes


def stock_at_end(outcome: Outcome, quantities: dict[str, float]) -> None:
    """After everything planned so much of each of these items is in stock."""
    assert {item: outcome.stock_at_end(item) for item in quantities} == pytest.approx(quantities)


def tasks(outcome: Outcome, expected: list[dict[str, str]]) -> None:
    """A task of this step (and order) has this start, end and resource; ``start_from`` is the earliest start."""
    for row in expected:
        found = [t for t in outcome.plan.tasks if t.step == row["step"] and row.get("order", t.order) == t.order]
        if "order" not in row:
            found = [t for t in found if t.state == "proposed"]
        assert len(found) == 1, f"{len(found)} tasks are like {row}"
        (task,) = found
        for field in ("start", "end"):
            if field in row:
                assert outcome.local(getattr(task, field)) == row[field]
        if "start_from" in row:
            assert outcome.local(task.start) >= row["start_from"]
        if "resource" in row:
            assert row["resource"] in [name for name, _ in task.resources]

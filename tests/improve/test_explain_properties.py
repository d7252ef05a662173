"""Whatever the plan, its explanation adds up to the second."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gemba.decide.cycle import plan as engine
from gemba.improve.explain import explain
from gemba.operation import Operation, Plan, Reason
from gemba.operation.moments import seconds
from tests.decide.check.random_operation import operations
from tests.decide.check.serial import serial
from tests.decide.check.test_properties import SETTINGS, shaken


def assert_adds_up(operation: Operation, plan: Plan) -> None:
    """Every late or short demand has a reason, whose chain has no gap and whose parts make up the lateness."""
    demands = {d.name: d for d in operation.demands}
    last = {d: max(x.date for x in plan.deliveries if x.demand == d) for d in {x.demand for x in plan.deliveries}}
    reasons = explain(operation, plan)
    late = {
        n for n, at in last.items() if n in demands and demands[n].status == "open" and at > seconds(demands[n].due)
    }
    assert late <= {r.demand for r in reasons}
    for reason in reasons:
        due = seconds(demands[reason.demand].due)
        assert reason.lateness == max(0, last.get(reason.demand, due) - due)
        assert sum(p.seconds for p in reason.parts) == reason.lateness
        assert reason.summary
        if reason.lateness:
            assert_whole(reason, last[reason.demand], due)


def assert_whole(reason: Reason, last: int, due: int) -> None:
    chain = reason.chain
    assert chain[0].end == last
    assert chain[-1].start <= due
    assert all(a.start == b.end for a, b in pairwise(chain))
    assert all(p.seconds > 0 for p in (*chain, *reason.parts))
    for part in reason.parts:
        assert any(c.cause == part.cause and c.start <= part.start and part.end <= c.end for c in chain)
    assert len({p.start for p in reason.parts}) == len(reason.parts)


@SETTINGS
@given(operations())
def test_parts_add_up_to_the_lateness_of_a_clean_plan(operation: Operation) -> None:
    assert_adds_up(operation, serial(operation))


@SETTINGS
@given(operations(), st.integers(0, 10**6))
def test_parts_add_up_to_the_lateness_of_any_plan(operation: Operation, seed: int) -> None:
    assert_adds_up(operation, shaken(serial(operation), seed))


@settings(max_examples=30, suppress_health_check=list(HealthCheck))
@given(operations())
def test_parts_add_up_to_the_lateness_of_the_engines_plans(operation: Operation) -> None:
    assert_adds_up(operation, engine(operation, seconds=None, steps=3))

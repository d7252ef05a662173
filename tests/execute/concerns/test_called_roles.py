"""Who is called: the first role, then the next one too, nobody once somebody has answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from gemba.execute.concerns.calls import called_roles
from gemba.operation.safety import CallKind

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
KIND = CallKind(name="Material missing", first="supervisor", minutes=600.0, next="planner")


@pytest.mark.parametrize(
    ("minutes", "roles"), [(0, ("supervisor",)), (9.99, ("supervisor",)), (10, ("supervisor", "planner"))]
)
def test_the_next_role_is_called_too_when_the_time_is_over(minutes: float, roles: tuple[str, ...]) -> None:
    assert called_roles(KIND, "", "called", AT, AT + timedelta(minutes=minutes)) == roles


def test_an_owner_that_was_named_takes_the_place_of_the_first_role() -> None:
    assert called_roles(KIND, "chief", "called", AT, AT + timedelta(hours=1)) == ("chief", "planner")


def test_nobody_is_called_once_somebody_comes() -> None:
    for state in ("answered", "closed", "withdrawn"):
        assert called_roles(KIND, "", state, AT, AT + timedelta(hours=1)) == ()


def test_a_call_without_a_next_role_or_a_known_kind_stays_with_its_owner() -> None:
    last = CallKind(name="Chat", first="supervisor", next="")
    assert called_roles(last, "", "called", AT, AT + timedelta(days=1)) == ("supervisor",)
    assert called_roles(None, "supervisor", "called", AT, AT + timedelta(days=1)) == ("supervisor",)
    assert called_roles(None, "", "called", AT, AT) == ()

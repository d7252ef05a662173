"""Callers of the API, and an operation with a plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from gemba.app import actions
from gemba.app.store.plans import save_plan
from gemba.decide import cycle


@pytest.fixture
def caller() -> Callable[[Any], Client]:
    """Makes a program that calls the API with a user's token."""

    def make(user: Any) -> Client:
        token = actions.create_token(user, "test")
        return Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {token}"})

    return make


@pytest.fixture
def call(caller: Any, planner: Any) -> Client:
    """A planner's program."""
    return caller(planner)


@pytest.fixture
def stored(planner: Any, close: Any) -> Any:
    return actions.import_operation(planner, close, "close.xlsx")


@pytest.fixture
def plan(planner: Any, stored: Any, close: Any) -> Any:
    """The stored plan of the month-end close."""
    from gemba.improve.explain import explain

    made = cycle.plan(close, seconds=None, steps=3)
    made.reasons = list(explain(close, made))
    return save_plan(stored, made, user=planner)

"""An operation in the store, for the jobs to plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from gemba.app import actions


@pytest.fixture
def ready(transactional_db: None, roles: None) -> Iterator[None]:
    """A database that other processes see."""
    yield
    connections.close_all()


@pytest.fixture
def person(ready: None) -> Any:
    return actions.create_user("planner", "planner", "correct horse battery")


@pytest.fixture
def stored(person: Any, close: Any) -> Any:
    return actions.import_operation(person, close)

"""What is wrong with an adapter or its source, as the one error every reader raises."""

from __future__ import annotations

from gemba.operation import Fault, OperationError


def wrong(table: str, thing: str, allowed: str, *, field: str = "", near: str = "", source: str = "") -> OperationError:
    """One fault: what it is about, what it must be, and the file."""
    return OperationError([Fault(table, thing, field, None, allowed, near, source=source)])

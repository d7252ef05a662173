"""Numbers of concerns: the letters of the kind and a count, such as NC-12."""

from __future__ import annotations

from collections.abc import Iterable

from gemba.execute.concerns.states import KINDS


def number(kind: str, count: int) -> str:
    return f"{KINDS[kind].prefix}-{count}"


def next_number(kind: str, taken: Iterable[str]) -> str:
    """The number after the largest of these that is of the kind."""
    prefix = f"{KINDS[kind].prefix}-"
    counts = (t.removeprefix(prefix) for t in taken if t.startswith(prefix))
    return number(kind, 1 + max((int(c) for c in counts if c.isdecimal()), default=0))

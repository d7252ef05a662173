"""What changed between two values, as lines a person can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

#: Longer texts are cut on the screen; an export has them whole.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: what it was and what it is; blank where there was, or is, none."""

    name: str
    before: str = ""
    after: str = ""


def differences(before: Any, after: Any) -> list[Difference]:
    """The fields that differ, in their order; inner fields as ``outer.inner``."""
    old, new = dict(_fields(before)), dict(_fields(after))
    names = [*old, *(name for name in new if name not in old)]
    return [Difference(n, old.get(n, ""), new.get(n, "")) for n in names if old.get(n) != new.get(n)]


def _fields(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _fields(inner, f"{name}.{key}" if name else str(key))
    elif value is not None:
        yield name or "value", _words(value)


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return _cut(", ".join(map(_words, value)) or "none")
    return _cut("blank" if value == "" else str(value))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"

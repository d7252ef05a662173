"""What is wrong with the data: a fault names the thing, the field, the value and what would be allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the data.

    ``table`` and ``thing`` say which row, ``field`` and ``value`` what is wrong with it, ``allowed`` what would
    be right. ``nearest`` is the closest valid value where one is close. ``row`` is the position in its table
    (0 = first) where it is known. Readers add ``source`` and the line they read.
    """

    table: str
    thing: str
    field: str
    value: Any
    allowed: str
    nearest: str = ""
    row: int | None = None
    source: str = ""
    line: int | None = None

    def __str__(self) -> str:
        where = f"{self.source}, " if self.source else ""
        where += self.table + (f", row {self.line}" if self.line is not None else "")
        name = f" '{self.thing}'" if self.thing else ""
        field = f", {self.field}" if self.field else ""
        got = "" if self.value is None or self.value == "" else f" is {_show(self.value)};"
        near = f" (did you mean '{self.nearest}'?)" if self.nearest else ""
        return f"{where}{name}{field}{got} must be {self.allowed}{near}"


def _show(value: Any) -> str:
    shown = repr(value) if isinstance(value, str) else str(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."


class OperationError(ValueError):
    """The data do not describe a possible operation; ``faults`` holds every reason."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(f) for f in self.faults))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.faults,)

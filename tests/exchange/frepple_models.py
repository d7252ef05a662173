"""Small frePPLe models for the tests of its reader."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gemba.exchange.frepple import read_frepple
from gemba.operation import Operation

_HEAD = '<plan xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><current>2026-11-23T00:00:00</current>'

CHAIR = """
<operations><operation name="Assemble" xsi:type="operation_time_per" duration="PT1H" duration_per="PT6M">
  <item name="chair"/><location name="plant"/>
  <flows><flow xsi:type="flow_start"><item name="leg"/><quantity>-4</quantity></flow></flows>
  <loads><load><resource name="bench"/></load></loads>
</operation></operations>
<demands><demand name="SO 1" quantity="25" due="2026-12-01T00:00:00" priority="3">
  <item name="chair"/><location name="plant"/></demand></demands>
"""


def model_file(folder: Path, inside: str) -> Path:
    """A file with a plan of these elements."""
    path = folder / "model.xml"
    path.write_text(f"{_HEAD}{inside}</plan>", encoding="utf-8")
    return path


class Reader:
    """Reads a plan of these elements."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, inside: str) -> Operation:
        return read_frepple(model_file(self.folder, inside))


def one(rows: tuple[Any, ...], **fields: Any) -> Any:
    """The only row with these fields."""
    (found,) = [row for row in rows if all(getattr(row, k) == v for k, v in fields.items())]
    return found


def at(*parts: int) -> datetime:
    """A moment in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]

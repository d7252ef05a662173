"""Operations of every shape: any table may be filled, with any value its columns allow.

Single values are drawn by Hypothesis. A whole operation, of hundreds of values, is made from a seed, which is a
thousand times faster; Hypothesis draws the seed.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from gemba.operation import TABLES, Column, Operation, OperationError
from gemba.operation.moments import moment

#: Characters with a meaning in files and spreadsheets, beside all others.
_PIECES = (
    *("=", "+", "-", "@", "'", '"', ",", ";", "\n", "\t", " ", "|", "(blank)", "NA", "007", "1e5", "#N/A", "true"),
    *("_x0041_", "Chair", "é", "€", "椅子", "\U0001f600"),
)
_AWKWARD = st.sampled_from(_PIECES)
_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc", "Cn"])
TEXTS = st.lists(st.one_of(_AWKWARD, _CHARACTERS), max_size=6).map("".join).map(str.strip)
_FIRST, _LAST = int(datetime(1950, 1, 2, tzinfo=UTC).timestamp()), int(datetime(2199, 12, 30, tzinfo=UTC).timestamp())
_ZONES = ["", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]


def _numbers(column: Column) -> st.SearchStrategy[float]:
    low = column.low if column.low is not None else (column.above if column.above is not None else -1e9)
    high = column.high if column.high is not None else 1e9
    return st.floats(low, high, exclude_min=column.above is not None).map(lambda x: x + 0.0)


def values(column: Column) -> st.SearchStrategy[Any]:
    """Values that a column allows."""
    moments = st.integers(_FIRST, _LAST).map(moment)
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "text": TEXTS, "number": _numbers(column), "duration": _numbers(column), "flag": st.booleans(),
        "choice": st.sampled_from(column.choices or ("",)), "moment": moments,
        "local_moment": moments.map(lambda at: at.replace(tzinfo=None)),
        "whole": st.integers(int(column.low if column.low is not None else -1000), int(column.high or 1000)),
        "clock": st.integers(0, 86399).map(lambda s: (datetime.min + timedelta(seconds=s)).time()),
    }  # fmt: skip
    found = kinds[column.kind]
    if column.required and column.kind == "text":
        found = found.filter(bool)
    return found if column.required else st.one_of(st.just(column.default), found)


class _Maker:
    """Makes the rows of one operation, table by table, each referring to those made before."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.made: dict[str, list[Any]] = {}

    def value(self, column: Column, row: dict[str, Any]) -> Any:
        if column.refers_to:
            names = [getattr(n, TABLES[column.refers_to].key[0]) for n in self.made.get(column.refers_to, [])]
            return self.random.choice(names if column.required and names else [*names, ""])
        if column.name in ("step", "before", "after") and "process" in row:
            return self.random.choice([s.name for s in self.made["steps"] if s.process == row["process"]] or [""])
        if not column.required and self.random.random() < 0.3:
            return column.default
        return self.plain(column)

    def plain(self, column: Column) -> Any:
        pick = self.random
        if column.name == "zone":
            return pick.choice(_ZONES)
        if column.name == "days":
            return pick.choice(["", "Mon-Fri", "Sat, Sun", "Fri-Mon"])
        if column.kind == "text":
            return "".join(pick.choice(_PIECES) for _ in range(pick.randrange(4))).strip()
        if column.kind == "choice":
            return pick.choice(column.choices)
        if column.kind == "flag":
            return pick.random() < 0.5
        if column.kind in ("moment", "local_moment"):
            at = moment(pick.randrange(_FIRST, _LAST))
            return at if column.kind == "moment" else at.replace(tzinfo=None)
        if column.kind == "clock":
            return (datetime.min + timedelta(seconds=pick.randrange(86400))).time()
        low = column.low if column.low is not None else (column.above or 0.0 if column.above is not None else -1000.0)
        high = column.high if column.high is not None else low + 1000
        found = pick.choice(
            [pick.uniform(low, high), float(pick.randint(int(low), int(high))), pick.uniform(low, high) / 3]
        )
        return int(found) if column.kind == "whole" else found

    def table(self, name: str) -> None:
        table, rows = TABLES[name], self.made.setdefault(name, [])
        for _ in range(1 if name == "settings" else self.random.randrange(5)):
            row: dict[str, Any] = {}
            for column in table.columns:
                row[column.name] = self.value(column, row)
            try:
                noun = table.noun(**row)
            except OperationError:
                continue  # a rule between its fields, or a limit
            if all(table.key_of(noun) != table.key_of(other) for other in rows):
                rows.append(noun)

    def operation(self) -> Operation:
        for name in TABLES:
            self.table(name)
        while not self.made["settings"]:
            self.table("settings")
        for process in self.made["processes"]:
            if all(s.process != process.name for s in self.made["steps"]):
                self.made["steps"].append(TABLES["steps"].noun(process=process.name, name="Only"))
        try:
            return Operation.of({**self.made})
        except OperationError:  # a circle of steps or of a recipe
            return Operation.of({**self.made, "step_links": [], "step_items": []})


def operation_of(seed: int) -> Operation:
    """The operation of a seed: the same each time."""
    return _Maker(seed).operation()


operations = st.integers(0, 2**32).map(operation_of)

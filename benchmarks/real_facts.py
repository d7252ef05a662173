"""A known fact of a data set: what it is, what is expected, what was found."""

from __future__ import annotations

import csv
import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Fact:
    name: str
    expected: str
    got: str
    ok: bool

    def __str__(self) -> str:
        return f"{'ok  ' if self.ok else 'FAIL'}  {self.name}: expected {self.expected}, got {self.got}"


def equal(name: str, expected: Any, got: Any) -> Fact:
    """The fact that two values are the same."""
    return Fact(name, shown(expected), shown(got), expected == got)


def shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


class Said:
    """Numbers that the data folder's own README states; None where it does not state them."""

    def __init__(self, folder: Path) -> None:
        file = folder / "README.md"
        self.text = file.read_text(encoding="utf-8") if file.exists() else ""

    def number(self, pattern: str) -> int | None:
        """The first number the pattern's group finds."""
        match = re.search(pattern, self.text)
        return int(match[1].replace(",", "")) if match else None


def rows(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file (gzipped), as text. Read apart from Gemba's readers, as evidence against them."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))

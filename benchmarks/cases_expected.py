"""What another planner delivers in a planning case: reads the dumps of its plans that lie beside the model."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_SETTING = re.compile(r"plantype\s*=\s*(\d)\s*;\s*constraints\s*=\s*([\d+]+)")
_PEGGED = re.compile(r"Pegging of demand (.*) with quantity [\d.]+:$")
CONSTRAINED = "1"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A quantity delivered to a demand at a moment (seconds UTC)."""

    demand: str
    quantity: float
    date: int


def parse_dump(text: str) -> list[Delivered] | None:
    """The deliveries of a dump; None where it says nothing about any demand.

    Lines are ``DEMAND name date quantity`` separated by tabs (a line ``planned N units short`` has no date), or the
    first level under ``Pegging of demand name with quantity N:``.
    """
    found: list[Delivered] = []
    spoken = False
    pegged = ""
    for line in text.splitlines():
        cells = line.split("\t")
        if cells[0] == "DEMAND" and len(cells) >= 3:
            spoken = True
            if len(cells) > 3:
                found.append(Delivered(cells[1], float(cells[3]), _seconds(cells[2])))
        elif match := _PEGGED.match(line):
            spoken, pegged = True, match[1]
        elif pegged and len(cells) == 7 and cells[1] == "0":
            found.append(Delivered(pegged, float(cells[4]), _seconds(cells[6])))
        elif pegged and (len(cells) < 2 or cells[0]):
            pegged = ""
    return found if spoken else None


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text.strip()).replace(tzinfo=UTC).timestamp())


def choose(settings: str, spoken: list[int]) -> int | None:
    """The number of the dump to compare with, of those that speak of demands; None where none does.

    It is the one made with plan type 1 (constrained) and the most constraints; the first where that cannot be told.
    """
    if not spoken:
        return None
    runs = [(kind, sum(int(n) for n in mask.split("+") if n)) for kind, mask in _SETTING.findall(settings)]
    constrained = [i for i, (kind, _) in enumerate(runs) if kind == CONSTRAINED]
    if not constrained:
        return spoken[0]
    best = max(constrained, key=lambda i: (runs[i][1], -i))
    return spoken[best] if best < len(spoken) else spoken[0]


def expected(folder: Path, settings: str = "") -> tuple[str, list[Delivered] | None]:
    """The dump of a case to compare with: its file name and deliveries; ("", None) where there is none."""
    files = sorted(folder.glob("expected.*.tsv"), key=lambda path: int(path.name.split(".")[1]))
    dumps = [parse_dump(path.read_text(encoding="utf-8")) for path in files]
    chosen = choose(settings, [i for i, dump in enumerate(dumps) if dump is not None])
    return ("", None) if chosen is None else (files[chosen].name, dumps[chosen])


def cases(data: Path) -> list[tuple[str, str]]:
    """The cases of a folder, with the settings of their dumps: of index.csv, else every folder with a model."""
    index = data / "index.csv"
    if index.is_file():
        with index.open(encoding="utf-8", newline="") as lines:
            return [(row["case"], row.get("solver_settings_in_order") or "") for row in csv.DictReader(lines)]
    return [(path.parent.name, "") for path in sorted(data.glob("*/model.xml"))]

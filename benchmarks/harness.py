"""What every benchmark shares: cases, answers, the table, the bars and the exit status.

A class of problems is one ``Benchmark``, the constant ``BENCHMARKS`` of a module in ``benchmarks.classes`` lists those that the
module offers. Objectives are never taken from an engine's word: each class computes them anew from the schedule.
"""

from __future__ import annotations

import csv
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Case:
    """One instance. ``best`` is the best objective known (None: none), ``optimal`` whether that is proven best."""

    name: str
    problem: Any
    best: float | None = None
    optimal: bool = False
    size: str = ""
    lower: float | None = None  # the best lower bound known


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine found. ``objective`` is computed anew by the class from the schedule (inf: no schedule, or a wrong one)."""

    objective: float
    bound: float = float("-inf")
    first: float | None = None  # seconds until the first schedule
    note: str = ""  # other figures of the class, ready to print
    faults: int = 0  # rules that the schedule breaks
    extra: dict[str, float] = field(default_factory=dict)  # other figures that a bar needs


@dataclass(frozen=True, slots=True)
class Row:
    """A case with the answers of Gemba and of the rivals, and the seconds and memory that Gemba took."""

    case: Case
    answer: Answer
    seconds: float
    gigabytes: float
    rivals: dict[str, Answer] = field(default_factory=dict)

    def gap(self, answer: Answer | None = None) -> float:
        """Per cent above the best known; 0 where that is 0 and reached."""
        return gap((answer or self.answer).objective, self.case.best)

    @property
    def honest(self) -> bool:
        """No rule is broken, and the bound is above neither the objective nor the best known."""
        known = self.answer.objective if self.case.best is None else min(self.answer.objective, self.case.best)
        return self.answer.faults == 0 and self.answer.bound <= known + 1e-6 * max(1.0, abs(known))


Solve = Callable[[Case, float], Answer]  # a case and the seconds it may take
Bar = Callable[[Sequence[Row]], str]  # what is missed, as a sentence; empty where it is met


@dataclass(frozen=True, slots=True, eq=False)
class Benchmark:
    """A class of problems.

    Args:
        cases: reads the instances from the data folder; they may be made there as well.
        solve: Gemba's engine, on two cores.
        rivals: other engines in the same time.
        bars: each says what is missed.
        seconds: the time for each instance where none is given.
        fresh: each instance in a process of its own, so that its memory is its own.
        published: engines of ``engine_results.csv`` whose mean gap is shown.
    """

    name: str
    title: str
    cases: Callable[[Path], list[Case]]
    solve: Solve
    bars: Sequence[Bar]
    rivals: dict[str, Solve] = field(default_factory=dict)
    seconds: float = 30.0
    fresh: bool = False
    aliases: tuple[str, ...] = ()
    published: tuple[str, ...] = ()


def gap(objective: float, best: float | None) -> float:
    """Per cent above the best known: 100 (objective - best) / best."""
    if best is None:
        return float("nan")
    if objective <= best:
        return 100.0 * (objective - best) / best if best > 0 else 0.0
    return 100.0 * (objective - best) / best if best > 0 else float("inf")


def mean_gap(rows: Sequence[Row], rival: str = "") -> float:
    """Mean gap of Gemba, or of a rival on the cases that it answered, over the cases with a best known above 0."""
    mine = answered(rows, rival) if rival else rows
    gaps = [row.gap(row.rivals[rival] if rival else None) for row in mine if row.case.best]
    return statistics.fmean(gaps) if gaps else float("nan")


def answered(rows: Sequence[Row], rival: str) -> list[Row]:
    """The rows in which a rival found a schedule."""
    return [row for row in rows if rival in row.rivals and isfinite(row.rivals[rival].objective)]


def against(rows: Sequence[Row], rival: str) -> str:
    """A rival's mean gap in words, Gemba's on the same cases, and where it found nothing."""
    both = answered(rows, rival)
    none = sum(rival in row.rivals for row in rows) - len(both)
    words = f"{rival} {mean_gap(both, rival):.2f} % against {mean_gap(both):.2f} % on {len(both)}"
    return words + (f", no schedule on {none}" if none else "")


def at_most(per_cent: float) -> Bar:
    """The mean gap to the best known is at most this."""

    def bar(rows: Sequence[Row]) -> str:
        found = mean_gap(rows)
        return "" if found <= per_cent else f"mean gap {found:.2f} % is above {per_cent:g} %"

    return bar


def ahead_of(rival: str) -> Bar:
    """The mean gap is below that of a rival in the same run, on the cases that it answered; met where it did not run."""

    def bar(rows: Sequence[Row]) -> str:
        both = answered(rows, rival)
        ours, theirs = mean_gap(both), mean_gap(both, rival)
        return f"mean gap {ours:.2f} % is not below {theirs:.2f} % of {rival}" if both and not ours <= theirs else ""

    return bar


def honest(rows: Sequence[Row]) -> str:
    """No schedule breaks a rule, and no bound is above a feasible value."""
    wrong = [row.case.name for row in rows if not row.honest]
    return f"rules broken or bound too high: {', '.join(wrong)}" if wrong else ""


def ahead_of_published(cls: str, engine: str, data: Path | None = None, prefixes: tuple[str, ...] = ("",)) -> Bar:
    """On the instances that a published engine answered (of these prefixes) the mean gap is below the engine's."""

    def bar(rows: Sequence[Row]) -> str:
        missed = []
        for prefix in prefixes:
            theirs = {row.case.name: PUBLISHED.get((cls, engine, row.case.name)) for row in rows}
            both = [row for row in rows if row.case.name.startswith(prefix) and theirs[row.case.name] is not None]
            ours = mean_gap(both)
            other = statistics.fmean(gap(theirs[row.case.name] or 0.0, row.case.best) for row in both) if both else 0.0
            if both and not ours < other:
                missed.append(f"{prefix}: mean gap {ours:.2f} % is not below {other:.2f} % of {engine} (published)")
        return "; ".join(missed)

    return bar


#: (class, engine, instance) -> objective, of the data folder's ``engine_results.csv``.
PUBLISHED: dict[tuple[str, str, str], float] = {}


def known(data: Path, cls: str) -> list[tuple[dict[str, str], Path]]:
    """Rows of ``best_known.csv`` of a class with the path of each instance's file, and the published results with them.

    Raises:
        FileNotFoundError: where neither the folder, nor the one above, nor ``scheduling`` in it has the list.
    """
    folder = find(data, "best_known.csv", "scheduling")
    results = folder / "engine_results.csv"
    if results.exists():
        with results.open() as file:
            for row in csv.DictReader(file):
                if row["objective"]:
                    PUBLISHED[row["class"], row["engine"], row["instance"]] = float(row["objective"])
    with (folder / "best_known.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["class"] == cls]
    return [(row, folder / row["file"]) for row in rows if (folder / row["file"]).exists()]


def find(data: Path, name: str, *below: str) -> Path:
    """The folder that holds a file: the given one, one below it, or one above it."""
    for folder in (data, *(data / b for b in below), data.parent, *(data.parent / b for b in below)):
        if (folder / name).exists():
            return folder
    raise FileNotFoundError(f"no {name} in {data}, in {', '.join(below)} below it, or above it")


def number(text: str) -> float | None:
    """A figure of a table; None where it is empty."""
    return float(text) if text.strip() else None


def case_of(row: dict[str, str], problem: Any) -> Case:
    """A case from a row of ``best_known.csv``."""
    best = number(row["upper_bound"])
    return Case(row["instance"], problem, best, row["status"] == "optimal", row["size"], number(row["lower_bound"]))


def spread(cases: Sequence[Case], count: int | None) -> list[Case]:
    """So many cases, evenly over the list."""
    if count is None or count >= len(cases):
        return list(cases)
    return [cases[round(i * (len(cases) - 1) / max(1, count - 1))] for i in range(count)]


def run(benchmark: Benchmark, case: Case, seconds: float, rivals: bool) -> Row:
    """Solve one case, and let the rivals solve it."""
    begun = time.monotonic()
    answer = benchmark.solve(case, seconds)
    passed = time.monotonic() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    others = {name: solve(case, seconds) for name, solve in benchmark.rivals.items()} if rivals else {}
    return Row(case, answer, passed, memory, others)

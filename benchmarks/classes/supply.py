"""Supply planning of generated models: the whole of ``cycle.plan``, judged by the models' own checker.

The data folder has ``generate.py`` (makes a model of any size as JSON) and ``check.py`` (checks a plan from first principles and
prints its figures). The objective is the priority-weighted tardiness in days.
"""

from __future__ import annotations

import gc
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness import Answer, Bar, Benchmark, Case, Row, find, honest
from benchmarks.supply_model import operation_of, plan_document
from gemba.decide import cycle
from gemba.operation import Operation, Plan

_RESERVE = 0.8  # share of the seconds given to the planner: the rest is for whatever else the machine does


@dataclass(frozen=True, slots=True)
class Model:
    """Arguments of the generator and bars: seconds in all and to the first plan, GiB, share on time, weighted days, stock."""

    items: int
    demands: int
    extra: tuple[str, ...] = ()
    seconds: float = 20.0
    first: float = float("inf")
    memory: float = 8.0
    on_time: float = 0.0
    tardiness: float = float("inf")
    stock: float = float("inf")


MODELS = {
    "w1k": Model(100, 1_000),
    "w10k": Model(1_000, 10_000, first=2.0, on_time=96.0, tardiness=2_900, stock=10.8e6),
    "w10k-calendar": Model(1_000, 10_000, ("--calendar",)),
    "w10k-util95": Model(1_000, 10_000, ("--util", "0.95")),
    "w10k-seed7": Model(1_000, 10_000, ("--seed", "7")),
    "d50k": Model(100, 50_000, seconds=10.0, on_time=100.0),
    "w100k": Model(10_000, 100_000, seconds=60.0, memory=4.0, on_time=95.5),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A model as a file, and the program that checks plans of it."""

    name: str
    folder: Path
    model: Model

    def text(self, target: Path) -> str:
        """The model's JSON, made anew."""
        m = self.model
        command = [
            sys.executable,
            str(self.folder / "generate.py"),
            "--items",
            str(m.items),
            "--demands",
            str(m.demands),
        ]
        subprocess.run([*command, *m.extra, "--out", str(target)], check=True, stdout=subprocess.DEVNULL)
        return target.read_text()


def cases(data: Path) -> list[Case]:
    folder = find(data, "generate.py", "supply", "bench/supply", "../bench/supply")
    return [
        Case(name, Source(name, folder, m), size=f"{m.items} items {m.demands} demands") for name, m in MODELS.items()
    ]


def solve(case: Case, seconds: float) -> Answer:
    """First a plan at once, then one in the model's own seconds, or in ``seconds`` where these are fewer."""
    source: Source = case.problem
    with tempfile.TemporaryDirectory() as scratch:
        model, target = Path(scratch) / "model.json", Path(scratch) / "plan.json"
        operation = operation_of(json.loads(source.text(model)))
        first = _timed(operation, 0.0)[1]
        gc.collect()
        plan, passed = _timed(operation, min(seconds, source.model.seconds) * _RESERVE)
        target.write_text(json.dumps(plan_document(plan)))
        command = [sys.executable, str(source.folder / "check.py"), str(model), str(target)]
        checked = subprocess.run(command, capture_output=True, text=True, check=False)
    figures = {
        "on_time": _figure(r"on time \d+ \(([\d.]+)%\)", checked.stdout),
        "tardiness": _figure(r"priority-weighted ([\d.]+)", checked.stdout),
        "stock": _figure(r"stock held ([\d.]+)", checked.stdout),
        "seconds": passed,
    }
    faults = len(plan.violations) + (checked.returncode != 0)
    note = f"on time {figures['on_time']} %  stock {figures['stock'] / 1e6:.2f} M  planned in {passed:.1f} s"
    objective = figures["tardiness"] if not faults else float("inf")
    bound = min(plan.objective.bound, objective)  # the figures of the other program are rounded
    return Answer(objective, bound, first, note, faults, figures)


def _timed(operation: Operation, seconds: float) -> tuple[Plan, float]:
    begun = time.monotonic()
    plan = cycle.plan(operation, seconds=seconds)
    return plan, time.monotonic() - begun


def _figure(pattern: str, text: str) -> float:
    found = re.search(pattern, text)
    return float(found.group(1)) if found else float("nan")


def bar(name: str) -> Bar:
    """What a model's own bars ask for."""

    def missed(rows: Sequence[Row]) -> str:
        m, said = MODELS[name], list[str]()
        for row in rows:
            if row.case.name == name:
                x = row.answer.extra
                for what, value, most in (
                    ("weighted tardiness", x["tardiness"], m.tardiness), ("stock", x["stock"], m.stock),
                    ("seconds", x["seconds"], m.seconds), ("seconds to the first plan", row.answer.first or 0.0, m.first),
                    ("GiB", row.gigabytes, m.memory),
                ):  # fmt: skip
                    if not value <= most:
                        said.append(f"{what} {value:.4g} is above {most:g}")
                if not x["on_time"] >= m.on_time:
                    said.append(f"on time {x['on_time']:g} % is below {m.on_time:g} %")
        return f"{name}: {'; '.join(said)}" if said else ""

    return missed


BENCHMARKS = [
    Benchmark(
        "supply",
        "Supply planning over several levels, weighted tardiness in days (all of the planning cycle)",
        cases,
        solve,
        [honest, *(bar(name) for name in MODELS)],
        seconds=60.0,
        fresh=True,
    )
]

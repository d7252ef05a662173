"""Reads, plans and compares one planning case."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.cases_compare import Service, compare, failing
from benchmarks.cases_expected import Delivered, expected
from gemba.decide import cycle
from gemba.decide.check import check
from gemba.exchange.frepple import read_frepple_with_warnings
from gemba.operation import Operation, OperationError, Plan


@dataclass(slots=True)
class Result:
    """How one case went."""

    case: str
    file: str = ""  # the dump it was compared with; blank where there is none
    read: bool = False
    error: str = ""
    violations: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    demands: int = 0
    ours: Service | None = None
    theirs: Service | None = None
    why: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return self.read and not self.error and not self.violations and not self.why


def run_case(data: Path, case: str, settings: str, seconds: float, steps: int | None = None) -> Result:
    """One case; whatever goes wrong is told in the result."""
    result = Result(case)
    begun = time.monotonic()
    try:
        operation, result.warnings = read_frepple_with_warnings(data / case / "model.xml")
        result.read = True
        plan = cycle.plan(operation, seconds=None if steps else seconds, steps=steps, seed=0)
        plan.violations = check(operation, plan)
        judge(result, operation, plan, *expected(data / case, settings))
    except (OperationError, OSError) as error:
        result.error = str(error)
    except Exception:  # a defect of the planner in one case must not hide the others
        result.error = traceback.format_exc(limit=-4)
    result.seconds = time.monotonic() - begun
    return result


def run_apart(limit: float, data: Path, case: str, settings: str, seconds: float, steps: int | None = None) -> Result:
    """One case in a process of its own, which is ended after ``limit`` seconds where the planner never comes back."""
    context = get_context("spawn")
    ours, other = context.Pipe(duplex=False)
    worker = context.Process(target=_send, args=(other, data, case, settings, seconds, steps), daemon=True)
    worker.start()
    other.close()
    try:
        if ours.poll(limit):
            found: Result = ours.recv()
            return found
        return Result(case, read=True, error=f"not planned within {limit:g} seconds", seconds=limit)
    except EOFError:
        return Result(case, read=True, error="the planner's process died")
    finally:
        worker.kill()
        worker.join()


def _send(pipe: Connection, *arguments: Any) -> None:
    pipe.send(run_case(*arguments))


def judge(result: Result, operation: Operation, plan: Plan, file: str, theirs: list[Delivered] | None) -> None:
    """Compares a plan with the deliveries of another; without these a plan without violations will do."""
    result.violations = list(plan.violations)
    open_demands = [d for d in operation.demands if d.status == "open"]
    result.demands = len(open_demands)
    if theirs is None or not open_demands:
        return
    result.file = file
    ours = [Delivered(d.demand, d.quantity, d.date) for d in plan.deliveries]
    result.ours, result.theirs = compare(open_demands, ours, theirs)
    result.why = failing(result.ours, result.theirs)

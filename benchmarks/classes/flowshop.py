"""Flow shops: permutation (makespan, with set-ups, total tardiness, total flow time) and hybrid."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.harness import (
    Answer,
    Bar,
    Benchmark,
    Case,
    ahead_of,
    ahead_of_published,
    at_most,
    case_of,
    honest,
    known,
)
from gemba.solvers.flowshop import FlowShop, Objective, solve
from gemba.solvers.flowshop.check import faults, objective
from gemba.solvers.stop import Stop


def read(path: Path, cls: str) -> FlowShop:
    """An instance of the data folder."""
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    numbers = np.array(text.split(), np.int64)
    jobs, stages = int(numbers[0]), int(numbers[1])
    rest, size = numbers[2:], jobs * stages
    if cls == "pfsp_setup":
        return FlowShop(rest[:size].reshape(jobs, stages), setups=rest[size:].reshape(stages, jobs, jobs))
    if cls == "pfsp_tardiness":
        return FlowShop(rest[jobs:].reshape(jobs, stages), Objective.TARDINESS, due=rest[:jobs])
    if cls == "hfsp":
        return FlowShop(rest[stages:].reshape(jobs, stages), machines=rest[:stages])
    return FlowShop(rest.reshape(jobs, stages), Objective.FLOW_TIME if cls == "pfsp_flowtime" else Objective.MAKESPAN)


def cases(cls: str, data: Path) -> list[Case]:
    return [_believed(case_of(row, read(path, cls))) for row, path in known(data, cls)]


def _believed(case: Case) -> Case:
    """The case without a listed makespan that cannot be: below a machine's work, with the least work before and behind it.

    Two listed values of the large permutation instances are (they have no lower bound beside them); such a case says so.
    """
    shop: FlowShop = case.problem
    if case.best is None or shop.hybrid or shop.objective is not Objective.MAKESPAN:
        return case
    through = shop.durations.cumsum(axis=1)
    before, behind = through - shop.durations, through[:, -1:] - through
    least = int((shop.durations.sum(axis=0) + before.min(axis=0) + behind.min(axis=0)).max())
    if case.best >= least:
        return case
    return replace(case, best=None, size=f"{case.size}, listed {case.best:g} is below {least}")


def gemba(case: Case, seconds: float) -> Answer:
    begun = time.monotonic()
    first: list[float] = []

    def report(value: float, bound: float) -> None:
        if value < float("inf") and not first:
            first.append(time.monotonic() - begun)

    result = solve(case.problem, Stop(seconds=seconds), report=report)
    wrong = faults(case.problem, result.starts, result.machines, result.sequence)
    value = float("inf") if wrong else float(objective(case.problem, result.starts))
    return Answer(value, result.bound, first[0] if first else None, faults=len(wrong))


def cp_sat(case: Case, seconds: float) -> Answer:
    """The plain formulation: an interval for each operation; a literal for each pair of jobs that all stages share."""
    shop: FlowShop = case.problem
    model = cp_model.CpModel()
    work = shop.durations.tolist()
    setups = 0 if shop.setups is None else int(shop.setups.max(axis=(1, 2)).sum()) * shop.jobs
    horizon = int(shop.durations.sum()) + setups
    starts = [[model.new_int_var(0, horizon, "") for _ in row] for row in work]
    for row, times in zip(starts, work, strict=True):
        for i in range(1, shop.stages):
            model.add(row[i] >= row[i - 1] + times[i - 1])
    _machines(model, shop, starts)
    ends = [row[-1] + times[-1] for row, times in zip(starts, work, strict=True)]
    model.minimize(_cost(model, shop, ends, horizon))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(float("inf"), solver.best_objective_bound)
    found = np.array([[solver.value(start) for start in row] for row in starts])
    return Answer(float(objective(shop, found)), solver.best_objective_bound)


def _machines(model: cp_model.CpModel, shop: FlowShop, starts: list[list[cp_model.IntVar]]) -> None:
    jobs = range(shop.jobs)
    for i in range(shop.stages):
        intervals = [model.new_fixed_size_interval_var(starts[j][i], int(shop.durations[j, i]), "") for j in jobs]
        if shop.machines[i] > 1:
            model.add_cumulative(intervals, [1] * shop.jobs, int(shop.machines[i]))
        else:
            model.add_no_overlap(intervals)
    if shop.hybrid:
        return
    arcs = [(shop.jobs, j, model.new_bool_var("")) for j in jobs] + [
        (j, shop.jobs, model.new_bool_var("")) for j in jobs
    ]
    for a in jobs:
        for b in jobs:
            if (a < b) if shop.setups is None else (a != b):
                chosen = model.new_bool_var("")
                arcs.append((a, b, chosen))
                for i in range(shop.stages):
                    setup = 0 if shop.setups is None else int(shop.setups[i, a, b])
                    model.add(starts[b][i] >= starts[a][i] + int(shop.durations[a, i]) + setup).only_enforce_if(chosen)
                    if shop.setups is None:
                        later = starts[a][i] >= starts[b][i] + int(shop.durations[b, i])
                        model.add(later).only_enforce_if(~chosen)
    if shop.setups is not None:
        model.add_circuit(arcs)


def _cost(
    model: cp_model.CpModel, shop: FlowShop, ends: list[cp_model.LinearExpr], horizon: int
) -> cp_model.LinearExprT:
    if shop.objective is Objective.MAKESPAN:
        span = model.new_int_var(0, horizon, "")
        for end in ends:
            model.add(span >= end)
        return span
    if shop.objective is Objective.FLOW_TIME:
        return sum(ends)
    late = [model.new_int_var(0, horizon, "") for _ in ends]
    for over, end, due in zip(late, ends, shop.due.tolist(), strict=True):
        model.add(over >= end - due)
    return sum(late)


def _benchmark(cls: str, title: str, *bars: Bar) -> Benchmark:
    read_cases: Callable[[Path], list[Case]] = partial(cases, cls)
    published = ("pyjobshop:cpoptimizer", "pyjobshop:ortools")
    return Benchmark(
        cls, title, read_cases, gemba, [honest, ahead_of("CP-SAT"), *bars], {"CP-SAT": cp_sat}, published=published
    )


_CPO = "pyjobshop:cpoptimizer"

BENCHMARKS = [
    _benchmark("pfsp", "permutation flow shop, makespan", at_most(1.5)),
    _benchmark("pfsp_setup", "permutation flow shop with sequence-dependent set-ups, makespan", at_most(3.0)),
    _benchmark("hfsp", "hybrid flow shop, makespan", ahead_of_published("hfsp", _CPO)),
    _benchmark(
        "pfsp_tardiness",
        "permutation flow shop, total tardiness",
        ahead_of_published("pfsp_tardiness", _CPO),
        at_most(2.0),
    ),
    _benchmark(
        "pfsp_flowtime",
        "permutation flow shop, total flow time",
        ahead_of_published("pfsp_flowtime", _CPO),
        at_most(2.0),
    ),
]

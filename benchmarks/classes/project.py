"""Projects with limited resources: PSPLIB and RG300 (one mode each), MMLIB (several modes, non-renewable resources)."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.harness import Answer, Benchmark, Case, ahead_of, ahead_of_published, at_most, case_of, honest, known
from gemba.solvers.project import Project, check, makespan, project, solve
from gemba.solvers.stop import Stop


def read_patterson(text: str) -> Project:
    """Activities and resources; capacities; per activity duration, demands, number of successors, successors (from 1)."""
    numbers = iter(map(int, text.split()))
    n, resources = next(numbers), next(numbers)
    capacity = [next(numbers) for _ in range(resources)]
    durations, demands, arcs = [], [], []
    for i in range(n):
        durations.append(next(numbers))
        demands.append([next(numbers) for _ in range(resources)])
        arcs += [(i, next(numbers) - 1) for _ in range(next(numbers))]
    return project(durations, demands, capacity, arcs)


def read_psplib(text: str) -> Project:
    """A ``.mm`` file: sections for precedence, for modes, and for what there is of each resource."""
    lines = text.splitlines()
    kinds = [
        next(int(line.split(":")[1].split()[0]) for line in lines if f"- {k}" in line) for k in ("renew", "nonrenew")
    ]
    arcs, counts = [], [0]
    for row in _section(lines, "PRECEDENCE RELATIONS", 2):
        counts.append(row[1])
        arcs += [(row[0] - 1, j - 1) for j in row[3:]]
    table = np.array([row[-1 - sum(kinds) :] for row in _section(lines, "REQUESTS/DURATIONS", 3)], np.int64)
    available = _section(lines, "RESOURCE AVAIL", 2)[0]
    split = 1 + kinds[0]
    return project(
        table[:, 0], table[:, 1:split], available[: kinds[0]], arcs,
        mode_ptr=np.cumsum(counts), nonrenewable=table[:, split:], budget=available[kinds[0] :],
    )  # fmt: skip


def _section(lines: list[str], title: str, heading: int) -> list[list[int]]:
    """Rows of numbers under a title, some lines of heading left out."""
    first = next(i for i, line in enumerate(lines) if line.strip().startswith(title)) + heading
    last = next(i for i, line in enumerate(lines) if i >= first and line.startswith("*"))
    return [[int(word) for word in line.split()] for line in lines[first:last] if line.strip()]


def _cases(name: str, data: Path) -> list[Case]:
    found = []
    for row, path in known(data, name):
        text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
        found.append(case_of(row, (read_psplib if name == "mmrcpsp" else read_patterson)(text)))
    return found


def _gemba(case: Case, seconds: float) -> Answer:
    result = solve(case.problem, Stop(seconds=seconds))
    return _answer(case.problem, result.start, result.mode, result.bound, f"{result.schedules} schedules")


def _answer(problem: Project, start: np.ndarray, mode: np.ndarray, bound: float, note: str = "") -> Answer:
    if len(start) != problem.size:
        return Answer(float("inf"), bound, note=note)
    faults = check(problem, start, mode)
    return Answer(float("inf") if faults else makespan(problem, start, mode), bound, note=note, faults=len(faults))


def _cp_sat(case: Case, seconds: float) -> Answer:
    """The plain model: an optional interval for each mode, a cumulative constraint for each resource."""
    p: Project = case.problem
    model, last = cp_model.CpModel(), int(np.maximum.reduceat(p.duration, p.mode_ptr[:-1]).sum())
    starts = [model.new_int_var(0, last, "") for _ in range(p.size)]
    ends = [model.new_int_var(0, last, "") for _ in range(p.size)]
    chosen = [model.new_bool_var("") for _ in p.duration]
    intervals = []
    for i in range(p.size):
        modes = range(int(p.mode_ptr[i]), int(p.mode_ptr[i + 1]))
        model.add_exactly_one(chosen[m] for m in modes)
        for m in modes:
            intervals.append(model.new_optional_interval_var(starts[i], int(p.duration[m]), ends[i], chosen[m], ""))
        for arc in range(int(p.before.ptr[i]), int(p.before.ptr[i + 1])):
            model.add(starts[i] >= ends[int(p.before.other[arc])])
    for r, capacity in enumerate(p.capacity.tolist()):
        model.add_cumulative(intervals, p.renewable[:, r].tolist(), capacity)
    for k, budget in enumerate(p.budget.tolist()):
        model.add(cp_model.LinearExpr.weighted_sum(chosen, p.nonrenewable[:, k].tolist()) <= budget)
    end = model.new_int_var(0, last, "")
    model.add_max_equality(end, ends)
    model.minimize(end)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(float("inf"), solver.best_objective_bound)
    start = np.array([solver.value(s) for s in starts], np.int64)
    mode = np.flatnonzero([solver.boolean_value(c) for c in chosen])
    return _answer(p, start, mode, solver.best_objective_bound)


BENCHMARKS = [
    Benchmark(
        "rcpsp", "project scheduling, shortest makespan (PSPLIB J30 to J120, RG300)",
        lambda data: _cases("rcpsp", data), _gemba,
        [at_most(2.5), honest, ahead_of("cp-sat"), ahead_of_published("rcpsp", "pyjobshop:ortools", prefixes=("J120", "RG300"))],
        rivals={"cp-sat": _cp_sat}, published=("pyjobshop:ortools", "pyjobshop:cpoptimizer"),
    ),
    Benchmark(
        "mmrcpsp", "project scheduling with several modes, shortest makespan (MMLIB50, MMLIB100)",
        lambda data: _cases("mmrcpsp", data), _gemba, [at_most(0.5), honest, ahead_of("cp-sat")],
        rivals={"cp-sat": _cp_sat}, published=("pyjobshop:ortools", "pyjobshop:cpoptimizer"),
    ),
]  # fmt: skip

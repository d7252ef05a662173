"""Flexible job shops, makespan (Brandimarte, Dauzère-Pérès and Paulli, Barnes and Chambers, Hurink, Fattahi, Behnke and Geiger);
unrelated parallel machines, makespan (Ruiz).
"""

from __future__ import annotations

import gzip
from itertools import pairwise
from pathlib import Path

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.harness import Answer, Benchmark, Case, ahead_of, at_most, case_of, honest, known
from benchmarks.rivals import has_pyjobshop, pyjobshop
from gemba.solvers.flexible import FlexibleJobShop, check, solve
from gemba.solvers.stop import Stop


def _text(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()


def read_shop(path: Path) -> FlexibleJobShop:
    """``jobs machines ...``; per job its operations' number, per operation its modes' number and (machine, duration) of each."""
    header, *lines = _text(path).splitlines()
    numbers = iter(int(word) for line in lines for word in line.split())
    return FlexibleJobShop.of(
        [
            [[(next(numbers) - 1, next(numbers)) for _ in range(next(numbers))] for _ in range(next(numbers))]
            for _ in range(int(header.split()[0]))
        ]
    )


def read_machines(path: Path) -> FlexibleJobShop:
    """Jobs, machines, and the duration of each job on each machine."""
    jobs, machines, *durations = (int(word) for word in _text(path).split())
    ptr = np.arange(jobs + 1)
    return FlexibleJobShop(ptr, ptr * machines, np.tile(np.arange(machines), jobs), durations)


def _cases(data: Path) -> list[Case]:
    return [case_of(row, read_shop(path)) for row, path in known(data, "fjsp")]


def _machine_cases(data: Path) -> list[Case]:
    return [case_of(row, read_machines(path)) for row, path in known(data, "parallel_machine")]


def _worth(problem: FlexibleJobShop, start: list[int], mode: list[int], bound: float, first: float | None) -> Answer:
    try:
        return Answer(float(check(problem, start, mode)), bound, first)
    except ValueError as error:
        return Answer(float("inf"), bound, first, note=str(error), faults=1)


def _solve(case: Case, seconds: float) -> Answer:
    found = solve(case.problem, Stop(seconds=seconds))
    return _worth(case.problem, found.start.tolist(), found.mode.tolist(), found.bound, None)


def _pyjobshop(case: Case, seconds: float) -> Answer:
    """PyJobShop where it is installed, else its formulation (Lan and Berkhout 2025) with OR-Tools."""
    p: FlexibleJobShop = case.problem
    if not has_pyjobshop():
        return _with_cp_sat(p, seconds)
    modes = list(zip(p.mode_machine.tolist(), p.mode_duration.tolist(), strict=True))
    operations = [modes[a:b] for a, b in pairwise(p.mode_ptr.tolist())]
    jobs = [operations[a:b] for a, b in pairwise(p.job_ptr.tolist())]
    found = pyjobshop(jobs, p.machines, seconds, p.release.tolist())
    return _worth(p, found.start, found.mode, found.bound, None) if found else Answer(float("inf"))


def _with_cp_sat(problem: FlexibleJobShop, seconds: float) -> Answer:
    """An interval for each task and an optional one for each mode; a makespan after all tasks."""
    model = cp_model.CpModel()
    horizon = int(
        problem.release.max(initial=0) + np.maximum.reduceat(problem.mode_duration, problem.mode_ptr[:-1]).sum()
    )
    makespan = model.new_int_var(0, horizon, "")
    lines: list[list[cp_model.IntervalVar]] = [[] for _ in range(problem.machines)]
    starts, ends, present = [], [], []
    for operation in range(problem.operations):
        job = problem.operation_job[operation]
        first = operation == problem.job_ptr[job]
        start = model.new_int_var(int(problem.release[job]) if first else 0, horizon, "")
        duration, end = model.new_int_var(0, horizon, ""), model.new_int_var(0, horizon, "")
        model.new_interval_var(start, duration, end, "")
        chosen = []
        for k in range(problem.mode_ptr[operation], problem.mode_ptr[operation + 1]):
            chosen.append(model.new_bool_var(""))
            size = int(problem.mode_duration[k])
            mode_start, mode_end = model.new_int_var(0, horizon, ""), model.new_int_var(0, horizon, "")
            lines[problem.mode_machine[k]].append(
                model.new_optional_interval_var(mode_start, size, mode_end, chosen[-1], "")
            )
            model.add(mode_start == start).only_enforce_if(chosen[-1])
            model.add(mode_end == end).only_enforce_if(chosen[-1])
        model.add_exactly_one(chosen)
        model.add(makespan >= end)
        if not first:
            model.add(start >= ends[-1])
        starts.append(start)
        ends.append(end)
        present += chosen
    for line in lines:
        model.add_no_overlap(line)
    model.minimize(makespan)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 2
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(float("inf"), solver.best_objective_bound)
    modes = [k for k in range(problem.modes) if solver.boolean_value(present[k])]
    return _worth(problem, [solver.value(s) for s in starts], modes, solver.best_objective_bound, None)


BENCHMARKS = (
    Benchmark(
        name="fjsp",
        title="flexible job shop, makespan",
        cases=_cases,
        solve=_solve,
        rivals={"pyjobshop": _pyjobshop},
        bars=(at_most(1.5), ahead_of("pyjobshop"), honest),
        seconds=20.0,
    ),
    Benchmark(
        name="parallel_machine",
        title="unrelated parallel machines, makespan",
        cases=_machine_cases,
        solve=_solve,
        rivals={"pyjobshop": _pyjobshop},
        bars=(at_most(1.5), honest),
        seconds=20.0,
        published=("pyjobshop:ortools", "pyjobshop:cpoptimizer"),
    ),
)

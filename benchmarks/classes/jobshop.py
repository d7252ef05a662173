"""Job shops, shortest makespan: the classical instances, and large ones with jobs that come to a machine again."""

from __future__ import annotations

import gzip
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.harness import Answer, Benchmark, Case, Row, ahead_of, at_most, case_of, honest, known
from benchmarks.rivals import has_pyjobshop, pyjobshop
from gemba.solvers.jobshop import JobShop, check, solve
from gemba.solvers.jobshop.warm import warm
from gemba.solvers.stop import Stop

_PROVEN = ("ft", "la")  # families of which every optimum is to be proven


def read(text: str) -> JobShop:
    """Jobs and machines; then a line for each job, machine and duration in turn."""
    lines = [np.array(line.split(), np.int64) for line in text.splitlines() if line.strip()]
    jobs = lines[1 : 1 + int(lines[0][0])]
    pairs = np.concatenate(jobs).reshape(-1, 2)
    return JobShop(np.cumsum([0, *(len(job) // 2 for job in jobs)]), pairs[:, 0], pairs[:, 1])


def _cases(name: str, data: Path) -> list[Case]:
    found = []
    for row, path in known(data, name):
        text = gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
        found.append(case_of(row, read(text)))
    return found


def _gemba(case: Case, seconds: float) -> Answer:
    warm()  # compiles, or loads what is compiled
    begun, first = time.monotonic(), []
    result = solve(
        case.problem, Stop(seconds=seconds), report=lambda objective, bound: first.append(time.monotonic() - begun)
    )
    return _answer(case.problem, result.start, result.bound, first[0] if first else None)


def _answer(problem: JobShop, start: np.ndarray, bound: float, first: float | None = None) -> Answer:
    try:
        return Answer(float(check(problem, start)), bound, first)
    except ValueError as wrong:
        return Answer(float("inf"), bound, first, str(wrong), faults=1)


def _cp_sat(case: Case, seconds: float) -> Answer:
    """The plain model: an interval for each operation, machines without overlap."""
    p: JobShop = case.problem
    model, last = cp_model.CpModel(), int(p.duration.sum() + p.release.max() + p.tail.max())
    starts = [model.new_int_var(0, last, "") for _ in range(p.operations)]
    intervals = [model.new_fixed_size_interval_var(s, int(d), "") for s, d in zip(starts, p.duration, strict=True)]
    end = model.new_int_var(0, last, "")
    for job in range(p.jobs):
        first, final = int(p.job_ptr[job]), int(p.job_ptr[job + 1]) - 1
        model.add(starts[first] >= int(p.release[job]))
        for i in range(first, final):
            model.add(starts[i + 1] >= starts[i] + int(p.duration[i]))
        model.add(end >= starts[final] + int(p.duration[final] + p.tail[job]))
    for machine in np.unique(p.machine):
        model.add_no_overlap([intervals[i] for i in np.flatnonzero(p.machine == machine)])
    model.minimize(end)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer(float("inf"), solver.best_objective_bound)
    return _answer(p, np.array([solver.value(s) for s in starts], np.int64), solver.best_objective_bound)


def _pyjobshop(case: Case, seconds: float) -> Answer:
    p: JobShop = case.problem
    rows = [range(int(a), int(b)) for a, b in zip(p.job_ptr[:-1], p.job_ptr[1:], strict=True)]
    jobs = [[[(int(p.machine[i]), int(p.duration[i]))] for i in row] for row in rows]
    found = pyjobshop(jobs, int(p.machine.max()) + 1, seconds, p.release.tolist())
    return _answer(p, np.array(found.start, np.int64), found.bound) if found else Answer(float("inf"))


def _small_ones_proven(rows: Sequence[Row]) -> str:
    open_ones = [
        row.case.name
        for row in rows
        if row.case.name.startswith(_PROVEN) and row.answer.objective > row.answer.bound + 1e-6
    ]
    return f"not proven optimal: {', '.join(open_ones)}" if open_ones else ""


def _at_once(rows: Sequence[Row]) -> str:
    """The first schedule within two seconds, and within a gigabyte."""
    late = [row.case.name for row in rows if row.answer.first is None or row.answer.first >= 2 or row.gigabytes > 1]
    return f"first schedule after 2 s, or more than 1 GiB: {', '.join(late)}" if late else ""


def _ahead_on_each(rows: Sequence[Row]) -> str:
    """No instance on which CP-SAT found a better schedule in the same run."""
    behind = [
        row.case.name
        for row in rows
        if "cp-sat" in row.rivals and row.rivals["cp-sat"].objective < row.answer.objective
    ]
    return f"CP-SAT is ahead on {', '.join(behind)}" if behind else ""


BENCHMARKS = [
    Benchmark(
        "jobshop", "job shop, shortest makespan (ft, la, abz, orb, swv, yn, ta, dmu)",
        lambda data: _cases("jobshop", data), _gemba,
        [at_most(1.5), honest, ahead_of("cp-sat"), ahead_of("pyjobshop"), _small_ones_proven],
        rivals={"cp-sat": _cp_sat} | ({"pyjobshop": _pyjobshop} if has_pyjobshop() else {}),
        published=("cpsat_9_15", "cpoptimizer_22_1", "optalcp_2026_4"),
    ),
    Benchmark(
        "jobshop_large", "large job shops, shortest makespan (up to 100,000 operations, machines revisited)",
        lambda data: _cases("jobshop_large", data), _gemba, [at_most(4), honest, _at_once, _ahead_on_each],
        rivals={"cp-sat": _cp_sat}, published=("cpsat_9_15", "cpoptimizer_22_1", "optalcp_2026_4"), fresh=True,
    ),
]  # fmt: skip

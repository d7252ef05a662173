"""HiGHS solves a program: within a time, a number of nodes, and until somebody says stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from gemba.solvers.lots.problem import Floats
from gemba.solvers.lots.program import Program

#: The presolve of HiGHS 1.14 may cut off the best solutions of a mixed-integer program (mended in 1.15): no proof with it.
_SAFE = "off" if highspy.Highs().version().startswith("1.14.") else "choose"


@dataclass(frozen=True, slots=True)
class Solved:
    """The best columns found (None: none), their value, a bound that no solution beats, and whether the search was complete."""

    x: Floats | None
    value: float
    bound: float
    complete: bool


def solve_program(
    program: Program, *, hint: Floats | None = None, seconds: float = float("inf"), nodes: int | None = None, gap: float = 0.0,
    seed: int = 0, proof: bool = True, over: Callable[[], bool] | None = None, found: Callable[[Floats], None] | None = None,
    bounded: Callable[[float], None] | None = None,
) -> Solved:  # fmt: skip
    """Solve a program on one thread.

    Args:
        hint: whole columns of a solution to begin with.
        proof: whether the bound must be right; without, it is faster.
        gap: relative, at which it is good enough.
        over: asked now and then whether to stop.
        found: told each better solution's columns.
        bounded: told the bound now and then.
    """
    highs = highspy.Highs()
    options: dict[str, Any] = {
        "output_flag": False,
        "presolve": _SAFE if proof else "choose",
        "threads": 1,
        "random_seed": seed % 2**31,
        "mip_rel_gap": gap,
    }
    if np.isfinite(seconds):
        options["time_limit"] = max(0.01, seconds)
    if nodes is not None:
        options["mip_max_nodes"] = nodes
        options["mip_allow_restart"] = proof  # a restart takes longer than the rest of a small search
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.passModel(_model(program))
    if hint is not None and len(hint):
        highs.setSolution(len(hint), np.arange(len(hint), dtype=np.int32), hint)
    _listen(highs, program, over, found, bounded)
    highs.run()
    return _answer(highs, program)


def _model(program: Program) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    rows, columns = len(program.lower_row), len(program.cost)
    row, column, value = program.entries
    order = np.lexsort((row, column))
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_, lp.offset_ = program.cost, program.constant
    lp.col_lower_, lp.col_upper_ = np.zeros(columns), program.upper
    lp.row_lower_, lp.row_upper_ = program.lower_row, program.upper_row
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate(([0], np.cumsum(np.bincount(column, minlength=columns)))).astype(np.int32)
    lp.a_matrix_.index_ = row[order].astype(np.int32)
    lp.a_matrix_.value_ = value[order]
    whole = len(program.free.item)
    if whole:
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger] * whole + [kinds.kContinuous] * (columns - whole)
    return lp


def _listen(
    highs: highspy.Highs, program: Program, over: Callable[[], bool] | None, found: Callable[[Floats], None] | None,
    bounded: Callable[[float], None] | None,
) -> None:  # fmt: skip
    if over is not None or bounded is not None:

        def look(event: Any) -> None:
            if bounded is not None and abs(event.data_out.mip_dual_bound) < 1e100:
                bounded(event.data_out.mip_dual_bound)
            if over is not None and over():
                event.data_in.user_interrupt = True

        highs.cbMipInterrupt.subscribe(look)
        highs.cbSimplexInterrupt.subscribe(look_simplex(over))
    if found is not None:
        highs.cbMipImprovingSolution.subscribe(lambda event: found(np.array(event.data_out.mip_solution)))


def look_simplex(over: Callable[[], bool] | None) -> Callable[[Any], None]:
    """Only asks: during the simplex method there is no bound to tell."""

    def look(event: Any) -> None:
        if over is not None and over():
            event.data_in.user_interrupt = True

    return look


def _answer(highs: highspy.Highs, program: Program) -> Solved:
    status, info = highs.getModelStatus(), highs.getInfo()
    complete = status in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kInfeasible)
    feasible = info.primal_solution_status == 2
    x = np.array(highs.getSolution().col_value) if feasible else None
    value = info.objective_function_value if feasible else float("inf")
    if not len(program.free.item):
        bound = value if status == highspy.HighsModelStatus.kOptimal else -np.inf
    else:
        bound = info.mip_dual_bound if abs(info.mip_dual_bound) < 1e100 else -np.inf
    if status == highspy.HighsModelStatus.kInfeasible:
        bound = float("inf")
    return Solved(x, value, bound, complete)

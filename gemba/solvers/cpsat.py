"""Runs a CP-SAT model the way every engine does: it can be stopped at any moment and tells what it finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from ortools.sat.python import cp_model

from gemba.solvers.stop import Run

_POLL = 0.05  # seconds
_LEAST = 0.01  # seconds
_MOST = 1e6  # seconds


@dataclass(frozen=True, slots=True)
class Found:
    """The solver after its run: ``values`` says what variables are in the best solution, if there is one."""

    solver: cp_model.CpSolver
    feasible: bool
    optimal: bool
    infeasible: bool

    @property
    def objective(self) -> float:
        return self.solver.objective_value if self.feasible else float("inf")

    @property
    def bound(self) -> float:
        """No solution is below this; minus infinity where nothing is known."""
        bound = self.solver.best_objective_bound
        return bound if abs(bound) < 1e15 and not self.infeasible else float("-inf")


def solve_until(
    solver: cp_model.CpSolver,
    model: cp_model.CpModel,
    over: Callable[[], bool],
    told: cp_model.CpSolverSolutionCallback | None = None,
) -> cp_model.CpSolverStatus:
    """Solve on a thread of its own; ``over`` is asked from the calling thread, and ``stop_search`` until it is heard."""
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(solver.solve, model, told)
        while not wait([answer], timeout=_POLL).done:
            if over():
                solver.stop_search()
        return answer.result()


def run_model(
    model: cp_model.CpModel,
    run: Run,
    *,
    seconds: float | None = None,
    effort: float | None = None,
    workers: int = 2,
    seed: int = 0,
    subsolvers: Sequence[str] = (),
    on_bound: Callable[[float], None] | None = None,
) -> Found:
    """Solve until the run ends or the time is over.

    Args:
        seconds: most wall-clock time, within what is left of the run.
        effort: most deterministic time (CP-SAT's own measure): with it one worker works, and the same each time.
        on_bound: told each better bound of the model's objective; called on another thread.
    """
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.max_time_in_seconds = min(max(_LEAST, min(run.left, _MOST if seconds is None else seconds)), _MOST)
    parameters.num_workers = workers if effort is None else 1
    parameters.random_seed = seed % (1 << 31)
    if effort is not None:
        parameters.max_deterministic_time = effort
    elif workers > 1:
        parameters.subsolvers.extend(subsolvers)
    if on_bound is not None:
        solver.best_bound_callback = on_bound

    def over() -> bool:
        run.look()
        return run.ended

    status = solve_until(solver, model, over)
    feasible = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return Found(solver, feasible, status == cp_model.OPTIMAL, status == cp_model.INFEASIBLE)

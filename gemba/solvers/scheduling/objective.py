"""The levels of an objective as whole-number expressions of a CP-SAT model."""

from __future__ import annotations

from math import floor

from ortools.sat.python import cp_model

from gemba.solvers.compiled.hours import FAR
from gemba.solvers.scheduling.cp import Formulation
from gemba.solvers.scheduling.problem import MODE_CHANGE, Term

_FINEST = 1e4  # coefficients are whole multiples of the largest one divided by this, rounded down, unless all are whole anyway

Row = tuple[float, cp_model.LinearExprT]  # coefficient, expression


class Level:
    """A level of the objective: ``expression`` / ``scale`` never exceeds its value, so that a bound of it stays a bound."""

    def __init__(self, f: Formulation, terms: tuple[tuple[Term, float], ...]) -> None:
        rows = [(weight * c, e) for term, weight in terms for c, e in _ROWS[term](f) if weight * c]
        self.scale = _scale([abs(c) for c, _ in rows])
        self.exact = all(abs(c * self.scale - round(c * self.scale)) < 1e-9 for c, _ in rows)
        self.expression: cp_model.LinearExprT = sum(floor(c * self.scale + 1e-9) * e for c, e in rows) if rows else 0


def _scale(coefficients: list[float]) -> float:
    if not coefficients or all(abs(c - round(c)) < 1e-9 for c in coefficients):
        return 1.0
    least = min(coefficients)
    if all(abs(c / least - round(c / least)) < 1e-9 for c in coefficients):
        return 1.0 / least
    return _FINEST / max(coefficients)


def _makespan(f: Formulation) -> list[Row]:
    last = f.model.new_int_var(0, f.horizon, "makespan")
    f.model.add_max_equality(last, f.end) if f.end else f.model.add(last == 0)
    return [(1.0, last)]


def _tardiness(f: Formulation) -> list[Row]:
    return [(float(f.p.weight[i]), _beyond(f, f.end[i], int(f.p.due[i]))) for i in _due(f) if f.p.weight[i]]


def _late(f: Formulation) -> list[Row]:
    rows: list[Row] = []
    for i in _due(f):
        late = f.model.new_bool_var("")
        f.model.add(f.end[i] <= int(f.p.due[i])).only_enforce_if(late.negated())
        rows.append((1.0, late))
    return rows


def _earliness(f: Formulation) -> list[Row]:
    rows: list[Row] = []
    for i in _due(f):
        if f.p.holding[i]:
            early = f.model.new_int_var(0, f.horizon + int(f.p.due[i]), "")
            f.model.add(early >= int(f.p.due[i]) - f.end[i])
            rows.append((float(f.p.holding[i]), early))
    return rows


def _flow_time(f: Formulation) -> list[Row]:
    return [(float(f.p.weight[i]), f.end[i] - int(f.p.release[i])) for i in range(f.p.size) if f.p.weight[i]]


def _setup_time(f: Formulation) -> list[Row]:
    return [(float(seconds), literal) for literal, seconds, _ in f.setup_literals]


def _setup_cost(f: Formulation) -> list[Row]:
    return [(cost, literal) for literal, _, cost in f.setup_literals]


def _mode_cost(f: Formulation) -> list[Row]:
    return [(float(c), f.chosen[m]) for m, c in enumerate(f.p.cost)]


def _disturbance(f: Formulation) -> list[Row]:
    rows: list[Row] = []
    for i in range(f.p.size):
        published, weight = int(f.p.published[i]), float(f.p.stability[i])
        if published >= 0:
            moved = f.model.new_int_var(0, f.horizon + published, "")
            f.model.add_abs_equality(moved, f.start[i] - published)
            rows.append((weight, moved))
        if f.p.published_mode[i] >= 0:
            rows.append((weight * MODE_CHANGE, f.chosen[int(f.p.published_mode[i])].negated()))
    return rows


def _due(f: Formulation) -> list[int]:
    return [i for i in range(f.p.size) if f.p.due[i] < FAR]


def _beyond(f: Formulation, end: cp_model.IntVar, due: int) -> cp_model.LinearExprT:
    beyond = f.model.new_int_var(0, max(0, f.horizon - due), "")
    f.model.add(beyond >= end - due)
    return beyond


_ROWS = {
    Term.MAKESPAN: _makespan,
    Term.TARDINESS: _tardiness,
    Term.LATE: _late,
    Term.EARLINESS: _earliness,
    Term.FLOW_TIME: _flow_time,
    Term.SETUP_TIME: _setup_time,
    Term.SETUP_COST: _setup_cost,
    Term.MODE_COST: _mode_cost,
    Term.DISTURBANCE: _disturbance,
}

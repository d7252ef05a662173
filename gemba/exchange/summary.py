"""A plan in a few lines for a terminal: what is late and why, what is loaded, how good the plan is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isfinite
from textwrap import shorten

from gemba.measure.load import Load, load
from gemba.measure.service import DemandResult, demand_results
from gemba.operation import Operation, Plan
from gemba.operation.moments import local

#: No line is longer than this.
WIDTH = 100
_WORST, _TOP = 10, 5
_DAY = 86400


def summary(operation: Operation, plan: Plan) -> str:
    """Service, load, stock, cost, the objective with its proven bound, and the worst demands with their reasons."""
    results = demand_results(operation, plan)
    lines = [_clip(f"{operation.name}: plan from {_when(plan.now, operation)}"), ""]
    lines += [_clip(f"  {name:<10}{value}") for name, value in measure_lines(operation, plan, results)]
    lines += [*_load_lines(operation, plan), *_worst_lines(operation, results), *_problem_lines(plan)]
    return "\n".join(lines) + "\n"


def measure_lines(
    operation: Operation, plan: Plan, results: list[DemandResult] | None = None
) -> Iterator[tuple[str, str]]:
    """The plan's measures as (name, text)."""
    results = demand_results(operation, plan) if results is None else results
    count = {s: sum(r.status == s for r in results) for s in ("on time", "late", "short")}
    yield "demands", f"{len(results)}: {count['on time']} on time, {count['late']} late, {count['short']} short"
    tasks = f", {len(plan.tasks):,} tasks" if plan.tasks else ""
    yield "orders", f"{len(plan.orders):,}{tasks}"
    best = plan.objective
    yield "stock", f"{best.stock:,.0f} unit-days held"
    yield "cost", f"{operation.settings.currency} {best.cost:,.2f}"
    yield "objective", objective_text(best.value, best.bound, best.gap)
    yield "checked", "no rule is broken" if not plan.violations else f"{len(plan.violations)} rules are broken"


def objective_text(value: float, bound: float, gap: float) -> str:
    """The weighted tardiness, what no plan can beat, and how far apart the two are at most."""
    text = f"{value:,.4g} days of weighted tardiness"
    if not isfinite(bound):
        return text
    proven = "the best possible" if value <= bound + 1e-9 else f"at most {gap:.1%} from the best possible"
    return f"{text} (bound {bound:,.4g}: {proven})"


def load_by_resource(rows: Iterable[Load]) -> list[Load]:
    """The load of each resource over all periods, the most loaded first, idle ones left out."""
    total: dict[str, Load] = {}
    for row in rows:
        had = total.get(row.resource)
        start, hours, there = (had.start, had.hours, had.available) if had else (row.start, 0.0, 0.0)
        total[row.resource] = Load(row.resource, start, row.end, hours + row.hours, there + row.available)
    return sorted((r for r in total.values() if r.hours > 0), key=lambda r: (-r.share, r.resource))


def _load_lines(operation: Operation, plan: Plan) -> list[str]:
    rows = load_by_resource(load(operation, plan))
    if not rows:
        return []
    lines = ["", "Most loaded resources (hours of work of open hours until the last work)"]
    for row in rows[:_TOP]:
        share = f"{row.share:7.1%}" if row.available else "      -"
        bar = "#" * round(20 * min(row.share, 1.0))
        name = shorten(row.resource, 34, placeholder="...")
        lines.append(f"  {name:<34} {share}  {bar:<20} {row.hours:>10,.1f} of {row.available:>10,.1f} h")
    return lines


def _worst_lines(operation: Operation, results: list[DemandResult]) -> list[str]:
    worst = sorted((r for r in results if r.status != "on time"), key=_badness)
    if not worst:
        return []
    lines = ["", f"Late or short ({len(worst)})"]
    for r in worst[:_WORST]:
        name = shorten(r.demand, 28, placeholder="...")
        lines.append(_clip(f"  {name:<28} due {_when(r.due, operation)}  {_how_bad(r)}"))
        if r.reason or r.cause:
            lines.append(_clip(f"      {r.reason or r.cause}"))
    if len(worst) > _WORST:
        lines.append(f"  ... and {len(worst) - _WORST} more")
    return lines


def _badness(result: DemandResult) -> tuple[int, int, float, str]:
    """Short before late, then by priority and lateness."""
    return (result.status != "short", result.priority, -result.lateness, result.demand)


def _how_bad(result: DemandResult) -> str:
    parts = []
    if result.status == "short":
        parts.append(f"{result.short:,.6g} of {result.quantity:,.6g} short")
    if result.lateness:
        parts.append(f"{days_text(result.lateness)} late")
    return ", ".join(parts)


def days_text(seconds: int) -> str:
    """A length of time in the two largest units: ``2 d 4 h``, ``3 h 20 min``, ``45 s``."""
    if seconds < 60:
        return f"{seconds} s"
    days, rest = divmod(seconds, _DAY)
    hours, minutes = divmod(rest // 60, 60)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return f"{hours} h {minutes} min" if hours and minutes else f"{hours} h" if hours else f"{minutes} min"


def _problem_lines(plan: Plan) -> list[str]:
    lines: list[str] = []
    others = [p for p in plan.problems if p.kind not in ("late", "short")]
    if others:
        lines += ["", f"Problems ({len(others)})", *(_clip(f"  {p.message}") for p in others[:_TOP])]
        lines += [f"  ... and {len(others) - _TOP} more"] if len(others) > _TOP else []
    if plan.violations:
        lines += ["", f"Rules that the plan breaks ({len(plan.violations)})"]
        lines += [_clip(f"  {v}") for v in plan.violations[:_TOP]]
    return lines


def _when(at: int, operation: Operation) -> str:
    return local(at, operation.settings.zone).strftime("%Y-%m-%d %H:%M")


def _clip(line: str) -> str:
    return line if len(line) <= WIDTH else line[: WIDTH - 3] + "..."

"""What a plan means: what each demand gets and why, how stock goes, how resources are loaded."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

from gemba.app.queries.loaded import loaded
from gemba.app.security.scope import Scope, shown
from gemba.app.store.operations import NotFoundError
from gemba.operation import Part
from gemba.operation.moments import iso


def demands(plan_id: int, scope: Scope = None) -> list[dict[str, Any]]:
    """What every open demand within the scope gets of the plan."""
    from gemba.measure.service import demand_results

    seen = loaded(plan_id)
    rows = []
    for result in demand_results(seen.operation, seen.plan):
        if not shown(scope, result.place):
            continue
        last = None if result.last is None else iso(result.last, seen.zone)
        rows.append({**asdict(result), "due": iso(result.due, seen.zone), "last": last, "short": result.short})
    return rows


def why(plan_id: int, demand: str) -> dict[str, Any]:
    """Why a demand is late or short: the parts add up to its lateness; empty where it is neither.

    Raises:
        NotFoundError: where the operation has no such demand.
    """
    seen = loaded(plan_id)
    if all(d.name != demand for d in seen.operation.demands):
        raise NotFoundError(f"there is no demand {demand!r}")
    reason = next((r for r in seen.plan.reasons if r.demand == demand), None)
    if reason is None:
        return {"demand": demand, "lateness": 0, "short": 0.0, "summary": "", "parts": [], "chain": []}
    return {
        "demand": demand,
        "lateness": reason.lateness,
        "short": reason.short,
        "summary": reason.summary,
        "parts": [_part(part, seen.zone) for part in reason.parts],
        "chain": [_part(part, seen.zone) for part in reason.chain],
    }


def _part(part: Part, zone: str) -> dict[str, Any]:
    return {
        "cause": part.cause,
        "subject": part.subject,
        "seconds": part.seconds,
        "start": iso(part.start, zone),
        "end": iso(part.end, zone),
        "order": part.order,
        "step": part.step,
        "behind": list(part.behind),
    }


def stock(plan_id: int, item: str = "", place: str | None = None, scope: Scope = None) -> list[dict[str, Any]]:
    """Projected stock of every item and place, or of those asked for: moments and the level from each on."""
    from gemba.measure.stock import projected_stock

    seen = loaded(plan_id)
    policies = {(p.item, p.place): p for p in seen.operation.stock_policies}
    rows = []
    for (of, at), levels in projected_stock(seen.operation, seen.plan).items():
        if (item and of != item) or (place is not None and at != place) or not shown(scope, at):
            continue
        policy = policies.get((of, at))
        rows.append(
            {
                "item": of,
                "place": at,
                "safety_stock": policy.safety_stock if policy else 0.0,
                "levels": [[iso(moment, seen.zone), level] for moment, level in levels],
            }
        )
    return rows


def load(plan_id: int, period: str = "day", scope: Scope = None) -> list[dict[str, Any]]:
    """Load of every resource by day, week or month; ``share`` is null where there is work but no capacity."""
    from gemba.measure.load import load as measured

    seen = loaded(plan_id)
    rows = []
    own = {r.name for r in seen.operation.resources if shown(scope, r.place)}
    for row in (one for one in measured(seen.operation, seen.plan, period) if one.resource in own):
        share = row.share if isfinite(row.share) else None
        moments = {"start": iso(row.start, seen.zone), "end": iso(row.end, seen.zone)}
        rows.append({**asdict(row), **moments, "share": share})
    return rows

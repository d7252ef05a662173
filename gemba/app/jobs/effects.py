"""The effect of proposals: two plans of the operation as it stands, and what differs between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from gemba.app.queries.learning import as_proposals
from gemba.improve.learn import apply, effect
from gemba.operation import Operation, Plan

#: So many demands and resources are kept; the others are counted.
MOST_ROWS = 500


def compute(
    operation: Operation,
    options: dict[str, Any],
    make_plan: Callable[..., Plan],
    progress: Callable[[Any], None],
    stop: Callable[[], bool],
) -> dict[str, Any]:
    """The comparison as a job keeps it. Both plans are searched with the same seed, steps and seconds.

    Raises:
        OperationError: where a proposal does not fit the operation any more.
    """
    how = {name: options[name] for name in ("seconds", "steps", "seed", "policy")}
    changed = apply(operation, as_proposals(options["proposals"]))
    plans = []
    for words, one in (("as the model is", operation), ("with the proposals", changed)):
        plans.append(make_plan(one, **how, progress=_said(progress, words), stop=stop))
    found = asdict(effect(operation, plans[0], changed, plans[1]))
    counts = {f"{name}_count": len(found[name]) for name in ("demands", "resources")}
    found |= {name: list(found[name])[:MOST_ROWS] for name in ("demands", "resources")}
    return {**found, **counts, "stopped": stop(), "broken": sum(len(p.violations) for p in plans), "now": plans[0].now}


def _said(progress: Callable[[Any], None], words: str) -> Callable[[Any], None]:
    """Progress that says of which of the two plans it is."""
    return lambda p: progress(_named(p, f"{p.stage}, {words}"))


def _named(p: Any, stage: str) -> Any:
    if hasattr(p, "__dataclass_fields__"):
        return replace(p, stage=stage)
    p.stage = stage
    return p

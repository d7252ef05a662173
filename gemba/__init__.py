"""Gemba runs operations: it plans, schedules and explains the work of an organisation, goods and services alike.

    import gemba

    operation = gemba.read("plant.xlsx")
    plan = gemba.plan(operation)
    print(gemba.summary(operation, plan))

Everything is imported when it is first used, so that ``import gemba`` takes no time.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gemba.decide.check import check as check
    from gemba.decide.cycle import Progress
    from gemba.decide.cycle.replan import replan as replan
    from gemba.decide.cycle.tradeoff import trade_off as trade_off
    from gemba.exchange import plan_document as plan_document
    from gemba.exchange import read as read
    from gemba.exchange import summary as summary
    from gemba.exchange import write_folder as write_folder
    from gemba.exchange import write_plan_json as write_plan_json
    from gemba.exchange import write_plan_workbook as write_plan_workbook
    from gemba.exchange import write_template as write_template
    from gemba.exchange import write_workbook as write_workbook
    from gemba.operation import Operation as Operation
    from gemba.operation import OperationError as OperationError
    from gemba.operation import Plan as Plan

_HOME = {
    "Operation": "gemba.operation",
    "OperationError": "gemba.operation",
    "Plan": "gemba.operation",
    "check": "gemba.decide.check",
    "plan_document": "gemba.exchange",
    "read": "gemba.exchange",
    "replan": "gemba.decide.cycle.replan",
    "summary": "gemba.exchange",
    "trade_off": "gemba.decide.cycle.tradeoff",
    "write_folder": "gemba.exchange",
    "write_plan_json": "gemba.exchange",
    "write_plan_workbook": "gemba.exchange",
    "write_template": "gemba.exchange",
    "write_workbook": "gemba.exchange",
}

__all__ = [
    "Operation", "OperationError", "Plan", "check", "plan", "plan_document", "read", "replan", "summary",
    "trade_off", "write_folder",
    "write_plan_json", "write_plan_workbook", "write_template", "write_workbook",
]  # fmt: skip


def plan(
    operation: Operation,
    *,
    seconds: float | None = 15.0,
    steps: int | None = None,
    seed: int = 0,
    policy: str = "on_time",
    progress: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    published: Plan | None = None,
) -> Plan:
    """A plan for the operation: checked (``violations``), bounded (``objective``) and explained (``reasons``).

    Args:
        seconds: time to improve the plan in; the first plan is always completed. None is no limit.
        steps: most plans tried; with ``seconds=None`` the result is the same on any machine.
        seed: of the random numbers of the search.
        policy: what to minimise: ``on_time`` (weighted tardiness), ``makespan``, ``least_cost``, ``least_stock`` or ``stable``.
        published: the plan that ``stable`` changes as little as can be.
        progress: called with each improvement.
        stop: asked between tries; True ends the search with the best plan so far.
    """
    from gemba.decide import cycle

    found = cycle.plan(
        operation,
        seconds=seconds,
        steps=steps,
        seed=seed,
        policy=policy,
        progress=progress,
        stop=stop,
        published=published,
    )
    found.reasons = list(import_module("gemba.improve.explain").explain(operation, found))
    return found


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'gemba' has no attribute '{name}'")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})

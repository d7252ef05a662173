"""Orders: their states as a data table, what reports make of them, and what of them the next plan must know."""

from gemba.execute.orders.carried import LiveOrder, LiveTask, carried
from gemba.execute.orders.progress import OrderProgress, TaskProgress, apply, completed, order_progress
from gemba.execute.orders.release import Released, adopted, release, unreleased
from gemba.execute.orders.states import CLOSED_STATES, ORDER_CHANGES, TASK_CHANGES, NotPossibleError

__all__ = [
    "CLOSED_STATES", "ORDER_CHANGES", "TASK_CHANGES", "LiveOrder", "LiveTask", "NotPossibleError", "OrderProgress",
    "Released", "TaskProgress", "adopted", "apply", "carried", "completed", "order_progress", "release", "unreleased",
]  # fmt: skip

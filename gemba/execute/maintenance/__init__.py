"""Maintenance: which work on the assets is due when, and how the plan makes room for it. Start with ``due.py``."""

from gemba.execute.maintenance.due import Due, due_list, last_done
from gemba.execute.maintenance.planning import demand_name, plan_of, with_breakdowns, with_maintenance
from gemba.execute.maintenance.stops import Stop, open_stops, stops
from gemba.execute.maintenance.use import Usage, usage

__all__ = [
    "Due", "Stop", "Usage", "demand_name", "due_list", "last_done", "open_stops", "plan_of", "stops", "usage",
    "with_breakdowns", "with_maintenance",
]  # fmt: skip

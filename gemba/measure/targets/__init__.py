"""Targets: what is to be reached, whether it will be, and who must know when not."""

from gemba.measure.targets.cascade import Branch, branches, cascade_faults
from gemba.measure.targets.current import in_force, standing_targets
from gemba.measure.targets.status import Status, forecast, met, slope, status

__all__ = [
    "Branch", "Status", "branches", "cascade_faults", "forecast", "in_force", "met", "slope", "standing_targets",
    "status",
]  # fmt: skip

"""Compiled netting: low-level codes, gross to net, lot by lot, in whole numbers (``gemba.decide.netting`` uses them)."""

from gemba.solvers.netting.again import again
from gemba.solvers.netting.amounts import LIMIT, SCALE, times
from gemba.solvers.netting.arrays import Items, Lines, Tables
from gemba.solvers.netting.net import levels, run

__all__ = ["LIMIT", "SCALE", "Items", "Lines", "Tables", "again", "levels", "run", "times"]

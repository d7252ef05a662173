"""What really happened against what the model says: times, yields, lead times, and what to change in the model.

``samples`` makes pieces of finished work out of records, ``estimate`` says what their values are and how sure that is,
``compare`` sets them against the operation, ``propose`` turns what differs into changes, ``effect`` compares two plans.
"""

from gemba.improve.learn.compare import Actual, Learned, learn
from gemba.improve.learn.effect import DemandChange, Effect, ResourceChange, effect
from gemba.improve.learn.estimate import Estimate, ratio, t_quantile, trimmed
from gemba.improve.learn.propose import Proposal, apply, proposals
from gemba.improve.learn.samples import LeftOut

__all__ = [
    "Actual", "DemandChange", "Effect", "Estimate", "Learned", "LeftOut", "Proposal", "ResourceChange", "apply",
    "effect", "learn", "proposals", "ratio", "t_quantile", "trimmed",
]  # fmt: skip

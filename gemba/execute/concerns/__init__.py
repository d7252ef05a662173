"""Concerns: what must be dealt with, by which states it goes, and where each stands. Start with ``states.py``."""

from gemba.execute.concerns.fold import Standing, fold, fold_all
from gemba.execute.concerns.numbering import next_number, number
from gemba.execute.concerns.rules import faults, missing, next_steps, refusal, transition
from gemba.execute.concerns.states import DISPOSITIONS, EFFECTS, KINDS, WITHDRAWN, Kind, Transition, kind_of

__all__ = [
    "DISPOSITIONS", "EFFECTS", "KINDS", "WITHDRAWN", "Kind", "Standing", "Transition", "faults", "fold", "fold_all",
    "kind_of", "missing", "next_number", "next_steps", "number", "refusal", "transition",
]  # fmt: skip

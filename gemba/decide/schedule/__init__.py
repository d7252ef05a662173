"""Schedule: when the work of a plan is done, on the same orders and resources: better sequences, then later starts.

``problem`` holds a plan as flat arrays, ``build`` makes them, ``retime`` searches on them, ``late_start`` moves work to
when it is needed, ``result`` writes the times back, ``bounds`` says what no plan can beat. ``revise`` frees resources and set-ups
too: ``draft`` makes a problem of the general scheduling model of a plan, with the ways of each task that ``choices`` finds.
"""

from gemba.decide.schedule.retime import retime
from gemba.decide.schedule.revise import revise

__all__ = ["retime", "revise"]

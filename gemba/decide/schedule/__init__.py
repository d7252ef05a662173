"""Schedule: when the work of a plan is done, on the same orders and resources: better sequences, then later starts.

``problem`` holds a plan as flat arrays, ``build`` makes them, ``retime`` searches on them, ``late_start`` moves work to
when it is needed, ``result`` writes the times back, ``bounds`` says what no plan can beat.
"""

from gemba.decide.schedule.retime import retime

__all__ = ["retime"]

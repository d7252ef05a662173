"""Why a demand is late or short: the chain of work behind it, and every second of its lateness charged to a cause.

``Index`` looks the plan up, ``Chains`` walks back in time, ``causes`` and ``Befores`` find what held work up, ``Cutter``
and ``Busy`` say what a stretch of time was spent on, ``charge`` picks the stretches that make up the lateness.
"""

from gemba.improve.explain.explainer import explain

__all__ = ["explain"]

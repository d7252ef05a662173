"""The independent checker: whether a plan obeys every rule, from first principles, sharing no code with the engines.

``check`` gives the violations as sentences, ``check_changes`` those of a plan that differs little from one without
any, ``inherited_problems`` what was wrong before the plan, ``measure`` the
service that follows from the deliveries. One module for each family of rules; ``Book`` is the common index.
"""

from gemba.decide.check.checker import check, check_changes
from gemba.decide.check.inherited import inherited_problems
from gemba.decide.check.service import measure

__all__ = ["check", "check_changes", "inherited_problems", "measure"]

"""A lower bound on weighted tardiness that holds for every plan of the operation, whatever it decides."""

from __future__ import annotations

from gemba.decide.supply.network import Network
from gemba.decide.supply.score import Target
from gemba.operation.moments import seconds
from gemba.operation.worktime import FAR

_DAY = 86400.0


def lower_bound(net: Network, wanted: dict[str, Target]) -> float:
    """Sum over demands of weight x days from due to the first moment at which a delivery is allowed.

    Nothing is delivered before now, nor before a demand's earliest moment; what stays short counts until the demand's
    limit. Loose, but it uses nothing that a plan may decide.
    """
    total = 0.0
    for d in net.demands:
        t = wanted[d.name]
        first = max(net.now, seconds(d.earliest) if d.earliest else -FAR)
        total += t.weight * max(0, min(first, t.limit) - t.due) / _DAY
    return total

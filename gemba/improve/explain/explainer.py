"""Why demands are late or short."""

from __future__ import annotations

from collections.abc import Iterator

from gemba.decide.check.words import more
from gemba.improve.explain.chain import Chains
from gemba.improve.explain.charge import charge
from gemba.improve.explain.index import Index
from gemba.improve.explain.shortfall import Shortfalls
from gemba.improve.explain.words import summary
from gemba.operation import Demand, Operation, Plan, Reason
from gemba.operation.moments import seconds


def explain(operation: Operation, plan: Plan) -> list[Reason]:
    """A reason for each open demand that is late or short, in the order of the operation's demands.

    The chain of a late demand is the whole of the time from where its work could begin to its last delivery, cut by
    what each stretch was spent on. The parts charge the lateness to some of these stretches; their seconds add up to
    it exactly. A demand that is only short has no parts; its summary says why it is not delivered.
    """
    index = Index(operation, plan)
    return list(_Explainer(index).reasons())


class _Explainer:
    def __init__(self, index: Index) -> None:
        self.index, self.book = index, index.book
        self.chains, self.shortfalls = Chains(index), Shortfalls(index)
        self.delivered: dict[str, list[tuple[int, float]]] = {}
        for d in index.book.plan.deliveries:
            self.delivered.setdefault(d.demand, []).append((d.date, d.quantity))

    def reasons(self) -> Iterator[Reason]:
        for demand in self.book.operation.demands:
            if demand.status == "open":
                given = self.delivered.get(demand.name, [])
                last = max((date for date, _ in given), default=0)
                late = max(0, last - seconds(demand.due)) if given else 0
                total = sum(q for _, q in given)
                short = demand.quantity - total if more(demand.quantity, total) else 0.0
                if late or short:
                    yield self._reason(demand, last, late, short)

    def _reason(self, demand: Demand, last: int, late: int, short: float) -> Reason:
        chain = self.chains.chain(demand, last) if late else ()
        parts = charge(chain, late)
        words = [summary(parts)] if parts else []
        if short:
            words.append(self.shortfalls.words(demand, short))
        return Reason(demand.name, late, short, parts, chain, "; ".join(words))

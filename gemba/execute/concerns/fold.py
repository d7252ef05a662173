"""Where a concern stands: its record and the changes since, folded into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from gemba.execute.concerns.states import DISPOSITIONS, KINDS, Kind
from gemba.operation.records import Concern, ConcernChange

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Standing:
    """A concern as it is now. ``cost`` and ``lost_days`` are sums over its changes; ``since`` is when it came into
    its state; ``decided`` how much of the quantity goes which way; ``order`` the latest order made for it."""

    concern: Concern
    state: str
    since: datetime
    owner: str
    due: datetime | None
    quantity: Decimal
    decision: str = ""
    decided: dict[str, Decimal] = field(default_factory=dict)
    cost: Decimal = ZERO
    lost_days: float = 0.0
    order: str = ""
    changes: tuple[ConcernChange, ...] = ()

    @property
    def kind(self) -> Kind:
        return KINDS[self.concern.kind]

    @property
    def closed(self) -> bool:
        """Whether nothing follows any more."""
        return self.state in self.kind.final

    def overdue(self, now: datetime) -> bool:
        return not self.closed and self.due is not None and self.due < now

    def seconds_open(self, now: datetime) -> float:
        """Time from its being raised to its end, or to now."""
        return ((self.since if self.closed else now) - self.concern.at).total_seconds()


def fold(concern: Concern, changes: Iterable[ConcernChange]) -> Standing:
    """Where the concern stands after these changes, which are its own and in the order in which they were taken."""
    found = tuple(changes)
    state, since = KINDS[concern.kind].first, concern.at
    for change in found:
        if change.state != state:
            state, since = change.state, change.at
    decided = _decided(found)
    return Standing(
        concern=concern,
        state=state,
        since=since,
        owner=_last([c.owner for c in found]) or concern.owner,
        due=next((c.due for c in reversed(found) if c.due is not None), concern.due),
        quantity=next((c.quantity for c in reversed(found) if c.quantity and not c.decision), concern.quantity),
        decision=_last([c.decision for c in found]),
        decided=decided,
        cost=sum((c.cost for c in found), ZERO),
        lost_days=sum(c.lost_days for c in found),
        order=_last([c.order for c in found]) or concern.order,
        changes=found,
    )


def fold_all(concerns: Sequence[Concern], changes: Iterable[ConcernChange]) -> list[Standing]:
    """Where each of these concerns stands, in their order; changes of others are left out."""
    of: dict[str, list[ConcernChange]] = {c.concern: [] for c in concerns}
    for change in changes:
        if change.concern in of:
            of[change.concern].append(change)
    return [fold(c, of[c.concern]) for c in concerns]


def _decided(changes: Iterable[ConcernChange]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for change in changes:
        if change.decision in DISPOSITIONS:
            found[change.decision] = found.get(change.decision, ZERO) + change.quantity
    return found


def _last(values: Sequence[str]) -> str:
    return next((v for v in reversed(values) if v), "")

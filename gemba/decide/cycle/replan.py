"""A published plan is brought up to date after an event: at once, and with the least disturbance."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from gemba.decide.check import check, check_changes
from gemba.decide.cycle.affected import affected
from gemba.decide.cycle.alternatives import Alternatives
from gemba.decide.cycle.amend import amended
from gemba.decide.cycle.anchor import Anchored, Frame, anchored
from gemba.decide.cycle.events import Disruption, LateSupply, applied, closed, closings
from gemba.decide.cycle.first import first_plan
from gemba.decide.cycle.insert import inserted
from gemba.decide.cycle.merge import merged, problems, settled
from gemba.decide.cycle.moves import Effect, Key, Moved, effects, moves, reasons
from gemba.decide.cycle.repair import repair
from gemba.decide.schedule.facts import Facts
from gemba.operation import Operation, Plan
from gemba.operation.hours import Hours
from gemba.operation.moments import seconds as second

_SPARE = 0.1  # share of the seconds that is not used
#: What writing and checking the plan is expected to take: a share of the time until the search begins, and seconds for each row.
_WRITING, _ROW = 0.5, 2.5e-6


@dataclass(slots=True)
class Replan:
    """The new plan, for the operation as the events leave it, and what it changes of the published one.

    ``how``: 'kept' (nothing had to move), 'repaired', or 'anew' where repair found no plan without violations.
    """

    plan: Plan
    operation: Operation
    events: tuple[Disruption, ...]
    moved: list[Moved] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    new: list[str] = field(default_factory=list)  # orders
    gone: list[str] = field(default_factory=list)  # orders
    disturbance: float = 0.0
    how: str = "repaired"
    seconds: float = 0.0
    tried: int = 0  # places that were tried for some work


def replan(
    operation: Operation,
    published: Plan,
    events: Disruption | Iterable[Disruption],
    *,
    seconds: float | None = 1.0,
    tries: int | None = None,
    exchange: float = 0.01,
    planner: Callable[[Operation], Plan] | None = None,
    whole_check: bool = False,
) -> Replan:
    """A checked plan after one or several events, by repair of the published plan.

    Work that still fits stays where it is. What the event holds up is put back where that costs least: at another time, on
    another resource, with others pushed later or earlier only until idle time has soaked the delay up (match-up scheduling).
    What counts is tardiness beyond the published, and much less that work moves. Existing (firm and started) orders are not
    touched.

    Args:
        operation: as it was when the plan was published.
        published: a plan that breaks no rule of the operation, as ``check`` says; where it has violations all of the new one is
            checked.
        seconds: all in all, the check included; the first repair is always completed. None is no limit.
        tries: most rounds of the local search; with ``seconds=None`` the result is the same on any machine.
        exchange: days of weighted tardiness that are as bad as moving one task that is to start now. A task that is to start
            in a week counts half as much, in two weeks a quarter.
        planner: plans new demands into the gaps.
        whole_check: check every row of the new plan, also those that it shares with the published one.

    Raises:
        OperationError: for an event about something that does not exist.
    """
    from gemba.decide.cycle import patient_collector

    begun = time.monotonic()
    happened = (events,) if isinstance(events, Disruption) else tuple(events)
    with patient_collector():
        work = _Work(operation, published, happened, planner or first_plan, exchange)
        plan = work.repaired(begun, seconds, tries)
        plan.violations = work.broken(plan, whole_check)
        found = work.report(plan)
        if plan.violations:
            left = None if seconds is None else max(1.0, seconds - (time.monotonic() - begun))
            found = work.anew(left)
    found.seconds = found.plan.seconds = time.monotonic() - begun
    return found


class _Work:
    """One repair under way."""

    def __init__(
        self, before: Operation, published: Plan, events: tuple[Disruption, ...], planner: Callable[[Operation], Plan],
        exchange: float,
    ) -> None:  # fmt: skip
        self.published, self.events, self.planner, self.exchange = published, events, planner, exchange
        self.before = before
        self.middle = applied(before, published, events)
        self.after = closed(self.middle, closings(events))
        self.closing = frozenset(e.resource for e in closings(events))
        self.reasons: dict[Key, tuple[str, Key | None]] = {}
        self.new: set[str] = set()
        self.disturbance, self.tried = 0.0, 0

    def repaired(self, begun: float, seconds: float | None, tries: int | None) -> Plan:
        """The plan after the events, not checked yet."""
        plan, wanted = amended(self.middle, self.published, self.events)
        plan, self.new = inserted(self.after, plan, wanted, self.planner)
        facts = Facts(self.middle)
        shop = self._anchored(facts, plan)
        until = float("inf") if seconds is None else _end(begun, seconds, plan)
        self.tried = repair(shop, self.exchange, until, tries) if shop is not None else 0
        if shop is not None and self.tried >= 0:
            self.disturbance = shop.disturbance()
            self.reasons = reasons(shop, "; ".join(map(str, self.events)))
            plan = merged(plan, shop)
        settled(facts, self.published, plan)
        plan.problems = problems(self.after, self.published, plan)
        return plan

    def broken(self, plan: Plan, whole: bool) -> list[str]:
        """What the plan breaks of the rules."""
        if whole or self.published.violations:
            return check(self.after, plan)
        return check_changes(self.before, self.published, self.after, plan)

    def _anchored(self, facts: Facts, plan: Plan) -> Anchored | None:
        """The affected part as a shop; None where nothing is affected."""
        hours = Hours(self.after)
        alternatives = Alternatives(self.after, facts, hours)
        late = {e.order for e in self.events if isinstance(e, LateSupply)}
        roots = self.closing | (alternatives.standing_in(self.closing) if self.closing else set())
        part = affected(self.middle, plan, facts.now, self.new | late, roots)
        if not part.orders:
            return None
        frame = Frame(self.middle, self.after, self.closing, facts, hours, alternatives)
        return anchored(frame, plan, part, self.new, self._is_late(plan))

    def _is_late(self, plan: Plan) -> bool:
        """Whether something that was planned into the gaps comes late."""
        due = {d.name: second(d.due) for d in self.middle.demands}
        served = {p.demand for p in plan.pegs if p.supply in self.new and p.demand}
        return any(d.date > due[d.demand] for d in plan.deliveries if d.demand in served)

    def report(self, plan: Plan) -> Replan:
        before = {o.id for o in self.published.orders}
        now = {o.id for o in plan.orders}
        moved = moves(self.published, plan, self.reasons)
        found = Replan(
            plan, self.after, self.events, moved, effects(self.before, self.published, self.after, plan),
            sorted(now - before), sorted(before - now), self.disturbance, tried=self.tried,
        )  # fmt: skip
        found.how = "repaired" if moved or found.new or found.gone or found.effects else "kept"
        return found

    def anew(self, seconds: float | None) -> Replan:
        """What a plan without regard to the published one is."""
        from gemba.decide.cycle import plan

        policy = "makespan" if self.published.policy == "makespan" else "on_time"
        made = plan(self.after, seconds=seconds, steps=None if seconds else 20, policy=policy)
        self.reasons, self.disturbance = {}, float("nan")
        return replace(self.report(made), how="anew")


def _end(begun: float, seconds: float, plan: Plan) -> float:
    """When the search is to end, so that the plan is written and checked in time."""
    rows = len(plan.orders) + len(plan.tasks) + len(plan.flows) + len(plan.pegs) + len(plan.deliveries)
    return begun + seconds * (1 - _SPARE) - _WRITING * (time.monotonic() - begun) - _ROW * rows

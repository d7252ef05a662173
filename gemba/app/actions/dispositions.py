"""What a decision on a nonconformance does: the lot is freed, scrapped, sent back or reworked, with the decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

from gemba.app.actions.refused import RefusedError
from gemba.app.actions.release import NEW, create_order
from gemba.app.actions.stock import post_movements, require_places
from gemba.app.actions.stock_holds import free, hold
from gemba.app.actions.work import Report, report
from gemba.app.queries import quality
from gemba.app.queries.current import current
from gemba.app.queries.ledger import costs, held
from gemba.app.queries.ledger import lots as stock_lots
from gemba.app.store import clock
from gemba.app.store.models import OrderState, TaskState
from gemba.app.store.records import read
from gemba.execute.concerns import Standing
from gemba.execute.ledger import Maker
from gemba.execute.ledger.rules import plain
from gemba.operation import ConcernChange, Movement, ReleasedOrder, ReleasedTask
from gemba.operation.records import ZERO


@dataclass(frozen=True, slots=True)
class _Case:
    """A decision in the transaction of its change. ``there``: (place, quantity) of what it is about, in stores."""

    user: Any
    operation: str
    standing: Standing
    change: ConcernChange
    there: tuple[tuple[str, Decimal], ...] = ()

    @property
    def about(self) -> str:
        c = self.standing.concern
        return f"lot {c.lot} of {c.item}" if c.lot else f"{c.item} of order {c.order}"

    @property
    def why(self) -> str:
        return f"{self.standing.concern.concern}: {self.change.decision}"

    @property
    def maker(self) -> Maker:
        return Maker(costs(self.operation), clock.now(self.operation), self.user.get_username())

    def parts(self) -> list[tuple[str, Decimal]]:
        """From which stores the quantity is taken."""
        left, found = self.change.quantity, []
        for place, amount in self.there:
            if left > 0:
                found.append((place, min(left, amount)))
                left -= found[-1][1]
        if left > 0:
            there = plain(self.change.quantity - left)
            raise RefusedError(
                f"Only {there} of {self.about} are on hand; {plain(self.change.quantity)} cannot be moved."
            )
        return found

    def post(self, movements: list[Movement]) -> None:
        require_places(self.user, self.operation, movements)
        post_movements(self.operation, movements, user=self.user)


def carry_out(user: Any, operation: str, standing: Standing, change: ConcernChange) -> ConcernChange:
    """Do what is decided, in the transaction of the change; the change, with the order that was made for it.

    A nonconformance without lot and without released order has nothing that could be moved: it is only decided on.

    Raises:
        RefusedError: where it cannot be done, with the reason.
        PermissionDenied: where the user may not do it there.
    """
    c = standing.concern
    in_work = bool(c.order) and not c.lot and OrderState.objects.filter(operation=operation, order=c.order).exists()
    if not c.lot and not in_work:
        return change
    case = _Case(user, operation, standing, change)
    if in_work and _is_open(operation, c.order):
        return replace(change, order=_at_work(case) or change.order)
    there = {s.place: s.on_hand for s in stock_lots(operation, [c.item]) if s.lot == c.lot and s.on_hand > 0}
    case = replace(case, there=tuple(sorted(there.items(), key=lambda e: (e[0] != c.place, e[0]))))
    made = _DO[change.decision](case)
    _free_when_decided(case)
    return replace(change, order=made or change.order)


def _is_open(operation: str, order: str) -> bool:
    return OrderState.objects.filter(
        operation=operation, order=order, state__in=("released", "started", "paused")
    ).exists()


def _at_work(case: _Case) -> str:
    """Of an order that is being worked on, scrap and rework are reported on its step, so that its figures have them."""
    c, change = case.standing.concern, case.change
    if change.decision == "use as is":
        return ""
    if change.decision == "return":
        raise RefusedError(f"{case.about} is being worked on: only a lot that was received can be returned.")
    tasks = list(TaskState.objects.filter(operation=case.operation, order=c.order).order_by("pk"))
    begun = [t for t in tasks if t.state == "started" and c.step in ("", t.step)]
    if len(begun) != 1:
        which = f"step {c.step}" if c.step else "one of its steps"
        raise RefusedError(
            f"{which[0].upper()}{which[1:]} of order {c.order} must be started: its report has the quantity."
        )
    planned = {t.step: t.quantity for t in read(case.operation, "released_tasks", order=c.order)}
    of, done = planned.get(begun[0].step, change.quantity), begun[0].good + begun[0].scrap + begun[0].rework
    if done + change.quantity > of:
        raise RefusedError(
            f"{plain(done)} of {plain(of)} are reported on {begun[0].step} already. Take the report of the "
            f"{plain(change.quantity)} back first: they are good there."
        )
    scrap = change.decision == "scrap"
    outcome = report(case.user, case.operation, Report(
        uid=f"{change.uid}-report"[:190], kind="reported", order=c.order, step=begun[0].step,
        scrap=change.quantity if scrap else ZERO, rework=ZERO if scrap else change.quantity,
        reason=c.category or "nonconformance", note=case.why,
    ))  # fmt: skip
    return outcome.rework


def _scrap(case: _Case) -> str:
    c, maker = case.standing.concern, case.maker
    case.post([
        maker.scrap(f"{case.change.uid}/{i}", c.item, part, place=place, reason=c.category or "nonconformance",
                    lot=c.lot, document=c.concern)
        for i, (place, part) in enumerate(case.parts())
    ])  # fmt: skip
    return ""


def _return(case: _Case) -> str:
    c, maker = case.standing.concern, case.maker
    came = [m for m in quality.receipts(case.operation, [c.item]) if m.lot == c.lot]
    if not came:
        raise RefusedError(
            f"{case.about[0].upper()}{case.about[1:]} was not received from a supplier: it cannot go back."
        )
    case.post([
        maker.sent_back(f"{case.change.uid}/{i}", c.item, part, place, came[-1].from_name, lot=c.lot,
                        reason=c.category or "nonconformance", document=c.concern)
        for i, (place, part) in enumerate(case.parts())
    ])  # fmt: skip
    return ""


def _rework(case: _Case) -> str:
    c, parts = case.standing.concern, case.parts()
    parent, process = _process(case)
    here = current(case.operation)
    shape = here.shapes[process]
    first = c.step if any(s.name == c.step for s in shape.steps) else shape.last[-1]
    at = clock.now(case.operation)
    tasks, wanted = [], {first}
    for s in shape.steps:
        if shape.before[s.name] & wanted or s.name == first:
            wanted.add(s.name)
            run = s.time + s.time_per_unit * float(case.change.quantity)
            tasks.append(ReleasedTask(uid=uuid4().hex, at=at, order=NEW, step=s.name, sequence=s.sequence,
                                      place=parts[0][0], quantity=case.change.quantity, setup=s.setup_time, run=run))  # fmt: skip
    head = ReleasedOrder(
        uid=uuid4().hex, at=at, order=NEW, kind="make", item=c.item, place=parts[0][0], quantity=case.change.quantity,
        process=process, parent=parent, note=f"{case.why} {case.about}",
    )  # fmt: skip
    number = create_order(case.user, case.operation, head, tasks)
    was = _is_held(case)
    if was:
        free(
            case.user,
            case.operation,
            f"{case.change.uid}/take",
            item=c.item,
            lot=c.lot,
            reason=case.why,
            concern=c.concern,
        )
    maker = case.maker
    case.post([
        maker.rework(f"{case.change.uid}/{i}", c.item, part, number, place=place, lot=c.lot, document=c.concern)
        for i, (place, part) in enumerate(parts)
    ])  # fmt: skip
    if was and sum((q for _, q in case.there), ZERO) > case.change.quantity:
        hold(case.user, case.operation, f"{case.change.uid}/keep", item=c.item, lot=c.lot,
             reason="The rest is not decided on", concern=c.concern)  # fmt: skip
    return number


def _process(case: _Case) -> tuple[str, str]:
    """The order that made it, and the process by which it is made good."""
    c = case.standing.concern
    order = c.order or quality.made_by(case.operation, c.item, c.lot)
    here = current(case.operation)
    heads = read(case.operation, "released_orders", order=order) if order else []
    known = [h.process for h in heads if h.process in here.shapes]
    known += [p.name for p in here.operation.processes if p.item == c.item]
    if not known:
        raise RefusedError(
            f"{c.item} is made by no process: it cannot be reworked here. Use it, scrap it or return it."
        )
    return order, known[0]


def _use(case: _Case) -> str:
    return ""


_DO = {"use as is": _use, "scrap": _scrap, "return": _return, "rework": _rework, "repair": _rework}


def _is_held(case: _Case) -> bool:
    c = case.standing.concern
    return bool(c.lot) and (c.item, c.lot) in held(case.operation, [c.lot])


def _free_when_decided(case: _Case) -> None:
    """What may be used as it is may be used once all of the lot is decided on."""
    standing, change = case.standing, case.change
    c = standing.concern
    left = standing.quantity - sum(standing.decided.values(), ZERO) - change.quantity
    if left <= 0 and "use as is" in {*standing.decided, change.decision} and _is_held(case):
        free(
            case.user, case.operation, f"{change.uid}/free", item=c.item, lot=c.lot, reason=case.why, concern=c.concern
        )

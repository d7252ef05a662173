"""Finding a step's place in time: the earliest from a moment, or the latest before one, on resources that are free."""

from __future__ import annotations

from math import prod

from gemba.decide.supply.changeover import change_between
from gemba.decide.supply.network import NeedNode, Network, StepNode, TaskNode
from gemba.decide.supply.picks import (
    Pick,
    combinations,
    counting,
    efficiency,
    hindered,
    own_efficiency,
    run_seconds,
    skilled_from,
    skilled_until,
    slept,
    together,
    works_again,
)
from gemba.operation.worktime import FAR, OpenHours

_MOST_TRIES = 20_000


class Placer:
    """Places steps on the network's resources as they are loaded now; reserves nothing itself."""

    def __init__(self, net: Network) -> None:
        self.net = net

    def forward(self, step: StepNode, quantity: float, earliest: int, prefer: bool = False) -> TaskNode | None:
        """The earliest end from a moment on; with ``prefer`` the first alternative that is possible at all."""
        earliest = max(earliest, step.fence)
        if step.plain:
            return self._plain_forward(step, quantity, earliest)
        best = None
        for needs in combinations(step):
            task = self._forward(step, quantity, earliest, needs)
            if task and (best is None or task.end < best.end):
                best = task
                if prefer:
                    break
        return best

    def backward(self, step: StepNode, quantity: float, latest: int) -> TaskNode | None:
        """The latest start that ends by a moment, of the preferred alternative that has one; None where none fits."""
        if step.plain:
            return self._plain_backward(step, quantity, latest)
        for needs in combinations(step):
            task = self._backward(step, quantity, latest, needs)
            if task:
                return task
        return None

    def _plain_forward(self, step: StepNode, quantity: float, t: int) -> TaskNode | None:
        resource, hours = step.plain, step.hours
        assert resource
        assert hours
        assert resource.timeline
        need = step.needs[0]
        work = step.setup + run_seconds(step, quantity, need.speed * resource.efficiency)
        clash = resource.timeline.clash
        while True:
            t = hours.next_open(t)
            end = hours.finish(t, work)
            if end >= FAR:
                return None
            if not step.pausable and end - t != work:
                t = max(hours.closes(t), t + 1)
                continue
            busy = clash(t, end, need.units) if end > t else 0
            if not busy:
                return TaskNode(
                    step, t, end, step.setup, [(resource, need.units)], quantity * step.scale, family=step.family
                )
            t = busy

    def _plain_backward(self, step: StepNode, quantity: float, e: int) -> TaskNode | None:
        resource, hours = step.plain, step.hours
        assert resource
        assert hours
        assert resource.timeline
        need = step.needs[0]
        work = step.setup + run_seconds(step, quantity, need.speed * resource.efficiency)
        while True:
            e = hours.last_open(e)
            t = hours.begin(e, work)
            if t < step.fence:
                return None
            if not step.pausable and e - t != work:
                e = min(hours.opens(e), e - 1)
                continue
            busy = resource.timeline.clash_back(t, e, need.units) if e > t else 0
            if not busy:
                return TaskNode(
                    step, t, e, step.setup, [(resource, need.units)], quantity * step.scale, family=step.family
                )
            e = busy

    def _forward(self, step: StepNode, quantity: float, t: int, needs: list[NeedNode]) -> TaskNode | None:
        base = self.net.hours.open(step.calendars)
        for _ in range(_MOST_TRIES):
            t = base.next_open(t)
            if t >= FAR:
                return None
            task, later = self._try(step, quantity, t, needs)
            if task:
                return task
            if later >= FAR:
                return None
            t = max(later, t + 1)
        return None

    def _try(self, step: StepNode, quantity: float, t: int, needs: list[NeedNode]) -> tuple[TaskNode | None, int]:
        """The task started at t, or the next moment worth trying."""
        active, later = counting(step, needs, t)
        if later:
            return None, later
        picks: list[Pick] = []
        speed = prod(n.speed for n in active)
        for need in active:
            found, later = self._members(step, quantity, t, need, speed, picks)
            if len(found) < need.count:
                return None, later
            picks += found
        return self._settle(step, quantity, t, picks, speed)

    def _members(
        self, step: StepNode, quantity: float, t: int, need: NeedNode, speed: float, picked: list[Pick]
    ) -> tuple[list[Pick], int]:
        """Members of a need that are free from t for as long as they would take; else when to try again."""
        taken = {id(r) for r, _, _ in picked} if need.pooled else ()
        found: list[Pick] = []
        waits: list[int] = []
        for r in need.candidates if need.count else ():
            if id(r) in taken:
                continue
            hours = self.net.hours.open(step.calendars | r.calendars)
            opening = hours.next_open(t)
            if opening > t:
                waits.append(opening)
                continue
            pick = (r, need.units, need)
            pace = efficiency([pick], t)
            if pace <= 0:
                waits.append(works_again([pick], t))
                continue
            end = hours.finish(t, step.setup + run_seconds(step, quantity, speed * pace))
            skilled = skilled_until(r, need, t)
            if end >= FAR or skilled < max(end, t + 1):
                waits.append(skilled_from(r, need, t))
                continue
            busy = r.timeline.clash(t, end, need.units) if r.timeline and end > t else 0
            if r.buckets:
                amount = r.buckets.amount(need, quantity, hours.between(t, end), own_efficiency(r, t))
                busy = 0 if r.buckets.fits(t, amount) else r.buckets.later(t, amount)
            if busy:
                waits.append(busy)
                continue
            found.append(pick)
            if len(found) == need.count:
                break
        waits.sort()
        missing = need.count - len(found)
        return found, waits[0] if len(waits) >= missing > 0 else FAR

    def _settle(
        self, step: StepNode, quantity: float, t: int, picks: list[Pick], speed: float
    ) -> tuple[TaskNode | None, int]:
        """The task with its real end, once all its resources are known; or when to try again."""
        hours = self._hours(step, picks)
        opening = hours.next_open(t)
        if opening > t:
            return None, opening
        pace = efficiency(picks, t)
        if pace <= 0:
            return None, works_again(picks, t)
        run = run_seconds(step, quantity, speed * pace)
        change, families = change_between(step, picks, t)
        setup = step.setup + change
        end = hours.finish(t, setup + run)
        if end >= FAR:
            return None, FAR
        if not step.pausable and end - t != setup + run:
            return None, hours.closes(t)
        used, amounts = together(picks, quantity, hours.between(t, end), t)
        later = hindered(step, t, end, picks, used, amounts)
        if later:
            return None, later
        cost = sum(n.cost for n in {id(n): n for _, _, n in picks}.values())
        return TaskNode(
            step, t, end, setup, used, quantity * step.scale, family=step.family, change=change, cost=cost,
            amounts=amounts, families=families,
        ), 0  # fmt: skip

    def _hours(self, step: StepNode, picks: list[Pick]) -> OpenHours:
        calendars = step.calendars
        for r, _, _ in picks:
            calendars = calendars | r.calendars
        return self.net.hours.open(calendars)

    def _backward(self, step: StepNode, quantity: float, e: int, needs: list[NeedNode]) -> TaskNode | None:
        base = self.net.hours.open(step.calendars)
        for _ in range(_MOST_TRIES):
            e = base.last_open(e)
            if e < step.fence:
                return None
            task, sooner = self._try_back(step, quantity, e, needs)
            if task or sooner <= step.fence:
                return task
            e = min(sooner, e - 1)
        return None

    def _try_back(self, step: StepNode, quantity: float, e: int, needs: list[NeedNode]) -> tuple[TaskNode | None, int]:
        """The task that ends at e, or the next earlier moment worth trying."""
        picks: list[Pick] = []
        speed = prod(n.speed for n in needs)
        for need in needs:
            found, sooner = self._members_back(step, quantity, e, need, speed, picks)
            if len(found) < need.count:
                return None, sooner
            picks += found
        hours = self._hours(step, picks)
        closing = hours.last_open(e)
        if closing < e:
            return None, closing
        t = e
        for _ in range(3):  # the start decides the change-over and the efficiency, which decide the start
            pace = efficiency(picks, t)
            if pace <= 0:
                return None, slept(picks, t)
            change, _families = change_between(step, picks, t)
            t = hours.begin(e, step.setup + change + run_seconds(step, quantity, speed * pace))
        if t < step.fence:
            return None, -FAR
        active, other = counting(step, needs, t)
        if not other:
            own = [p for p in picks if p[2] in active]
            task, _later = self._settle(step, quantity, t, own, prod(n.speed for n in active))
            if task and task.end <= e:
                return task, 0
        return None, self._last_free(t, e, picks, hours, step)

    def _last_free(self, t: int, e: int, picks: list[Pick], hours: OpenHours, step: StepNode) -> int:
        """The next earlier end to try after a try that failed between t and e."""
        for r, units, need in picks:
            busy = r.timeline.clash_back(t, e, units) if r.timeline and e > t else 0
            if busy:
                return busy
            if t >= need.end:
                return min(e - 1, need.end)
        if not step.pausable:
            return min(hours.opens(e), e - 1)
        return e - max((e - t) // 4, 60)

    def _members_back(
        self, step: StepNode, quantity: float, e: int, need: NeedNode, speed: float, picked: list[Pick]
    ) -> tuple[list[Pick], int]:
        taken = {id(r) for r, _, _ in picked} if need.pooled else ()
        found: list[Pick] = []
        waits: list[int] = []
        for r in need.candidates if need.count else ():
            if id(r) in taken:
                continue
            hours = self.net.hours.open(step.calendars | r.calendars)
            closing = hours.last_open(e)
            if closing < e:
                waits.append(closing)
                continue
            pick = (r, need.units, need)
            pace = efficiency([pick], e)
            if pace <= 0:
                waits.append(slept([pick], e))
                continue
            t = hours.begin(e, step.setup + run_seconds(step, quantity, speed * pace))
            if t < step.fence or skilled_until(r, need, t) < e:
                continue
            busy = r.timeline.clash_back(t, e, need.units) if r.timeline and e > t else 0
            if r.buckets:
                amount = r.buckets.amount(need, quantity, hours.between(t, e), own_efficiency(r, t))
                if not r.buckets.fits(t, amount):
                    busy = min(e - 1, hours.finish(r.buckets.sooner(t, amount), hours.between(t, e)))
            if busy:
                waits.append(busy)
                continue
            found.append(pick)
            if len(found) == need.count:
                break
        waits.sort(reverse=True)
        missing = need.count - len(found)
        return found, waits[0] if len(waits) >= missing > 0 else -FAR

"""Why something is not delivered at all."""

from __future__ import annotations

from gemba.decide.check.facts import ProcessFacts
from gemba.decide.check.words import at_place, number
from gemba.improve.explain.index import Index, Key
from gemba.improve.explain.words import lasting
from gemba.operation import Demand, SupplyOption
from gemba.operation.worktime import FAR


class Shortfalls:
    """Answers for the demands of one operation; each item's way to be had is looked at once."""

    def __init__(self, index: Index) -> None:
        self.book = index.book
        self._options: dict[Key, list[SupplyOption]] = {}
        for option in index.book.operation.supply_options:
            self._options.setdefault((option.item, option.place), []).append(option)
        self._made: dict[Key, list[ProcessFacts]] = {}
        for facts in index.book.processes.values():
            for key in facts.yields:
                self._made.setdefault(key, []).append(facts)
        self._known: dict[Key, str] = {}

    def words(self, demand: Demand, short: float) -> str:
        """How much is missing and the first reason found for it."""
        missing = f"{number(short)} of {number(demand.quantity)} not delivered: "
        blocked = self._blocked((demand.item, demand.place))
        if blocked:
            return missing + blocked
        if demand.maximum_lateness is not None:
            longest = lasting(int(demand.maximum_lateness))
            return f"{missing}cannot be there within {longest} after due, its maximum lateness"
        return f"{missing}cannot be there before the horizon ends at {self.book.when(self.book.end)}"

    def _blocked(self, key: Key) -> str:
        """What stands in the way of having an item, down its recipe; '' where nothing does, at least in principle."""
        if key not in self._known:
            self._known[key] = ""  # a circle through moves blocks nothing by itself
            self._known[key] = self._first_block(key)
        return self._known[key]

    def _first_block(self, key: Key) -> str:
        if key in self.book.unlimited:
            return ""
        options = self._options.get(key, [])
        usable = [o for o in options if o.priority > 0 and self.book.options[o.name].high > self.book.now]
        made = [] if options else self._made.get(key, [])
        if not usable and not made:
            why = "no supply option that may be used" if options else "no supply option and no process"
            return f"there is {why} for {at_place(*key)}"
        ways = [self._of_option(o) for o in usable] + [self._of_process(f) for f in made]
        return ways[0] if all(ways) else ""

    def _of_option(self, option: SupplyOption) -> str:
        if option.kind == "make":
            return self._of_process(self.book.processes[option.process])
        return self._blocked((option.item, option.origin)) if option.kind == "move" else ""

    def _of_process(self, facts: ProcessFacts) -> str:
        if self.book.process_period(facts).high <= self.book.now:
            return f"process '{facts.process.name}' is no longer valid"
        for step in facts.steps.values():
            for need in step.needs:
                closed = self._closed(need.row.resource) if need.always else ""
                if closed:
                    return closed
            for row in step.inputs:
                blocked = self._blocked((row.row.item, row.row.place or facts.process.place)) if row.always else ""
                if blocked:
                    return blocked
        return ""

    def _closed(self, resource: str) -> str:
        """A resource that is never open, or never has capacity."""
        if not resource:
            return ""
        hours = self.book.hours.open(self.book.hours.resource_calendars(resource))
        if hours.next_open(self.book.now) >= FAR:
            return f"resource '{resource}' has no open hours"
        finite = self.book.resources[resource].limited == "finite"
        if finite and max(self.book.hours.capacity(resource).values) <= 0:
            return f"resource '{resource}' has no capacity"
        return ""

"""Who and what was at work on a step, and what an hour of each costs: from the names a report gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from gemba.measure.cost.build import Costing, units_of
from gemba.measure.cost.money import ZERO
from gemba.operation import StepResource


@dataclass(frozen=True, slots=True)
class Place:
    """One need of a step as it was served: units at work, what an hour of all of them costs, and where."""

    slot: str  # number of the need; a name for whoever was there besides
    category: str
    name: str
    units: Fraction
    rate: Fraction  # of an hour of all units
    place: str


def names(text: str) -> list[str]:
    """Names as reports give them: several with commas."""
    return [part for part in (p.strip() for p in text.split(",")) if part]


def crew(
    costing: Costing, process: str, step: str, at: datetime, reported: Sequence[str], planned: Sequence[str]
) -> list[Place]:
    """Each need of the step with those who served it.

    Those reported come first, then those planned; a place that nobody is named for is filled at the standard rate.
    Somebody reported who fits no need takes the first place of the same sort (people, machines) that nobody reported
    has; where there is none, they were there besides. A name that is no resource (an account) counts as nobody named.
    """
    shape = costing.shapes.get(process)
    slots = costing.slots(shape, step, at) if shape else []
    at_work = [_Slot(costing, chosen, rows, at) for chosen, rows in slots]
    free = list(dict.fromkeys([*reported, *planned]))
    for slot in at_work:
        slot.fill(free, reported)
    besides = [name for name in reported if name in free and name in costing.rates.resources]
    extra = [name for name in besides if not _stands_in(costing, at_work, name)]
    otherwise = shape.process.place if shape else ""
    found = [slot.served(str(i), otherwise) for i, slot in enumerate(at_work)]
    return found + [_besides(costing, name, otherwise) for name in dict.fromkeys(extra)]


def _stands_in(costing: Costing, slots: list[_Slot], name: str) -> bool:
    category = _category(costing, name)
    for slot in slots:
        if slot.category == category and not slot.reported:
            slot.named, slot.reported = [name, *slot.named[1:]], True
            return True
    return False


def _category(costing: Costing, name: str) -> str:
    return "labour" if costing.rates.resources[name].kind == "person" else "machine"


def _besides(costing: Costing, name: str, otherwise: str) -> Place:
    resource, rate = costing.rates.resources[name], costing.rates.actual(name) or ZERO
    return Place(f"besides {name}", _category(costing, name), name, Fraction(1), rate, resource.place or otherwise)


class _Slot:
    """A need of a step that is being filled."""

    def __init__(self, costing: Costing, chosen: StepResource, rows: list[StepResource], at: datetime) -> None:
        self.rates, self.need, self.rows, self.at = costing.rates, chosen, rows, at
        self.category = costing.rates.category(chosen, at)
        self.named: list[str] = []
        self.reported = False

    def fill(self, free: list[str], reported: Sequence[str]) -> None:
        fitting = [(name, row) for name in free for row in self.rows if self._fits(name, row)]
        if not fitting:
            return
        self.need = fitting[0][1]
        most = 1 if self._by_name() else max(1, int(units_of(self.need)))
        self.named = list(dict.fromkeys(name for name, row in fitting if row is self.need))[:most]
        self.reported = any(name in reported for name in self.named)
        for name in self.named:
            free.remove(name)

    def _fits(self, name: str, row: StepResource) -> bool:
        return any(r.name == name for r in self.rates.fitting(row, self.at))

    def _by_name(self) -> bool:
        """Whether the need is for units of one resource, not for several members of a group."""
        return bool(self.need.resource) and self.rates.leaves(self.need.resource)[:1] == [
            self.rates.resources.get(self.need.resource)
        ]

    def served(self, number: str, otherwise: str) -> Place:
        units, standard = units_of(self.need), self.rates.standard(self.need, self.at)
        actual = [self.rates.actual(name) or ZERO for name in self.named]
        rate = sum(actual, ZERO) + max(ZERO, units - len(actual)) * standard
        if self._by_name() and actual:
            rate = actual[0] * units
        label = ", ".join(self.named) or self.need.resource or self.need.skill
        place = self.rates.resources[self.named[0]].place if self.named else ""
        return Place(
            number, self.category, label, units, rate, place or self.rates.place(self.need, self.at, otherwise)
        )

"""Whether a concern may be raised or changed so, in words for the person who tries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from gemba.execute.concerns.fold import Standing
from gemba.execute.concerns.states import EFFECTS, KINDS, Transition
from gemba.operation.fault import Fault
from gemba.operation.records import Concern, ConcernChange

#: Fields that a change which leaves the state as it is may carry.
NOTED = ("note", "owner", "due", "cost", "lost_days", "person")
#: Every field of a change beside what it is a change of.
GIVEN = ("owner", "decision", "quantity", "cost", "lost_days", "due", "person", "note", "order")


def missing(concern: Concern) -> list[Fault]:
    """What must be said when this concern is raised and is not."""
    return [_needed("concerns", concern.concern, n) for n in KINDS[concern.kind].needs if not getattr(concern, n)]


def next_steps(standing: Standing) -> tuple[Transition, ...]:
    """What may follow, those left out whose rule cannot be kept now."""
    return tuple(t for t in standing.kind.after(standing.state) if not _barred(t, standing))


def transition(standing: Standing, state: str) -> Transition | None:
    """The row of the table that leads from where the concern stands to this state."""
    return next((t for t in standing.kind.after(standing.state) if t.state == state), None)


def refusal(standing: Standing, change: ConcernChange, children: Sequence[Standing] = ()) -> str:
    """Why the change is against the table of states, or blank; ``children`` are the concerns that follow from it."""
    row = transition(standing, change.state)
    number = standing.concern.concern
    if change.state == standing.state and not change.decision:
        return ""  # a note; what it lacks or carries too much is a fault
    if row is None:
        allowed = ", ".join(t.state for t in next_steps(standing)) or "nothing: it has ended"
        return f"{number} is {standing.state} and cannot become {change.state}. What may follow: {allowed}."
    return RULES[row.rule](standing, change, children) if row.rule else ""


def faults(standing: Standing, change: ConcernChange) -> list[Fault]:
    """Fields that the change lacks, or that do not belong to it."""
    thing = f"{standing.concern.concern} {change.state}"
    if change.state == standing.state and not change.decision:
        needs: tuple[str, ...] = ()
        takes: tuple[str, ...] = NOTED
        if not any(getattr(change, name) for name in NOTED):
            return [_needed("concern_changes", thing, "note")]
    else:
        row = transition(standing, change.state)
        assert row is not None, "a change is refused before its fields are looked at"
        needs, takes = row.needs, (*row.needs, *row.takes, *NOTED)
    found = [_needed("concern_changes", thing, name) for name in needs if not getattr(change, name)]
    for name in GIVEN:
        if name not in takes and getattr(change, name):
            found.append(Fault("concern_changes", thing, name, getattr(change, name), "blank: it does not belong here"))
    return found + _decision_faults(standing, change, thing)


def _decision_faults(standing: Standing, change: ConcernChange, thing: str) -> list[Fault]:
    row = transition(standing, change.state)
    if row is None or not row.decisions or not change.decision or change.decision in row.decisions:
        return []
    return [Fault("concern_changes", thing, "decision", change.decision, "one of " + ", ".join(row.decisions))]


def _needed(table: str, thing: str, name: str) -> Fault:
    return Fault(table, thing, name, None, "given")


def _barred(row: Transition, standing: Standing) -> bool:
    """Rules that nothing said with the change can meet."""
    if row.rule in EFFECTS:
        return standing.decision != row.rule
    if row.rule == "not more than there is":
        return bool(standing.quantity) and _undecided(standing) <= 0
    return row.rule == "all decided" and _undecided(standing) > 0


def _undecided(standing: Standing) -> Decimal:
    return standing.quantity - sum(standing.decided.values(), Decimal(0))


Rule = Callable[[Standing, ConcernChange, Sequence[Standing]], str]


def _effect(wanted: str) -> Rule:
    def rule(standing: Standing, change: ConcernChange, children: Sequence[Standing]) -> str:
        if standing.decision == wanted:
            return ""
        return f"{standing.concern.concern} was checked and found {standing.decision}; {change.state} follows {wanted}."

    return rule


def _enough(standing: Standing, change: ConcernChange, children: Sequence[Standing]) -> str:
    left = _undecided(standing)
    if not standing.quantity or change.quantity <= left:
        return ""
    return (
        f"{standing.concern.concern} has {left.normalize():f} left to decide on, not {change.quantity.normalize():f}."
    )


def _all_decided(standing: Standing, change: ConcernChange, children: Sequence[Standing]) -> str:
    left = _undecided(standing)
    if left <= 0:
        return ""
    return f"{standing.concern.concern} has {left.normalize():f} left to decide on. Decide on the rest first."


def _children_closed(standing: Standing, change: ConcernChange, children: Sequence[Standing]) -> str:
    open_ = [c.concern.concern for c in children if not c.closed]
    if not open_:
        return ""
    return f"{standing.concern.concern} has open actions or findings: {', '.join(open_)}. End them first."


RULES: dict[str, Rule] = {
    "effective": _effect("effective"),
    "not effective": _effect("not effective"),
    "not more than there is": _enough,
    "all decided": _all_decided,
    "children closed": _children_closed,
}

"""The states of every kind of concern, as a table: which follows which, who may, and what must be said with it.

Sources of the life cycles: nonconformance ISO 9001:2015 8.7, corrective action 10.2, internal audit 9.2; incidents
ISO 45001:2018 10.2; permits to work as HSG250; maintenance requests as EN 13306 work requests.
"""

from __future__ import annotations

from dataclasses import dataclass

#: What may become of a nonconformance (ISO 9001:2015 8.7.1).
DISPOSITIONS = ("use as is", "rework", "repair", "scrap", "return")
#: What a check of a corrective action may find.
EFFECTS = ("effective", "not effective")
#: A change that is a mistake taken back ends here.
WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: from ``before`` to ``state``, by the button ``does``.

    ``may`` are permissions of which one is enough; ``needs`` the fields of the change that must be given, ``takes``
    those that may be; ``decisions`` what the decision may be; ``rule`` names what else must hold (``rules.py``).
    """

    before: str
    state: str
    does: str
    may: tuple[str, ...]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of concern: what its numbers begin with, who may raise one, what must be said then, and its table."""

    prefix: str
    raised_by: tuple[str, ...]
    needs: tuple[str, ...]
    dealt_by: tuple[str, ...]  # who may add notes, hand it on and withdraw it
    table: tuple[Transition, ...]

    @property
    def first(self) -> str:
        return self.table[0].before

    @property
    def states(self) -> tuple[str, ...]:
        """Every state in the order of the table, ``withdrawn`` last."""
        found = dict.fromkeys([self.first, *(t.state for t in self.table), WITHDRAWN])
        return (*(s for s in found if s != WITHDRAWN), WITHDRAWN)

    @property
    def final(self) -> frozenset[str]:
        """States after which nothing follows."""
        return frozenset(self.states) - {t.before for t in self.table}

    def after(self, state: str) -> tuple[Transition, ...]:
        return tuple(t for t in self.table if t.before == state)


_WORK, _INSPECT, _DISPOSE, _MAINTAIN = ("report_work",), ("inspect",), ("dispose",), ("maintain",)
_REPORT, _SAFETY, _IMPROVE = ("report_incident",), ("manage_safety",), ("dispose", "manage_safety", "maintain")
_DECIDED = ("decision", "quantity", "person")


def _withdrawal(first: str, may: tuple[str, ...]) -> Transition:
    return Transition(first, WITHDRAWN, "Withdraw", may, ("note",))


def _incident(prefix: str, needs: tuple[str, ...]) -> Kind:
    table = (
        Transition("reported", "investigated", "Write down the investigation", _SAFETY, ("note",), ("lost_days", "cost")),
        Transition("investigated", "actions", "Plan the actions", _SAFETY, ("note", "owner", "due"), ("cost",)),
        Transition("actions", "closed", "Close", _SAFETY, ("note",), ("lost_days", "cost"), rule="children closed"),
        _withdrawal("reported", _SAFETY),
    )  # fmt: skip
    return Kind(prefix, _REPORT, needs, _SAFETY, table)


KINDS: dict[str, Kind] = {
    "nonconformance": Kind("NC", _INSPECT, ("title",), _DISPOSE, (
        Transition("open", "contained", "Contain", _INSPECT, ("note",), ("quantity", "person")),
        Transition("contained", "disposed", "Decide", _DISPOSE, _DECIDED, ("note", "cost", "order"), DISPOSITIONS,
                   "not more than there is"),
        Transition("disposed", "disposed", "Decide on the rest", _DISPOSE, _DECIDED, ("note", "cost", "order"),
                   DISPOSITIONS, "not more than there is"),
        Transition("disposed", "closed", "Close", _DISPOSE, (), ("note", "cost"), rule="all decided"),
        _withdrawal("open", _DISPOSE),
    )),
    "corrective action": Kind("CA", _IMPROVE, ("title",), _IMPROVE, (
        Transition("open", "analysed", "Write down the cause", _IMPROVE, ("note",)),
        Transition("analysed", "planned", "Plan it", _IMPROVE, ("note", "owner", "due")),
        Transition("planned", "done", "Done", _IMPROVE, ("note",), ("cost",)),
        Transition("done", "checked", "Check the effect", _IMPROVE, ("decision", "person"), ("note", "cost"), EFFECTS),
        Transition("checked", "closed", "Close", _IMPROVE, (), ("note",), rule="effective"),
        Transition("checked", "analysed", "Analyse again", _IMPROVE, ("note",), rule="not effective"),
        _withdrawal("open", _IMPROVE),
    )),
    "incident": _incident("IN", ("title", "severity", "place")),
    "near miss": _incident("NM", ("title", "place")),
    "hazard": _incident("HZ", ("title", "place")),
    "call": Kind("CALL", _WORK, ("category",), _WORK, (
        Transition("called", "answered", "I come", _WORK, ("person",), ("note",)),
        Transition("answered", "closed", "Solved", _WORK, (), ("note", "cost")),
        _withdrawal("called", _WORK),
    )),
    "maintenance request": Kind("MR", _WORK, ("title", "resource"), _MAINTAIN, (
        Transition("requested", "accepted", "Accept", _MAINTAIN, (), ("owner", "due", "note")),
        Transition("requested", "rejected", "Reject", _MAINTAIN, ("note",)),
        Transition("accepted", "ordered", "Order made", _MAINTAIN, ("order",), ("note", "due")),
        Transition("ordered", "done", "Done", _MAINTAIN, (), ("note", "cost", "person")),
        _withdrawal("requested", _WORK),
    )),
    "audit": Kind("AU", _SAFETY, ("title", "due"), _SAFETY, (
        Transition("planned", "held", "Held", _SAFETY, ("note", "person")),
        Transition("held", "closed", "Close", _SAFETY, ("note",), rule="children closed"),
        _withdrawal("planned", _SAFETY),
    )),
    "permit": Kind("PT", _WORK, ("title", "place"), _SAFETY, (
        Transition("requested", "issued", "Issue", _SAFETY, ("person", "due"), ("note",)),
        Transition("requested", "refused", "Refuse", _SAFETY, ("note",)),
        Transition("issued", "active", "Begin the work", _WORK, ("person",), ("note",)),
        Transition("issued", "expired", "Expired", _SAFETY, (), ("note",)),
        Transition("active", "returned", "Hand back", _WORK, ("person",), ("note",)),
        Transition("active", "expired", "Expired", _SAFETY, (), ("note",)),
        _withdrawal("requested", _WORK),
    )),
    "complaint": Kind("CP", _INSPECT, ("title",), _DISPOSE, (
        Transition("received", "investigated", "Write down the investigation", _DISPOSE, ("note",), ("cost",)),
        Transition("investigated", "answered", "Answer the customer", _DISPOSE, ("note", "person"), ("decision", "cost")),
        Transition("answered", "closed", "Close", _DISPOSE, (), ("note", "cost")),
        _withdrawal("received", _DISPOSE),
    )),
}  # fmt: skip


def kind_of(number: str) -> str:
    """The kind that a number's letters stand for (``NC-12``: nonconformance); blank where they stand for none."""
    prefix = number.partition("-")[0]
    return next((name for name, kind in KINDS.items() if kind.prefix == prefix), "")

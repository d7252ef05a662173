"""Records: what happened. They are only ever added; a correction is a record of its own that names the one it corrects.

Every record has a ``uid``, made by whoever reports it: the same uid is taken once, however often it is sent. ``at`` is
when it happened, by the operation's clock. Records name orders, items and resources in words and do not depend on the
version of the operation that is current. Quantities and money are exact decimals.

Intervals: a record that ends a stretch of time carries its ``start`` and its length in ``seconds``, so that time can
be added up without looking at any other record; the record that voids it carries the same length, negative.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from gemba.operation.noun import Noun, choice, exact, flag, moment, number, record, text, whole

ZERO = Decimal(0)

#: Kinds of event with the time each ends (``seconds``); a blank one ends none.
EVENT_KINDS: dict[str, str] = {
    # the life of an order
    "released": "", "closed": "", "cancelled": "",
    # the life of a task (a step of an order)
    "started": "",  # its seconds, if any, are the queue before it
    "set_up": "set-up",  # the set-up has ended, production begins
    "reported": "production",  # quantities, while the work goes on
    "paused": "production", "resumed": "pause", "finished": "production",
    "worked": "production",  # a whole piece of work at once, as logs of other systems give it
    "skipped": "",
    # the state of a resource
    "down": "", "up": "down",
    # people
    "clocked_in": "", "clocked_out": "attendance",
    # stock
    "reserved": "", "unreserved": "", "held": "", "freed": "",
    # documents, and whatever else a person confirms (subject)
    "acknowledged": "", "checked": "",
}  # fmt: skip
#: Where an item can be: the two sides of a movement.
ACCOUNTS = ("supplier", "store", "wip", "customer", "scrap", "waste", "adjustment")
CAUSES = (
    "opening", "receipt", "issue", "production", "by-product", "scrap", "rework", "shipment", "return", "transfer",
    "count", "waste", "correction", "revaluation",
)  # fmt: skip
ORDER_KINDS = ("make", "service", "buy", "move", "maintenance", "inspection")
CONCERN_KINDS = (
    "nonconformance", "corrective action", "incident", "near miss", "hazard", "call", "maintenance request", "audit",
    "permit", "complaint",
)  # fmt: skip


@record("released_orders")
class ReleasedOrder(Noun):
    """An order as it was released: what is to be done, by when, and the plan it comes from. Its state is its events'."""

    uid: str = text("Unique id of the record", example="5b1c")
    at: datetime = moment("When it was released", example=datetime(2026, 11, 23, 6))
    order: str = text("Unique number of the order", example="MO-1042")
    kind: str = choice("What sort of order", ORDER_KINDS, default="make", example="make")
    item: str = text("What it yields", default="", example="Chair")
    place: str = text("Where it is done and its item is put", default="", example="Plant North")
    quantity: Decimal = exact("How much", default=Decimal(1), low=0, unit="item unit", example=40)
    process: str = text("The process it runs", default="", example="Make chair")
    option: str = text("The supply option it uses", default="", example="")
    supplier: str = text("For buy: the supplier", default="", example="")
    origin: str = text("For move: the place it comes from", default="", example="")
    demand: str = text("The demand it is for; blank means any", default="", example="SO-1001")
    customer: str = text("For whom, in the end", default="", example="Office Outlet")
    start: datetime | None = moment("Planned start", default=None, example=None)
    end: datetime | None = moment("Planned end", default=None, example=None)
    due: datetime | None = moment("When it must be done", default=None, example=None)
    priority: int = whole("1 is the most important", default=2, low=1, high=1000, example=2)
    plan: int = whole("Number of the plan it was released from; 0 means none", default=0, low=0, example=12)
    planned_order: str = text("Its id in that plan", default="", example="make-17")
    parent: str = text("The order it was split from or reworks", default="", example="")
    maintenance_plan: str = text("For maintenance: the plan it is due by; blank: corrective", default="", example="")
    note: str = text("Free text", default="", example="")


@record("released_tasks")
class ReleasedTask(Noun):
    """A step of a released order as it was planned then."""

    uid: str = text("Unique id of the record", example="5b1c-10")
    at: datetime = moment("When it was released", example=datetime(2026, 11, 23, 6))
    order: str = text("The order", example="MO-1042")
    step: str = text("The step of its process", example="Assemble")
    sequence: int = whole("Place of the step among those of the order", default=10, low=0, example=10)
    resource: str = text("The resource it is planned on; several with commas", default="", example="Assembler 1")
    place: str = text("Work centre of that resource", default="", example="Plant North")
    start: datetime | None = moment("Planned start", default=None, example=None)
    end: datetime | None = moment("Planned end", default=None, example=None)
    setup: float = number("Planned set-up, in seconds of work", default=0.0, low=0, unit="s", example=900)
    run: float = number("Planned run time, in seconds of work", default=0.0, low=0, unit="s", example=7200)
    quantity: Decimal = exact("Planned quantity", default=Decimal(1), low=0, unit="item unit", example=40)


@record("events")
class Event(Noun):
    """Something that happened to an order, a task, a resource, a person, a lot or a document."""

    uid: str = text("Unique id of the record", example="c0ffee")
    at: datetime = moment("When it happened", example=datetime(2026, 11, 23, 9, 30))
    kind: str = choice("What happened", tuple(EVENT_KINDS), example="finished")
    order: str = text("The order", default="", example="MO-1042")
    step: str = text("The step; blank: the order as a whole", default="", example="Assemble")
    resource: str = text("The equipment, room, tool or vehicle", default="", example="Saw 1")
    person: str = text("Who did it: a resource of kind person, or an account", default="", example="Assembler 1")
    place: str = text("Where: the work centre", default="", example="Plant North")
    item: str = text("The item", default="", example="Chair")
    lot: str = text("The lot or serial number", default="", example="")
    queued: datetime | None = moment("When the work began to wait, where that is known", default=None, example=None)
    start: datetime | None = moment("When the time it ends began", default=None, example=datetime(2026, 11, 23, 8, 30))
    seconds: float = number("Length of the time it ends", default=0.0, unit="s", example=3600)
    good: Decimal = exact("Good quantity", default=ZERO, unit="item unit", example=38)
    scrap: Decimal = exact("Scrapped quantity", default=ZERO, unit="item unit", example=2)
    rework: Decimal = exact("Quantity to be reworked", default=ZERO, unit="item unit", example=0)
    reason: str = text("Reason of the scrap, rework, pause or stop", default="", example="Paint run")
    subject: str = text("What else it is about: a document with its version, a check", default="", example="")
    note: str = text("Free text", default="", example="")
    corrects: str = text("The uid of the event that this one voids", default="", example="")


@record("movements")
class Movement(Noun):
    """A quantity and its value leave one account and join another, at once: nothing appears and nothing is lost."""

    uid: str = text("Unique id of the record", example="a1")
    at: datetime = moment("When it moved", example=datetime(2026, 11, 23, 9, 30))
    item: str = text("The item", example="Leg")
    lot: str = text("The lot or serial number", default="", example="")
    quantity: Decimal = exact("How much", above=0, unit="item unit", example=4)
    value: Decimal = exact("What it is worth as a whole", default=ZERO, unit="currency", example=14)
    paid: Decimal | None = exact(
        "Of a receipt: what the supplier is paid for it as a whole; blank: the supply option's price",
        default=None,
        unit="currency",
        example=None,
    )
    from_kind: str = choice("Kind of account it leaves", ACCOUNTS, example="store")
    from_name: str = text("Which: the place, supplier, order, customer or reason", default="", example="Plant North")
    to_kind: str = choice("Kind of account it joins", ACCOUNTS, example="wip")
    to_name: str = text("Which", default="", example="MO-1042")
    cause: str = choice("Why it moved", CAUSES, example="issue")
    order: str = text("The order", default="", example="MO-1042")
    step: str = text("The step", default="", example="Assemble")
    demand: str = text("The demand", default="", example="")
    reason: str = text("Reason of the scrap, waste or adjustment", default="", example="")
    person: str = text("Who moved it", default="", example="")
    document: str = text("Delivery note, count, invoice", default="", example="")
    expires: datetime | None = moment("When the lot may no longer be used", default=None, example=None)
    corrects: str = text("The uid of the movement that this one reverses", default="", example="")


@record("deliveries")
class Delivered(Noun):
    """What a customer was given for a demand, beside what had been wanted and promised then (SCOR order line)."""

    uid: str = text("Unique id of the record", example="d1")
    at: datetime = moment("When it was handed over", example=datetime(2026, 11, 30, 15))
    demand: str = text("The demand", example="SO-1001")
    item: str = text("What was delivered", example="Chair")
    place: str = text("From where", default="", example="Plant North")
    customer: str = text("To whom", default="", example="Office Outlet")
    quantity: Decimal = exact("How much was delivered", low=0, unit="item unit", example=40)
    ordered: Decimal = exact("How much had been ordered in all", low=0, unit="item unit", example=40)
    price: Decimal = exact("Price of a unit", default=ZERO, unit="currency", example=95)
    value: Decimal = exact("Cost of what was delivered", default=ZERO, unit="currency", example=1600)
    due: datetime | None = moment("When it was wanted", default=None, example=None)
    promised: datetime | None = moment("When it was promised; blank: as wanted", default=None, example=None)
    documents_right: bool = flag("Whether the papers were right (SCOR RL.2.3)", default=True)
    condition_right: bool = flag("Whether it arrived in perfect condition (SCOR RL.2.4)", default=True)
    corrects: str = text("The uid of the delivery that this one takes back", default="", example="")


@record("measurements")
class Measurement(Noun):
    """A value: of a characteristic of a sample, or read from a meter."""

    uid: str = text("Unique id of the record", example="m1")
    at: datetime = moment("When it was taken", example=datetime(2026, 11, 23, 9, 30))
    characteristic: str = text("The characteristic; blank for a meter", default="", example="Leg length")
    meter: str = text("The meter; blank for a characteristic", default="", example="")
    subgroup: str = text("Values with the same subgroup are one point of a chart", default="", example="s17")
    value: float = number("The value; of an attribute: how many failed or how many defects", example=430.1)
    size: int = whole("Units in the sample of an attribute", default=1, low=1, example=50)
    item: str = text("The item", default="", example="Leg")
    lot: str = text("The lot inspected", default="", example="")
    order: str = text("The order", default="", example="MO-1042")
    step: str = text("The step", default="", example="Saw")
    resource: str = text("The machine it was made on, or that has the meter", default="", example="Saw 1")
    person: str = text("Who took it", default="", example="")
    note: str = text("Free text; of a point left out of the limits: its assigned cause", default="", example="")
    corrects: str = text("The uid of the measurement that this one replaces", default="", example="")


@record("chart_limits")
class ChartLimits(Noun):
    """What a control chart judges new points by (phase II), fixed from a period (phase I); the latest one counts."""

    uid: str = text("Unique id of the record", example="cl1")
    at: datetime = moment("When it was fixed; points from then on are judged by it", example=datetime(2026, 11, 23, 9))
    characteristic: str = text("The characteristic", example="Leg length")
    resource: str = text("The machine whose points it is for; blank: of all", default="", example="")
    start: datetime | None = moment("The period began", default=None, example=datetime(2026, 11, 1))
    end: datetime | None = moment("The period ended", default=None, example=datetime(2026, 11, 22))
    points: int = whole("Points of that period that it was computed from", default=0, low=0, example=25)
    centre: float = number("Mean of single values; share, count or rate of an attribute", example=430.02)
    sigma: float = number("Standard deviation of single values; of an attribute 0", default=0.0, low=0, example=0.11)
    rule_set: str = choice(
        "Rules by which a point is a signal",
        ("limits", "western electric", "nelson"),
        default="western electric",
        example="western electric",
    )
    person: str = text("Who fixed it", default="", example="")
    note: str = text("Free text", default="", example="")
    withdrawn: bool = flag("Whether this takes the limits back", default=False)


@record("counts")
class Count(Noun):
    """What was found on hand, beside what the ledger said at that moment."""

    uid: str = text("Unique id of the record", example="k1")
    at: datetime = moment("When it was counted", example=datetime(2026, 11, 23, 18))
    item: str = text("The item", example="Leg")
    place: str = text("Where", default="", example="Plant North")
    lot: str = text("The lot", default="", example="")
    counted: Decimal = exact("What was found", low=0, unit="item unit", example=118)
    book: Decimal = exact("What the ledger said", unit="item unit", example=120)
    person: str = text("Who counted", default="", example="")
    note: str = text("Free text", default="", example="")


@record("concerns")
class Concern(Noun):
    """Something that must be dealt with: a nonconformance, an incident, a call for help, an action to take."""

    uid: str = text("Unique id of the record", example="n1")
    at: datetime = moment("When it was raised", example=datetime(2026, 11, 23, 9, 40))
    concern: str = text("Its unique number", example="NC-12")
    kind: str = choice("What it is", CONCERN_KINDS, example="nonconformance")
    title: str = text("What is wrong or wanted, in a line", default="", example="Seam too wide")
    description: str = text("The whole story", default="", example="")
    severity: str = choice(
        "How bad: minor, major, critical; of an incident: first aid, medical, lost time, fatal",
        ("", "minor", "major", "critical", "first aid", "medical", "restricted", "lost time", "fatal"),
        default="",
        example="major",
    )
    category: str = text("Kind of call, of defect, of hazard", default="", example="")
    place: str = text("Where", default="", example="Plant North")
    resource: str = text("The equipment", default="", example="")
    person: str = text("Who raised it, or whom it happened to", default="", example="")
    owner: str = text("Who is to deal with it: an account or a role", default="", example="supervisor")
    order: str = text("The order in which it happened", default="", example="MO-1042")
    step: str = text("The step", default="", example="")
    item: str = text("The item", default="", example="")
    lot: str = text("The lot", default="", example="")
    quantity: Decimal = exact("How much of it", default=ZERO, low=0, unit="item unit", example=12)
    due: datetime | None = moment("When it must be done", default=None, example=None)
    parent: str = text("The concern it follows from", default="", example="")


@record("concern_changes")
class ConcernChange(Noun):
    """A step in dealing with a concern: its state from then on, and what was decided or found."""

    uid: str = text("Unique id of the record", example="n1-2")
    at: datetime = moment("When", example=datetime(2026, 11, 23, 10))
    concern: str = text("The concern", example="NC-12")
    state: str = text("Its state from now on (each kind has its table of states)", example="disposed")
    owner: str = text("Who deals with it from now on; blank: as before", default="", example="")
    decision: str = text(
        "What was decided: of a nonconformance use as is, rework, repair, scrap, return; of a check effective or not",
        default="",
        example="rework",
    )
    quantity: Decimal = exact("How much it concerns", default=ZERO, low=0, unit="item unit", example=12)
    cost: Decimal = exact("What it cost", default=ZERO, unit="currency", example=0)
    lost_days: float = number("Of an incident: days of work lost", default=0.0, low=0, unit="d", example=0)
    due: datetime | None = moment("New date by which it must be done", default=None, example=None)
    person: str = text("Who", default="", example="")
    note: str = text("What was found or done", default="", example="")
    order: str = text("The order made for it: of the rework, of the repair", default="", example="")


@record("targets")
class Target(Noun):
    """A goal for a KPI at a place in each period, handed down from the level above; the latest one counts."""

    uid: str = text("Unique id of the record", example="t1")
    at: datetime = moment("When it was set", example=datetime(2026, 11, 1))
    kpi: str = text("The KPI", example="overall equipment effectiveness")
    place: str = text("Where; blank means the whole operation", default="", example="Plant North")
    item: str = text("For which item; blank means all", default="", example="")
    period: str = choice("What it holds for", ("shift", "day", "week", "month", "quarter", "year"), default="month")
    start: datetime | None = moment("Holds from; blank means always", default=None, example=None)
    end: datetime | None = moment("Holds until; blank means always", default=None, example=None)
    goal: float = number("The value to reach", example=0.78)
    alert: float | None = number("The value beyond which it is off track; blank: the goal", default=None, example=0.72)
    owner: str = text("Who answers for it: an account or a role", default="", example="operations_manager")
    parent: str = text("The uid of the target above that it is part of", default="", example="")
    withdrawn: bool = flag("Whether this takes the target back", default=False)
    note: str = text("Free text", default="", example="")


@record("standard_costs")
class StandardCost(Noun):
    """The standard cost of a unit, rolled up in a version: what one should cost, and of what it is made up."""

    uid: str = text("Unique id of the record", example="c1")
    at: datetime = moment("Holds from", example=datetime(2026, 1, 1))
    version: str = text("Version of the roll-up", example="2026")
    item: str = text("The item", example="Chair")
    place: str = text("Where it is made or bought", default="", example="Plant North")
    material: Decimal = exact("Material, bought parts included", default=ZERO, unit="currency", example=22)
    labour: Decimal = exact("Labour", default=ZERO, unit="currency", example=9)
    machine: Decimal = exact("Machines", default=ZERO, unit="currency", example=5)
    overhead: Decimal = exact("Overhead", default=ZERO, unit="currency", example=4)

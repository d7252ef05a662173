"""The plan: what is proposed to be done, for what, and how good it is (ISA-95 operations schedule).

Moments are whole seconds since 1970-01-01 UTC. Quantities are in the item's unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class PlannedOrder:
    """An order to make, buy or move; ``state`` is proposed, or that of the existing order it stands for."""

    id: str
    kind: str  # make, service, maintenance, inspection, buy, move
    item: str
    place: str
    quantity: float
    start: int
    end: int
    option: str = ""
    process: str = ""
    supplier: str = ""
    origin: str = ""
    state: str = "proposed"


@dataclass(slots=True)
class PlannedTask:
    """A step of an order on its resources, from start (set-up included) to end; it pauses where hours are closed."""

    order: str
    step: str
    start: int
    end: int
    resources: tuple[tuple[str, float], ...] = ()  # (resource, units of capacity)
    setup: int = 0  # seconds of set-up at the beginning, change-over included
    quantity: float = 0.0
    state: str = "proposed"


@dataclass(slots=True)
class Flow:
    """An item leaves (negative quantity) or joins (positive) the stock of a place at a moment."""

    order: str
    step: str
    item: str
    place: str
    quantity: float
    at: int


@dataclass(slots=True)
class Peg:
    """Which supply serves which need. ``supply`` is an order's id, or '' for stock on hand (then ``lot``)."""

    item: str
    place: str
    quantity: float
    supply: str  # order id; '' is stock on hand
    order: str = ""  # the order that uses it
    demand: str = ""  # or the demand it is delivered to; both blank: it refills stock
    step: str = ""
    lot: str = ""


@dataclass(slots=True)
class Delivery:
    demand: str
    quantity: float
    date: int


@dataclass(slots=True)
class Problem:
    """Something a person should know: a shortfall, an overload, safety stock not kept, missing data."""

    kind: str  # short, late, overload, safety_stock, negative_stock, no_supply, data
    subject: str
    message: str
    quantity: float = 0.0
    start: int | None = None
    end: int | None = None


@dataclass(slots=True)
class Part:
    """A stretch of time on a late demand's chain and what it was spent on.

    ``cause``: work, setup, resource (waiting for one), material, closed (calendar), queue, move, lead_time,
    release (earliest start, fence or frozen time), short, other. ``subject`` names the resource, item or calendar; ``behind`` the
    orders or supply waited for.
    """

    cause: str
    start: int
    end: int
    order: str = ""
    step: str = ""
    subject: str = ""
    behind: tuple[str, ...] = ()

    @property
    def seconds(self) -> int:
        return self.end - self.start


@dataclass(slots=True)
class Reason:
    """Why a demand is late or short. The seconds of ``parts`` add up to ``lateness`` exactly."""

    demand: str
    lateness: int  # seconds of the last delivery after the due date; 0 where nothing is late
    short: float  # quantity not delivered
    parts: tuple[Part, ...]
    chain: tuple[Part, ...] = ()  # the whole chain back to its beginning, latest first
    summary: str = ""


@dataclass(slots=True)
class Objective:
    """How good the plan is. ``value`` (smaller is better) is what the engines minimise; ``bound`` no plan can beat."""

    value: float = 0.0
    bound: float = 0.0
    weighted_tardiness: float = 0.0  # days x weight, of late deliveries (by share of the quantity) and of what is short
    tardiness: float = 0.0  # days
    on_time: int = 0
    late: int = 0
    short: int = 0
    short_quantity: float = 0.0
    makespan: int = 0  # seconds from now to the last end
    stock: float = 0.0  # unit-days held
    cost: float = 0.0  # currency: resources, set-ups, purchases, orders
    proven: bool = False  # no better plan exists

    @property
    def gap(self) -> float:
        """(value - bound) / value, from 0 (optimal) to 1."""
        return 0.0 if self.value <= self.bound else (self.value - self.bound) / self.value


@dataclass(slots=True)
class Plan:
    """A checked, explained proposal for an operation."""

    operation: str
    now: int
    orders: list[PlannedOrder] = field(default_factory=list)
    tasks: list[PlannedTask] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    pegs: list[Peg] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)  # what the independent checker found; empty is clean
    objective: Objective = field(default_factory=Objective)
    policy: str = "on_time"
    seed: int = 0
    seconds: float = 0.0  # time the calculation took

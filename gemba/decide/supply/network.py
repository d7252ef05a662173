"""The supply network: buffers, options, processes, steps and resources, linked by reference for fast walking.

All moments are seconds since 1970, durations seconds, quantities in the item's unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gemba.decide.supply.timeline import Timeline
from gemba.operation import Demand, Order, OrderTask, Resource, Stock
from gemba.operation.hours import Hours
from gemba.operation.worktime import FAR, OpenHours, Profile

if TYPE_CHECKING:
    from gemba.decide.supply.buckets import Buckets


@dataclass(slots=True, eq=False)
class ResourceNode:
    """A resource with its load over time; ``sequence`` only where change-overs matter: (start, end, family, task)."""

    name: str
    data: Resource
    index: int
    capacity: Profile
    calendars: frozenset[str]
    timeline: Timeline | None  # None: infinite, load is only shown
    buckets: Buckets | None = None
    efficiency: float = 1.0
    efficiency_profile: Profile | None = None
    changes: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)  # change-overs looked up so far
    sequence: list[TaskNode] = field(default_factory=list)  # its tasks by start, where it has a set-up matrix
    matrix: list[tuple[str, str, int, float, int]] = field(default_factory=list)
    has_matrix: bool = False
    setup: str = ""
    skills: dict[str, list[tuple[int, int, int, int]]] = field(default_factory=dict)  # (level, start, end, priority)


@dataclass(slots=True, eq=False)
class NeedNode:
    """A row of step_resources: ``count`` of the candidates (a pool), or ``units`` of the one candidate."""

    candidates: list[ResourceNode]
    count: int
    units: float
    pooled: bool
    skill: str
    level: int
    speed: float
    cost: float
    family: str
    priority: int
    start: int
    end: int
    fixed: float = 0.0


@dataclass(slots=True, eq=False)
class MaterialNode:
    """A row of step_items."""

    buffer: BufferNode
    quantity: float
    fixed: float
    at_end: bool
    offset: int
    priority: int
    start: int
    end: int
    at_order_end: bool = False


@dataclass(slots=True, eq=False)
class ArcNode:
    before: int
    lag: int
    maximum: int | None
    transfer: float  # units after which the later may start; 0 after all


@dataclass(slots=True, eq=False)
class StepNode:
    index: int
    name: str
    setup: int
    time: float
    per_unit: float
    batch: float
    scale: float  # units worked on for each unit of the order (yield losses from here on)
    pausable: bool
    calendars: frozenset[str]
    family: str
    fence: int
    cost: float
    arcs: list[ArcNode] = field(default_factory=list)
    followers: list[tuple[int, ArcNode]] = field(default_factory=list)
    needs: list[NeedNode] = field(default_factory=list)  # always needed
    choices: list[list[NeedNode]] = field(default_factory=list)  # one of each list
    inputs: list[MaterialNode] = field(default_factory=list)
    input_choices: list[list[MaterialNode]] = field(default_factory=list)
    outputs: list[MaterialNode] = field(default_factory=list)
    plain: ResourceNode | None = None  # the only need: one unit of this always-valid resource without change-overs
    idle: bool = False  # needs no resource at all
    hours: OpenHours | None = None  # of calendars and of the plain resource
    transfers: bool = False
    ways: list[list[NeedNode]] = field(default_factory=list)  # to choose one of each list, preferred ones first


@dataclass(slots=True, eq=False)
class ProcessNode:
    name: str
    kind: str
    place: str
    item: str
    steps: list[StepNode]  # predecessors first
    start: int
    end: int
    simple: bool = False  # one step, no alternatives, no periods: the fast path


@dataclass(slots=True, eq=False)
class OptionNode:
    """A way to supply a buffer. ``per_unit`` is the buffer's yield for each unit of the process."""

    name: str
    kind: str
    buffer: BufferNode
    process: ProcessNode | None
    origin: BufferNode | None
    supplier: str
    lead_time: int
    hours: OpenHours
    minimum: float
    multiple: float
    maximum: float
    cost: float
    order_cost: float
    priority: int
    share: float
    earliest: int
    start: int
    end: int
    resource: ResourceNode | None
    resource_units: float
    batch_window: int
    per_unit: float = 1.0
    fixed_yield: float = 0.0
    by_product: bool = False


@dataclass(slots=True, eq=False)
class Lot:
    """A supply of a buffer: what is left of it from a moment on."""

    at: int
    left: float
    quantity: float
    order: OrderNode | None
    lot: str = ""
    expires: int = FAR
    reserved: str = ""  # only for this demand


@dataclass(slots=True, eq=False)
class BufferNode:
    """Stock of an item at a place."""

    item: str
    place: str
    index: int
    options: list[OptionNode] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)  # by moment
    unlimited: bool = False
    safety: Profile | None = None
    maximum: float = 0.0
    period: int = 0
    shelf_life: int = FAR
    service: bool = False
    pieces: bool = True  # counted in whole units
    stocks: list[Stock] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class TaskNode:
    step: StepNode
    start: int
    end: int
    setup: int
    resources: list[tuple[ResourceNode, float]]
    quantity: float
    ready: int = 0
    family: str = ""
    change: int = 0  # the part of the set-up that is change-over
    state: str = "proposed"
    order: OrderNode | None = None
    cost: float = 0.0
    amounts: list[tuple[ResourceNode, float]] = field(default_factory=list)  # taken from periods
    families: dict[int, str] = field(default_factory=dict)  # by index of resource, where it is another than ``family``

    def family_on(self, resource: ResourceNode) -> str:
        return self.families.get(resource.index, self.family)


@dataclass(slots=True, eq=False)
class PegNode:
    """A quantity taken from a lot at a moment, by an order's step or for a delivery."""

    buffer: BufferNode
    lot: Lot
    quantity: float
    at: int
    order: OrderNode | None
    step: str
    demand: str


@dataclass(slots=True, eq=False)
class TakeNode:
    """What an order takes by one row of materials, before the moment is known."""

    step: int
    material: MaterialNode
    amount: float
    taken: list[tuple[Lot, float]]


@dataclass(slots=True, eq=False)
class OrderNode:
    option: OptionNode | None
    process: ProcessNode | None
    kind: str
    quantity: float
    start: int
    end: int
    tasks: list[TaskNode] = field(default_factory=list)
    takes: list[TakeNode] = field(default_factory=list)
    pegs: list[PegNode] = field(default_factory=list)  # its inputs
    lots: list[Lot] = field(default_factory=list)  # its outputs
    flows: list[tuple[str, BufferNode, float, int]] = field(default_factory=list)  # (step, buffer, signed, at)
    id: str = ""
    state: str = "proposed"
    data: Order | None = None
    times: dict[str, tuple[int, int]] = field(default_factory=dict)  # of an existing order's steps: start, end
    resource_use: tuple[ResourceNode, float] | None = None


@dataclass(slots=True, eq=False)
class Network:
    """A whole operation, linked."""

    now: int
    horizon: int
    frozen: int
    safety_time: int
    hours: Hours
    buffers: dict[tuple[str, str], BufferNode]
    resources: dict[str, ResourceNode]
    processes: dict[str, ProcessNode]
    demands: list[Demand]
    orders: list[tuple[Order, list[OrderTask]]]
    bounded_bom: bool = True

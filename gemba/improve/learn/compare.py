"""What the model says against what happened: one row for each field of the model that records speak of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

from gemba.execute.orders.shape import Shape, shapes
from gemba.improve.learn.estimate import Estimate, ratio, trimmed
from gemba.improve.learn.model import Model
from gemba.improve.learn.samples import LeftOut, Work, arrivals, finished_work, waits
from gemba.operation import Event, Movement, Operation, ReleasedOrder, ReleasedTask, Resource, Step
from gemba.operation.moments import seconds

#: What can be said of a field. Only what ``differs`` is proposed.
VERDICTS = ("differs", "differs little", "as planned", "too few", "for information")
#: Fewer pieces of work say nothing; differences below this share of the planned value do not matter.
LEAST, THRESHOLD = 8, 0.05
#: A difference of yields matters from this part of the threshold on: one point where the threshold is five per cent.
OF_SHARES = 0.2
#: Said of waits. A drying time that is not kept is a deviation, not a better drying time: a person must decide.
IN_WAITS = "Waiting for people, machines and material is in it. Shorten it only where nothing needs it."
#: Work on less than this share of a step's usual quantity says too little of the time of a unit.
ENOUGH = 0.1


@dataclass(frozen=True, slots=True)
class Actual:
    """A field of the model with what it really was. ``kind`` is seconds, share or factor; ``waiting`` is no field."""

    table: str
    key: tuple[str, ...]
    field: str
    kind: str
    planned: float
    estimate: Estimate | None  # None: fewer than two values
    verdict: str
    reason: str
    place: str = ""
    outliers: tuple[str, ...] = ()  # orders whose values are far from the others


@dataclass(frozen=True, slots=True)
class Learned:
    """``left_out``: records that could not be used. ``works`` counts the finished pieces of work that were."""

    actuals: tuple[Actual, ...]
    left_out: tuple[LeftOut, ...]
    works: int


@dataclass(slots=True)
class _Values:
    """What was measured for a field. A yield has the good quantity beside the whole."""

    planned: float
    kind: str
    place: str
    scale: float = 0.0  # what a difference is measured by, where nothing is planned
    told: bool = True  # whether it may be proposed
    note: str = ""
    records: list[str] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    wholes: list[float] = field(default_factory=list)

    def add(self, record: str, value: float, whole: float = 0.0) -> None:
        self.records.append(record)
        self.values.append(value)
        self.wholes.append(whole)


Fields = dict[tuple[str, tuple[str, ...], str], _Values]


def learn(
    operation: Operation,
    orders: Sequence[ReleasedOrder],
    events: Iterable[Event],
    movements: Iterable[Movement] = (),
    tasks: Iterable[ReleasedTask] = (),
    *,
    least: int = LEAST,
    threshold: float = THRESHOLD,
    confidence: float = 0.95,
) -> Learned:
    """Planned against actual: of each step set-up, run time, yield and waiting, of each supply option its lead time, of
    each resource its efficiency.

    With S seconds of production, Q units processed (good, scrap, rework; batches where the step has a batch_size), speed
    s of the rows used and the lowest efficiency e of the resources, a piece of work says time_per_unit = (S e s - time)
    / Q, or time = S e s where the step has no time per unit. Set-up is what was reported as such, less the planned
    change-over; where none was reported the planned one is taken off S. Values are trimmed means (``trimmed``), yields
    the sum of good over that of good and scrap (``ratio``).

    The efficiency of a resource is e / m, m being the trimmed mean of S e s over the time its steps should take, with
    what has just been learned of them: only what the step does not explain is the resource's (one sweep of a median
    polish, Tukey 1977). A resource that alone does a step has that step's own difference there, not here.

    A field ``differs`` where its interval does not hold the planned value, from ``least`` values on, by ``threshold``
    of the planned value at least.
    """
    every, known = list(events), {o.order: o for o in orders}
    works, left = finished_work(known, every)
    model = Model(operation, tasks)
    fields: Fields = {}
    used = [w for w in works if _said_of_step(model, w, fields, left)]
    _said_of_waiting(shapes(operation), used, model, fields)
    _said_of_options(model, orders, every, movements, fields, left)

    def judge(found: Fields) -> list[Actual]:
        return [_judged(*key, v, least, threshold, confidence) for key, v in found.items()]

    actuals = judge(fields)
    actuals += judge(_said_of_resources(model, used, {(a.key, a.field): a for a in actuals}))
    return Learned(tuple(actuals), tuple(dict.fromkeys(left)), len(used))


def _said_of_step(model: Model, w: Work, fields: Fields, left: list[LeftOut]) -> bool:
    """Add what a piece of work says of its step; False where it says nothing of its time."""
    process, step = w.order.process, model.steps.get((w.order.process, w.step))
    if step is None:
        left.append(LeftOut(w.order.order, f"the model has no step {w.step} of {process or 'no process'}"))
        return False
    key, place = (process, w.step), model.place_of(process)
    if w.setup is not None:
        one = fields.setdefault(("steps", key, "setup_time"), _Values(step.setup_time, "seconds", place))
        one.scale = max(one.scale, w.run)
        one.add(w.order.order, max(0.0, w.setup - model.change_over(w, step)))
    if w.good + w.scrap > 0:
        one = fields.setdefault(("steps", key, "yield_rate"), _Values(step.yield_rate, "share", place, 1.0))
        one.add(w.order.order, w.good, w.good + w.scrap)
    return _said_of_time(model, w, step, fields, left)


def _said_of_time(model: Model, w: Work, step: Step, fields: Fields, left: list[LeftOut]) -> bool:
    name, key = time_field(step), (step.process, step.name)
    standard, units = model.standard(w, step), units_of(w, step)
    if standard <= 0 or (units <= 0 and name == "time_per_unit"):
        why = "no time was reported" if standard <= 0 else "no quantity was reported"
        left.append(LeftOut(w.order.order, f"{w.step}: {why}"))
        return False
    usual = model.usual_quantity(step, w.order)
    if name == "time_per_unit" and w.processed < ENOUGH * usual:
        left.append(LeftOut(w.order.order, f"{w.step}: only {w.processed:g} of {usual:g} units were processed"))
        return False
    planned = getattr(step, name)
    one = fields.setdefault(("steps", key, name), _Values(planned, "seconds", model.place_of(step.process)))
    one.scale = 1.0 if not planned else 0.0
    one.add(w.order.order, (standard - step.time) / units if name == "time_per_unit" else standard)
    return True


def time_field(step: Step) -> str:
    """The field that its run time tells of: the time of a unit, unless a step only has one for the lot."""
    return "time" if step.time > 0 and step.time_per_unit == 0 else "time_per_unit"


def units_of(w: Work, step: Step) -> float:
    """Units processed, or batches of them."""
    return float(ceil(w.processed / step.batch_size)) if step.batch_size > 0 else w.processed


def _said_of_waiting(known: dict[str, Shape], works: Sequence[Work], model: Model, fields: Fields) -> None:
    """The time from the last step before until each step begins, beside the shortest that the model allows."""
    for order, done in waits(works).items():
        for name, w in done.items():
            shape = known.get(w.order.process)
            before = [done[b] for b in (shape.before.get(name, ()) if shape else ()) if b in done]
            planned = model.planned_wait(w.order.process, [b.step for b in before], name)
            if before and planned is not None:
                one = fields.setdefault(
                    ("steps", planned.key, planned.field),
                    _Values(planned.seconds, "seconds", model.place_of(w.order.process), told=planned.field != "waiting",
                            note=IN_WAITS),
                )  # fmt: skip
                one.add(order, max(0.0, (w.start - max(b.end for b in before)).total_seconds()))


def _said_of_options(
    model: Model, orders: Sequence[ReleasedOrder], events: list[Event], movements: Iterable[Movement], fields: Fields,
    left: list[LeftOut],
) -> None:  # fmt: skip
    for order, start, end in arrivals(orders, events, movements):
        option = model.options.get(order.option)
        if option is None or option.kind != order.kind:
            left.append(LeftOut(order.order, f"the model has no supply option {order.option} to {order.kind}"))
            continue
        taken = model.lead(option, seconds(start), seconds(end))
        if taken is None:
            left.append(LeftOut(order.order, "the supplier's calendar does not reach back that far"))
            continue
        key = ("supply_options", (option.name,), "lead_time")
        one = fields.setdefault(key, _Values(option.lead_time, "seconds", option.place, 86400.0))
        one.add(order.order, max(0.0, taken))


def _said_of_resources(model: Model, works: Sequence[Work], found: dict[tuple[tuple[str, ...], str], Actual]) -> Fields:
    fields: Fields = {}
    for w in works:
        step, resource = model.steps[w.order.process, w.step], model.resources.get(w.resource)
        should = _learned_time(step, found, units_of(w, step))
        if resource is None or not _has_efficiency(resource) or not model.limits(w) or should <= 0:
            continue
        one = fields.setdefault(
            ("resources", (w.resource,), "efficiency"), _Values(resource.efficiency, "factor", resource.place)
        )
        one.add(w.order.order, model.standard(w, step) / should)
    return fields


def _learned_time(step: Step, found: dict[tuple[tuple[str, ...], str], Actual], units: float) -> float:
    """The standard run time of a step for these units, with what differs put right."""
    name = time_field(step)
    actual = found.get(((step.process, step.name), name))
    value = getattr(step, name)
    if actual and actual.estimate and actual.verdict == "differs":
        value = actual.estimate.value
    return float(value if name == "time" else step.time + value * units)


def _has_efficiency(resource: Resource) -> bool:
    return not resource.efficiency_calendar and not resource.bucket


def _judged(
    table: str, key: tuple[str, ...], name: str, v: _Values, least: int, threshold: float, confidence: float
) -> Actual:
    if len(v.values) < 2:
        return Actual(table, key, name, v.kind, v.planned, None, "too few", _few(len(v.values), least), v.place)
    e = ratio(v.values, v.wholes, confidence) if v.kind == "share" else trimmed(v.values, confidence)
    far = tuple(v.records[i] for i in e.outliers)
    if v.kind == "factor":
        e = _inverse(e, v.planned)
    verdict = _verdict(v, e, least, threshold)
    return Actual(table, key, name, v.kind, v.planned, e, verdict, _reason(v, e, verdict, least), v.place, far)


def _inverse(e: Estimate, efficiency: float) -> Estimate:
    """The efficiency, of how many times longer than it should work took."""
    low, high = efficiency / e.high, efficiency / e.low if e.low > 0 else float("inf")
    mean, middle = efficiency / e.mean, efficiency / e.median
    return Estimate(e.n, efficiency / e.value, low, high, mean, middle, efficiency * e.spread / e.mean**2, e.outliers)


def _verdict(v: _Values, e: Estimate, least: int, threshold: float) -> str:
    away = abs(e.value - v.planned)
    matters = threshold * (OF_SHARES if v.kind == "share" else v.planned or v.scale)
    if not v.told:
        return "for information"
    if v.note:  # a wait: that it takes longer is not the model's
        return "differs" if e.n >= least and e.high < v.planned and away >= matters else "for information"
    if e.n < least or (v.kind == "factor" and e.high == float("inf")):
        return "too few"
    if e.low <= v.planned <= e.high or away <= 1e-9 * max(1.0, v.planned):
        return "as planned"
    if e.value <= 0 and not v.planned:
        return "as planned"
    return "differs" if away >= matters and e.value >= 0 else "differs little"


def _few(n: int, least: int) -> str:
    return f"{n} value{'s' if n != 1 else ''}; {least} are needed."


def _reason(v: _Values, e: Estimate, verdict: str, least: int) -> str:
    if verdict == "too few":
        return _few(e.n, least)
    change = f"{100 * (e.value / v.planned - 1):+.1f} %" if v.planned else "nothing is planned"
    unit = {"seconds": " s", "share": "", "factor": ""}[v.kind]
    said = f"{e.value:.4g}{unit} ({e.low:.4g} to {e.high:.4g}) in {e.n} cases, {v.planned:.4g}{unit} planned: {change}."
    return f"{said} {v.note}".strip()

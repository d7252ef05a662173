"""The lots of a characteristic one after the other: how each was judged, and how the next has to be inspected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gemba.execute.quality.inspection import Required, required
from gemba.execute.quality.readings import Reading, nonconforming, of_study
from gemba.execute.quality.sampling import SamplingPlan
from gemba.execute.quality.sampling_switching import Resumed, State, next_state, result
from gemba.operation import Characteristic


@dataclass(frozen=True, slots=True)
class Lot:
    """What is inspected as one: a lot received or made, or an order. ``source`` is the supplier or the process: lots
    of one source follow one another. ``size`` in units."""

    name: str
    size: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class LotResult:
    """A lot's original inspection: what was required, how many units were inspected and nonconforming, and the
    verdict (None: not finished, or not judged). ``after`` is where inspection stands then; ``used`` how many of the
    lot's readings it was judged by."""

    lot: Lot
    at: datetime
    required: Required
    inspected: int
    nonconforming: float
    accepted: bool | None
    after: State
    used: int = 0

    @property
    def left(self) -> int:
        """Units still to be inspected."""
        return 0 if self.accepted is not None else max(0, self.required.size - self.inspected)


def lot_name(c: Characteristic, lot: str, order: str) -> str:
    """What is judged as one: on receipt the lot, else the order it was made by."""
    return (lot or order) if c.when == "receipt" else (order or lot)


def history(
    c: Characteristic,
    readings: Iterable[Reading],
    lots: Mapping[str, Lot],
    source: str = "",
    resumed: Sequence[datetime] = (),
) -> tuple[list[LotResult], State]:
    """The results of the lots of one source, by their first value, and the state that the next lot meets.

    ``resumed``: when corrective actions after a discontinuation were found effective. Values of a lot whose inspection
    was finished already (presented again) do not count.
    """
    by: dict[str, list[Reading]] = {}
    for r in readings:
        name = lot_name(c, r.measurement.lot, r.measurement.order)
        if not of_study(r) and name in lots and lots[name].source == source:
            by.setdefault(name, []).append(r)
    state, found = State(), []
    waiting = sorted(resumed)
    for name, own in sorted(by.items(), key=lambda entry: entry[1][0].at):
        while waiting and waiting[0] <= own[0].at:
            state = next_state(state, Resumed()) if waiting.pop(0) else state
        one = judged(c, lots[name], own, state)
        state = one.after
        found.append(one)
    for _ in waiting:
        state = next_state(state, Resumed())
    return found, state


def judged(c: Characteristic, lot: Lot, readings: Sequence[Reading], state: State) -> LotResult:
    """How a lot fares by these readings, where its inspection stands at ``state``.

    Raises:
        ValueError: where the characteristic's AQL is none of the standard's.
    """
    needs = required(c, max(1, lot.size), state)
    inspected, bad, count = 0, 0.0, 0
    verdict: bool | None = None
    for r in readings:
        if verdict is not None or inspected >= needs.size:
            break
        inspected += r.units
        bad += nonconforming(c, r)
        count += 1
        verdict = needs.verdict(inspected, bad)
    after = state
    if verdict is not None and c.level and c.aql is not None:
        used = SamplingPlan(needs.letter, needs.size, needs.accept or 0, needs.reject or 1, needs.complete)
        after = next_state(state, result(used, c.aql, int(bad)))
    return LotResult(lot, readings[0].at, needs, inspected, bad, verdict, after, count)

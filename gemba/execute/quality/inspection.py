"""What has to be inspected, and how much of it: characteristics that apply, and the sample a lot needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gemba.execute.quality.sampling import plan
from gemba.execute.quality.sampling_switching import ACCEPTED, SCORE, STOP, WINDOW, State
from gemba.operation import Characteristic

STAGES = ("receipt", "process", "final")


@dataclass(frozen=True, slots=True)
class Required:
    """The sample of a lot: inspect ``size`` units; up to ``accept`` (Ac) nonconforming the lot is accepted.

    ``accept`` None: the lot is not judged, the chart alone is. ``reject`` is Re; ``letter`` the code letter of ISO 2859-1,
    blank without a sampling plan; ``complete``: every unit is inspected. ``why`` says it in words.
    """

    size: int
    accept: int | None
    reject: int | None
    severity: str = ""
    letter: str = ""
    complete: bool = False
    why: str = ""

    def verdict(self, inspected: int, nonconforming: float) -> bool | None:
        """Whether the lot is accepted; None while that is open, or where lots are not judged.

        A lot is rejected as soon as Ac is exceeded. Where inspection is discontinued no lot is accepted.
        """
        if self.accept is None:
            return None
        if nonconforming > self.accept:
            return False
        if inspected < self.size:
            return None
        return self.severity != "discontinued"


def applying(
    characteristics: Iterable[Characteristic], stage: str, *, item: str = "", process: str = "", step: str = ""
) -> list[Characteristic]:
    """The characteristics to be inspected on receipt of an item, in a step (blank: at the end of the process), or
    at the end of an order that makes the item by the process."""
    return [
        c
        for c in characteristics
        if c.when == stage
        and c.item in ("", item)
        and (stage == "receipt" or c.process in ("", process))
        and (stage != "process" or c.step == step)
    ]


def required(c: Characteristic, lot: int, state: State | None = None) -> Required:
    """The sample of a lot of so many units, where its inspection stands at ``state`` (normal unless given).

    With an inspection level it is the plan of ISO 2859-1, and every unit where the sample would be the lot or more.
    Without one it is one subgroup: a measured value outside the limits rejects the lot; counts reject it where they
    exceed the upper limit, and are not judged where there is none.

    Raises:
        ValueError: where the lot has no unit or the AQL is none of the standard's.
    """
    if not c.level or c.aql is None:
        return _subgroup(c, lot)
    at = state or State()
    severity = "tightened" if at.severity == "discontinued" else at.severity
    found = plan(lot, c.aql, c.level, severity)
    whole = ", every unit" if found.complete else ""
    return Required(
        found.size, found.accept, found.reject, at.severity, found.letter, found.complete,
        f"Level {c.level}, AQL {c.aql:g}, code letter {found.letter}{whole}; {why(at)}",
    )  # fmt: skip


def _subgroup(c: Characteristic, lot: int) -> Required:
    size = max(1, min(lot, c.subgroup))
    accept: int | None = None
    if c.kind != "variable":
        accept = None if c.upper is None else int(c.upper)
    elif c.lower is not None or c.upper is not None:
        accept = 0
    judged = "" if accept is not None else "; no limit: the chart judges it"
    reject = None if accept is None else accept + 1
    return Required(size, accept, reject, complete=size >= lot, why=f"One subgroup of each lot{judged}")


def why(state: State) -> str:
    """In words, why inspection is as severe as it is."""
    if state.severity == "tightened":
        told = f"{WINDOW} lots in a row must be accepted to be normal again ({state.row} so far)"
        return f"tightened, because 2 of {WINDOW} lots or fewer were rejected; {told}"
    if state.severity == "discontinued":
        return f"discontinued: {STOP} lots were rejected while tightened. A corrective action must be effective first"
    if state.severity == "reduced":
        return "reduced, because the lots before were all good"
    rejected = state.recent.count(False)
    recent = f", {rejected} of the last {len(state.recent)} lots rejected" if rejected else ""
    return f"normal, switching score {state.score} of {SCORE}{recent}"


__all__ = ["ACCEPTED", "STAGES", "Required", "applying", "required", "why"]

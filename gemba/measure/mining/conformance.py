"""Conformance: how well the cases of a log follow a defined process, and where they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from gemba.measure.mining.alignment import Alignment, align
from gemba.measure.mining.expected import Expected, Wait
from gemba.measure.mining.labels import Ints
from gemba.measure.mining.log import EventLog
from gemba.measure.mining.variants import variants

#: What can be wrong with a case. The first four cost fitness; the last two are about time.
KINDS = ("missing", "undefined", "repeated", "wrong order", "too soon", "too late")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a case: ``activity`` is missing, not defined, repeated, on the wrong side of ``other``, or
    begins too soon or too late after ``other``. ``seconds``: by how much the limit is missed."""

    kind: str
    activity: str
    other: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class CaseFit:
    """A case: ``fitness`` is 1 where nothing is missing, undefined, repeated or out of order."""

    case: str
    fitness: float
    cost: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Deviation:
    """The same finding in all cases: how often, in how many of them, their share of all, and one of them."""

    kind: str
    activity: str
    other: str
    count: int
    cases: int
    share: float
    example: str


@dataclass(frozen=True, slots=True)
class Conformance:
    """How a log conforms to a process of n steps.

    A case with m events whose best alignment costs c (see ``alignment``) has fitness 1 - c / (m + n): the worst
    alignment, without any pair, costs m + n (van der Aalst, Adriansyah and van Dongen 2012). ``fitness`` of the log is
    1 - sum(c) / sum(m + n), ``mean_fitness`` the mean over cases. ``fitting`` cases have fitness 1; ``conforming`` ones
    keep the lags too. Deviations are ranked by the cases they touch.
    """

    process: str
    fitness: float
    mean_fitness: float
    fitting: int
    conforming: int
    deviations: tuple[Deviation, ...]
    cases: tuple[CaseFit, ...]


def conformance(log: EventLog, process: Expected, names: Mapping[str, str] | None = None) -> Conformance:
    """How the cases of a log conform to a process.

    ``names`` says which step an activity is, where they are not called the same. Events are in the order in which they
    begin. A lag is begin(after) - done(before) of the fitting events; where a start is not known, the end stands for it.

    Raises:
        ValueError: where the log has no cases.
    """
    if not log.case.names:
        raise ValueError("conformance needs at least one case")
    found = variants(log)
    numbers = {name: i for i, name in enumerate(process.steps)}
    fits: list[CaseFit | None] = [None] * len(log.case.names)
    order = np.argsort(found.of_case, kind="stable")
    bounds = np.searchsorted(found.of_case[order], np.arange(len(found.variants) + 1)).tolist()
    for i, variant in enumerate(found.variants):
        activities = [(names or {}).get(a, a) for a in variant.activities]
        alignment = align([numbers.get(a, -1) for a in activities], process)
        cases = order[bounds[i] : bounds[i + 1]]
        late = _timing(log, cases, [numbers.get(a, -1) for a in activities], alignment, process)
        base = tuple(_findings(activities, alignment, process))
        fitness = 1 - alignment.cost / (len(activities) + len(process.steps))
        for case, more in zip(cases.tolist(), late, strict=True):
            fits[case] = CaseFit(log.case.names[case], fitness, alignment.cost, (*base, *more))
    return _summed(process, np.diff(log.first), [fit for fit in fits if fit])


def _findings(activities: list[str], alignment: Alignment, process: Expected) -> Iterable[Finding]:
    yield from (Finding("missing", process.steps[step]) for step in alignment.missing)
    yield from (Finding("undefined", activities[i]) for i in alignment.undefined)
    yield from (Finding("repeated", activities[i]) for i in alignment.repeated)
    yield from (Finding("wrong order", activities[i], activities[j]) for i, j in alignment.misplaced)


def _timing(
    log: EventLog, cases: Ints, steps: list[int], alignment: Alignment, process: Expected
) -> list[list[Finding]]:
    """For each case of a variant, the lags that are not kept between events that fit."""
    found: list[list[Finding]] = [[] for _ in range(len(cases))]
    place = {steps[i]: i for i in alignment.fitting}
    first = log.first[cases]
    for wait in process.waits:
        if wait.before in place and wait.after in place:
            lags = log.begin[first + place[wait.after]] - log.done[first + place[wait.before]]
            for i, lag in enumerate(lags.tolist()):
                if finding := _lag(process, wait, lag):
                    found[i].append(finding)
    return found


def _lag(process: Expected, wait: Wait, lag: int) -> Finding | None:
    before, after = process.steps[wait.before], process.steps[wait.after]
    if wait.shortest is not None and lag < wait.shortest:
        return Finding("too soon", after, before, round(wait.shortest - lag))
    if wait.longest is not None and lag > wait.longest:
        return Finding("too late", after, before, round(lag - wait.longest))
    return None


def _summed(process: Expected, lengths: Ints, fits: list[CaseFit]) -> Conformance:
    cost, worst = sum(f.cost for f in fits), int(lengths.sum()) + len(fits) * len(process.steps)
    return Conformance(
        process.process, 1 - cost / worst, sum(f.fitness for f in fits) / len(fits), sum(not f.cost for f in fits),
        sum(not f.findings for f in fits), _ranked(fits), tuple(fits),
    )  # fmt: skip


def _ranked(fits: list[CaseFit]) -> tuple[Deviation, ...]:
    counts: dict[tuple[str, str, str], int] = {}
    cases: dict[tuple[str, str, str], list[str]] = {}
    for fit in fits:
        keys = [(f.kind, f.activity, f.other) for f in fit.findings]
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
        for key in dict.fromkeys(keys):
            cases.setdefault(key, []).append(fit.case)
    found = [Deviation(*key, counts[key], len(some), len(some) / len(fits), some[0]) for key, some in cases.items()]
    return tuple(sorted(found, key=lambda d: (-d.cases, -d.count, KINDS.index(d.kind), d.activity, d.other)))

"""Checks process mining against known facts of real event logs: python -m benchmarks.real_logs [DATA_FOLDER]

The expected numbers are the ones that are published with the data sets, or were counted from them without Gemba.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.real_facts import Fact, equal
from gemba.exchange.event_log import LogReading
from gemba.measure import mining
from gemba.measure.mining import EventLog

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "enterprise"
DAY, HOUR, MINUTE = 86400, 3600, 60


def close(name: str, expected: float, got: float, digits: int) -> Fact:
    """The fact that a number is what is expected to so many digits."""
    return Fact(name, f"{expected:,.{digits}f}", f"{got:,.{digits}f}", abs(got - expected) <= 0.5000001 * 10**-digits)


def span(log: EventLog) -> str:
    """The days between which a log lies."""
    low, high = (datetime.fromtimestamp(int(at), UTC).date() for at in (log.begin.min(), log.done.max()))
    return f"{low}..{high}"


def counted(reading: LogReading, **expected: int) -> list[Fact]:
    """Facts on the size of a log: events, cases, activities, resources, groups, variants."""
    log = reading.log
    got = {
        "events": reading.rows,
        "cases": len(log.case.names),
        "activities": len(log.activity.names),
        "resources": len(log.resource.names),
        "groups": len(log.group.names),
    }
    if "variants" in expected:
        got["variants"] = len(mining.variants(log).variants)
    return [equal(name, number, got[name]) for name, number in expected.items()]


def activity_counts(log: EventLog, expected: dict[str, int]) -> list[Fact]:
    """The facts that activities occur so often."""
    found = {a.name: a.count for a in mining.flow_map(log).activities}
    return [equal(name, number, found.get(name, 0)) for name, number in expected.items()]


def ordered(log: EventLog) -> list[Fact]:
    """The process proposed from a log is kept by it: no case breaks its order."""
    proposal = mining.proposed(log, "P")
    result = mining.conformance(log, mining.expected_of("P", proposal.steps, proposal.links))
    wrong = sum(d.cases for d in result.deviations if d.kind == "wrong order")
    name = f"cases that break the order of the {len(proposal.steps)} steps proposed from them (fitness {result.fitness:.3f})"
    return [equal(name, 0, wrong)]


def mined(log: EventLog) -> str:
    """How long it takes to find everything that is on the pages."""
    begin = time.perf_counter()
    flow = mining.flow_map(log)
    mining.arc_bottlenecks(flow), mining.activity_bottlenecks(flow), mining.simplified(log, 0.8, 0.2)
    mining.variants(log), mining.throughput(log), mining.rework(log), mining.arrivals(log)
    mining.hand_overs(log), mining.hand_overs(log, "group"), mining.workload(log)
    return f"{len(log):,} rows mined in {time.perf_counter() - begin:.2f} s"


def logs() -> dict[str, Callable[[Path], tuple[list[Fact], list[str]]]]:
    """The checks by title; each takes the data folder."""
    from benchmarks import real_logs_goods as goods
    from benchmarks import real_logs_service as service

    return {
        "A bank's loan applications (event log)": service.bank,
        "A hospital's sepsis patients (event log)": service.hospital,
        "A municipality's permits (event log)": service.permits,
        "An IT service desk's incidents (event log)": service.incidents,
        "A bank's call centre": service.calls,
        "A machine shop's reports (event log)": goods.machine_shop,
        "A police's traffic fines (event log)": goods.fines,
        "A manufacturer's purchases (event log)": goods.purchases,
        "A million events": service.million,
    }


class Check:
    """One of the checks as ``check_real`` calls it; it can be sent to another process."""

    def __init__(self, title: str) -> None:
        self.title = title

    def __call__(self, folder: Path, seconds: float) -> Any:
        return logs()[self.title](folder)


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    folder, failed, every = Path(given[0]) if given else DATA, 0, 0
    for title, check in logs().items():
        facts, lines = check(folder)
        print("\n".join([f"\n{title}", *map(str, facts), *(f"      {line}" for line in lines)]), flush=True)
        every, failed = every + len(facts), failed + sum(not fact.ok for fact in facts)
    print(f"\n{every - failed} of {every} facts hold")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

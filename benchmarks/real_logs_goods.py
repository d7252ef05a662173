"""Known facts of a machine shop's reports, of fines (which are like accounts receivable) and of purchases."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np

from benchmarks.real_facts import Fact, equal, rows
from benchmarks.real_logs import DAY, HOUR, activity_counts, close, counted, mined, ordered, span
from gemba.exchange.event_log import LogColumns, LogReading, read_csv_log
from gemba.measure import mining
from gemba.measure.mining import EventLog

SUMMED = ("qty_completed", "qty_rejected", "qty_for_mrb", "span_minutes")
#: How often activities occur.
FINES = {
    "Create Fine": 10000, "Send Fine": 6570, "Payment": 4910, "Insert Fine Notification": 4635,
    "Add penalty": 4635, "Send for Credit Collection": 3387, "Insert Date Appeal to Prefecture": 232,
}  # fmt: skip
PURCHASES = {
    "Record Service Entry Sheet": 158159, "Record Goods Receipt": 80148, "Record Invoice Receipt": 21598,
    "Vendor creates invoice": 17489, "Clear Invoice": 15283,
}  # fmt: skip


def machine_shop(data: Path) -> tuple[list[Fact], list[str]]:
    file = data / "log_production_levy" / "production_levy.csv.gz"
    columns = LogColumns(
        group="machine", work="span_minutes", numbers=(*SUMMED, "work_order_qty"),
        texts=("report_type", "ts_quality", "rework"),
    )  # fmt: skip
    reading = read_csv_log(file, columns)
    log = reading.log
    length = mining.throughput(log).time
    assert length
    ordered = log.numbers("work_order_qty")[log.first[:-1]]
    facts = [
        *_quality(reading), *_quantities(reading, rows(file)),
        equal("cases", 225, len(log.case.names)),
        equal("pieces ordered", 20894, int(ordered.sum())),
        equal("days", "2012-01-02..2012-03-31", span(log)),
        close("throughput time in days, mean", 20.63, length.mean / DAY, 2),
        close("throughput time in days, median", 13.90, length.median / DAY, 2),
        close("throughput time in days, longest", 87.50, length.high / DAY, 2),
        *_hours(log),
    ]  # fmt: skip
    return facts, [mined(log), *_busiest(log)]


def _quality(reading: LogReading) -> list[Fact]:
    """The source marks 52 reports without times and 657 + 50 whose span is not their length: the same must be found."""
    log = reading.log
    marked = np.isin(log.column("ts_quality").ids, _ids(log, "ok_span0", "end_differs_span")).sum()
    return [
        equal("reports", 4543, reading.rows),
        equal("reports without times, left out with a fault each", (52, 52), (reading.left_out, len(reading.faults))),
        equal("reports whose length contradicts their span, doubted", 707, sum(reading.doubt_counts.values())),
        equal("of these marked by the source", 707, int(marked)),
    ]


def _ids(log: EventLog, *names: str) -> list[int]:
    return [log.column("ts_quality").names.index(name) for name in names]


def _quantities(reading: LogReading, every: list[dict[str, str]]) -> list[Fact]:
    """Quantities and spans of the log and of the reports that are left out: nothing is lost between the two."""
    lost = [every[fault.line - 2] for fault in reading.faults if fault.line]
    got = [float(np.nansum(reading.log.numbers(n))) + sum(float(r[n] or 0) for r in lost) for n in SUMMED]
    return [
        *(
            equal(f"{n}, reports without times too", e, int(g))
            for n, e, g in zip(SUMMED, (92519, 593, 105), got, strict=False)
        ),
        close("hours by the source's spans, reports without times too", 13342.97, got[-1] / 60, 2),
    ]


def _hours(log: EventLog) -> list[Fact]:
    good = log.where(log.column("ts_quality").ids == _ids(log, "ok")[0])
    machines = {w.name: w for w in mining.workload(log, "group")}
    mill = machines["Machine 4 - Turning & Milling"]
    return [
        close("hours of sound reports", 12718.03, sum(w.work for w in mining.workload(good, "group")) / HOUR, 2),
        close("the same by worker", 12718.03, sum(w.work for w in mining.workload(good, "resource")) / HOUR, 2),
        
        close("hours of Machine 4 - Turning & Milling", 1494, mill.work / HOUR, 0),
        equal("machines whose work is the most hours, but for inspection", mill.name,
              next(n for n in machines if not n.startswith("Quality"))),
        equal("sound reports that overlap the one before, by machine, by worker", (959, 674),
              (mining.overlaps(good, "group"), mining.overlaps(good, "resource"))),
    ]  # fmt: skip


def _busiest(log: EventLog) -> list[str]:
    return [
        f"{w.name}: {w.count:,} reports, {w.work / HOUR:,.1f} h of work, {w.busy / HOUR:,.1f} h busy"
        for by in ("group", "resource")
        for w in mining.workload(log, by)[:3]
    ]


def fines(data: Path) -> tuple[list[Fact], list[str]]:
    reading = read_csv_log(data / "log_fines_10k" / "traffic_fines.csv.gz", LogColumns(numbers=("amount",)))
    log = reading.log
    created = log.activity.ids == log.activity.names.index("Create Fine")
    facts = [
        *counted(reading, events=34724, cases=10000, activities=11),
        equal("days", "2006-06-17..2012-03-26", span(log)),
        *activity_counts(log, FINES),
        equal("amount of the fines when created, EUR", 345580, round(float(log.numbers("amount")[created].sum()))),
    ]  # fmt: skip
    return [*facts, *ordered(log)], [mined(log)]


def purchases(data: Path) -> tuple[list[Fact], list[str]]:
    file = data / "log_p2p_bpic2019_variants" / "events.csv.gz"
    reading = read_csv_log(file, low=datetime(2018, 1, 1), high=datetime(2020, 1, 1))
    plausible, every = read_csv_log(file), read_csv_log(file, low=datetime(1900, 1, 1))
    facts = [
        *counted(reading, events=338247, activities=42),
        equal("cases", 11973, len(plausible.log.case.names)),
        equal("variants, each of one case", 11973, len(mining.variants(plausible.log).variants)),
        equal("events in 2018 and 2019", 338119, len(reading.log)),
        equal("events outside, reported with a fault each", (128, 128), (reading.left_out, len(reading.faults))),
        equal("events before 1970, reported without being asked", 2, plausible.left_out),
        *activity_counts(every.log, PURCHASES),
    ]  # fmt: skip
    return [*facts, *ordered(plausible.log)], [mined(plausible.log), f"a fault: {reading.faults[0]}"]

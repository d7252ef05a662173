"""Known facts of services: a bank's loans, a hospital, a municipality, a service desk and a call centre."""

from __future__ import annotations

import gzip
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.real_facts import Fact, equal, rows
from benchmarks.real_logs import DAY, HOUR, MINUTE, activity_counts, close, counted, mined, ordered, span
from gemba.exchange.event_log import LogColumns, LogReading, read_csv_log, read_xes, write_xes
from gemba.measure import mining
from gemba.measure.mining import MISSING, EventLog
from gemba.measure.service_level import Contact, due_dates, service_level, service_levels

#: Hours of work, median minutes, pieces of work, people.
WORK = {
    "W_Completeren aanvraag": (4000.2, 2.67, 23512, 52),
    "W_Nabellen offertes": (3477.8, 1.68, 22405, 52),
    "W_Valideren aanvraag": (2752.8, 12.03, 7889, 50),
    "W_Nabellen incomplete dossiers": (2414.8, 2.12, 11400, 51),
    "W_Afhandelen leads": (1665.3, 1.92, 5897, 47),
    "W_Beoordelen fraude": (41.7, 0.15, 270, 5),
}
#: How often activities occur.
SEPSIS = {
    "Leucocytes": 3383, "CRP": 3262, "LacticAcid": 1466, "Admission NC": 1182, "ER Triage": 1053,
    "ER Registration": 1050, "ER Sepsis Triage": 1049, "IV Antibiotics": 823, "IV Liquid": 753,
    "Release A": 671, "Return ER": 294, "Admission IC": 117,
}  # fmt: skip
INCIDENTS = {
    "In Progress": 30239, "Awaiting Assignment": 11544, "Resolved": 6115, "Closed": 5716, "Wait - User": 4217,
}  # fmt: skip


def bank(data: Path) -> tuple[list[Fact], list[str]]:
    folder = data / "log_bank_bpic2012"
    begin = time.perf_counter()
    reading = read_csv_log(folder / "events_raw.csv.gz")
    spent = time.perf_counter() - begin
    single = read_csv_log(folder / "events_raw.csv.gz", fold=False)
    log = reading.log
    length, arrived = mining.throughput(single.log).time, mining.arrivals(single.log)
    assert length
    lasting = [
        close("case length in days, mean", 8.62, length.mean / DAY, 2),
        close("case length in days, median", 0.81, length.median / DAY, 2),
        close("case length in days, longest", 137.2, length.high / DAY, 1),
        equal("days between which applications arrive", "2011-10-01..2012-02-29",
              f"{arrived.days[0][0]}..{arrived.days[-1][0]}"),
        close("applications a day, mean", 86.1, arrived.mean, 1),
        equal("applications on the busiest day", 233, arrived.most),
    ]  # fmt: skip
    outcomes = {"A_APPROVED": 2246, "A_DECLINED": 7635, "A_CANCELLED": 2807}
    facts = [
        *counted(single, events=262200, cases=13087, activities=24, resources=68, variants=4366),
        equal("events without a resource", 18010, int((single.log.resource.ids < 0).sum())),
        *lasting, *activity_counts(log, outcomes), *_folded(reading, folder), *_work(log),
    ]  # fmt: skip
    return facts, [f"262,200 events read and folded in {spent:.2f} s", mined(log)]


def million(data: Path) -> tuple[list[Fact], list[str]]:
    """The bank's log four times over: 1,048,800 events, read and mined."""
    with gzip.open(data / "log_bank_bpic2012" / "events_raw.csv.gz", "rt", encoding="utf-8") as file:
        header, *lines = file.readlines()
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "million.csv"
        copy.write_text(header + "".join(f"{i}-{line}" for i in range(4) for line in lines), encoding="utf-8")
        begin = time.perf_counter()
        reading = read_csv_log(copy)
        read = time.perf_counter() - begin
    line = mined(reading.log)
    spent = time.perf_counter() - begin
    facts = [
        equal("events", 4 * 262200, reading.rows),
        equal("cases", 4 * 13087, len(reading.log.case.names)),
        Fact("time to read and mine them", "within 15 s", f"{spent:.1f} s", spent < 15),
    ]
    return facts, [f"read and folded in {read:.2f} s", line]


def _folded(reading: LogReading, folder: Path) -> list[Fact]:
    """Starts and completions paired as the data set's own pairing has them, row by row."""
    log, folding = reading.log, reading.folding
    assert folding
    pairs = zip(log.case.texts(), log.activity.texts(), log.start.tolist(), log.end.tolist(), strict=True)
    known = Counter(_instance(r) for r in rows(folder / "activity_instances.csv.gz"))
    queued = log.worked & (log.queued != MISSING)
    waits = (log.start - log.queued)[queued]
    return [
        equal("activity instances", 164509, len(log)),
        equal("instances that differ from the published pairing", 0, (Counter(pairs) - known).total()),
        equal("paired by the same resource, by another, without start, without end", (71364, 9, 1040, 3),
              (folding.paired - folding.other_resource, folding.other_resource, folding.no_start, folding.no_end)),
        close("queue time in minutes, median", 91, float(np.median(waits)) / MINUTE, 0),
        close("queue time in hours, mean", 28.1, float(waits.mean()) / HOUR, 1),
    ]  # fmt: skip


def _instance(row: dict[str, str]) -> tuple[str, str, int, int]:
    start = "" if row["pairing"] == "instant" else row["start"]  # an instant state change has no start of work
    return row["case_id"], row["activity"], _moment(start), _moment(row["end"])


def _moment(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) if text else MISSING


def _work(log: EventLog) -> list[Fact]:
    found = {a.name: a for a in mining.flow_map(log.where(log.worked)).activities}
    facts = []
    for name, expected in WORK.items():
        times = found[name].working
        assert times
        got = (round(times.total / HOUR, 1), round(times.median / MINUTE, 2), times.count, found[name].resources)
        facts.append(equal(f"{name}: hours, median minutes, pieces of work, people", expected, got))
    return facts


def hospital(data: Path) -> tuple[list[Fact], list[str]]:
    reading = read_csv_log(data / "log_hospital_sepsis" / "sepsis.csv.gz")
    log = reading.log
    treated = mining.between(log, "ER Sepsis Triage", "IV Antibiotics", 60 * MINUTE)
    tested = mining.between(log, "ER Sepsis Triage", "LacticAcid", 180 * MINUTE)
    assert treated.times
    cases = {a.name: a.cases for a in mining.flow_map(log).activities}
    facts = [
        *counted(reading, events=15214, cases=1050, activities=16, groups=26),
        equal("days", "2013-11-07..2015-06-05", span(log)),
        *activity_counts(log, SEPSIS),
        equal("cases with intensive care, with a return", (110, 294), (cases["Admission IC"], cases["Return ER"])),
        equal("cases with antibiotics after triage, none before", (823, 0), (treated.cases, treated.negative)),
        equal("antibiotics within 60 minutes of triage", 342, treated.within),
        close("minutes from triage to antibiotics, median", 92.05, treated.times.median / MINUTE, 2),
        equal("lactic acid within 180 minutes of triage", (848, 859), (tested.within, tested.cases)),
        equal("starts made up where the source has none", 0, int((log.start != MISSING).sum())),
        equal("the log written as XES and read again is the same", True, _same(log)),
    ]  # fmt: skip
    return [*facts, *ordered(log)], [mined(log)]


def _same(log: EventLog) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        write_xes(log, Path(folder) / "log.xes.gz")
        again = read_xes(Path(folder) / "log.xes.gz").log
    columns = [
        [x.case.texts(), x.activity.texts(), x.group.texts(), x.end.tolist(), x.start.tolist()] for x in (log, again)
    ]
    return columns[0] == columns[1]


def permits(data: Path) -> tuple[list[Fact], list[str]]:
    folder = data / "log_permit_receipt"
    reading = read_csv_log(folder / "events.csv.gz")
    cases = rows(folder / "cases.csv.gz")
    done, due, planned = ([_moment(c[k]) if c[k] else None for c in cases]
                          for k in ("end_date", "deadline", "end_date_planned"))  # fmt: skip
    kept, plan = due_dates(done, due), due_dates(done, planned)
    facts = [
        *counted(reading, events=8577, cases=1434, activities=27, resources=48, variants=116),
        equal("days", "2010-10-02..2012-01-23", span(reading.log)),
        equal("closed by the deadline, after it", (954, 375), (kept.in_time, kept.late)),
        equal("closed", 1329, kept.closed),
        equal("closed by the planned end", 940, plan.in_time),
    ]
    return [*facts, *ordered(reading.log)], [mined(reading.log)]


def incidents(data: Path) -> tuple[list[Fact], list[str]]:
    columns = LogColumns(activity="sub_status", texts=("product", "impact", "status"))
    reading = read_csv_log(data / "log_it_bpic2013_incidents" / "incidents.csv.gz", columns)
    log = reading.log
    teams = mining.hand_overs(log, "group")
    hours = log.done[log.first[1:] - 1] // HOUR - log.begin[log.first[:-1]] // HOUR  # as the source counts them
    impact = Counter(log.column("impact").take(log.first[:-1]).texts())
    ended = np.isin(log.activity.ids, [log.activity.names.index(n) for n in ("Resolved", "Closed")])
    facts = [
        *counted(reading, events=65533, cases=7554, resources=1440, groups=649),
        equal("products", 704, len(log.column("product").names)),
        equal("days", "2010-03-31..2012-05-23", span(log)),
        *activity_counts(log, INCIDENTS),
        equal("cases by impact", {"Medium": 4045, "Low": 3245, "High": 261, "Major": 3}, dict(impact.most_common())),
        close("case length in days, mean", 12.09, float(hours.mean()) / 24, 2),
        close("case length in days, median", 7.54, float(np.median(hours)) / 24, 2),
        close("events in a case", 8.675, len(log) / len(log.case.names), 3),
        close("teams in a case", 1.817, teams.per_case, 3),
        equal("cases that stay in one team", 3734, teams.alone),
        equal("cases that are resolved or closed", 5663, len(np.unique(log.case.ids[ended]))),
    ]
    return [*facts, *ordered(log)], [mined(log)]


def calls(data: Path) -> tuple[list[Fact], list[str]]:
    every = rows(data / "callcentre_bank_feb1999" / "calls.csv.gz")
    real = [r for r in every if r["outcome"] != "PHANTOM"]
    contacts = [(r["type"], Contact(float(r["q_time"]), r["outcome"] == "AGENT", float(r["ser_time"]))) for r in real]
    level, kinds = service_level([c for _, c in contacts], 20), service_levels(contacts, 20)
    assert level.level is not None
    assert level.mean_service is not None
    entries = mining.arrivals_at(_moment(f"{r['date']}T{r['vru_entry']}") for r in every)
    called, queued = Counter(r["type"] for r in every), [float(r["q_time"]) for r in every if float(r["q_time"]) > 0]
    by_type = {"PS": (21460, 18349, 184.3), "NW": (7604, 4990, 106.8), "NE": (2750, 2520, 275.2),
               "TT": (1088, 984, 103.1), "IN": (293, 199, 263.4), "PE": (149, 120, 228.5)}  # fmt: skip
    facts = [
        equal("days, calls", (28, 33344), (len(entries.days), len(every))),
        equal("served, given up", (27162, 5904), (level.served, level.abandoned)),
        close("served within 20 s, percent of all real calls", 49.02, 100 * level.level, 2),
        close("seconds of service, mean", 176.35, level.mean_service, 2),
        equal("calls that queued", 18306, len(queued)),
        close("seconds in the queue, mean of these", 76.12, sum(queued) / len(queued), 2),
        equal("given up after queueing", 3932, sum(not c.served and c.wait > 0 for _, c in contacts)),
        *(
            equal(f"{kind}: calls, served, mean seconds", expected,
                  (called[kind], kinds[kind].served, round(kinds[kind].mean_service or 0, 1)))
            for kind, expected in by_type.items()
        ),
        equal("peak hour and its calls", (10, 2800), (entries.peak_hour, entries.hours[entries.peak_hour])),
        equal("calls from 7 and from 23 hours", (910, 953), (entries.hours[7], entries.hours[23])),
    ]  # fmt: skip
    return facts, [f"gave up: {100 * (level.abandonment or 0):.1f} %, mean wait of the served {level.mean_wait:.1f} s"]

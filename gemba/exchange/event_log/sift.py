"""From columns of text to a log: each row is in the log, or among the faults."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite

import numpy as np

from gemba.exchange.event_log.columns import LogColumns
from gemba.exchange.event_log.moments import ALLOWED, WRONG, to_seconds
from gemba.exchange.event_log.reading import Faults, LogReading, Window
from gemba.measure.mining import MISSING, EventLog, Folding, Labels, Transitions, event_log, fold
from gemba.measure.mining.labels import Flags, Floats, Ints


@dataclass(slots=True)
class Columns:
    """Columns of text of one length, by what they mean; a column that the source has not is not there."""

    source: str
    texts: dict[str, Sequence[str]]
    lines: Sequence[int | None]

    def text(self, name: str) -> Sequence[str]:
        return self.texts.get(name) or [""] * len(self.lines)


@dataclass(slots=True)
class Sifting:
    """How to read: zone and format of the texts, the plausible window, whether lifecycles are folded."""

    columns: LogColumns
    window: Window
    zone: str = ""
    form: str = ""
    fold: bool = True
    faults: Faults = field(default_factory=lambda: Faults(""))
    doubts: Faults = field(default_factory=lambda: Faults(""))


def sift(columns: Columns, how: Sifting) -> LogReading:
    """The log of all rows that have a case, an activity and moments that do not contradict one another."""
    how.faults, how.doubts = Faults(columns.source), Faults(columns.source)
    moments = {n: np.array(to_seconds(columns.text(n), how.zone, how.form), np.int64) for n in _MOMENTS}
    keep = _kept(columns, moments, how)
    _doubt(columns, moments, keep, how)
    rows = np.flatnonzero(keep).astype(np.int64)
    log, folding = _log(columns, moments, rows, how)
    left = len(keep) - len(rows)
    return LogReading(
        log,
        len(keep),
        left,
        tuple(how.faults.kept),
        how.faults.counts,
        tuple(how.doubts.kept),
        how.doubts.counts,
        folding,
    )


_MOMENTS = ("queued", "start", "end")


def _kept(columns: Columns, moments: dict[str, Ints], how: Sifting) -> Flags:
    """Which rows are right; the first thing wrong with each of the others becomes a fault."""
    keep = np.ones(len(columns.lines), np.bool_)
    queued, start, end = (moments[n] for n in _MOMENTS)
    has = {n: (moments[n] != MISSING) & (moments[n] != WRONG) for n in _MOMENTS}
    _refuse(columns, keep, _blank(columns.text("case")), "case", "given", how)
    _refuse(columns, keep, _blank(columns.text("activity")), "activity", "given", how)
    for name in _MOMENTS:
        _refuse(columns, keep, moments[name] == WRONG, name, ALLOWED, how)
    neither = (start == MISSING) & (end == MISSING)
    _refuse(columns, keep, neither, "end" if how.columns.end else "start", "given: without it the row has no time", how)
    for name in _MOMENTS:
        outside = has[name] & ((moments[name] < how.window.low) | (moments[name] >= how.window.high))
        _refuse(columns, keep, outside, name, how.window.allowed(), how)
    _refuse(columns, keep, has["start"] & has["end"] & (end < start), "end", "no earlier than start", how)
    begin = np.where(has["start"], start, end)
    _refuse(columns, keep, has["queued"] & (begin < queued), "queued", "no later than the work begins", how)
    return keep


def _blank(texts: Sequence[str]) -> Flags:
    return np.fromiter((not t or t.isspace() for t in texts), np.bool_, len(texts))


def _refuse(columns: Columns, keep: Flags, wrong: Flags, name: str, allowed: str, how: Sifting) -> None:
    for row in np.flatnonzero(wrong & keep).tolist():
        how.faults.add(columns.lines[row], columns.text("case")[row].strip(), name, columns.text(name)[row], allowed)
    keep &= ~wrong


def _doubt(columns: Columns, moments: dict[str, Ints], keep: Flags, how: Sifting) -> None:
    """Doubts about rows whose length differs by a unit or more from what the source says, and numbers that are none."""
    both = keep & (moments["start"] != MISSING) & (moments["end"] != MISSING)
    said = _numbers(columns.text("work")) * how.columns.work_unit
    real = np.where(both, moments["end"] - moments["start"], 0)
    for row in np.flatnonzero(both & (np.abs(said - real) >= how.columns.work_unit)).tolist():
        case, value = columns.text("case")[row].strip(), columns.text("work")[row]
        how.doubts.add(columns.lines[row], case, how.columns.work, value, "end - start")
    for name in how.columns.numbers:
        texts = columns.text(name)
        for row in np.flatnonzero(keep & np.isnan(_numbers(texts)) & ~_blank(texts)).tolist():
            how.doubts.add(columns.lines[row], columns.text("case")[row].strip(), name, texts[row], "a number")


def _numbers(texts: Sequence[str]) -> Floats:
    """NaN where a text is blank or no finite number."""
    return np.fromiter((_number(t) for t in texts), np.float64, len(texts))


def _number(text: str) -> float:
    try:
        found = float(text) if text else float("nan")
    except ValueError:
        return float("nan")
    return found if isfinite(found) else float("nan")


def _log(columns: Columns, moments: dict[str, Ints], rows: Ints, how: Sifting) -> tuple[EventLog, Folding | None]:
    def labels(name: str) -> Labels:
        texts = columns.text(name)
        return Labels.of(texts[r].strip() for r in rows.tolist())

    extra: dict[str, Labels | Floats] = {name: labels(name) for name in how.columns.texts}
    extra |= {name: _numbers(columns.text(name))[rows] for name in how.columns.numbers}
    queued, start, end = (moments[n][rows] for n in _MOMENTS)
    who = {"resource": labels("resource"), "group": labels("group")}
    if how.columns.transition and how.fold:
        at = np.where(end != MISSING, end, start)
        words = labels("transition").texts()
        return fold(
            Transitions(labels("case"), labels("activity"), words, at, **who, instance=labels("instance"), extra=extra)
        )
    if how.columns.transition:
        extra["transition"] = labels("transition")
    return event_log(labels("case"), labels("activity"), end, start=start, queued=queued, **who, extra=extra), None

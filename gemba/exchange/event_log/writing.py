"""Event logs written: as CSV, one row for each activity instance, and as XES (IEEE Std 1849), one event for each
moment."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from math import isnan
from pathlib import Path
from typing import Any, TextIO
from xml.sax.saxutils import escape

from gemba.exchange.numbers import plain
from gemba.measure.mining import MISSING, EventLog, Labels
from gemba.operation.moments import iso

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<classifier name="Activity" keys="concept:name"/>
"""


@contextmanager
def _writing(path: str | Path) -> Iterator[TextIO]:
    """A text file to write; packed with gzip where its name ends so, the same bytes every time."""
    file = Path(path)
    with ExitStack() as stack:
        target: Any = stack.enter_context(file.open("wb"))
        if file.name.lower().endswith(".gz"):
            target = stack.enter_context(gzip.GzipFile(filename="", fileobj=target, mode="wb", mtime=0))
        yield stack.enter_context(io.TextIOWrapper(target, encoding="utf-8", newline=""))


def write_csv_log(log: EventLog, path: str | Path, zone: str = "UTC") -> None:
    """The log as CSV (gzip where the name ends with .gz) with the columns case, activity, queued, start, end, resource,
    group and the extra ones. Moments carry the offset of the zone. Reads back as the same log."""
    with _writing(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["case", "activity", "queued", "start", "end", "resource", "group", *log.extra])
        moments = [_moments(log, name, zone) for name in ("queued", "start", "end")]
        columns = [
            log.case.texts(),
            log.activity.texts(),
            *moments,
            log.resource.texts(),
            log.group.texts(),
            *_extra(log),
        ]
        writer.writerows(zip(*columns, strict=True))


def _moments(log: EventLog, name: str, zone: str) -> list[str]:
    return ["" if at == MISSING else iso(at, zone or "UTC") for at in getattr(log, name).tolist()]


def _extra(log: EventLog) -> list[list[str]]:
    return [
        v.texts() if isinstance(v, Labels) else ["" if isnan(x) else plain(x) for x in v.tolist()]
        for v in log.extra.values()
    ]


def write_xes(log: EventLog, path: str | Path, zone: str = "UTC") -> None:
    """The log as XES: a schedule, a start and a complete event for each row, as far as the moments are known, tied
    together by concept:instance. Reads back as the same log, but for a row that was never completed nor started."""
    with _writing(path) as file:
        file.write(_HEAD)
        events = _events(log, zone)
        for case, name in enumerate(log.case.names):
            file.write(f"<trace>\n{_tag('string', 'concept:name', name)}")
            file.writelines(text for _, _, text in sorted(_of_case(log, case, events)))
            file.write("</trace>\n")
        file.write("</log>\n")


def _of_case(log: EventLog, case: int, events: list[list[tuple[int, int, str]]]) -> Iterator[tuple[int, int, str]]:
    for row in range(int(log.first[case]), int(log.first[case + 1])):
        yield from events[row]


def _events(log: EventLog, zone: str) -> list[list[tuple[int, int, str]]]:
    """(moment, order, XML) of the events of each row."""
    names = list(log.extra)
    kinds = ["string" if isinstance(v, Labels) else "float" for v in log.extra.values()]
    found: list[list[tuple[int, int, str]]] = [[] for _ in range(len(log))]
    rows = zip(log.activity.texts(), log.resource.texts(), log.group.texts(), *_extra(log), strict=True)
    moments = [getattr(log, m).tolist() for m in ("queued", "start", "end")]
    for row, (activity, resource, group, *more) in enumerate(rows):
        shared = _tag("string", "concept:name", activity) + _tag("string", "concept:instance", str(row))
        shared += _tag("string", "org:resource", resource) + _tag("string", "org:group", group)
        shared += "".join(map(_tag, kinds, names, more))
        for place, transition in enumerate(("schedule", "start", "complete")):
            at = moments[place][row]
            if at != MISSING:
                own = _tag("string", "lifecycle:transition", transition) + _tag("date", "time:timestamp", iso(at, zone))
                found[row].append((at, 3 * row + place, f"<event>\n{shared}{own}</event>\n"))
    return found


def _tag(kind: str, key: str, value: str) -> str:
    """An attribute; none where its value is blank."""
    if not value:
        return ""
    text = "".join(c for c in value if c >= " " or c in "\t\n\r")  # XML has no way to write other control characters
    return f'<{kind} key="{_quoted(key)}" value="{_quoted(text)}"/>\n'


def _quoted(text: str) -> str:
    return escape(text, {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"})

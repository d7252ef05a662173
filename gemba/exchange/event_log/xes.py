"""Event logs from XES files (IEEE Std 1849), plain or compressed with gzip; read trace by trace, so that files larger
than the memory's share of them can be read."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from gemba.exchange.event_log.columns import LogColumns
from gemba.exchange.event_log.reading import LogReading, Window
from gemba.exchange.event_log.sift import Columns, Sifting, sift
from gemba.operation import Fault, OperationError

MOST_EVENTS = 20_000_000
_DEEPEST = 20
#: The keys of the standard extensions: concept, lifecycle, organizational, time.
KEYS = {
    "case": "concept:name", "activity": "concept:name", "end": "time:timestamp", "resource": "org:resource",
    "group": "org:group", "transition": "lifecycle:transition", "instance": "concept:instance",
}  # fmt: skip


def read_xes(
    path: str | Path,
    *,
    texts: Sequence[str] = (),
    numbers: Sequence[str] = (),
    zone: str = "",
    low: datetime | None = None,
    high: datetime | None = None,
    fold: bool = True,
) -> LogReading:
    """The event log of an XES file (.xes or .xes.gz).

    Args:
        texts, numbers: keys of further attributes to keep: of the event, or else of its trace. A nested attribute is
            named with those around it: ``outer/inner``.
        zone: the zone of moments without an offset; blank is UTC.
        low, high, fold: as for ``read_csv_log``.

    Attributes that the log declares as global have their declared value where an event or trace lacks them, except
    the standard ones: a name, a moment or a resource is never made up from a default.

    A fault's row is the number of the event in the file, the first is 1.

    Raises:
        OperationError: where the file is no XES, is damaged or declares entities.
    """
    file = Path(path)
    gatherer = _Gatherer(file.name, dict.fromkeys((*texts, *numbers)))
    with _opened(file) as stream:
        for element in _elements(file, stream):
            gatherer.take(element)
    columns = LogColumns(
        case="case", activity="activity", end="end", transition="transition" if gatherer.lifecycle else "",
        texts=tuple(texts), numbers=tuple(numbers),
    )  # fmt: skip
    return sift(gatherer.columns(), Sifting(columns, Window.between(low, high), zone, "", fold))


def _refused(file: Path, allowed: str) -> OperationError:
    return OperationError([Fault("events", "", "file", None, allowed, source=file.name)])


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    try:
        with file.open("rb") as plain:
            packed = plain.read(2) == b"\x1f\x8b"
        with gzip.open(file) if packed else file.open("rb") as stream:
            yield stream  # type: ignore[misc]
    except DefusedXmlException:
        allowed = "free of document type and entity declarations: remove the <!DOCTYPE ...> part"
        raise _refused(file, allowed) from None
    except ParseError as error:
        raise _refused(file, f"well-formed XML ({error})") from None
    except (OSError, EOFError, zlib.error) as error:
        raise _refused(file, f"a file that can be read ({error})") from None


def _elements(file: Path, stream: IO[bytes]) -> Iterator[Element]:
    """The log's own children, whole, each forgotten once it was given."""
    depth, root = 0, None
    for happening, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        if happening == "start":
            depth += 1
            if root is None:
                root = element
                if _local(root) != "log":
                    raise _refused(file, f"an XES log, whose outermost element is <log>; this one is <{_local(root)}>")
            elif depth > _DEEPEST:
                raise _refused(file, f"nested at most {_DEEPEST} deep")
            continue
        depth -= 1
        if depth == 1 and root is not None:
            yield element
            root.clear()


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


@dataclass(slots=True)
class _Gatherer:
    """Collects the texts of all events."""

    source: str
    extra: dict[str, None]
    event_defaults: dict[str, str] = field(default_factory=dict)
    trace_defaults: dict[str, str] = field(default_factory=dict)
    rows: list[list[str]] = field(default_factory=list)
    lifecycle: bool = False

    def take(self, element: Element) -> None:
        tag = _local(element)
        if tag == "trace":
            self._trace(element)
        elif tag == "global":
            scope = element.get("scope", "event")
            defaults = self.trace_defaults if scope == "trace" else self.event_defaults
            defaults.update({k: v for k, v in self._attributes(element).items() if k in self.extra})
        elif tag == "event":  # an event outside of any trace: it has no case
            self._event(self._attributes(element), {})

    def _trace(self, trace: Element) -> None:
        own = {**self.trace_defaults, **self._attributes(trace)}
        for child in trace:
            if _local(child) == "event":
                self._event(self._attributes(child), own)

    def _event(self, event: dict[str, str], trace: dict[str, str]) -> None:
        get = event.get
        row = [trace.get(KEYS["case"], "")]
        row += [get(key, "") for name, key in KEYS.items() if name != "case"]
        row += [get(key) or trace.get(key) or self.event_defaults.get(key, "") for key in self.extra]
        self.lifecycle = self.lifecycle or bool(row[5])
        self.rows.append(row)
        if len(self.rows) > MOST_EVENTS:
            raise _refused(Path(self.source), f"a log of at most {MOST_EVENTS} events")

    def _attributes(self, element: Element) -> dict[str, str]:
        """The values of an element's attributes by key; nested ones only where they are asked for."""
        found: dict[str, str] = {}
        for child in element:
            key = child.get("key")
            if key is not None:
                found[key] = child.get("value", "")
                if len(child) and self.extra:
                    _nested(child, key, self.extra, found)
        return found

    def columns(self) -> Columns:
        names = [*KEYS, *self.extra]
        texts = list(zip(*self.rows, strict=True)) if self.rows else [()] * len(names)
        return Columns(self.source, dict(zip(names, texts, strict=True)), range(1, len(self.rows) + 1))


def _nested(element: Element, path: str, wanted: dict[str, None], found: dict[str, str]) -> None:
    for child in element:
        key = child.get("key")
        here = path if key is None else f"{path}/{key}"  # <values> of a list has no key of its own
        if key is not None and here in wanted:
            found.setdefault(here, child.get("value", ""))
        _nested(child, here, wanted, found)

"""Bring the files of facts up to date: what was recorded since the last time is pulled, summed and added as new parts."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import OperationalError

from gemba.app.analytics.files import Folder, Manifest
from gemba.measure.kpi import Slices
from gemba.measure.kpi import catalogue as known
from gemba.operation import Operation

LAYOUT = 2  # of the files; another one is built anew
PULLED = ("released_orders", "released_tasks", "events", "movements", "measurements", "deliveries")

log = logging.getLogger(__name__)


def is_available() -> bool:
    """Whether the extra ``analytics`` is installed."""
    return all(importlib.util.find_spec(name) for name in ("duckdb", "pyarrow"))


def refresh(operation: Operation) -> Manifest:
    """Add what was recorded since the last refresh; several processes may call it, one works, the others wait.

    Returns the manifest that counts from now on. Where the database's writers take too long, the former one.
    """
    from gemba.app.analytics import build
    from gemba.app.analytics.pull import still_there, tops

    folder, name = Folder(operation.name), operation.name
    with folder.lock():
        manifest = folder.manifest()
        try:
            last = tops(PULLED)
        except OperationalError:
            log.warning("facts of %s not refreshed: writers are under way", name)
            return manifest
        slices = Slices(operation)
        definition, small = _definition(operation, slices), _small(operation)
        gone = any(not still_there(name, table, row) for table, row in manifest.first.items())
        if manifest.definition != definition or gone:
            manifest = Manifest(definition=definition)
        if all(manifest.rows.get(t) == last[t] for t in PULLED) and manifest.small == small:
            return manifest
        new = build.build(operation, slices, folder, manifest, last, small)
        folder.keep(new)
        folder.sweep(new)
        return new


def _definition(operation: Operation, slices: Slices) -> str:
    """What the large parts depend on: when it changes they are built anew."""
    shifts = [(s.name, s.place, s.start.isoformat(), s.end.isoformat()) for s in operation.shifts]
    yields = [(s.process, s.name, s.yield_rate) for s in operation.steps if s.yield_rate < 1]
    groups = sorted(slices.groups.items()) if shifts else []
    catalogue = Path(known.__file__).with_name("catalogue.toml").read_text(encoding="utf-8")
    return _digest([LAYOUT, operation.settings.zone, shifts, groups, yields, catalogue])


def _small(operation: Operation) -> str:
    """What the small parts (inspections, meters) depend on besides."""
    resources = [(r.name, r.place) for r in operation.resources]
    defectives = [c.name for c in operation.characteristics if c.kind == "defectives"]
    meters = [(m.name, m.resource, m.place, m.kind, m.unit, m.media, m.cost, m.emissions) for m in operation.meters]
    return _digest([resources, defectives, meters])


def _digest(things: Any) -> str:
    return hashlib.sha256(json.dumps(things).encode()).hexdigest()


def years(low: float, high: float) -> Iterator[int]:
    """Calendar years that may hold moments from low to high, in any zone."""
    first, last = (datetime.fromtimestamp(x, UTC).year for x in (low - 86400, high + 86400))
    yield from range(first, last + 1)

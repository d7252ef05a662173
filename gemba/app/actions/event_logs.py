"""Uploading an event log to look at. It is the uploader's alone, changes nothing of an operation, and expires."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from gemba.app.actions.refused import RefusedError
from gemba.app.actions.uploads import laid_out, safe_name
from gemba.app.security.permission import require
from gemba.app.store.models import UploadedLog

#: Logs are thrown away after this time; so are a person's older ones beyond this number.
LIFE = timedelta(days=1)
MOST_LOGS = 5
#: Read while the person waits; larger logs are for the library (``docs/howto/mine-an-event-log.md``).
LARGEST, UNPACKED, MOST_ROWS = 8 * 2**20, 64 * 2**20, 300_000
FAULTS_KEPT = 200
ENDINGS = (".csv", ".csv.gz", ".xes", ".xes.gz")


def upload_log(user: Any, files: Sequence[Any], *, zone: str = "") -> UploadedLog:
    """Keep the event log of an uploaded CSV or XES file for its uploader.

    Raises:
        OperationError: where the file cannot be read at all.
        RefusedError: where it is no event log, too large, or no row of it can be used.
    """
    require(user, "see_operations")
    if len(files) != 1:
        raise RefusedError("Choose one file: an event log as CSV or XES, plain or packed with gzip.")
    if files[0].size > LARGEST:
        raise RefusedError(f"The file is larger than {LARGEST // 2**20} MB; pack it with gzip, or cut it.")
    if not safe_name(files[0].name).lower().endswith(ENDINGS):
        raise RefusedError(f"{safe_name(files[0].name)} must end in {', '.join(ENDINGS)}.")
    with laid_out(files) as path:
        _check_unpacked(path)
        content, reading = _read(path, zone)
    with transaction.atomic():
        UploadedLog.objects.filter(created_at__lt=timezone.now() - LIFE).delete()
        log = UploadedLog.objects.create(
            user=user, name=safe_name(files[0].name), created_at=timezone.now(), content=content, reading=reading
        )
        kept = UploadedLog.objects.filter(user=user).order_by("-pk").values_list("pk", flat=True)[:MOST_LOGS]
        UploadedLog.objects.filter(user=user).exclude(pk__in=list(kept)).delete()
    return log


def discard_log(user: Any, number: int) -> None:
    """Throw one's own log away; one that is gone already stays gone."""
    require(user, "see_operations")
    UploadedLog.objects.filter(user=user, pk=number).delete()


def _check_unpacked(path: Path) -> None:
    """Refuse what unpacks to more than is read while a person waits; what is no gzip is the reader's to refuse."""
    if path.suffix.lower() != ".gz":
        return
    size = 0
    try:
        with gzip.open(path) as packed:
            while chunk := packed.read(2**20):
                size += len(chunk)
                if size > UNPACKED:
                    raise RefusedError(f"{path.name} unpacks to more than {UNPACKED // 2**20} MB; cut it.")
    except (OSError, EOFError, zlib.error):
        return


def _read(path: Path, zone: str) -> tuple[bytes, dict[str, Any]]:
    from gemba.exchange.event_log import read_csv_log, read_xes, write_csv_log

    xes = path.name.lower().endswith((".xes", ".xes.gz"))
    found = read_xes(path, zone=zone) if xes else read_csv_log(path, zone=zone)
    if not len(found.log):
        first = f" The first: {found.faults[0]}." if found.faults else ""
        raise RefusedError(f"No row of {path.name} can be used.{first}")
    if len(found.log) > MOST_ROWS:
        raise RefusedError(f"{path.name} has {len(found.log)} rows; at most {MOST_ROWS} are shown here.")
    with tempfile.TemporaryDirectory(prefix="gemba-log-") as folder:
        packed = Path(folder) / "log.csv.gz"
        write_csv_log(found.log, packed)
        content = packed.read_bytes()
    return content, {
        "rows": found.rows, "left_out": found.left_out, "counts": found.counts, "doubt_counts": found.doubt_counts,
        "faults": [str(f) for f in found.faults[:FAULTS_KEPT]], "doubts": [str(f) for f in found.doubts[:FAULTS_KEPT]],
        "folding": asdict(found.folding) if found.folding else None,
    }  # fmt: skip

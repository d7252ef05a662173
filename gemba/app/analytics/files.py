"""The files of an operation's facts: a folder with parts, and a manifest that says which parts count.

A refresh writes new parts and then puts the new manifest in place of the old one, in one step. What dies before that
step leaves parts that no manifest names: they are swept away by the next refresh.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings

#: A part that is not named any more is kept this long for those who still read it (seconds).
GRACE = 300


@dataclass(slots=True)
class Manifest:
    """What the files hold: up to which row of each table, by which definitions, in which parts of each source."""

    definition: str = ""
    small: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    parts: dict[str, list[str]] = field(default_factory=dict)


class Folder:
    """The folder of one operation."""

    def __init__(self, operation: str) -> None:
        name = hashlib.sha256(operation.encode()).hexdigest()[:32]
        self.path = Path(settings.DATA_DIR) / "analytics" / _database() / name

    def manifest(self) -> Manifest:
        """What is there; an empty one where there is nothing (or nothing that can be read)."""
        try:
            return Manifest(**json.loads((self.path / "manifest.json").read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return Manifest()

    def keep(self, manifest: Manifest) -> None:
        """Let this manifest count from now on."""
        new = self.path / f"manifest-{uuid.uuid4().hex}.new"
        with new.open("w", encoding="utf-8") as file:
            json.dump(asdict(manifest), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, self.path / "manifest.json")

    def new_part(self, source: str) -> Path:
        return self.path / f"{source}-{uuid.uuid4().hex}.parquet"

    def files(self, manifest: Manifest, source: str) -> list[str]:
        return [str(self.path / part) for part in manifest.parts.get(source, ())]

    def sweep(self, manifest: Manifest, grace: float = GRACE) -> None:
        """Remove parts that the manifest does not name, and that nobody reads any more."""
        named = {"manifest.json", "lock", *(p for parts in manifest.parts.values() for p in parts)}
        for path in self.path.iterdir():
            if path.name not in named and path.is_file() and time.time() - path.stat().st_mtime > grace:
                path.unlink(missing_ok=True)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One refresh at a time; others wait for it. A process that dies gives the lock back."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.path / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _database() -> str:
    """A folder for each database: the same name in another one is another operation."""
    from django.db import connection

    known = connection.settings_dict
    address = f"{connection.vendor}:{known['HOST']}:{known['PORT']}:{known['NAME']}"
    return hashlib.sha256(address.encode()).hexdigest()[:12]


def forget(operation: str) -> None:
    """Remove an operation's files, when the operation itself is deleted."""
    shutil.rmtree(Folder(operation).path, ignore_errors=True)

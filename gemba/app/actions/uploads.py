"""Uploaded files: laid out in a folder of their own, with safe names, for the readers."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from gemba.app.actions.refused import RefusedError

MOST_FILES = 60
#: An archive may unpack to this many times the size that may be uploaded.
UNPACKED = 4


@contextmanager
def laid_out(files: Sequence[Any]) -> Iterator[Path]:
    """The path to read uploaded files from: the file where it is one, else a folder of all. Gone afterwards.

    Raises:
        RefusedError: where there are none, too many, or too large ones.
    """
    _check(files)
    with tempfile.TemporaryDirectory(prefix="gemba-upload-") as folder:
        at = Path(folder) / "operation"
        at.mkdir()
        paths = [_copy(file, at) for file in files]
        if len(paths) == 1 and paths[0].suffix.lower() == ".zip":
            paths = _unpacked(paths[0], at)
        yield paths[0] if len(paths) == 1 else at


def _check(files: Sequence[Any]) -> None:
    if not files:
        raise RefusedError("Choose a workbook, a set of CSV files, or a frePPLe XML file.")
    if len(files) > MOST_FILES:
        raise RefusedError(f"Choose at most {MOST_FILES} files.")
    if sum(file.size for file in files) > settings.GEMBA_UPLOAD_LIMIT:
        raise RefusedError(f"The files are larger than {settings.GEMBA_UPLOAD_LIMIT // 2**20} MB together.")


def _copy(file: Any, folder: Path) -> Path:
    path = folder / safe_name(file.name)
    if path.exists():
        raise RefusedError(f"Two of the files are called {path.name}.")
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return path


def _unpacked(archive: Path, folder: Path) -> list[Path]:
    """The files in an archive, in place of it; their folders do not count.

    Raises:
        RefusedError: where it cannot be read, or holds more than it may.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            inside = [m for m in packed.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
            if not inside or len(inside) > MOST_FILES:
                raise RefusedError(f"{archive.name} must hold 1 to {MOST_FILES} files; it holds {len(inside)}.")
            if sum(member.file_size for member in inside) > UNPACKED * settings.GEMBA_UPLOAD_LIMIT:
                raise RefusedError(f"{archive.name} unpacks to more than may be uploaded.")
            paths = [_extract(packed, member, folder) for member in inside]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
        raise RefusedError(f"{archive.name} cannot be unpacked: {error}.") from None
    archive.unlink()
    return paths


def _extract(packed: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> Path:
    """One file of an archive; never more of it than the archive declares."""
    path = folder / safe_name(member.filename)
    if path.exists():
        raise RefusedError(f"Two of the files are called {path.name}.")
    with packed.open(member) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    return path


def safe_name(name: str) -> str:
    """A file's name without folders, leading dots and characters that mean something to a file system."""
    last = re.split(r"[\\/]", name)[-1]
    return re.sub(r"[^\w .()+-]", "_", last).strip(" .")[-120:] or "file"

"""What the machine tells the application: where its data is, which database it uses, its secret key."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

#: Run on every new SQLite connection. WAL lets readers go on while one writes; NORMAL loses at most the last
#: commits on a power cut, never the database; memory maps are off because they widen the WAL-reset bug.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
    "PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;"
)


def data_dir() -> Path:
    """The folder of everything that is ours to keep; made, private, where it does not exist yet."""
    folder = Path(os.environ.get("GEMBA_DATA") or "gemba-data").expanduser().resolve()
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / ".gitignore").write_text("*\n")  # passwords and keys: never to be committed by mistake
    return folder


def private_text(path: Path, make: Any) -> str:
    """The text of a file only its owner may read; where there is none yet, what ``make()`` says is kept in it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        made = str(make())
        file.write(made + "\n")
    return made


def secret_key(folder: Path) -> str:
    """The key that signs sessions: given in GEMBA_SECRET_KEY, else made once and kept in the data folder."""
    return os.environ.get("GEMBA_SECRET_KEY") or private_text(folder / "secret-key", lambda: secrets.token_urlsafe(50))


def hosts() -> list[str]:
    """The names this server answers to (GEMBA_HOSTS, separated by commas); this machine alone unless said."""
    return [h.strip() for h in os.environ.get("GEMBA_HOSTS", "").split(",") if h.strip()] or list(LOOPBACK)


def flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in ("1", "true", "yes", "on")


def database(url: str, folder: Path) -> dict[str, Any]:
    """Django's database settings from an address such as postgresql://user:word@host:5432/name?sslmode=require."""
    if not url:
        return _sqlite(str(folder / "gemba.sqlite3"))
    parts = urlsplit(url)
    if parts.scheme in ("sqlite", "sqlite3"):
        return _sqlite(unquote(parts.path[1:]))
    if parts.scheme in ("postgres", "postgresql"):
        return _postgresql(parts)
    raise ValueError(f"DATABASE_URL must start with postgresql:// or sqlite://, not {parts.scheme or 'nothing'}://")


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS},
        # A file, not memory: the tests' workers are processes of their own.
        "CONN_MAX_AGE": 60,
        "TEST": {"NAME": path.removesuffix(".sqlite3") + "-test.sqlite3"},
    }


def _postgresql(parts: Any) -> dict[str, Any]:
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or options.pop("host", ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }

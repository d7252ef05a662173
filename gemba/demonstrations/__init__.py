"""Four small operations to try Gemba with: a factory, a clinic, a loan desk and a month-end close.

Each is a folder of CSV files next to this module, in the format that ``gemba.read`` takes, with a README that
tells its story.
"""

from __future__ import annotations

from pathlib import Path

from gemba.exchange import read
from gemba.operation import Operation

_FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The names of the demonstrations, in the order to look at them."""
    return ["factory", "clinic", "bank", "close"]


def folder(name: str) -> Path:
    """Where the files of a demonstration are.

    Raises:
        KeyError: with the names there are, where none is called so.
    """
    if name not in names():
        raise KeyError(f"no demonstration is called {name!r}; there are: {', '.join(names())}")
    return _FOLDER / name


def load(name: str) -> Operation:
    """The operation of a demonstration."""
    return read(folder(name))


def describe(name: str) -> str:
    """The story of a demonstration, in Markdown."""
    return (folder(name) / "README.md").read_text(encoding="utf-8")

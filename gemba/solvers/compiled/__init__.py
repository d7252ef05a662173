"""How kernels are compiled: to a cache on disk, without holding the interpreter's lock; and kernels that all engines share.

Numba's cache looks at the one file that a kernel is in, while a kernel holds those of other files that it calls. So the
stamp that tells whether a cached kernel is up to date is made from all files of its folder and of this one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numba

_HERE = Path(__file__).parent


@cache
def _stamp(folder: Path) -> str:
    found = sha256(numba.__version__.encode())
    for path in sorted({*folder.glob("*.py"), *_HERE.glob("*.py")}):
        found.update(path.read_bytes())
    return found.hexdigest()


def _compiled(function: Callable[..., Any], *, counting: bool) -> Any:
    options: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": counting}
    compiled: Any = numba.njit(**options)(function)
    with suppress(AttributeError):  # another Numba may keep its stamp elsewhere: then its own rule holds
        compiled._cache._cache_file._source_stamp = _stamp(Path(function.__code__.co_filename).parent)
    return compiled


def kernel(function: Callable[..., Any]) -> Any:
    """The function compiled at its first call, or loaded from the cache. It makes no arrays, but writes to those it is given.

    So it need not count who holds an array: counting costs short calls a third of their time. A kernel calls only kernels of
    its own folder and of this one.
    """
    return _compiled(function, counting=False)


def making_kernel(function: Callable[..., Any]) -> Any:
    """A kernel that makes arrays, also passing ones (a copy, ``a + b``), or is handed them by another one.

    Arrays it returns are for other such kernels.
    """
    return _compiled(function, counting=True)


@kernel
def copy_line(to, source):  # type: ignore[no-untyped-def]
    """Write one line of numbers to the beginning of another."""
    for at in range(len(source)):
        to[at] = source[at]


@kernel
def copy_lines(to, source):  # type: ignore[no-untyped-def]
    """Write a table of numbers over another of the same width."""
    for row in range(len(source)):
        copy_line(to[row], source[row])

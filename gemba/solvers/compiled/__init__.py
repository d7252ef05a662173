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


def kernel(function: Callable[..., Any], **options: Any) -> Any:
    """The function compiled at its first call, or loaded from the cache.

    Kernels that Python calls write to arrays they are given; arrays they make and return are for other kernels. A kernel
    calls only kernels of its own folder and of this one.
    """
    compiled: Any = numba.njit(cache=True, nogil=True, **options)(function)
    with suppress(AttributeError):  # another Numba may keep its stamp elsewhere: then its own rule holds
        compiled._cache._cache_file._source_stamp = _stamp(Path(function.__code__.co_filename).parent)
    return compiled


def lean_kernel(function: Callable[..., Any]) -> Any:
    """A kernel that makes no arrays, not even passing ones, and so need not count who holds those it is given.

    Counting costs many short calls with arrays a quarter of their time and more.
    """
    return kernel(function, _nrt=False)

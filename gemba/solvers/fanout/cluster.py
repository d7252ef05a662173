"""Executors past this machine: Dask and Ray, each an extra of its own that is imported only when it is asked for.

Workers need the same version of this package as the caller. Both replace workers that die and do their tasks again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, InvalidStateError
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any


@contextmanager
def dask_executor(address: str | None = None, **options: Any) -> Iterator[Executor]:
    """The workers of a Dask scheduler (extra ``dask``).

    Args:
        address: of the scheduler, such as ``tcp://planning:8786``; None starts processes on this machine.
        options: further arguments of ``distributed.Client``.
    """
    with import_module("distributed").Client(address, **options) as client:
        yield client.get_executor(pure=False)


@contextmanager
def ray_executor(address: str | None = None, **options: Any) -> Iterator[Executor]:
    """The workers of a Ray cluster (extra ``ray``).

    Args:
        address: of the cluster, such as ``auto`` or ``ray://planning:10001``; None starts processes on this machine.
        options: further arguments of ``ray.init``.
    """
    ray = import_module("ray")
    ray.init(address=address, **options)
    try:
        yield _RayExecutor(ray)
    finally:
        ray.shutdown()


class _RayExecutor(Executor):
    """Ray's remote functions behind the interface of ``concurrent.futures``."""

    def __init__(self, ray: Any) -> None:
        self._ray = ray
        self._remote: dict[Callable[..., Any], Any] = {}

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        if function not in self._remote:
            self._remote[function] = self._ray.remote(function)
        reference = self._remote[function].remote(*args, **kwargs)
        future: Future[Any] = Future()
        future.add_done_callback(lambda done: self._ray.cancel(reference, force=True) if done.cancelled() else None)
        reference.future().add_done_callback(lambda ended: _copy(ended, future))
        return future


def _copy(ended: Future[Any], future: Future[Any]) -> None:
    """What the function gave or raised; Ray wraps the latter in an error of its own."""
    with suppress(InvalidStateError):  # cancelled meanwhile
        error = ended.exception()
        if error is None:
            future.set_result(ended.result())
        else:
            future.set_exception(getattr(error, "cause", None) or error)

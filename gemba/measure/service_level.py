"""Service levels: how many were served, how soon, and how many gave up or were late."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who came to be served. Times in seconds; ``service`` only of those who were served."""

    wait: float
    served: bool
    service: float = 0.0


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """With S served, A given up before (abandoned), W of S served after a wait of at most the limit:

    - ``level`` = W / (S + A): the share of all that came who were served in time (the strict form of the telephone
      service factor, TSF: whoever gives up counts against it; Gans, Koole and Mandelbaum 2003, section 2.3);
    - ``level_of_served`` = W / S;
    - ``level_without_short`` = W / (S + A - a), a of A having given up within the limit: they did not give us the time;
    - ``abandonment`` = A / (S + A);
    - ``mean_wait`` (average speed of answer, ASA) and ``mean_service`` (average handling time, AHT) of the served.

    Shares and means are None where their divisor is 0.
    """

    limit: float
    offered: int
    served: int
    abandoned: int
    within: int
    level: float | None
    level_of_served: float | None
    level_without_short: float | None
    abandonment: float | None
    mean_wait: float | None
    mean_service: float | None


def service_level(contacts: Iterable[Contact], limit: float) -> ServiceLevel:
    """The service level for a limit in seconds: 'so many percent within twenty seconds'."""
    found = list(contacts)
    served = [c for c in found if c.served]
    within = sum(c.wait <= limit for c in served)
    offered, many = len(found), len(served)
    short = sum(not c.served and c.wait <= limit for c in found)
    return ServiceLevel(
        limit, offered, many, offered - many, within, _share(within, offered), _share(within, many),
        _share(within, offered - short), _share(offered - many, offered), _share(sum(c.wait for c in served), many),
        _share(sum(c.service for c in served), many),
    )  # fmt: skip


def service_levels(contacts: Iterable[tuple[Key, Contact]], limit: float) -> dict[Key, ServiceLevel]:
    """The same by any key (kind of call, hour, queue), in the order in which keys first come."""
    by: dict[Key, list[Contact]] = {}
    for key, contact in contacts:
        by.setdefault(key, []).append(contact)
    return {key: service_level(found, limit) for key, found in by.items()}


@dataclass(frozen=True, slots=True)
class DueDates:
    """Kept promises: of ``closed`` with a due date, ``in_time`` were done at or before it; share = in_time / closed."""

    open: int
    closed: int
    in_time: int
    late: int
    share: float | None
    mean_late: float | None  # seconds, of those that are late


def due_dates(done: Sequence[int | None], due: Sequence[int | None]) -> DueDates:
    """How many kept their due date. Moments in seconds; ``done`` None is still open; without a due date none counts.

    Raises:
        ValueError: where the two differ in length.
    """
    pairs = [(end, limit) for end, limit in zip(done, due, strict=True) if limit is not None]
    lateness = [end - limit for end, limit in pairs if end is not None]
    late = [seconds for seconds in lateness if seconds > 0]
    closed = len(lateness)
    in_time = closed - len(late)
    return DueDates(
        len(pairs) - closed, closed, in_time, len(late), _share(in_time, closed), _share(sum(late), len(late))
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None

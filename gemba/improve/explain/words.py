"""An explanation in one line."""

from __future__ import annotations

from collections.abc import Iterable

from gemba.operation import Part

#: Of the causes so many are named in the line, and so many orders or demands that were waited for.
MOST_CAUSES, MOST_BEHIND = 3, 3


def lasting(seconds: int) -> str:
    """A length of time as a person says it: 1.9 d, 3.5 h, 12 min, 40 s."""
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds} s"


def summary(parts: Iterable[Part]) -> str:
    """The causes that took longest, each with its time."""
    groups: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        groups.setdefault((part.cause, part.subject), []).append(part)
    longest = sorted(groups.values(), key=lambda g: -sum(p.seconds for p in g))
    return "; ".join(_cause(group) for group in longest[:MOST_CAUSES])


def _cause(group: list[Part]) -> str:
    part = group[0]
    time, subject = lasting(sum(p.seconds for p in group)), part.subject
    words = {
        "resource": f"queue at {subject}{_behind(group, ' behind ')}",
        "material": f"waiting for {subject}{_behind(group, ' (', ')')}",
        "other": "held back" + (f" before {subject}" if subject else f" before {part.step}" if part.step else ""),
        "setup": f"set-up of {subject or part.step}",
        "closed": f"closed ({subject or part.step})",
        "queue": f"queue time before {subject}",
        "move": f"move time after {subject}",
        "release": f"not to be started before ({subject})",
        "lead_time": f"lead time of {subject}",
        "work": f"work on {subject or part.step or part.order}",
    }
    return f"{time} {words.get(part.cause, part.cause)}"


def _behind(group: list[Part], before: str, after: str = "") -> str:
    names = list(dict.fromkeys(n for p in sorted(group, key=lambda p: p.start) for n in p.behind))
    if not names:
        return ""
    more = f" and {len(names) - MOST_BEHIND} more" if len(names) > MOST_BEHIND else ""
    return f"{before}{', '.join(names[-MOST_BEHIND:])}{more}{after}"

"""Small logs that the tests of process mining share, and strategies for random ones."""

from __future__ import annotations

from hypothesis import strategies as st

from gemba.measure.mining import EventLog, event_log

HOUR = 3600


def traces(*cases: str) -> EventLog:
    """Cases as words: each letter is an activity, completed an hour after the one before."""
    rows = [(f"c{i}", a, HOUR * k) for i, word in enumerate(cases) for k, a in enumerate(word)]
    return event_log([c for c, _, _ in rows], [a for _, a, _ in rows], [t for _, _, t in rows])


def loans() -> EventLog:
    """Two applications: (case, activity, queued, start, end, resource, group) in hours, worked out by hand.

    one: Check 0-2 by Ann, Price 5-6 by Bob (queued at 2), Check again 6-7 by Ann, Sign at 10 (end alone)
    two: Check 1-4 by Ann, Price 3-5 by Bob (overlaps), Sign at 5 by Bob
    """
    rows = [
        ("two", "Check", None, 1, 4, "Ann", "Desk"),
        ("two", "Price", None, 3, 5, "Bob", "Risk"),
        ("one", "Sign", None, None, 10, "", ""),
        ("one", "Check", None, 0, 2, "Ann", "Desk"),
        ("two", "Sign", None, None, 5, "Bob", "Risk"),
        ("one", "Price", 2, 5, 6, "Bob", "Risk"),
        ("one", "Check", None, 6, 7, "Ann", "Desk"),
    ]
    case, activity, *moments, resource, group = zip(*rows, strict=True)
    queued, start, end = ([None if m is None else m * HOUR for m in column] for column in moments)
    return event_log(case, activity, end, start=start, queued=queued, resource=resource, group=group)


@st.composite
def logs(draw: st.DrawFn, starts: bool = True) -> EventLog:
    """Logs of up to 12 cases of up to 8 rows of five activities, with equal moments, overlaps and blanks."""
    rows = []
    for case in range(draw(st.integers(1, 12))):
        for _ in range(draw(st.integers(1, 8))):
            end = draw(st.integers(0, 50))
            start = draw(st.none() | st.integers(0, end)) if starts else None
            rows.append((f"c{case}", draw(st.sampled_from("ABCDE")), start, end, draw(st.sampled_from(["", "x", "y"]))))
    case, activity, start, end, resource = zip(*draw(st.permutations(rows)), strict=True)
    return event_log(case, activity, end, start=start, resource=resource)

"""Free capacity over time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gemba.decide.supply.timeline import Timeline
from gemba.operation.worktime import Profile

Spans = list[tuple[int, int, int]]
spans = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10), st.integers(1, 2)), max_size=8)


def loaded(taken: Spans) -> Timeline:
    line = Timeline(Profile([0], [3.0]))
    for start, length, units in taken:
        line.take(start, start + length, units)
    return line


def free(taken: Spans, moment: int) -> int:
    return 3 - sum(u for s, n, u in taken if s <= moment < s + n)


@given(spans, st.integers(0, 50), st.integers(1, 12), st.integers(1, 3))
def test_a_clash_is_found_where_some_moment_has_too_little_free(
    taken: Spans, start: int, length: int, units: int
) -> None:
    full = [m for m in range(start, start + length) if free(taken, m) < units]
    clash = loaded(taken).clash(start, start + length, units)
    assert (clash != 0) == bool(full)
    if full:
        assert free(taken, clash) >= units
        assert all(free(taken, m) < units for m in range(full[0], clash))


@given(spans, st.integers(0, 50), st.integers(1, 12), st.integers(1, 3))
def test_looking_back_finds_where_the_last_clash_begins(taken: Spans, start: int, length: int, units: int) -> None:
    full = [m for m in range(start, start + length) if free(taken, m) < units]
    line = loaded(taken)
    clash = line.clash_back(start + 100, start + 100 + length, units)
    assert clash == 0
    if full and line.clash_back(start, start + length, units) != 0:
        begins = line.clash_back(start, start + length, units)
        assert all(free(taken, m) < units for m in range(max(begins, 0), full[-1] + 1))


@given(spans)
def test_what_is_given_back_leaves_nothing_behind(taken: Spans) -> None:
    line = loaded(taken)
    for start, length, units in reversed(taken):
        line.take(start, start + length, -units)
    assert line.free == [3.0]
    assert len(line.times) == 1

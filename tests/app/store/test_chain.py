"""A digest means the same whatever database the row went through."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.app.store.chain import START, canonical, digest, digest_rows, moment, plain

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def through_jsonb(value: Any) -> Any:
    """What PostgreSQL makes of a value: it keeps numbers as decimals, and writes them without an exponent."""
    if isinstance(value, dict):
        return {k: through_jsonb(value[k]) for k in sorted(value, key=lambda k: (len(k), k))}
    if isinstance(value, list):
        return [through_jsonb(v) for v in value]
    if isinstance(value, float):
        return json.loads(f"{Decimal(repr(value)):f}")
    return value


def test_a_digest_is_that_of_the_documented_text() -> None:
    row = [7, datetime(2026, 11, 30, 6, tzinfo=UTC), 3, "ann", "publish plan", "Plant", None, {"plan": 12, "cost": 0.5}]
    text = (
        f'["gemba audit 1","{START}",7,"2026-11-30T06:00:00.000000Z",3,"ann","publish plan","Plant",null,'
        '{"cost":0.5,"plan":12}]'
    )
    assert digest(START, row) == hashlib.sha256(text.encode()).hexdigest()


@given(JSON)
def test_what_a_database_gives_back_has_the_same_text(value: Any) -> None:
    kept = plain(value)
    assert canonical(json.loads(json.dumps(kept))) == canonical(value)
    assert canonical(through_jsonb(kept)) == canonical(value)


def test_a_moment_is_the_same_in_every_zone() -> None:
    at = datetime(2026, 11, 30, 6, 0, 0, 1, tzinfo=UTC)
    assert moment(at) == moment(at.astimezone(timezone(timedelta(hours=9)))) == "2026-11-30T06:00:00.000001Z"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (1e20, "100000000000000000000"),
        (1e-7, "1e-07"),
        (float("inf"), '"inf"'),
        (Decimal("14.100000"), '"14.1"'),
        (date(2026, 11, 30), '"2026-11-30"'),
        ({"b", "a"}, '["a","b"]'),
        ((1, True), "[1,true]"),
        ("a\x00b", '"a\\ufffdb"'),
    ],
)
def test_values_that_json_lacks_have_one_text(value: Any, text: str) -> None:
    assert canonical(value) == text


def test_rows_have_one_digest_that_depends_on_each_their_order_and_what_was_before() -> None:
    rows = [{"row": 1, "quantity": Decimal("0.1")}, {"row": 2, "quantity": Decimal(3)}]
    found, count = digest_rows(START, rows)
    assert count == 2
    others = [digest_rows(START, rows[::-1]), digest_rows(START, rows[:1]), digest_rows("f" * 64, rows)]
    assert found not in [other for other, _ in others]
    text = f'["gemba events 1","{START}"]\n' + '{"quantity":"0.1","row":1}\n{"quantity":"3","row":2}\n'
    assert found == hashlib.sha256(text.encode()).hexdigest()


def test_no_rows_leave_the_digest_as_it_was() -> None:
    assert digest_rows("f" * 64, []) == ("f" * 64, 0)

"""Concerns go through the states of their table, say what must be said, and end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.execute.concerns import (
    DISPOSITIONS,
    KINDS,
    WITHDRAWN,
    Standing,
    faults,
    fold,
    fold_all,
    kind_of,
    missing,
    next_number,
    next_steps,
    refusal,
    transition,
)
from gemba.execute.concerns.rules import GIVEN, RULES
from gemba.operation.records import CONCERN_KINDS, Concern, ConcernChange

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)


def concern(kind: str, **given: Any) -> Concern:
    return Concern(uid="c", at=AT, concern=f"{KINDS[kind].prefix}-1", kind=kind, **given)


def change(state: str, number: str = "", hours: float = 1, **given: Any) -> ConcernChange:
    at = AT + timedelta(hours=hours)
    return ConcernChange(uid=f"{state}{hours}", at=at, concern=number or "x", state=state, **given)


def after(raised: Concern, *changes: ConcernChange) -> Standing:
    return fold(raised, changes)


def test_every_kind_of_concern_has_a_table() -> None:
    assert set(KINDS) == set(CONCERN_KINDS)
    assert len({kind.prefix for kind in KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_no_state_is_a_dead_end_and_every_state_is_reached(name: str) -> None:
    kind = KINDS[name]
    reached, open_ = {kind.first}, [kind.first]
    while open_:
        for row in kind.after(open_.pop()):
            if row.state not in reached:
                reached.add(row.state)
                open_.append(row.state)
    assert reached == set(kind.states)
    ends = set(kind.final)
    for _ in kind.states:  # states from which an end is reached without being withdrawn
        ends |= {t.before for t in kind.table if t.state in ends - {WITHDRAWN}}
    assert ends == set(kind.states)


@pytest.mark.parametrize("name", KINDS)
def test_a_row_asks_only_for_fields_that_a_change_has(name: str) -> None:
    for row in KINDS[name].table:
        assert set(row.needs) | set(row.takes) <= set(GIVEN)
        assert row.rule == "" or row.rule in RULES
        assert row.may


def test_a_nonconformance_is_contained_decided_and_closed() -> None:
    raised = concern("nonconformance", title="Seam", quantity=12)
    now = after(raised, change("contained", note="blocked"), change("disposed", decision="rework", quantity=8, hours=2))
    assert (now.state, now.since) == ("disposed", AT + timedelta(hours=2))
    assert now.decided == {"rework": Decimal(8)}
    assert now.quantity == 12
    rest = after(raised, *now.changes, change("disposed", decision="scrap", quantity=4, cost=30, hours=3))
    assert rest.decided["scrap"] == 4
    assert rest.cost == 30
    assert [t.state for t in next_steps(rest)] == ["closed"]


def test_what_is_decided_on_is_never_more_than_there_is() -> None:
    now = after(concern("nonconformance", quantity=12), change("contained", note="blocked"))
    assert "12 left" in refusal(now, change("disposed", decision="scrap", quantity=13))
    assert refusal(now, change("disposed", decision="scrap", quantity=12)) == ""


def test_a_nonconformance_is_not_closed_while_some_of_it_is_undecided() -> None:
    raised = concern("nonconformance", quantity=12)
    now = after(raised, change("contained", note="x"), change("disposed", decision="scrap", quantity=5))
    assert "7 left" in refusal(now, change("closed"))


def test_a_decision_needs_quantity_and_person() -> None:
    now = after(concern("nonconformance", quantity=12), change("contained", note="x"))
    found = faults(now, change("disposed", decision="melt"))
    assert {f.field for f in found} == {"quantity", "person", "decision"}
    assert not faults(now, change("disposed", decision="scrap", quantity=2, person="anna"))


def test_a_corrective_action_without_effect_is_analysed_again() -> None:
    states = ("analysed", "planned", "done")
    steps = [change(s, note="x", hours=i) for i, s in enumerate(states)]
    bad = after(concern("corrective action"), *steps, change("checked", decision="not effective", hours=9))
    assert [t.state for t in next_steps(bad)] == ["analysed"]
    assert "found not effective" in refusal(bad, change("closed"))
    good = after(concern("corrective action"), *steps, change("checked", decision="effective", hours=9))
    assert [t.state for t in next_steps(good)] == ["closed"]


def test_states_cannot_be_skipped() -> None:
    now = after(concern("incident"))
    assert "What may follow: investigated, withdrawn" in refusal(now, change("closed", note="x"))


def test_an_audit_closes_when_its_findings_have() -> None:
    held = after(concern("audit"), change("held", note="x"))
    finding = after(concern("corrective action", parent="AU-1"))
    assert "CA-1" in refusal(held, change("closed", note="x"), [finding])
    ended = after(concern("corrective action", parent="AU-1"), change("withdrawn", note="x"))
    assert refusal(held, change("closed", note="x"), [ended]) == ""


def test_a_note_leaves_the_state_and_adds_what_was_lost() -> None:
    raised = concern("incident", severity="lost time", owner="safety")
    now = after(raised, change("reported", note="in hospital", lost_days=3), change("reported", lost_days=2, hours=2))
    assert (now.state, now.since, now.lost_days, now.owner) == ("reported", AT, 5, "safety")


def test_an_empty_note_is_refused_and_one_with_a_quantity_too() -> None:
    now = after(concern("incident"))
    assert [f.field for f in faults(now, change("reported"))] == ["note"]
    assert [f.field for f in faults(now, change("reported", note="x", quantity=3))] == ["quantity"]


def test_what_is_wanted_when_a_concern_is_raised() -> None:
    assert [f.field for f in missing(concern("incident"))] == ["title", "severity", "place"]
    assert not missing(concern("call", category="Material missing"))


def test_a_concern_is_overdue_after_its_latest_due_date_while_open() -> None:
    raised = concern("hazard", due=AT + timedelta(days=1))
    later = AT + timedelta(days=2)
    assert after(raised).overdue(later)
    assert not after(raised, change("reported", due=AT + timedelta(days=3))).overdue(later)
    assert not after(raised, change("withdrawn", note="x")).overdue(later)


def test_numbers_go_on_after_the_largest_of_their_kind() -> None:
    assert next_number("nonconformance", []) == "NC-1"
    assert next_number("nonconformance", ["NC-9", "NC-10", "CA-77", "NC-old"]) == "NC-11"
    assert kind_of("CALL-3") == "call"
    assert kind_of("MO-3") == ""


def test_changes_are_folded_into_their_own_concern() -> None:
    one, two = concern("hazard"), concern("near miss")
    found = fold_all([one, two], [change("investigated", "NM-1", note="x"), change("investigated", "HZ-9", note="x")])
    assert [s.state for s in found] == ["reported", "investigated"]


@given(st.sampled_from(sorted(KINDS)), st.lists(st.integers(0, 9), max_size=12))
def test_whatever_is_done_by_the_table_leads_to_states_of_the_table(name: str, choices: list[int]) -> None:
    now = after(concern(name, quantity=Decimal(6)))
    for i, pick in enumerate(choices):
        steps = next_steps(now)
        assert bool(steps) != now.closed, f"{name} is stuck in {now.state}"
        if not steps:
            break
        row = steps[pick % len(steps)]
        decision = row.decisions[pick % len(row.decisions)] if "decision" in row.needs else ""
        left = now.quantity - sum(now.decided.values(), Decimal(0))
        given_: dict[str, Any] = {n: "x" for n in row.needs if n in ("note", "owner", "person", "order")}
        given_ |= {"due": AT} if "due" in row.needs else {}
        given_ |= {"quantity": min(Decimal(1 + pick), left)} if "quantity" in row.needs else {}
        wanted = change(row.state, now.concern.concern, i + 1, decision=decision, **given_)
        assert refusal(now, wanted) == ""
        assert faults(now, wanted) == []
        assert transition(now, row.state) is not None
        now = fold(now.concern, [*now.changes, wanted])
        assert now.state in KINDS[name].states
        assert sum(now.decided.values()) <= now.quantity
    assert set(now.decided) <= set(DISPOSITIONS)


def test_the_reference_page_has_the_tables_of_the_program() -> None:
    from pathlib import Path

    page = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "concerns.md").read_text(encoding="utf-8")
    shown = page.split("## The tables")[1]
    for name, kind in KINDS.items():
        section = shown.split(f"### {name.capitalize()}\n")[1].split("### ")[0]
        rows = [
            tuple(c.strip() for c in line.split("|")[1:-1]) for line in section.splitlines() if line.startswith("|")
        ]
        assert rows[2:] == [
            (t.before, t.state, t.does, ", ".join(t.needs) or "-", " or ".join(t.may), t.rule or "-")
            for t in kind.table
        ]
        assert f"Numbers begin with {kind.prefix}. Raised with {', '.join(kind.needs)}, by" in section

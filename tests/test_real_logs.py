"""Process mining finds what is known of real logs."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import real_logs


def test_a_number_is_close_to_the_digits_that_are_given() -> None:
    assert real_logs.close("mean", 8.62, 8.6174, 2).ok
    assert not real_logs.close("mean", 8.62, 8.6312, 2).ok


@pytest.mark.shared
@pytest.mark.parametrize("title", [
    "A hospital's sepsis patients (event log)", "A municipality's permits (event log)",
    "A machine shop's reports (event log)",
])  # fmt: skip
def test_the_known_facts_of_a_log_hold(shared_data: Path, title: str) -> None:
    facts, _ = real_logs.logs()[title](shared_data / "enterprise")
    assert len(facts) >= 10
    assert [str(fact) for fact in facts if not fact.ok] == []

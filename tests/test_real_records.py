"""Real data as records: the checks find what is known of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import real_records

pytest.importorskip("duckdb")


@pytest.mark.shared
@pytest.mark.slow
def test_the_known_facts_of_a_company_hold_of_its_records(shared_data: Path) -> None:
    facts, _ = real_records.company(shared_data / "enterprise")
    assert len(facts) >= 35
    assert [str(fact) for fact in facts if not fact.ok] == []


@pytest.mark.shared
def test_the_known_facts_of_a_machine_shop_hold_of_its_records(shared_data: Path) -> None:
    facts, _ = real_records.machine_shop(shared_data / "enterprise")
    assert len(facts) >= 12
    assert [str(fact) for fact in facts if not fact.ok] == []

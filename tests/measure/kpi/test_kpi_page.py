"""The reference page is the catalogue's, and lists every KPI of ISO 22400-2."""

from __future__ import annotations

from pathlib import Path

from gemba.measure.kpi.page import page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "kpis.md"
#: The names of ISO 22400-2.
ISO = """
worker efficiency, allocation ratio, throughput rate, allocation efficiency, utilization efficiency, overall equipment
effectiveness, net equipment effectiveness, availability, effectiveness, quality ratio, setup ratio, technical
efficiency, production process ratio, actual to planned scrap ratio, first pass yield, scrap ratio, rework ratio, fall
off ratio, machine capability index, critical machine capability index, process capability index, critical process
capability index, comprehensive energy consumption, inventory turns, finished goods ratio, integrated goods ratio,
production loss ratio, storage and transportation loss ratio, other loss ratio, equipment load rate, mean operating
time between failures, mean time to failure, mean time to repair, corrective maintenance ratio
"""


def test_the_page_is_as_the_catalogue_makes_it() -> None:
    """Else: python -m gemba.measure.kpi.page docs/reference/kpis.md"""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_kpi_of_the_standard_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    names = [" ".join(name.split()) for name in ISO.split(",")]
    assert len(names) == 34
    assert [name for name in names if f"| {name} |" not in text] == []

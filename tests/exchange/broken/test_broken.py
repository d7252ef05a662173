"""Nothing broken gets in, and each message names the thing, the field, the value and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from gemba.exchange import read
from gemba.operation import OperationError
from tests.exchange.broken import cells, files, structure
from tests.exchange.broken.build import Case, folder, good, with_cell, xlsx

CASES = [*cells.CASES, *structure.CASES, *files.CASES]


@pytest.mark.parametrize("broken", CASES, ids=lambda broken: broken.sentence)
def test_a_source_is_refused_with_a_message_that_helps(broken: Case, tmp_path: Path) -> None:
    with pytest.raises(OperationError) as error:
        read(broken.make(tmp_path))
    said = [str(fault) for fault in error.value.faults]
    assert any(all(part in line for part in broken.says) for line in said), "\n".join(said)


@pytest.mark.parametrize("broken", [*cells.CASES, *structure.CASES], ids=lambda broken: broken.sentence)
def test_a_single_fault_gives_few_messages(broken: Case, tmp_path: Path) -> None:
    with pytest.raises(OperationError) as error:
        read(broken.make(tmp_path))
    assert len(error.value.faults) <= 5, str(error.value)


def test_there_are_enough_broken_sources() -> None:
    assert len({c.sentence for c in CASES}) == len(CASES) >= 45


@pytest.mark.parametrize("make", [folder, xlsx])
def test_what_the_broken_sources_are_made_from_is_right(make, tmp_path: Path) -> None:
    assert read(make(good())(tmp_path)).demands[0].quantity == 10


@pytest.mark.parametrize("name", ["NA", "NULL", "None", "nan", "1e5", "007", "true", "-", "1:30", "#N/A", "'quoted'"])
def test_an_item_with_the_name_of_nothing_survives(name: str, tmp_path: Path) -> None:
    tables = with_cell("items", "name", name, row=2)
    tables["step_items"][1][2] = name
    tables["supply_options"][1][1] = name
    operation = read(folder(tables)(tmp_path))
    assert operation.items[1].name == name
    assert operation.step_items[0].item == name


def test_all_faults_are_found_at_once(tmp_path: Path) -> None:
    tables = with_cell("demands", "quantity", "ten")
    tables["items"][1][2] = "1,234"
    tables["steps"][2][3] = "-1 h"
    tables["calendars"][1][1] = "half"
    with pytest.raises(OperationError) as error:
        read(folder(tables)(tmp_path))
    assert {(f.table, f.field, f.line) for f in error.value.faults} == {
        ("calendars", "value", 2), ("items", "cost", 2), ("steps", "time", 3), ("demands", "quantity", 2),
    }  # fmt: skip


def test_a_row_at_fault_does_not_make_its_name_unknown(tmp_path: Path) -> None:
    tables = with_cell("items", "cost", "much")
    with pytest.raises(OperationError) as error:
        read(folder(tables)(tmp_path))
    assert [f.field for f in error.value.faults] == ["cost"]


def test_thousands_of_faults_end_with_one_that_says_so(tmp_path: Path) -> None:
    rows = [["name", "cost"], *([f"I{i}", "much"] for i in range(12_000))]
    with pytest.raises(OperationError) as error:
        read(folder(good(items=rows))(tmp_path))
    assert len(error.value.faults) < 10_100
    assert any("the rest of its rows was not read" in str(f) for f in error.value.faults)

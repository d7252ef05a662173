"""Single sampling plans of ISO 2859-1."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gemba.execute.quality.sampling import LETTERS, SEVERITIES, code_letter, plan, plan_of, tighter
from gemba.execute.quality.sampling_tables import AQLS, LEVELS, TABLES

LOTS = st.integers(1, 1_000_000)
LIMITS = st.sampled_from(AQLS)
LETTER = st.sampled_from(LETTERS[:-1])


@pytest.mark.parametrize(
    ("lot", "letter"),
    [(2, "A"), (8, "A"), (9, "B"), (25, "C"), (50, "D"), (90, "E"), (150, "F"), (280, "G"), (281, "H"), (500, "H"),
     (1200, "J"), (3200, "K"), (10_000, "L"), (35_000, "M"), (150_000, "N"), (500_000, "P"), (500_001, "Q")],
)  # fmt: skip
def test_code_letters_of_level_2(lot: int, letter: str) -> None:
    assert code_letter(lot) == letter


def test_levels_ask_for_smaller_and_larger_samples() -> None:
    assert [code_letter(1000, level) for level in LEVELS] == ["C", "C", "E", "F", "G", "J", "K"]


@pytest.mark.parametrize(
    ("lot", "aql", "severity", "expected"),
    [
        (1000, 1.0, "normal", ("J", 80, 2, 3)),
        (1000, 1.0, "tightened", ("J", 80, 1, 2)),
        (1000, 1.0, "reduced", ("J", 32, 1, 2)),
        (1000, 0.40, "reduced", ("L", 80, 1, 2)),  # two arrows down
        (1000, 0.25, "normal", ("H", 50, 0, 1)),  # arrow up
        (1000, 0.40, "normal", ("K", 125, 1, 2)),  # arrow down
        (1000, 0.065, "normal", ("L", 200, 0, 1)),  # arrows down to the first plan of the column
        (2000, 0.65, "normal", ("K", 125, 2, 3)),  # Montgomery 16.2: lot 2,000, level II, AQL 0.65
        (2000, 0.65, "tightened", ("K", 125, 1, 2)),
        (2000, 0.65, "reduced", ("K", 50, 1, 2)),  # in the book, after MIL-STD-105E, with a gap: Ac 1, Re 3
        (700_000, 0.025, "tightened", ("S", 3150, 1, 2)),  # the only plan of letter S
        (700_000, 0.010, "normal", ("Q", 1250, 0, 1)),
    ],
)
def test_plans_by_lot_and_limit(lot: int, aql: float, severity: str, expected: tuple[str, int, int, int]) -> None:
    found = plan(lot, aql, severity=severity)
    assert (found.letter, found.size, found.accept, found.reject) == expected
    assert not found.complete


def test_a_sample_as_large_as_the_lot_inspects_every_item() -> None:
    found = plan(40, 0.25)  # letter D leads down to H with 50 items
    assert (found.letter, found.size, found.accept, found.complete) == ("H", 40, 0, True)
    assert plan(50, 0.25).complete
    assert not plan(51, 0.25, level="I").complete


def test_a_lot_is_accepted_up_to_ac_and_rejected_from_re() -> None:
    found = plan(1000, 1.0)
    assert [found.accepts(number) for number in range(4)] == [True, True, True, False]


def test_reduced_plans_have_two_fifths_of_the_sample() -> None:
    sizes = [size for size, _ in TABLES["reduced"].values()]
    assert sizes == [2, 2, 2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800]


@pytest.mark.parametrize(
    ("letter", "row"),
    [  # ISO 2859-1:1999, table 2-C, arrows followed: letter and Ac by AQL
        ("A", "Q0 P0 N0 M0 L0 K0 J0 H0 G0 F0 E0 D0 C0 B0 A0 D1 C1 A1 A2 A3 A5 A7 A10 A14 A21 A30"),
        ("B", "Q0 P0 N0 M0 L0 K0 J0 H0 G0 F0 E0 D0 C0 B0 A0 D1 C1 B1 B2 B3 B5 B7 B10 B14 B21 B30"),
        ("C", "Q0 P0 N0 M0 L0 K0 J0 H0 G0 F0 E0 D0 C0 B0 E1 D1 C1 C2 C3 C5 C6 C8 C10 C14 C21 B30"),
        ("E", "Q0 P0 N0 M0 L0 K0 J0 H0 G0 F0 E0 D0 G1 F1 E1 E2 E3 E5 E6 E8 E10 E14 E21 D21 C21 B30"),
        ("K", "Q0 P0 N0 M0 L0 K0 J0 M1 L1 K1 K2 K3 K5 K6 K8 K10 J10 H10 G10 F10 E10 E14 E21 D21 C21 B30"),
        ("P", "Q0 P0 N0 R1 Q1 P1 P2 P3 P5 P6 P8 P10 N10 M10 L10 K10 J10 H10 G10 F10 E10 E14 E21 D21 C21 B30"),
        ("Q", "Q0 P0 N0 R1 Q1 Q2 Q3 Q5 Q6 Q8 Q10 P10 N10 M10 L10 K10 J10 H10 G10 F10 E10 E14 E21 D21 C21 B30"),
        ("R", "Q0 P0 N0 R1 R2 R3 R5 R6 R8 R10 Q10 P10 N10 M10 L10 K10 J10 H10 G10 F10 E10 E14 E21 D21 C21 B30"),
    ],
)
def test_reduced_plans_follow_their_arrows(letter: str, row: str) -> None:
    found = [plan_of(letter, aql, "reduced") for aql in AQLS]
    assert [f"{f.letter}{f.accept}" for f in found] == row.split()


@pytest.mark.shared
def test_all_normal_and_tightened_plans_are_those_of_the_shared_table(shared_data: Path) -> None:
    wrong = []
    with (shared_data / "decisions" / "spc" / "aql_single_plans.csv").open() as file:
        for row in csv.DictReader(file):
            found = plan_of(row["code_letter"], float(row["AQL"]), row["inspection"].lower())
            if (found.size, found.accept, found.reject) != (int(row["n"]), int(row["Ac"]), int(row["Re"])):
                wrong.append(row)
    assert wrong == []


@pytest.mark.shared
def test_all_code_letters_are_those_of_the_shared_table(shared_data: Path) -> None:
    with (shared_data / "decisions" / "spc" / "aql_code_letters.csv").open() as file:
        for row in csv.DictReader(file):
            for lot in row["lot_size"].rstrip("+").split("-"):
                assert {level: code_letter(int(lot), level) for level in LEVELS} == {
                    level: row[level] for level in LEVELS
                }


def test_the_tables_are_whole() -> None:
    for table in TABLES.values():
        assert list(table)[:16] == list(LETTERS[:-1])
        assert {len(cells) for _, cells in table.values()} == {len(AQLS)}


@given(LETTER, LIMITS, st.sampled_from(SEVERITIES))
def test_every_arrow_leads_to_a_plan(letter: str, aql: float, severity: str) -> None:
    found = plan_of(letter, aql, severity)
    assert found.letter == "S" or plan_of(found.letter, aql, severity) == found
    assert 0 <= found.accept < found.reject == found.accept + 1


@given(LETTER, LIMITS)
def test_tightened_inspection_is_stricter_and_reduced_inspects_less(letter: str, aql: float) -> None:
    normal, strict, light = (plan_of(letter, aql, severity) for severity in SEVERITIES)
    assert strict.accept / strict.size <= normal.accept / normal.size
    assert strict.size >= normal.size or strict.accept < normal.accept
    assert light.size <= normal.size


@given(LETTER, LIMITS)
def test_where_ac_is_2_or_more_the_next_tighter_limit_has_the_same_sample(letter: str, aql: float) -> None:
    found, stricter = plan_of(letter, aql), tighter(aql)
    if found.accept >= 2:
        assert stricter is not None
        other = plan_of(found.letter, stricter)
        assert other.letter == found.letter
        assert other.accept < found.accept


@given(LOTS, LIMITS, st.sampled_from(LEVELS), st.sampled_from(SEVERITIES))
def test_a_sample_never_exceeds_its_lot(lot: int, aql: float, level: str, severity: str) -> None:
    found = plan(lot, aql, level, severity)
    assert found.size <= lot
    assert found.complete == (found.size == lot)


def test_what_the_standard_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match=r"aql is 2\.0; it must be one of 0\.01, 0\.015"):
        plan(100, 2.0)
    with pytest.raises(ValueError, match="level is 'IV'; it must be one of S-1"):
        plan(100, 1.0, "IV")
    with pytest.raises(ValueError, match="severity is 'strict'"):
        plan(100, 1.0, severity="strict")
    with pytest.raises(ValueError, match="lot is 0"):
        plan(0, 1.0)
    with pytest.raises(ValueError, match="letter is 'I'"):
        plan_of("I", 1.0)
    with pytest.raises(ValueError, match="nonconforming is -1"):
        plan(100, 1.0).accepts(-1)

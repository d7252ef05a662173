"""Acceptance sampling by attributes: the single sampling plan of a lot (ISO 2859-1)."""

from __future__ import annotations

from dataclasses import dataclass

from gemba.execute.quality.sampling_tables import AQLS, CODE_LETTERS, LEVELS, TABLES

SEVERITIES = tuple(TABLES)
LETTERS = "ABCDEFGHJKLMNPQRS"


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    """Inspect ``size`` items: up to ``accept`` (Ac) nonconforming the lot is accepted, from ``reject`` (Re) on rejected.

    ``letter`` is the code letter whose plan it is after the arrows. ``complete``: the sample would be the lot or more, so
    that every item is inspected; ``size`` is the lot's then.
    """

    letter: str
    size: int
    accept: int
    reject: int
    complete: bool = False

    def accepts(self, nonconforming: int) -> bool:
        """Whether a lot with so many nonconforming (items or nonconformities) in its sample is accepted.

        Raises:
            ValueError: where the number is negative.
        """
        if nonconforming < 0:
            raise ValueError(f"nonconforming is {nonconforming}; it must be at least 0")
        return nonconforming <= self.accept


def code_letter(lot: int, level: str = "II") -> str:
    """The code letter of a lot's size at an inspection level (table 1).

    Raises:
        ValueError: where the lot has no item or the level is not one of LEVELS.
    """
    if lot < 1:
        raise ValueError(f"lot is {lot}; it must be at least 1")
    if level not in LEVELS:
        raise ValueError(f"level is {level!r}; it must be one of {', '.join(LEVELS)}")
    return next(letters for most, letters in CODE_LETTERS if lot <= most)[LEVELS.index(level)]


def plan(lot: int, aql: float, level: str = "II", severity: str = "normal") -> SamplingPlan:
    """The single sampling plan of a lot of so many items.

    Raises:
        ValueError: where the lot, the AQL, the level or the severity is none of the standard's.
    """
    found = plan_of(code_letter(lot, level), aql, severity)
    if found.size < lot:
        return found
    return SamplingPlan(found.letter, lot, found.accept, found.reject, complete=True)


def plan_of(letter: str, aql: float, severity: str = "normal") -> SamplingPlan:
    """The plan of a code letter, after following the arrows (tables 2-A, 2-B, 2-C).

    Raises:
        ValueError: where the letter, the AQL or the severity is none of the standard's.
    """
    if severity not in TABLES:
        raise ValueError(f"severity is {severity!r}; it must be one of {', '.join(SEVERITIES)}")
    if aql not in AQLS:
        raise ValueError(f"aql is {aql}; it must be one of {', '.join(f'{a:g}' for a in AQLS)}")
    if letter not in LETTERS[:-1]:
        raise ValueError(f"letter is {letter!r}; it must be one of {', '.join(LETTERS[:-1])}")
    table, column, at = TABLES[severity], AQLS.index(aql), LETTERS.index(letter)
    while (cell := table[LETTERS[at]][1][column]) in "v^":
        at += 1 if cell == "v" else -1
    return SamplingPlan(LETTERS[at], table[LETTERS[at]][0], int(cell), int(cell) + 1)


def tighter(aql: float) -> float | None:
    """The AQL one step tighter; None for the tightest."""
    at = AQLS.index(aql)
    return AQLS[at - 1] if at else None

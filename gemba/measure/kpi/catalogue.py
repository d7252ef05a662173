"""What there is to measure: elements and KPIs as data (``catalogue.toml``), and those that users add (noun ``Kpi``)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from gemba.measure.kpi.formula import FormulaError, parse, unknown
from gemba.measure.kpi.tree import Node, names
from gemba.operation import Fault, Kpi, OperationError

_FILE = Path(__file__).with_name("catalogue.toml")


@dataclass(frozen=True, slots=True)
class Element:
    """Something that is added up over records, or a formula over such sums.

    A summed element is the sum of ``column / per`` over the rows of its ``source`` (see ``rows``) whose columns have
    one of the values in ``where``. ``spread`` shares an interval out over days and shifts in proportion to time.
    """

    name: str
    meaning: str
    unit: str
    symbol: str = ""  # ISO 22400-2, where it has one
    source: str = ""
    column: str = ""
    per: float = 1.0
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    most: float | None = None  # only rows whose time is at most so many seconds
    spread: bool = False
    planned: bool | None = None  # only with reasons that are planned (or are not)
    rate: bool = False  # times the resource's cost per hour
    formula: str = ""

    @property
    def is_summed(self) -> bool:
        return not self.formula and self.source not in ("calendar", "days")

    @property
    def stored(self) -> str:
        """The column it is kept in; several elements may share one, and differ in reasons or rates."""
        return self.name


@dataclass(frozen=True, slots=True)
class Definition:
    """A KPI: a formula over elements and other KPIs."""

    name: str
    formula: str
    unit: str
    better: str
    source: str
    group: str
    meaning: str = ""
    place: str = ""
    own: bool = False  # defined by a user


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Elements and KPIs by name, with the tree of every formula."""

    elements: Mapping[str, Element]
    kpis: Mapping[str, Definition]
    trees: Mapping[str, Node]

    def needed(self, kpi: str) -> list[str]:
        """Elements that a KPI (or element) is made of, down to those that are summed, each once, in reading order."""
        found: dict[str, None] = {}
        self._need(kpi, found)
        return list(found)

    def _need(self, name: str, found: dict[str, None]) -> None:
        if name in self.elements:
            found[name] = None
        if name in self.trees:
            for n in names(self.trees[name]):
                if n.name not in found:
                    self._need(n.name, found)


@cache
def built_in() -> tuple[dict[str, Element], dict[str, Definition]]:
    """Elements and KPIs of the standards."""
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    elements = {name: _element(name, row) for name, row in data["element"].items()}
    return elements, {name: Definition(name=name, **row) for name, row in data["kpi"].items()}


def _element(name: str, row: dict[str, Any]) -> Element:
    where = {k: tuple(v if isinstance(v, list) else [v]) for k, v in row.pop("where", {}).items()}
    return Element(name=name, where=where, **row)


def catalogue_of(own: Iterable[Kpi] = ()) -> Catalogue:
    """The catalogue with the KPIs that users defined.

    Raises:
        OperationError: with every fault of the users' KPIs: names taken, formulas that cannot be read, circles.
    """
    elements, kpis = built_in()
    all_kpis, faults, trees = dict(kpis), [], {}
    for k in own:
        if k.name in elements or k.name in kpis:
            faults.append(Fault("kpis", k.name, "name", k.name, "a name that no element or KPI of the standards has"))
        else:
            all_kpis[k.name] = Definition(
                k.name, k.formula, k.unit, k.better, "own", "own", k.description, k.place, own=True
            )
    known: dict[str, object] = {**elements, **all_kpis}
    for name, thing in known.items():
        formula = thing.formula if isinstance(thing, Element | Definition) else ""
        if formula:
            try:
                trees[name] = _checked(formula, known)
            except FormulaError as error:
                faults.append(Fault("kpis", name, "formula", formula, f"a formula that can be read: {error}"))
    faults += [_circle(name, trees, all_kpis) for name in sorted(_in_circles(trees))]
    if faults:
        raise OperationError(faults)
    return Catalogue(elements, all_kpis, trees)


def _checked(formula: str, known: Mapping[str, object]) -> Node:
    tree = parse(formula)
    for name in names(tree):
        if name.name not in known:
            raise unknown(name, known)
    return tree


def _circle(name: str, trees: Mapping[str, Node], kpis: Mapping[str, Definition]) -> Fault:
    used = ", ".join(dict.fromkeys(n.name for n in names(trees[name])))
    formula = kpis[name].formula if name in kpis else ""
    return Fault("kpis", name, "formula", formula, f"a formula that does not lead back to itself (it uses {used})")


def _in_circles(trees: Mapping[str, Node]) -> set[str]:
    """Names from which a name leads back to itself: what is left when all that rest on nothing open are taken away."""
    uses = {name: {n.name for n in names(tree)} & trees.keys() for name, tree in trees.items()}
    while done := {name for name, used in uses.items() if not used}:
        uses = {name: used - done for name, used in uses.items() if name not in done}
    return set(uses)
